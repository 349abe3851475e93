"""What is being done: a task for every organisation a recommendation means, reports, events."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.addresses import address
from organizations.models import Organization, User
from organizations.roles import Role
from resolutions.models import Recommendation
from tasks.counting import CompletionCount, TaskCount  # noqa: F401  # so that Django finds them
from tasks.outbox import Letter  # noqa: F401  # so that Django finds the model
from tasks.progress import OWED, owed
from tasks.querysets import TaskQuerySet


class Task(models.Model):
    """One recommendation for one organisation (and one period where it repeats)."""

    class Status(models.TextChoices):
        """The life cycle; what may follow what stands in ``tasks.workflow``."""

        ASSIGNED = "ASSIGNED", pgettext_lazy("task", "Assigned")
        IN_PROGRESS = "IN_PROGRESS", pgettext_lazy("task", "In progress")
        REPORTED = "REPORTED", pgettext_lazy("task", "Awaiting acceptance")
        REWORK = "REWORK", pgettext_lazy("task", "Returned for rework")
        COMPLETED = "COMPLETED", pgettext_lazy("task", "Completed")
        NOT_APPLICABLE = "NOT_APPLICABLE", pgettext_lazy("task", "Not applicable")
        CANCELLED = "CANCELLED", pgettext_lazy("task", "Cancelled")

    # Without indexes of their own: both begin another one.
    recommendation = models.ForeignKey(
        Recommendation,
        on_delete=models.PROTECT,
        related_name="tasks",
        db_index=False,
        verbose_name=_("recommendation"),
    )
    executor = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="tasks",
        db_index=False,
        verbose_name=_("executor"),
    )
    period = models.CharField(_("period"), max_length=20, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.ASSIGNED, editable=False
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    original_due_on = models.DateField(_("first due date"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    reported_on = models.DateField(_("reported on"), null=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, editable=False)
    # Computed by the database, so that the counts kept beside the tasks can have them too.
    late = models.GeneratedField(
        expression=Case(When(reported_on__gt=F("due_on"), then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("reported late"),
    )
    opened = models.GeneratedField(
        expression=Case(When(opened_at__isnull=False, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("opened"),
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "executor", "period"],
                name="task_one_for_each_executor",
                violation_error_message=_("This organisation has this task already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
                name="task_due_after_start",
                violation_error_message=_("The due date is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(status="COMPLETED", completed_on__isnull=False)
                | (~Q(status="COMPLETED") & Q(completed_on=None)),
                name="task_completed_on_if_completed",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["COMPLETED", "REPORTED", "NOT_APPLICABLE"],
                    reported_on__isnull=False,
                )
                | Q(
                    status__in=["ASSIGNED", "IN_PROGRESS", "REWORK", "CANCELLED"],
                    reported_on=None,
                ),
                name="task_reported_on_if_reported",
            ),
        ]
        indexes = [
            # PostgreSQL counts these without opening the rows: an organisation's own tasks, what
            # is owed by when (a tenth of a region's years is overdue), what waits for acceptance.
            models.Index(
                fields=["executor", "status", "due_on"],
                include=["late", "opened", "recommendation"],
                name="task_of_executor",
            ),
            models.Index(
                fields=["executor", "due_on"],
                include=["opened"],
                condition=owed(),
                name="task_owed_of_executor",
            ),
            models.Index(
                fields=["due_on"],
                include=["executor", "status", "opened", "recommendation"],
                condition=owed(),
                name="task_owed_by_due_date",
            ),
            models.Index(
                fields=["reported_on"],
                include=["executor", "recommendation"],
                condition=Q(status="REPORTED"),
                name="task_waiting_since",
            ),
            # The order of lists: their first page reads one day's tasks, not all.
            models.Index(fields=["due_on"], name="task_by_due_date"),
        ]

    def __str__(self) -> str:
        return f"{self.executor}: {self.recommendation}"

    def get_absolute_url(self) -> str:
        """Return the address of the task's page."""
        return address("tasks:task_detail", self.pk)

    def is_owed(self) -> bool:
        """Tell whether the executor still has to act."""
        return self.status in OWED

    def is_finished(self) -> bool:
        """Tell whether nobody has to act any more."""
        return self.status in (
            self.Status.COMPLETED,
            self.Status.NOT_APPLICABLE,
            self.Status.CANCELLED,
        )

    def is_overdue(self, on: date) -> bool:
        """Tell whether the task is owed and its due day has passed on that day."""
        return self.is_owed() and self.due_on is not None and self.due_on < on


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports are written and sent, never deleted."""

    def delete(self) -> NoReturn:
        """Refuse: what an organisation wrote stays."""
        raise TypeError("Reports are never deleted.")


class Report(models.Model):
    """An organisation's word on a task; a draft until it is sent, never deleted after."""

    class Outcome(models.TextChoices):
        """What the organisation says of the task."""

        DONE = "DONE", pgettext_lazy("report", "Done")
        PARTLY = "PARTLY", pgettext_lazy("report", "Partly done")
        NOT_APPLICABLE = "NOT_APPLICABLE", pgettext_lazy("report", "Does not concern us")

    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="reports", verbose_name=_("task")
    )
    outcome = models.CharField(
        _("what is done"), max_length=20, choices=Outcome.choices, blank=True
    )
    text = models.TextField(_("the result in brief"), blank=True)
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    for_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("for")
    )
    created_at = models.DateTimeField(_("begun at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(sent_at=None), name="report_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | (~Q(text="") & ~Q(outcome="")),
                name="report_says_something",
                violation_error_message=_("Say in a sentence or two what was done."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.task}"

    def copy_as_draft(self, author: User) -> Report:
        """Begin a draft with the same words and evidence; one already begun is kept as it is."""
        draft, begun = Report.objects.get_or_create(
            task=self.task,
            sent_at=None,
            defaults={
                "outcome": self.outcome,
                "text": self.text,
                "author": author,
                "for_organization": self.for_organization,
            },
        )
        if begun:
            for each in self.evidence.attached():
                each.pk, each.report = None, draft
                each._state.adding = True  # noqa: SLF001  # how Django documents a copy
                each.save()
        return draft

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002  # as Django calls it
        """Refuse: what an organisation wrote stays."""
        raise TypeError("Reports are never deleted.")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence is added, and taken out of a draft; never deleted."""

    def visible_to(self, user: User) -> EvidenceQuerySet:
        """Those of tasks in reach; of a draft only for those who write it."""
        own = user.reach.q("report__task__executor", [Role.EXECUTOR])
        sent = Q(report__sent_at__isnull=False)
        return self.attached().filter(user.reach.q("report__task__executor"), own | sent)

    def attached(self) -> EvidenceQuerySet:
        """Those not taken out again before the report was sent."""
        return self.filter(removed_at=None)

    def delete(self) -> NoReturn:
        """Refuse: what was uploaded stays on the record."""
        raise TypeError("Evidence is never deleted.")


class Evidence(models.Model):
    """What proves a report: a stored file, addressed by its content, or a link."""

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("report")
    )
    name = models.CharField(_("name"), max_length=255, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    link = models.URLField(_("link"), max_length=1000, blank=True)
    added_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    removed_at = models.DateTimeField(_("taken out at"), null=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(link="", sha256__regex=r"^[0-9a-f]{64}$", size__gt=0)
                | (~Q(link="") & Q(sha256="")),
                name="evidence_file_or_link",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.link

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002  # as Django calls it
        """Refuse: what was uploaded stays on the record."""
        raise TypeError("Evidence is never deleted.")


class TaskEventQuerySet(models.QuerySet["TaskEvent"]):
    """Events are appended; nothing else."""

    def for_story(self) -> TaskEventQuerySet:
        """Newest first, with the people, reports and evidence that a story tells of."""
        attached = models.Prefetch("report__evidence", Evidence.objects.attached(), "attached")
        return (
            self.select_related("actor", "for_organization", "report")
            .prefetch_related(attached)
            .order_by("-happened_at", "-pk")
        )

    def update(self, **kwargs: Any) -> NoReturn:  # noqa: ARG002  # as Django calls it
        """Refuse: history is never edited."""
        raise TypeError("History is never edited: write a new event.")

    def delete(self) -> NoReturn:
        """Refuse: history is never deleted."""
        raise TypeError("History is never deleted.")


class TaskEvent(models.Model):
    """Who did what with a task, for whom, from what status to what, why and when; append-only."""

    class Action(models.TextChoices):
        """What was done, as the story of the task tells it."""

        ASSIGN = "ASSIGN", pgettext_lazy("event", "sent to the executor")
        OPEN = "OPEN", pgettext_lazy("event", "opened by the executor")
        TAKE = "TAKE", pgettext_lazy("event", "taken to work")
        REPORT = "REPORT", pgettext_lazy("event", "reported")
        RECALL = "RECALL", pgettext_lazy("event", "report recalled")
        ACCEPT = "ACCEPT", pgettext_lazy("event", "report accepted")
        RETURN = "RETURN", pgettext_lazy("event", "returned for rework")
        CANCEL = "CANCEL", pgettext_lazy("event", "cancelled")
        RESTORE = "RESTORE", pgettext_lazy("event", "restored")
        EXTEND = "EXTEND", pgettext_lazy("event", "due date extended")
        CORRECT = "CORRECT", pgettext_lazy("event", "due date corrected")
        REWORD = "REWORD", pgettext_lazy("event", "text corrected")
        REMIND = "REMIND", pgettext_lazy("event", "reminder sent")

    # Against the executor, or undoing what was decided: nobody does so without a word.
    NEED_REASON = (Action.RETURN, Action.CANCEL, Action.RESTORE)

    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="events", verbose_name=_("task")
    )
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    for_organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("for whom"),
    )
    from_status = models.CharField(
        _("from"), max_length=20, choices=Task.Status.choices, blank=True
    )
    to_status = models.CharField(_("to"), max_length=20, choices=Task.Status.choices)
    reason = models.TextField(_("why"), blank=True)
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("report")
    )
    due_before = models.DateField(_("due date before"), null=True)
    due_after = models.DateField(_("due date after"), null=True)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = TaskEventQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("task", "event")
        verbose_name_plural = _("events")
        ordering = ["happened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["RETURN", "CANCEL", "RESTORE"]) | ~Q(reason=""),
                name="event_reason_given",
                violation_error_message=_("Say why in a sentence."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.task}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append; refuse to change what is written."""
        if self.pk is not None:
            raise TypeError("History is never edited: write a new event.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002  # as Django calls it
        """Refuse: history is never deleted."""
        raise TypeError("History is never deleted.")
