"""Statuses and tallies: icon, word, colour; every number opens the list of exactly that length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from organizations.addresses import address, narrowed
from organizations.templatetags.look import filled, grouped, icon
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
# The conditions of each as an address holds them.
QUERIES = {name: urlencode(look.conditions) for name, look in LOOKS.items()}
_COUNTED = "state=counted"
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


def parts_of(tally: Tally, url: str) -> list[Part]:
    """Return the segments that are not empty, in the order of the bar; ``url`` lists all tasks."""
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
                narrowed(url, QUERIES[name]),
                f"{before * scale:.2f}%",
                f"{count * scale:.2f}%",
                gap=_parted(parts, look),
            )
        )
        before += count if look.bar else 0
    return parts


def _bar(parts: list[Part], words: str, css: str = "") -> SafeString:
    """Draw a stacked bar: what is owed in time is hollow, what is late is hatched."""
    drawn = []
    for part in parts:
        if part.look.bar and part.look.bar != "b-open":
            shape = '<rect class="{}" x="{}" width="{}" height="100%"></rect>'
            drawn.append(shape.format(part.look.bar, part.x, part.width))
        if part.gap:
            shape = '<rect class="b-gap" x="{}" width="2" height="100%" transform="{}"></rect>'
            drawn.append(shape.format(part.x, "translate(-1)"))
    rects = mark_safe("".join(drawn))  # noqa: S308  # numbers, and classes from LOOKS
    bar = '<svg class="bar {}" role="img" aria-label="{}">{}</svg>'
    return filled(bar, css, words, rects)


def _figure(tally: Tally, url: str) -> SafeString:
    """Draw «12 из 16» with its share; it opens what counts of the tasks that ``url`` lists."""
    words = _("%(done)s of %(total)s") % {
        "done": grouped(tally.completed),
        "total": grouped(tally.total),
    }
    drawn = '<a class="tally" href="{}"><b>{}</b><span class="soft xs">{} %</span></a>'
    return filled(drawn, narrowed(url, _COUNTED), words, tally.percent)


@register.simple_tag
def tally_mark(tally: Tally, **conditions: Any) -> SafeString:
    """Show «12 из 16» with its bar and what is wrong; ``conditions`` say of which tasks."""
    url = list_url(**conditions)
    parts = parts_of(tally, url)
    rows = [
        filled(
            '<li><a class="plain" href="{}"><span class="st st-line {}">{}{} {}</span></a></li>',
            part.url,
            part.look.css,
            icon(part.look.icon),
            grouped(part.count),
            part.label,
        )
        for part in parts
        if part.name not in QUIET
    ]
    legend = filled('<ul class="legend">{}</ul>', SafeString("".join(rows))) if rows else ""
    if not tally.total:
        return SafeString(legend)
    return filled("{}{}{}", _figure(tally, url), _bar(parts, spoken(tally, parts)), legend)


@register.simple_tag
def tally_short(tally: Tally, **conditions: Any) -> SafeString:
    """Show «12 из 16» with its bar alone."""
    url = list_url(**conditions)
    parts = parts_of(tally, url)
    return filled("{}{}", _figure(tally, url), _bar(parts, spoken(tally, parts)))


@register.inclusion_tag("components/tally_total.html")
def tally_total(tally: Tally, **conditions: Any) -> dict[str, Any]:
    """Show the sum of a page: the figure, a thick bar, and every segment with its number."""
    url = list_url(**conditions)
    parts = parts_of(tally, url)
    return {
        "tally": tally,
        "parts": parts,
        "url": narrowed(url, _COUNTED),
        "bar": _bar(parts, spoken(tally, parts), "bar-l"),
        "today": timezone.localdate(),
    }


@register.simple_tag
def tally_cell(number: str, anchor: int, tally: Tally) -> SafeString:
    """Show a recommendation as one cell of the spine, in its worst state."""
    worst = tally.worst
    look = LOOKS[worst] if worst else None
    drawn: str | SafeString = ""
    if look:
        drawn = icon("check-lg" if look.cell == "k-done" else look.icon)
    return filled(
        '<li><a class="{}" href="#r{}"><span class="num">{}</span>{}'
        '<span class="visually-hidden">{}</span></a></li>',
        look.cell if look else "k-open",
        anchor,
        number or "•",
        drawn,
        segment_label(worst) if worst else "",
    )


@register.simple_tag
def task_status(task: Task, css: str = "") -> SafeString:
    """Show the status of a task as a tag; ``css`` "st-line" leaves out the ground."""
    look = LOOKS[task.status.lower()]
    return _status(f"{look.css} {css}".strip(), look.icon, S(task.status).label)


@register.simple_tag
def report_button(task: Task, css: str) -> SafeString:
    """Show the button that opens the report; its full name says on which recommendation."""
    return filled(
        '<a class="btn {}" href="{}">{}<span class="visually-hidden"> {}</span></a>',
        css,
        address("tasks:task_report", task.pk),
        pgettext("verb", "Report"),
        _("on recommendation %(number)s") % {"number": task.recommendation.printed_number},
    )


@register.simple_tag
def resolution_status(resolution: Resolution) -> SafeString:
    """Show the status of a resolution as a tag."""
    status = Resolution.Status(resolution.status)
    return _status(*RESOLUTION_LOOKS[status], status.label)


def _status(css: str, picture: str, label: object) -> SafeString:
    return filled('<span class="st {}">{}{}</span>', css, icon(picture), label)


def spoken(tally: Tally, parts: list[Part]) -> str:
    """Return what a screen reader says instead of the bar."""
    words = _("%(done)s of %(total)s completed") % {"done": tally.completed, "total": tally.total}
    rest = [f"{part.label} {part.count}" for part in parts if part.name != "completed"]
    return ", ".join([words, *rest])


@register.simple_tag
def task_list_url(**conditions: Any) -> str:
    """Return the address of the list of tasks under these conditions."""
    return list_url(**conditions)
