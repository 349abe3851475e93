"""An amendment: worked out for a preview, and carried out by the same code.

``preview`` shows what an amendment would do; ``carry_out`` works it out once more while it holds
the resolution and the tasks concerned, compares the two, and only then acts. So two people never
amend at once, what is done is what was shown, and a second press finds nothing left to do.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from organizations.permissions import Permission, require
from resolutions.models import Recommendation, Resolution
from tasks.bulk import Why
from tasks.mail import tell_sent
from tasks.models import Task
from tasks.permissions import may_run
from tasks.progress import OWED
from tasks.querysets import TaskQuerySet

# What nobody has decided yet.
OPEN = (*OWED, Task.Status.REPORTED)
# What an executor is through with; it stays as it is.
FINISHED = (Task.Status.COMPLETED, Task.Status.NOT_APPLICABLE)


class NothingToDo(Exception):  # noqa: N818  # it is news for a person, not a fault
    """There is nothing to change, or it may not be; the words are a sentence for the person."""


class ShownOtherwise(Exception):  # noqa: N818
    """Something has changed since the preview that the person saw; ``preview`` is the new one."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview.fingerprint)
        self.preview = preview


class Row(NamedTuple):
    """A task as it stands; without a key where the amendment would create it."""

    task: int | None
    recommendation: int
    executor: int
    status: str
    due_on: date | None
    original_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Tasks that an amendment treats alike: changes, or leaves and names."""

    name: str
    rows: tuple[Row, ...]
    changes: bool = True

    @property
    def keys(self) -> list[int]:
        """Keys of the tasks that exist already."""
        return [row.task for row in self.rows if row.task is not None]

    @property
    def executors(self) -> Counter[int]:
        """How many of these tasks each organisation has, by its key."""
        return Counter(row.executor for row in self.rows)

    def by_recommendation(self) -> dict[int, set[int]]:
        """Return the organisations by the key of the recommendation."""
        found: dict[int, set[int]] = {}
        for row in self.rows:
            found.setdefault(row.recommendation, set()).add(row.executor)
        return found


@dataclass(frozen=True, slots=True)
class Preview:
    """What an amendment does for whom; ``refusal`` says why it would do nothing at all.

    ``facts`` are the values besides the tasks that the amendment goes by, ``notes`` sentences about
    what is left alone.
    """

    parts: tuple[Part, ...]
    facts: tuple[Any, ...] = ()
    refusal: str = ""
    notes: tuple[str, ...] = ()

    def part(self, name: str) -> Part:
        """Return the part of that name, empty where there is none."""
        return next((each for each in self.parts if each.name == name), Part(name, ()))

    @property
    def count(self) -> int:
        """How many tasks change."""
        return sum(len(each.rows) for each in self.parts if each.changes)

    @property
    def fingerprint(self) -> str:
        """What two previews have in common that do the same with the same tasks."""
        known = [(each.name, sorted(each.rows, key=lambda row: row[:3])) for each in self.parts]
        return hashlib.sha256(repr((known, self.facts)).encode()).hexdigest()[:32]


class Amendment(ABC):
    """A change after sending; subclasses say which tasks they look at and what they do."""

    @abstractmethod
    def paper(self) -> Resolution:
        """Return the resolution that changes."""

    @abstractmethod
    def scope(self) -> TaskQuerySet:
        """The tasks on which the outcome depends, without joins: they are locked."""

    @abstractmethod
    def weigh(self, rows: list[Row]) -> Preview:
        """Work out what happens to the tasks as they stand; writes nothing."""

    @abstractmethod
    def apply(self, preview: Preview, why: Why) -> None:
        """Do what the preview says; the resolution and the tasks are held."""

    def permission(self, user: User, resolution: Resolution) -> Permission:
        """Tell whether the person may do this with the resolution as it stands."""
        return may_run(user, resolution)


def preview(amendment: Amendment) -> Preview:
    """Return what the amendment would do now."""
    return amendment.weigh(_rows(amendment.scope()))


def carry_out(
    amendment: Amendment,
    actor: User,
    reason: str,
    *,
    seen: str | None = None,
    at: datetime | None = None,
) -> Preview:
    """Do it, in one transaction, and return what was done.

    ``seen`` is the fingerprint of the preview the person agreed to (None: whatever it is now).
    Whoever gets a new task is told by a letter, unless the moment is given (``at``).
    Raises PermissionDenied, NothingToDo, or ShownOtherwise; then nothing is changed.
    """
    if not reason.strip():
        raise ValueError("An amendment needs a reason.")
    with transaction.atomic():
        papers = Resolution.objects.select_related("issuer")
        held = papers.select_for_update(of=("self",), no_key=True).get(pk=amendment.paper().pk)
        require(amendment.permission(actor, held))
        found = amendment.weigh(_rows(amendment.scope().select_for_update(no_key=True)))
        if found.refusal:
            raise NothingToDo(found.refusal)
        if seen is not None and seen != found.fingerprint:
            raise ShownOtherwise(found)
        amendment.apply(found, Why(actor, reason.strip(), at or timezone.now()))
        new = found.part("created").executors
        if new and at is None:  # a history being loaded is no news
            tell_sent(amendment.paper(), new, timezone.localdate())
    return found


def part(name: str, rows: Iterable[Row], *, changes: bool = True) -> Part:
    """Gather rows into a part."""
    return Part(name, tuple(rows), changes)


def present(*parts: Part) -> tuple[Part, ...]:
    """Return the parts that hold any task."""
    return tuple(each for each in parts if each.rows)


def save_as(changed: Recommendation | Resolution, why: Why) -> None:
    """Save so that the history tells who did it, when and why, whoever called."""
    changed._history_user = why.actor  # type: ignore[union-attr]  # noqa: SLF001  # as its manual says
    changed._history_date = why.at  # type: ignore[union-attr]  # noqa: SLF001
    changed._change_reason = why.reason  # type: ignore[union-attr]  # noqa: SLF001
    changed.save()


def nothing_left() -> str:
    """Say that the amendment finds everything done."""
    return _("It stands so already: there is nothing left to change.")


def _rows(tasks: TaskQuerySet) -> list[Row]:
    # The order is that of every amendment, so that two of them never wait for each other.
    return [
        Row(*values)
        for values in tasks.order_by("pk").values_list(
            "pk", "recommendation_id", "executor_id", "status", "due_on", "original_due_on"
        )
    ]
