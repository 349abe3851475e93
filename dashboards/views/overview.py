"""The overview: how each resolution on control goes, worst first, and what comes due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboards.charts import course_chart
from dashboards.figures import Standing, standings, waiting_days
from dashboards.history import course_of
from dashboards.upcoming import upcoming
from dashboards.views.summary import CONDITIONS
from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization, User
from resolutions.models import Recommendation, Resolution
from resolutions.permissions import may_create_resolutions
from tasks.counting import countable
from tasks.models import Task
from tasks.progress import resolution_of
from tasks.visibility import visible_sent_resolutions

PAGE_SIZE = 20
DRAFTS = 5
ON_CONTROL, OFF_CONTROL = Resolution.Status.ON_CONTROL, Resolution.Status.OFF_CONTROL
Rows = TypeVar("Rows", bound=QuerySet[Any])  # tasks, or kept counts of them


@dataclass(frozen=True, slots=True)
class Row:
    """One resolution on the page."""

    resolution: Resolution
    standing: Standing
    recommendations: int


def overview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show how the resolutions on control go within the person's reach, and what comes due."""
    today = timezone.localdate()
    seen = visible_sent_resolutions(request.user)
    tasks = _on_control(Task.objects.visible_to(request.user))
    counted = _on_control(countable(request.user))
    found = standings(counted, today)
    papers = list(seen.only("status", "sent_at", "is_demonstration"))
    controlled = [paper for paper in papers if paper.status == ON_CONTROL]
    keys = worst_first([paper.pk for paper in controlled], found)
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(list(page), found)
    total = sum(found.values(), Standing())
    yesterday = today - timedelta(days=1)
    due_soon, due_later = upcoming(counted, today)
    drafts = Resolution.objects.editable_by(request.user).filter(status=Resolution.Status.DRAFT)
    latest = list(drafts.order_by("-updated_at", "-pk")[: DRAFTS + 1])
    context = {
        "today": today,
        "page": page,
        "rows": rows,
        "total": total,
        "waiting_days": waiting_days(tasks, today),
        "late_resolutions": sum(bool(each.tally.overdue) for each in found.values()),
        "late_organizations": late_organizations(request.user, today) if total.tally.overdue else 0,
        "upcoming": (due_soon, due_later),
        "drafts": latest[:DRAFTS],
        "draft_count": drafts.count() if len(latest) > DRAFTS else len(latest),
        "finished": sum(paper.status == OFF_CONTROL for paper in papers),
        "chart": course_chart(course_of(request.user, tasks, controlled, today, Q())),
        "control": ON_CONTROL.value,
        "conditions": {**dict.fromkeys(CONDITIONS, ""), "control": ON_CONTROL.value},
        "yesterday": f"{yesterday:%d.%m.%Y}",
        "may_create": may_create_resolutions(request.user),
        "demonstration": any(paper.is_demonstration and paper.pk in found for paper in papers),
    }
    return render(request, "dashboards/overview.html", context)


def _on_control(rows: Rows) -> Rows:
    return rows.filter(**{f"{resolution_of(rows)}__status": ON_CONTROL})


def worst_first(keys: list[int], found: dict[int, Standing]) -> list[int]:
    """Sort the resolutions; those of equal standing stay as they came: the newest first."""
    return sorted(keys, key=lambda key: found.get(key, Standing()).badness())


def late_organizations(reader: User, on: date) -> int:
    """Count the organisations within reach that are late; one query.

    What is owed is owed to a resolution on control: taking one off control decides its tasks.
    Asked of each organisation, which is a look into an index, and not of 100,000 late tasks.
    """
    own = Task.objects.overdue(on).filter(executor=OuterRef("pk"))
    return Organization.objects.in_reach_of(reader).filter(Exists(own)).count()


def rows_of(keys: list[int], found: dict[int, Standing]) -> list[Row]:
    """Load the resolutions of a page in their order; two queries."""
    loaded = Resolution.objects.in_bulk(keys)
    counts = dict(
        Recommendation.objects.filter(section__resolution__in=keys, cancelled_at=None)
        .order_by()
        .values_list("section__resolution")
        .annotate(Count("pk"))
    )
    return [Row(loaded[key], found.get(key, Standing()), counts.get(key, 0)) for key in keys]
