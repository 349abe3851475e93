"""What the acts on a draft share: fetching it, showing the page, saving under its version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from organizations.http import AuthenticatedHttpRequest
from organizations.permissions import require
from resolutions.drafting import ChangedMeanwhile, editing
from resolutions.editor import Opened, editor
from resolutions.models import Resolution
from resolutions.permissions import may_edit_draft, may_run_drafts


def draft_for(
    request: AuthenticatedHttpRequest, slug: str, *, keeps_typed: bool = True
) -> Resolution:
    """Fetch the draft and authorise its editing: 404 where invisible, 403 where not allowed.

    A form sent after the resolution has gone to the executors is answered by the page, not by a
    refusal (unless ``keeps_typed`` says that it holds no text): what was typed would be lost.
    ``editing`` lets nothing of it through.
    """
    known = Resolution.objects.issued_within_reach_of(request.user)
    resolution = get_object_or_404(known.select_related("issuer", "updated_by"), slug=slug)
    late = keeps_typed and request.method == "POST" and may_run_drafts(request.user, resolution)
    if not late:
        require(may_edit_draft(request.user, resolution))
    return resolution


def show_page(
    request: AuthenticatedHttpRequest, resolution: Resolution, opened: Opened | None = None
) -> HttpResponse:
    """Show the draft with at most one form open."""
    if opened and not resolution.is_draft:
        opened = replace(opened, changed_meanwhile=True)
    context = {"resolution": resolution, "editor": editor(resolution, opened), "opened": opened}
    return render(request, "resolutions/resolution_update.html", context)


def answer(
    request: AuthenticatedHttpRequest,
    resolution: Resolution,
    opened: Opened,
    save: Callable[[], str],
    *,
    overwrites: bool = True,
) -> HttpResponse:
    """Show the open form, or save it and go on; ``save`` returns the address to go on to.

    With errors, or where somebody else has saved meanwhile, the form stays as it was typed.
    """
    if request.method != "POST" or not opened.form.is_valid():
        return show_page(request, resolution, opened)
    try:
        with editing(resolution, request.user, seen_version(request) if overwrites else None):
            saved_at = save()
    except ChangedMeanwhile as news:
        return show_page(request, news.resolution, replace(opened, changed_meanwhile=True))
    following = request.POST.get("following", "")
    local = url_has_allowed_host_and_scheme(following, allowed_hosts=None)
    return redirect(following if following.startswith("/") and local else saved_at)


def act(
    request: AuthenticatedHttpRequest, resolution: Resolution, do: Callable[[], None], anchor: str
) -> HttpResponse:
    """Perform an act without a form (moving); where the page was stale, say so and show it anew."""
    try:
        with editing(resolution, request.user, seen_version(request)):
            do()
    except ChangedMeanwhile as news:
        messages.warning(request, changed_message(news.resolution))
        if not news.resolution.is_draft:
            return redirect(news.resolution)
    return redirect(editor_url(resolution, anchor))


def seen_version(request: AuthenticatedHttpRequest) -> int:
    """Return the version the person's page was made from; nonsense counts as an old one."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def changed_message(resolution: Resolution) -> str:
    """Say who has changed the draft while the person was looking at it."""
    who = resolution.updated_by.get_short_name() if resolution.updated_by else "—"
    return _("%(who)s has changed this draft meanwhile. Here it is as it stands now.") % {
        "who": who
    }


def editor_url(resolution: Resolution, anchor: str = "") -> str:
    """Return the address of the draft's page, at a place on it."""
    url = reverse("resolutions:resolution_update", args=[resolution.slug])
    return f"{url}#{anchor}" if anchor else url
