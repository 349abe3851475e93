"""Breakdowns in tables: the columns of a summary, each figure with the list it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from organizations.addresses import narrowed
from organizations.templatetags.look import grouped
from tasks.breakdown import Breakdown
from tasks.filters import list_url

register = template.Library()

_LATE = SafeString(' class="due-late"')


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


def cells_of(breakdown: Breakdown, conditions: dict[str, Any]) -> list[Cell]:
    """Return the figures of a row in the order of the columns, the sum first."""
    address = list_url(**conditions)
    return [
        Cell(name, str(label), getattr(breakdown, name), narrowed(address, f"state={name}"))
        for name, label in PART_LABELS.items()
    ]


def shares_of(breakdown: Breakdown, conditions: dict[str, Any]) -> list[Share]:
    """Return what is completed of all, and what is in time of all that is known to be or not."""
    address = list_url(**conditions)
    done = Share(
        pgettext("part", "Share completed"),
        breakdown.done,
        breakdown.counted,
        breakdown.percent_done,
        narrowed(address, "state=counted"),
    )
    in_time = Share(
        pgettext("part", "Share in time"),
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
    cells = [_cell(each) for each in cells_of(breakdown, conditions)]
    shares = [_share(each) for each in shares_of(breakdown, conditions)]
    return mark_safe("".join([*cells, *shares]))  # noqa: S308  # each is escaped


def _cell(cell: Cell) -> SafeString:
    if not cell.count:
        empty = '<td class="r zero" data-label="{}"><span class="soft">0</span></td>'
        return format_html(empty, cell.label)
    css = _LATE if cell.name == "overdue" else ""
    return format_html(
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
        return format_html(empty, share.label)
    numbers = {"done": grouped(share.count), "total": grouped(share.whole)}
    words = _("%(done)s of %(total)s") % numbers
    return format_html(
        '<td class="r nowrap" data-label="{}"><b>{} %</b>'
        '<div class="xs"><a data-figure="share" href="{}">{}</a></div></td>',
        share.label,
        share.percent,
        share.url,
        words,
    )


@register.inclusion_tag("components/share_bar.html")
def share_bar(breakdown: Breakdown, **conditions: Any) -> dict[str, Any]:
    """Show what is in time of what is completed or overdue as a bar; at least one must be."""
    share = shares_of(breakdown, conditions)[1]
    return {
        "share": share,
        "width": f"{share.count * 100 / share.whole:.2f}%",
        "spoken": _("%(count)s of %(total)s in time")
        % {"count": share.count, "total": share.whole},
    }


@register.inclusion_tag("components/part_list.html")
def part_list(breakdown: Breakdown, **conditions: Any) -> dict[str, Any]:
    """Show the parts that are not empty as one line of words and numbers."""
    cells = cells_of(breakdown, conditions)[1:]
    return {"cells": [each for each in cells if each.count]}
