"""Adding, editing, splitting, moving and removing the recommendations of a draft."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from resolutions.drafting import move_recommendation, split, split_text
from resolutions.editor import Opened, new_recommendation_form
from resolutions.forms import RecommendationForm
from resolutions.models import Recommendation, Resolution, Section
from resolutions.views.editing import act, answer, draft_for, editor_url, show_page


def recommendation_create(request: AuthenticatedHttpRequest, slug: str, pk: int) -> HttpResponse:
    """Add a recommendation at the end of the section ``pk``."""
    resolution = draft_for(request, slug)
    section = get_object_or_404(resolution.sections, pk=pk)
    form = _new_form(request, resolution, section)
    opened = Opened("recommendation", form, request.path, section_key=section.pk)
    last = section.recommendations.last()
    if request.method == "POST" and last and _is_the_same(last, request):
        messages.info(request, _("This recommendation stands here already; it was added once."))
        return redirect(editor_url(resolution, f"recommendation-{last.pk}"))

    def save() -> str:
        return editor_url(resolution, f"recommendation-{form.save().pk}")

    return answer(request, resolution, opened, save, overwrites=False)


def recommendation_update(request: AuthenticatedHttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a recommendation, or split it where an empty line stands in its text."""
    resolution = draft_for(request, slug)
    found = Recommendation.objects.filter(section__resolution=resolution, pk=pk)
    last_section = resolution.sections.last()
    if request.method == "POST" and last_section and not found.exists():
        return _offer_as_new(request, resolution, last_section)
    each = get_object_or_404(found)
    form = RecommendationForm(
        request.POST or None, instance=each, person=request.user, resolution=resolution
    )
    parts = split_text(request.POST.get("text", "")) if "split" in request.POST else []
    if "split" in request.POST and len(parts) < 2 and form.is_valid():
        form.add_error(
            "text", _("Put an empty line where the text is to be split, then press “Split”.")
        )

    def save() -> str:
        _save(request, form, parts)
        return editor_url(resolution, f"recommendation-{pk}")

    return answer(request, resolution, Opened("recommendation", form, request.path, key=pk), save)


@require_POST
def recommendation_move(request: AuthenticatedHttpRequest, slug: str, pk: int) -> HttpResponse:
    """Move a recommendation one place up or down, past the edge into the next section."""
    resolution = draft_for(request, slug)
    each = get_object_or_404(Recommendation, section__resolution=resolution, pk=pk)
    step = -1 if request.POST.get("direction") == "up" else 1
    return act(request, resolution, lambda: move_recommendation(each, step), f"recommendation-{pk}")


def recommendation_delete(request: AuthenticatedHttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask in the recommendation's place; remove it on a POST."""
    resolution = draft_for(request, slug)
    each = get_object_or_404(Recommendation, section__resolution=resolution, pk=pk)
    form = forms.Form(request.POST or None)
    opened = Opened("recommendation_removal", form, request.path, key=pk)

    def save() -> str:
        each.delete()
        return editor_url(resolution, f"section-{each.section_id}")

    return answer(request, resolution, opened, save)


def _save(request: AuthenticatedHttpRequest, form: RecommendationForm, parts: list[str]) -> None:
    moved = "section" in form.changed_data
    if moved:
        form.instance.position = form.cleaned_data["section"].next_recommendation_position()
    each = form.save()
    if len(parts) > 1:
        made = split(each, parts)
        text = ngettext(
            "One more recommendation stands below: check its number and deadline.",
            "%(count)s more recommendations stand below: check their numbers and deadlines.",
            len(made),
        )
        messages.info(request, text % {"count": len(made)})


def _is_the_same(last: Recommendation, request: AuthenticatedHttpRequest) -> bool:
    """Whether the form repeats the one sent a moment ago: a double click, a page sent again."""
    number, text = (request.POST.get(name, "").strip() for name in ("printed_number", "text"))
    return (last.printed_number, last.text.splitlines()) == (number, text.splitlines())


def _new_form(
    request: AuthenticatedHttpRequest, resolution: Resolution, section: Section
) -> RecommendationForm:
    if request.method != "POST":
        return new_recommendation_form(section, request.user)
    each = Recommendation(section=section, position=section.next_recommendation_position())
    return RecommendationForm(
        request.POST, instance=each, person=request.user, resolution=resolution
    )


def _offer_as_new(
    request: AuthenticatedHttpRequest, resolution: Resolution, section: Section
) -> HttpResponse:
    """Somebody removed what the person was editing: keep the text, as a new recommendation."""
    form = _new_form(request, resolution, section)
    action = reverse("resolutions:recommendation_create", args=[resolution.slug, section.pk])
    opened = Opened("recommendation", form, action, section_key=section.pk, changed_meanwhile=True)
    return show_page(request, resolution, opened)
