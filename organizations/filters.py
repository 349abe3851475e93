"""What the list of organisations can be narrowed to; a filter is an address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Membership, Organization
from organizations.querysets import OrganizationQuerySet


def visible(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the organisations that the reader sees."""
    return Organization.objects.visible_to(request.user)


def municipalities(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the municipal authorities that the reader sees."""
    return visible(request).filter(kind=Organization.Kind.MUNICIPAL_AUTHORITY)


class ListFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped
    """A filter of what one person sees; with a condition that makes no sense the list is empty.

    An ignored condition would show more than was asked for, under the same heading. The words come
    first; what a field means is said by its label alone.
    """

    request: AuthenticatedHttpRequest

    def __init__(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().__init__(request.GET, queryset, request=request)

    def get_form_class(self) -> type[forms.Form]:
        """Give the controls the classes of the look."""
        form_class: type[forms.Form] = super().get_form_class()
        form_class.field_order = ["q"]
        for field in form_class.base_fields.values():
            field.help_text = ""
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            if isinstance(field.widget, forms.CheckboxInput):
                kind = "form-check-input"
            field.widget.attrs["class"] = kind
        return form_class

    @property
    def qs(self) -> QuerySet[Any]:
        """The rows that meet every condition; none where a condition makes no sense."""
        rows: QuerySet[Any] = super().qs if self.form.is_valid() else self.queryset.none()
        return rows

    @property
    def is_narrowed(self) -> bool:
        """Whether any condition is set, so that an empty list says something about it."""
        return any(self.data.get(name) for name in self.filters)


class OrganizationFilter(ListFilter):
    """Words, kind, municipality, open or closed, and those for whom nobody answers."""

    q = django_filters.CharFilter(method="search", label=_("Name, code or INN"))
    kind = django_filters.ChoiceFilter(
        choices=Organization.Kind.choices, label=_("Kind"), empty_label=_("Any kind")
    )
    municipality = django_filters.ModelChoiceFilter(
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
    parent = django_filters.ModelChoiceFilter(queryset=visible, widget=forms.HiddenInput)

    class Meta:
        model = Organization
        fields = ["q", "kind", "municipality", "state", "unanswered", "parent"]

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
