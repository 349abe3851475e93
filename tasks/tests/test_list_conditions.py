"""Lists of tasks and resolutions: order by heads, conditions as chips, numbers as people write."""

from __future__ import annotations

from datetime import date
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Resolution
from tasks.filters import ORDERS, list_url
from tasks.models import Task
from tasks.paper_filters import RESOLUTION_ORDERS


@pytest.fixture
def listed(signed_in, olga):
    """Read the tasks in the list under some conditions."""
    return lambda **conditions: list(signed_in(olga).get(list_url(**conditions)).context["page"])


@pytest.mark.parametrize("order", [name for name in ORDERS if name != "due"])
def test_every_order_shows_every_task_once(sent, listed, order):
    assert sorted(task.pk for task in listed(sort=order)) == sorted(
        Task.objects.values_list("pk", flat=True)
    )


def test_organizations_are_sorted_as_people_count(sent, listed, region):
    for number, school in zip(
        (10, 9, 2), (region.school_1, region.school_2, region.school_3), strict=True
    ):
        school.short_name = f"Школа № {number}"
        school.save()
    names = [str(task.executor) for task in listed(sort="executor", q="школа")]
    assert names == ["Школа № 2"] * 2 + ["Школа № 9"] * 2 + ["Школа № 10"] * 2
    names = [str(task.executor) for task in listed(sort="-executor", q="школа")]
    assert names == ["Школа № 10"] * 2 + ["Школа № 9"] * 2 + ["Школа № 2"] * 2


def test_statuses_are_sorted_by_the_life_of_a_task(sent, listed):
    statuses = ["COMPLETED", "ASSIGNED", "REPORTED", "IN_PROGRESS", "CANCELLED", "REWORK"]
    for task, status in zip(Task.objects.order_by("pk"), statuses, strict=False):
        reported = date(2026, 9, 1) if status in ("COMPLETED", "REPORTED") else None
        done = date(2026, 9, 1) if status == "COMPLETED" else None
        Task.objects.filter(pk=task.pk).update(
            status=status, reported_on=reported, completed_on=done
        )
    found = list(dict.fromkeys(task.status for task in listed(sort="status")))
    assert found == [each for each in Task.Status.values if each != "NOT_APPLICABLE"]


def test_what_has_no_deadline_is_last_in_both_directions(sent, listed):
    ascending = [task.due_on for task in listed()]
    descending = [task.due_on for task in listed(sort="-due")]
    assert ascending[-3:] == descending[-3:] == [None] * 3
    assert ascending[:4] == descending[:4][::-1]


def test_recommendations_are_sorted_as_in_the_paper(sent, listed):
    numbers = [task.recommendation.position for task in listed(sort="paper")]
    assert numbers == [1, 1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize("order", [*RESOLUTION_ORDERS][1:])
def test_every_order_of_resolutions_shows_all(sent, region, signed_in, olga, order):
    for number in range(3):
        Resolution.objects.create(title=f"№ {number}", issuer=region.department)
    client = signed_in(olga)
    assert len(client.get(reverse("tasks:resolution_list"), {"sort": order}).context["rows"]) == 4


def test_titles_are_sorted_without_case(region, signed_in, olga):
    for title in ("яблоко", "Ёлка", "арбуз", "Берёза"):
        Resolution.objects.create(title=title, issuer=region.department)
    rows = signed_in(olga).get(reverse("tasks:resolution_list"), {"sort": "title"}).context["rows"]
    assert [each.title for each, _tally in rows] == ["арбуз", "Берёза", "Ёлка", "яблоко"]


def test_every_condition_in_force_is_a_chip_that_takes_it_off(sent, signed_in, olga, region):
    conditions = {
        "q": "школы",
        "state": "owed",
        "municipality": "null",
        "due_from": "01.01.2026",
        "unopened": "on",
        "executor": region.school_1.pk,
        "sort": "-due",
    }
    response = signed_in(olga).get(list_url(**conditions, page=2))
    chips = response.context["filter"].chips
    assert {"школы", "01.01.2026", "Школа № 1", ""} < {chip.words for chip in chips}
    taken_off = []
    for chip in chips:
        rest = dict(parse_qsl(chip.url.partition("?")[2]))
        taken_off += conditions.keys() - rest.keys()
        assert rest.items() <= {name: str(value) for name, value in conditions.items()}.items()
        assert f'href="{chip.url}"' in unescape(response.content.decode())
    assert sorted(taken_off) == sorted(conditions.keys() - {"sort"})


def test_without_conditions_there_is_no_chip(sent, signed_in, olga):
    response = signed_in(olga).get(list_url(sort="-due"))
    assert response.context["filter"].chips == []
    assert not response.context["filter"].is_narrowed


def test_heads_keep_the_filter_and_forget_the_page(sent, signed_in, olga):
    shown = signed_in(olga).get(list_url(state="owed", page=1)).content.decode()
    assert (
        'aria-sort="ascending"><a class="sorter" href="/tasks/?state=owed&amp;sort=-due"' in shown
    )
    assert 'href="/tasks/?state=owed&amp;sort=executor"' in shown


def test_a_search_asks_short_tables_and_not_every_task(sent, signed_in, olga, queries_of):
    """However many words: no query more, and what is asked of tasks are keys."""
    client = signed_in(olga)
    one = queries_of(lambda: client.get(list_url(q="школы")))
    assert queries_of(lambda: client.get(list_url(q="школы озёрные № 1 программы"))) == one


def test_a_word_of_the_paper_and_one_of_the_executor_meet(sent, listed, region):
    found = listed(q="школы программами № 3")
    assert [task.executor for task in found] == [region.school_3]


def test_too_many_words_are_told_of(sent, signed_in, olga):
    response = signed_in(olga).get(list_url(q="слово " * 100))
    assert response.context["page"].paginator.count == 0
    assert 'role="alert"' in response.content.decode()


def test_a_long_list_says_how_long_it_is(sent, signed_in, olga, region):
    """The number for people is grouped, the one for programs is not."""
    parent = Organization.objects.get(pk=region.lakeside.pk)
    first = sent.sections.first().recommendations.first()
    schools = OrganizationFactory.build_batch(1100, parent=parent)
    stored = Organization.objects.bulk_create(schools)
    for school in stored:
        school.path = f"{parent.path}{school.pk:07d}"
    Organization.objects.bulk_update(stored, ["path"], batch_size=500)
    Task.objects.bulk_create([Task(recommendation=first, executor=each) for each in stored])
    shown = signed_in(olga).get(list_url()).content.decode()
    assert 'data-count="1107"' in shown
    assert "1\u00a0107" in shown


@pytest.mark.parametrize(
    "page",
    [
        "tasks:task_list",
        "tasks:recommendation_list",
        "tasks:resolution_list",
        "tasks:review_queue",
        "dashboards:summary",
        "organizations:organization_list",
    ],
)
def test_a_condition_that_makes_no_sense_is_not_said_to_find_nothing(sent, signed_in, olga, page):
    """Nothing was looked for: there may well be what the person means."""
    given = {"sort": "x", "municipality": "x", "status": "x", "kind": "x"}
    shown = signed_in(olga).get(reverse(page), given).content.decode()
    assert "Условие отбора не понято" in shown
    assert f'<a href="{reverse(page)}">Сбросить отбор</a>' in shown
    assert 'class="empty"' not in shown
