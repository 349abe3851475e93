"""The person of each row: who they are, whether they are stored, whether they have the role."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.folding import fold
from organizations.importing.columns import BY_KEY
from organizations.importing.directory import in_batches
from organizations.importing.plan import Person, Row
from organizations.importing.values import Problem
from organizations.models import Membership, User
from organizations.roles import Role

_FIELDS = ("surname", "name", "patronymic", "position")
_NEEDED = ("person_surname", "person_name", "person_email")


def settle_people(rows: list[Row], today: date) -> list[Problem]:
    """Set the person of each row that has one; return what stands against them."""
    problems: list[Problem] = []
    first: dict[str, Row] = {}
    for row in rows:
        problems += _read(row)
        if row.person is None:
            continue
        earlier = first.setdefault(row.person.email, row)
        if earlier.person and fold(earlier.person.full_name) != fold(row.person.full_name):
            message = _(
                "In row %(row)d another person has this e-mail: it is a login, one person's own."
            ) % {"row": earlier.number}
            problems.append(_problem(row, message))
    _recognise([row for row in rows if row.person], today)
    for row in rows:
        if row.person and row.person.user and not row.person.user.is_active:
            problems.append(_problem(row, DEACTIVATED))
    return problems


def _read(row: Row) -> list[Problem]:
    given = {key for key in row.cells if key.startswith("person_")} - {"person_role"}
    if not given:
        return []
    missing = [key for key in _NEEDED if key not in given]
    if missing or any(key not in row.values for key in _NEEDED):
        message = _("Needed where a person is given: surname, name and e-mail.")
        return [Problem(row.number, BY_KEY[key].heading, "", message) for key in missing]
    row.person = Person(
        email=row.values["person_email"],
        role=row.values.get("person_role", Role.EXECUTOR),
        fields={key: row.values.get(f"person_{key}", "") for key in _FIELDS},
    )
    return []


def _recognise(rows: list[Row], today: date) -> None:
    users: dict[str, User] = {}
    for emails in in_batches({row.person.email for row in rows if row.person}):
        users |= {user.email: user for user in User.objects.filter(email__in=emails)}
    held: set[tuple[int, int, str]] = set()
    for keys in in_batches([user.pk for user in users.values()]):
        memberships = Membership.objects.filter(user__in=keys).not_ended(today)
        held |= set(memberships.values_list("user_id", "organization_id", "role"))
    acting = {user for user, _place, _role in held}
    for row in rows:
        if row.person and (user := users.get(row.person.email)):
            row.person.user = user
            row.person.acts = user.pk in acting
            place = row.organization.pk if row.organization else 0
            row.person.has_role = (user.pk, place, row.person.role) in held


def _problem(row: Row, message: str | Promise) -> Problem:
    heading = BY_KEY["person_email"].heading
    return Problem(row.number, heading, row.cells["person_email"], message)


DEACTIVATED = _("This account is deactivated; the administrator of the system can activate it.")
