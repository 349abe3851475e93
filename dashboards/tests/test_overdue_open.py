"""What is open by urgency, below what is late: by organisation, or by municipality of a region."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tasks.models import Task

URL = "/overdue/"


@pytest.fixture
def due(sent, region):
    """School 1 is late by 12 days, school 2 without a deadline, school 3 due in 3 days."""
    today = timezone.localdate()
    days = {region.school_1: -12, region.school_2: None, region.school_3: 3, region.lakeside: 30}
    for organization, each in days.items():
        Task.objects.filter(executor=organization).update(
            due_on=None if each is None else today + timedelta(days=each)
        )
    return sent


@pytest.fixture
def many(due, region):
    """Sixty more schools of Riverside: the region has more organisations than are shown."""
    task = Task.objects.filter(executor=region.school_1).first()
    Task.objects.bulk_create(
        Task(
            recommendation=task.recommendation,
            executor=school,
            due_on=timezone.localdate() - timedelta(days=2),
        )
        for school in OrganizationFactory.create_batch(60, parent=region.riverside)
    )
    return due


def counts_of(rows):
    return {
        row.title: [getattr(row.sums, name) for name in ("overdue", "soon", "later", "undated")]
        for row in rows
    }


def test_of_few_organisations_each_is_shown(due, signed_in, olga, region):
    context = signed_in(olga).get(URL).context
    assert context["municipalities"] == []
    rows = list(context["executors"])
    assert counts_of(rows) == {
        "Школа № 1": [2, 0, 0, 0],
        "Школа № 3": [0, 2, 0, 0],
        "Школа № 2": [0, 0, 0, 2],
        region.lakeside.name: [0, 0, 1, 0],
    }
    assert [row.title for row in rows][:2] == ["Школа № 1", "Школа № 3"]
    assert sum(row.sums.owed for row in rows) == 7


def test_of_a_large_region_each_municipality_is_shown(many, signed_in, olga, region):
    response = signed_in(olga).get(URL)
    rows = response.context["municipalities"]
    assert counts_of(rows) == {
        region.riverside.name: [60, 2, 0, 0],
        region.lakeside.name: [2, 0, 1, 2],
    }
    assert [row.title for row in rows] == [region.riverside.name, region.lakeside.name]
    assert list(response.context["executors"]) == []
    assert f"{reverse('dashboards:summary')}?by=executor" in response.content.decode()


def test_a_municipality_opens_to_its_organisations(many, signed_in, olga, region):
    client = signed_in(olga)
    row = client.get(URL, {"delay": 1}).context["municipalities"][0]
    assert row.narrowed == f"?delay=1&municipality={region.riverside.pk}&executors=1#executors"
    opened = client.get(URL + row.narrowed)
    assert opened.context["municipalities"] == []
    assert opened.context["executors"].paginator.count == 61
    assert '<details class="fold" open>' in opened.content.decode()


def test_words_that_leave_few_organisations_show_each(many, signed_in, olga, region):
    context = signed_in(olga).get(URL, {"organization": "района"}).context
    assert context["municipalities"] == []
    shown = [row.title for row in context["executors"]]
    assert shown == ["Школа № 1", region.lakeside.name, "Школа № 2"]


def test_one_district_with_many_schools_comes_in_pages(many, signed_in, olga, region):
    client = signed_in(olga)
    narrowed = {"municipality": region.riverside.pk}
    pages = [client.get(URL, {**narrowed, "executors": n}).context["executors"] for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 11]


@pytest.mark.parametrize("conditions", [{}, {"delay": 1}, {"theme": "Питание"}])
def test_every_figure_of_a_municipality_is_the_length_of_its_list(
    many, signed_in, olga, region, numbers_of, conditions
):
    recommendation = Task.objects.filter(executor=region.school_1).first().recommendation
    recommendation.theme = "Питание"
    recommendation.save()
    client = signed_in(olga)
    response = client.get(URL, conditions)
    assert len(response.context["municipalities"]) == 2
    numbers = numbers_of(response)
    assert len(numbers) > 8
    for address, number in numbers:
        assert client.get(address).context["page"].paginator.count == number, address


@pytest.mark.parametrize("who", ["olga", "maria"])
def test_a_page_costs_as_much_however_many_districts_and_schools(
    many, signed_in, request, region, queries_of, who
):
    client = signed_in(request.getfixturevalue(who))
    narrowed = {"municipality": region.lakeside.pk} if who == "maria" else {}
    few = queries_of(lambda: client.get(URL, narrowed))
    task = Task.objects.filter(executor=region.school_1).first()
    districts = OrganizationFactory.create_batch(
        4, kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
    )
    for parent in (region.lakeside, *districts):
        Task.objects.bulk_create(
            Task(
                recommendation=task.recommendation,
                executor=school,
                due_on=timezone.localdate() - timedelta(days=2),
            )
            for school in OrganizationFactory.create_batch(5, parent=parent)
        )
    assert queries_of(lambda: client.get(URL, narrowed)) == few
