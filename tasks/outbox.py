"""The outbox: which letters are owed to whom, kept in the database until they are delivered.

A row says whom to tell and about what; the words and the addresses are worked out when it is
delivered (``tasks.letters``, ``tasks.digest``), so that nobody hears of what is no longer so. Being
a row, a letter is queued by the same transaction as what it tells of, and its unique key keeps two
machines from telling it twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization, User

# Whoever takes letters to deliver has them for this long; after a crash another takes them.
LEASE = timedelta(minutes=30)
# The first wait after a failure; each further one is twice as long, up to the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
DIGESTS_KEPT = timedelta(days=30)


class LetterQuerySet(models.QuerySet["Letter"]):
    """Questions about many letters."""

    def waiting(self, now: datetime) -> LetterQuerySet:
        """Those to be delivered now."""
        return self.filter(status=Letter.Status.QUEUED, send_after__lte=now)

    def claim(self, count: int, now: datetime) -> list[Letter]:
        """Take the next letters for oneself, until the lease ends; nobody else gets the same.

        SKIP LOCKED on PostgreSQL; on SQLite the transaction is IMMEDIATE, so claims take turns.
        """
        with transaction.atomic():
            next_ones = self.waiting(now).order_by("send_after", "pk")
            free = next_ones.select_for_update(skip_locked=True, no_key=True)
            keys = [each.pk for each in free[:count]]
            self.filter(pk__in=keys).update(send_after=now + LEASE, attempts=F("attempts") + 1)
            found = self.select_related(
                "organization",
                "person",
                "resolution__issuer",
                "event__actor",
                "event__task__executor",
                "event__task__recommendation__section__resolution",
            )
            return list(found.filter(pk__in=keys).order_by("pk"))

    def revive_failed(self, now: datetime) -> int:
        """Queue anew what was given up; not digests, whose morning has passed."""
        news = self.exclude(kind__in=[Letter.Kind.DIGEST, Letter.Kind.CONTROL_DIGEST])
        given_up = news.filter(status=Letter.Status.FAILED)
        return given_up.update(
            status=Letter.Status.QUEUED, created_at=now, send_after=now, attempts=0
        )

    def drop_old_digests(self, now: datetime) -> int:
        """Delete the digests that no repeat of their day can concern any more; return how many."""
        digests = self.filter(kind__in=[Letter.Kind.DIGEST, Letter.Kind.CONTROL_DIGEST])
        return digests.filter(created_at__lt=now - DIGESTS_KEPT).delete()[0]


class Letter(models.Model):
    """One letter to the people of an organisation, or to one person; written when delivered."""

    class Kind(models.TextChoices):
        """What the letter tells."""

        SENT = "SENT", pgettext_lazy("letter", "Recommendations sent")
        RETURNED = "RETURNED", pgettext_lazy("letter", "Report returned")
        REMINDER = "REMINDER", pgettext_lazy("letter", "Reminder of what is overdue")
        DIGEST = "DIGEST", pgettext_lazy("letter", "Morning digest")
        CONTROL_DIGEST = "CONTROL_DIGEST", pgettext_lazy("letter", "Controller's digest")

    class Status(models.TextChoices):
        """How far it got."""

        QUEUED = "QUEUED", pgettext_lazy("letter", "Queued")
        SENT = "SENT", pgettext_lazy("letter", "Sent")
        NOT_NEEDED = "NOT_NEEDED", pgettext_lazy("letter", "Not needed any more")
        FAILED = "FAILED", pgettext_lazy("letter", "Not delivered")

    key = models.CharField(_("key"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    resolution = models.ForeignKey(
        "resolutions.Resolution",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("resolution"),
    )
    event = models.ForeignKey(
        "tasks.TaskEvent",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("task", "event"),
    )
    day = models.DateField(_("as of"), default=timezone.localdate)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.QUEUED
    )
    created_at = models.DateTimeField(_("queued at"), default=timezone.now)
    send_after = models.DateTimeField(_("not before"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    recipients = models.TextField(_("recipients"), blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization=None, person__isnull=False)
                | Q(organization__isnull=False, person=None),
                name="letter_to_an_organization_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(status="SENT", sent_at__isnull=False)
                | (~Q(status="SENT") & Q(sent_at=None)),
                name="letter_sent_at_if_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_after"], condition=Q(status="QUEUED"), name="letter_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person or self.organization}"

    @property
    def lives_until(self) -> datetime:
        """When it is too late: a digest is of its morning, other news of a few days."""
        digest = self.kind in (self.Kind.DIGEST, self.Kind.CONTROL_DIGEST)
        return self.created_at + (timedelta(hours=12) if digest else timedelta(days=4))

    def is_too_late(self, now: datetime) -> bool:
        """Tell whether the letter would be no news any more."""
        return now > self.lives_until

    def mark_sent(self, recipients: list[str], subject: str) -> None:
        """Write down that it was delivered, and to whom."""
        self._finish(
            status=self.Status.SENT,
            sent_at=timezone.now(),
            recipients=", ".join(recipients),
            subject=Truncator(subject).chars(300),
            last_error="",
        )

    def mark_not_needed(self) -> None:
        """Write down that there was nothing to tell any more, or nobody to be told."""
        self._finish(status=self.Status.NOT_NEEDED)

    def mark_failed(self, error: Exception) -> bool:
        """Try again later, after a longer wait each time; return whether it was given up."""
        now = timezone.now()
        doublings = min(self.attempts - 1, 10)
        wait: timedelta = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        given_up = now + wait > self.lives_until
        self._finish(
            status=self.Status.FAILED if given_up else self.Status.QUEUED,
            send_after=now + wait,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return given_up

    def give_up(self) -> None:
        """Write down that it waited too long; the last error stays."""
        late = self.last_error or _("Too late to be of use.")
        self._finish(status=self.Status.FAILED, last_error=str(late))

    def put_back(self) -> None:
        """Return it untried: another run takes it."""
        self._finish(send_after=timezone.now(), attempts=self.attempts - 1)

    def _finish(self, **changes: object) -> None:
        # Only who holds the claim writes: after an overlong delivery another may have it already.
        held = Letter.objects.filter(pk=self.pk, status=self.Status.QUEUED, attempts=self.attempts)
        held.update(**changes)
