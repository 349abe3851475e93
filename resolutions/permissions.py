"""What a person may do with a resolution while it is a draft."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, User
from organizations.permissions import Denied, Permission
from organizations.querysets import OrganizationQuerySet
from organizations.roles import Role
from resolutions.models import Resolution

# A school in reach issues no resolutions: the choice stays a short list in a region of thousands.
ISSUING_KINDS = (
    Organization.Kind.DEPARTMENT,
    Organization.Kind.INSTITUTE,
    Organization.Kind.MUNICIPAL_AUTHORITY,
    Organization.Kind.METHODICAL_SERVICE,
    Organization.Kind.OTHER,
)


def issuers_for(user: User) -> OrganizationQuerySet:
    """Return the bodies in whose name the person may enter resolutions."""
    own = [place.organization_id for place in user.reach.places if place.role == Role.COORDINATOR]
    in_reach = Organization.objects.in_reach_of(user, Role.COORDINATOR)
    return in_reach.filter(kind__in=ISSUING_KINDS) | in_reach.filter(pk__in=own)


def may_create_resolutions(user: User) -> Permission:
    """Coordinators enter resolutions."""
    if user.reach.has(Role.COORDINATOR):
        return True
    return Denied(_("Only coordinators enter resolutions."))


def may_edit_draft(user: User, resolution: Resolution) -> Permission:
    """A coordinator of the issuer edits a draft; what is sent changes by acts of its own."""
    if not resolution.is_draft:
        return Denied(
            _("This resolution has been sent: its text is what the executors have received.")
        )
    return may_run_drafts(user, resolution)


def may_run_drafts(user: User, resolution: Resolution) -> Permission:
    """A coordinator of the issuer."""
    if user.reach.covers(resolution.issuer, Role.COORDINATOR):
        return True
    return Denied(_("Only a coordinator of the issuer may change this resolution."))
