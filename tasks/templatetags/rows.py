"""Rows of tasks: fifty of them are too many for twenty nodes of a template each."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organizations.addresses import addresses
from organizations.templatetags.look import cut, day, filled, icon, typo
from resolutions.models import Resolution
from tasks.models import Task, TaskEvent
from tasks.templatetags.deadlines import dated, deadline, deadline_on
from tasks.templatetags.tallies import report_button, task_status

register = template.Library()

_OWN = """<li class="task {}">
  <div class="when">{}<div class="xs soft num">{}</div></div>
  <div>
    <h3 class="clip"><a class="plain" href="{}">{}{}</a></h3>
    <div class="xs soft mt-1">{}<a class="plain" href="{}#r{}">{}</a></div>
    {}
  </div>
  {}
</li>
"""
_ROW = """<tr>
<td data-label="{}">{}{}</td>
<td><div class="d-flex gap-2 align-items-baseline"><a class="num fw-bold" href="{}">\
<span class="visually-hidden">{} </span>{}</a><a class="plain clip" href="{}">{}</a></div>\
<div class="xs soft">{}</div></td>
{}<td data-label="{}">{}{}</td>
</tr>
"""


@register.simple_tag
def task_row(
    task: Task, css: str, button: str, returned: TaskEvent | None = None, *, draft: bool = False
) -> SafeString:
    """Show a task in its organisation's own list.

    ``css`` is "task-late" …, ``button`` the class of the button that reports ("" for none),
    ``returned`` the event of its return, ``draft`` whether a report is begun.
    """
    recommendation = task.recommendation
    resolution = recommendation.section.resolution
    number = recommendation.printed_number
    return filled(
        _OWN,
        css,
        task_status(task, "st-line") if task.is_finished() else deadline(task),
        dated(task),
        task.get_absolute_url(),
        filled('<span class="num">{}.</span> ', number) if number else "",
        typo(recommendation.text),
        _notes(task, draft=draft, owed=bool(button)),
        resolution.get_absolute_url(),
        recommendation.pk,
        _paper(resolution, 80),
        _returned(returned) if returned else "",
        report_button(task, button) if button else "",
    )


def _notes(task: Task, *, draft: bool, owed: bool) -> SafeString:
    """Draw what stands before the name of the resolution."""
    notes = []
    if draft:
        notes.append(filled("<b>{} {}</b> · ", icon("pencil"), pgettext("report", "draft")))
    if owed and task.status != Task.Status.ASSIGNED:
        notes.append(filled("{} · ", task_status(task, "st-line xs")))
    if asked := task.recommendation.evidence_asked:
        words = _("to attach: %(what)s") % {"what": asked}
        notes.append(filled("{} {} · ", icon("paperclip"), words))
    return SafeString("".join(notes))


def _returned(event: TaskEvent) -> SafeString:
    """Draw why a report was returned, and by whom."""
    who = filled("<b>{}:</b> ", typo(event.actor.get_short_name())) if event.actor else ""
    return filled('<p class="quote">{}{}</p>', who, linebreaksbr(typo(event.reason)))


def _paper(resolution: Resolution, length: int) -> str:
    """Return the title of a resolution, cut, and its day."""
    title = typo(cut(resolution.title, length))
    return f"{title}, {day(resolution.event_date)}" if resolution.event_date else title


@register.simple_tag
def task_rows(
    tasks: Iterable[Task], due: str, what: str, status: str, whose: str = ""
) -> SafeString:
    """Show tasks of several organisations (``Task.objects.for_list()``) as rows of a table.

    The heads of the columns name the cells on a phone; without ``whose`` the executor is left out.
    """
    today = timezone.localdate()
    recommendation_url = addresses("tasks:recommendation_detail")
    task_url = addresses("tasks:task_detail")
    never = _never_opened()
    rows = [
        filled(
            _ROW,
            due,
            deadline_on(task, today),
            _day_under(task),
            recommendation_url(task.recommendation.pk),
            what,
            task.recommendation.printed_number or "•",
            task_url(task.pk),
            typo(cut(task.recommendation.text, 240)),
            _paper(task.recommendation.section.resolution, 90),
            _executor(task, whose) if whose else "",
            status,
            task_status(task),
            never if not task.opened_at and task.is_owed() else "",
        )
        for task in tasks
    ]
    return SafeString("".join(rows))


def _day_under(task: Task) -> SafeString | str:
    if not task.due_on:
        return ""
    return filled('<div class="xs soft num">{}</div>', day(task.due_on))


def _executor(task: Task, label: str) -> SafeString:
    """Draw whose task it is, and in which municipality unless it is that itself."""
    executor, place = task.executor, SafeString("")
    if executor.municipality_id and executor.municipality_id != executor.pk:
        place = filled('<div class="xs soft">{}</div>', typo(executor.municipality))
    return filled('<td class="small" data-label="{}">{}{}</td>\n', label, typo(executor), place)


def _never_opened() -> SafeString:
    words = pgettext("task", "never opened")
    return filled('<div class="xs soft mt-1">{} {}</div>', icon("eye-slash"), words)
