"""Three municipalities, nine organisations, five recommendations, counted by hand on paper first.

Who stands where (t completed in time, l completed late, w awaiting acceptance, p in progress,
a assigned and never opened, r returned, n not applicable, c cancelled; ! is overdue):

                       1          2        3          4           5
                       yesterday  today    in 7 days  no deadline in 10 days
    Lakeside  school 1    t         a         p          t           a
              school 2    l         t         r          a           n
              kindergarten a!       w         a          r           t
    Riverside school 3    p!        p         t          p           w
              school 4    r!        a         c          n           a
              school 5    w         t         t          t           t
    Hills     school 6    t         r         w          a           p
              school 7    l         n         a          w           r
              school 8    c         t         a          a           t

Counted: 45 tasks, of them 3 not applicable and 2 cancelled, so 40 count.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import person
from organizations.models import Organization
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks.breakdown import Breakdown
from tasks.models import Task
from tasks.progress import Tally

TABLE = (
    "tapta",
    "ltran",
    "awart",
    "pptpw",
    "racna",
    "wtttt",
    "trwap",
    "lnawr",
    "ctaat",
)
DAYS = (-1, 0, 7, None, 10)
STATUSES = {
    "t": "COMPLETED",
    "l": "COMPLETED",
    "w": "REPORTED",
    "p": "IN_PROGRESS",
    "a": "ASSIGNED",
    "r": "REWORK",
    "n": "NOT_APPLICABLE",
    "c": "CANCELLED",
}

# in time, late, awaiting, not due yet, overdue, returned, without a deadline
LAKESIDE = Breakdown(4, 1, 1, 4, 1, 2, 1)
RIVERSIDE = Breakdown(5, 0, 2, 3, 2, 0, 1)
HILLS = Breakdown(3, 1, 2, 3, 0, 2, 2)
ALL = Breakdown(12, 2, 5, 10, 3, 4, 4)
SCHOOLS = {  # of Lakeside
    "Школа № 1": Breakdown(2, 0, 0, 3, 0, 0, 0),
    "Школа № 2": Breakdown(1, 1, 0, 0, 0, 1, 1),
    "Детский сад «Ёлочка»": Breakdown(1, 0, 1, 1, 1, 1, 0),
}
# completed, awaiting, returned, in progress, assigned, overdue, not applicable, cancelled
RECOMMENDATIONS = (
    Tally(4, 1, 0, 0, 0, 3, 0, 1),
    Tally(3, 1, 1, 1, 2, 0, 1, 0),
    Tally(2, 1, 1, 1, 3, 0, 0, 1),
    Tally(2, 1, 1, 1, 3, 0, 1, 0),
    Tally(3, 1, 1, 1, 2, 0, 1, 0),
)
EVERYTHING = Tally(14, 5, 4, 4, 10, 3, 3, 2)


@pytest.fixture
def counted(region):
    """The table above as tasks of one resolution, sent a week ago."""
    today = timezone.localdate()
    hills = OrganizationFactory(
        kind=Organization.Kind.MUNICIPAL_AUTHORITY, name="Холмы", parent=region.department
    )
    executors = [
        *(region.school_1, region.school_2, region.kindergarten, region.school_3),
        *OrganizationFactory.create_batch(2, parent=region.riverside),
        *OrganizationFactory.create_batch(3, parent=hills),
    ]
    resolution = Resolution.objects.create(
        title="Сосчитано вручную",
        issuer=region.department,
        event_date=date(2026, 3, 1),
        status="ON_CONTROL",
        sent_at=timezone.now() - timedelta(days=7),
    )
    section = Section.objects.create(resolution=resolution, heading="Всем", position=1)
    for place, days in enumerate(DAYS):
        recommendation = Recommendation.objects.create(
            section=section, position=place, printed_number=str(place + 1), text="Сделать."
        )
        due_on = None if days is None else today + timedelta(days=days)
        for executor, row in zip(executors, TABLE, strict=True):
            Task.objects.create(
                **task_of(row[place], today),
                recommendation=recommendation,
                executor=executor,
                due_on=due_on,
            )
    return resolution


def task_of(letter: str, today: date) -> dict[str, object]:
    reported_on = {"t": today - timedelta(days=1), "l": today, "w": today, "n": today}.get(letter)
    return {
        "status": STATUSES[letter],
        "reported_on": reported_on,
        "completed_on": reported_on if letter in "tl" else None,
        "opened_at": None if letter == "a" else timezone.now(),
    }


@pytest.fixture
def olga_sees(counted, signed_in, olga):
    """``olga_sees("dashboards:overview")`` opens the page as the coordinator of the region."""
    client = signed_in(olga)
    return lambda name, *args, **conditions: client.get(reverse(name, args=args), conditions)


def figures_on(response) -> dict[str, list[int]]:
    """The figures of a page under their names; of «14 из 40» both numbers."""
    found: dict[str, list[int]] = {}
    text = response.content.decode()
    for name, inside in re.findall(r'data-figure="(\w+)"[^>]*>(.*?)</a>', text, re.DOTALL):
        numbers = [int(each) for each in re.findall(r"\d+", re.sub(r"<[^>]*>", " ", inside))]
        found.setdefault(name, []).extend(numbers)
    return found


def test_the_overview_says_what_was_counted(counted, olga_sees):
    page = olga_sees("dashboards:overview")
    total = page.context["total"]
    assert total.tally == EVERYTHING
    assert (total.tally.total, total.tally.percent, total.days) == (40, 35, 1)
    discipline = total.discipline
    assert (discipline.in_time, discipline.done, discipline.percent_in_time) == (12, 14, 85)
    assert (discipline.passed_done, discipline.passed, discipline.percent_passed) == (4, 8, 50)
    assert (discipline.kept, discipline.counted, discipline.percent_kept) == (35, 40, 87)
    assert (total.soon, total.undated) == (9, 5)
    shown = figures_on(page)
    assert shown["overdue"] == [3, 3, 3, 3]  # the key figure, the row, the total, whom to remind
    assert (shown["in_time"], shown["late"], shown["kept"]) == ([12], [2], [35])
    assert (shown["passed_done"], shown["passed"]) == ([4], [8])
    assert shown["waiting"] == [5, 5, 5]
    assert shown["undated"] == [5]


def test_what_comes_due_is_told_by_recommendation_and_day(counted, olga_sees):
    soon, later = olga_sees("dashboards:overview").context["upcoming"]

    def told(stretch):
        return [
            (row.recommendation.printed_number, row.days_left, row.tasks, row.owed, row.unopened)
            for row in stretch.rows
        ]

    assert told(soon) == [("2", 0, 8, 4, 2), ("3", 7, 8, 5, 3)]
    assert told(later) == [("5", 10, 8, 4, 2)]
    assert (soon.owed, later.owed) == (9, 4)


def test_the_chart_ends_with_what_was_counted(counted, olga_sees):
    moments = olga_sees("dashboards:overview").context["chart"].moments
    assert (moments[-1].sent, moments[-1].completed, moments[-1].percent) == (40, 14, 35)
    assert moments[0].completed in (0, 12)  # the week may have ended yesterday


def test_the_summary_says_what_was_counted_the_worst_municipality_first(counted, olga_sees):
    context = olga_sees("dashboards:summary").context
    rows = [(str(row.municipality), row.breakdown) for row in context["municipalities"]]
    assert rows == [
        ("Управление образования Заречного округа", RIVERSIDE),
        ("Управление образования Озёрного района", LAKESIDE),
        ("Холмы", HILLS),
    ]
    assert context["total"] == ALL
    assert (ALL.counted, ALL.done, ALL.judged) == (40, 14, 17)
    shares = [
        (row.breakdown.percent_done, row.breakdown.percent_in_time) for row in context["bars"]
    ]
    assert shares == [(35, 66), (38, 71), (30, 75)]  # the smallest share in time first


def test_the_summary_of_one_municipality_goes_by_organization(counted, olga_sees, region):
    context = olga_sees("dashboards:summary", municipality=region.lakeside.pk).context
    assert {row.name: row.breakdown for row in context["page"]} == SCHOOLS
    assert next(row.name for row in context["page"]) == "Детский сад «Ёлочка»"  # it is overdue
    assert context["total"] == LAKESIDE


def test_figures_of_the_summary_stand_on_the_page(counted, olga_sees):
    shown = figures_on(olga_sees("dashboards:summary"))
    assert shown["counted"] == [13, 14, 13, 40, 40]  # the rows, their sum, the chart
    assert shown["in_time"] == [5, 4, 3, 12]
    assert shown["overdue"] == [2, 1, 3]  # none in the hills
    assert shown["open_ended"] == [1, 1, 2, 4]


def test_the_card_of_an_organization_says_what_was_counted(counted, olga_sees, region):
    context = olga_sees("tasks:organization_tasks", region.school_2.pk).context
    (year,) = context["years"]
    assert (year.year, year.breakdown) == (2026, SCHOOLS["Школа № 2"])
    assert context["total"] == SCHOOLS["Школа № 2"]
    assert context["tally"] == Tally(2, 0, 1, 0, 1, 0, 1, 0)


def test_a_school_sees_its_own_figures_first(counted, signed_in, region):
    boris = person("Borisov", (region.school_2, Role.EXECUTOR))
    page = signed_in(boris).get(reverse("tasks:my_organization"))
    assert page.context["breakdown"] == SCHOOLS["Школа № 2"]
    shown = figures_on(page)
    assert shown["share"] == [2, 4, 1, 2]  # 2 of 4 completed, 1 of 2 in time


def test_the_resolution_and_its_recommendations_say_what_was_counted(counted, olga_sees):
    assert (
        tuple(
            olga_sees("tasks:recommendation_detail", each.pk).context["tally"]
            for each in Recommendation.objects.order_by("position")
        )
        == RECOMMENDATIONS
    )
    (row,) = olga_sees("tasks:resolution_list").context["rows"]
    assert row[1] == EVERYTHING


def test_the_methodist_of_one_district_sees_the_figures_of_that_district(
    counted, signed_in, maria, region
):
    context = signed_in(maria).get(reverse("dashboards:summary")).context
    assert context["total"] == LAKESIDE
    assert {row.name: row.breakdown for row in context["page"]} == SCHOOLS
    total = signed_in(maria).get(reverse("dashboards:overview")).context["total"]
    assert (total.tally.total, total.tally.overdue, total.discipline.late) == (14, 1, 1)


@pytest.mark.parametrize("name", ["olga", "maria", "nina", "sergey"])
def test_each_figure_opens_the_tasks_it_counts(
    counted, signed_in, request, name, numbers_of, region
):
    client = signed_in(request.getfixturevalue(name))
    pages = [
        reverse("dashboards:overview"),
        reverse("dashboards:summary"),
        reverse("tasks:organization_tasks", args=[region.school_1.pk]),
    ]
    for page in pages:
        figures = numbers_of(client.get(page))
        assert figures, page
        for address, number in figures:
            assert client.get(address).context["page"].paginator.count == number, address


def test_the_summary_saved_as_a_file_says_the_same(counted, olga_sees, region):
    answer = olga_sees("dashboards:summary_export", "csv", municipality=region.lakeside.pk)
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    head = next(place for place, line in enumerate(lines) if line.startswith("Организация;"))
    rows = {line.split(";")[0]: line.split(";")[1:] for line in lines[head + 1 :]}
    kindergarten = rows["Детский сад «Ёлочка»"]
    assert [int(each) for each in kindergarten[:8]] == [5, 1, 0, 1, 1, 1, 1, 0]
    assert [int(each) for each in rows["Всего"][:8]] == [14, 4, 1, 1, 4, 1, 2, 1]
    assert any("Управление образования Озёрного района" in line for line in lines[:head])
