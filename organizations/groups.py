"""Whom a group means on a day: the rule against the organisations as they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from organizations.models import Organization, OrganizationGroup
from organizations.tree import subtree_bounds


def group_members(groups: Iterable[OrganizationGroup], day: date) -> dict[int, set[int]]:
    """Return the keys of the organisations each group means on that day, by the group's key.

    Organisations closed by that day are left out. Four queries for any number of groups.
    """
    keys = {group.pk for group in groups}
    loaded = list(
        OrganizationGroup.objects.filter(pk__in=keys)
        .select_related("within")
        .prefetch_related("members", "exclusions")
    )
    rules = Q(pk__in=[])
    for group in loaded:
        if group.kinds and group.within:
            start, end = subtree_bounds(group.within.path)
            rules |= Q(kind__in=group.kinds, path__gte=start, path__lt=end)
    by_rule = list(
        Organization.objects.filter(rules).open_on(day).values_list("pk", "kind", "path")
    )
    found = {}
    for group in loaded:
        within = group.within.path if group.within else ""
        keys = {
            pk
            for pk, kind, path in by_rule
            if within and kind in group.kinds and path.startswith(within)
        }
        keys |= {each.pk for each in group.members.all() if each.is_open_on(day)}
        found[group.pk] = keys - {each.pk for each in group.exclusions.all()}
    return found
