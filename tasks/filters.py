"""What lists of tasks can be filtered by; a filter lives in the address.

Of resolutions and recommendations: ``tasks.paper_filters``.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.addresses import address, narrowed
from organizations.fields import DayField
from organizations.filters import ListFilter
from organizations.http import AuthenticatedHttpRequest
from organizations.lists import (
    LONGEST_QUERY,
    NAMES,
    OfferedFilter,
    Order,
    SortFilter,
    both_ways,
    in_turn,
    words_filter,
)
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from organizations.templatetags.look import cut
from resolutions.models import Recommendation, Resolution, ResolutionQuerySet
from tasks.counting import TaskCount, holds_for
from tasks.models import Task
from tasks.progress import STATES, resolution_of
from tasks.querysets import TaskQuerySet
from tasks.visibility import visible_sent_resolutions
from tasks.words import Word, found_by

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
    "judged": _("Completed or overdue"),
    "kept": _("Neither completed late nor overdue"),
}
CONTROL_CHOICES = [each for each in Resolution.Status.choices if each[0] != Resolution.Status.DRAFT]
OUTSIDE_MUNICIPALITIES = _("Answering to the region, and others")
BY_DUE_DATE = (F("due_on").asc(nulls_last=True), "executor__sort_key", "pk")
_RESOLUTION = "recommendation__section__resolution"
_IN_PAPER = (
    "recommendation__section__position",
    "recommendation__section_id",
    "recommendation__position",
    "recommendation_id",
    "executor__sort_key",
    "pk",
)
ORDERS = {
    **both_ways(
        "due",
        (_("By due date"), _("Latest due date first")),
        "due_on",
        *BY_DUE_DATE[1:],
        nullable=True,
    ),
    "paper": Order(
        _("As in the papers, newest first"),
        (F(f"{_RESOLUTION}__event_date").desc(nulls_last=True), f"-{_RESOLUTION}_id", *_IN_PAPER),
    ),
    "-paper": Order(
        _("As in the papers, oldest first"),
        (F(f"{_RESOLUTION}__event_date").asc(nulls_last=True), f"{_RESOLUTION}_id", *_IN_PAPER),
    ),
    **both_ways(
        "executor",
        (_("By organization"), _("By organization, from the end")),
        "executor__sort_key",
        "executor_id",
        BY_DUE_DATE[0],
        "pk",
    ),
    **both_ways(
        "status",
        (_("By status"), _("By status, from the end")),
        in_turn("status", Task.Status.values),
        *BY_DUE_DATE,
    ),
}


def list_url(**conditions: Any) -> str:
    """Return the address of the list of tasks under these conditions; empty ones are left out."""
    given = {name: value for name, value in conditions.items() if value not in ("", None)}
    return narrowed(address("tasks:task_list"), urlencode(given))


# What can be chosen: never more than the reader sees.


def executors(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the organisations whose tasks the reader sees."""
    return Organization.objects.in_reach_of(request.user)


def municipalities(request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
    """Return the municipalities in which organisations of the reader have tasks."""
    with_tasks = Task.objects.visible_to(request.user).values("executor__municipality")
    return Organization.objects.filter(pk__in=with_tasks).only(*NAMES, "sort_key")


class MunicipalityFilter(OfferedFilter):
    """A choice among municipalities; who controls whole places is offered all of them.

    These are read already, and whether any task is in them need not be asked.
    """

    def get_queryset(self, request: AuthenticatedHttpRequest) -> OrganizationQuerySet:
        """Return those to be read."""
        held = holds_for(request.user)
        return Organization.objects.none() if held else municipalities(request)

    @cached_property
    def field(self) -> Any:
        """The field, of which forms take copies."""
        field = super().field
        reader = self.parent.request.user
        if holds_for(reader):
            field.rows = [each for each in reader.places if each.municipality_id == each.pk]
        return field


def titles(request: AuthenticatedHttpRequest) -> ResolutionQuerySet:
    """Return the resolutions that can have tasks, with what a list of choices says of them.

    And with what pages of figures ask of them all: it is read at once.
    """
    found = visible_sent_resolutions(request.user)
    return found.only("slug", "title", "event_date", "status", "sent_at", "is_demonstration")


def sent_recommendations(request: AuthenticatedHttpRequest) -> QuerySet[Recommendation]:
    """Return the recommendations of the resolutions the reader sees."""
    return Recommendation.objects.filter(
        section__resolution__in=visible_sent_resolutions(request.user)
    )


def municipality_filter() -> MunicipalityFilter:
    """Return the condition on the executor's municipality, which may be none."""
    return MunicipalityFilter(
        label=_("Municipality"),
        field_name="executor__municipality",
        queryset=municipalities,
        empty_label=_("All"),
        null_label=OUTSIDE_MUNICIPALITIES,
    )


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]  # the library has no types
    """A day typed as everywhere else: ДД.ММ.ГГГГ."""

    field_class = DayField


def short_title(resolution: Resolution) -> str:
    """Return what tells a resolution from another in a list of choices.

    Short: a select as wide as a title would break the page.
    """
    title = cut(resolution.title, 70)
    return f"{title}, {resolution.event_date:%d.%m.%Y}" if resolution.event_date else title


class CountedFilter(ListFilter):
    """A filter of all the tasks that the reader sees: it knows what to count its rows from."""

    # The conditions that tasks alone can answer: kept counts know places and not executors, and
    # how a task stands and not since when.
    OF_TASKS_ALONE: ClassVar[frozenset[str]] = frozenset()

    @cached_property
    def counted(self) -> QuerySet[Any]:
        """What the rows of ``qs`` are counted from, in no order: kept counts, or the rows."""
        if not self.form.is_valid() or self.asks_tasks() or not holds_for(self.request.user):
            return self.qs.order_by()
        rows: QuerySet[Any] = TaskCount.objects.visible_to(self.request.user)
        for name, value in self.form.cleaned_data.items():
            if name == "municipality" and isinstance(value, Organization):
                # It is itself the executor of its counts: an index finds them, no join is needed.
                rows = rows.filter(executor=value)
            else:
                rows = self.filters[name].filter(rows, value)
        return rows.order_by()

    @property
    def municipalities(self) -> list[Organization]:
        """The municipalities on offer: all in which the reader can see a task, by name."""
        return cast(list[Organization], self.form.fields["municipality"].rows)

    def asks_tasks(self) -> bool:
        """Tell whether a condition set is one that kept counts cannot answer."""
        given = self.form.cleaned_data
        return any(given.get(name) for name in self.OF_TASKS_ALONE)


class OfTasks(CountedFilter):
    """The conditions that figures and lists of tasks share."""

    resolution = OfferedFilter(
        label=_("Resolution"),
        field_name="recommendation__section__resolution",
        to_field_name="slug",
        queryset=titles,
        called=short_title,
        empty_label=_("All"),
    )
    municipality = municipality_filter()

    # The conditions that say whose tasks; the others say which.
    ON_EXECUTORS: ClassVar[frozenset[str]] = frozenset({"municipality", "organization", "executor"})

    @property
    def papers(self) -> list[Resolution]:
        """The resolutions on offer that meet the condition on them; some may have no task found."""
        if not self.form.is_valid():
            return []
        chosen = self.form.cleaned_data["resolution"]
        return [chosen] if chosen else self.form.fields["resolution"].rows

    @property
    def is_invented(self) -> bool:
        """Whether any of the tasks is of a demonstration; one query where only some papers are.

        Where all are, nothing found is as invented as all the rest.
        """
        papers = self.papers
        marked = [paper.pk for paper in papers if paper.is_demonstration]
        if len(marked) in (0, len(papers)):
            return bool(marked)
        resolution = resolution_of(self.counted)
        return self.counted.filter(**{f"{resolution}__in": marked}).exists()

    def of_executors(self) -> TaskQuerySet:
        """Return what meets the conditions that are not on executors, beyond reach too.

        For a condition on ``organizations``, which are within reach and asked one after another.
        Nothing where a condition makes no sense.
        """
        if not self.form.is_valid():
            return Task.objects.none()
        tasks = Task.objects.all()
        for name, value in self.form.cleaned_data.items():
            if name not in self.ON_EXECUTORS:
                tasks = self.filters[name].filter(tasks, value)
        return tasks

    @property
    def organizations(self) -> OrganizationQuerySet:
        """The organisations in reach that meet the conditions on executors."""
        if not self.form.is_valid():
            return Organization.objects.none()
        found = Organization.objects.in_reach_of(self.request.user)
        if municipality := self.form.cleaned_data["municipality"]:
            outside = municipality == self.filters["municipality"].null_value
            found = found.filter(municipality=None if outside else municipality)
        return found


class TaskFilter(OfTasks):
    """Filter tasks; links to lists use the same conditions as figures do (``tasks.progress``).

    What is asked of tasks is asked of kept counts too, by the same methods.
    """

    kept_for = "tasks:task_list"
    OF_TASKS_ALONE = frozenset({"executor", "organization", "completed_to"})

    q = words_filter(_("Words, number or organization"), "by_words")
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
    control = django_filters.ChoiceFilter(
        label=_("Control"),
        field_name="recommendation__section__resolution__status",
        choices=CONTROL_CHOICES,
        widget=forms.HiddenInput,
    )
    sent_to = DayFilter(
        label=_("Sent by"),
        field_name="recommendation__section__resolution__sent_at",
        lookup_expr="date__lte",
        widget=forms.HiddenInput,
    )
    completed_to = DayFilter(
        label=_("Completed by"),
        field_name="completed_on",
        lookup_expr="lte",
        widget=forms.HiddenInput,
    )
    due = django_filters.ChoiceFilter(
        label=_("Deadline"),
        choices=[("none", _("No due date"))],
        widget=forms.HiddenInput,
        method="by_due_day",
    )
    organization = django_filters.CharFilter(
        label=_("Organization"),
        widget=forms.HiddenInput,
        method="by_organization",
        max_length=LONGEST_QUERY,
    )
    theme = django_filters.CharFilter(
        label=_("Theme"),
        field_name="recommendation__theme",
        widget=forms.HiddenInput,
        max_length=300,
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
    sort = SortFilter(ORDERS)

    class Meta:
        model = Task
        fields: list[str] = []

    @cached_property
    def words(self) -> list[Word]:
        """What each of the words typed finds."""
        return found_by(self.form.cleaned_data["q"], executors(self.request))

    def asks_tasks(self) -> bool:
        """Tell whether a condition set is one that kept counts cannot answer."""
        return super().asks_tasks() or any(word.names_executors for word in self.words)

    def by_words(self, rows: QuerySet[Any], _name: str, _words: str) -> QuerySet[Any]:
        """Each word occurs in the recommendation, is its number, or names the executor."""
        return rows.filter(*(word.q for word in self.words))

    def by_state(self, rows: QuerySet[Any], _name: str, state: str) -> QuerySet[Any]:
        """By the one definition of owed, late and done."""
        return rows.filter(STATES[state](timezone.localdate()))

    def by_due_day(self, rows: QuerySet[Any], _name: str, _none: str) -> QuerySet[Any]:
        """Those without a due day, whatever their status ("undated" are those still owed)."""
        return rows.filter(due_on=None)

    def by_organization(self, tasks: TaskQuerySet, _name: str, words: str) -> TaskQuerySet:
        """Those whose executor the words name, as on the page of what is overdue."""
        return tasks.of_organizations(words)

    def by_opening(self, rows: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
        """Those that nobody of the executor has looked at."""
        return rows.filter(opened=False) if value else rows
