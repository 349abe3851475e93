"""The list of recommendations: what stands in it for whom, conditions, order, figures, cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks.models import Task

LIST = reverse("tasks:recommendation_list")


@pytest.fixture
def texts(signed_in):
    """Read the texts that a person finds under conditions, in order."""

    def found(user, **conditions) -> list[str]:
        response = signed_in(user).get(LIST, conditions)
        assert response.status_code == 200
        return [each.text for each, _tally in response.context["rows"]]

    return found


MENTORS, PARENTS, WATCH = (
    "Разработать программу наставничества.",
    "Вести работу с родителями.",
    "Провести мониторинг.",
)


@pytest.fixture
def older(region, olga, sent):
    """A paper of the year before, with a theme, to kindergartens."""
    paper = Resolution.objects.create(
        title="Решение семинара",
        event_date=date(2025, 3, 1),
        issuer=region.department,
        status=Resolution.Status.ON_CONTROL,
        sent_at=timezone.now(),
    )
    section = Section.objects.create(resolution=paper, heading="Детским садам", position=1)
    each = Recommendation.objects.create(
        section=section,
        position=1,
        printed_number="12",
        text="Учесть опыт садов.",
        theme="Дошкольное образование",
        due_on=date(2025, 6, 1),
    )
    Task.objects.create(recommendation=each, executor=region.kindergarten, due_on=date(2025, 6, 1))
    return each


def test_the_newest_paper_comes_first_in_its_own_order(texts, olga, older):
    assert texts(olga) == [MENTORS, PARENTS, WATCH, older.text]
    assert texts(olga, sort="-paper") == [older.text, MENTORS, PARENTS, WATCH]


def test_drafts_and_what_is_out_of_reach_are_not_there(texts, olga, victor, tamara, older, draft):
    entered = Resolution.objects.create(title="Черновик", issuer=draft.issuer)
    section = Section.objects.create(resolution=entered, heading="Школам", position=1)
    Recommendation.objects.create(section=section, position=1, text="Тайна.")
    assert "Тайна." not in texts(olga)
    assert texts(victor) == []
    # A stranger to the kindergarten sees the paper that her own school got, whole, and no other.
    assert texts(tamara) == [MENTORS, PARENTS, WATCH]


@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        ({"q": "ПРОГРАММЫ"}, 1),
        ({"q": "наставничеством"}, 1),
        ({"q": "родителей работы"}, 1),
        ({"q": "сад"}, 1),
        ({"q": "12"}, 1),
        ({"q": "2"}, 1),  # its printed number, not a part of 12
        ({"q": "дошкольного"}, 1),  # the theme
        ({"year": "2025"}, 1),
        ({"year": "2026"}, 3),
        ({"theme": "Дошкольное образование"}, 1),
        ({"kind": "PRESCHOOL"}, 1),
        ({"kind": "SCHOOL"}, 2),
        ({"kind": "MUNICIPAL_AUTHORITY"}, 1),
        ({"late": "on"}, 1),
        ({"late": "on", "kind": "SCHOOL"}, 0),
        ({"q": "такого нет"}, 0),
    ],
)
def test_conditions(texts, olga, older, conditions, count):
    Task.objects.exclude(recommendation=older).update(due_on=None)
    assert len(texts(olga, **conditions)) == count


def test_conditions_count_tasks_within_reach_alone(texts, maria, region, sent):
    """Maria of Lakeside sees the paper whole; what is late in the other district is not hers."""
    Task.objects.update(due_on=None)
    Task.objects.filter(executor=region.school_3).update(due_on=date(2020, 1, 1))
    assert texts(maria, late="on") == []
    Task.objects.filter(executor=region.school_1).update(due_on=date(2020, 1, 1))
    assert texts(maria, late="on") == [MENTORS, PARENTS]


def test_orders(texts, olga, older, region):
    assert texts(olga, sort="due") == [older.text, MENTORS, WATCH, PARENTS]
    # What has no date is last in both directions.
    assert texts(olga, sort="-due") == [WATCH, MENTORS, older.text, PARENTS]
    Task.objects.update(due_on=None)
    parents = Recommendation.objects.get(text=PARENTS)
    parents.tasks.update(due_on=date(2020, 1, 1))
    older.tasks.update(due_on=date(2020, 1, 1))
    assert texts(olga, sort="-overdue") == [PARENTS, older.text, MENTORS, WATCH]


@pytest.mark.parametrize(
    "conditions",
    [{"year": "1999"}, {"theme": "нет"}, {"kind": "нет"}, {"sort": "нет"}, {"resolution": "нет"}],
)
def test_a_condition_that_makes_no_sense_is_told_and_finds_nothing(
    signed_in, olga, older, conditions
):
    response = signed_in(olga).get(LIST, conditions)
    assert response.context["rows"] == []
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("name", ["olga", "maria", "pavel", "nina", "sergey", "tamara"])
def test_every_number_is_the_length_of_the_list_it_opens(
    older, signed_in, request, name, numbers_of
):
    Task.objects.filter(recommendation__text=MENTORS).update(due_on=date(2020, 1, 1))
    client = signed_in(request.getfixturevalue(name))
    numbers = numbers_of(client.get(LIST))
    assert numbers
    for address, number in numbers:
        assert client.get(address).context["page"].paginator.count == number, address


def test_the_page_beyond_the_last_is_the_last(signed_in, olga, older):
    section = older.section
    Recommendation.objects.bulk_create(
        [Recommendation(section=section, position=n, text=f"Дело {n}.") for n in range(2, 60)]
    )
    page = signed_in(olga).get(LIST, {"q": "дела", "page": "999"}).context["page"]
    assert (page.number, page.paginator.num_pages, len(page)) == (2, 2, 8)
    content = signed_in(olga).get(LIST, {"q": "дела"}).content.decode()
    assert 'rel="next" href="?q=%D0%B4%D0%B5%D0%BB%D0%B0&amp;page=2"' in content


def test_the_list_costs_the_same_for_few_and_for_many(
    signed_in, olga, older, queries_of, many_schools
):
    client = signed_in(olga)
    addresses = [LIST, f"{LIST}?late=on&sort=-overdue&q=сада&kind=PRESCHOOL&year=2025"]
    few = [queries_of(lambda address=address: client.get(address)) for address in addresses]
    more = Recommendation.objects.bulk_create(
        [
            Recommendation(section=older.section, position=n, text=f"Сад {n}.", theme=f"Тема {n}")
            for n in range(2, 32)
        ]
    )
    schools = [*many_schools(5), *OrganizationFactory.create_batch(5, kind="PRESCHOOL")]
    Task.objects.bulk_create(
        [
            Task(recommendation=each, executor=school, due_on=date(2020, 1, 1))
            for each in more
            for school in schools
        ]
    )
    assert [queries_of(lambda address=address: client.get(address)) for address in addresses] == few
