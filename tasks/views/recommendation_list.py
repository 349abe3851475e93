"""The list of recommendations: of all sent resolutions, each with how far the reader's reach is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from organizations.http import AuthenticatedHttpRequest
from organizations.paging import page_of
from tasks.counting import countable
from tasks.listing import recommendations_listed
from tasks.progress import Tally, tallies_by


def recommendation_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the recommendations of the resolutions the person sees, under the conditions given."""
    filterset = recommendations_listed(request)
    page = page_of(request, filterset.qs)
    keys = [each.pk for each in page]
    tasks = countable(request.user).filter(recommendation__in=keys)
    tallies = tallies_by("recommendation", tasks, timezone.localdate())
    context = {
        "filter": filterset,
        "page": page,
        "rows": [(each, tallies.get(each.pk, Tally())) for each in page],
        "demonstration": any(
            each.section.resolution.is_demonstration and each.pk in tallies for each in page
        ),
    }
    return render(request, "tasks/recommendation_list.html", context)
