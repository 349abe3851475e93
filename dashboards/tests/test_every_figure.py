"""Every figure of every page is the length of the list it opens, for every role and filter.

Three worlds of random tasks are built, each once; hypothesis then chooses who opens which page with
which filter. The page is opened for real; each list that one of its figures leads to is asked for
its length, and one of them is opened for real, too. A page joins with one line of ``PAGES``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from conftest import person
from organizations.models import Organization, User
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks.listing import tasks_listed
from tasks.models import Task
from tasks.progress import PARTS

S = Task.Status
# No shrinking: an example is small as it is, and pages are slow to open again and again.
PHASES = (Phase.explicit, Phase.generate)
PEOPLE = ("olga", "maria", "pavel", "nina", "sergey", "kira")


@dataclass(frozen=True)
class Page:
    """An address: what stands in it (``of``), the names of its filters, what is always asked."""

    name: str
    filters: tuple[str, ...] = ()
    of: str = ""
    who: tuple[str, ...] = PEOPLE
    always: tuple[tuple[str, str], ...] = ()


PAGES = (
    Page("dashboards:overview"),
    Page("dashboards:overdue_list", ("resolution", "municipality")),
    Page("dashboards:due_grid", ("resolution", "municipality", "by", "state")),
    Page("dashboards:resolution_matrix", ("municipality",), of="resolution"),
    Page("dashboards:summary", ("resolution", "municipality", "year", "control")),
    Page("dashboards:summary", ("resolution", "year"), always=(("by", "executor"),)),
    Page("tasks:my_organization", who=("sergey", "pavel", "kira")),
    Page("tasks:organization_tasks", of="organization"),
    Page("tasks:resolution_list", ("year",)),
    Page("tasks:resolution_detail", of="resolution"),
    Page("tasks:recommendation_detail", of="recommendation"),
)


@dataclass
class World:
    """What the examples choose from, and the lengths of the lists looked at so far."""

    people: dict[str, User]
    clients: dict[str, Client]
    values: dict[str, list[Any]]
    lengths: dict[tuple[str, str], int] = field(default_factory=dict)

    def length(self, who: str, address: str) -> int:
        """Return how many tasks the list has, by the very function that its page shows."""
        if (who, address) not in self.lengths:
            request = RequestFactory().get(address)
            request.user = self.people[who]
            self.lengths[who, address] = tasks_listed(request).qs.count()
        return self.lengths[who, address]


def random_task(random: Random, today: date, **of_what: Any) -> Task:
    """A task in any state, due about today or never, reported before, on or after its day."""
    status = random.choice(S.values)
    due_on = random.choice(
        [None, *(today + timedelta(days=n) for n in (-40, -2, -1, 0, 1, 7, 8, 31))]
    )
    reported = status in (S.REPORTED, S.COMPLETED, S.NOT_APPLICABLE)
    reported_on = (
        (due_on or today) + timedelta(days=random.choice([-9, 0, 1])) if reported else None
    )
    opened = reported or random.random() < 0.5
    return Task(
        status=status,
        due_on=due_on,
        original_due_on=due_on,
        reported_on=reported_on,
        completed_on=min(reported_on, today) if status == S.COMPLETED else None,
        opened_at=timezone.now() if opened else None,
        **of_what,
    )


def random_resolution(
    random: Random, region: Any, number: int, executors: list[Organization]
) -> None:
    today = timezone.localdate()
    resolution = Resolution.objects.create(
        title=f"Резолюция {number}",
        issuer=random.choice([region.department, region.lakeside]),
        event_date=random.choice([None, date(2025, 8, 25), date(2026, 3, 1)]),
        status=random.choice(["ON_CONTROL", "ON_CONTROL", "OFF_CONTROL", "ARCHIVED"]),
        sent_at=timezone.now() - timedelta(days=random.choice([3, 40, 400])),
    )
    section = Section.objects.create(resolution=resolution, heading="Школам", position=1)
    for place in range(1, 4):
        recommendation = Recommendation.objects.create(
            section=section, position=place, printed_number=str(place), text="Сделать."
        )
        Task.objects.bulk_create(
            random_task(random, today, recommendation=recommendation, executor=executor)
            for executor in random.sample(executors, 7)
        )


@pytest.fixture(params=[1, *(pytest.param(each, marks=pytest.mark.once) for each in (2, 3))])
def world(request, region, signed_in, olga, maria, pavel, nina, sergey):
    """Five resolutions, some off control, over two districts and what answers to the region."""
    random = Random(request.param)  # noqa: S311  # the same tasks in every run
    empty_district = OrganizationFactory(
        kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
    )
    executors = [
        *(region.lakeside, region.riverside, region.institute, region.boarding_school),
        *(region.school_1, region.school_2, region.school_3, region.kindergarten),
        *OrganizationFactory.create_batch(2, parent=region.riverside),
    ]
    for number in range(5):
        random_resolution(random, region, number, executors)
    kira = person(
        "Kirina",
        (region.riverside, Role.COORDINATOR),
        (region.school_1, Role.EXECUTOR),
        (region.kindergarten, Role.OBSERVER),
    )
    people = dict(zip(PEOPLE, (olga, maria, pavel, nina, sergey, kira), strict=True))
    districts = [region.lakeside.pk, region.riverside.pk, empty_district.pk, "null"]
    return World(
        people,
        {name: signed_in(user) for name, user in people.items()},
        {
            "resolution": list(Resolution.objects.values_list("slug", flat=True)),
            "municipality": districts,
            "organization": [each.pk for each in executors],
            "recommendation": list(Recommendation.objects.values_list("pk", flat=True)),
            "year": [2025, 2026],
            "control": ["ON_CONTROL", "OFF_CONTROL", "ARCHIVED"],
            "state": ["owed"],
            "by": ["quarter", "school_year"],
        },
    )


def opened(world: World, who: str, page: Page, data: st.DataObject) -> HttpResponse:
    """Open the page as the person, with an object and a filter of hypothesis' choice."""
    thing = data.draw(st.sampled_from(world.values[page.of]), label="of") if page.of else None
    chosen = {
        name: data.draw(st.sampled_from(["", *world.values[name]]), label=name)
        for name in page.filters
    }
    address = reverse(page.name, args=[thing] if page.of else [])
    asked = {name: value for name, value in chosen.items() if value} | dict(page.always)
    return world.clients[who].get(f"{address}?{urlencode(asked)}")


def rows_of_parts(response: HttpResponse) -> Iterator[dict[str, int]]:
    """The rows of the page that say into which parts their tasks fall."""
    for row in re.findall(r"<tr[^>]* data-parts>(.*?)</tr>", response.content.decode(), re.DOTALL):
        figures = re.findall(r'data-figure="(\w+)"[^>]*>(\d+)</a>', row)
        yield {name: int(number) for name, number in figures}


def test_every_figure_is_the_length_of_its_list(world, numbers_of):
    checked: dict[str, int] = {}

    # 70 in each of three worlds, which stand still: nothing is built for an example.
    @settings(max_examples=70, deadline=None, derandomize=True, database=None, phases=PHASES)
    @given(data=st.data(), page=st.sampled_from(PAGES))
    def check(data: st.DataObject, page: Page) -> None:
        who = data.draw(st.sampled_from(page.who), label="who")
        response = opened(world, who, page, data)
        if response.status_code == 404:  # out of this person's reach
            return
        assert response.status_code == 200
        figures = numbers_of(response)
        for address, number in figures:
            assert world.length(who, address) == number, (who, page.name, address)
        if figures:
            address, number = data.draw(st.sampled_from(figures), label="opened for real")
            assert world.clients[who].get(address).context["page"].paginator.count == number
        checked[page.name] = checked.get(page.name, 0) + len(figures)
        for row in rows_of_parts(response):
            assert row.pop("counted", 0) == sum(row[name] for name in PARTS if name in row)

    check()
    assert {page.name for page in PAGES} == set(checked)  # each has shown figures
    assert sum(checked.values()) > 500
