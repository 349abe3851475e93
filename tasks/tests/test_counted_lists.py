"""A list of tasks is counted from kept counts, or from tasks: the length is that of its rows.

Its pages are sought by the steps of its order; by words short tables are searched first.
"""

from datetime import timedelta
from itertools import combinations, product

import pytest
from django.test import RequestFactory
from django.utils import timezone

from conftest import person
from organizations.models import Membership, Organization
from organizations.paging import RowsPaginator
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation
from tasks import words
from tasks.breakdown import Breakdown
from tasks.counting import TaskCount
from tasks.filters import ORDERS, list_url
from tasks.listing import tasks_counted, tasks_listed
from tasks.models import Task
from tasks.progress import (
    NEARNESS,
    OWED,
    PARTS,
    PASSED,
    SEGMENTS,
    STATES,
    Tally,
    segment_of,
    urgency_of,
    when_due,
)

S = Task.Status
URGENCIES = ("overdue", "returned", "week", "new", "underway")
READERS = ("olga", "maria", "tutor", "sergey")


@pytest.fixture
def tutor(region):
    """Tutor follows the schools of a methodical service, which is a part of Lakeside alone."""
    service = OrganizationFactory(kind=Organization.Kind.METHODICAL_SERVICE, parent=region.lakeside)
    region.school_1.parent = service
    region.school_1.save()
    user = person("tutor@example.test")
    Membership.objects.create(
        user=user, organization=service, role=Role.METHODIST, since=timezone.localdate()
    )
    return user


@pytest.fixture
def mixed(sent, region, day):
    """The seven tasks and six more, no two alike in status, due day and opening."""
    first = sent.sections.first().recommendations.first()
    for number, executor in product((1, 2), (region.school_1, region.school_3, region.lakeside)):
        Task.objects.create(recommendation=first, executor=executor, period=f"{number}")
    Task.objects.create(recommendation=first, executor=region.boarding_school)
    Recommendation.objects.filter(pk=first.pk).update(theme="Наставничество")
    dues = (-40, -9, -1, 0, 3, None, 9)
    for number, task in enumerate(Task.objects.order_by("pk")):
        status, due = S.values[number % 7], dues[number % 5 if number < 7 else number % 7]
        reported = status in (S.COMPLETED, S.REPORTED, S.NOT_APPLICABLE)
        Task.objects.filter(pk=task.pk).update(
            status=status,
            due_on=None if due is None else day(due),
            reported_on=day(-number) if reported else None,
            completed_on=day(-1) if status == S.COMPLETED else None,
            opened_at=timezone.now() if number % 3 else None,
        )
    return sent


@pytest.fixture
def filtered(request):
    """Return the filter of the list of tasks, as a person opens it under some conditions."""

    def opened(name: str, **conditions):
        page = RequestFactory().get(list_url(**conditions))
        page.user = request.getfixturevalue(name)
        return tasks_listed(page)

    return opened


@pytest.fixture
def conditions(mixed, region, day, tutor) -> dict[str, object]:
    """Every condition of the list with a value that some tasks meet and some do not."""
    school = Organization.objects.get(pk=region.school_1.pk)
    return {
        "q": "наставничества",
        "resolution": mixed.slug,
        "municipality": region.lakeside.pk,
        "state": "overdue",
        "status": S.COMPLETED,
        "due_from": f"{day(-9):%d.%m.%Y}",
        "due_to": f"{day(0):%d.%m.%Y}",
        "control": "ON_CONTROL",
        "sent_to": f"{day(0):%d.%m.%Y}",
        "completed_to": f"{day(0):%d.%m.%Y}",
        "due": "none",
        "organization": "школа",
        "theme": "Наставничество",
        "unopened": "on",
        "executor": school.pk,
        "recommendation": Recommendation.objects.order_by("pk").first().pk,
        "year": 2026,
    }


def is_counted_right(filterset) -> bool:
    """Compare what is counted of the list with its rows, one by one."""
    today = timezone.localdate()
    rows, counted = list(filterset.qs), tasks_counted(filterset, today)
    tally = Tally()
    for task in rows:
        tally += Tally(**{segment_of(task.status, task.due_on, today): 1})
    assert counted.tally == tally
    assert Tally.of_all(filterset.qs, today) == tally
    assert sum(number for _rows, number in counted.steps) == len(rows)
    return bool(rows)


@pytest.mark.parametrize("name", READERS)
def test_a_list_is_as_long_as_is_counted_under_every_condition_and_every_two(
    conditions, filtered, name
):
    found = 0
    # Two at once for whom kept counts answer, and for whom they do not: the others are the same.
    pairs = combinations(conditions, 2) if name in ("olga", "tutor") else ()
    for names in [*((each,) for each in conditions), *pairs]:
        filterset = filtered(name, **{each: conditions[each] for each in names})
        if filterset.form.is_valid():  # what is out of reach cannot be chosen
            found += is_counted_right(filterset)
    assert found > len(conditions) // 2


@pytest.mark.parametrize("state", STATES)
def test_a_list_is_as_long_as_is_counted_in_every_state(conditions, filtered, state):
    for name, municipality in product(READERS, ("", "null")):
        is_counted_right(filtered(name, state=state, municipality=municipality))


def test_kept_counts_answer_where_they_can_and_to_whom_they_can(conditions, filtered):
    of_tasks = {"executor", "organization", "completed_to"}
    for name, value in conditions.items():
        kept = filtered("olga", **{name: value}).counted.model is TaskCount
        assert kept == (name not in of_tasks), name
        assert filtered("tutor", **{name: value}).counted.model is Task
    assert filtered("maria").counted.model is TaskCount
    assert filtered("olga", q="школа").counted.model is Task  # a word that names executors


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", READERS)
def test_pages_found_by_steps_are_the_list_in_its_order(mixed, filtered, name, order, tutor):
    filterset = filtered(name, sort="" if order == "due" else order)
    pages = RowsPaginator(filterset.qs, 3)
    pages.steps = tasks_counted(filterset, timezone.localdate()).steps
    assert bool(pages.steps) == ("executor" not in order)
    shown = [task.pk for number in pages.page_range for task in pages.page(number)]
    assert shown == [task.pk for task in filterset.qs]
    assert len(shown) == len(set(shown)) > 3


def test_the_last_page_asks_as_much_as_the_first(mixed, signed_in, olga, queries_of, monkeypatch):
    monkeypatch.setattr("organizations.paging.PAGE_SIZE", 2)
    client = signed_in(olga)
    for order in ("due", "-due", "status", "paper"):
        sort = "" if order == "due" else order
        first = queries_of(lambda sort=sort: client.get(list_url(sort=sort)))
        last = queries_of(lambda sort=sort: client.get(list_url(sort=sort, page=7)))
        assert first == last, order


def test_a_single_row_lies_where_the_states_put_it(sent, today):
    only = Task.objects.filter(pk=Task.objects.first().pk)
    stands = product(S.values, (-1, 0, 7, 8, None), (-2, 0), (None, timezone.now()))
    for status, days, reported, opened in stands:
        due = None if days is None else today + timedelta(days=days)
        told = status in (S.COMPLETED, S.REPORTED, S.NOT_APPLICABLE)
        only.update(
            status=status,
            due_on=due,
            reported_on=today + timedelta(days=reported) if told else None,
            completed_on=today if status == S.COMPLETED else None,
            opened_at=opened,
        )

        def inside(conditions):
            return [name for name in conditions if only.filter(conditions[name](today)).exists()]

        assert inside(SEGMENTS) == [segment_of(status, due, today)]
        part = Breakdown.of_all(only, today)
        assert inside({name: STATES[name] for name in PARTS}) == [
            name for name in PARTS if getattr(part, name)
        ]
        urgency = [urgency_of(status, due, opened is not None, today)] if status in OWED else []
        assert inside({name: STATES[name] for name in URGENCIES}) == urgency
        when = NEARNESS[only.annotate(when=when_due(today)).get().when]
        assert (when == PASSED) == (due is not None and due < today)
        for name in ("soon", "undated", "later"):
            meant = status in OWED and when == name
            assert only.filter(STATES[name](today)).exists() == meant, (name, status, days)


def test_which_municipalities_are_offered(mixed, filtered, region):
    """All that Olga controls, by name; of the tutor, who controls no whole place, by tasks."""
    both = [region.riverside, region.lakeside]
    assert filtered("olga").municipalities == both
    assert filtered("tutor").municipalities == [region.lakeside]
    Task.objects.filter(executor=region.school_3).update(executor=region.kindergarten)
    assert filtered("olga").municipalities == both
    region.school_1.parent = region.riverside
    region.school_1.save()
    assert filtered("tutor").municipalities == []


class TestWords:
    """What each word finds is looked up in two short tables, before tasks are asked."""

    @pytest.mark.parametrize("many", [words.MANY, 0])
    @pytest.mark.parametrize(
        ("query", "recommendations", "names"),
        [
            ("наставничества", {"1"}, None),  # in a recommendation alone
            ("интернат", {"1"}, {"Школа-интернат № 4"}),  # in a name alone
            ("наставничества интернат", {"1"}, {"Школа-интернат № 4"}),
            ("родителями интернат", set(), set()),  # each is found, never in one task
            ("озерного", {"1", "2"}, None),
            ("мониторинг школа", set(), set()),
            ("такого нет", set(), set()),
        ],
    )
    def test_each_word_is_in_the_recommendation_or_names_the_executor(
        self, mixed, filtered, monkeypatch, query, recommendations, names, many
    ):
        monkeypatch.setattr(words, "MANY", many)
        filterset = filtered("olga", q=query)
        found = list(filterset.qs)
        assert {task.recommendation.printed_number for task in found} == recommendations
        if names is not None:
            assert {str(task.executor) for task in found} == names
        assert is_counted_right(filterset) == bool(recommendations)

    def test_a_word_that_names_only_strangers_is_no_word_of_an_executor(
        self, mixed, filtered, region
    ):
        """School 3 is out of Maria's reach, so her list can be counted from what is kept."""
        assert filtered("maria", q="заречного").counted.model is TaskCount
        assert not filtered("maria", q="заречного").qs

    def test_as_many_words_as_can_be_typed(self, mixed, filtered):
        letters = " ".join("абвгдежзийклмнопрстуфхцчшщъыьэюя0123456789abcdefghijklmnopqrstuvwxyz")
        is_counted_right(filtered("olga", q=letters))
