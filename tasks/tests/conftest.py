"""Days around today, and schools by the dozen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.tests.factories import OrganizationFactory


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def day(today):
    """``day(3)`` is in three days, ``day(-1)`` was yesterday."""
    return lambda count: today + timedelta(days=count)


@pytest.fixture
def many_schools(region):
    """``many_schools(30)`` opens thirty schools in Lakeside."""
    return lambda count: OrganizationFactory.create_batch(count, parent=region.lakeside)
