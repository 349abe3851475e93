"""What a person may do with organisations and people; every refusal carries its sentence.

A permission is ``True`` or a ``Denied``, which is false in an ``if`` and says why on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.models import Membership, Organization, OrganizationGroup, User
from organizations.roles import Role


@dataclass(frozen=True, slots=True)
class Denied:
    """A refusal with its reason, a sentence for the person."""

    reason: str | Promise

    def __bool__(self) -> Literal[False]:
        return False


Permission = Literal[True] | Denied


def require(permission: Permission) -> None:
    """Answer 403 with the sentence of the refusal where the permission is one."""
    if isinstance(permission, Denied):
        raise PermissionDenied(str(permission.reason))


def may_edit_organization(user: User, organization: Organization) -> Permission:
    """A coordinator with the organisation in reach edits its card, people and what is below it."""
    if user.reach.covers(organization, Role.COORDINATOR):
        return True
    return Denied(_("Only a coordinator over this organisation may change it."))


def may_create_organizations(user: User) -> Permission:
    """A coordinator adds organisations below their own."""
    if user.reach.has(Role.COORDINATOR):
        return True
    return Denied(_("Only coordinators add organisations."))


def may_create_groups(user: User) -> Permission:
    """A coordinator makes groups of organisations."""
    if user.reach.has(Role.COORDINATOR):
        return True
    return Denied(_("Only coordinators make groups of organisations."))


def may_edit_group(user: User, group: OrganizationGroup) -> Permission:
    """A coordinator over the organisation that keeps the group edits it."""
    if user.reach.covers(group.owner, Role.COORDINATOR):
        return True
    return Denied(_("Only a coordinator over the organisation that keeps this group may edit it."))


def may_edit_membership(user: User, membership: Membership) -> Permission:
    """A coordinator changes and ends roles within reach, but not their own last one."""
    if membership.until is not None and membership.until <= timezone.localdate():
        return Denied(_("This role has been ended already."))
    if not user.reach.covers(membership.organization, Role.COORDINATOR):
        return Denied(_("Only a coordinator over this organisation may change it."))
    own = membership.user_id == user.pk and membership.role == Role.COORDINATOR
    if own and sum(place.role == Role.COORDINATOR for place in user.reach.places) == 1:
        return Denied(
            _(
                "This is your own last role of a coordinator: without it you could not take it "
                "back. Another coordinator or the administrator ends it."
            )
        )
    return True


def may_issue_link(user: User, person: User) -> Permission:
    """A coordinator gives a sign-in link to a person all of whose roles are within their reach.

    Whoever holds the link sets the password, so a link must not open anything beyond the giver's
    own reach, nor the administration. A role that begins later counts already.
    """
    if person.is_staff or person.is_superuser:
        return Denied(_("Links for administrators are issued in the administration only."))
    if not person.is_active:
        return Denied(_("This person is deactivated."))
    today = timezone.localdate()
    held = Membership.objects.filter(user=person).not_ended(today)
    if not held.exists():
        return Denied(_("This person has no role any more."))
    if held.exclude(user.reach.q("organization", [Role.COORDINATOR])).exists():
        return Denied(_("This person also acts for organisations beyond your reach."))
    return True


def people_to_invite(user: User) -> QuerySet[User]:
    """Return all to whom the person may issue a link: ``may_issue_link`` for many at once."""
    held = Membership.objects.filter(user=OuterRef("pk")).not_ended(timezone.localdate())
    beyond = held.exclude(user.reach.q("organization", [Role.COORDINATOR]))
    people = User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
    return people.filter(Exists(held), ~Exists(beyond))
