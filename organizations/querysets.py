"""Questions about many organisations, groups and memberships, each named for its reader."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Length

from organizations.roles import CONTROLLING_ROLES, Role
from organizations.searching import conditions
from organizations.tree import WIDTH, ancestor_ids, subtree_bounds

if TYPE_CHECKING:
    from organizations.models import (
        Membership,  # noqa: F401  # named by the bases, like the group
        Organization,
        OrganizationGroup,  # noqa: F401
        User,
    )


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Questions about many organisations."""

    def subtree_of(self, organization: Organization) -> OrganizationQuerySet:
        """The organisation and everything below it: one range, whatever its size."""
        start, end = subtree_bounds(organization.path)
        return self.filter(path__gte=start, path__lt=end)

    def paths_of(self, *keys: int | None) -> dict[int, str]:
        """The paths, as stored, of those of the organisations that stand in a tree."""
        rows = self.filter(pk__in=[key for key in keys if key]).exclude(path="")
        return dict(rows.values_list("pk", "path"))

    def hold(self) -> None:
        """Lock them to the end of the transaction, in one order: two never wait crosswise.

        What refers to them (a report, a count) may still be stored.
        """
        list(self.order_by("pk").select_for_update(no_key=True).values_list("pk"))

    def hold_trees(self, *keys: int | None) -> dict[int, str]:
        """Lock the trees in which the organisations stand, by their roots; return their paths.

        Two moves at once could otherwise make a ring. Whoever locks a row and moves or saves it
        locks the trees first, as an import does: they would wait for each other for ever.
        """
        locked: set[int] = set()
        paths = self.paths_of(*keys)
        # While this one waited, another may have moved one to a tree that is not locked yet.
        while roots := {ancestor_ids(path)[0] for path in paths.values()} - locked:
            self.filter(pk__in=roots).hold()
            locked |= roots
            paths = self.paths_of(*keys)
        return paths

    def levels_below(self, path: str) -> int:
        """How many levels hang below the organisation with this path."""
        start, end = subtree_bounds(path)
        rows = self.filter(path__gte=start, path__lt=end).order_by()
        longest: int = rows.aggregate(longest=Max(Length("path")))["longest"] or len(path)
        return (longest - len(path)) // WIDTH

    def in_reach_of(self, user: User, *roles: str) -> OrganizationQuerySet:
        """Those over which the person acts in one of the roles (any, when none is named)."""
        return self.filter(user.reach.q("", roles or Role.values))

    def visible_to(self, user: User) -> OrganizationQuerySet:
        """Those in reach and, for controllers, the addressees outside every tree.

        A ministry is named in resolutions of many regions: its name and card are public knowledge.
        """
        condition = user.reach.q("")
        if user.reach.has(*CONTROLLING_ROLES):
            condition |= Q(kind=self.model.Kind.OTHER, parent=None)
        return self.filter(condition)

    def open_on(self, day: date) -> OrganizationQuerySet:
        """Those not closed on that day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def search(self, text: str) -> OrganizationQuerySet:
        """Those in whose names, codes or identifiers each of the words occurs."""
        return self.filter(*conditions(text))


class OrganizationGroupQuerySet(models.QuerySet["OrganizationGroup"]):
    """Questions about many groups."""

    def visible_to(self, user: User) -> OrganizationGroupQuerySet:
        """Those kept by an organisation in the person's reach, in whatever role."""
        return self.filter(user.reach.q("owner"))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about many memberships."""

    def active(self, day: date) -> MembershipQuerySet:
        """Those in force on that day."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def answering(self, day: date) -> MembershipQuerySet:
        """Those by which somebody answers on that day: executors in force who can sign in."""
        return self.active(day).filter(role=Role.EXECUTOR, user__is_active=True)

    def introducing(self) -> MembershipQuerySet:
        """Those by which people are known by name where they act.

        The account was entered together with the role, or its owner has signed in since.
        """
        given = self.model.history.filter(id=OuterRef("pk"), history_type="+")
        earlier = self.model._base_manager.filter(user=OuterRef("user"), pk__lt=OuterRef("pk"))  # noqa: SLF001  # public
        rows = self.alias(given=Subquery(given.order_by("pk").values("history_date")[:1]))
        return rows.filter(
            Q(given=None)  # loaded by the system
            | Q(user__last_login__gte=F("given"))
            | Q(~Exists(earlier), user__is_staff=False)
        )

    def not_ended(self, day: date) -> MembershipQuerySet:
        """Those in force on that day, and those that begin later."""
        return self.filter(Q(until=None) | Q(until__gt=day))

    def visible_to(self, user: User) -> MembershipQuerySet:
        """Those over organisations in the person's reach."""
        return self.filter(user.reach.q("organization"))
