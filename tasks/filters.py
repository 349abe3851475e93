"""What lists of tasks and resolutions can be filtered by; a filter lives in the address."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from organizations.fields import DayField
from organizations.filters import ListFilter
from organizations.folding import fold
from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from resolutions.models import Recommendation, Resolution, ResolutionQuerySet
from tasks.models import Task, TaskQuerySet
from tasks.progress import STATES
from tasks.visibility import visible_resolutions

STATE_LABELS = {
    "owed": _("To be reported on"),
    "overdue": _("Overdue"),
    "in_term": _("Not overdue yet"),
    "soon": _("Due within 7 days"),
    "later": _("Due after 7 days"),
    "undated": _("Without a deadline"),
    "done": _("Completed"),
    "counted": _("All but not applicable and cancelled"),
    "in_time": _("Completed in time"),
    "late": _("Completed late"),
    "waiting": _("Awaiting acceptance"),
    "running": _("In work, not overdue"),
    "open_ended": _("Without a deadline, not returned"),
    "returned": _("Returned, not overdue"),
    "week": _("Due within 7 days, not returned"),
    "new": _("New, not urgent"),
    "underway": _("Seen, not urgent"),
}
OUTSIDE_MUNICIPALITIES = _("Answering to the region, and others")
BY_DUE_DATE = (F("due_on").asc(nulls_last=True), "executor__name", "pk")


def list_url(**conditions: Any) -> str:
    """Return the address of the list of tasks under these conditions; empty ones are left out."""
    given = {name: value for name, value in conditions.items() if value not in ("", None)}
    address = reverse("tasks:task_list")
    return f"{address}?{urlencode(given)}" if given else address


# What can be chosen: never more than the reader sees.


def executors(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the organisations whose tasks the reader sees."""
    return Organization.objects.in_reach_of(request.user)


def municipalities(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the municipalities in which organisations of the reader have tasks."""
    with_tasks = Task.objects.visible_to(request.user).values("executor__municipality")
    return Organization.objects.filter(pk__in=with_tasks)


def sent_resolutions(request: AuthenticatedHttpRequest) -> ResolutionQuerySet:
    """Return the resolutions that can have tasks."""
    return visible_resolutions(request.user).exclude(status=Resolution.Status.DRAFT)


def sent_recommendations(request: AuthenticatedHttpRequest) -> QuerySet[Recommendation]:
    """Return the recommendations of the resolutions the reader sees."""
    return Recommendation.objects.filter(section__resolution__in=sent_resolutions(request))


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]  # the library has no types
    """A day typed as everywhere else: ДД.ММ.ГГГГ."""

    field_class = DayField


def short_title(resolution: Resolution) -> str:
    """Return what tells a resolution from another in a list of choices."""
    title = Truncator(resolution.title).chars(70)
    return f"{title}, {resolution.event_date:%d.%m.%Y}" if resolution.event_date else title


class OfTasks(ListFilter):
    """The conditions that figures and lists of tasks share."""

    resolution = django_filters.ModelChoiceFilter(
        label=_("Resolution"),
        field_name="recommendation__section__resolution",
        to_field_name="slug",
        queryset=sent_resolutions,
        empty_label=_("All"),
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"),
        field_name="executor__municipality",
        queryset=municipalities,
        empty_label=_("All"),
        null_label=OUTSIDE_MUNICIPALITIES,
    )

    def get_form_class(self) -> type[forms.Form]:
        """Shorten titles: a select as wide as a title would break the page."""
        form_class = super().get_form_class()
        form_class.base_fields["resolution"].label_from_instance = short_title  # type: ignore[attr-defined]
        return form_class


class TaskFilter(OfTasks):
    """Filter tasks; links to lists use the same conditions as figures do (``tasks.progress``)."""

    q = django_filters.CharFilter(label=_("Words, number or organization"), method="by_words")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=list(STATE_LABELS.items()),
        empty_label=_("All"),
        method="by_state",
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Task.Status.choices, empty_label=_("All")
    )
    due_from = DayFilter(label=_("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=_("Due to"), field_name="due_on", lookup_expr="lte")
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        empty_label=_("By due date"),
        choices=[("executor", _("By organization")), ("latest", _("Latest due date first"))],
        method="in_order",
    )
    unopened = django_filters.BooleanFilter(
        label=_("Never opened only"), widget=forms.CheckboxInput, method="by_opening"
    )
    executor = django_filters.ModelChoiceFilter(queryset=executors, widget=forms.HiddenInput)
    recommendation = django_filters.ModelChoiceFilter(
        queryset=sent_recommendations, widget=forms.HiddenInput
    )
    year = django_filters.NumberFilter(
        label=_("Year"),
        field_name="recommendation__section__resolution__event_date",
        lookup_expr="year",
        min_value=1900,
        max_value=2200,
        decimal_places=0,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def by_words(self, tasks: TaskQuerySet, _name: str, words: str) -> TaskQuerySet:
        """Each word occurs in the recommendation, is its number, or names the executor."""
        for word in fold(words).split():
            # Not __icontains: SQLite knows the case of Latin letters only.
            pattern = re.escape(word).replace("е", "[её]")
            texts = Recommendation.objects.filter(
                Q(text__iregex=pattern) | Q(printed_number=word.removesuffix("."))
            )
            tasks = tasks.filter(Q(recommendation__in=texts) | Q(executor__search__contains=word))
        return tasks

    def by_state(self, tasks: TaskQuerySet, _name: str, state: str) -> TaskQuerySet:
        """By the one definition of owed, late and done."""
        return tasks.filter(STATES[state](timezone.localdate()))

    def by_opening(self, tasks: TaskQuerySet, _name: str, value: bool) -> TaskQuerySet:
        """Those that nobody of the executor has looked at."""
        return tasks.filter(opened_at=None) if value else tasks

    def in_order(self, tasks: TaskQuerySet, _name: str, order: str) -> TaskQuerySet:
        """Order otherwise than by due date."""
        if order == "executor":
            return tasks.order_by("executor__name", "executor", *BY_DUE_DATE)
        return tasks.order_by(F("due_on").desc(nulls_last=True), "executor__name", "pk")


class ExecutorFilter(ListFilter):
    """Filter the executors of one recommendation."""

    q = django_filters.CharFilter(label=_("Name of the organization"), method="by_words")
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Task.Status.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(name, STATE_LABELS[name]) for name in ("owed", "overdue", "in_term", "done")],
        empty_label=_("All"),
        method="by_state",
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"),
        field_name="executor__municipality",
        queryset=municipalities,
        empty_label=_("All"),
        null_label=OUTSIDE_MUNICIPALITIES,
    )
    unopened = django_filters.BooleanFilter(
        label=_("Never opened only"), widget=forms.CheckboxInput, method="by_opening"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def by_words(self, tasks: TaskQuerySet, _name: str, words: str) -> TaskQuerySet:
        """Each word names the executor."""
        for word in fold(words).split():
            tasks = tasks.filter(executor__search__contains=word)
        return tasks

    def by_state(self, tasks: TaskQuerySet, _name: str, state: str) -> TaskQuerySet:
        """By the one definition of owed, late and done."""
        return tasks.filter(STATES[state](timezone.localdate()))

    def by_opening(self, tasks: TaskQuerySet, _name: str, value: bool) -> TaskQuerySet:
        """Those that nobody of the executor has looked at."""
        return tasks.filter(opened_at=None) if value else tasks


class ResolutionFilter(ListFilter):
    """Filter resolutions by year, kind of event, issuer, status and words."""

    q = django_filters.CharFilter(label=_("Words of the title, place, number"), method="by_words")
    year = django_filters.ChoiceFilter(
        label=_("Year"), field_name="event_date__year", empty_label=_("All"), choices=[]
    )
    event_kind = django_filters.ChoiceFilter(label=_("Event"), empty_label=_("All"), choices=[])
    issuer = django_filters.ModelChoiceFilter(
        label=_("Issuer"),
        queryset=lambda request: Organization.objects.filter(
            pk__in=visible_resolutions(request.user).values("issuer")
        ),
        empty_label=_("All"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Resolution.Status.choices, empty_label=_("All")
    )
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        empty_label=_("Newest first"),
        choices=[("oldest", _("Oldest first")), ("title", _("By title"))],
        method="in_order",
    )

    class Meta:
        model = Resolution
        fields: list[str] = []

    def __init__(self, request: HttpRequest, queryset: ResolutionQuerySet) -> None:
        super().__init__(request, queryset)
        seen = visible_resolutions(self.request.user).order_by()
        known = seen.values_list("event_kind", "event_date__year").distinct()
        pairs = list(known)
        years = sorted({year for _kind, year in pairs if year}, reverse=True)
        kinds = sorted({kind for kind, _year in pairs if kind})
        self.filters["year"].extra["choices"] = [(year, year) for year in years]
        self.filters["event_kind"].extra["choices"] = [(kind, kind) for kind in kinds]

    def by_words(self, rows: ResolutionQuerySet, _name: str, words: str) -> ResolutionQuerySet:
        """Each word occurs in the title, kind, place or number."""
        return rows.search(words)

    def in_order(self, rows: ResolutionQuerySet, _name: str, order: str) -> ResolutionQuerySet:
        """Order otherwise than newest first."""
        if order == "title":
            return rows.order_by("title", "pk")
        return rows.order_by(F("event_date").asc(nulls_last=True), "pk")
