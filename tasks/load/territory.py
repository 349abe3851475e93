"""The invented region: who is there, and who answers for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from organizations.models import Membership, Organization, User
from organizations.roles import CONTROLLING_ROLES, Role
from organizations.tree import replant

MUNICIPALITIES = 28
DOMAIN = "load.test"
K = Organization.Kind
# How the organisations of a municipality part into kinds, in percent.
_KINDS = {K.SCHOOL: 45, K.PRESCHOOL: 40, K.SUPPLEMENTARY: 10, K.METHODICAL_SERVICE: 5}
_NAMES = {
    K.SCHOOL: "Средняя общеобразовательная школа № {}",
    K.PRESCHOOL: "Детский сад № {}",
    K.SUPPLEMENTARY: "Дом детского творчества № {}",
    K.METHODICAL_SERVICE: "Информационно-методический центр № {}",
}
_DISTRICTS = ["Озёрный", "Заречный", "Лесной", "Полевой", "Северный", "Южный", "Луговой", "Горный"]


@dataclass(frozen=True, slots=True)
class Territory:
    """The region's authority, its organisations that execute, and the people who act."""

    department: Organization
    executors: list[Organization]
    answering: dict[int, User]  # by the organisation's key
    coordinator: User
    methodist: User


def found(organizations: int, password: str | None, random: Random) -> Territory:
    """Plant the region with its people, in a number of statements that does not grow.

    Args:
        organizations: how many of them get tasks.
        password: of everybody; None: nobody can sign in.
        random: what parts the organisations among municipalities and kinds.
    """
    department = Organization.objects.create(
        kind=K.DEPARTMENT, name="Департамент образования (нагрузочные данные)"
    )
    districts = _plant(
        [
            Organization(
                kind=K.MUNICIPAL_AUTHORITY,
                name=f"Управление образования, {_DISTRICTS[number % 8]} округ № {number // 8 + 1}",
                parent=department,
            )
            for number in range(MUNICIPALITIES)
        ],
        [department],
    )
    kinds = random.choices(list(_KINDS), list(_KINDS.values()), k=organizations)
    executors = _plant(
        [
            Organization(
                kind=kind,
                name=_NAMES[kind].format(number),
                code=f"НАГРУЗКА-{number}",
                parent=random.choice(districts),
            )
            for number, kind in enumerate(kinds, start=1)
        ],
        [department, *districts],
    )
    return _populate(department, districts, executors, make_password(password))


def _plant(new: list[Organization], above: list[Organization]) -> list[Organization]:
    for each in new:
        each.search = each.searchable()
    Organization.objects.bulk_create(new, batch_size=1000)
    replant(new, {each.pk: each for each in above})
    # As the import does: the rows exist, so that only the update of the conflict happens.
    Organization.objects.bulk_create(
        new,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["path", "municipality"],
    )
    return new


def _populate(
    department: Organization,
    districts: list[Organization],
    executors: list[Organization],
    password: str,
) -> Territory:
    places = [
        *((role.lower(), department, role) for role in CONTROLLING_ROLES),
        *((f"district-{number}", each, Role.METHODIST) for number, each in _numbered(districts)),
        *((f"executor-{number}", each, Role.EXECUTOR) for number, each in _numbered(executors)),
    ]
    people = {login: _person(login, password) for login, _organization, _role in places}
    User.objects.bulk_create(people.values(), batch_size=1000)
    Membership.objects.bulk_create(
        [
            Membership(
                user=people[login], organization=organization, role=role, since=date(2017, 9, 1)
            )
            for login, organization, role in places
        ],
        batch_size=1000,
    )
    answering = {each.pk: people[f"executor-{number}"] for number, each in _numbered(executors)}
    return Territory(department, executors, answering, people["coordinator"], people["methodist"])


def _numbered(organizations: list[Organization]) -> Iterator[tuple[int, Organization]]:
    return enumerate(organizations, start=1)


def _person(login: str, password: str) -> User:
    return User(
        email=f"{login}@{DOMAIN}",
        password=password,
        surname="Нагрузочный",
        name=login.capitalize(),
        position="учётная запись для измерений",
    )
