"""Entering a resolution, editing its head, deleting a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from organizations.http import AuthenticatedHttpRequest
from organizations.permissions import require
from resolutions.drafting import ChangedMeanwhile, date_by_words_again, editing
from resolutions.editor import Opened
from resolutions.forms import ResolutionForm
from resolutions.models import Recommendation
from resolutions.permissions import may_create_resolutions
from resolutions.views.editing import (
    answer,
    changed_message,
    draft_for,
    editor_url,
    seen_version,
    show_page,
)


def resolution_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Begin a resolution by its head; its sections follow on the page of the draft."""
    require(may_create_resolutions(request.user))
    form = ResolutionForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        form.instance.updated_by = request.user
        resolution = form.save()
        messages.success(request, _("The draft is begun. Now add whom it addresses."))
        return redirect("resolutions:section_create", slug=resolution.slug)
    return render(request, "resolutions/resolution_create.html", {"form": form})


def resolution_update(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Show the draft; with ``?open=head`` or on a POST, the form of its head."""
    resolution = draft_for(request, slug)
    if request.method != "POST" and request.GET.get("open") != "head":
        return show_page(request, resolution)
    form = ResolutionForm(request.POST or None, instance=resolution, person=request.user)

    def save() -> str:
        _save_head(form)
        return editor_url(resolution, "head")

    # The page shows the stored head beside the form, so it gets a row of its own.
    stored = draft_for(request, slug)
    return answer(request, stored, Opened("head", form, request.path), save)


def _save_head(form: ResolutionForm) -> None:
    resolution = form.instance
    # The claim of the version went past this instance: take over what it wrote.
    resolution.refresh_from_db(fields=["version", "updated_by", "updated_at"])
    basis_before = type(resolution).objects.get(pk=resolution.pk).basis_date
    resolution = form.save()
    if resolution.basis_date != basis_before:
        date_by_words_again(resolution)


def resolution_delete(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Say what will be deleted with the draft; delete it on a POST."""
    resolution = draft_for(request, slug, keeps_typed=False)
    count = Recommendation.objects.filter(section__resolution=resolution).count()
    if request.method == "POST":
        try:
            with editing(resolution, request.user, seen_version(request)):
                resolution.delete()
        except ChangedMeanwhile as news:
            messages.warning(request, changed_message(news.resolution))
            sent = not news.resolution.is_draft
            return redirect(news.resolution if sent else editor_url(news.resolution))
        messages.success(request, _("The draft “%(title)s” is deleted.") % {"title": resolution})
        return redirect("tasks:resolution_list")
    context = {"resolution": resolution, "count": count}
    return render(request, "resolutions/resolution_delete.html", context)
