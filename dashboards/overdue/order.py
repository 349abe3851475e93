"""What is late, worst first: the municipality with the most, then the longest delay.

The whole list may be a hundred thousand tasks long. A file reads all of it in this order
(``worst_first``); a page knows from the sums in which municipalities its rows stand, asks these for
their organisations, and reads the tasks of those few that stand on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Min, Q, Value, When, Window

from dashboards.filters import OverdueFilter
from dashboards.overdue.sums import Late, Sums, Territory, parts_of_owed, sums_by
from organizations.models import Organization
from tasks.outbox import Letter
from tasks.permissions import REMINDING_ROLES
from tasks.querysets import TaskQuerySet
from tasks.reminders import reminders_of

# What the pages say of an organisation, and what its reach is known by.
_SHOWN = ("name", "short_name", "phone", "path", "municipality_id")


def worst_first(tasks: TaskQuerySet) -> TaskQuerySet:
    """Order by municipality (the most tasks first), organisation (the longest delay first), day.

    What stands outside municipalities comes last.
    """
    return tasks.annotate(
        outside=Case(
            When(executor__municipality=None, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        in_municipality=Window(Count("pk"), partition_by=F("executor__municipality")),
        oldest=Window(Min("due_on"), partition_by=F("executor")),
    ).order_by(
        "outside",
        "-in_municipality",
        "executor__municipality__sort_key",
        "executor__municipality_id",
        "oldest",
        "executor__sort_key",
        "executor_id",
        "due_on",
        "pk",
    )


@dataclass(frozen=True, slots=True)
class Executor:
    """An organisation with what it has to do."""

    organization: Organization
    sums: Sums
    letter: Letter | None  # of today's reminder
    in_charge: bool  # whether the reader may remind it

    @property
    def remindable(self) -> bool:
        """Whether the reader may remind it today: one letter a day is enough."""
        return self.in_charge and self.letter is None


def reached(territories: Sequence[Territory], places: range) -> list[Territory]:
    """Return the territories, in order, in which the rows at these places of the list stand."""
    found, first = [], 0
    for territory in territories:
        if first < places.stop and first + territory.tasks > places.start:
            found.append(territory)
        first += territory.tasks
    return found


def executors_of(
    filterset: OverdueFilter, territories: Iterable[Territory], on: date
) -> list[Executor]:
    """Sum up by organisation what is owed in the territories, in order of names; three queries."""
    keys = {each.pk for each in territories}
    within = Q(executor__municipality__in=keys - {None})
    if None in keys:
        within |= Q(executor__municipality=None)
    parts = parts_of_owed(filterset.late_q(on), on)
    sums = sums_by("executor", filterset.tasks.owed().filter(within), parts)
    late = [key for key, each in sums.items() if each.late]
    letters = {each.organization_id: each for each in reminders_of(late, on)}
    reach = filterset.request.user.reach
    named = Organization.objects.filter(pk__in=sums).only(*_SHOWN).order_by("sort_key", "pk")
    return [
        Executor(each, sums[each.pk], letters.get(each.pk), reach.covers(each, *REMINDING_ROLES))
        for each in named
    ]


def late_among(executors: Iterable[Executor]) -> dict[int | None, Late]:
    """Count as ``late_organizations`` does, where all organisations are at hand."""
    found: dict[int | None, Late] = {}
    for each in executors:
        if each.sums.late:
            place = each.organization.municipality_id
            found[place] = found.get(place, Late()) + Late(
                1, int(each.in_charge), int(each.remindable)
            )
    return found


def keys_at(
    filterset: OverdueFilter,
    territories: Sequence[Territory],
    executors: Sequence[Executor],
    places: range,
    on: date,
) -> list[int]:
    """Return the keys of the tasks at these places of the list; one query.

    ``executors`` are those of the territories reached, at least, by name.
    """
    firsts = _firsts(territories, executors)
    shown = {
        each.organization.pk: firsts[each.organization.pk]
        for each in executors
        if (first := firsts.get(each.organization.pk)) is not None
        and first < places.stop
        and first + each.sums.late > places.start
    }
    own: dict[int, list[int]] = {executor: [] for executor in sorted(shown, key=shown.__getitem__)}
    late = filterset.late(on).filter(executor__in=shown).order_by("due_on", "pk")
    for executor, key in late.values_list("executor", "pk"):
        own[executor].append(key)
    return [
        key
        for executor, keys in own.items()
        for key in keys[max(places.start - shown[executor], 0) : places.stop - shown[executor]]
    ]


def _firsts(territories: Sequence[Territory], executors: Sequence[Executor]) -> dict[int, int]:
    """Return the place of the first late task of each executor."""
    inside: dict[int | None, list[Executor]] = {}
    for each in sorted(executors, key=lambda each: each.sums.oldest):
        if each.sums.late:
            inside.setdefault(each.organization.municipality_id, []).append(each)
    firsts, first = {}, 0
    for territory in territories:
        place = first
        for each in inside.get(territory.pk, ()):
            firsts[each.organization.pk] = place
            place += each.sums.late
        # Not ``place``: what was reported since the territory was counted must not move the others.
        first += territory.tasks
    return firsts
