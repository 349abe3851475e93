"""Roles, and how far each of them reaches.

A membership says over what a person acts, not where they are employed. An executor's reach is the
organisation alone; that of the others is the organisation and everything below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from organizations.tree import subtree_bounds

if TYPE_CHECKING:
    from organizations.models import Organization


class Role(TextChoices):
    """What a person may do over an organisation; the order is that of the start pages."""

    COORDINATOR = "COORDINATOR", _("Coordinator")
    METHODIST = "METHODIST", _("Methodist")
    OBSERVER = "OBSERVER", _("Observer")
    EXECUTOR = "EXECUTOR", _("Executor")


CONTROLLING_ROLES = (Role.COORDINATOR, Role.METHODIST, Role.OBSERVER)


@dataclass(frozen=True, slots=True)
class Place:
    """One role over one organisation, with the organisation's path in the tree and its kind."""

    role: str
    organization_id: int
    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reach:
    """All the places of one person on one day; rights are their union."""

    places: tuple[Place, ...]
    day: date

    def has(self, *roles: str) -> bool:
        """Tell whether the person has one of the roles anywhere."""
        return any(place.role in roles for place in self.places)

    def roles(self) -> set[str]:
        """Return the roles the person has anywhere."""
        return {place.role for place in self.places}

    def q(self, field: str, roles: Iterable[str] = Role.values, *, below_only: bool = False) -> Q:
        """Return the condition "the organisation in ``field`` is in reach as one of ``roles``".

        ``field`` is a lookup path to an Organization ("executor"), or "" for Organization itself.
        ``below_only`` leaves out the organisation of the membership itself.
        """
        prefix = f"{field}__" if field else ""
        conditions = []
        for place in self._places(roles):
            if place.role == Role.EXECUTOR:
                # executor_id without a join: the commonest question of the largest group of people
                conditions.append(Q(**{f"{field}_id" if field else "pk": place.organization_id}))
                continue
            start, end = subtree_bounds(place.path)
            bound = "gt" if below_only else "gte"
            conditions.append(Q(**{f"{prefix}path__{bound}": start, f"{prefix}path__lt": end}))
        return reduce(or_, conditions) if conditions else Q(pk__in=[])

    def covers(self, organization: Organization, *roles: str, below_only: bool = False) -> bool:
        """Tell whether one organisation is in reach as one of ``roles`` (all, when none named)."""
        for place in self._places(roles or Role.values):
            if place.role == Role.EXECUTOR:
                if organization.pk == place.organization_id:
                    return True
            elif organization.path.startswith(place.path) and not (
                below_only and organization.pk == place.organization_id
            ):
                return True
        return False

    def _places(self, roles: Iterable[str]) -> list[Place]:
        wanted = set(roles)
        return [place for place in self.places if place.role in wanted]
