"""The dry run: every row of a table held against the directory, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.importing.columns import BY_KEY, Layout, find_layout
from organizations.importing.directory import Directory, Pair, UnrecognisedError
from organizations.importing.parents import Parents
from organizations.importing.people import settle_people
from organizations.importing.plan import Change, Plan, Row
from organizations.importing.tables import Table
from organizations.importing.values import CellReader, Problem
from organizations.models import Organization, User

FIELDS = [key for key in BY_KEY if key != "parent" and not key.startswith("person_")]


def check(table: Table, user: User) -> Plan:
    """Return what storing the table would do; raises TableError for headings that do not serve."""
    layout = find_layout(table)
    problems: list[Problem] = []
    rows = _read(layout, problems)
    codes = {row.cells["code"] for row in rows if "code" in row.cells}
    directory = Directory(user, codes, {pair for row in rows if (pair := _pair(row))})
    recognised = _recognise(rows, directory, problems)
    parents = Parents(directory, rows)
    for row in rows:
        if row in recognised:
            problems += _required(row)
        if row in recognised or "parent" in row.values:
            problems += filter(None, [parents.settle(row)])
    for row in rows:
        problems += filter(None, [parents.measure(row)])
        row.changes = [*_changes(row), *row.changes]
    problems += settle_people(rows, timezone.localdate())
    return Plan(
        directory=directory,
        rows=rows,
        problems=sorted(problems, key=lambda problem: problem.row),
        foreign=layout.foreign,
        missing=layout.missing,
    )


def _read(layout: Layout, problems: list[Problem]) -> list[Row]:
    reader = CellReader()
    rows = []
    for number, texts in layout.rows:
        cells = layout.cells(texts)
        if not cells:  # something stands in foreign columns only
            continue
        values, unreadable = reader.read(number, cells)
        problems += unreadable
        rows.append(Row(number, cells, values))
    return rows


def _pair(row: Row) -> Pair | None:
    inn, kpp = row.values.get("inn"), row.values.get("kpp")
    return (inn, kpp) if inn and kpp else None


def _recognise(rows: list[Row], directory: Directory, problems: list[Problem]) -> set[Row]:
    """Set the stored organisation of each row that is one; return those of which it is clear.

    The others may be new or not, so nothing more is said of them than why it is not clear.
    """
    clear: set[Row] = set()
    taken: dict[Any, Row] = {}
    for row in rows:
        code, pair = row.values.get("code", ""), _pair(row)
        if not code and pair is None:
            if not {"code", "inn", "kpp"} & (row.cells.keys() - row.values.keys()):
                problems.append(_of_whole(row, NO_KEY))
            continue
        try:
            row.organization = directory.recognise(code, pair)
        except UnrecognisedError as error:
            problems.append(_of_whole(row, error.sentence))
            continue
        for key in _keys(row, code, pair):
            earlier = taken.setdefault(key, row)
            if earlier is not row:
                message = _("The same organisation stands in row %(row)d already.")
                problems.append(_of_whole(row, message % {"row": earlier.number}))
                row.organization = None
                break
        else:
            clear.add(row)
    return clear


def _keys(row: Row, code: str, pair: Pair | None) -> Iterable[Any]:
    """Yield all by which another row would mean the same organisation."""
    stored = row.organization
    if stored:
        yield stored.pk
    if code:
        yield code
    # Stored organisations that share the pair already are told apart by their codes.
    if pair and not (stored and pair == (stored.inn, stored.kpp)):
        yield pair


def _required(row: Row) -> list[Problem]:
    problems = []
    if row.is_new:
        missing = [key for key in ("kind", "name") if key not in row.cells]
        message = _("Needed for a new organisation.")
        problems = [Problem(row.number, BY_KEY[key].heading, "", message) for key in missing]
    opened, closed = (_final(row, key) for key in ("opened_on", "closed_on"))
    if isinstance(opened, date) and isinstance(closed, date) and closed < opened:
        heading = BY_KEY["closed_on"].heading
        message = _("An organisation cannot close before it opens.")
        problems.append(Problem(row.number, heading, in_words("closed_on", closed), message))
    return problems


def _final(row: Row, key: str) -> Any:
    return row.values.get(key, getattr(row.organization, key, None))


def _changes(row: Row) -> list[Change]:
    if row.organization is None:
        return []
    return [
        Change(key, BY_KEY[key].heading, in_words(key, old), in_words(key, row.values[key]))
        for key in FIELDS
        if key in row.values and row.values[key] != (old := getattr(row.organization, key))
    ]


def in_words(key: str, value: Any) -> str:
    """Return a stored value as a person reads it."""
    if value is None:
        return ""
    if key == "kind":
        return str(Organization.Kind(value).label)
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value)


def _of_whole(row: Row, message: str | Promise) -> Problem:
    return Problem(row.number, "", row.cells.get("code", ""), message)


NO_KEY = _(
    "There is neither a code nor both INN and KPP: the organisation could not be recognised when "
    "the table is loaded again."
)
