"""What the list of organisations can be narrowed to; a filter is an address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.http import AuthenticatedHttpRequest
from organizations.lists import NAMES, OfferedFilter, SortFilter, both_ways, in_turn, words_filter
from organizations.lists import ListFilter as ListFilter  # filters of other lists begin here
from organizations.models import Membership, Organization
from organizations.querysets import OrganizationQuerySet


def visible(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the organisations that the reader sees."""
    return Organization.objects.visible_to(request.user)


def municipalities(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the municipal authorities that the reader sees."""
    found = visible(request).filter(kind=Organization.Kind.MUNICIPAL_AUTHORITY)
    return found.only(*NAMES)


_NAME = ("sort_key", "pk")
ORDERS = {
    **both_ways("name", (_("By name"), _("By name, from the end")), "sort_key", "pk"),
    **both_ways(
        "kind",
        (_("By kind"), _("By kind, from the end")),
        in_turn("kind", Organization.Kind.values),
        *_NAME,
    ),
    **both_ways(
        "municipality",
        (_("By municipality"), _("By municipality, from the end")),
        "municipality__sort_key",
        "municipality",
        *_NAME,
        nullable=True,
    ),
}


class OrganizationFilter(ListFilter):
    """Words, kind, municipality, open or closed, and those for whom nobody answers."""

    kept_for = "organizations:organization_list"

    q = words_filter(_("Name, code or INN"), "search")
    kind = django_filters.ChoiceFilter(
        choices=Organization.Kind.choices, label=_("Kind"), empty_label=_("Any kind")
    )
    municipality = OfferedFilter(
        queryset=municipalities, label=_("Municipality"), empty_label=_("All municipalities")
    )
    state = django_filters.ChoiceFilter(
        choices=[
            ("closed", pgettext_lazy("organizations", "Closed")),
            ("all", pgettext_lazy("organizations", "Open and closed")),
        ],
        label=_("State"),
        empty_label=pgettext_lazy("organizations", "Open"),
        method="leave",
    )
    unanswered = django_filters.BooleanFilter(
        label=_("Nobody answers"), widget=forms.CheckboxInput, method="only_unanswered"
    )
    parent = django_filters.ModelChoiceFilter(
        queryset=visible, label=_("Answers to"), widget=forms.HiddenInput
    )
    sort = SortFilter(ORDERS)

    class Meta:
        model = Organization
        fields: list[str] = []

    def search(self, rows: OrganizationQuerySet, name: str, text: str) -> OrganizationQuerySet:  # noqa: ARG002
        """Keep those found by the words."""
        return rows.search(text)

    def leave(self, rows: OrganizationQuerySet, name: str, value: str) -> OrganizationQuerySet:  # noqa: ARG002
        """Keep all: open and closed are told apart for the whole (``filter_queryset``)."""
        return rows

    def only_unanswered(
        self,
        rows: OrganizationQuerySet,
        name: str,  # noqa: ARG002
        value: bool | None,
    ) -> OrganizationQuerySet:
        """Keep those in reach for whom nobody answers; of others the reader sees no people."""
        return rows.in_reach_of(self.request.user).filter(~answered()) if value else rows

    def filter_queryset(self, queryset: OrganizationQuerySet) -> OrganizationQuerySet:
        """Filter; without a word about it closed organisations are left out."""
        rows: OrganizationQuerySet = super().filter_queryset(queryset)
        state: Any = self.form.cleaned_data.get("state")
        today = timezone.localdate()
        if state == "closed":
            return rows.filter(closed_on__lte=today)
        return rows if state == "all" else rows.open_on(today)


def answered() -> Exists:
    """Return the condition "somebody answers for the organisation today"."""
    roles = Membership.objects.answering(timezone.localdate())
    return Exists(roles.filter(organization=OuterRef("pk")))
