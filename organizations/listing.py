"""What stands in the list of organisations, in its order: the page and its export ask the same."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from organizations.filters import OrganizationFilter, answered
from organizations.http import AuthenticatedHttpRequest
from organizations.models import Membership, Organization, User


def organizations_listed(request: AuthenticatedHttpRequest) -> OrganizationFilter:
    """Return the filter of the list of organisations; its ``qs`` are the rows, in order."""
    return OrganizationFilter(request, Organization.objects.visible_to(request.user))


def with_people(rows: QuerySet[Organization], reader: User) -> QuerySet[Any]:
    """Add how many people act for each (``people``), and whether somebody answers (``answered``).

    Both tell something only where the organisation is within the reader's reach (``in_reach``).
    """
    people = (
        Membership.objects.visible_to(reader)
        .active(timezone.localdate())
        .filter(organization=OuterRef("pk"))
        .order_by()
        .values("organization")
        .annotate(number=Count("user", distinct=True))
        .values("number")
    )
    return rows.annotate(
        people=Subquery(people, output_field=IntegerField()),
        answered=answered(),
        in_reach=ExpressionWrapper(reader.reach.q(""), output_field=BooleanField()),
    )
