"""Lists: what filters find, how long lists are, what they cost."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation
from tasks import workflow
from tasks.filters import STATE_LABELS, list_url
from tasks.models import Task
from tasks.progress import SEGMENTS, STATES, Tally


def found(client, **conditions) -> int:
    response = client.get(list_url(**conditions))
    assert response.status_code == 200
    return response.context["page"].paginator.count


@pytest.fixture
def tasks(sent, day, pavel, region):
    """The seven tasks in seven different states."""
    rows = list(Task.objects.order_by("pk"))
    for task, due in zip(rows, (-12, -1, 0, 7, 8, None, None), strict=True):
        Task.objects.filter(pk=task.pk).update(due_on=due if due is None else day(due))
    workflow.report(Task.objects.get(pk=rows[6].pk), pavel, "DONE", "Готово.")
    return rows


def test_states_part_the_tasks_as_their_names_say(tasks, signed_in, olga):
    client = signed_in(olga)
    counts = {state: found(client, state=state) for state in STATES}
    assert counts == {
        "owed": 6,
        "overdue": 2,
        "in_term": 4,
        "soon": 2,  # due today, and in seven days
        "later": 1,
        "undated": 1,
        "done": 1,
        "counted": 7,
        "in_time": 1,  # without a deadline
        "late": 0,
        "waiting": 0,
        "running": 3,
        "open_ended": 1,
        "returned": 0,
        "week": 2,
        "new": 2,
        "underway": 0,
        "judged": 3,
        "kept": 5,
    }
    assert set(STATE_LABELS) == set(STATES)


def test_segments_count_every_task_once(tasks, today):
    tally = Tally.of_all(Task.objects.all(), today)
    assert tally.everything == Task.objects.count() == 7
    assert (tally.completed, tally.overdue, tally.total) == (1, 2, 7)
    for status in Task.Status.values:
        for task in Task.objects.all():
            inside = [
                name
                for name, meant in SEGMENTS.items()
                if Task.objects.filter(meant(today), pk=task.pk).exists()
            ]
            assert len(inside) == 1, (status, task.due_on, inside)


def test_percent_is_a_hundred_only_when_everybody_has_done_it():
    assert Tally(completed=999, assigned=1).percent == 99
    assert Tally(completed=3, cancelled=1).percent == 100
    assert Tally(cancelled=1).percent == 0


def test_filters_combine(tasks, signed_in, olga, region, sent):
    client = signed_in(olga)
    recommendation = tasks[0].recommendation
    assert found(client, resolution=sent.slug) == 7
    assert found(client, recommendation=recommendation.pk) == 3
    assert found(client, executor=region.school_1.pk) == 2
    assert found(client, executor=region.school_1.pk, recommendation=recommendation.pk) == 1
    assert found(client, municipality=region.lakeside.pk) == 5
    assert found(client, status="COMPLETED") == 1
    assert found(client, unopened="on", state="overdue") == 2


def test_those_outside_municipalities_are_found_together(tasks, signed_in, olga, region):
    Task.objects.create(recommendation=tasks[0].recommendation, executor=region.boarding_school)
    assert found(signed_in(olga), municipality="null") == 1


def test_due_days_are_inclusive(tasks, signed_in, olga, day):
    client = signed_in(olga)
    assert found(client, due_from=f"{day(-1):%d.%m.%Y}", due_to=f"{day(7):%d.%m.%Y}") == 3


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("НАСТАВНИЧЕСТВА", 3),
        ("школа № 3", 2),
        ("родителями озерного", 2),
        ("(", 0),
        ("такого нет", 0),
    ],
)
def test_words_are_found_without_case_in_texts_and_names(tasks, signed_in, olga, words, count):
    assert found(signed_in(olga), q=words) == count


def test_the_letter_yo_is_found_as_ye(tasks, signed_in, olga):
    recommendation = Recommendation.objects.get(pk=tasks[0].recommendation_id)
    recommendation.text = "Учёба идёт."
    recommendation.save()
    assert found(signed_in(olga), q="учеба идет") == 3


@pytest.mark.parametrize(
    "conditions",
    [
        {"state": "nonsense"},
        {"status": "nonsense"},
        {"executor": "nonsense"},
        {"executor": 999999999999999999999},
        {"recommendation": -1},
        {"resolution": "no-such"},
        {"municipality": "nonsense"},
        {"due_from": "31.02.2026"},
        {"sort": "nonsense"},
        {"q": "\x00"},
    ],
)
def test_a_condition_that_makes_no_sense_is_told_and_finds_nothing(
    tasks, signed_in, olga, conditions
):
    response = signed_in(olga).get(list_url(**conditions))
    assert response.status_code == 200
    assert response.context["page"].paginator.count == 0
    assert 'role="alert"' in response.content.decode()


def test_a_filter_does_not_tell_of_what_is_out_of_reach(tasks, signed_in, tamara, region):
    response = signed_in(tamara).get(list_url(executor=region.school_1.pk))
    assert response.context["filter"].form.errors
    assert "Школа № 1" not in response.content.decode()


def test_due_first_comes_first_and_what_has_no_deadline_last(tasks, signed_in, olga):
    rows = list(signed_in(olga).get(list_url()).context["page"])
    dated = [task.due_on for task in rows if task.due_on]
    assert dated == sorted(dated)
    assert [task.due_on for task in rows[-2:]] == [None, None]
    names = [
        task.executor.name
        for task in signed_in(olga).get(list_url(sort="executor")).context["page"]
    ]
    assert names == sorted(names)


@pytest.mark.parametrize("name", ["tasks:task_list", "tasks:resolution_list"])
@pytest.mark.parametrize("page", ["nonsense", "-1", "999"])
def test_a_page_that_does_not_exist_is_the_nearest_one(tasks, signed_in, olga, name, page):
    assert signed_in(olga).get(reverse(name), {"page": page}).status_code == 200


@pytest.mark.parametrize("name", ["olga", "maria", "pavel", "nina", "sergey"])
def test_every_number_of_a_resolution_is_the_length_of_the_list_it_opens(
    tasks, sent, signed_in, request, name, numbers_of, today
):
    for task, status in zip(
        tasks, ("IN_PROGRESS", "REWORK", "REWORK", "NOT_APPLICABLE", "CANCELLED"), strict=False
    ):
        reported_on = today if status == "NOT_APPLICABLE" else None
        Task.objects.filter(pk=task.pk).update(status=status, reported_on=reported_on)
    client = signed_in(request.getfixturevalue(name))
    checked = 0
    for url in (reverse("tasks:resolution_list"), sent.get_absolute_url()):
        for address, number in numbers_of(client.get(url)):
            assert client.get(address).context["page"].paginator.count == number, address
            checked += 1
    assert checked > 2


def test_resolutions_are_found_by_year_kind_issuer_status_and_words(sent, signed_in, olga, region):
    url = reverse("tasks:resolution_list")
    client = signed_in(olga)
    for conditions, count in (
        ({"year": "2026"}, 1),
        ({"event_kind": "конференция"}, 1),
        ({"issuer": region.department.pk}, 1),
        ({"status": "DRAFT"}, 0),
        ({"status": "ON_CONTROL"}, 1),
        ({"q": "ОБЛАСТНОЙ резолюция"}, 1),
        ({"q": "районной"}, 0),
        ({"year": "1999"}, 0),  # no choice: the condition makes no sense
        ({"sort": "title"}, 1),
    ):
        assert len(client.get(url, conditions).context["rows"]) == count, conditions


def test_lists_cost_the_same_for_three_rows_and_for_thirty(
    sent, signed_in, olga, queries_of, many_schools
):
    client = signed_in(olga)
    urls = [reverse("tasks:task_list"), reverse("tasks:resolution_list"), sent.get_absolute_url()]
    few = [queries_of(lambda url=url: client.get(url)) for url in urls]
    section = sent.sections.first()
    first = section.recommendations.first()
    more = [
        Recommendation(
            section=section, position=place, printed_number=f"{place}", text=f"№ {place}"
        )
        for place in range(10, 40)
    ]
    Recommendation.objects.bulk_create(more)
    Task.objects.bulk_create(
        [Task(recommendation=first, executor=school) for school in many_schools(30)]
    )
    Task.objects.bulk_create(
        [Task(recommendation=each, executor=first.tasks.first().executor) for each in more]
    )
    for number in range(30):
        type(sent).objects.create(
            title=f"Резолюция {number}",
            issuer=OrganizationFactory(parent=sent.issuer),
            event_date=date(2025, 8, 1),
        )
    assert [queries_of(lambda url=url: client.get(url)) for url in urls] == few
