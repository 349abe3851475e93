"""Resolutions: the list, the document with its marks, and sending to the executors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization, User
from organizations.paging import page_of
from organizations.permissions import require
from resolutions.drafting import ChangedMeanwhile
from resolutions.models import Resolution, Section, SourceDocument
from resolutions.permissions import may_create_resolutions
from tasks.amendment.control import OnControl
from tasks.assignment import AlreadySent, NotSendable, Plan, plan, send, without_people
from tasks.bulk import chunks
from tasks.counting import countable
from tasks.listing import resolutions_listed
from tasks.paper import Marks, marks_of, paper_of
from tasks.permissions import may_run, may_send
from tasks.progress import Tally, resolution_of, tallies_by
from tasks.views.sending import is_long, send_and_tell
from tasks.visibility import visible_resolutions

DOCUMENTS_SHOWN = 3
NAMED = 100  # organisations for which nobody answers


def resolution_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the resolutions the person sees, with how far their own reach has got."""
    filterset = resolutions_listed(request)
    page = page_of(request, filterset.qs)
    counted = countable(request.user)
    resolution = resolution_of(counted)
    counted = counted.filter(**{f"{resolution}__in": [each.pk for each in page]})
    tallies = tallies_by(resolution, counted, timezone.localdate())
    context = {
        "filter": filterset,
        "page": page,
        "rows": [(each, tallies.get(each.pk, Tally())) for each in page],
        "may_create": may_create_resolutions(request.user),
        "documents": _documents_in_work(request.user),
        "demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "tasks/resolution_list.html", context)


def _documents_in_work(person: User) -> list[SourceDocument]:
    """Return the last few documents that the person left half checked."""
    rows = SourceDocument.objects.editable_by(person).in_work().in_brief()
    return list(rows.select_related("issuer", "changed_by")[:DOCUMENTS_SHOWN])


def resolution_detail(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Show the paper itself, with the marks of the tasks within the person's reach."""
    resolution = get_object_or_404(
        visible_resolutions(request.user).select_related("issuer", "sent_by"), slug=slug
    )
    today = timezone.localdate()
    marks = Marks() if resolution.is_draft else marks_of(resolution, request.user, today)
    context = {
        "resolution": resolution,
        "paper": paper_of(resolution, marks),
        "today": today,
        "printing": "print" in request.GET,
        "may_send": resolution.is_draft and may_send(request.user, resolution),
        "may_run": may_run(request.user, resolution),
        "may_put_back": OnControl(resolution).permission(request.user, resolution),
    }
    return render(request, "tasks/resolution_detail.html", context)


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """What sending gives to one addressee."""

    section: Section
    recommendations: int
    organizations: int
    tasks: int


def summaries_of(planned: Plan) -> list[SectionSummary]:
    """Sum a plan up by section, in the order of the paper."""
    sections: dict[int, Section] = {}
    counts: Counter[int] = Counter()
    tasks: Counter[int] = Counter()
    executors: dict[int, set[int]] = {}
    for each in planned.recommendations:
        key = each.section_id
        sections[key] = each.section
        counts[key] += 1
        tasks[key] += len(planned.executors[each.pk])
        executors.setdefault(key, set()).update(planned.executors[each.pk])
    return [
        SectionSummary(section, counts[key], len(executors[key]), tasks[key])
        for key, section in sections.items()
    ]


def due_dates_of(planned: Plan) -> list[tuple[date, int]]:
    """Return how many tasks fall due on which day, the nearest first."""
    days: Counter[date] = Counter()
    for each in planned.recommendations:
        if each.due_on is not None:
            days[each.due_on] += len(planned.executors[each.pk])
    return sorted((day, count) for day, count in days.items() if count)


def resolution_send(request: AuthenticatedHttpRequest, slug: str) -> HttpResponseBase:
    """Show what sending will do (GET), and do it once (POST)."""
    resolution = get_object_or_404(
        visible_resolutions(request.user).select_related("issuer", "sent_by"), slug=slug
    )
    require(may_send(request.user, resolution))
    if not resolution.is_draft:
        return _already_sent(request, resolution)
    if request.method == "POST":
        answer = send_and_tell if is_long(request) else _send
        return answer(request, resolution)
    today = timezone.localdate()
    planned = plan(resolution, today)
    unanswered = without_people(planned, today)
    named = _within_sight(request.user, unanswered)
    context = {
        "resolution": resolution,
        "plan": planned,
        "sections": summaries_of(planned),
        "due_dates": due_dates_of(planned),
        "undated_tasks": sum(len(planned.executors[r.pk]) for r in planned.without_deadline),
        "without_people": unanswered,
        "named": named[:NAMED],
        "more": len(unanswered) - len(named[:NAMED]),
        "without_address": sum(not each.email for each in unanswered),
        "today": today,
    }
    return render(request, "tasks/resolution_send.html", context)


def _within_sight(reader: User, organizations: list[Organization]) -> list[Organization]:
    """Return those that the reader sees: a resolution may go beyond the reach of who sends it."""
    seen: set[int] = set()
    for some in chunks(sorted(each.pk for each in organizations)):
        visible = Organization.objects.visible_to(reader).filter(pk__in=some)
        seen.update(visible.values_list("pk", flat=True))
    return [each for each in organizations if each.pk in seen]


def _send(request: AuthenticatedHttpRequest, resolution: Resolution) -> HttpResponse:
    try:
        count = send(resolution, request.user, shown=request.POST.get("shown", ""))
    except AlreadySent:
        resolution.refresh_from_db()
        return _already_sent(request, resolution)
    except ChangedMeanwhile:
        messages.warning(
            request,
            _("The draft or the directory has changed since. Look at the summary once more."),
        )
        return redirect("tasks:resolution_send", slug=resolution.slug)
    except NotSendable as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return redirect("tasks:resolution_send", slug=resolution.slug)
    messages.success(
        request,
        ngettext(
            "Sent: %(count)s task. The executors see it on their pages.",
            "Sent: %(count)s tasks. The executors see them on their pages.",
            count,
        )
        % {"count": count},
    )
    return redirect(resolution)


def _already_sent(request: AuthenticatedHttpRequest, resolution: Resolution) -> HttpResponse:
    sent_at = timezone.localtime(resolution.sent_at)
    messages.info(
        request,
        _("This resolution was sent already: %(who)s, %(when)s. Nothing was sent twice.")
        % {"who": resolution.sent_by or "–", "when": f"{sent_at:%d.%m.%Y, %H:%M}"},
    )
    return redirect(resolution)
