"""Personas of the tests, each with a sentence; everybody signs in for real.

The region: a department over Lakeside and Riverside districts; schools answer to their district,
one boarding school to the region itself. A second region stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, SimpleTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import Membership, Organization, User
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks.assignment import send

PASSWORD = "Correct-Horse-9"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
K = Organization.Kind


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What opens no database, or says "once", is the same on each: walked on SQLite alone.

    A third of the suite reads documents and deadlines in pure Python.
    """
    if connection.vendor == "sqlite":
        return
    opening = [each for each in items if _depends_on_the_database(each)]
    config.hook.pytest_deselected(items=[each for each in items if each not in set(opening)])
    items[:] = opening


def _depends_on_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    unittest_class = getattr(item, "cls", None)
    return (
        bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
        or item.get_closest_marker("django_db") is not None
        or (unittest_class is not None and issubclass(unittest_class, SimpleTestCase))
    )


@pytest.fixture(autouse=True)
def _plain_static_files_and_quick_passwords(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Else each client would look through all static files: half of the suite's time.
    settings.WHITENOISE_USE_FINDERS = False
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@dataclass
class Region:
    """The organisations the stories happen in."""

    department: Organization
    institute: Organization
    lakeside: Organization
    riverside: Organization
    school_1: Organization
    school_2: Organization
    kindergarten: Organization
    school_3: Organization
    boarding_school: Organization
    other_department: Organization
    other_school: Organization


@pytest.fixture
def region(db) -> Region:
    department = OrganizationFactory(kind=K.DEPARTMENT, name="Департамент образования области")
    lakeside = OrganizationFactory(
        kind=K.MUNICIPAL_AUTHORITY, name="Управление образования Озёрного района", parent=department
    )
    riverside = OrganizationFactory(
        kind=K.MUNICIPAL_AUTHORITY,
        name="Управление образования Заречного округа",
        parent=department,
    )
    other = OrganizationFactory(kind=K.DEPARTMENT, name="Министерство образования другой области")
    make = OrganizationFactory
    return Region(
        department=department,
        institute=make(kind=K.INSTITUTE, name="Институт развития образования", parent=department),
        lakeside=lakeside,
        riverside=riverside,
        school_1=make(name="Школа № 1 Озёрного района", short_name="Школа № 1", parent=lakeside),
        school_2=make(name="Школа № 2 Озёрного района", short_name="Школа № 2", parent=lakeside),
        kindergarten=make(kind=K.PRESCHOOL, name="Детский сад «Ёлочка»", parent=lakeside),
        school_3=make(name="Школа № 3 Заречного округа", short_name="Школа № 3", parent=riverside),
        boarding_school=make(name="Школа-интернат № 4", parent=department),
        other_department=other,
        other_school=make(name="Школа другой области", parent=other),
    )


def somebody_waits() -> bool:
    """Tell whether another session of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees one picture
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def person(surname: str, *places: tuple[Organization, str]) -> User:
    user = UserFactory(surname=surname, email=f"{surname.lower()}@example.test")
    user.set_password(PASSWORD)
    user.save()
    for organization, role in places:
        Membership.objects.create(
            user=user, organization=organization, role=role, since=date(2020, 1, 1)
        )
    return user


@pytest.fixture
def olga(region) -> User:
    """Olga coordinates the department: enters resolutions, sends them, keeps the directory."""
    return person("Olgina", (region.department, Role.COORDINATOR))


@pytest.fixture
def maria(region) -> User:
    """Maria is the methodist of Lakeside district: follows its schools, nobody else's."""
    return person("Mariina", (region.lakeside, Role.METHODIST))


@pytest.fixture
def sergey(region) -> User:
    """Sergey answers for school 1 and for nothing else."""
    return person("Sergeev", (region.school_1, Role.EXECUTOR))


@pytest.fixture
def tamara(region) -> User:
    """Tamara answers for school 3, in the other district: a stranger to Lakeside."""
    return person("Tamarina", (region.school_3, Role.EXECUTOR))


@pytest.fixture
def pavel(region) -> User:
    """Pavel works for Lakeside's authority: reports for it, and follows its schools."""
    return person("Pavlov", (region.lakeside, Role.EXECUTOR), (region.lakeside, Role.METHODIST))


@pytest.fixture
def nina(region) -> User:
    """Nina observes the department's whole region and changes nothing."""
    return person("Ninina", (region.department, Role.OBSERVER))


@pytest.fixture
def victor(region) -> User:
    """Victor coordinates another region: nothing here is his business."""
    return person("Victorov", (region.other_department, Role.COORDINATOR))


@pytest.fixture
def anna(db) -> User:
    """Anna administers the system and has no role in any organisation."""
    user = person("Annina")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Sign a person in: ``signed_in(olga).get(...)``. CSRF is checked as in production."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def draft(region) -> Resolution:
    """A draft of the department: one section to the schools of two districts, one to Lakeside."""
    resolution = Resolution.objects.create(
        title="Резолюция областной конференции",
        event_kind="конференция",
        event_date=date(2026, 8, 25),
        issuer=region.department,
        preamble="Участники конференции рекомендуют:",
    )
    schools = Section.objects.create(
        resolution=resolution,
        heading="Общеобразовательным организациям",
        nominative="Общеобразовательные организации",
        collective=True,
        position=1,
    )
    schools.organizations.add(region.school_1, region.school_2, region.school_3)
    authority = Section.objects.create(
        resolution=resolution, heading="Управлению образования Озёрного района", position=2
    )
    authority.organizations.add(region.lakeside)
    rows = [
        (schools, "1", "Разработать программу наставничества.", "до 1 октября 2026 г."),
        (schools, "2", "Вести работу с родителями.", ""),
        (authority, "1", "Провести мониторинг.", "до 1 декабря 2026 г."),
    ]
    for place, (section, number, text, words) in enumerate(rows, start=1):
        each = Recommendation(
            section=section, printed_number=number, position=place, text=text, deadline_text=words
        )
        each.date_by_words(resolution.basis_date)
        each.save()
    return resolution


@pytest.fixture
def sent(draft, olga) -> Resolution:
    """The draft, sent by Olga: two recommendations to three schools, one to Lakeside."""
    send(draft, olga)
    return draft


@pytest.fixture
def queries_of() -> Callable[[Callable[[], object]], int]:
    """Count the queries of a call, and print them where a test fails."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        for query in captured.captured_queries:
            print(query["sql"][:400])  # noqa: T201  # shown by pytest only on failure
        return len(captured)

    return count


@pytest.fixture
def numbers_of() -> Callable[[HttpResponse], list[tuple[str, int]]]:
    """Return the links to lists of tasks on a page, each with the number it promises.

    The number is the last one in the link's words: «12 из 16» opens sixteen.
    """
    link = re.compile(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)

    def numbers(response: HttpResponse) -> list[tuple[str, int]]:
        found = []
        for address, inside in link.findall(response.content.decode()):
            inside = re.sub(r'<span class="soft xs">.*?</span>', "", inside)  # the percentage
            digits = re.findall(r"\d+", re.sub(r"<[^>]*>", " ", inside))
            if address.startswith(f"{reverse('tasks:task_list')}?") and digits:
                found.append((unescape(address), int(digits[-1])))
        return found

    return numbers
