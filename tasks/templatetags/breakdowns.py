"""Breakdowns in tables: the columns of a summary, each figure with the list it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tasks.breakdown import Breakdown
from tasks.filters import list_url

register = template.Library()

COMPLETED = ("in_time", "late")
OPEN = ("running", "overdue", "returned", "open_ended")


def part_label(name: str) -> str:
    """Return the heading of the column of one part, whole enough to stand alone on a card."""
    return {
        "counted": pgettext("part", "All"),
        "in_time": pgettext("part", "Completed in time"),
        "late": pgettext("part", "Completed late"),
        "waiting": pgettext("part", "Awaiting acceptance"),
        "running": pgettext("part", "In work, not due yet"),
        "overdue": pgettext("part", "Overdue"),
        "returned": pgettext("part", "Returned, not overdue"),
        "open_ended": pgettext("part", "In work without a deadline"),
    }[name]


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
    return [
        Cell(
            name,
            part_label(name),
            getattr(breakdown, name),
            list_url(**conditions, state=name),
        )
        for name in ("counted", *COMPLETED, "waiting", *OPEN)
    ]


def shares_of(breakdown: Breakdown, conditions: dict[str, Any]) -> list[Share]:
    """Return what is completed of all, and what is in time of all that is known to be or not."""
    done = Share(
        pgettext("part", "Share completed"),
        breakdown.done,
        breakdown.counted,
        breakdown.percent_done,
        list_url(**conditions, state="counted"),
    )
    in_time = Share(
        pgettext("part", "Share in time"),
        breakdown.in_time,
        breakdown.judged,
        breakdown.percent_in_time,
        list_url(**conditions, state="judged"),
    )
    return [done, in_time]


@register.inclusion_tag("components/part_heads.html")
def part_heads(first: str) -> dict[str, Any]:
    """Show the heads of the columns; ``first`` is that of the column before them."""
    return {"first": first}


@register.inclusion_tag("components/part_cells.html")
def part_cells(breakdown: Breakdown, **conditions: Any) -> dict[str, Any]:
    """Show a row's figures; ``conditions`` say of which tasks."""
    return {
        "cells": cells_of(breakdown, conditions),
        "shares": shares_of(breakdown, conditions),
    }


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
