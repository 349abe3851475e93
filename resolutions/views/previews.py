"""What a form means before it is saved: the dates of a deadline, the bodies of an audience."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from organizations.groups import group_members
from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization, OrganizationGroup
from organizations.permissions import require
from resolutions.models import Resolution, Section
from resolutions.permissions import may_create_resolutions
from resolutions.recognition.deadlines import Repeats, understand
from resolutions.wording import REPEATS_LABELS, RULE_LABELS

LISTED = 100


@require_GET
def deadline_preview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what the words typed so far mean, counted from the document's day (``basis``)."""
    try:
        basis = date.fromisoformat(request.GET.get("basis", ""))
    except ValueError:
        basis = None
    deadline = understand(request.GET.get("deadline_text", "")[:300], document_date=basis)
    context = {
        "deadline": deadline,
        "explained": RULE_LABELS[deadline.rule],
        "repeats": REPEATS_LABELS[deadline.repeats] if deadline.repeats != Repeats.NONE else "",
    }
    return render(request, "resolutions/_deadline_meaning.html", context)


@require_POST
def audience_preview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Count and list the organisations that the ticks of the open form mean; writes nothing."""
    require(may_create_resolutions(request.user))
    day = timezone.localdate()
    visible = Organization.objects.visible_to(request.user).open_on(day)
    keys = {name: _keys(request, name) for name in ("groups", "organizations", "exclusions")}
    groups = OrganizationGroup.objects.visible_to(request.user).filter(pk__in=keys["groups"])
    named = keys["organizations"].union(*group_members(groups, day).values())
    inherited = not keys["organizations"] and not keys["groups"]
    section_key = _keys(request, "section")
    if inherited and section_key:
        named |= _meant_by_section(request, section_key, day)
    meant = visible.filter(pk__in=named - keys["exclusions"]).select_related("municipality")
    context = {
        "count": meant.count(),
        "listed": meant[:LISTED],
        "inherited": bool(inherited and section_key),
    }
    return render(request, "resolutions/_audience_meaning.html", context)


def _keys(request: AuthenticatedHttpRequest, name: str) -> set[int]:
    return {int(key) for key in request.POST.getlist(name) if key.isdecimal() and len(key) < 19}


def _meant_by_section(request: AuthenticatedHttpRequest, keys: set[int], day: date) -> set[int]:
    section = (
        Section.objects.filter(pk__in=keys)
        .filter(resolution__in=Resolution.objects.editable_by(request.user))
        .prefetch_related("organizations", "groups", "exclusions")
        .first()
    )
    if section is None:
        return set()
    named = {each.pk for each in section.organizations.all()}
    named = named.union(*group_members(section.groups.all(), day).values())
    return named - {each.pk for each in section.exclusions.all()}
