"""What lists of resolutions, recommendations and a recommendation's executors are filtered by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.lists import (
    NAMES,
    ListFilter,
    OfferedFilter,
    Order,
    SortFilter,
    both_ways,
    words_filter,
)
from organizations.models import Organization
from organizations.searching import conditions
from resolutions.models import Recommendation, Resolution, ResolutionQuerySet
from tasks.counting import countable
from tasks.filters import (
    STATE_LABELS,
    municipality_filter,
    short_title,
    titles,
)
from tasks.models import Task
from tasks.progress import STATES, number, overdue
from tasks.querysets import TaskQuerySet
from tasks.visibility import visible_resolutions

RESOLUTION_ORDERS = {
    "-event": Order(_("Newest first"), (F("event_date").desc(nulls_last=True), "-pk")),
    "event": Order(_("Oldest first"), (F("event_date").asc(nulls_last=True), "pk")),
    # The column for search begins with the title, without case.
    **both_ways("title", (_("By title"), _("By title, from the end")), "search", "pk"),
}

_PAPER = "section__resolution"
_IN_PAPER = ("section__position", "section_id", "position", "pk")
_NEWEST_PAPER = (
    F(f"{_PAPER}__event_date").desc(nulls_last=True),
    f"-{_PAPER}_id",
    *_IN_PAPER,
)
RECOMMENDATION_ORDERS = {
    "paper": Order(_("As in the papers, newest first"), _NEWEST_PAPER),
    "-paper": Order(
        _("As in the papers, oldest first"),
        (F(f"{_PAPER}__event_date").asc(nulls_last=True), f"{_PAPER}_id", *_IN_PAPER),
    ),
    **both_ways(
        "due",
        (_("By due date"), _("Latest due date first")),
        "due_on",
        *_NEWEST_PAPER,
        nullable=True,
    ),
    # ``late`` is counted where this order is asked for, and nowhere else.
    "-overdue": Order(_("Most overdue first"), ("-late", *_NEWEST_PAPER)),
}


class ResolutionFilter(ListFilter):
    """Filter resolutions by year, kind of event, issuer, status and words."""

    kept_for = "tasks:resolution_list"

    q = words_filter(_("Words of the title, place, number"), "by_words")
    year = django_filters.ChoiceFilter(
        label=_("Year"), field_name="event_date__year", empty_label=_("All"), choices=[]
    )
    event_kind = django_filters.ChoiceFilter(label=_("Event"), empty_label=_("All"), choices=[])
    issuer = OfferedFilter(
        label=_("Issuer"),
        queryset=Organization.objects.none(),
        empty_label=_("All"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Resolution.Status.choices, empty_label=_("All")
    )
    sort = SortFilter(RESOLUTION_ORDERS)

    class Meta:
        model = Resolution
        fields: list[str] = []

    def __init__(
        self, request: HttpRequest, queryset: ResolutionQuerySet, data: QueryDict | None = None
    ) -> None:
        super().__init__(request, queryset, data)
        seen = visible_resolutions(self.request.user).order_by()
        known = list(seen.values_list("event_kind", "event_date__year", "issuer").distinct())
        years = sorted({year for _kind, year, _issuer in known if year}, reverse=True)
        kinds = sorted({kind for kind, _year, _issuer in known if kind})
        issuers = {issuer for _kind, _year, issuer in known}
        self.filters["year"].extra["choices"] = [(year, year) for year in years]
        self.filters["event_kind"].extra["choices"] = [(kind, kind) for kind in kinds]
        named = Organization.objects.filter(pk__in=issuers)
        self.filters["issuer"].queryset = named.only(*NAMES)

    def by_words(self, rows: ResolutionQuerySet, _name: str, words: str) -> ResolutionQuerySet:
        """Each word occurs in the title, kind, place or number."""
        return rows.search(words)


class RecommendationFilter(ListFilter):
    """Filter recommendations by their paper, theme, whom they concern, and what is late."""

    kept_for = "tasks:recommendation_list"

    q = words_filter(_("Words or number"), "by_words")
    resolution = OfferedFilter(
        label=_("Resolution"),
        field_name=_PAPER,
        to_field_name="slug",
        queryset=titles,
        called=short_title,
        empty_label=_("All"),
    )
    year = django_filters.ChoiceFilter(
        label=_("Year"), field_name=f"{_PAPER}__event_date__year", empty_label=_("All"), choices=[]
    )
    theme = django_filters.ChoiceFilter(label=_("Theme"), empty_label=_("All"), choices=[])
    kind = django_filters.ChoiceFilter(
        label=_("Executors"),
        choices=Organization.Kind.choices,
        empty_label=_("All"),
        method="by_kind",
    )
    late = django_filters.BooleanFilter(
        label=_("With overdue tasks only"), widget=forms.CheckboxInput, method="by_lateness"
    )
    sort = SortFilter(RECOMMENDATION_ORDERS)

    class Meta:
        model = Recommendation
        fields: list[str] = []

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[Recommendation],
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(request, queryset, data)
        days = {paper.pk: paper.event_date for paper in self.filters["resolution"].field.rows}
        sent = Recommendation.objects.filter(section__resolution__in=list(days))
        pairs = list(sent.order_by().values_list("theme", _PAPER).distinct())
        held = {days[paper] for _theme, paper in pairs}
        years = sorted({day.year for day in held if day}, reverse=True)
        themes = sorted({theme for theme, _paper in pairs if theme})
        self.filters["year"].extra["choices"] = [(year, year) for year in years]
        self.filters["theme"].extra["choices"] = [(theme, theme) for theme in themes]

    def filter_queryset(self, queryset: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
        """Filter, with the number of overdue tasks where it makes the order."""
        if self.sorted_by == "-overdue":
            late = self._counted().filter(overdue(timezone.localdate()))
            numbers = late.order_by().values("recommendation")
            numbers = numbers.annotate(number=number(late)).values("number")
            queryset = queryset.annotate(
                late=Coalesce(Subquery(numbers, output_field=IntegerField()), 0)
            )
        rows: QuerySet[Recommendation] = super().filter_queryset(queryset)
        return rows

    def by_words(
        self, rows: QuerySet[Recommendation], _name: str, words: str
    ) -> QuerySet[Recommendation]:
        """Each word occurs in the recommendation, or is its number."""
        return rows.filter(*conditions(words))

    def by_kind(
        self, rows: QuerySet[Recommendation], _name: str, kind: str
    ) -> QuerySet[Recommendation]:
        """Those with a task, within reach, of an organisation of the kind."""
        tasks = Task.objects.visible_to(self.request.user).filter(recommendation=OuterRef("pk"))
        return rows.filter(Exists(tasks.filter(executor__kind=kind)))

    def by_lateness(
        self, rows: QuerySet[Recommendation], _name: str, value: bool
    ) -> QuerySet[Recommendation]:
        """Those with an overdue task within reach."""
        late = self._counted().filter(overdue(timezone.localdate()))
        return rows.filter(Exists(late)) if value else rows

    def _counted(self) -> QuerySet[Any, Any]:
        return countable(self.request.user).filter(recommendation=OuterRef("pk"))


class ExecutorFilter(ListFilter):
    """Filter the executors of one recommendation."""

    q = words_filter(_("Name of the organization"), "by_words")
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Task.Status.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(name, STATE_LABELS[name]) for name in ("owed", "overdue", "in_term", "done")],
        empty_label=_("All"),
        method="by_state",
    )
    municipality = municipality_filter()
    unopened = django_filters.BooleanFilter(
        label=_("Never opened only"), widget=forms.CheckboxInput, method="by_opening"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def by_words(self, tasks: TaskQuerySet, _name: str, words: str) -> TaskQuerySet:
        """Each word names the executor."""
        return tasks.filter(*conditions(words, "executor__search"))

    def by_state(self, tasks: TaskQuerySet, _name: str, state: str) -> TaskQuerySet:
        """By the one definition of owed, late and done."""
        return tasks.filter(STATES[state](timezone.localdate()))

    def by_opening(self, tasks: TaskQuerySet, _name: str, value: bool) -> TaskQuerySet:
        """Those that nobody of the executor has looked at."""
        return tasks.filter(opened=False) if value else tasks
