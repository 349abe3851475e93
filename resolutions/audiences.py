"""Whom a section or a recommendation means: organisations and groups, minus exclusions.

``Audience`` is the base of both models; ``audiences_of`` resolves all the audiences of a resolution
in a constant number of queries, whatever the number of recommendations and organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.groups import group_members
from organizations.models import Organization, OrganizationGroup

if TYPE_CHECKING:
    from resolutions.models import Recommendation, Resolution


class Audience(models.Model):
    """Three sets that say who is meant; abstract."""

    organizations = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("organizations")
    )
    groups = models.ManyToManyField(
        OrganizationGroup, blank=True, related_name="+", verbose_name=_("groups")
    )
    exclusions = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("except")
    )

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Audiences:
    """Keys of the organisations meant, by the key of each section and each recommendation."""

    sections: dict[int, set[int]]
    recommendations: dict[int, set[int]]

    @property
    def everybody(self) -> set[int]:
        """Keys of all organisations that any recommendation means."""
        return set().union(*self.recommendations.values())


def audiences_of(resolution: Resolution, day: date) -> Audiences:
    """Return whom each section and each recommendation means on that day.

    A recommendation's own organisations and groups replace the section's; its exclusions are taken
    away in either case. Organisations closed by ``day`` are left out.
    """
    sections = list(
        resolution.sections.prefetch_related(
            "organizations",
            "groups",
            "exclusions",
            "recommendations__organizations",
            "recommendations__groups",
            "recommendations__exclusions",
        )
    )
    recommendations: list[Recommendation] = [
        each for section in sections for each in section.recommendations.all()
    ]
    owners: list[Audience] = [*sections, *recommendations]
    groups = group_members((group for owner in owners for group in owner.groups.all()), day)
    found = Audiences({}, {})
    for section in sections:
        meant = _named(section, groups, day) - _excluded(section)
        found.sections[section.pk] = meant
        for each in section.recommendations.all():
            named = _named(each, groups, day) if has_own_audience(each) else meant
            found.recommendations[each.pk] = named - _excluded(each)
    return found


def has_own_audience(owner: Audience) -> bool:
    """Tell whether the owner names anybody itself: a recommendation may leave it to its section."""
    return bool(owner.organizations.all() or owner.groups.all())


def _named(owner: Audience, groups: dict[int, set[int]], day: date) -> set[int]:
    keys = {each.pk for each in owner.organizations.all() if each.is_open_on(day)}
    return keys.union(*(groups[group.pk] for group in owner.groups.all()))


def _excluded(owner: Audience) -> set[int]:
    return {each.pk for each in owner.exclusions.all()}
