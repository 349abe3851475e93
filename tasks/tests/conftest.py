"""Days around today, schools by the dozen, one task and who answers for it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import person
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation
from tasks.models import Task


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


@pytest.fixture
def task(sent, region) -> Task:
    return Task.objects.get(
        executor=region.school_1, recommendation__text__startswith="Разработать"
    )


@pytest.fixture
def report_url(task) -> str:
    return reverse("tasks:task_report", args=[task.pk])


@pytest.fixture
def galina(region):
    """Galina answers for school 1 together with Sergey."""
    return person("Galinina", (region.school_1, Role.EXECUTOR))


@pytest.fixture
def state(task):
    """Reread the task: ``state()`` gives its status."""

    def status() -> str:
        task.refresh_from_db()
        return task.status

    return status


@pytest.fixture
def recommendation(sent) -> Recommendation:
    """«Разработать программу наставничества», until 1 October 2026, to three schools."""
    return Recommendation.objects.get(text__startswith="Разработать")


@pytest.fixture
def task_of(recommendation):
    """``task_of(region.school_1)`` is its task of that recommendation."""
    return lambda executor: Task.objects.get(recommendation=recommendation, executor=executor)
