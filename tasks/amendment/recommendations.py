"""A recommendation of a sent resolution: its words put right, cancelled, restored, or a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.groups import group_members
from organizations.models import Organization, OrganizationGroup
from resolutions.audiences import audiences_of
from resolutions.models import Recommendation, Resolution
from tasks.amendment.acts import (
    FINISHED,
    OPEN,
    Amendment,
    Preview,
    Row,
    nothing_left,
    part,
    present,
    save_as,
)
from tasks.amendment.audience import withdrawn_from
from tasks.bulk import Why, assign, note, step
from tasks.models import Task, TaskEvent
from tasks.querysets import TaskQuerySet

S = Task.Status
A = TaskEvent.Action


@dataclass(frozen=True)
class OfRecommendation(Amendment):
    """What the amendments of one recommendation share."""

    recommendation: Recommendation

    def paper(self) -> Resolution:
        """Return the resolution it stands in."""
        return self.recommendation.section.resolution

    def scope(self) -> TaskQuerySet:
        """All its tasks."""
        return Task.objects.filter(recommendation=self.recommendation)

    def stored(self) -> Recommendation:
        """Return the recommendation as it stands now."""
        return Recommendation.objects.get(pk=self.recommendation.pk)


@dataclass(frozen=True)
class Rewording(OfRecommendation):
    """A slip of the pen put right; whoever works on the task is told."""

    text: str
    subitems: tuple[str, ...] = ()

    def weigh(self, rows: list[Row]) -> Preview:
        """Gather the open tasks; a slip matters to nobody who has finished."""
        each = self.stored()
        same = (each.text, tuple(each.subitems)) == (self.text, self.subitems)
        return Preview(
            present(part("reworded", (row for row in rows if row.status in OPEN))),
            (each.text, tuple(each.subitems), self.text, self.subitems),
            nothing_left() if same else "",
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Save the text with its history."""
        each = self.stored()
        each.text, each.subitems = self.text, list(self.subitems)
        save_as(each, why)
        note(preview.part("reworded").keys, why, A.REWORD)


@dataclass(frozen=True)
class Cancellation(OfRecommendation):
    """The recommendation is no longer to be carried out; what is finished stays finished."""

    def weigh(self, rows: list[Row]) -> Preview:
        """Part the open tasks from the finished ones."""
        cancelled = self.stored().cancelled_at is not None
        return Preview(
            present(
                part("cancelled", (row for row in rows if row.status in OPEN)),
                part("finished", (row for row in rows if row.status in FINISHED), changes=False),
            ),
            refusal=_("This recommendation is cancelled already.") if cancelled else "",
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Cancel; the moment names the act, so that exactly this can be taken back."""
        each = self.stored()
        each.cancelled_at = why.at
        save_as(each, why)
        step(preview.part("cancelled").keys, why, A.CANCEL, S.CANCELLED, reported_on=None)


@dataclass(frozen=True)
class Restoration(OfRecommendation):
    """A cancelled recommendation counts again; the tasks cancelled with it come back."""

    def weigh(self, rows: list[Row]) -> Preview:
        """Part the tasks cancelled by that act from those cancelled otherwise."""
        moment = self.stored().cancelled_at
        back = set(cancelled_at(self.scope(), moment).values_list("pk", flat=True))
        cancelled = [row for row in rows if row.status == S.CANCELLED]
        return Preview(
            present(
                part("restored", (row for row in cancelled if row.task in back)),
                part(
                    "otherwise_cancelled",
                    (row for row in cancelled if row.task not in back),
                    changes=False,
                ),
            ),
            (moment,),
            "" if moment else _("This recommendation is not cancelled."),
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Bring it back as newly assigned."""
        each = self.stored()
        each.cancelled_at = None
        save_as(each, why)
        step(preview.part("restored").keys, why, A.RESTORE, S.ASSIGNED)


@dataclass(frozen=True)
class Addition(Amendment):
    """A recommendation that was forgotten, or adopted later; its tasks are sent at once.

    ``recommendation`` is not saved yet. Without organisations and groups it means its section's.
    """

    recommendation: Recommendation
    organizations: tuple[Organization, ...] = ()
    groups: tuple[OrganizationGroup, ...] = ()
    exclusions: tuple[Organization, ...] = ()
    day: date = field(default_factory=timezone.localdate)

    def paper(self) -> Resolution:
        """Return the resolution it stands in."""
        return self.recommendation.section.resolution

    def scope(self) -> TaskQuerySet:
        """None yet."""
        return Task.objects.none()

    def weigh(self, rows: list[Row]) -> Preview:  # noqa: ARG002  # there are none yet
        """Work out whom it means, as ``audiences_of`` will."""
        each, section = self.recommendation, self.recommendation.section
        named = {one.pk for one in self.organizations if one.is_open_on(self.day)}
        named = named.union(*group_members(self.groups, self.day).values())
        if self._follows_its_section:
            named = audiences_of(self.paper(), self.day).sections[section.pk]
        withdrawn = named & self._withdrawn()
        meant = named - withdrawn - {one.pk for one in self.exclusions}
        twin = section.recommendations.filter(
            text=each.text, printed_number=each.printed_number
        ).exists()
        refusal = "" if meant else _("The recommendation means nobody: say whom.")
        if twin:
            refusal = _("This recommendation stands in the section already.")
        created = (Row(None, 0, key, "", each.due_on) for key in sorted(meant))
        facts = (section.pk, each.text, each.printed_number, each.starts_on, each.due_on)
        notes = (_left_out(len(withdrawn)),) if withdrawn else ()
        return Preview(present(part("created", created)), facts, refusal, notes)

    def apply(self, preview: Preview, why: Why) -> None:
        """Put it at the end of its section and send it."""
        each = self.recommendation
        withdrawn = self._withdrawn()
        each.position = each.section.next_recommendation_position()
        save_as(each, why)
        each.organizations.set(self.organizations)
        each.groups.set(self.groups)
        each.exclusions.set([*self.exclusions, *withdrawn])
        assign(each, preview.part("created").executors, why)

    @property
    def _follows_its_section(self) -> bool:
        return not self.organizations and not self.groups

    def _withdrawn(self) -> set[int]:
        section = self.recommendation.section
        return withdrawn_from(section) if self._follows_its_section else set()


def _left_out(count: int) -> str:
    return ngettext(
        "%(count)s organization was withdrawn from this section and is left out.",
        "%(count)s organizations were withdrawn from this section and are left out.",
        count,
    ) % {"count": count}


def cancelled_at(tasks: TaskQuerySet, moment: datetime | None) -> TaskQuerySet:
    """Return the tasks that were cancelled at that moment and never since."""
    cancelled = TaskEvent.objects.filter(task=OuterRef("pk"), action=A.CANCEL)
    if moment is None:
        return tasks.none()
    return tasks.filter(
        Exists(cancelled.filter(happened_at=moment)),
        ~Exists(cancelled.filter(happened_at__gt=moment)),
        status=S.CANCELLED,
    )
