"""What stands in each list of this app, in its order: the page and its export ask the same."""

from __future__ import annotations

from django.db.models import F

from organizations.http import AuthenticatedHttpRequest
from resolutions.models import Recommendation
from tasks.filters import ExecutorFilter, TaskFilter, sent_recommendations
from tasks.models import Task
from tasks.paper_filters import RecommendationFilter, ResolutionFilter
from tasks.visibility import visible_resolutions

BY_MUNICIPALITY = (
    F("executor__municipality__sort_key").asc(nulls_last=True),
    "executor__municipality",
    "executor__sort_key",
    "executor",
    "period",
    "pk",
)


def tasks_listed(request: AuthenticatedHttpRequest) -> TaskFilter:
    """Return the filter of the list of tasks; its ``qs`` are the rows, in order."""
    return TaskFilter(request, Task.objects.visible_to(request.user).for_list())


def recommendations_listed(request: AuthenticatedHttpRequest) -> RecommendationFilter:
    """Return the filter of the list of recommendations; its ``qs`` are the rows, in order."""
    seen = sent_recommendations(request).select_related("section__resolution")
    return RecommendationFilter(request, seen)


def executors_listed(
    request: AuthenticatedHttpRequest, recommendation: Recommendation
) -> ExecutorFilter:
    """Return the filter of the executors of a recommendation; its ``qs`` are their tasks."""
    tasks = Task.objects.visible_to(request.user).filter(recommendation=recommendation)
    return ExecutorFilter(request, tasks.for_list().order_by(*BY_MUNICIPALITY))


def resolutions_listed(request: AuthenticatedHttpRequest) -> ResolutionFilter:
    """Return the filter of the list of resolutions; its ``qs`` are the rows, in order."""
    return ResolutionFilter(request, visible_resolutions(request.user).select_related("issuer"))
