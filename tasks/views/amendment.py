"""What a coordinator changes after sending: each act with its reason, preview and confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization
from organizations.permissions import require
from resolutions.drafting import next_printed_number
from resolutions.models import Recommendation, Resolution, Section
from tasks.amendment import wording
from tasks.amendment.audience import Enlargement, Place, Withdrawal
from tasks.amendment.control import DECISIONS, OffControl, OnControl
from tasks.amendment.deadlines import Correction, Extension
from tasks.amendment.recommendations import Addition, Cancellation, Restoration, Rewording
from tasks.amendment_forms import (
    WHOLE,
    AdditionForm,
    CorrectionForm,
    EnlargementForm,
    ExtensionForm,
    OffControlForm,
    RewordingForm,
    WhyForm,
)
from tasks.amendment_forms import AudienceForm as WithdrawalForm
from tasks.permissions import may_run, may_send
from tasks.templatetags.deadlines import dates_of
from tasks.views.amending import (
    Sheet,
    amend,
    day_in_words,
    recommendation_for,
    resolution_for,
    standing_of,
)
from tasks.visibility import visible_resolutions

R = Resolution.Status


def recommendation_extend(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Give those who still owe more time."""
    recommendation = recommendation_for(request, pk)
    form = ExtensionForm(request.POST or None, person=request.user)

    def make() -> Extension:
        chosen = form.cleaned_data["executors"].values_list("pk", flat=True)
        return Extension(recommendation, form.cleaned_data["due_on"], frozenset(chosen))

    def facts() -> list[tuple[str, str]]:
        return [
            (_("Due date of the recommendation"), day_in_words(recommendation.due_on)),
            (_("New due date"), day_in_words(form.cleaned_data["due_on"])),
        ]

    sheet = Sheet(
        words=wording.EXTEND,
        form=form,
        make=make,
        back=_page_of(recommendation),
        facts=facts,
    )
    return amend(request, recommendation.section.resolution, sheet, recommendation)


def recommendation_correct(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a misread deadline right."""
    recommendation = recommendation_for(request, pk)
    names = ("deadline_text", "deadline_set_by", "starts_on", "due_on")
    form = CorrectionForm(
        request.POST or None, initial={name: getattr(recommendation, name) for name in names}
    )

    def make() -> Correction:
        given = form.cleaned_data
        by_person = given["deadline_set_by"] == Recommendation.DeadlineSetBy.PERSON
        return Correction(
            recommendation, given["deadline_text"], by_person, given["starts_on"], given["due_on"]
        )

    def facts() -> list[tuple[str, str]]:
        before, after = make().before_and_after()
        return [(_("As it stands"), _deadline(before)), (_("As it will stand"), _deadline(after))]

    sheet = Sheet(
        words=wording.CORRECT,
        form=form,
        make=make,
        back=_page_of(recommendation),
        facts=facts,
        fields="tasks/_amendment_deadline.html",
    )
    return amend(request, recommendation.section.resolution, sheet, recommendation)


def recommendation_reword(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a slip in the text right."""
    recommendation = recommendation_for(request, pk)
    initial = {"text": recommendation.text, "subitems": recommendation.subitems}
    form = RewordingForm(request.POST or None, initial=initial)

    def make() -> Rewording:
        text, subitems = form.cleaned_data["text"], form.cleaned_data["subitems"]
        return Rewording(recommendation, text, tuple(subitems))

    def facts() -> list[tuple[str, str]]:
        new = [form.cleaned_data["text"], *form.cleaned_data["subitems"]]
        old = [recommendation.text, *recommendation.subitems]
        return [(_("As it stands"), "\n".join(old)), (_("As it will stand"), "\n".join(new))]

    sheet = Sheet(
        words=wording.REWORD,
        form=form,
        make=make,
        back=_page_of(recommendation),
        facts=facts,
    )
    return amend(request, recommendation.section.resolution, sheet, recommendation)


def recommendation_cancel(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Cancel a recommendation with its open tasks."""
    recommendation = recommendation_for(request, pk)
    sheet = Sheet(
        words=wording.CANCEL,
        form=WhyForm(request.POST or None),
        make=lambda: Cancellation(recommendation),
        back=_page_of(recommendation),
    )
    return amend(request, recommendation.section.resolution, sheet, recommendation)


def recommendation_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Restore a cancelled recommendation with the tasks that were cancelled with it."""
    recommendation = recommendation_for(request, pk)
    sheet = Sheet(
        words=wording.RESTORE,
        form=WhyForm(request.POST or None),
        make=lambda: Restoration(recommendation),
        back=_page_of(recommendation),
    )
    return amend(request, recommendation.section.resolution, sheet, recommendation)


def recommendation_add(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Add a recommendation to a sent resolution; its tasks are sent at once."""
    resolution = resolution_for(request, slug)
    chosen = request.GET.get("section", "")
    asked = resolution.sections.filter(pk=chosen) if chosen.isdecimal() else Section.objects.none()
    section = asked.first() or resolution.sections.last()
    initial = (
        {"section": section, "printed_number": next_printed_number(section)} if section else {}
    )
    form = AdditionForm(
        request.POST or None, person=request.user, resolution=resolution, initial=initial
    )

    def make() -> Addition:
        given = form.cleaned_data
        return Addition(
            form.save(commit=False),
            tuple(given["organizations"]),
            tuple(given["groups"]),
            tuple(given["exclusions"]),
        )

    def facts() -> list[tuple[str, str]]:
        each = form.instance
        return [
            (_("Section"), each.section.heading),
            (_("Recommendation"), "\n".join([str(each), *each.subitems])),
            (_("Deadline"), _deadline(each)),
        ]

    sheet = Sheet(
        words=wording.ADD,
        form=form,
        make=make,
        back=resolution.get_absolute_url(),
        facts=facts,
        fields="tasks/_amendment_recommendation.html",
    )
    return amend(request, resolution, sheet)


def audience_add(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Add organisations to a recommendation, a section or the whole resolution."""
    resolution = resolution_for(request, slug)
    initial = {"where": request.GET.get("where", "")}
    form = EnlargementForm(
        request.POST or None, person=request.user, resolution=resolution, initial=initial
    )

    def make() -> Enlargement:
        given = form.cleaned_data
        organizations, groups = tuple(given["organizations"]), tuple(given["groups"])
        return Enlargement(given["where"], organizations, groups, given["restore"])

    sheet = Sheet(
        words=wording.ENLARGE,
        form=form,
        make=make,
        back=resolution.get_absolute_url(),
        facts=lambda: [(_("Where"), _place(form.cleaned_data["where"]))],
    )
    return amend(request, resolution, sheet)


def audience_withdraw(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Withdraw organisations from a recommendation, a section or the whole resolution."""
    resolution = resolution_for(request, slug)
    chosen = request.GET.get("executor", "")
    known = Organization.objects.visible_to(request.user)
    organizations = known.filter(pk=chosen) if chosen.isdecimal() else known.none()
    form = WithdrawalForm(
        request.POST or None,
        person=request.user,
        resolution=resolution,
        initial={"where": request.GET.get("where", WHOLE), "organizations": list(organizations)},
    )
    sheet = Sheet(
        words=wording.WITHDRAW,
        form=form,
        make=lambda: Withdrawal(
            form.cleaned_data["where"], tuple(form.cleaned_data["organizations"])
        ),
        back=resolution.get_absolute_url(),
        facts=lambda: [(_("Where"), _place(form.cleaned_data["where"]))],
    )
    return amend(request, resolution, sheet)


def resolution_off_control(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Take a resolution off control: everything that is still open is decided in one act."""
    seen = visible_resolutions(request.user).select_related("issuer")
    resolution = get_object_or_404(seen, slug=slug)
    if may_send(request.user, resolution) and resolution.status == R.OFF_CONTROL:
        messages.info(request, _("The resolution is off control already."))
        return redirect(resolution)
    require(may_run(request.user, resolution))
    standing = standing_of(resolution, request.user)
    form = OffControlForm(request.POST or None, waiting=standing.waiting > 0)

    def facts() -> list[tuple[str, str]]:
        decision = str(dict(DECISIONS)[form.cleaned_data["reported"]])
        return [(str(form.fields["reported"].label), decision)] if standing.waiting else []

    sheet = Sheet(
        words=wording.OFF_CONTROL,
        form=form,
        make=lambda: OffControl(resolution, request.user, form.cleaned_data["reported"]),
        back=resolution.get_absolute_url(),
        facts=facts,
        standing=standing,
    )
    return amend(request, resolution, sheet)


def resolution_on_control(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Put a resolution back on control, with the tasks that were cancelled when it went off."""
    seen = visible_resolutions(request.user).select_related("issuer")
    resolution = get_object_or_404(seen, slug=slug)
    if may_run(request.user, resolution):
        messages.info(request, _("The resolution is on control."))
        return redirect(resolution)
    amendment = OnControl(resolution)
    require(amendment.permission(request.user, resolution))
    sheet = Sheet(
        words=wording.ON_CONTROL,
        form=WhyForm(request.POST or None),
        make=lambda: amendment,
        back=resolution.get_absolute_url(),
    )
    return amend(request, resolution, sheet)


def _page_of(recommendation: Recommendation) -> str:
    return reverse("tasks:recommendation_detail", args=[recommendation.pk])


def _deadline(recommendation: Recommendation) -> str:
    """Say what a deadline is: its words, and the dates they mean."""
    dates = dates_of(recommendation)
    words = f"«{recommendation.deadline_text}»" if recommendation.deadline_text else ""
    return ", ".join(filter(None, (words, dates))) or _("no deadline")


def _place(place: Place) -> str:
    if place.recommendation:
        return str(place.recommendation)
    return str(place.section) if place.section else _("The whole resolution")
