"""What every grid is made of: cells in the worst state of their tasks, lines of them, blocks.

A cell shows how many tasks are in the worst state of those behind it, and opens exactly these; how
many there are besides is said in its label.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from organizations.addresses import narrowed
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from tasks.counting import by_municipality
from tasks.filters import OUTSIDE_MUNICIPALITIES, list_url
from tasks.models import Task
from tasks.progress import Tally, number, segment_of
from tasks.templatetags.tallies import LOOKS, QUERIES, segment_label

# A page of a grid: with 36 columns as heavy as a page may be.
PAGE_SIZE = 100
# How lists name "no municipality" in an address.
OUTSIDE = "null"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of cells: its whole name, and the query by which lists find its tasks.

    A query and not conditions: a page has thousands of cells, and joins their addresses of parts.
    """

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that stands for tasks: class, icon, number (or days), its label and what it opens."""

    css: str
    icon: str
    text: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at the end of a line, and the list of that length."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: an organisation, a municipality or all, with one cell a column (None: no tasks)."""

    title: str
    url: str
    cells: Sequence[Cell | None]
    tally: Tally = field(default_factory=Tally)
    figures: Sequence[Figure] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A municipality with its sums, and those of its organisations that stand on the page.

    ``key`` is the value by which the page is narrowed to it.
    """

    key: str
    head: Line
    lines: Sequence[Line] = ()


# By number of the column; a column without tasks is not there.
Tallies = Mapping[int, Tally]


def mark_of(tally: Tally) -> str:
    """Return the segment that a cell shows: the worst, or what is out of count; "" for no task."""
    silent = (name for name in ("not_applicable", "cancelled") if getattr(tally, name))
    return tally.worst or next(silent, "")


def icon_of(mark: str) -> str:
    """Return the icon of a cell; what is completed gets the quieter tick of the spine."""
    return "check-lg" if mark == "completed" else LOOKS[mark].icon


class Words:
    """What cells say; the catalogue is asked once, not for each of thousands of cells."""

    def __init__(self) -> None:
        self.states = {name: segment_label(name) for name in LOOKS}
        self._all = _("%(state)s %(count)s")
        self._some = _("%(state)s %(count)s of %(total)s")

    def of(self, tally: Tally) -> str:
        """Return a cell in words: «просрочено 2 из 5», without "of" where these are all."""
        mark = mark_of(tally)
        return self.said(mark, getattr(tally, mark), tally.total) if mark else ""

    def said(self, mark: str, count: int, total: int) -> str:
        """Say how many tasks are in the worst state, of how many."""
        words = {"state": self.states[mark], "count": count, "total": total}
        return (self._some if count < total else self._all) % words


class Pen:
    """Draws the lines of one grid; ``times`` stands before a number of tasks."""

    def __init__(self, columns: Sequence[Column], times: str = "") -> None:
        self.columns = columns
        self.times = times
        self.words = Words()

    def line(
        self, title: str, tallies: Tallies, conditions: Mapping[str, Any], url: str = ""
    ) -> Line:
        """Draw a line whose tasks the conditions find."""
        address = list_url(**conditions)
        cells = [
            self.cell(tallies[number], column, title, address) if number in tallies else None
            for number, column in enumerate(self.columns)
        ]
        return Line(title, url, cells)

    def cell(self, tally: Tally, column: Column, title: str, address: str) -> Cell | None:
        """Draw the tasks of a line, whose list has the address, in a column."""
        mark = mark_of(tally)
        if not mark:
            return None
        count = getattr(tally, mark)
        return Cell(
            LOOKS[mark].cell,
            icon_of(mark),
            f"{self.times}{count}",
            f"{column.name}. {title}: {self.words.said(mark, count, tally.total)}",
            narrowed(address, column.query, QUERIES[mark]),
        )


def together(many: Iterable[Tallies]) -> dict[int, Tally]:
    """Add lines up, column by column."""
    total: dict[int, Tally] = {}
    for tallies in many:
        for place, tally in tallies.items():
            total[place] = total.get(place, Tally()) + tally
    return total


def lines_by_municipality(
    found: Mapping[int | None, Tallies], municipalities: Iterable[Organization]
) -> dict[Organization | None, Tallies]:
    """Return lines that were counted by ``tasks.progress.place_of`` by municipality, in order."""
    return by_municipality(found, municipalities, lambda one, other: together((one, other)))


def counted_by(
    key: str,
    column: str,
    rows: QuerySet[Any],
    number_of: Callable[[Any], int],
    on: date,
    day: str = "due_on",
) -> dict[Any, dict[int, Tally]]:
    """Count tasks (or kept counts of them) by a key and the number of their column; one query.

    ``number_of`` returns the number for a value of the field ``column``; ``day`` is the field that
    says whether they are late. Segments are told apart here: an aggregate with eight conditions
    takes the database twice the time.
    """
    found: defaultdict[Any, defaultdict[int, Counter[str]]]
    found = defaultdict(lambda: defaultdict(Counter))
    kinds = rows.order_by().values_list(key, column, "status", day)
    # Read whole: a cursor of PostgreSQL (``iterator``) would not count in parallel.
    for value, place, status, due_on, count in kinds.annotate(count=number(rows)):
        found[value][number_of(place)][segment_of(status, due_on, on)] += count
    return tallies_of(found)


def tallies_of(
    found: Mapping[Any, Mapping[int, Mapping[str, int]]],
) -> dict[Any, dict[int, Tally]]:
    """Return counts of segments as tallies."""
    return {
        value: {place: Tally(**cell) for place, cell in cells.items()}
        for value, cells in found.items()
    }


# --- Rows: organisations under their municipalities ----------------------------------------------


def executors_of(tasks: QuerySet[Task]) -> OrganizationQuerySet:
    """Return the organisations that have any of the tasks, by municipality; those outside last."""
    own = tasks.order_by().filter(executor=OuterRef("pk"))
    return (
        Organization.objects.filter(Exists(own))
        .select_related("municipality")
        .order_by(
            F("municipality__sort_key").asc(nulls_last=True), "municipality_id", "sort_key", "pk"
        )
    )


def municipality_key(municipality: Organization | None) -> str:
    """Return the value by which lists are filtered to a municipality (None: outside them)."""
    return str(municipality.pk) if municipality else OUTSIDE


def municipality_name(municipality: Organization | None) -> str:
    """Return the heading of a municipality's rows (None: of what stands outside)."""
    return str(municipality or OUTSIDE_MUNICIPALITIES)


def page_of(
    tasks: QuerySet[Task], municipalities: int, *, number: str | None, narrowed: str
) -> Page[Organization] | None:
    """Return the page of organisations to show, None where municipalities alone are shown.

    A region with more organisations than a page holds shows its ``municipalities``, each of which
    opens to its organisations, unless the reader has ``narrowed`` the grid to one of them.
    """
    found = executors_of(tasks)
    if not narrowed and municipalities > 1:
        # Whether they are more than a page holds, not how many thousands they are.
        beyond = found.order_by()[PAGE_SIZE : PAGE_SIZE + 1]
        if beyond.exists():
            return None
    # Their keys say how many they are too: one search of the tasks, not two.
    keys: Page[Any] = Paginator(list(found.values_list("pk", flat=True)), PAGE_SIZE).get_page(
        number
    )
    shown = Organization.objects.select_related("municipality").in_bulk(list(keys))
    return Page([shown[key] for key in keys], keys.number, keys.paginator)


def under_municipalities(
    organizations: Iterable[Organization],
) -> list[tuple[Organization | None, list[Organization]]]:
    """Part organisations, which are in order, by their municipalities."""
    grouped = groupby(organizations, lambda each: each.municipality)
    return [(municipality, list(rows)) for municipality, rows in grouped]
