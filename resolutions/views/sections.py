"""Adding, editing, moving and removing the sections of a draft."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from resolutions.drafting import move_section
from resolutions.editor import Opened
from resolutions.forms import SectionForm
from resolutions.models import Resolution, Section
from resolutions.views.editing import act, answer, draft_for, editor_url, show_page


def section_create(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Add a section at the end."""
    resolution = draft_for(request, slug)
    return _new_section(request, resolution)


def section_update(request: AuthenticatedHttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a section; one removed meanwhile is offered as a new one, with what was typed."""
    resolution = draft_for(request, slug)
    if request.method == "POST" and not resolution.sections.filter(pk=pk).exists():
        return _new_section(request, resolution, removed=True)
    section = get_object_or_404(resolution.sections, pk=pk)
    form = SectionForm(request.POST or None, instance=section, person=request.user)

    def save() -> str:
        form.save()
        return editor_url(resolution, f"section-{pk}")

    return answer(request, resolution, Opened("section", form, request.path, key=pk), save)


@require_POST
def section_move(request: AuthenticatedHttpRequest, slug: str, pk: int) -> HttpResponse:
    """Move a section one place up or down."""
    resolution = draft_for(request, slug)
    section = get_object_or_404(resolution.sections, pk=pk)
    step = -1 if request.POST.get("direction") == "up" else 1
    return act(request, resolution, lambda: move_section(section, step), f"section-{pk}")


def section_delete(request: AuthenticatedHttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask in the section's place, naming what goes with it; remove it on a POST."""
    resolution = draft_for(request, slug)
    section = get_object_or_404(resolution.sections, pk=pk)
    opened = Opened("section_removal", forms.Form(request.POST or None), request.path, key=pk)

    def save() -> str:
        section.delete()
        return editor_url(resolution)

    return answer(request, resolution, opened, save)


def _new_section(
    request: AuthenticatedHttpRequest, resolution: Resolution, *, removed: bool = False
) -> HttpResponse:
    section = Section(resolution=resolution, position=resolution.next_section_position())
    form = SectionForm(request.POST or None, instance=section, person=request.user)
    action = reverse("resolutions:section_create", args=[resolution.slug])
    opened = Opened("section", form, action, changed_meanwhile=removed)

    def save() -> str:
        made = form.save()
        if "add_recommendation" in request.POST:
            return reverse("resolutions:recommendation_create", args=[resolution.slug, made.pk])
        return editor_url(resolution, f"section-{made.pk}")

    if removed:
        return show_page(request, resolution, opened)
    return answer(request, resolution, opened, save, overwrites=False)
