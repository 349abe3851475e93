"""What a picker of organisations finds while one types."""

from __future__ import annotations

import re

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render

from organizations.http import AuthenticatedHttpRequest
from organizations.picker import as_options, find, keys, offered_to
from organizations.roles import Role


def organization_options(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show a part of a page: boxes of what the words find among what the person may choose.

    ``?field=NAME&NAME_q=words&many=1&role=COORDINATOR&NAME=key``; the keys are ticks made among
    earlier finds, which stay.
    """
    name = request.GET.get("field", "")
    if not re.fullmatch(r"[\w-]{1,100}", name):
        return HttpResponseBadRequest()
    roles = [role for role in request.GET.getlist("role") if role in Role.values]
    offered = as_options(offered_to(request.user, *roles), request.user)
    text = request.GET.get(f"{name}_q", "")[:200]
    ticked = keys(request.GET.getlist(name))
    held = list(offered.filter(pk__in=ticked))
    found, more = find(offered, text, ticked)
    context = {
        "id": f"id_{name}",
        "name": name,
        "many": request.GET.get("many") == "1",
        "held": held,
        "found": found,
        "more": more,
        "text": text,
    }
    return render(request, "organizations/_organization_finds.html", context)
