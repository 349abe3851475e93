"""Storing a dry run, all or nothing, in a number of statements that does not grow with each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from organizations.importing.checking import FIELDS, check
from organizations.importing.plan import Person, Plan, Row, State
from organizations.importing.tables import Table
from organizations.invitations import loses_password
from organizations.models import Membership, Organization, User
from organizations.roles import Role
from organizations.tree import ancestor_ids, replant

_BATCH = 1000


def store(table: Table, user: User, fingerprint: str) -> tuple[Plan, bool]:
    """Do exactly what the dry run with this fingerprint showed; tell whether it was done.

    Where the directory has changed in between, nothing is stored and the new dry run is returned.
    """
    try:
        with transaction.atomic():
            _lock(user)
            plan = check(table, user)
            if not plan.may_be_stored or plan.fingerprint() != fingerprint:
                return plan, False
            _perform(plan, user)
            return plan, True
    except IntegrityError:
        # Somebody took a code or an e-mail at the same moment: look again.
        return check(table, user), False


def _lock(user: User) -> None:
    # As every move does (Organization.save), so that two of them cannot make a ring.
    places = [place for place in user.reach.places if place.role == Role.COORDINATOR]
    roots = {ancestor_ids(place.path)[0] for place in places}
    Organization.objects.filter(pk__in=roots).hold()


def _perform(plan: Plan, user: User) -> None:
    history = {
        "batch_size": _BATCH,
        "default_user": user,
        "default_change_reason": _("Loaded from a table"),
    }
    made = _create(plan, history)
    changed, fields = _change(plan, made)
    everything = [*plan.directory.organizations.values(), *made.values()]
    planted = replant(_parents_first(everything), plan.directory.above)
    written = {each.pk: each for each in [*changed, *planted]}
    # An insert that meets each row and updates it: several times as quick as bulk_update. In the
    # order of keys, as ``hold`` takes them: two who lock many never wait for each other crosswise.
    Organization.objects.bulk_create(
        [written[key] for key in sorted(written)],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["path", "municipality", "search", "sort_key", *sorted(fields)],
    )
    Organization.history.bulk_history_create(changed, update=True, **history)
    _give_roles(plan, made, history)


def _create(plan: Plan, history: dict[str, Any]) -> dict[Row, Organization]:
    made: dict[Row, Organization] = {}
    for rows in plan.new_in_order():
        organizations = []
        for row in rows:
            values = {key: row.values[key] for key in FIELDS if key in row.values}
            organization = Organization(**values, parent=_stored(row.parent, made))
            organizations.append(organization)
        stored = bulk_create_with_history(organizations, Organization, **history)
        made |= dict(zip(rows, stored, strict=True))
    return made


def _change(plan: Plan, made: dict[Row, Organization]) -> tuple[list[Organization], set[str]]:
    """Give the stored organisations their new values; return them and the fields that changed."""
    changed, fields = [], set()
    for row in plan.of_state(State.CHANGED):
        organization = row.organization
        if organization is None or not row.changes:
            continue
        for change in row.changes:
            fields.add(change.key)
            is_parent = change.key == "parent"
            value = _stored(row.parent, made) if is_parent else row.values[change.key]
            setattr(organization, change.key, value)
        changed.append(organization)
    return changed, fields


def _give_roles(plan: Plan, made: dict[Row, Organization], history: dict[str, Any]) -> None:
    people = {row: row.person for row in plan.rows if row.person and row.gives_role}
    new = {
        person.email: User(email=person.email, password=make_password(None), **person.fields)
        for person in reversed(people.values())
        if person.user is None
    }
    users = User.objects.bulk_create(new.values(), batch_size=_BATCH)
    by_email = {user.email: user for user in users}
    _take_passwords(people.values())
    memberships = [
        Membership(
            user=person.user or by_email[person.email],
            organization=made.get(row) or row.organization,
            role=person.role,
            since=timezone.localdate(),
        )
        for row, person in people.items()
    ]
    if memberships:
        bulk_create_with_history(memberships, Membership, **history)


def _take_passwords(people: Iterable[Person]) -> None:
    """Leave those who act nowhere without a password, as ``invite`` does: they need a link."""
    known = {
        person.user.pk: person.user
        for person in people
        if person.user and loses_password(person.user, acts=person.acts)
    }
    for user in known.values():
        user.set_unusable_password()
    # In the order of keys, as organisations above.
    User.objects.bulk_create(
        [known[key] for key in sorted(known)],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["password"],
    )


def _stored(
    parent: Organization | Row | None, made: dict[Row, Organization]
) -> Organization | None:
    return made[parent] if isinstance(parent, Row) else parent


def _parents_first(organizations: Iterable[Organization]) -> list[Organization]:
    below: dict[int | None, list[Organization]] = defaultdict(list)
    keys = {each.pk for each in organizations}
    for each in organizations:
        below[each.parent_id if each.parent_id in keys else None].append(each)
    ordered = below[None]
    for each in ordered:  # grows while it is walked
        ordered.extend(below[each.pk])
    return ordered
