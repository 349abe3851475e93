"""Months, quarters and school years as the columns of a grid."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

ROMAN = ("I", "II", "III", "IV")
LAST_MONTH = date.max.year * 12 + 11


class Grain(TextChoices):
    """How long the periods are."""

    MONTH = "month", gettext_lazy("Months")
    QUARTER = "quarter", gettext_lazy("Quarters")
    SCHOOL_YEAR = "school_year", gettext_lazy("School years")


@dataclass(frozen=True, slots=True)
class Measure:
    """How many months a period lasts and with which it begins; how many are shown, how many past.

    The numbers shown fit a screen of 1440 px and a landscape A4 without scrolling.
    """

    months: int
    first: int
    shown: int
    past: int


MEASURES = {
    Grain.MONTH: Measure(months=1, first=0, shown=12, past=5),
    Grain.QUARTER: Measure(months=3, first=0, shown=8, past=3),
    # From 1 September, as the deadlines in resolutions mean it.
    Grain.SCHOOL_YEAR: Measure(months=12, first=8, shown=6, past=3),
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, a quarter or a school year; ``start`` is its first month, counted from year 0."""

    start: int
    grain: Grain = Grain.MONTH

    @classmethod
    def of(cls, day: date, grain: Grain) -> Period:
        """Return the period in which the day lies."""
        measure = MEASURES[grain]
        month = day.year * 12 + day.month - 1 - measure.first
        return cls(month // measure.months * measure.months + measure.first, grain)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.start // 12, self.start % 12 + 1, 1) if self.start >= 12 else date.min

    @property
    def last(self) -> date:
        """The last day."""
        month = min(self.start + MEASURES[self.grain].months - 1, LAST_MONTH)
        year, index = divmod(month, 12)
        return date(year, index + 1, monthrange(year, index + 1)[1])

    @property
    def heading(self) -> tuple[str, str]:
        """Two short lines over a column: «окт», «2026»."""
        if self.grain == Grain.MONTH:
            return date_format(self.first, "b"), str(self.first.year)
        if self.grain == Grain.QUARTER:
            quarter = ROMAN[self.first.month // 3]
            return pgettext("column", "Q %(number)s") % {"number": quarter}, str(self.first.year)
        return _school_year(self.first.year, 100), pgettext("column", "school year")

    @property
    def name(self) -> str:
        """The whole name, as it begins a line: «Октябрь 2026», «IV квартал 2026»."""
        year = self.first.year
        if self.grain == Grain.MONTH:
            return date_format(self.first, "F Y")
        if self.grain == Grain.QUARTER:
            quarter = ROMAN[self.first.month // 3]
            return _("Quarter %(number)s of %(year)s") % {"number": quarter, "year": year}
        return _("School year %(years)s") % {"years": _school_year(year, 10_000)}


def _school_year(year: int, modulus: int) -> str:
    return f"{year}/{(year + 1) % modulus:02d}"


@dataclass(frozen=True, slots=True)
class Span:
    """From which day to which; None where nothing says it."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the day lies within."""
        return (self.first or date.min) <= day <= (self.last or date.max)


# As many columns as are still looked through with the eye: three years of months.
MOST = 36


@dataclass(frozen=True, slots=True)
class Choice:
    """The periods to show, and the days of those before and after them that have tasks."""

    periods: Sequence[Period]
    earlier: Span | None
    later: Span | None
    is_cut: bool = False  # there are more within the days typed


def chosen_periods(grain: Grain, asked: Span, days: Iterable[date], today: date) -> Choice:
    """Choose the periods to show of those in which tasks are due; at least one.

    ``asked`` are the days a person typed, ``days`` those on which tasks are due. Where nothing is
    typed it is what lies around today. What is typed is shown whole, up to ``MOST`` periods.
    """
    due = set(days)
    # Of the few months, not of the many days in them.
    all_periods = sorted({Period.of(day, grain) for day in {day.replace(day=1) for day in due}})
    typed = asked.first or asked.last
    if typed:
        within = sorted({Period.of(day, grain) for day in due if asked.holds(day)})
        shown = within[:MOST] if asked.first else within[-MOST:]
        shown = shown or [Period.of(typed, grain)]
    else:
        now = Period.of(today, grain)
        within = shown = _around(now, sorted({*all_periods, now}))
    before = [each for each in all_periods if each < shown[0]]
    after = [each for each in all_periods if each > shown[-1]]
    step = MEASURES[grain].shown
    return Choice(shown, _span(before[-step:]), _span(after[:step]), len(shown) < len(within))


def _around(now: Period, periods: list[Period]) -> list[Period]:
    """Return as many as fit a screen: some past ones, the current one, those to come."""
    measure = MEASURES[now.grain]
    start = max(0, min(periods.index(now) - measure.past, len(periods) - measure.shown))
    return periods[start : start + measure.shown]


def _span(periods: Sequence[Period]) -> Span | None:
    return Span(periods[0].first, periods[-1].last) if periods else None
