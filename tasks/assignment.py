"""Sending: from a draft to one task for every organisation each recommendation means.

One transaction, safe to repeat. The status of the resolution is its gate: the first UPDATE from
DRAFT wins, so two people who press at once, or a repeat after a crash, give one set of tasks.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Membership, Organization, User
from resolutions.audiences import audiences_of
from resolutions.drafting import ChangedMeanwhile
from resolutions.models import Recommendation, Resolution
from tasks.bulk import Why, assign, check_references_at_once
from tasks.mail import tell_sent


class NotSendable(Exception):  # noqa: N818  # it is news for a person, not a fault
    """The resolution cannot be sent; ``reasons`` are sentences for the person."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class AlreadySent(Exception):  # noqa: N818
    """Somebody sent the resolution before; nothing was done again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the resolution cannot be sent, and which recommendations are the cause."""

    sentence: str
    recommendations: list[Recommendation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What sending will do: recommendations in order, and the organisations each goes to."""

    recommendations: list[Recommendation]
    executors: dict[int, set[int]]  # recommendation key -> organisation keys
    organizations: dict[int, Organization]
    faults: list[Fault] = field(default_factory=list)
    version: int = 0

    @property
    def fingerprint(self) -> str:
        """A short sum of what would be sent to whom: it changes with the draft and the directory.

        Groups are rules, so a school that opens between the summary and the press changes it too.
        """
        content = [self.version, [[key, *sorted(self.executors[key])] for key in self.executors]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    @property
    def task_count(self) -> int:
        """How many tasks sending creates."""
        return sum(len(keys) for keys in self.executors.values())

    @property
    def without_deadline(self) -> list[Recommendation]:
        """Recommendations whose tasks can never be late."""
        return [each for each in self.recommendations if each.due_on is None]

    @property
    def counts(self) -> Counter[int]:
        """How many tasks each organisation gets, by its key."""
        return Counter(key for keys in self.executors.values() for key in keys)


def plan(resolution: Resolution, day: date) -> Plan:
    """Work out what sending would do on that day; writes nothing, a constant number of queries."""
    recommendations = list(
        Recommendation.objects.filter(section__resolution=resolution)
        .select_related("section__resolution")
        .order_by("section__position", "section__pk", "position", "pk")
    )
    executors = audiences_of(resolution, day).recommendations
    keys = set().union(*executors.values()) if executors else set()
    organizations = Organization.objects.select_related("municipality").in_bulk(list(keys))
    faults = _faults(recommendations, executors)
    return Plan(recommendations, executors, organizations, faults, resolution.version)


def without_people(planned: Plan, day: date) -> list[Organization]:
    """Return the organisations for which nobody will see the tasks: no active executor there."""
    answered = set(Membership.objects.answering(day).values_list("organization_id", flat=True))
    unanswered = [each for key, each in planned.organizations.items() if key not in answered]
    return sorted(unanswered, key=str)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the sending is: after which recommendation, and how many of all tasks."""

    recommendation: Recommendation
    created: int
    total: int


def send(
    resolution: Resolution,
    actor: User,
    *,
    day: date | None = None,
    at: datetime | None = None,
    shown: str | None = None,
) -> int:
    """Send the resolution to its executors; return the number of tasks created.

    Each organisation is told by a letter, queued in the same transaction.

    ``at`` is the moment of sending (now; a moment given is history, of which nobody is told),
    ``day`` the one on which an organisation must be open to get a task (that of ``at``),
    ``shown`` the fingerprint of the plan that the person looked at.
    Raises AlreadySent where it is no draft any more, ChangedMeanwhile where something else would
    be sent than was shown, NotSendable where something is missing; then nothing is changed.
    """
    created = 0
    for progress in sending(resolution, actor, day=day, at=at, shown=shown):
        created = progress.created
    return created


def sending(
    resolution: Resolution,
    actor: User,
    *,
    day: date | None = None,
    at: datetime | None = None,
    shown: str | None = None,
) -> Iterator[Progress]:
    """Send as ``send`` does, and tell after each recommendation how far it is.

    Still one transaction: nothing stands until the last step is asked for and comes to its end.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        claimed = _claim(resolution, actor, moment)
        planned = plan(claimed, day or timezone.localdate(moment))
        if shown is not None and shown != planned.fingerprint:
            raise ChangedMeanwhile(claimed)
        if planned.faults:
            raise NotSendable([fault.sentence for fault in planned.faults])
        check_references_at_once()
        created = 0
        for each in planned.recommendations:
            created += assign(each, planned.executors[each.pk], Why(actor, at=moment))
            yield Progress(each, created, planned.task_count)
        sent = Resolution.objects.get(pk=resolution.pk)
        sent.save()  # once through the model, so that the sending stands in its history
        if at is None:  # a history being loaded is no news
            tell_sent(sent, planned.organizations, timezone.localdate(moment))
    resolution.refresh_from_db()


def _claim(resolution: Resolution, actor: User, moment: datetime) -> Resolution:
    """Turn the draft into a resolution on control; whoever comes second finds no draft."""
    draft = Resolution.objects.filter(pk=resolution.pk, status=Resolution.Status.DRAFT)
    if not draft.update(status=Resolution.Status.ON_CONTROL, sent_at=moment, sent_by=actor):
        raise AlreadySent(_("This resolution has been sent already."))
    return Resolution.objects.get(pk=resolution.pk)


def _faults(recommendations: list[Recommendation], executors: dict[int, set[int]]) -> list[Fault]:
    if not recommendations:
        return [Fault(_("There is no recommendation yet: add at least one."))]
    homeless = [each for each in recommendations if not executors[each.pk]]
    if not homeless:
        return []
    names = ", ".join(each.printed_number or each.text[:40] for each in homeless[:10])
    sentence = ngettext(
        "%(count)s recommendation means nobody: %(names)s. Say whom.",
        "%(count)s recommendations mean nobody: %(names)s. Say whom.",
        len(homeless),
    ) % {"count": len(homeless), "names": names}
    return [Fault(sentence, homeless)]
