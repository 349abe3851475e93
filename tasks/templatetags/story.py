"""The story of a task: each event as a sentence of who did what, with its icon."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from tasks.models import Task, TaskEvent

register = template.Library()
A = TaskEvent.Action
S = Task.Status

_ICONS = {
    A.ASSIGN: ("send", "st"),
    A.OPEN: ("envelope-open", "st"),
    A.TAKE: ("circle-half", "st-progress"),
    A.REPORT: ("pencil-square", "st-reported"),
    A.RECALL: ("arrow-90deg-left", "st"),
    A.ACCEPT: ("check-lg", "st-done"),
    A.RETURN: ("arrow-counterclockwise", "st-rework"),
    A.CANCEL: ("x-circle", "st"),
    A.RESTORE: ("arrow-repeat", "st"),
    A.EXTEND: ("calendar-plus", "st-accent"),
    A.CORRECT: ("calendar-event", "st-accent"),
    A.REWORD: ("pencil", "st-accent"),
    A.REMIND: ("bell", "st-accent"),
}
_BY_EXECUTOR = (A.OPEN, A.TAKE, A.REPORT, A.RECALL)


@register.filter
def event_icon(event: TaskEvent) -> str:
    """Return the icon's name."""
    return _ICONS[A(event.action)][0]


@register.filter
def event_css(event: TaskEvent) -> str:
    """Return the icon's class: the colour of the status that was reached."""
    return "st-done" if event.to_status == S.COMPLETED else _ICONS[A(event.action)][1]


@register.filter
def event_sentence(event: TaskEvent) -> str:
    """Say what happened; the subject is the role, whose gender grammar knows, not the person."""
    if event.action == A.REPORT and event.report is not None:
        return _reported(event)
    if event.action == A.ACCEPT and event.to_status == S.NOT_APPLICABLE:
        return _("The controller agreed: the recommendation does not concern the executor.")
    return {
        A.ASSIGN: _("The recommendation was sent to the executor."),
        A.OPEN: _("The executor opened the task."),
        A.TAKE: _("The executor took the task to work."),
        A.RECALL: _("The executor recalled the report."),
        A.ACCEPT: _("The controller accepted the report."),
        A.RETURN: _("The controller returned the report for rework."),
        A.CANCEL: _("The coordinator cancelled the task."),
        A.RESTORE: _("The coordinator restored the task."),
        A.EXTEND: _("The coordinator extended the due date."),
        A.CORRECT: _("The coordinator corrected the due date."),
        A.REWORD: _("The coordinator corrected the text of the recommendation."),
        A.REMIND: _("The controller reminded the executor that the task is overdue."),
    }.get(A(event.action), event.get_action_display())


@register.filter
def event_author(event: TaskEvent) -> str:
    """Say who acted: «Сергеев С. П., Школа № 1»; "" where nobody is recorded."""
    names = [event.actor.get_short_name()] if event.actor else []
    if event.action in _BY_EXECUTOR and event.for_organization:
        names.append(str(event.for_organization))
    return ", ".join(names)


def _reported(event: TaskEvent) -> str:
    """Say what the executor reported, and that this alone has completed the task."""
    outcome = event.report.get_outcome_display().lower() if event.report else ""
    if event.to_status == S.COMPLETED:
        return _("The executor reported: %(outcome)s. The task is completed.") % {
            "outcome": outcome
        }
    return _("The executor reported: %(outcome)s.") % {"outcome": outcome}
