"""Months, quarters and school years: where they begin and end, and which of them are shown."""

from datetime import date

import pytest
from django.utils import translation

from dashboards.grids.periods import MOST, Grain, Period, Span, chosen_periods

TODAY = date(2026, 11, 15)
MONTH, QUARTER, SCHOOL_YEAR = Grain.MONTH, Grain.QUARTER, Grain.SCHOOL_YEAR


@pytest.mark.parametrize(
    ("day", "grain", "first", "last"),
    [
        (date(2026, 2, 28), MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 1), MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 31), MONTH, date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 1, 1), QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 8, 31), SCHOOL_YEAR, date(2025, 9, 1), date(2026, 8, 31)),
        (date(2026, 9, 1), SCHOOL_YEAR, date(2026, 9, 1), date(2027, 8, 31)),
        (date(9999, 12, 31), SCHOOL_YEAR, date(9999, 9, 1), date(9999, 12, 31)),
        (date(1, 1, 1), SCHOOL_YEAR, date(1, 1, 1), date(1, 8, 31)),
    ],
)
def test_the_days_of_a_period(day, grain, first, last):
    period = Period.of(day, grain)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("grain", "name", "heading"),
    [
        (MONTH, "Ноябрь 2026", ("ноя", "2026")),
        (QUARTER, "IV квартал 2026", ("IV кв.", "2026")),
        (SCHOOL_YEAR, "Учебный год 2026/2027", ("2026/27", "уч. год")),
    ],
)
def test_how_a_period_is_called(grain, name, heading):
    with translation.override("ru"):
        period = Period.of(TODAY, grain)
        assert (period.name, period.heading) == (name, heading)


def days(*months: int) -> list[date]:
    """A day in each of the months, counted from the current one."""
    start = TODAY.year * 12 + TODAY.month - 1
    return [date((start + each) // 12, (start + each) % 12 + 1, 10) for each in months]


def shown(choice) -> list[date]:
    return [period.first for period in choice.periods]


def firsts(*months: int) -> list[date]:
    return [day.replace(day=1) for day in days(*months)]


class TestWhichPeriodsAreShown:
    def test_those_in_which_something_is_due_and_the_current_one(self):
        choice = chosen_periods(MONTH, Span(), days(-30, 2), TODAY)
        assert shown(choice) == firsts(-30, 0, 2)
        assert (choice.earlier, choice.later, choice.is_cut) == (None, None, False)

    def test_the_current_one_where_nothing_is_due(self):
        assert shown(chosen_periods(MONTH, Span(), [], TODAY)) == firsts(0)

    def test_twelve_months_around_today(self):
        choice = chosen_periods(MONTH, Span(), days(*range(-20, 21)), TODAY)
        assert shown(choice) == firsts(*range(-5, 7))
        assert choice.earlier == Span(firsts(-17)[0], date(2026, 5, 31))
        assert choice.later == Span(firsts(7)[0], date(2028, 5, 31))

    def test_the_last_twelve_where_all_is_past(self):
        choice = chosen_periods(MONTH, Span(), days(*range(-40, -9)), TODAY)
        assert shown(choice) == [*firsts(*range(-20, -9)), *firsts(0)]
        assert choice.later is None

    def test_what_is_typed_from_day_to_day(self):
        choice = chosen_periods(
            MONTH, Span(date(2026, 12, 11), date(2027, 3, 31)), days(1, 2, 3, 4, 5), TODAY
        )
        assert shown(choice) == firsts(2, 3, 4)  # the 10th of December is before the 11th

    def test_what_is_typed_even_if_nothing_is_due_then(self):
        choice = chosen_periods(MONTH, Span(date(2030, 1, 5), None), days(0), TODAY)
        assert shown(choice) == [date(2030, 1, 1)]
        assert choice.earlier == Span(date(2026, 11, 1), date(2026, 11, 30))

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            (Span(date(2020, 1, 1), date(2032, 1, 1)), range(-50, -50 + MOST)),
            (Span(None, date(2032, 1, 1)), range(51 - MOST, 51)),
        ],
    )
    def test_no_more_than_can_be_looked_through(self, asked, expected):
        choice = chosen_periods(MONTH, asked, days(*range(-50, 51)), TODAY)
        assert shown(choice) == firsts(*expected)
        assert choice.is_cut
