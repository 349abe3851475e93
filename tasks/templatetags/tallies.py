"""Statuses and tallies: icon, word, colour; every number opens the list of exactly that length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from resolutions.models import Resolution
from tasks.filters import list_url
from tasks.models import Task
from tasks.progress import Tally

register = template.Library()
S = Task.Status


@dataclass(frozen=True, slots=True)
class Look:
    """How a segment is drawn and where it leads: its list's conditions."""

    css: str
    icon: str
    bar: str
    cell: str
    conditions: dict[str, Any]


LOOKS = {
    "completed": Look("st-done", "check-circle-fill", "b-done", "k-done", {"status": S.COMPLETED}),
    "reported": Look(
        "st-reported", "hourglass-split", "b-reported", "k-reported", {"status": S.REPORTED}
    ),
    "rework": Look(
        "st-rework",
        "arrow-counterclockwise",
        "b-rework",
        "k-rework",
        {"status": S.REWORK, "state": "in_term"},
    ),
    "in_progress": Look(
        "st-progress",
        "circle-half",
        "b-open",
        "k-progress",
        {"status": S.IN_PROGRESS, "state": "in_term"},
    ),
    "assigned": Look("", "circle", "b-open", "k-open", {"status": S.ASSIGNED, "state": "in_term"}),
    "overdue": Look(
        "st-overdue", "exclamation-triangle-fill", "b-overdue", "k-overdue", {"state": "overdue"}
    ),
    "not_applicable": Look("st-na", "slash-circle", "", "k-open", {"status": S.NOT_APPLICABLE}),
    "cancelled": Look("st-na", "x-circle", "", "k-open", {"status": S.CANCELLED}),
}


RESOLUTION_LOOKS = {
    Resolution.Status.DRAFT: ("", "pencil"),
    Resolution.Status.ON_CONTROL: ("st-accent", "bookmark-fill"),
    Resolution.Status.OFF_CONTROL: ("st-done", "bookmark-check"),
    Resolution.Status.ARCHIVED: ("", "archive"),
}
# What the margin does not spell out beside "12 of 16": the quiet rest of the bar.
QUIET = ("completed", "assigned", "in_progress")


SEGMENT_LABELS = {
    "completed": pgettext_lazy("tally", "completed"),
    "reported": pgettext_lazy("tally", "awaiting acceptance"),
    "rework": pgettext_lazy("tally", "returned for rework"),
    "in_progress": pgettext_lazy("tally", "in progress"),
    "assigned": pgettext_lazy("tally", "assigned"),
    "overdue": pgettext_lazy("tally", "overdue"),
    "not_applicable": pgettext_lazy("tally", "not applicable"),
    "cancelled": pgettext_lazy("tally", "cancelled"),
}


def segment_label(name: str) -> str:
    """Return the word for the tasks of one segment."""
    return str(SEGMENT_LABELS[name])


@dataclass(frozen=True, slots=True)
class Part:
    """One segment with its number, ready to show."""

    name: str
    label: str
    count: int
    look: Look
    url: str
    x: str
    width: str
    gap: bool


def _parted(before: list[Part], look: Look) -> bool:
    """Whether a gap stands before the segment: not between two hollow ones, nor off the bar."""
    return bool(before and look.bar) and not (before[-1].look.bar == look.bar == "b-open")


def parts_of(tally: Tally, conditions: dict[str, Any]) -> list[Part]:
    """Return the segments that are not empty, in the order of the bar."""
    parts: list[Part] = []
    before = 0
    for name, look in LOOKS.items():
        count = getattr(tally, name)
        if not count:
            continue
        scale = 100 / tally.total if tally.total and look.bar else 0
        parts.append(
            Part(
                name,
                segment_label(name),
                count,
                look,
                list_url(**conditions, **look.conditions),
                f"{before * scale:.2f}%",
                f"{count * scale:.2f}%",
                gap=_parted(parts, look),
            )
        )
        before += count if look.bar else 0
    return parts


def _shown(tally: Tally, conditions: dict[str, Any]) -> dict[str, Any]:
    parts = parts_of(tally, conditions)
    return {
        "tally": tally,
        "parts": parts,
        "notable": [part for part in parts if part.name not in QUIET],
        "url": list_url(**conditions, state="counted"),
        "spoken": spoken(tally, parts),
        "today": timezone.localdate(),
    }


@register.inclusion_tag("components/tally.html")
def tally_mark(tally: Tally, **conditions: Any) -> dict[str, Any]:
    """Show «12 из 16» with its bar and what is wrong; ``conditions`` say of which tasks."""
    return _shown(tally, conditions)


@register.inclusion_tag("components/tally_short.html")
def tally_short(tally: Tally, **conditions: Any) -> dict[str, Any]:
    """Show «12 из 16» with its bar alone."""
    return _shown(tally, conditions)


@register.inclusion_tag("components/tally_total.html")
def tally_total(tally: Tally, **conditions: Any) -> dict[str, Any]:
    """Show the sum of a page: the figure, a thick bar, and every segment with its number."""
    return _shown(tally, conditions)


@register.inclusion_tag("components/cell.html")
def tally_cell(number: str, anchor: int, tally: Tally) -> dict[str, Any]:
    """Show a recommendation as one cell of the spine, in its worst state."""
    worst = tally.worst
    return {
        "number": number,
        "anchor": anchor,
        "look": LOOKS[worst] if worst else None,
        "label": segment_label(worst) if worst else "",
    }


@register.inclusion_tag("components/status.html")
def task_status(task: Task, css: str = "") -> dict[str, Any]:
    """Show the status of a task as a tag; ``css`` "st-line" leaves out the ground."""
    look = LOOKS[task.status.lower()]
    return {
        "css": f"{look.css} {css}".strip(),
        "icon": look.icon,
        "label": task.get_status_display(),
    }


@register.inclusion_tag("components/status.html")
def resolution_status(resolution: Resolution) -> dict[str, Any]:
    """Show the status of a resolution as a tag."""
    css, icon = RESOLUTION_LOOKS[Resolution.Status(resolution.status)]
    return {"css": css, "icon": icon, "label": resolution.get_status_display()}


def spoken(tally: Tally, parts: list[Part]) -> str:
    """Return what a screen reader says instead of the bar."""
    words = _("%(done)s of %(total)s completed") % {"done": tally.completed, "total": tally.total}
    rest = [f"{part.label} {part.count}" for part in parts if part.name != "completed"]
    return ", ".join([words, *rest])


@register.simple_tag
def task_list_url(**conditions: Any) -> str:
    """Return the address of the list of tasks under these conditions."""
    return list_url(**conditions)
