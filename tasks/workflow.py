"""The life cycle of a task: one table, and one function through which every change of status goes.

``perform`` changes the status by one conditional UPDATE and writes one event in the same
transaction. Where somebody was faster the UPDATE finds no row, nothing is written, and ``Stale``
tells the person so. Each act below begins by asking ``tasks.permissions``: no page, command or
administration can do what the person may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.permissions import require
from resolutions.models import Recommendation, Resolution
from tasks.mail import tell_returned
from tasks.models import Report, Task, TaskEvent
from tasks.permissions import (
    FINISHED_STAYS,
    RECOMMENDATION_CANCELLED,
    may_cancel,
    may_recall,
    may_report,
    may_restore,
    may_return,
    may_review,
    may_take,
)

if TYPE_CHECKING:
    from organizations.models import User

S = Task.Status
A = TaskEvent.Action
REWORK_DAYS = 5

# Action -> from which status -> to which. Where there are several, the report decides.
TRANSITIONS: dict[str, dict[str, tuple[str, ...]]] = {
    A.TAKE: {S.ASSIGNED: (S.IN_PROGRESS,), S.REWORK: (S.IN_PROGRESS,)},
    A.REPORT: {
        S.ASSIGNED: (S.IN_PROGRESS, S.REPORTED, S.COMPLETED),
        S.IN_PROGRESS: (S.IN_PROGRESS, S.REPORTED, S.COMPLETED),
        S.REWORK: (S.IN_PROGRESS, S.REPORTED, S.COMPLETED),
    },
    A.RECALL: {
        S.REPORTED: (S.ASSIGNED, S.IN_PROGRESS, S.REWORK),
        S.COMPLETED: (S.ASSIGNED, S.IN_PROGRESS, S.REWORK),
    },
    A.ACCEPT: {S.REPORTED: (S.COMPLETED, S.NOT_APPLICABLE)},
    A.RETURN: {
        S.REPORTED: (S.REWORK,),
        S.COMPLETED: (S.REWORK,),
        S.NOT_APPLICABLE: (S.REWORK,),
    },
    A.CANCEL: {
        S.ASSIGNED: (S.CANCELLED,),
        S.IN_PROGRESS: (S.CANCELLED,),
        S.REPORTED: (S.CANCELLED,),
        S.REWORK: (S.CANCELLED,),
    },
    A.RESTORE: {S.CANCELLED: (S.ASSIGNED,)},
}
# These open a task again, which neither a resolution off control nor a cancelled recommendation
# must have.
_REOPENING = (A.RECALL, A.RETURN, A.RESTORE)


class Stale(Exception):  # noqa: N818  # it is news for a person, not a fault
    """Somebody changed the task in the meantime, or its status does not allow the act."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done with a task: by whom, why, when, and with which report."""

    action: str
    actor: User
    to_status: str
    reason: str = ""
    report: Report | None = None
    at: datetime | None = None


def allows(task: Task, action: str) -> bool:
    """Tell whether the table has a way out of the task's status by this action."""
    return task.status in TRANSITIONS.get(action, {})


def perform(task: Task, act: Act, **changes: Any) -> TaskEvent:
    """Change the task's status by ``act`` and write its event, both or neither.

    ``changes`` are further columns set by the same UPDATE (dates). Raises Stale where the status
    in the database is no longer the one of ``task``, or the table does not allow the step; and
    ValueError where the act needs a reason and has none. A new due day is worked out from the old
    one, so it is set only while that is the one of ``task``: else it would undo an extension.
    """
    _check(task, act)
    due_before = task.due_on
    with transaction.atomic():
        if act.action in _REOPENING:
            _hold_on_control(task, act.action)
        unchanged = Task.objects.filter(pk=task.pk, status=task.status)
        if "due_on" in changes:
            unchanged = unchanged.filter(due_on=due_before)
        if not unchanged.update(status=act.to_status, **changes):
            raise Stale(_("Somebody else changed this task a moment ago. Look at it again."))
        due_after = changes.get("due_on", due_before)
        event = TaskEvent.objects.create(
            task=task,
            action=act.action,
            actor=act.actor,
            for_organization_id=task.executor_id,
            from_status=task.status,
            to_status=act.to_status,
            reason=act.reason.strip(),
            report=act.report,
            due_before=due_before if due_after != due_before else None,
            due_after=due_after if due_after != due_before else None,
            happened_at=act.at or timezone.now(),
        )
    task.status = act.to_status
    for name, value in changes.items():
        setattr(task, name, value)
    return event


def _check(task: Task, act: Act) -> None:
    if act.action in TaskEvent.NEED_REASON and not act.reason.strip():
        raise ValueError(f"{act.action} needs a reason: the organisation reads why.")
    if act.to_status not in TRANSITIONS.get(act.action, {}).get(task.status, ()):
        raise Stale(
            _("This cannot be done with a task that is “%(status)s”.")
            % {"status": task.get_status_display()}
        )


def take(task: Task, actor: User, *, at: datetime | None = None) -> TaskEvent:
    """The executor says that work has begun."""
    require(may_take(actor, task))
    return perform(task, Act(A.TAKE, actor, S.IN_PROGRESS, at=at))


def status_after_report(task: Task, outcome: str) -> str:
    """Return where a report takes a task: partly done is still owed, "not ours" is always decided.

    Done completes the task by the organisation's own word, unless acceptance is required.
    """
    if outcome == Report.Outcome.PARTLY:
        return S.IN_PROGRESS
    if outcome == Report.Outcome.NOT_APPLICABLE or task.recommendation.needs_acceptance:
        return S.REPORTED
    return S.COMPLETED


def report(
    task: Task, actor: User, outcome: str, text: str, *, at: datetime | None = None
) -> TaskEvent:
    """The executor reports; the task's draft, if there is one, becomes the report, with its files.

    The report and the step of the task are one transaction. Raises Stale as ``perform``, and
    IntegrityError for an empty text.
    """
    require(may_report(actor, task))
    moment = at or timezone.now()
    day = timezone.localdate(moment)
    to_status = status_after_report(task, outcome)
    with transaction.atomic():
        written = task.reports.filter(sent_at=None).first() or Report(task=task, created_at=moment)
        written.outcome, written.text, written.sent_at = outcome, text.strip(), moment
        written.author, written.for_organization_id = actor, task.executor_id
        written.save()
        changes: dict[str, Any] = {}
        if to_status in (S.REPORTED, S.COMPLETED):
            changes["reported_on"] = day
        if to_status == S.COMPLETED:
            changes["completed_on"] = day
        act = Act(A.REPORT, actor, to_status, report=written, at=moment)
        return perform(task, act, **changes)


def recall(task: Task, actor: User, *, at: datetime | None = None) -> TaskEvent:
    """The executor takes the last report back; its text and files become a draft again.

    The task returns to the status before the report. A task completed by the organisation's own
    word can be recalled until the end of that day, one accepted by a controller cannot.
    """
    require(may_recall(actor, task))
    moment = at or timezone.now()
    last, report_sent = recallable(task, moment)
    with transaction.atomic():
        act = Act(A.RECALL, actor, last.from_status, report=report_sent, at=moment)
        event = perform(task, act, reported_on=None, completed_on=None)
        report_sent.copy_as_draft(actor)
    return event


def recallable(task: Task, at: datetime) -> tuple[TaskEvent, Report]:
    """Return the report that can still be taken back, and its event; raise Stale with the reason.

    Pages ask this too, to offer what can be done or say why it cannot.
    """
    steps = task.events.filter(action__in=TRANSITIONS).select_related("report")
    last = steps.order_by("-happened_at", "-pk").first()
    if last is None or last.action != A.REPORT or last.report is None:
        raise Stale(_("The report has been reviewed already and cannot be recalled."))
    same_day = timezone.localdate(last.happened_at) == timezone.localdate(at)
    if task.status == S.COMPLETED and not same_day:
        raise Stale(_("A completed task could be recalled until the end of that day only."))
    if task.recommendation.section.resolution.status != Resolution.Status.ON_CONTROL:
        raise Stale(_("The resolution is off control: its tasks are decided."))
    if task.recommendation.cancelled_at is not None:
        raise Stale(str(FINISHED_STAYS))
    return last, last.report


def accept(task: Task, actor: User, *, at: datetime | None = None) -> TaskEvent:
    """A controller accepts the report: the task is completed, or does not concern the executor."""
    require(may_review(actor, task))
    day = timezone.localdate(at or timezone.now())
    last = last_report(task)
    if last is not None and last.outcome == Report.Outcome.NOT_APPLICABLE:
        return perform(task, Act(A.ACCEPT, actor, S.NOT_APPLICABLE, report=last, at=at))
    return perform(task, Act(A.ACCEPT, actor, S.COMPLETED, report=last, at=at), completed_on=day)


def send_back(
    task: Task, actor: User, reason: str, due_on: date | None = None, *, at: datetime | None = None
) -> TaskEvent:
    """A controller returns the task for rework, says why, and by when (``rework_term``).

    The executor is told by a letter, queued in the same transaction.
    """
    require(may_return(actor, task))
    term = due_on or rework_term(task, timezone.localdate(at or timezone.now()))
    act = Act(A.RETURN, actor, S.REWORK, reason=reason, report=last_report(task), at=at)
    with transaction.atomic():
        event = perform(task, act, due_on=term, reported_on=None, completed_on=None)
        if at is None:  # a history being loaded is no news
            tell_returned(event)
    return event


def cancel(task: Task, actor: User, reason: str, *, at: datetime | None = None) -> TaskEvent:
    """A coordinator cancels the task; it leaves every count."""
    require(may_cancel(actor, task))
    act = Act(A.CANCEL, actor, S.CANCELLED, reason=reason, at=at)
    return perform(task, act, reported_on=None)


def restore(task: Task, actor: User, reason: str, *, at: datetime | None = None) -> TaskEvent:
    """A coordinator brings a cancelled task back, as newly assigned."""
    require(may_restore(actor, task))
    return perform(task, Act(A.RESTORE, actor, S.ASSIGNED, reason=reason, at=at))


def rework_term(task: Task, day: date) -> date:
    """Return until when a returned task is to be mended: its due day, or five working days on.

    Working days are Monday to Friday until the working calendar knows the official days off.
    """
    if task.due_on is not None and task.due_on >= day:
        return task.due_on
    term, left = day, REWORK_DAYS
    while left:
        term += timedelta(days=1)
        left -= term.isoweekday() <= 5
    return max(term, task.starts_on or term)


def last_report(task: Task) -> Report | None:
    """Return the report sent last."""
    return task.reports.exclude(sent_at=None).order_by("-sent_at", "-pk").first()


def mark_opened(task: Task, actor: User, *, at: datetime | None = None) -> bool:
    """Stamp the first opening by the executor's own people; later openings change nothing.

    The only act of a GET: one conditional UPDATE and its event. Returns whether it was the first.
    Where the status has changed since the task was read, the next opening stamps it: the event
    says in which status it happened.
    """
    if task.opened_at is not None:
        return False
    moment = at or timezone.now()
    with transaction.atomic():
        unopened = Task.objects.filter(pk=task.pk, status=task.status, opened_at=None)
        first = unopened.update(opened_at=moment)
        if first:
            TaskEvent.objects.create(
                task=task,
                action=A.OPEN,
                actor=actor,
                for_organization_id=task.executor_id,
                from_status=task.status,
                to_status=task.status,
                happened_at=moment,
            )
            task.opened_at = moment
    return bool(first)


def _hold_on_control(task: Task, action: str) -> None:
    """Keep the resolution from going off control until the task is open again, or refuse.

    Without the lock a return and the taking off control could pass each other unseen, and leave
    an open task in a resolution off control; nor must it pass the cancellation of its
    recommendation, which holds the resolution too.
    """
    held = Resolution.objects.select_for_update(of=("self",), no_key=True).get(
        pk=task.recommendation.section.resolution_id
    )
    if held.status != Resolution.Status.ON_CONTROL:
        raise Stale(_("The resolution is off control: its tasks are decided."))
    cancelled = Recommendation.objects.filter(pk=task.recommendation_id, cancelled_at__isnull=False)
    if cancelled.exists():
        raise Stale(str(RECOMMENDATION_CANCELLED if action == A.RESTORE else FINISHED_STAYS))
