"""Days, as people type them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from organizations.fields import DayField


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("25.12.2026", date(2026, 12, 25)),
        ("25.12.26", date(2026, 12, 25)),
        ("2026-12-25", date(2026, 12, 25)),
        ("14.01.1701", date(1701, 1, 14)),
    ],
)
def test_a_day_is_understood(typed, day):
    assert DayField().clean(typed) == day


@pytest.mark.parametrize("typed", ["31.12.9999", "01.01.0001", "31.02.2026", "завтра"])
def test_what_is_no_day_is_told(typed):
    """«31.12.9999» says that there is no deadline: an empty field does."""
    with pytest.raises(ValidationError):
        DayField().clean(typed)
