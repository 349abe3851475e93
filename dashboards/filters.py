"""What «Просрочено» can be narrowed to: the same conditions as lists of tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.lists import LONGEST_QUERY
from organizations.querysets import OrganizationQuerySet
from resolutions.models import Recommendation
from tasks.filters import OfTasks, list_url
from tasks.models import Task
from tasks.progress import overdue
from tasks.querysets import TaskQuerySet

LONGEST_DELAY = 9999  # days


class OverdueFilter(OfTasks):
    """Resolution, municipality, organisation, theme; of what is overdue also how late it is.

    ``qs`` meets the first four: figures of what will be next count it. ``late`` meets all.
    """

    OF_TASKS_ALONE = frozenset({"organization"})

    organization = django_filters.CharFilter(
        label=_("Organization"), method="by_organization", max_length=LONGEST_QUERY
    )
    theme = django_filters.ChoiceFilter(
        label=_("Theme"), field_name="recommendation__theme", empty_label=_("All"), choices=[]
    )
    delay = django_filters.NumberFilter(
        label=_("Overdue by more than, days"),
        min_value=0,
        max_value=LONGEST_DELAY,
        decimal_places=0,
        method="leave",
    )
    unopened = django_filters.BooleanFilter(
        label=_("Never opened only"), widget=forms.CheckboxInput, method="leave"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, request: HttpRequest, queryset: TaskQuerySet) -> None:
        super().__init__(request, queryset)
        # Of the resolutions offered, which are read already: not of the same visibility again.
        papers = [paper.pk for paper in self.filters["resolution"].field.rows]
        found = Recommendation.objects.filter(section__resolution__in=papers)
        themes = found.exclude(theme="").order_by("theme")
        named = list(themes.values_list("theme", flat=True).distinct())
        if named:
            self.filters["theme"].extra["choices"] = [(theme, theme) for theme in named]
        else:
            del self.filters["theme"]

    def by_organization(self, tasks: TaskQuerySet, _name: str, words: str) -> TaskQuerySet:
        """Each word names the executor."""
        return tasks.of_organizations(words)

    def leave(self, tasks: TaskQuerySet, _name: str, _value: Any) -> TaskQuerySet:
        """Keep all: this condition is of what is overdue (``late_q``)."""
        return tasks

    @property
    def tasks(self) -> TaskQuerySet:
        """The tasks of ``qs``, by their own type."""
        return cast(TaskQuerySet, self.qs)

    @property
    def given(self) -> dict[str, Any]:
        """The conditions by name; none where one of them makes no sense."""
        return self.form.cleaned_data if self.form.is_valid() else {}

    @property
    def organizations(self) -> OrganizationQuerySet:
        """The organisations whose tasks meet the conditions on executors."""
        found = super().organizations
        words = self.given.get("organization")
        return found.search(words) if words else found

    def late_q(self, on: date) -> Q:
        """Return the condition on the tasks of ``qs``: overdue on that day, as asked for.

        It holds for kept counts of them, too.
        """
        given = self.given
        condition = overdue(on)
        if given.get("delay") is not None:
            condition &= Q(due_on__lte=self._last_day(on))
        if given.get("unopened"):
            condition &= Q(opened=False)
        return condition

    def late(self, on: date) -> TaskQuerySet:
        """Return the tasks overdue on that day that meet every condition, in no order yet."""
        return self.tasks.filter(self.late_q(on))

    def late_url(self, on: date, **more: Any) -> str:
        """Return the address of the list of ``late``, or of those of them that ``more`` names."""
        given = self.given
        own: dict[str, Any] = {"state": "overdue"}
        if given.get("delay") is not None:
            own["due_to"] = f"{self._last_day(on):%d.%m.%Y}"
        if given.get("unopened"):
            own["unopened"] = "on"
        return self.url(**{**own, **more})

    def url(self, **more: Any) -> str:
        """Return the address of the list of tasks of ``qs`` that ``more`` names."""
        shared = {name: value for name, value in self.conditions().items() if name not in more}
        return list_url(**more, **shared)

    def conditions(self) -> dict[str, str]:
        """Return the conditions on ``qs``, for links to lists of the same tasks."""
        shared = ("resolution", "municipality", "organization", "theme")
        # A theme is no condition where nothing has one: then the page does not offer it.
        return {name: self.data.get(name, "") if name in self.filters else "" for name in shared}

    def query(self) -> dict[str, str]:
        """Return every condition set, for links to pages that are narrowed in the same way."""
        return {name: self.data[name] for name in self.filters if self.data.get(name)}

    def narrowed(self, **more: Any) -> str:
        """Return the address of the page under more conditions."""
        return f"?{urlencode({**self.query(), **more})}"

    def _last_day(self, on: date) -> date:
        """Return the latest due day that is late by more than the days asked for."""
        return on - timedelta(days=int(self.form.cleaned_data["delay"]) + 1)
