"""Reminding organisations of what is overdue: who would get a letter, and the act itself.

``prepare`` says whom a reminder would reach and who is left out and why; ``remind`` works the same
out once more while it holds the organisations, then writes and queues in one transaction. An
organisation gets one letter a day, with all of its overdue tasks, whoever asked for it and however
often: its unique key sees to that. Any number of organisations costs the same number of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, F, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from organizations.models import Organization, User
from organizations.permissions import require
from tasks.bulk import Why, chunks, insert_from, note
from tasks.mail import deliver_soon
from tasks.models import Task, TaskEvent
from tasks.outbox import Letter
from tasks.permissions import REMINDING_ROLES, may_remind
from tasks.querysets import TaskQuerySet
from tasks.recipients import recipients_of

A = TaskEvent.Action


@dataclass(frozen=True, slots=True)
class Addressee:
    """An organisation with overdue tasks, as a reminder finds it."""

    organization: Organization
    tasks: int
    days: int  # how late the latest of them is
    addresses: int = 0  # of those who answer for it, else 1 for its own mailbox
    personal: bool = False
    reminded: Letter | None = None  # today's reminder


@dataclass(frozen=True, slots=True)
class Round:
    """Whom a reminder reaches, and who is left out."""

    reached: list[Addressee] = field(default_factory=list)
    reminded: list[Addressee] = field(default_factory=list)  # today already, by whomever
    unreachable: list[Addressee] = field(default_factory=list)  # nobody answers, no mailbox
    watched: int = 0  # organisations that the person observes only

    @property
    def tasks(self) -> int:
        """How many tasks the letters tell of."""
        return sum(each.tasks for each in self.reached)

    @property
    def addresses(self) -> int:
        """How many addresses the letters go to."""
        return sum(each.addresses for each in self.reached)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of those chosen is overdue within the person's reach."""
        return not (self.reached or self.reminded or self.unreachable)


def prepare(actor: User, chosen: TaskQuerySet, day: date) -> Round:
    """Return whom a reminder would reach on that day.

    ``chosen`` are tasks that choose their executors; a letter tells of all that an executor has
    overdue, so that one a day is enough. Those who are out of the person's sight are not told of,
    those whom the person observes only are counted.
    """
    late = Task.objects.visible_to(actor).overdue(day)
    executors = late.filter(executor__in=chosen.order_by().values("executor"))
    within = executors.filter(actor.reach.q("executor", REMINDING_ROLES))
    rows = within.order_by().values("executor").annotate(tasks=Count("pk"), oldest=Min("due_on"))
    counts = {row["executor"]: row for row in rows}
    seen = executors.order_by().aggregate(count=Count("executor", distinct=True))["count"]
    found = Organization.objects.filter(pk__in=within.order_by().values("executor"))
    organizations = list(found.select_related("municipality").order_by("name", "pk"))
    recipients = recipients_of(organizations, day)
    letters = {each.organization_id: each for each in reminders_of(list(counts), day)}
    parted = Round(watched=seen - len(counts))
    for each in organizations:
        row, to = counts[each.pk], recipients.get(each.pk)
        addressee = Addressee(
            each,
            row["tasks"],
            (day - row["oldest"]).days,
            len(to.addresses) if to else 0,
            bool(to and to.personal),
            letters.get(each.pk),
        )
        if addressee.reminded:
            parted.reminded.append(addressee)
        else:
            (parted.reached if to else parted.unreachable).append(addressee)
    return parted


def remind(actor: User, chosen: TaskQuerySet, words: str = "", at: datetime | None = None) -> Round:
    """Remind the executors of ``chosen``: an event on every overdue task, a letter to each.

    ``words`` are the person's own, read by the organisations. Returns what was done, and who was
    left out. Raises PermissionDenied where the person may remind nobody.
    """
    require(may_remind(actor))
    with transaction.atomic():
        day = timezone.localdate(at or timezone.now())
        held = {each.organization.pk for each in prepare(actor, chosen, day).reached}
        _hold(sorted(held), day)
        # Somebody else may have reminded them while we waited, or a report come in.
        found = prepare(actor, chosen, day)
        reached = [each for each in found.reached if each.organization.pk in held]
        done = replace(found, reached=reached)
        keys = [each.organization.pk for each in done.reached]
        tasks = Task.objects.visible_to(actor).overdue(day).filter(executor__in=keys)
        why = Why(actor, words.strip(), at or timezone.now())
        note(list(tasks.order_by("pk").values_list("pk", flat=True)), why, A.REMIND)
        _queue(keys, why, day)
        deliver_soon()
    return done


def reminders_of(organizations: Sequence[int], day: date) -> list[Letter]:
    """Return the reminders that the organisations (by key) got on that day; one query."""
    letters = Letter.objects.filter(kind=Letter.Kind.REMINDER, day=day)
    return list(letters.filter(organization__in=organizations).select_related("event__actor"))


def reminded_on(day: date) -> QuerySet[Letter, Any]:
    """Return the keys of the organisations reminded on that day, for a condition."""
    letters = Letter.objects.filter(kind=Letter.Kind.REMINDER, day=day)
    return letters.exclude(organization=None).values("organization")


def last_reminders_of(organization: Organization, count: int) -> list[Letter]:
    """Return the last reminders that an organisation got, the newest first; one query."""
    letters = Letter.objects.filter(kind=Letter.Kind.REMINDER, organization=organization)
    return list(letters.select_related("event__actor").order_by("-created_at", "-pk")[:count])


def _hold(keys: Sequence[int], day: date) -> None:
    """Let no other reminder to these organisations, and no act on these tasks, come between.

    In the order of their keys, so that two of them never wait for each other.
    """
    for some in chunks(keys):
        Organization.objects.filter(pk__in=some).hold()
    for some in chunks(keys):
        tasks = Task.objects.overdue(day).filter(executor__in=some).order_by("pk")
        list(tasks.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _queue(keys: Sequence[int], why: Why, day: date) -> None:
    """Put a letter to each organisation into the outbox; its event says who asked, in what words.

    The key is unique: should anything have come between after all, nothing is done at all.
    """
    own = TaskEvent.objects.filter(
        task__executor=OuterRef("pk"), action=A.REMIND, actor=why.actor, happened_at=why.at
    )
    texts = {name: Value("") for name in ("last_error", "recipients", "subject")}
    for some in chunks(keys):
        insert_from(
            Letter,
            Organization.objects.filter(pk__in=some),
            key=Concat(Value("reminder:"), Cast("pk", CharField()), Value(f":{day}")),
            kind=Value(str(Letter.Kind.REMINDER)),
            organization=F("pk"),
            event=Subquery(own.order_by("pk").values("pk")[:1]),
            day=Value(day),
            status=Value(str(Letter.Status.QUEUED)),
            created_at=Value(why.at),
            send_after=Value(why.at),
            attempts=Value(0),
            **texts,
        )
