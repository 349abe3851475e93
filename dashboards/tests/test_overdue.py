"""The page of what is overdue: figures, territories, rows, and what they open."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tasks import workflow
from tasks.filters import list_url
from tasks.models import Task

URL = "/overdue/"
EVERYBODY = ["olga", "maria", "pavel", "nina", "sergey"]


@pytest.fixture
def late(sent, region, sergey):
    """Two schools of Lakeside late by 12 days and by one, one of Riverside due in 3 days."""
    today = timezone.localdate()
    due = {region.school_1: -12, region.school_2: -1, region.school_3: 3, region.lakeside: 30}
    for organization, days in due.items():
        Task.objects.filter(executor=organization).update(due_on=today + timedelta(days=days))
    first = Task.objects.filter(executor=region.school_1).order_by("pk").first()
    workflow.mark_opened(first, sergey)
    Task.objects.create(
        recommendation=first.recommendation,
        executor=region.boarding_school,
        due_on=today - timedelta(days=5),
    )
    return first


def figures(client, **conditions):
    return client.get(URL, conditions).context["figures"]


def test_the_three_figures(late, signed_in, olga):
    found = figures(signed_in(olga))
    assert (found.overdue, found.organizations, found.days) == (5, 3, 12)
    assert (found.unopened, found.soon, found.reported) == (4, 2, 0)


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_number_is_the_length_of_the_list_it_opens(
    late, signed_in, request, name, numbers_of, sent, region
):
    client = signed_in(request.getfixturevalue(name))
    checked = 0
    for conditions in ({}, {"resolution": sent.slug}, {"municipality": region.lakeside.pk}):
        for address, number in numbers_of(client.get(URL, conditions)):
            assert client.get(address).context["page"].paginator.count == number, address
            checked += 1
    assert checked > 6


def test_a_methodist_sees_who_is_late_in_her_own_district_and_nobody_else(
    late, signed_in, maria, region
):
    (group,) = signed_in(maria).get(URL).context["groups"]
    assert group.territory.municipality == region.lakeside
    assert [rows.organization for rows in group.organizations] == [region.school_1, region.school_2]
    assert [len(rows.tasks) for rows in group.organizations] == [2, 2]


def test_the_worst_territory_is_first_and_what_stands_outside_last(late, signed_in, olga, region):
    groups = signed_in(olga).get(URL).context["groups"]
    assert [group.territory.municipality for group in groups] == [region.lakeside, None]
    assert [group.territory.tasks for group in groups] == [4, 1]


def test_those_outside_can_be_looked_at_alone(late, signed_in, olga, region):
    client = signed_in(olga)
    assert figures(client, municipality="null").overdue == 1
    (group,) = client.get(URL, {"municipality": "null"}).context["groups"]
    assert group.organizations[0].organization == region.boarding_school


def test_due_today_is_not_overdue(late, signed_in, olga):
    Task.objects.update(due_on=timezone.localdate())
    found = figures(signed_in(olga))
    assert (found.overdue, found.soon) == (0, Task.objects.count())


def test_open_tasks_by_executor_count_by_urgency(late, signed_in, olga, region):
    Task.objects.filter(executor=region.school_2).update(due_on=None)
    rows = {row["executor"]: row for row in signed_in(olga).get(URL).context["executors"]}
    counts = ("owed", "overdue", "soon", "later", "undated")
    assert [rows[region.school_1.pk][name] for name in counts] == [2, 2, 0, 0, 0]
    assert [rows[region.school_2.pk][name] for name in counts] == [2, 0, 0, 0, 2]
    assert [rows[region.school_3.pk][name] for name in counts] == [2, 0, 2, 0, 0]
    assert [rows[region.lakeside.pk][name] for name in counts] == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("conditions", [{"resolution": "no-such"}, {"municipality": "nonsense"}])
def test_a_condition_that_makes_no_sense_is_told(late, signed_in, olga, conditions):
    response = signed_in(olga).get(URL, conditions)
    assert response.status_code == 200
    assert response.context["figures"].overdue == 0
    assert 'role="alert"' in response.content.decode()


def test_a_long_list_comes_in_pages_whose_heads_still_sum_up_the_whole(
    late, signed_in, olga, region
):
    Task.objects.bulk_create(
        [
            Task(
                recommendation=late.recommendation,
                executor=school,
                due_on=timezone.localdate() - timedelta(days=2),
            )
            for school in OrganizationFactory.create_batch(60, parent=region.lakeside)
        ]
    )
    client = signed_in(olga)
    first = client.get(URL).context
    second = client.get(URL, {"page": 2, "executors": 2}).context
    assert len(first["page"]) == 50
    assert first["groups"][0].territory.tasks == second["groups"][0].territory.tasks == 64
    assert len(second["executors"]) == 65 - 50


def test_three_rows_cost_as_much_as_thirty(late, signed_in, olga, queries_of, region):
    client = signed_in(olga)
    few = queries_of(lambda: client.get(URL))
    for _ in range(3):
        district = OrganizationFactory(
            kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
        )
        Task.objects.bulk_create(
            [
                Task(
                    recommendation=late.recommendation,
                    executor=school,
                    due_on=timezone.localdate() - timedelta(days=2),
                )
                for school in OrganizationFactory.create_batch(10, parent=district)
            ]
        )
    assert queries_of(lambda: client.get(URL)) == few


@pytest.mark.parametrize("name", [*EVERYBODY, "tamara", "victor", "anna"])
@pytest.mark.parametrize("stage", ["region", "sent"])
def test_everybody_gets_a_whole_page_and_a_start(signed_in, request, name, stage):
    request.getfixturevalue(stage)
    client = signed_in(request.getfixturevalue(name))
    assert client.get(URL).status_code == 200
    response = client.get("/")
    assert response.status_code == 302
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("olga", "tasks:resolution_list"),
        ("maria", "dashboards:overdue_list"),
        ("pavel", "dashboards:overdue_list"),
        ("nina", "tasks:resolution_list"),
        ("sergey", "tasks:my_organization"),
    ],
)
def test_the_day_begins_on_the_page_of_the_role(signed_in, request, name, page):
    response = signed_in(request.getfixturevalue(name)).get(reverse("dashboards:start"))
    assert response.url == reverse(page)


def test_links_keep_the_conditions_of_the_page(late, signed_in, olga, sent, region):
    page = signed_in(olga).get(URL, {"resolution": sent.slug, "municipality": region.lakeside.pk})
    link = list_url(state="overdue", resolution=sent.slug, municipality=region.lakeside.pk)
    assert link.replace("&", "&amp;") in page.content.decode()
