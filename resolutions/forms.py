"""Forms of a draft: the resolution's head, a section, a recommendation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.fields import DayField
from organizations.models import Organization, OrganizationGroup, User
from organizations.picker import OrganizationsField, PickingForm, limit
from resolutions.models import Recommendation, Resolution, Section
from resolutions.permissions import issuers_for
from resolutions.recognition.deadlines import Repeats, understand

EVENT_KINDS = ("конференция", "семинар", "совещание", "форум", "педагогический совет", "слушания")


class LinesField(forms.CharField):
    """A list of strings, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3, "class": "serif"}), **kwargs)

    def prepare_value(self, value: object) -> object:
        """Show a stored list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: str | None) -> list[str]:  # type: ignore[override]
        """Read lines into a list, without empty ones."""
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare lists, not their spelling."""
        return (initial or []) != self.to_python(data if isinstance(data, str) else "")


class Suggestions(forms.TextInput):
    """A text field that suggests what is usual and takes anything."""

    template_name = "resolutions/_suggestions.html"

    def __init__(self, options: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.options = options

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tie the field to the list of suggestions."""
        context = super().get_context(name, value, attrs)
        context["options"] = self.options
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"]["list"] = context["list_id"]
        return context


class ResolutionForm(forms.ModelForm[Resolution]):
    """The head of a resolution: what the paper is, and what stands around its recommendations."""

    event_date = DayField(label=_("Date of the event"), required=False)
    document_date = DayField(label=_("Date of the document"), required=False)

    class Meta:
        model = Resolution
        fields = [
            "title",
            "issuer",
            "event_kind",
            "event_date",
            "event_date_words",
            "document_date",
            "place",
            "number",
            "acceptance_required",
            "preamble",
            "closing",
        ]
        widgets = {
            "title": forms.Textarea(attrs={"rows": 3, "class": "serif"}),
            "event_kind": Suggestions(EVENT_KINDS),
            "preamble": forms.Textarea(attrs={"rows": 6, "class": "serif"}),
            "closing": forms.Textarea(attrs={"rows": 3, "class": "serif"}),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Organization.objects.filter(pk=self.instance.issuer_id)
        issuers = (issuers_for(person) | kept).order_by("path")
        field = self.fields["issuer"]
        field.queryset = issuers  # type: ignore[attr-defined]
        if not self.instance.pk:
            field.initial = issuers.first()
        self.fields["title"].widget.attrs["autofocus"] = True


class MeantFields(PickingForm, forms.Form):
    """Groups and organisations that are meant."""

    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=OrganizationGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    organizations = OrganizationsField(label=_("Organizations"), required=False)


class AudienceFields(MeantFields):
    """Whom a section or a recommendation means: groups, organisations, exceptions."""

    exclusions = OrganizationsField(label=_("Except"), required=False)

    def offer_to(self, person: User, owner: Section | Recommendation) -> None:
        """Offer what the person sees; what was chosen by others beyond that sight is kept."""
        chosen = list(owner.groups.all()) if owner.pk else []
        visible = OrganizationGroup.objects.visible_to(person)
        groups = OrganizationGroup.objects.filter(
            Q(pk__in=visible) | Q(pk__in=[group.pk for group in chosen])
        )
        self.fields["groups"].queryset = groups  # type: ignore[attr-defined]
        limit(self, "organizations", person)
        limit(self, "exclusions", person)


class SectionForm(AudienceFields, forms.ModelForm[Section]):
    """An addressee as printed, and the organisations it means."""

    class Meta:
        model = Section
        fields = [
            "printed_number",
            "heading",
            "nominative",
            "collective",
            "groups",
            "organizations",
            "exclusions",
        ]
        widgets = {
            "heading": forms.Textarea(attrs={"rows": 2, "class": "serif"}),
            "nominative": forms.TextInput(attrs={"class": "serif"}),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_to(person, self.instance)
        self.fields["heading"].widget.attrs["autofocus"] = True


class RecommendationForm(AudienceFields, forms.ModelForm[Recommendation]):
    """A recommendation; its dates follow from the words unless a person gives them."""

    section = forms.ModelChoiceField(label=_("Section"), queryset=Section.objects.none())
    subitems = LinesField(
        label=_("Sub-items"), required=False, help_text=_("One a line; not tracked apart.")
    )
    starts_on = DayField(label=_("Start"), required=False)
    due_on = DayField(label=_("Due date"), required=False)

    class Meta:
        model = Recommendation
        fields = [
            "printed_number",
            "text",
            "subitems",
            "deadline_text",
            "deadline_set_by",
            "starts_on",
            "due_on",
            "repeats",
            "responsible",
            "theme",
            "evidence_asked",
            "acceptance_required",
            "section",
            "groups",
            "organizations",
            "exclusions",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5, "class": "serif"}),
            "printed_number": forms.TextInput(attrs={"class": "num"}),
            "deadline_set_by": forms.RadioSelect,
            "theme": Suggestions(),
        }

    def __init__(self, *args: Any, person: User, resolution: Resolution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resolution = resolution
        self.offer_to(person, self.instance)
        self.fields["section"].queryset = resolution.sections.all()  # type: ignore[attr-defined]
        self.fields["repeats"].required = False
        self.fields["printed_number"].help_text = ""  # its column is as narrow as a number
        self.fields["text"].widget.attrs["autofocus"] = True
        self.fields["deadline_text"].widget.attrs["placeholder"] = _("as in the paper")
        self.fields["acceptance_required"] = forms.TypedChoiceField(
            label=_("Acceptance of reports"),
            required=False,
            choices=[
                ("", _("as for the whole resolution")),
                ("True", _("a controller accepts each report")),
                ("False", _("the organisation's own word is enough")),
            ],
            coerce=lambda value: value == "True",
            empty_value=None,
        )

    def clean_repeats(self) -> str:
        """Take an empty answer for "once"."""
        return self.cleaned_data["repeats"] or Repeats.NONE

    def clean(self) -> dict[str, Any]:
        """Take the dates from the words, or check those a person gave."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("deadline_set_by") == Recommendation.DeadlineSetBy.WORDS:
            for name in ("starts_on", "due_on"):  # folded away: the words decide, not these
                self.errors.pop(name, None)
            meant = understand(
                cleaned.get("deadline_text", ""), document_date=self.resolution.basis_date
            )
            cleaned["starts_on"], cleaned["due_on"] = meant.starts_on, meant.due_on
        elif (start := cleaned.get("starts_on")) and (due := cleaned.get("due_on")) and due < start:
            self.add_error("due_on", _("The due date is before the start."))
        return cleaned

    def save(self, commit: bool = True) -> Recommendation:
        """Save with the dates that hold: by the words, or as a person set them."""
        each = self.instance
        if each.deadline_set_by == Recommendation.DeadlineSetBy.WORDS:
            new_words = "deadline_text" in self.changed_data
            chosen = "repeats" in self.changed_data
            each.date_by_words(self.resolution.basis_date, repeats=new_words and not chosen)
        else:
            each.date_by_person(each.starts_on, each.due_on)
        return super().save(commit)
