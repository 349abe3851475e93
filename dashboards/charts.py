"""The geometry of charts, for templates that draw them as SVG; every chart has its table.

Widths and places are attributes, so that the Content-Security-Policy needs no inline style; the
colours are classes of the stylesheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboards.history import Moment

WIDTH, HEIGHT = 700, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 606, 20, 190
LABELS = 6  # of the time axis, at most
APART = 16  # two labels closer than this would cover each other


@dataclass(frozen=True, slots=True)
class Tick:
    """A line or a word on an axis."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class CourseChart:
    """Two lines over time: sent, and completed; ``points`` of the template's polylines."""

    sent: str
    completed: str
    rows: list[Tick]
    days: list[Tick]
    sent_end: float
    completed_end: float
    last: Moment
    moments: list[Moment] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM

    @property
    def sent_label(self) -> float:
        """Where the words at the end of the upper line stand: clear of the lower ones."""
        return min(self.sent_end, self.completed_end - APART) + 4

    @property
    def completed_label(self) -> float:
        """Where the words at the end of the lower line stand."""
        return self.completed_end + 4


def course_chart(moments: list[Moment]) -> CourseChart | None:
    """Return what draws the course of the tasks; None where there is nothing to compare yet."""
    if len(moments) < 2:
        return None
    top = _round_up(max(max(each.sent, each.completed) for each in moments))
    first, last = moments[0].day, moments[-1].day
    span = (last - first).days or 1

    def across(moment: Moment) -> float:
        return round(LEFT + (RIGHT - LEFT) * (moment.day - first).days / span, 1)

    def up(count: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)

    return CourseChart(
        " ".join(f"{across(each)},{up(each.sent)}" for each in moments),
        " ".join(f"{across(each)},{up(each.completed)}" for each in moments),
        [Tick(up(top * part / 4), _short(top * part / 4)) for part in range(5)],
        [Tick(across(each), f"{each.day:%d.%m.%y}") for each in spread(moments, LABELS)],
        up(moments[-1].sent),
        up(moments[-1].completed),
        moments[-1],
        moments,
    )


def spread(moments: Sequence[Moment], count: int) -> list[Moment]:
    """Return at most ``count`` of the moments, evenly apart, the first and the last among them."""
    steps = min(count, len(moments)) - 1
    return [moments[round(place * (len(moments) - 1) / steps)] for place in range(steps + 1)]


def _round_up(count: int) -> int:
    """Return the next number that parts into four round ones: 4, 8, 12, 20, 40, 48, 60, 80 …."""
    unit = 4
    while True:
        for tenths in (10, 12, 15, 20, 25, 30, 40, 50, 60, 80):
            top, rest = divmod(unit * tenths, 10)
            if top >= count and not rest and top % 4 == 0:
                return top
        unit *= 10


def _short(count: float) -> str:
    return f"{count:,.0f}".replace(",", "\u202f")
