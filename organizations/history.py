"""What changed in an organisation and its roles, who did it and when; in words, newest first.

A few queries whatever the length. An organisation that the reader may not see is not named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, cast

from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.forms import ModelForm
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from organizations.forms import OrganizationForm
from organizations.invitations import links_issued
from organizations.models import Membership, Organization, User
from organizations.names import named_for, shown_as

MEMBERSHIP_FIELDS = ("role", "since", "until")


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, as a person reads it."""

    field: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when, by whom, what in a sentence, and what changed.

    ``who`` is None where a program did it or somebody whom the reader may not know; ``by`` says it
    in words.
    """

    when: datetime
    who: User | None
    by: str
    what: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader may know of a story: organisations and people by their keys."""

    organizations: set[int]
    people: set[int]

    def entry(self, when: datetime, who: User | None, what: str, *changes: Change) -> Entry:
        """Return an act with its doer as the reader may know them."""
        if who is None:
            return Entry(when, None, _("loaded by the system"), what, changes)
        if who.pk in self.people:
            return Entry(when, who, who.get_short_name(), what, changes)
        if who.is_staff:
            return Entry(when, None, _("an administrator of the system"), what, changes)
        return Entry(when, None, _("a specialist of another organisation"), what, changes)


def version_of(organization: Organization) -> int:
    """Return the number of the last saved state, 0 where none was ever recorded."""
    numbers = organization.history.order_by("-history_id").values_list("history_id", flat=True)
    return int(numbers.first() or 0)


def save_unless_changed(form: ModelForm[Organization], version: int) -> bool:
    """Save unless somebody saved the organisation since ``version``; tell whether it is saved."""
    with transaction.atomic():
        organization = form.instance
        Organization.objects.hold_trees(organization.pk, organization.parent_id)
        Organization.objects.filter(pk=organization.pk).hold()
        if version_of(organization) != version:
            return False
        form.save()
        return True


def story_of(
    organization: Organization, reader: User, *, with_roles: bool = False, after: int = 0
) -> list[Entry]:
    """Return what happened to the organisation's card and, if asked, to the roles of its people.

    With ``after`` (a version) only what was saved to the card since then.
    """
    states = list(
        organization.history.select_related("history_user", "parent", "successor").order_by(
            "history_id"
        )
    )
    named = {pk for each in states for pk in (each.parent_id, each.successor_id) if pk}
    visible = Organization.objects.visible_to(reader).filter(pk__in=named)
    roles = _role_states(organization) if with_roles else []
    links = list(links_issued({each.user_id for each in roles})) if roles else []
    people = {each.history_user_id for each in [*states, *roles]}
    people |= {each.user_id for each in [*roles, *links]}
    known = Reading(set(visible.values_list("pk", flat=True)), named_for(reader, people))
    entries = _card_entries([each for each in states if each.history_id >= after], known, after)
    entries += _role_entries(roles, known)
    entries += _link_entries(links, {str(each.user_id): each.user for each in roles}, known)
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def _card_entries(states: list[Any], known: Reading, after: int) -> list[Entry]:
    entries = []
    if states and not after:
        first = states[0]
        what = _("Entered in the directory") if first.history_type == "+" else _("State at first")
        entries.append(known.entry(first.history_date, first.history_user, what))
    for before, now in pairwise(states):
        fields = OrganizationForm.Meta.fields
        changes = _changes(Organization, fields, before, now, known.organizations)
        if changes:
            what = _("Card changed")
            entries.append(known.entry(now.history_date, now.history_user, what, *changes))
    return entries


def _role_states(organization: Organization) -> list[Any]:
    rows = Membership.history.filter(organization_id=organization.pk)
    return list(rows.select_related("history_user", "user").order_by("history_id"))


def _role_entries(states: list[Any], known: Reading) -> list[Entry]:
    last: dict[int, Any] = {}
    entries = []
    for now in states:
        before = last.get(now.id)
        last[now.id] = now
        changes: tuple[Change, ...] = ()
        words = {"person": shown_as(now.user, known.people), "role": now.get_role_display()}
        if before is None:
            what = _("%(person)s has the role: %(role)s") % words
        elif now.until and not before.until:
            what = _("%(person)s no longer has the role: %(role)s") % words
        elif changes := _changes(Membership, MEMBERSHIP_FIELDS, before, now, set()):
            what = _("Role of %(person)s changed") % words
        else:
            continue
        entries.append(known.entry(now.history_date, now.history_user, what, *changes))
    return entries


def _link_entries(records: list[LogEntry], people: dict[str, User], known: Reading) -> list[Entry]:
    entries = []
    for record in records:
        person = shown_as(people[str(record.object_id)], known.people)
        what = _("Sign-in link issued: %(person)s") % {"person": person}
        entries.append(known.entry(record.action_time, record.user, what))
    return entries


def _changes(
    model: type[models.Model], names: Iterable[str], before: Any, now: Any, seen: set[int]
) -> tuple[Change, ...]:
    found = []
    for name in names:
        field = cast("models.Field[Any, Any]", model._meta.get_field(name))  # noqa: SLF001  # public
        if getattr(before, field.attname) != getattr(now, field.attname):
            values = [_in_words(field, each, seen) for each in (before, now)]
            found.append(Change(field.verbose_name, values[0], values[1]))
    return tuple(found)


def _in_words(field: models.Field[Any, Any], state: Any, seen: set[int]) -> str:
    value = getattr(state, field.attname)
    if value in (None, ""):
        return _("not filled in")
    if field.is_relation:
        return str(getattr(state, field.name)) if value in seen else _("beyond your reach")
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    return str(dict(field.flatchoices).get(value, value))
