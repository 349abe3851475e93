"""What the pages of all amendments share: a form, a preview of what changes for whom, the act.

GET shows the form. A first POST shows the preview, which carries everything typed and the
fingerprint of what is shown; the second one, from there, does it. Where something has changed in
between, the preview is shown anew and nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization, User
from organizations.permissions import require
from resolutions.models import Recommendation, Resolution
from tasks.amendment.acts import (
    Amendment,
    NothingToDo,
    Part,
    Preview,
    ShownOtherwise,
    carry_out,
    preview,
)
from tasks.amendment.wording import HEADINGS, Words
from tasks.filters import list_url
from tasks.models import Task
from tasks.permissions import may_run
from tasks.progress import count_states
from tasks.visibility import visible_resolutions

LISTED = 50
CONFIRM, EDIT = "confirm", "edit"

# Parts whose rows differ in the day that matters.
BY_DAY = ("extended", "later", "apart", "corrected", "corrected_closed", "created")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one amendment's page says and asks, and how it makes the amendment of a valid form."""

    words: Words
    form: forms.BaseForm
    make: Callable[[], Amendment]
    back: str
    facts: Callable[[], Sequence[tuple[str, str]]] = tuple
    fields: str = "tasks/_amendment_fields.html"
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is still open in a resolution: figures with the lists they open."""

    figures: list[tuple[str, int, str]]  # words, how many, address
    waiting: int  # for acceptance, everywhere
    beyond: int  # open tasks of organisations that the reader does not see


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation in a part of a preview, with what is particular about its tasks."""

    organization: Organization
    detail: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of a preview, ready to show; ``more`` counts the organisations not listed."""

    part: Part
    heading: str
    listed: list[Listed]
    more: int


def resolution_for(request: AuthenticatedHttpRequest, slug: str) -> Resolution:
    """Fetch a resolution to be amended: 404 where invisible, 403 where it may not be."""
    seen = visible_resolutions(request.user).select_related("issuer")
    resolution = get_object_or_404(seen, slug=slug)
    require(may_run(request.user, resolution))
    return resolution


def recommendation_for(request: AuthenticatedHttpRequest, pk: int) -> Recommendation:
    """Fetch a recommendation to be amended, likewise."""
    seen = Recommendation.objects.filter(section__resolution__in=visible_resolutions(request.user))
    recommendation = get_object_or_404(seen.select_related("section__resolution__issuer"), pk=pk)
    require(may_run(request.user, recommendation.section.resolution))
    return recommendation


def amend(
    request: AuthenticatedHttpRequest,
    resolution: Resolution,
    sheet: Sheet,
    recommendation: Recommendation | None = None,
) -> HttpResponse:
    """Show the form, or the preview, or do it."""
    subject = {"resolution": resolution, "recommendation": recommendation, "sheet": sheet}
    form = sheet.form
    if request.method != "POST" or not form.is_valid() or EDIT in request.POST:
        return render(request, "tasks/amendment_form.html", {**subject, "form": form})
    amendment = sheet.make()
    if CONFIRM not in request.POST:
        return _show(request, subject, sheet, preview(amendment))
    reason, seen = form.cleaned_data["reason"], request.POST[CONFIRM]
    try:
        done = carry_out(amendment, request.user, reason, seen=seen)
    except NothingToDo as news:
        messages.info(request, str(news))
    except ShownOtherwise as news:
        return _show(request, subject, sheet, news.preview, changed=True)
    else:
        messages.success(request, sheet.words.report(done.count))
    return redirect(sheet.back)


def _show(
    request: AuthenticatedHttpRequest,
    subject: dict[str, Any],
    sheet: Sheet,
    shown: Preview,
    *,
    changed: bool = False,
) -> HttpResponse:
    context = {
        **subject,
        "preview": shown,
        "parts": [shown_part(each, request.user) for each in shown.parts],
        "facts": [*sheet.facts(), (_("Why"), sheet.form.cleaned_data["reason"])],
        "button": sheet.words.verb(shown.count),
        "typed": _typed(request),
        "changed": changed,
    }
    status = 409 if changed else 200
    return render(request, "tasks/amendment_preview.html", context, status=status)


def standing_of(resolution: Resolution, reader: User) -> Standing:
    """Count the open tasks of a resolution as its lists do, and those beyond the reader's sight."""
    of_it = Task.objects.filter(recommendation__section__resolution=resolution)
    waiting = Q(status=Task.Status.REPORTED)
    states = count_states(timezone.localdate(), "owed", "overdue", "undated")
    counted = {**states, "waiting": Count("pk", filter=waiting)}
    seen = of_it.visible_to(reader).order_by().aggregate(**counted)
    every = of_it.order_by().aggregate(owed=states["owed"], waiting=counted["waiting"])
    words: list[tuple[str, str, dict[str, Any]]] = [
        (_("waiting for acceptance"), "waiting", {"status": Task.Status.REPORTED}),
        (_("still owed"), "owed", {"state": "owed"}),
        (_("of them overdue"), "overdue", {"state": "overdue"}),
        (_("of them without a deadline"), "undated", {"state": "undated"}),
    ]
    figures = [
        (label, seen[name], list_url(resolution=resolution.slug, **conditions))
        for label, name, conditions in words
    ]
    beyond = every["owed"] + every["waiting"] - seen["owed"] - seen["waiting"]
    return Standing(figures, every["waiting"], beyond)


def shown_part(part: Part, reader: User) -> ShownPart:
    """Name the organisations of a part, as far as the reader sees them; one query."""
    executors = part.executors
    seen = Organization.objects.visible_to(reader).filter(pk__in=executors)
    rows = list(seen.select_related("municipality").order_by("sort_key", "pk")[:LISTED])
    days = _days(part) if part.name in BY_DAY else {}
    listed = [Listed(each, days.get(each.pk) or _tasks(executors[each.pk])) for each in rows]
    heading = str(HEADINGS[part.name] % {"count": len(part.rows)})
    return ShownPart(part, heading, listed, len(executors) - len(rows))


def day_in_words(day: date | None) -> str:
    """Return a day as people write it."""
    return date_format(day, "d.m.Y") if day else _("no deadline")


def _days(part: Part) -> dict[int, str]:
    found: dict[int, set[date | None]] = {}
    for row in part.rows:
        found.setdefault(row.executor, set()).add(row.due_on)
    return {
        key: ", ".join(
            day_in_words(day) for day in sorted(days, key=lambda day: (day is None, str(day)))
        )
        for key, days in found.items()
    }


def _tasks(count: int) -> str:
    if count == 1:
        return ""
    return ngettext("%(count)s task", "%(count)s tasks", count) % {"count": count}


def _typed(request: AuthenticatedHttpRequest) -> list[tuple[str, str]]:
    """Return what was typed, to be carried by the preview; not the token, nor the buttons."""
    left_out = ("csrfmiddlewaretoken", CONFIRM, EDIT)
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out and not name.endswith("_q")
        for value in values
    ]
