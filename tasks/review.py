"""The queue of reports awaiting a controller's decision, and the deciding.

The queue is what ``reviewable_by`` gives, the oldest report first; its conditions stand in the
address, so that a controller walks through the same queue on the pages of its tasks (``?queue=1``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.http import AuthenticatedHttpRequest
from organizations.models import User
from organizations.permissions import Denied, Permission
from organizations.roles import Role
from resolutions.models import Resolution
from tasks import workflow
from tasks.counting import TaskCount, holds_for
from tasks.filters import OfTasks
from tasks.models import Report, Task, TaskEvent
from tasks.permissions import may_cancel, may_restore, may_return, may_review
from tasks.progress import number
from tasks.workflow import A, Stale

RESOLUTION = "recommendation__section__resolution"
ON_CONTROL = Resolution.Status.ON_CONTROL


def waiting_for(user: User) -> QuerySet[Task, Any]:
    """Return the tasks whose reports the person decides, the oldest report first.

    Each with ``last_report`` (its key), ``reported_at`` and ``outcome``.
    """
    sent = Report.objects.filter(task=OuterRef("pk")).exclude(sent_at=None)
    sent = sent.order_by("-sent_at", "-pk")
    waiting: QuerySet[Any, Any] = Task.objects.reviewable_by(user).annotate(
        last_report=Subquery(sent.values("pk")[:1]),
        reported_at=Subquery(sent.values("sent_at")[:1]),
        outcome=Subquery(sent.values("outcome")[:1]),
    )
    # By the day first, which the tasks keep: of 25,000 that wait, the first day's alone are asked
    # for their reports (0.5 s otherwise).
    return waiting.order_by("reported_on", F("reported_at").asc(nulls_first=True), "pk")


def waiting_number(user: User) -> int:
    """Count the tasks of ``waiting_for``; two queries at most, of kept counts where they hold.

    Every page asks this. Kept counts know places, not organisations: a methodist does not decide
    on what their own organisation reports, so that is counted and taken off.
    """
    if not holds_for(user):
        return Task.objects.reviewable_by(user).count()
    coordinates = user.reach.has(Role.COORDINATOR)
    decided = Q(executor__in=user.controlled_places(Role.METHODIST))
    if coordinates:
        issued = user.reach.q("resolution__issuer", [Role.COORDINATOR])
        decided |= issued & Q(executor__in=user.controlled_places())
    rows = TaskCount.objects.filter(status=Task.Status.REPORTED, resolution__status=ON_CONTROL)
    rows = rows.filter(decided, n__gt=0)
    kept: int = rows.aggregate(count=number(rows))["count"]
    places = {each.path: each for each in user.reach.places if each.role == Role.METHODIST}
    own = [
        place.organization_id
        for path, place in places.items()
        if not path.startswith(tuple(above for above in places if above != path))
    ]
    if not own:
        return kept
    reported = Task.objects.filter(executor__in=own, status=Task.Status.REPORTED)
    reported = reported.filter(**{f"{RESOLUTION}__status": ON_CONTROL})
    if coordinates:
        reported = reported.exclude(user.reach.q(f"{RESOLUTION}__issuer", [Role.COORDINATOR]))
    return kept - reported.count()


class ReviewFilter(OfTasks):
    """One resolution, municipality, outcome; what is done in part is owed still and never waits."""

    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("What is reported"),
        empty_label=gettext_lazy("All"),
        choices=[
            (each.value, each.label) for each in Report.Outcome if each != Report.Outcome.PARTLY
        ],
    )

    class Meta:
        model = Task
        fields: list[str] = []

    @classmethod
    def conditions(cls, request: AuthenticatedHttpRequest) -> dict[str, str]:
        """Return those conditions of the address that narrow the queue."""
        return {name: request.GET[name] for name in cls.base_filters if request.GET.get(name)}


def queue_url(request: AuthenticatedHttpRequest) -> str:
    """Return the address of the queue under the conditions of the page."""
    query = urlencode(ReviewFilter.conditions(request))
    return reverse("tasks:review_queue") + (f"?{query}" if query else "")


def walk_query(request: AuthenticatedHttpRequest) -> str:
    """Return what makes a task's page a step of the walk through the queue: «?queue=1&…»."""
    return "?" + urlencode({"queue": 1, **ReviewFilter.conditions(request)})


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a task stands in the queue, with the addresses of its neighbours ("" for none)."""

    query: str
    queue: str
    total: int
    place: int  # from 1; 0 where the report is decided already, or never was in the queue
    previous: str
    next: str

    @property
    def onward(self) -> str:
        """Where a controller goes after deciding: to the next report, after the last to the list.

        What was passed over on the way stands in the list again.
        """
        return self.next or self.queue


def walk_of(request: AuthenticatedHttpRequest, task: Task) -> Walk | None:
    """Return the place of a task in the queue of the address; None where the address has none."""
    if "queue" not in request.GET:
        return None
    rows = ReviewFilter(request, waiting_for(request.user)).qs
    last = workflow.last_report(task)
    # By its place and not by its key: a report decided a moment ago has left the queue, and what
    # came after it is still next.
    own = _place(last.sent_at if last else None, task.pk)
    day = task.reported_on or timezone.localdate(last.sent_at if last else None)
    earlier, later = rows.filter(reported_on__lt=day), rows.filter(reported_on__gt=day)
    same = rows.filter(reported_on=day).values_list("reported_at", "pk")
    places = [_place(at, pk) for at, pk in same]
    index = bisect_left(places, own)
    inside = index < len(places) and places[index] == own
    keys = [pk for _at, pk in places]
    before = keys[index - 1] if index else earlier.reverse().values_list("pk", flat=True).first()
    after = [*keys[index + inside :][:1], *later.values_list("pk", flat=True)[:1]]
    passed = earlier.count()
    query = walk_query(request)

    def address(key: int) -> str:
        return reverse("tasks:task_detail", args=[key]) + query

    return Walk(
        query=query,
        queue=queue_url(request),
        total=passed + len(places) + later.count(),
        place=passed + index + 1 if inside else 0,
        previous=address(before) if before else "",
        next=address(after[0]) if after else "",
    )


def _place(at: datetime | None, pk: int) -> tuple[float, int]:
    return at.timestamp() if at else 0.0, pk


@dataclass(frozen=True, slots=True)
class Controls:
    """What a controller may do with a task now, and why not where that needs a word."""

    accept: bool = False
    send_back: bool = False
    cancel: bool = False
    restore: bool = False
    report: Report | None = None
    refusal: str = ""
    walk: Walk | None = None

    @property
    def agrees(self) -> bool:
        """Whether accepting means to agree that the task does not concern the organisation."""
        return self.report is not None and self.report.outcome == Report.Outcome.NOT_APPLICABLE

    @property
    def query(self) -> str:
        """What keeps the acts of the page in the walk through the queue."""
        return self.walk.query if self.walk else ""

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return self.accept or self.send_back or self.cancel or self.restore


def controls_of(request: AuthenticatedHttpRequest, task: Task) -> Controls:
    """Return what the page of a task offers a controller; nothing to those who control nothing."""
    if not request.user.reach.has(Role.COORDINATOR, Role.METHODIST):
        return Controls()
    review, send_back = may_review(request.user, task), may_return(request.user, task)
    cancel, restore = may_cancel(request.user, task), may_restore(request.user, task)
    restorable = bool(cancel) and workflow.allows(task, A.RESTORE)
    decidable = workflow.allows(task, A.ACCEPT) or workflow.allows(task, A.RETURN)
    return Controls(
        accept=bool(review) and workflow.allows(task, A.ACCEPT),
        send_back=bool(send_back) and workflow.allows(task, A.RETURN),
        cancel=bool(cancel) and workflow.allows(task, A.CANCEL),
        restore=bool(restore) and restorable,
        report=workflow.last_report(task) if review and decidable else None,
        refusal=_refusal(send_back, decidable) or _refusal(restore, restorable),
        walk=walk_of(request, task),
    )


def _refusal(permission: Permission, expected: bool) -> str:
    """Say why an act is not offered where the person could expect it."""
    return str(permission.reason) if isinstance(permission, Denied) and expected else ""


def decide(task: Task, seen: str, act: Callable[[], TaskEvent]) -> TaskEvent:
    """Accept or return the report that the controller has read (``seen``: its key, from the form).

    An organisation can recall its report and send another one while the page is open; the status
    is then the same, the words are not. The report is compared after the act, under the lock of its
    UPDATE, and the act undone where it is another: raises Stale.
    """
    with transaction.atomic():
        event = act()
        last = workflow.last_report(task)
        if seen and last is not None and str(last.pk) != seen:
            raise Stale(
                _("The organization has sent another report meanwhile. Read it before you decide.")
            )
    return event


def state_of(status: str, report: Report | None) -> str:
    """Name what a controller has seen of a task: its status, and which report was the last."""
    return f"{status}.{report.pk if report else ''}"


def call_off(task: Task, seen: str, act: Callable[[], TaskEvent]) -> TaskEvent:
    """Cancel the task that the controller has seen (``state_of``, from the form).

    A report sent while the page is open would leave the queue unread. As in ``decide``, the two are
    compared under the lock of the act: raises Stale, and nothing is cancelled.
    """
    with transaction.atomic():
        event = act()
        if seen and seen != state_of(event.from_status, workflow.last_report(task)):
            raise Stale(_("Somebody else changed this task a moment ago. Look at it again."))
    return event


def decided_by(task: Task, user: User, action: str) -> bool:
    """Tell whether this very person did this last: a double click, or a repeated request."""
    last = task.events.exclude(action=A.OPEN).order_by("-happened_at", "-pk").first()
    return last is not None and last.action == action and last.actor_id == user.pk


@dataclass(slots=True)
class Summary:
    """What became of many reports ticked at once."""

    accepted: int = 0
    agreed: int = 0
    refused: dict[str, list[Task]] = field(default_factory=dict)  # reason -> tasks


def accept_many(user: User, keys: Iterable[int]) -> Summary:
    """Accept the reports one by one, each for itself: one that cannot be accepted stops no other.

    ``keys`` are of reports and not of tasks, so that nothing is accepted that was not on the page.
    """
    reports = Report.objects.filter(pk__in=list(keys), task__in=Task.objects.visible_to(user))
    reports = reports.exclude(sent_at=None).select_related(
        "task__executor", "task__recommendation__section__resolution__issuer"
    )
    summary = Summary()
    for report in reports.order_by("sent_at", "pk"):
        task = report.task
        try:
            decide(task, str(report.pk), partial(workflow.accept, task, user))
        except (Stale, PermissionDenied) as reason:
            summary.refused.setdefault(str(reason), []).append(task)
        else:
            if task.status == Task.Status.NOT_APPLICABLE:
                summary.agreed += 1
            else:
                summary.accepted += 1
    return summary
