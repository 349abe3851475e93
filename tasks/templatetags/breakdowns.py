"""Breakdowns in tables: the columns of a summary, each figure with the list it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from organizations.addresses import narrowed
from organizations.templatetags.look import filled, grouped
from tasks.breakdown import Breakdown
from tasks.filters import list_url

register = template.Library()

_LATE = SafeString(' class="due-late"')
_BAR = (
    '<div class="d-flex justify-content-between small mb-1"><a data-figure="share" href="{}">{}</a>'
    '<b class="num">{} %</b></div><svg class="bar bar-l" role="img" aria-label="{}">'
    '<rect class="b-overdue" width="100%" height="100%"></rect>'
    '<rect class="b-gap" width="{}" height="100%"></rect>'
    '<rect class="b-done" width="{}" height="100%"></rect></svg>'
)


# The headings of the columns, whole enough to stand alone on a card.
PART_LABELS = {
    "counted": pgettext_lazy("part", "All"),
    "in_time": pgettext_lazy("part", "Completed in time"),
    "late": pgettext_lazy("part", "Completed late"),
    "waiting": pgettext_lazy("part", "Awaiting acceptance"),
    "running": pgettext_lazy("part", "In work, not due yet"),
    "overdue": pgettext_lazy("part", "Overdue"),
    "returned": pgettext_lazy("part", "Returned, not overdue"),
    "open_ended": pgettext_lazy("part", "In work without a deadline"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a row, ready to show."""

    name: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Share:
    """«10 из 12» and its percentage; the link opens the whole, the twelve."""

    label: str
    count: int
    whole: int
    percent: int
    url: str


# The shares after them.
SHARE_LABELS = {
    "done": pgettext_lazy("part", "Share completed"),
    "judged": pgettext_lazy("part", "Share in time"),
}


@cache
def _labels(_language: str | None) -> dict[str, str]:
    """Return the headings in the language in use: a page has three hundred cells with theirs."""
    return {name: str(label) for name, label in (PART_LABELS | SHARE_LABELS).items()}


def cells_of(breakdown: Breakdown, conditions: dict[str, Any]) -> list[Cell]:
    """Return the figures of a row in the order of the columns, the sum first."""
    return _cells_of(breakdown, list_url(**conditions))


def _cells_of(breakdown: Breakdown, address: str) -> list[Cell]:
    labels = _labels(get_language())
    return [
        Cell(name, labels[name], getattr(breakdown, name), narrowed(address, f"state={name}"))
        for name in PART_LABELS
    ]


def shares_of(breakdown: Breakdown, conditions: dict[str, Any]) -> list[Share]:
    """Return what is completed of all, and what is in time of all that is known to be or not."""
    return _shares_of(breakdown, list_url(**conditions))


def _shares_of(breakdown: Breakdown, address: str) -> list[Share]:
    labels = _labels(get_language())
    done = Share(
        labels["done"],
        breakdown.done,
        breakdown.counted,
        breakdown.percent_done,
        narrowed(address, "state=counted"),
    )
    in_time = Share(
        labels["judged"],
        breakdown.in_time,
        breakdown.judged,
        breakdown.percent_in_time,
        narrowed(address, "state=judged"),
    )
    return [done, in_time]


@register.inclusion_tag("components/part_heads.html")
def part_heads(first: str) -> dict[str, Any]:
    """Show the heads of the columns; ``first`` is that of the column before them."""
    return {"first": first}


@register.simple_tag
def part_cells(breakdown: Breakdown, **conditions: Any) -> SafeString:
    """Show a row's figures: the sum, its parts and two shares, each a link to what it counts.

    ``conditions`` say of which tasks. Fifty rows are five hundred cells: no template for each.
    """
    address = list_url(**conditions)
    cells = [_cell(each) for each in _cells_of(breakdown, address)]
    shares = [_share(each) for each in _shares_of(breakdown, address)]
    return SafeString("".join([*cells, *shares]))


def _cell(cell: Cell) -> SafeString:
    if not cell.count:
        empty = '<td class="r zero" data-label="{}"><span class="soft">0</span></td>'
        return filled(empty, cell.label)
    css = _LATE if cell.name == "overdue" else ""
    return filled(
        '<td class="r" data-label="{}"><a{} data-figure="{}" href="{}">{}</a></td>',
        cell.label,
        css,
        cell.name,
        cell.url,
        grouped(cell.count),
    )


def _share(share: Share) -> SafeString:
    if not share.whole:
        empty = '<td class="r nowrap" data-label="{}"><span class="soft">–</span></td>'
        return filled(empty, share.label)
    numbers = {"done": grouped(share.count), "total": grouped(share.whole)}
    words = _("%(done)s of %(total)s") % numbers
    return filled(
        '<td class="r nowrap" data-label="{}"><b>{} %</b>'
        '<div class="xs"><a data-figure="share" href="{}">{}</a></div></td>',
        share.label,
        share.percent,
        share.url,
        words,
    )


@register.simple_tag
def share_bar(breakdown: Breakdown, **conditions: Any) -> SafeString:
    """Show what is in time of what is completed or overdue as a bar; at least one must be.

    Filled is in time, hatched is late or overdue.
    """
    share = shares_of(breakdown, conditions)[1]
    numbers = {"count": share.count, "total": share.whole}
    width = f"{share.count * 100 / share.whole:.2f}%"
    return filled(
        _BAR,
        share.url,
        _("%(done)s of %(total)s") % {"done": share.count, "total": share.whole},
        share.percent,
        _("%(count)s of %(total)s in time") % numbers,
        width,
        width,
    )


@register.inclusion_tag("components/part_list.html")
def part_list(breakdown: Breakdown, **conditions: Any) -> dict[str, Any]:
    """Show the parts that are not empty as one line of words and numbers."""
    cells = cells_of(breakdown, conditions)[1:]
    return {"cells": [each for each in cells if each.count]}
