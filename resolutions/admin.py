"""Administration of resolutions: a draft may be edited and deleted, what was sent is only read."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from organizations.admin import BriefTitles, DatedHistoryAdmin, matches_word
from organizations.searching import conditions
from resolutions.drafting import ChangedMeanwhile, date_by_words_again, editing
from resolutions.models import (
    KnownAddressee,
    Recommendation,
    Resolution,
    Section,
    SourceDocument,
)


def resolution_of(obj: Resolution | Section | Recommendation) -> Resolution:
    """Return the resolution that the object is or belongs to."""
    if isinstance(obj, Recommendation):
        obj = obj.section
    return obj.resolution if isinstance(obj, Section) else obj


class Placed:
    """Shows where a part stands; pages of the site move it."""

    @admin.display(description=_("place in the order"), ordering="position")
    def place(self, obj: Section | Recommendation) -> int:
        """Return the number in the order."""
        return obj.position


class DraftsOnly:
    """Changes and deletes in drafts; whole selections are never deleted at once.

    Inlines ask about the object of their page, which answers for its parts.
    """

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow what an administrator may, in a draft."""
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or resolution_of(obj).is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow to delete one draft or a part of one."""
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and obj is not None and resolution_of(obj).is_draft


class SeenVersionForm(forms.ModelForm[Any]):
    """Carries the draft's version that the page was made from."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "seen_version" in self.fields:
            self.fields["seen_version"].initial = resolution_of(self.instance).version

    def clean(self) -> dict[str, Any] | None:
        """Tell who has saved meanwhile; what was typed stays, and a second press keeps it."""
        cleaned = super().clean()
        if not self.instance.pk or "seen_version" not in self.fields:
            return cleaned
        key = resolution_of(self.instance).pk
        stored = Resolution.objects.select_related("updated_by").get(pk=key)
        if self.cleaned_data.get("seen_version") != stored.version:
            data = cast(QueryDict, self.data).copy()
            data["seen_version"] = str(stored.version)
            self.data = data
            raise ValidationError(
                _("%(who)s has saved this draft meanwhile. Look at it; “Save” keeps yours."),
                params={"who": stored.updated_by or "—"},
            )
        return cleaned


class DraftAdmin(DraftsOnly, BriefTitles, admin.ModelAdmin[Any]):
    """A page that saves a draft or a part of one; what has been sent in the meantime stays."""

    form = SeenVersionForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the version seen, where there is something to overwrite."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ("seen_version",)})]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Say so where the draft was sent a moment ago."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ChangedMeanwhile:
            self.message_user(
                request, _("Not saved: the resolution was sent a moment ago."), messages.ERROR
            )
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save as the next version, so that forms open elsewhere notice."""
        if not change:
            obj.updated_by = request.user
            super().save_model(request, obj, form, change)
            return
        seen = form.cleaned_data["seen_version"]
        with editing(resolution_of(obj), request.user, seen):  # type: ignore[arg-type]
            super().save_model(request, obj, form, change)


class PartsInline(DraftsOnly, Placed, admin.StackedInline[Any, Any]):
    """Parts of a draft with links to their own pages."""

    extra = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow to add to what exists already and has not been sent."""
        return (
            super().has_add_permission(request, obj) and bool(obj) and resolution_of(obj).is_draft
        )


class SectionInline(PartsInline):
    """Sections of a resolution; whom each means stands on its own page."""

    model = Section
    fields = (("printed_number", "place"), "heading", "nominative", "collective")
    readonly_fields = ("place",)


class RecommendationInline(PartsInline):
    """Recommendations of a section; dates, audience and the rest stand on their own pages."""

    model = Recommendation
    fields = (("printed_number", "place"), "text", ("deadline_text", "due_on"))
    readonly_fields = ("place", "due_on")


class PartAdmin(Placed, DraftAdmin):
    """A part of a resolution: added on the page of the whole, so that it never changes place."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: parts are added on the page of the whole."""
        return False


@admin.register(Resolution)
class ResolutionAdmin(DraftAdmin, DatedHistoryAdmin):
    """Resolutions with their sections."""

    list_display = ("title", "event_date", "issuer", "status", "number", "sent_at")
    list_filter = ("status", ("issuer", admin.RelatedOnlyFieldListFilter), "acceptance_required")
    list_select_related = ("issuer",)
    search_fields = ("search",)
    search_help_text = _("Part of the title, event, place or number.")
    show_full_result_count = False
    autocomplete_fields = ("issuer",)
    readonly_fields = (
        *("status", "saved_version", "created_at", "updated_at"),
        *("updated_by", "sent_at", "sent_by"),
    )
    inlines = (SectionInline,)
    fieldsets = (
        (None, {"fields": ("title", "issuer", "status", ("number", "document_date"))}),
        (_("Event"), {"fields": ("event_kind", ("event_date", "event_date_words"), "place")}),
        (_("Text"), {"fields": ("preamble", "closing")}),
        (_("Control"), {"fields": ("acceptance_required",)}),
        (
            _("Kept by the system"),
            {
                "fields": (
                    *("saved_version", "created_at", "updated_at"),
                    *("updated_by", "sent_at", "sent_by"),
                )
            },
        ),
    )

    @admin.display(description=_("version"))
    def saved_version(self, obj: Resolution) -> int:
        """Show how often the draft has been saved; by it stale forms are noticed."""
        return obj.version

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resolution]:
        """Bring along what the page of one resolution names."""
        queryset: QuerySet[Resolution] = super().get_queryset(request)
        return queryset.select_related("issuer", "updated_by", "sent_by")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Search as the pages do."""
        return queryset.search(search_term), False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; with another date of the document words like «текущего года» mean another one."""
        before = Resolution.objects.get(pk=obj.pk).basis_date if change else None
        super().save_model(request, obj, form, change)
        if change and obj.basis_date != before:
            date_by_words_again(obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Put new sections at the end."""
        for section in formset.save(commit=False):
            if section.position is None:
                section.position = section.resolution.next_section_position()
            section.save()
        for section in formset.deleted_objects:
            section.delete()
        formset.save_m2m()


@admin.register(Section)
class SectionAdmin(PartAdmin):
    """Sections with their recommendations."""

    list_display = ("heading", "resolution", "place")
    list_filter = ("resolution__status",)
    list_select_related = ("resolution",)
    search_fields = ("heading", "nominative")
    ordering = ("-pk",)
    show_full_result_count = False
    autocomplete_fields = ("organizations", "groups", "exclusions")
    readonly_fields = ("resolution", "place")
    inlines = (RecommendationInline,)
    fields = (
        *("resolution", ("printed_number", "place"), "heading", "nominative", "collective"),
        *("organizations", "groups", "exclusions"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Section], search_term: str
    ) -> tuple[QuerySet[Section], bool]:
        """Find by the addressee's words or the title of the resolution."""
        for word in search_term.split():
            queryset = queryset.filter(matches_word("heading nominative resolution__title", word))
        return queryset, False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Put new recommendations at the end, and date each by its words."""
        for each in formset.save(commit=False):
            if each.position is None:
                each.position = each.section.next_recommendation_position()
            redate(each)
            each.save()
        for each in formset.deleted_objects:
            each.delete()
        formset.save_m2m()


def redate(recommendation: Recommendation) -> None:
    """Let the words say the dates, unless a person has."""
    if recommendation.deadline_set_by == Recommendation.DeadlineSetBy.WORDS:
        basis = recommendation.section.resolution.basis_date
        recommendation.date_by_words(basis, repeats=recommendation.pk is None)


@admin.register(Recommendation)
class RecommendationAdmin(PartAdmin, DatedHistoryAdmin):
    """Recommendations: text, deadline, audience where it differs from the section's."""

    list_display = ("in_brief", "section", "deadline_text", "due_on", "repeats")
    list_filter = ("section__resolution__status", "deadline_precision", "repeats")
    list_select_related = ("section__resolution",)
    search_fields = ("search",)
    ordering = ("-pk",)
    show_full_result_count = False
    autocomplete_fields = ("organizations", "groups", "exclusions")
    readonly_fields = ("section", "place", "deadline_precision", "deadline_rule")
    fieldsets = (
        (None, {"fields": ("section", ("printed_number", "place"), "text", "subitems")}),
        (_("About"), {"fields": ("theme", "responsible", "evidence_asked", "acceptance_required")}),
        (
            _("Deadline"),
            {
                "fields": (
                    *("deadline_text", "deadline_set_by", ("starts_on", "due_on"), "repeats"),
                    ("deadline_precision", "deadline_rule"),
                )
            },
        ),
        (
            _("Whom it means"),
            {
                "fields": ("organizations", "groups", "exclusions"),
                "description": _("Empty: those whom the section means."),
            },
        ),
    )

    @admin.display(description=_("recommendation"), ordering="pk")
    def in_brief(self, obj: Recommendation) -> str:
        """Quote the beginning: a whole one would fill the screen."""
        return Truncator(obj).chars(100)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recommendation]:
        """Bring along the section and the resolution, which say whether it may be changed."""
        queryset: QuerySet[Recommendation] = super().get_queryset(request)
        return queryset.select_related("section__resolution")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Recommendation], search_term: str
    ) -> tuple[QuerySet[Recommendation], bool]:
        """Search as the pages do, and by the title of the resolution."""
        for condition in conditions(search_term):
            papers = Resolution.objects.filter(condition)
            queryset = queryset.filter(condition | Q(section__resolution__in=papers))
        return queryset, False

    def save_model(
        self, request: HttpRequest, obj: Recommendation, form: Any, change: bool
    ) -> None:
        """Save; dates typed by a person hold, all others follow the words."""
        if {"starts_on", "due_on"} & set(form.changed_data):
            obj.deadline_set_by = Recommendation.DeadlineSetBy.PERSON
        redate(obj)
        super().save_model(request, obj, form, change)


@admin.register(SourceDocument)
class SourceDocumentAdmin(admin.ModelAdmin[SourceDocument]):
    """Documents as they came: what was uploaded stays on the record, so they are only shown."""

    list_display = ("name", "issuer", "uploaded_at", "uploaded_by", "resolution_made")
    list_select_related = ("issuer", "uploaded_by", "resolution")
    search_fields = ("name", "sha256")
    show_full_result_count = False

    @admin.display(description=_("resolution"))
    def resolution_made(self, obj: SourceDocument) -> Resolution | None:
        """Return the resolution made of it."""
        return getattr(obj, "resolution", None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceDocument]:
        """Leave out what was read from them."""
        return SourceDocument.objects.in_brief()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Documents are uploaded on the site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of them is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They stay."""
        return False


@admin.register(KnownAddressee)
class KnownAddresseeAdmin(admin.ModelAdmin[KnownAddressee]):
    """Whom addressees have meant before: a wrong one may be corrected or forgotten."""

    list_display = ("name", "issuer", "chosen_at", "chosen_by")
    list_select_related = ("issuer", "chosen_by")
    search_fields = ("name",)
    show_full_result_count = False
    fields = ("issuer", "name", "organizations", "groups")
    readonly_fields = ("issuer", "name")
    autocomplete_fields = ("organizations", "groups")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are remembered, not entered."""
        return False
