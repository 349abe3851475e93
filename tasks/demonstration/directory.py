"""Organisations of the demonstration, who answers for them, and the accounts to sign in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from organizations.models import Membership, Organization, User
from organizations.roles import Role

REGION, TOWN = "ДЕМО-35", "ДЕМО-66"
DISTRICT, SCHOOL = "ДЕМО-35-17", "ДЕМО-35-17-01"
PASSWORD = "demo"  # noqa: S105  # printed for every visitor; refused in production
SINCE = date(2017, 9, 1)


@dataclass(frozen=True, slots=True)
class Account:
    """A person whom a visitor of the demonstration can be."""

    login: str
    full_name: str
    position: str
    places: tuple[tuple[str, Role], ...] = ()


ACCOUNTS = (
    Account(
        "coordinator",
        "Белова Ольга Николаевна",
        "главный специалист",
        ((REGION, Role.COORDINATOR), (TOWN, Role.COORDINATOR)),
    ),
    Account(
        "methodist",
        "Крылова Мария Андреевна",
        "методист",
        ((REGION, Role.METHODIST), (TOWN, Role.METHODIST)),
    ),
    Account(
        "school",
        "Журавлёв Сергей Петрович",
        "заместитель директора",
        ((SCHOOL, Role.EXECUTOR),),
    ),
    Account("observer", "Орлова Нина Викторовна", "начальник отдела", ((REGION, Role.OBSERVER),)),
    Account(
        "municipality",
        "Дроздова Елена Игоревна",
        "ведущий специалист",
        ((DISTRICT, Role.EXECUTOR), (DISTRICT, Role.METHODIST)),
    ),
    Account("admin", "Лебедев Павел Олегович", "администратор системы"),
)

_SURNAMES = "Березина Вишнякова Голубева Ершова Зимина Калинина Лугова Морозова Рощина Синицына"
_NAMES = "Анна Вера Галина Дарья Ирина Ксения Людмила"
_PATRONYMICS = "Алексеевна Борисовна Дмитриевна Ивановна Олеговна Сергеевна"


def is_invented(organization: Organization) -> bool:
    """Tell whether the organisation is an invention of the demonstration, and says so."""
    return "(демонстрационн" in organization.name


def load_organizations() -> dict[str, Organization]:
    """Plant the organisations that are missing; return all of them by their codes."""
    rows = [
        row
        for path in sorted((Path(settings.BASE_DIR) / "fixtures" / "organizations").glob("*.csv"))
        for row in csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
    ]
    codes = [row["код"] for row in rows]
    planted = {each.code: each for each in Organization.objects.filter(code__in=codes)}
    for row in rows:
        if row["код"] not in planted:
            planted[row["код"]] = Organization.objects.create(
                code=row["код"],
                parent=planted.get(row["отвечает перед"]),
                kind=row["вид"],
                name=row["наименование"],
                short_name=row["краткое наименование"],
            )
    return planted


def load_people(organizations: dict[str, Organization]) -> dict[str, User]:
    """Enter the people who are missing; return who reports for an organisation, by its code.

    A person met here already is left as found: the password and the roles may have been changed.
    """
    entered = {user.email: user for user in User.objects.filter(email__endswith="@demo.test")}
    answering = {}
    for account in ACCOUNTS:
        email = f"{account.login}@demo.test"
        if email not in entered:
            entered[email] = _enter(email, account.full_name, account.position, PASSWORD)
            if not account.places:
                entered[email].is_staff = entered[email].is_superuser = True
                entered[email].save()
            for code, role in account.places:
                _give_role(entered[email], organizations[code], role)
        for code, role in account.places:
            if role == Role.EXECUTOR:
                answering[code] = entered[email]
    for place, (code, organization) in enumerate(organizations.items()):
        if code in answering:
            continue
        email = f"{code.replace('ДЕМО', 'executor')}@demo.test"
        if email not in entered:
            entered[email] = _enter(email, _full_name(place), "ответственный за отчёты")
            _give_role(entered[email], organization, Role.EXECUTOR)
        answering[code] = entered[email]
    return answering


def _enter(email: str, full_name: str, position: str, password: str | None = None) -> User:
    surname, name, patronymic = full_name.split()
    return User.objects.create_user(
        email,
        password,
        surname=surname,
        name=name,
        patronymic=patronymic,
        position=f"{position} (демонстрация)",
    )


def _give_role(user: User, organization: Organization, role: Role) -> None:
    Membership.objects.create(user=user, organization=organization, role=role, since=SINCE)


def _full_name(place: int) -> str:
    """Return a name for the person at a place of the list; neighbours never share one."""
    parts = (words.split() for words in (_SURNAMES, _NAMES, _PATRONYMICS))
    return " ".join(words[place % len(words)] for words in parts)
