"""Whose names a reader sees: of the people within reach, once they are known there.

Anybody's e-mail can be typed into an invitation. Had that been enough to read the name and the
position behind it, a coordinator could look up people of the whole country. So a person found by
the e-mail stays an e-mail until they come in, which says that they are indeed who was meant.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from organizations.models import Membership, User
from organizations.querysets import MembershipQuerySet


def named_for(reader: User, people: Iterable[int | None]) -> set[int]:
    """Return those of the people (keys) whose names the reader sees; one query."""
    seen = _introduced_to(reader).filter(user__in={*people} - {None})
    return set(seen.values_list("user_id", flat=True))


def is_named_for(reader: User) -> Exists:
    """Return the same as a condition on memberships: the reader sees the name of their person."""
    return Exists(_introduced_to(reader).filter(user=OuterRef("user")))


def shown_as(person: User, named: set[int]) -> str:
    """Return the name where the reader sees it (``named_for``), else the e-mail."""
    return str(person) if person.pk in named else person.email


def _introduced_to(reader: User) -> MembershipQuerySet:
    return Membership.objects.visible_to(reader).introducing()
