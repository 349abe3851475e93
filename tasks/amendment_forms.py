"""What a person says when a sent resolution is amended; every form asks for the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.fields import DayField
from organizations.models import OrganizationGroup, User
from organizations.picker import OrganizationsField, PickingForm, limit
from resolutions.forms import LinesField, RecommendationForm
from resolutions.models import Recommendation, Resolution
from tasks.amendment.audience import Place
from tasks.amendment.control import ACCEPT, DECISIONS

WHOLE = "all"


class WhyForm(forms.Form):
    """Why; shorter than elsewhere, because it stands in the history of every task concerned."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The organizations read it in the history of their tasks."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why in a sentence.")},
    )


class ExtensionForm(PickingForm, WhyForm):
    """By when instead, and for whom."""

    due_on = DayField(label=gettext_lazy("New due date"))
    executors = OrganizationsField(
        label=gettext_lazy("For these organizations only"),
        required=False,
        help_text=gettext_lazy("None chosen: for all who have not reported yet."),
    )
    field_order = ["due_on", "executors", "reason"]

    def __init__(self, data: Any = None, *, person: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        limit(self, "executors", person)

    def clean_due_on(self) -> date:
        """Refuse what is no extension from today's point of view."""
        due_on: date = self.cleaned_data["due_on"]
        if due_on <= timezone.localdate():
            raise ValidationError(_("The new date has to be later than today."))
        return due_on


class CorrectionForm(WhyForm):
    """What the deadline in the paper really says."""

    deadline_text = forms.CharField(
        label=gettext_lazy("Deadline in words"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("As in the paper; empty where it names none."),
    )
    deadline_set_by = forms.ChoiceField(
        label=gettext_lazy("Dates"),
        choices=Recommendation.DeadlineSetBy.choices,
        widget=forms.RadioSelect,
    )
    starts_on = DayField(label=gettext_lazy("Start"), required=False)
    due_on = DayField(label=gettext_lazy("Due date"), required=False)
    field_order = ["deadline_text", "deadline_set_by", "starts_on", "due_on", "reason"]

    def clean(self) -> dict[str, Any]:
        """Check the dates where a person gives them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, due = cleaned.get("starts_on"), cleaned.get("due_on")
        if cleaned.get("deadline_set_by") == Recommendation.DeadlineSetBy.WORDS:
            return cleaned
        if start and due and due < start:
            self.add_error("due_on", _("The due date is before the start."))
        return cleaned


class RewordingForm(WhyForm):
    """The words as they should have been."""

    text = forms.CharField(
        label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 6, "class": "serif"})
    )
    subitems = LinesField(
        label=gettext_lazy("Sub-items"),
        required=False,
        help_text=gettext_lazy("One a line; not tracked apart."),
    )
    field_order = ["text", "subitems", "reason"]


class PlaceField(forms.ChoiceField):
    """Where in a resolution: the whole, a section, a recommendation; one list in its order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places: dict[str, Place] = {}

    def offer(self, resolution: Resolution) -> None:
        """Offer what the resolution consists of, in two queries."""
        self.places = {WHOLE: Place(resolution)}
        choices: list[Any] = [("", _("Choose where")), (WHOLE, _("The whole resolution"))]
        for section in resolution.sections.prefetch_related("recommendations"):
            heading = Truncator(section.heading).chars(70)
            key = f"s{section.pk}"
            self.places[key] = Place(resolution, section=section)
            inside = [(key, _("The whole section"))]
            for each in section.recommendations.all():
                key = f"r{each.pk}"
                self.places[key] = Place(resolution, recommendation=each)
                inside.append((key, Truncator(str(each)).chars(70)))
            choices.append((heading, inside))
        self.choices = choices

    def clean(self, value: Any) -> Any:
        """Return the place."""
        return self.places[super().clean(value)]


class AudienceForm(PickingForm, WhyForm):
    """Which organisations, and where in the resolution."""

    where = PlaceField(
        label=gettext_lazy("Where"),
        error_messages={"required": gettext_lazy("Choose where in the resolution.")},
    )
    organizations = OrganizationsField(label=gettext_lazy("Organizations"), required=False)
    field_order = ["where", "groups", "organizations", "restore", "reason"]

    def __init__(
        self, data: Any = None, *, person: User, resolution: Resolution, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["where"].offer(resolution)  # type: ignore[attr-defined]
        limit(self, "organizations", person)

    def clean(self) -> dict[str, Any]:
        """Refuse a form that names nobody."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("organizations") and not cleaned.get("groups"):
            self.add_error("organizations", _("Find at least one organization and tick it."))
        return cleaned


class EnlargementForm(AudienceForm):
    """Who joins; groups count as they are today."""

    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groups"),
        queryset=OrganizationGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    restore = forms.BooleanField(
        label=gettext_lazy("Restore the tasks that were cancelled before"),
        required=False,
        help_text=gettext_lazy("Otherwise they stay cancelled; nobody gets a second task."),
    )

    def __init__(self, data: Any = None, *, person: User, **kwargs: Any) -> None:
        super().__init__(data, person=person, **kwargs)
        groups = OrganizationGroup.objects.visible_to(person)
        self.fields["groups"].queryset = groups  # type: ignore[attr-defined]


class AdditionForm(RecommendationForm):
    """A recommendation as in a draft, and why it comes only now."""

    reason = WhyForm.base_fields["reason"]


class OffControlForm(WhyForm):
    """What becomes of reports that wait, and the reason all others are cancelled with."""

    reported = forms.ChoiceField(
        label=gettext_lazy("Reports that wait for acceptance"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        initial=ACCEPT,
        required=False,
    )
    field_order = ["reported", "reason"]

    def __init__(self, data: Any = None, *, waiting: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].initial = _("Taken off control.")
        if not waiting:
            self.fields["reported"].widget = forms.HiddenInput()

    def clean_reported(self) -> str:
        """Accept where nothing was said: what waits has been done."""
        return str(self.cleaned_data["reported"] or ACCEPT)
