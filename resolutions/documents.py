"""Documents as they came: the file, what was read from it, and what a person says it is.

Nothing of a document is ever changed but its marking; the file can be had again as it came.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization, OrganizationGroup, User
from organizations.roles import Role
from resolutions.wording import refusal_sentence

# What is large and of no use in a list.
READ_FROM_IT = ("paragraphs", "marking", "done", "undone", "audiences")


class SourceDocumentQuerySet(models.QuerySet["SourceDocument"]):
    """Questions about many documents."""

    def editable_by(self, user: User) -> SourceDocumentQuerySet:
        """Those whose issuer the person coordinates; nobody else knows of them."""
        return self.filter(user.reach.q("issuer", [Role.COORDINATOR]))

    def in_work(self) -> SourceDocumentQuerySet:
        """Those of which no draft has been made and which nobody has set aside."""
        return self.filter(resolution=None, set_aside_at=None)

    def in_brief(self) -> SourceDocumentQuerySet:
        """Without what was read from them: a list needs none of it."""
        return self.defer(*READ_FROM_IT)


class SourceDocument(models.Model):
    """A document that somebody uploaded or pasted; a draft is made of it once it is checked."""

    name = models.CharField(pgettext_lazy("file", "name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("type"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    issuer = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="source_documents",
        verbose_name=_("issuer"),
    )
    # A kind of recognition.readers.refusals; empty for what was read.
    refusal = models.TextField(_("why it could not be read"), blank=True)
    paragraphs = models.JSONField(default=list, editable=False)
    # Pieces, spans, problems (recognition.plain); the steps to undo and to do again.
    marking = models.JSONField(default=dict, editable=False)
    done = models.JSONField(default=list, editable=False)
    undone = models.JSONField(default=list, editable=False)
    # Folded addressee → {"organizations": [key, …], "groups": [key, …]}, chosen by a person.
    audiences = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    changed_at = models.DateTimeField(_("saved at"), auto_now_add=True)
    changed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("saved by"),
    )
    set_aside_at = models.DateTimeField(_("set aside at"), null=True, editable=False)

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the page where it is checked."""
        return reverse("resolutions:document_review", args=[self.pk])

    @property
    def refused_because(self) -> str:
        """The sentence for the person: why it could not be read, and what to do about it."""
        return refusal_sentence(self.refusal)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        """Refuse: what was uploaded stays on the record."""
        raise models.ProtectedError("What was uploaded stays on the record.", {self})


class KnownAddressee(models.Model):
    """Whom an addressee of an issuer's papers has meant before; offered when it is met again."""

    issuer = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="known_addressees",
        verbose_name=_("issuer"),
    )
    name = models.CharField(_("addressee"), max_length=1000)  # folded (organizations.folding)
    organizations = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("organizations")
    )
    groups = models.ManyToManyField(
        OrganizationGroup, blank=True, related_name="+", verbose_name=_("groups")
    )
    chosen_at = models.DateTimeField(_("chosen at"), auto_now=True)
    chosen_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("chosen by"),
    )

    class Meta:
        verbose_name = _("known addressee")
        verbose_name_plural = _("known addressees")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "name"], name="known_addressee_unique"),
        ]

    def __str__(self) -> str:
        return self.name
