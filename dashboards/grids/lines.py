"""What every grid is made of: cells in the worst state of their tasks, lines of them, blocks.

A cell shows how many tasks are in the worst state of those behind it, and opens exactly these; how
many there are besides is said in its label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from resolutions.models import Resolution
from tasks.filters import OUTSIDE_MUNICIPALITIES, list_url
from tasks.models import Task
from tasks.progress import Tally, number, segment_of
from tasks.templatetags.tallies import LOOKS, segment_label

# A page of a grid: with 36 columns as heavy as a page may be.
PAGE_SIZE = 100
# How lists name "no municipality" in an address.
OUTSIDE = "null"
MUNICIPALITY = "executor__municipality"


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


QUERIES = {name: urlencode(look.conditions) for name, look in LOOKS.items()}


def narrowed(address: str, *queries: str) -> str:
    """Return the address of a list with more conditions, each an encoded query."""
    return "&".join([address if "?" in address else f"{address}?", *queries]).replace("?&", "?")


def icon_of(mark: str) -> str:
    """Return the icon of a cell; what is completed gets the quieter tick of the spine."""
    return "check-lg" if mark == "completed" else LOOKS[mark].icon


def said_of(tally: Tally) -> str:
    """Return a cell in words: «просрочено 2 из 5», without "of" where these are all."""
    mark = mark_of(tally)
    if not mark:
        return ""
    count = getattr(tally, mark)
    words = {"state": segment_label(mark), "count": count, "total": tally.total}
    if count < tally.total:
        return _("%(state)s %(count)s of %(total)s") % words
    return _("%(state)s %(count)s") % words


def cell_of(tally: Tally, column: Column, title: str, address: str) -> Cell | None:
    """Draw the tasks of a line, whose list has the address, in a column."""
    mark = mark_of(tally)
    if not mark:
        return None
    return Cell(
        LOOKS[mark].cell,
        icon_of(mark),
        str(getattr(tally, mark)),
        f"{column.name}. {title}: {said_of(tally)}",
        narrowed(address, column.query, QUERIES[mark]),
    )


def line_of(
    title: str,
    tallies: Tallies,
    columns: Sequence[Column],
    conditions: Mapping[str, Any],
    url: str = "",
) -> Line:
    """Draw a line whose tasks the conditions find."""
    address = list_url(**conditions)
    cells = [
        cell_of(tallies[number], column, title, address) if number in tallies else None
        for number, column in enumerate(columns)
    ]
    return Line(title, url, cells, sum(tallies.values(), Tally()))


def together(many: Iterable[Tallies]) -> dict[int, Tally]:
    """Add lines up, column by column."""
    total: dict[int, Tally] = {}
    for tallies in many:
        for place, tally in tallies.items():
            total[place] = total.get(place, Tally()) + tally
    return total


def counted_by(
    key: str, column: str, rows: QuerySet[Any], number_of: Callable[[Any], int], on: date
) -> dict[Any, dict[int, Tally]]:
    """Count tasks (or kept counts of them) by a key and the number of their column; one query.

    ``number_of`` returns the number for a value of the field ``column``. Segments are told apart
    here: an aggregate with eight conditions takes the database twice the time.
    """
    fields = {key, column, "status", "due_on"}
    found: dict[Any, dict[int, Counter[str]]] = {}
    # Read whole: a cursor of PostgreSQL (``iterator``) would not count in parallel.
    for row in rows.order_by().values(*fields).annotate(count=number(rows)):
        cells = found.setdefault(row[key], {})
        cell = cells.setdefault(number_of(row[column]), Counter())
        cell[segment_of(row["status"], row["due_on"], on)] += row["count"]
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


def municipalities_of(keys: Iterable[int | None]) -> list[Organization | None]:
    """Return the municipalities by name, None (what stands outside) last; one query."""
    wanted = set(keys)
    found = Organization.objects.filter(pk__in=[key for key in wanted if key])
    return [*found.order_by("sort_key", "pk"), *([None] if None in wanted else [])]


def is_invented(tasks: QuerySet[Task]) -> bool:
    """Tell whether any of the tasks is of a demonstration; asks the few such resolutions first."""
    own = tasks.order_by().filter(recommendation__section__resolution=OuterRef("pk"))
    return Resolution.objects.filter(Exists(own), is_demonstration=True).exists()


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


def by_municipality(
    organizations: Iterable[Organization],
) -> list[tuple[Organization | None, list[Organization]]]:
    """Part organisations, which are in order, by their municipalities."""
    grouped = groupby(organizations, lambda each: each.municipality)
    return [(municipality, list(rows)) for municipality, rows in grouped]
