"""A recommendation after sending: its executors by municipality, and how far each has got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization
from organizations.paging import page_of
from tasks.filters import sent_recommendations
from tasks.listing import executors_listed
from tasks.models import Task
from tasks.paper import own_lines_of, passages_of
from tasks.permissions import may_run
from tasks.progress import Tally, tallies_by
from tasks.querysets import TaskQuerySet


@dataclass(frozen=True, slots=True)
class Territory:
    """How far one municipality is (None: what answers to the region, and others)."""

    municipality: Organization | None
    tally: Tally

    @property
    def key(self) -> str:
        """The value by which lists are filtered to this territory."""
        return str(self.municipality.pk) if self.municipality else "null"


def recommendation_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show who is to carry the recommendation out, and how far each has got."""
    recommendation = get_object_or_404(
        sent_recommendations(request).select_related("section__resolution__issuer"), pk=pk
    )
    resolution = recommendation.section.resolution
    today = timezone.localdate()
    tasks = Task.objects.visible_to(request.user).filter(recommendation=recommendation)
    parts = territories_of(tasks, today)
    filterset = executors_listed(request, recommendation)
    passages, subitems, marked = passages_of(recommendation)
    context = {
        "recommendation": recommendation,
        "resolution": resolution,
        "passages": passages,
        "subitems": subitems,
        "own_lines": own_lines_of(recommendation, with_deadline=not marked),
        "tally": sum((each.tally for each in parts), Tally()),
        "territories": parts,
        "unopened": tasks.owed().filter(opened=False).count(),
        "filter": filterset,
        "page": page_of(request, filterset.qs),
        "may_run": may_run(request.user, resolution),
        "today": today,
    }
    return render(request, "tasks/recommendation_detail.html", context)


def territories_of(tasks: TaskQuerySet, on: date) -> list[Territory]:
    """Count the tasks by municipality, the most overdue first, those outside last; two queries."""
    tallies = tallies_by("executor__municipality", tasks, on)
    found = Organization.objects.in_bulk([key for key in tallies if key])
    parts = [Territory(found.get(key), tally) for key, tally in tallies.items()]
    return sorted(
        parts,
        key=lambda each: (
            each.municipality is None,
            -each.tally.overdue,
            -each.tally.rework,
            str(each.municipality),
        ),
    )
