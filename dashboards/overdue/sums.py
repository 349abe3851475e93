"""Sums of what is late and of what will be next: by municipality, by organisation, and of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, QuerySet, Value, When

from dashboards.filters import OverdueFilter
from dashboards.grids.lines import municipality_key
from organizations.addresses import narrowed
from organizations.models import Organization
from tasks.counting import by_municipality
from tasks.permissions import REMINDING_ROLES
from tasks.progress import STATES, number, owed, place_of
from tasks.reminders import reminded_on

# These part all that is owed.
PARTS = ("overdue", "soon", "later", "undated")


@dataclass(slots=True)
class Sums:
    """How many tasks stand where; ``late`` are those overdue that a page shows."""

    late: int = 0
    unopened: int = 0  # of the late ones
    overdue: int = 0
    soon: int = 0
    later: int = 0
    undated: int = 0
    waiting: int = 0
    oldest: date = date.max  # due day of the late ones

    @property
    def owed(self) -> int:
        """All on which their executors still have to act."""
        return self.overdue + self.soon + self.later + self.undated

    def days(self, on: date) -> int:
        """Return how late the latest is."""
        return (on - self.oldest).days if self.late else 0

    def put(self, part: str, count: int, oldest: date, *, opened: bool) -> None:
        """Add what stands in a part, of which "late" is one of what is overdue."""
        if part == "late":
            self.late += count
            self.unopened += 0 if opened else count
            self.oldest = min(self.oldest, oldest)
            part = "overdue"
        setattr(self, part, getattr(self, part) + count)

    def __add__(self, other: Sums) -> Sums:
        names = [each.name for each in fields(self) if each.name != "oldest"]
        added = {name: getattr(self, name) + getattr(other, name) for name in names}
        return Sums(**added, oldest=min(self.oldest, other.oldest))


def parts_of_owed(late: Q, on: date) -> dict[str, Q]:
    """Return the conditions that part what is owed, in turn; ``late`` is a part of what is overdue.

    Without the status, which is known: an index of what is owed then answers alone.
    """
    parts = {"late": late, **{name: STATES[name](on) for name in PARTS}}
    if late == parts["overdue"]:
        del parts["overdue"]  # nothing of it is left
    known = owed().children
    return {
        name: Q(*(each for each in meant.children if each not in known))
        for name, meant in parts.items()
    }


def sums_by(key: str, rows: QuerySet[Any], parts: dict[str, Q]) -> dict[Any, Sums]:
    """Sum tasks (or kept counts of them) up by a field ("executor"); one query.

    ``parts`` are the conditions on which one is put into a part of ``Sums``; the first that it
    meets counts. The database tells the parts apart and they are added up here: a figure with its
    own condition each takes twice the time.
    """
    part = Case(*(When(meant, then=Value(place)) for place, meant in enumerate(parts.values())))
    counted = (
        rows.order_by()
        .annotate(part=part)
        .values_list(key, "part", "opened")
        .annotate(count=number(rows), oldest=Min("due_on"))
    )
    found: dict[Any, Sums] = {}
    names = list(parts)
    for value, place, opened, count, oldest in counted:
        found.setdefault(value, Sums()).put(names[place], count, oldest, opened=opened)
    return found


@dataclass(frozen=True, slots=True)
class Territory:
    """The tasks in one municipality (None: of what answers to the region, and others)."""

    municipality: Organization | None
    sums: Sums
    days: int  # how late the latest is
    url: str  # of the list of what is late
    narrowed: str  # the page of this territory alone

    @property
    def tasks(self) -> int:
        """How many are late."""
        return self.sums.late

    @property
    def pk(self) -> int | None:
        """The key of the municipality."""
        return self.municipality.pk if self.municipality else None

    @property
    def key(self) -> str:
        """The value by which lists are filtered to this territory."""
        return municipality_key(self.municipality)


def territories_of(filterset: OverdueFilter, on: date) -> list[Territory]:
    """Sum up by municipality what the filter finds, the most late first, those outside last.

    Two queries at most. Those in which tasks are open but nothing is late are there, too.
    """
    parts = {"waiting": STATES["waiting"](on), **parts_of_owed(filterset.late_q(on), on)}
    counted = filterset.counted.filter(STATES["owed"](on) | STATES["waiting"](on))
    sums = by_municipality(sums_by(place_of(counted), counted, parts), filterset.municipalities)
    address = filterset.late_url(on, municipality="")
    rows = [
        Territory(
            municipality,
            each,
            each.days(on),
            narrowed(address, f"municipality={municipality_key(municipality)}"),
            filterset.narrowed(municipality=municipality_key(municipality)),
        )
        for municipality, each in sums.items()
    ]
    return sorted(rows, key=lambda each: (each.municipality is None, -each.tasks))


@dataclass(frozen=True, slots=True)
class Late:
    """How many organisations have anything late, and how many of them the reader may remind."""

    organizations: int = 0
    in_charge: int = 0  # whom the reader may remind
    remindable: int = 0  # … and who has not been reminded today

    def __add__(self, other: Late) -> Late:
        return Late(
            self.organizations + other.organizations,
            self.in_charge + other.in_charge,
            self.remindable + other.remindable,
        )


def late_organizations(filterset: OverdueFilter, on: date) -> dict[int | None, Late]:
    """Count the organisations with anything late by municipality (by key); one query.

    Asked of each organisation, which is a look into an index, and not of 100,000 late tasks.
    """
    own = filterset.of_executors().filter(filterset.late_q(on), executor=OuterRef("pk")).order_by()
    in_charge = filterset.request.user.reach.q("", REMINDING_ROLES)
    remindable = in_charge & ~Q(pk__in=reminded_on(on))
    rows = (
        filterset.organizations.filter(Exists(own))
        .order_by()
        .values_list("municipality")
        .annotate(
            late=Count("pk"),
            in_charge=Count("pk", filter=in_charge),
            remindable=Count("pk", filter=remindable),
        )
    )
    return {municipality: Late(*counts) for municipality, *counts in rows}


@dataclass(frozen=True, slots=True)
class Figures:
    """The three key figures, and what their sentences say."""

    overdue: int
    days: int  # how late the latest is
    unopened: int
    soon: int
    reported: int
    undated: int


def figures_of(territories: Iterable[Territory], on: date) -> Figures:
    """Add the territories up."""
    total = sum((each.sums for each in territories), Sums())
    return Figures(
        total.late, total.days(on), total.unopened, total.soon, total.waiting, total.undated
    )
