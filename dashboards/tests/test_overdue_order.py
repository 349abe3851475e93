"""The order of what is late: alike on the page, on paper and in the file, over all pages."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from conftest import person
from dashboards.overdue import open_tasks
from dashboards.overdue.order import worst_first
from dashboards.views.overdue import overdue_filter
from organizations.models import Organization
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks.counting import holds_for
from tasks.models import Task

URL = "/overdue/"
K = Organization.Kind
WHO = ("olga", "maria", "kira")


@pytest.fixture
def kira(region):
    """Kira observes Riverside and one kindergarten of Lakeside, and answers for a school there."""
    return person(
        "Kirina",
        (region.riverside, Role.OBSERVER),
        (region.kindergarten, Role.METHODIST),
        (region.school_1, Role.EXECUTOR),
    )


@pytest.fixture(params=[1, *(pytest.param(each, marks=pytest.mark.once) for each in (2, 3))])
def crowd(request, region):
    """Three districts and what stands outside; days and numbers of tasks that tie again and again.

    The third district has the name of the second, and schools of the same name stand in both.
    """
    random = Random(request.param)  # noqa: S311  # the same tasks in every run
    twin = OrganizationFactory(
        kind=K.MUNICIPAL_AUTHORITY, name=region.riverside.name, parent=region.department
    )
    executors = [region.school_1, region.kindergarten, region.boarding_school, region.institute]
    for parent in (region.lakeside, region.riverside, twin):
        executors += [OrganizationFactory(name=f"Школа № {n}", parent=parent) for n in (2, 10, 10)]
    resolution = Resolution.objects.create(
        title="Резолюция", issuer=region.department, status="ON_CONTROL", sent_at=timezone.now()
    )
    section = Section.objects.create(resolution=resolution, heading="Школам", position=1)
    today, tasks = timezone.localdate(), []
    for place, theme in enumerate(("Наставничество", "", "Наставничество", "Питание"), start=1):
        recommendation = Recommendation.objects.create(
            section=section, position=place, text="Сделать.", theme=theme
        )
        for executor in executors:
            days = random.choice([None, 3, 1, 0, -1, -1, -2, -2, -7])
            tasks.append(
                Task(
                    recommendation=recommendation,
                    executor=executor,
                    due_on=None if days is None else today + timedelta(days=days),
                    status=random.choice(["ASSIGNED", "IN_PROGRESS", "REWORK"]),
                    opened_at=random.choice([None, timezone.now()]),
                )
            )
    Task.objects.bulk_create(tasks)
    return resolution


def conditions_of(region, resolution):
    """What the page is narrowed to, one after another."""
    return (
        {},
        {"municipality": region.lakeside.pk},
        {"municipality": region.riverside.pk},
        {"municipality": "null"},
        {"resolution": resolution.slug},
        {"theme": "Наставничество"},
        {"delay": 1},
        {"unopened": "on"},
        {"organization": "школа 10"},
        {"unopened": "on", "delay": 0, "theme": "Наставничество"},
    )


def late_by_hand(person, **conditions):
    """What is late within the person's reach, sorted as people would; conditions in Python."""
    today = timezone.localdate()
    tasks = [
        task
        for task in Task.objects.visible_to(person).select_related(
            "executor__municipality", "recommendation__section__resolution"
        )
        if task.is_overdue(today) and _is_meant(task, today, **conditions)
    ]
    in_municipality = Counter(task.executor.municipality_id for task in tasks)
    oldest = {}
    for task in tasks:
        days = [task.due_on, oldest.get(task.executor_id, task.due_on)]
        oldest[task.executor_id] = min(days)

    def turn(task):
        district = task.executor.municipality
        return (
            district is None,
            -in_municipality[task.executor.municipality_id],
            *((district.sort_key, district.pk) if district else ("", 0)),
            oldest[task.executor_id],
            task.executor.sort_key,
            task.executor_id,
            task.due_on,
            task.pk,
        )

    return sorted(tasks, key=turn)


def _is_meant(task, today, **conditions):
    municipality = {"null": None}.get(
        conditions.get("municipality"), conditions.get("municipality")
    )
    return (
        ("municipality" not in conditions or task.executor.municipality_id == municipality)
        and ("theme" not in conditions or task.recommendation.theme == conditions["theme"])
        and (today - task.due_on).days > conditions.get("delay", 0)
        and not ("unopened" in conditions and task.opened_at)
        and not ("organization" in conditions and "№ 10" not in task.executor.name)
    )


def keys_shown(context):
    groups = context["groups"]
    rows = [row for group in groups for own in group.organizations for row in own.rows]
    return [row.task.pk for row in rows]


def shown_to(reader, client, conditions):
    """The keys on all pages, on paper and in the file, each in its order."""
    first = client.get(URL, conditions).context["page"]
    pages = []
    for number in first.paginator.page_range:
        pages += keys_shown(client.get(URL, {**conditions, "page": number}).context)
    paper = keys_shown(client.get(reverse("dashboards:overdue_print"), conditions).context)
    asked = RequestFactory().get(URL, conditions)
    asked.user = reader
    filed = worst_first(overdue_filter(asked).late(timezone.localdate()))
    return pages, paper, list(filed.values_list("pk", flat=True))


@pytest.mark.parametrize("who", WHO)
def test_pages_paper_and_file_hold_every_late_task_once_in_one_order(
    crowd, signed_in, request, region, monkeypatch, who
):
    monkeypatch.setattr("dashboards.views.overdue.PAGE_SIZE", 7)
    reader = request.getfixturevalue(who)
    client = signed_in(reader)
    for conditions in conditions_of(region, crowd):
        expected = [task.pk for task in late_by_hand(reader, **conditions)]
        assert shown_to(reader, client, conditions) == (expected, expected, expected), conditions


@pytest.mark.parametrize("few", [open_tasks.FEW, 0])
@pytest.mark.parametrize("who", WHO)
def test_figures_are_those_counted_by_hand(
    crowd, signed_in, request, region, who, few, monkeypatch
):
    """Of few organisations from what the page knows of each, of many by a question of its own."""
    monkeypatch.setattr(open_tasks, "FEW", few)
    reader = request.getfixturevalue(who)
    client, today = signed_in(reader), timezone.localdate()
    for conditions in conditions_of(region, crowd):
        late = late_by_hand(reader, **conditions)
        context = client.get(URL, conditions).context
        found = context["figures"]
        assert found.overdue == len(late), conditions
        assert context["late"].organizations == len({task.executor_id for task in late})
        assert found.unopened == sum(task.opened_at is None for task in late)
        assert found.days == max(((today - task.due_on).days for task in late), default=0)
        # Kira observes Riverside and answers for a school: she may remind one kindergarten.
        own = [task for task in late if who != "kira" or task.executor == region.kindergarten]
        assert context["late"].remindable == len({task.executor_id for task in own})


def test_whose_reach_is_whole_places_is_answered_from_counts(region, olga, maria, kira):
    """So that the tests above walk both ways."""
    assert [holds_for(each) for each in (olga, maria, kira)] == [True, True, False]


def test_school_2_stands_before_school_10(crowd, signed_in, maria, region):
    Task.objects.update(due_on=timezone.localdate() - timedelta(days=1), status="ASSIGNED")
    (group,) = signed_in(maria).get(URL).context["groups"]
    names = [str(own.executor.organization) for own in group.organizations]
    assert names.index("Школа № 2") < names.index("Школа № 10")
