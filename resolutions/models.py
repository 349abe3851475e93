"""What was decided: a resolution, its sections (one for each addressee), their recommendations."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from organizations.addresses import address
from organizations.derived import SearchField
from organizations.models import Organization, User
from organizations.roles import CONTROLLING_ROLES, Role
from organizations.searching import conditions, searchable
from resolutions.audiences import Audience
from resolutions.documents import KnownAddressee, SourceDocument
from resolutions.recognition.deadlines import Precision, Repeats, Rule, understand
from resolutions.wording import PRECISION_LABELS, REPEATS_LABELS, RULE_LABELS

__all__ = ["KnownAddressee", "Recommendation", "Resolution", "Section", "SourceDocument"]


def new_slug() -> str:
    """Return a short address that says the day of entry and cannot be guessed from another."""
    return f"{timezone.localdate():%Y-%m-%d}-{secrets.token_hex(3)}"


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Questions about many resolutions."""

    def editable_by(self, user: User) -> ResolutionQuerySet:
        """Those whose issuer the person coordinates: to edit as drafts, to send, to amend."""
        return self.filter(user.reach.q("issuer", [Role.COORDINATOR]))

    def issued_within_reach_of(self, user: User) -> ResolutionQuerySet:
        """Those whose issuer the person controls; of drafts only those the person may edit."""
        controlled = Q(user.reach.q("issuer", CONTROLLING_ROLES)) & ~Q(
            status=Resolution.Status.DRAFT
        )
        return self.filter(controlled | user.reach.q("issuer", [Role.COORDINATOR]))

    def search(self, text: str) -> ResolutionQuerySet:
        """Those in whose title, kind, place or number each of the words occurs, in any form."""
        return self.filter(*conditions(text))


class Resolution(models.Model):
    """The final paper of a conference or seminar; only a draft can be deleted."""

    class Status(models.TextChoices):
        """Where the resolution as a whole stands."""

        DRAFT = "DRAFT", pgettext_lazy("resolution", "Draft")
        ON_CONTROL = "ON_CONTROL", pgettext_lazy("resolution", "On control")
        OFF_CONTROL = "OFF_CONTROL", pgettext_lazy("resolution", "Off control")
        ARCHIVED = "ARCHIVED", pgettext_lazy("resolution", "Archived")

    slug = models.SlugField(max_length=100, unique=True, default=new_slug, editable=False)
    title = models.CharField(_("title"), max_length=1000)
    event_kind = models.CharField(_("event"), max_length=200, blank=True)
    event_date = models.DateField(_("date of the event"), null=True, blank=True)
    event_date_words = models.CharField(
        _("date in words"), max_length=200, blank=True, help_text=_("As in the paper.")
    )
    document_date = models.DateField(_("date of the document"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    number = models.CharField(pgettext_lazy("document", "number"), max_length=100, blank=True)
    issuer = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="resolutions", verbose_name=_("issuer")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    preamble = models.TextField(_("preamble"), blank=True)
    closing = models.TextField(_("closing part"), blank=True)
    acceptance_required = models.BooleanField(
        _("reports are accepted by a controller"),
        default=False,
        help_text=_(
            "If not, an organisation's own word completes a task; a controller may return it."
        ),
    )
    source_document = models.OneToOneField(
        SourceDocument,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="resolution",
        verbose_name=_("source document"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demonstration = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("saved at"), auto_now=True)
    updated_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("saved by"),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    sent_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent by"),
    )
    search = SearchField()

    objects = ResolutionQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["search"], history_change_reason_field=models.TextField(null=True)
    )

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = [F("event_date").desc(nulls_last=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="resolution_has_title",
                violation_error_message=_("A resolution needs a title."),
            ),
            models.CheckConstraint(
                condition=Q(status="DRAFT", sent_at=None) | (~Q(status="DRAFT") & ~Q(sent_at=None)),
                name="resolution_sent_unless_draft",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the resolution as a document."""
        return address("tasks:resolution_detail", self.slug)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a draft; raises ValidationError for anything that was ever sent."""
        if not self.is_draft:
            raise ValidationError(_("Only a draft can be deleted."))
        return super().delete(*args, **kwargs)

    def searchable(self) -> str:
        """Return what ``search`` holds."""
        return searchable(self.title, self.event_kind, self.place, self.number)

    @property
    def is_draft(self) -> bool:
        """Whether the resolution has not been sent yet, and may be edited by forms."""
        return self.status == self.Status.DRAFT

    @property
    def basis_date(self) -> date | None:
        """The day from which words like «текущего года» are understood: the document's own date."""
        return self.document_date or self.event_date

    def next_section_position(self) -> int:
        """Return the position after the last section."""
        return (self.sections.aggregate(last=Max("position"))["last"] or 0) + 1


class Section(Audience):
    """The recommendations to one addressee, under its heading as printed."""

    resolution = models.ForeignKey(
        Resolution, on_delete=models.CASCADE, related_name="sections", verbose_name=_("resolution")
    )
    printed_number = models.CharField(_("№"), max_length=20, blank=True)
    heading = models.CharField(
        _("addressee, as in the paper"),
        max_length=1000,
        help_text=_("Without the number and the colon."),
    )
    nominative = models.CharField(_("who it is"), max_length=1000, blank=True)
    collective = models.BooleanField(_("names a class of organisations"), default=False)
    position = models.PositiveIntegerField(editable=False)
    source = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(heading=""),
                name="section_has_heading",
                violation_error_message=_("Say whom the section addresses."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    def next_recommendation_position(self) -> int:
        """Return the position after the last recommendation."""
        return (self.recommendations.aggregate(last=Max("position"))["last"] or 0) + 1


class Recommendation(Audience):
    """One thing that somebody is recommended to do; its deadline is words and what they mean."""

    class DeadlineSetBy(models.TextChoices):
        """Who says what the words of a deadline mean."""

        WORDS = "WORDS", _("by the words")
        PERSON = "PERSON", _("by a person")

    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, related_name="recommendations", verbose_name=_("section")
    )
    printed_number = models.CharField(
        _("№"), max_length=20, blank=True, help_text=_("As in the paper, without the last dot.")
    )
    position = models.PositiveIntegerField(editable=False)
    text = models.TextField(_("text"))
    subitems = models.JSONField(_("sub-items"), default=list, blank=True)
    theme = models.CharField(_("theme"), max_length=300, blank=True)
    responsible = models.CharField(_("responsible"), max_length=500, blank=True)
    deadline_text = models.CharField(_("deadline in words"), max_length=300, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    deadline_precision = models.CharField(
        _("precision"),
        max_length=20,
        choices=list(PRECISION_LABELS.items()),
        default=Precision.NONE,
        editable=False,
    )
    deadline_rule = models.CharField(_("rule"), max_length=40, blank=True, editable=False)
    deadline_set_by = models.CharField(
        _("dates"), max_length=10, choices=DeadlineSetBy.choices, default=DeadlineSetBy.WORDS
    )
    repeats = models.CharField(
        _("repeats"), max_length=20, choices=list(REPEATS_LABELS.items()), default=Repeats.NONE
    )
    acceptance_required = models.BooleanField(
        _("reports are accepted by a controller"), null=True, blank=True
    )
    evidence_asked = models.CharField(
        _("what to attach"), max_length=300, blank=True, help_text=_("An order, a link, a figure.")
    )
    source = models.JSONField(default=list, editable=False)
    # [paragraph, start, end] of each of its pieces in the resolution's source document.
    places = models.JSONField(default=list, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    search = SearchField()

    history = HistoricalRecords(
        excluded_fields=["search"], history_change_reason_field=models.TextField(null=True)
    )

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="recommendation_has_text",
                violation_error_message=_("A recommendation needs a text."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
                name="recommendation_due_after_start",
                violation_error_message=_("The due date is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_number} {self.text}".strip()

    def searchable(self) -> str:
        """Return what ``search`` holds."""
        return searchable(
            self.printed_number, self.text, *map(str, self.subitems), self.theme, self.responsible
        )

    @property
    def place_in_source(self) -> str:
        """Where it begins in the source document, as the page of that document knows it, or ""."""
        return "-".join(str(each) for each in self.places[0][:2]) if self.places else ""

    @property
    def needs_acceptance(self) -> bool:
        """Whether a controller accepts each report: the resolution's rule unless said here."""
        if self.acceptance_required is None:
            return self.section.resolution.acceptance_required
        return self.acceptance_required

    @property
    def deadline_explained(self) -> str:
        """Why the dates are what they are, as a phrase; empty where there is nothing to explain."""
        if self.deadline_set_by == self.DeadlineSetBy.PERSON:
            return str(_("set by a person"))
        return str(RULE_LABELS[Rule(self.deadline_rule)]) if self.deadline_rule else ""

    def date_by_words(self, document_date: date | None, *, repeats: bool = True) -> None:
        """Set the dates, precision and rule that the words of the deadline mean.

        ``repeats`` sets the repetition too; not where the words are as before, because a person
        may have said otherwise since.
        """
        meant = understand(self.deadline_text, document_date=document_date)
        self.starts_on, self.due_on = meant.starts_on, meant.due_on
        self.deadline_precision = meant.precision
        self.deadline_rule = meant.rule if self.deadline_text else ""
        self.deadline_set_by = self.DeadlineSetBy.WORDS
        if repeats:
            self.repeats = meant.repeats

    def date_by_person(self, starts_on: date | None, due_on: date | None) -> None:
        """Set the dates as a person says, whatever the words mean; who set them is recorded."""
        self.starts_on, self.due_on = starts_on, due_on
        self.deadline_rule = ""
        self.deadline_set_by = self.DeadlineSetBy.PERSON
        if starts_on and due_on:
            self.deadline_precision = Precision.RANGE
        else:
            self.deadline_precision = Precision.DAY if starts_on or due_on else Precision.NONE
