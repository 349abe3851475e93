"""People's own filters of lists: kept under a name, replaced after a question, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from organizations.lists import KEEPING, Chip, ListFilter
from organizations.models import SavedFilter
from organizations.saved_filters import LONGEST_NAME, MOST


@require_POST
def filter_save(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep the conditions of a list under a name; where the name is taken, ask first."""
    page = request.POST.get("page", "")
    if page not in KEEPING:
        raise Http404
    found = _read(request, page, request.POST.get("query", ""))
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())
    if refusal := _refusal(request, found, name):
        messages.error(request, refusal)
        return redirect(_list_url(found))
    kept = SavedFilter.objects.filter(user=request.user, page=page, name=name).first()
    if kept and kept.query != found.kept_query and not request.POST.get("replace"):
        return _ask(request, found, kept)
    try:
        with transaction.atomic():
            SavedFilter.objects.update_or_create(
                user=request.user, page=page, name=name, defaults={"query": found.kept_query}
            )
    except IntegrityError:  # pressed twice at once: the other press has kept it
        pass
    messages.success(request, _("The filter “%(name)s” is kept.") % {"name": name})
    return redirect(_list_url(found))


@require_POST
def filter_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Delete one of the person's own filters."""
    kept = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    kept.delete()
    messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": kept.name})
    return redirect(kept.page if kept.page in KEEPING else "organizations:profile")


def _read(request: AuthenticatedHttpRequest, page: str, query: str) -> ListFilter:
    """Return the conditions as the list itself understands them."""
    kind = KEEPING[page]
    rows = kind._meta.model._default_manager.none()  # noqa: SLF001  # public in both libraries
    return kind(request, rows, QueryDict(query))


def _refusal(request: AuthenticatedHttpRequest, found: ListFilter, name: str) -> str:
    """Return why the filter is not kept, "" where it may be."""
    if not found.form.is_valid() or not found.kept_query:
        return _("The filter is not kept: set conditions that make sense first.")
    if not name:
        return _("The filter is not kept: give it a name.")
    if len(name) > LONGEST_NAME:
        return _("The filter is not kept: its name may have %(most)s signs at most.") % {
            "most": LONGEST_NAME
        }
    others = SavedFilter.objects.filter(user=request.user, page=found.kept_for).exclude(name=name)
    if others.count() >= MOST:
        return _(
            "The filter is not kept: you have %(most)s filters of this list already. Delete one "
            "of them first."
        ) % {"most": MOST}
    return ""


def _ask(request: AuthenticatedHttpRequest, found: ListFilter, kept: SavedFilter) -> HttpResponse:
    former: list[Chip] = _read(request, kept.page, kept.query).chips
    context = {
        "page": kept.page,
        "name": kept.name,
        "query": found.kept_query,
        "former": former,
        "chips": found.chips,
        "back": _list_url(found),
    }
    return render(request, "organizations/filter_replace.html", context)


def _list_url(found: ListFilter) -> str:
    address = reverse(found.kept_for)
    return f"{address}?{found.kept_query}" if found.kept_query else address
