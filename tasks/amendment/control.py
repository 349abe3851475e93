"""A resolution taken off control: every open task is decided in the same act. And put back on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import User
from organizations.permissions import Denied, Permission
from organizations.roles import Role
from resolutions.models import Recommendation, Resolution
from tasks.amendment.acts import OPEN, Amendment, Preview, Row, part, present, save_as
from tasks.amendment.recommendations import cancelled_at
from tasks.bulk import Why, step
from tasks.models import Report, Task, TaskEvent
from tasks.querysets import TaskQuerySet

S = Task.Status
A = TaskEvent.Action
NOT_OURS = Report.Outcome.NOT_APPLICABLE
ACCEPT, CANCEL = "ACCEPT", "CANCEL"
DECISIONS = [
    (ACCEPT, gettext_lazy("Accept them all")),
    (CANCEL, gettext_lazy("Cancel them with the same reason")),
]


@dataclass(frozen=True)
class OffControl(Amendment):
    """What is owed is cancelled; what waits for acceptance is accepted, or cancelled too.

    A return is no choice here: a resolution off control has no open task. Nobody accepts reports of
    an organisation for which they answer themselves, in this act neither.
    """

    resolution: Resolution
    actor: User
    reported: str = ACCEPT

    def paper(self) -> Resolution:
        """Return the resolution itself."""
        return self.resolution

    def scope(self) -> TaskQuerySet:
        """Every open task of it."""
        there = _recommendations_of(self.resolution)
        return Task.objects.filter(recommendation__in=there, status__in=OPEN)

    def weigh(self, rows: list[Row]) -> Preview:
        """Part the tasks by what is decided of them."""
        owed = [row for row in rows if row.status != S.REPORTED]
        waiting = [row for row in rows if row.status == S.REPORTED]
        if self.reported == CANCEL:
            parts = present(part("cancelled_owed", owed), part("cancelled_reported", waiting))
            return Preview(parts, (self.reported,))
        own = {
            place.organization_id
            for place in self.actor.reach.places
            if place.role == Role.EXECUTOR
        }
        mine = [row for row in waiting if row.executor in own]
        outcomes = self._outcomes() if waiting else {}
        foreign = [row for row in waiting if row.executor not in own]
        # A preview holds nothing: a report recalled between the two readings has no outcome here.
        agreed = [row for row in foreign if outcomes.get(row.task) == NOT_OURS]
        taken = {row.task for row in agreed}
        refusal = _(
            "Some reports are of an organization for which you answer yourself: another controller "
            "decides them first, or you cancel all that wait for acceptance."
        )
        return Preview(
            present(
                part("accepted", (row for row in foreign if row.task not in taken)),
                part("agreed", agreed),
                part("cancelled_owed", owed),
                part("own", mine, changes=False),
            ),
            (self.reported,),
            refusal if mine else "",
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Decide every task, then let the resolution go."""
        day = timezone.localdate(why.at)
        report = Subquery(_last_report().values("pk")[:1])
        accepted, agreed = preview.part("accepted").keys, preview.part("agreed").keys
        step(accepted, why, A.ACCEPT, S.COMPLETED, report=report, completed_on=day)
        step(agreed, why, A.ACCEPT, S.NOT_APPLICABLE, report=report)
        for name in ("cancelled_owed", "cancelled_reported"):
            step(preview.part(name).keys, why, A.CANCEL, S.CANCELLED, reported_on=None)
        _turn(self.resolution, Resolution.Status.OFF_CONTROL, why)

    def _outcomes(self) -> dict[int | None, str]:
        waiting = self.scope().filter(status=S.REPORTED).order_by("pk")
        last = Subquery(_last_report().values("outcome")[:1])
        return dict(waiting.values_list("pk", last))


@dataclass(frozen=True)
class OnControl(Amendment):
    """A resolution taken off control too early: the tasks cancelled by that act come back."""

    resolution: Resolution

    def paper(self) -> Resolution:
        """Return the resolution itself."""
        return self.resolution

    def permission(self, user: User, resolution: Resolution) -> Permission:
        """A coordinator of the issuer, while it is off control."""
        if not user.reach.covers(resolution.issuer, Role.COORDINATOR):
            return Denied(_("Only a coordinator of the issuer may do this."))
        if resolution.status != Resolution.Status.OFF_CONTROL:
            return Denied(_("The resolution is not off control."))
        return True

    def scope(self) -> TaskQuerySet:
        """The tasks cancelled at the moment at which its history says that it went."""
        gone = self.resolution.history.filter(
            status=Resolution.Status.OFF_CONTROL, history_change_reason__isnull=False
        )
        moment = gone.order_by("-history_date").values_list("history_date", flat=True).first()
        there = _recommendations_of(self.resolution)
        return cancelled_at(Task.objects.filter(recommendation__in=there), moment)

    def weigh(self, rows: list[Row]) -> Preview:
        """All of them come back; what was accepted stays."""
        return Preview(present(part("restored", rows)))

    def apply(self, preview: Preview, why: Why) -> None:
        """Put it on control, then open the tasks."""
        _turn(self.resolution, Resolution.Status.ON_CONTROL, why)
        step(preview.part("restored").keys, why, A.RESTORE, S.ASSIGNED)


def _recommendations_of(resolution: Resolution) -> list[int]:
    found = Recommendation.objects.filter(section__resolution=resolution)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _last_report() -> QuerySet[Report]:
    sent = Report.objects.filter(task=OuterRef("pk")).exclude(sent_at=None)
    return sent.order_by("-sent_at", "-pk")


def _turn(resolution: Resolution, status: str, why: Why) -> None:
    turned = Resolution.objects.get(pk=resolution.pk)
    turned.status, turned.updated_by = status, why.actor
    save_as(turned, why)
    resolution.refresh_from_db()
