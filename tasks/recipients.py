"""Who hears of what concerns an organisation: those who answer for it, else its own mailbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from organizations.models import Membership, Organization
from organizations.querysets import MembershipQuerySet, OrganizationQuerySet
from organizations.roles import Role


@dataclass(frozen=True, slots=True)
class Recipients:
    """Addresses of one letter; not ``personal`` is a mailbox that anybody of the office reads."""

    addresses: list[str]
    personal: bool


def answering(day: date) -> MembershipQuerySet:
    """Return the roles of those who answer for organisations on that day."""
    return (
        Membership.objects.active(day)
        .filter(role=Role.EXECUTOR, user__is_active=True)
        .exclude(user__email="")
    )


def reachable(day: date) -> OrganizationQuerySet:
    """Return the organisations to which a letter can go."""
    people = answering(day).filter(organization=OuterRef("pk"))
    return Organization.objects.filter(Exists(people) | ~Q(email=""))


def recipients_of(organizations: Iterable[Organization], day: date) -> dict[int, Recipients]:
    """Return the recipients for each organisation, by its key; one query.

    Those with no address at all are not among them.
    """
    boxes = {each.pk: each.email for each in organizations}
    people: dict[int, list[str]] = {}
    rows = answering(day).filter(organization__in=list(boxes)).order_by("user__email")
    for organization, address in rows.values_list("organization_id", "user__email"):
        people.setdefault(organization, []).append(address)
    found = {key: Recipients([address], False) for key, address in boxes.items() if address}
    return found | {key: Recipients(addresses, True) for key, addresses in people.items()}
