"""A table as data: what a list, a grid or a report is before a file is made of it.

A table says what its cells *are* (text, number, day, share), not how they look: the writers of
``dashboards.exports`` keep the types, so that a spreadsheet sorts days as days and never drops the
zeros an ИНН begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.lists import ListFilter

Kind = Literal["text", "number", "date", "percent"]
# None is an empty cell. A share is a fraction: 0.75 is shown as 75 %.
Cell = str | int | float | date | Promise | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what its cells are, its width in signs of the usual size."""

    title: str | Promise
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading; ``rows`` are read once, one after another.

    ``notes`` stand between the title and the columns: the day, the conditions in words, that the
    data are invented. ``totals`` are rows that stand below, in bold, outside the filter. ``sheet``
    names the sheet of a workbook, where the title is too long for a name.
    """

    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Row]
    totals: Sequence[Row] = field(default=())
    sheet: str = ""


def notes_of(on: date, filterset: ListFilter | None = None, *, invented: bool) -> list[str]:
    """Return the lines under the title of every export.

    The day, each condition of the filter in words (or why nothing is shown), and for demonstration
    data that they are ``invented``. A printed list is useless to whoever does not know these.
    """
    notes = [_("As of %(date)s") % {"date": date_format(on, "d.m.Y")}]
    if filterset is not None:
        notes += conditions_in_words(filterset) or [_("Without conditions: everything in reach")]
    if invented:
        notes.append(demonstration_notice())
    return notes


def demonstration_notice() -> str:
    """Return the sentence that stands wherever invented data are shown."""
    return _("Demonstration data: what is said here about the execution is invented.")


def conditions_in_words(filterset: ListFilter) -> list[str]:
    """Return the conditions that are set: «Муниципалитет: Озёрный район»."""
    form: forms.Form = filterset.form
    if not form.is_valid():
        wrong = [
            f"{capfirst(form[name].label)}: {error}"
            for name, errors in form.errors.items()
            for error in errors
        ]
        return [_("This condition makes no sense, so nothing is shown:"), *wrong]
    return [": ".join(filter(None, (chip.label, chip.words))) for chip in filterset.chips]
