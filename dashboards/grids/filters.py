"""What the grids can be filtered by; the range of days says which columns there are."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboards.grids.periods import Grain, Span
from tasks.filters import (
    CountedFilter,
    DayFilter,
    OfTasks,
    municipality_filter,
)
from tasks.models import Task
from tasks.progress import STATES


class DueGridForm(forms.Form):
    """The conditions of the grid; a range has its ends in order."""

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("due_from"), data.get("due_to")
        if first and last and first > last:
            self.add_error("due_to", _("This day is before the first one."))
        return data


class DueGridFilter(OfTasks):
    """Which tasks stand in the grid of executors and due dates, and what its columns are."""

    state = django_filters.ChoiceFilter(
        label=_("Tasks"),
        choices=[("owed", _("Owed only"))],
        empty_label=_("All"),
        method="by_state",
    )
    by = django_filters.ChoiceFilter(
        label=_("Columns"),
        choices=[each for each in Grain.choices if each[0] != Grain.MONTH],
        empty_label=Grain.MONTH.label,
        method="leave",
    )
    due_from = DayFilter(label=_("Due from"), method="leave")
    due_to = DayFilter(label=_("Due to"), method="leave")

    class Meta:
        model = Task
        fields: list[str] = []
        form = DueGridForm

    def by_state(self, rows: QuerySet[Any], _name: str, state: str) -> QuerySet[Any]:
        """By the one definition of owed."""
        return rows.filter(STATES[state](timezone.localdate()))

    def leave(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Keep all: the columns choose by day, and those without one have a column of their own."""
        return rows

    @property
    def grain(self) -> Grain:
        """How long a column is."""
        return Grain(self.form.cleaned_data["by"] or Grain.MONTH)

    @property
    def asked(self) -> Span:
        """The days typed."""
        return Span(self.form.cleaned_data["due_from"], self.form.cleaned_data["due_to"])

    def conditions(self) -> dict[str, str]:
        """Return the conditions set, for links to lists of the same tasks."""
        return {name: self.data.get(name, "") for name in ("resolution", "municipality")}


class MatrixFilter(CountedFilter):
    """Which organisations stand in the grid of one resolution; which one it is, the grid knows."""

    municipality = municipality_filter()

    class Meta:
        model = Task
        fields: list[str] = []

    def conditions(self) -> dict[str, str]:
        """Return the conditions set, for links to lists of the same tasks."""
        return {"municipality": self.data.get("municipality", "")}
