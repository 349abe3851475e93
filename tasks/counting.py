"""Counts of tasks kept beside them, so that a page of a region need not count a million.

A row says how many tasks of one recommendation in one place stand alike. The database itself keeps
the counts, by triggers on tasks and organisations: in the transaction of the change, whoever makes
it. Its columns have the names of a task's own, so that the conditions of ``tasks.progress`` hold
for both: what is counted here and what is listed there cannot differ.

The executor of a row is the *place* that stands for all its executors: their municipality, else the
root of their tree. Who controls whole places is answered from here (``countable``); everybody else
has few tasks, which are counted one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from operator import add
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, User
from organizations.roles import CONTROLLING_ROLES
from organizations.tree import WIDTH
from resolutions.models import Recommendation, Resolution
from tasks import triggers

Summed = TypeVar("Summed")


class CountQuerySet(models.QuerySet[Any]):
    """Questions about counts."""

    def visible_to(self, user: User) -> CountQuerySet:
        """Those in places in the person's reach; ask ``holds_for`` first.

        By keys: looking each count's place up in the tree takes a region half as long again, and
        a municipality six times as long.
        """
        return self.filter(executor__in=user.controlled_places(), n__gt=0)


class TaskCount(models.Model):
    """How many tasks of one recommendation in one place have these values; written by triggers.

    ``SUMMED`` names the column that ``tasks.progress`` sums up where it counts rows of tasks,
    ``RESOLUTION`` and ``PLACE`` those that stand for a task's resolution and municipality.
    """

    SUMMED = "n"
    RESOLUTION = "resolution"
    PLACE = "executor"

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    executor = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # The recommendation's, for good: three joins fewer for each of a region's 60,000 counts.
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    status = models.CharField(max_length=20, editable=False)
    due_on = models.DateField(null=True, editable=False)
    late = models.BooleanField(editable=False)
    opened = models.BooleanField(editable=False)
    n = models.IntegerField(editable=False)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of tasks")
        verbose_name_plural = _("counts of tasks")
        indexes = [
            # Whether a resolution has any task in some places is asked for each of them.
            models.Index(fields=["resolution", "executor"], name="task_count_of_resolution"),
            # What comes due within a month is few of years' rows.
            models.Index(fields=["due_on"], name="task_count_by_due_date"),
            # What waits for acceptance stands beside the navigation of every page.
            models.Index(
                fields=["executor"],
                include=["resolution", "n"],
                condition=models.Q(status="REPORTED"),
                name="task_count_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "recommendation",
                "executor",
                "status",
                Coalesce("due_on", models.Value(date.max)),
                "late",
                "opened",
                name="task_count_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.executor_id} {self.status}: {self.n}"


class CompletionCount(models.Model):
    """How many tasks of one resolution in one place were completed in a month; by triggers.

    Without a month: how many are not completed yet. All together are the tasks that count, from
    which a course over years is drawn: ten thousand rows for a million tasks.
    """

    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    executor = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", editable=False
    )
    month = models.DateField(null=True, editable=False)  # its first day
    n = models.IntegerField(editable=False)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of tasks by month of completion")
        verbose_name_plural = _("counts of tasks by month of completion")
        constraints = [
            models.UniqueConstraint(
                "resolution",
                "executor",
                Coalesce("month", models.Value(date.max)),
                name="completion_count_unique",
            )
        ]

    def __str__(self) -> str:
        month = f"{self.month:%m.%Y}" if self.month else "–"
        return f"{self.resolution_id} {self.executor_id} {month}: {self.n}"


def holds_for(user: User) -> bool:
    """Tell whether everything in the person's reach stands in whole places; no query."""
    places = user.reach.places
    return bool(places) and all(
        place.role in CONTROLLING_ROLES
        and (len(place.path) == WIDTH or place.kind == Organization.Kind.MUNICIPAL_AUTHORITY)
        for place in places
    )


def countable(user: User) -> models.QuerySet[Any]:
    """Return what the tasks a person sees are counted from: kept counts, or the tasks themselves.

    Both take the conditions of ``tasks.progress`` and those on resolutions, recommendations and
    municipalities; what stands in an organisation must be asked of tasks.
    """
    if holds_for(user):
        return TaskCount.objects.visible_to(user)
    return apps.get_model("tasks", "Task").objects.visible_to(user)


def by_municipality(
    sums: Mapping[int | None, Summed],
    municipalities: Iterable[Organization],
    added: Callable[[Summed, Summed], Summed] = add,
) -> dict[Organization | None, Summed]:
    """Return what was summed by ``tasks.progress.place_of`` by municipality.

    ``municipalities`` are those that have any tasks, in order; what stands elsewhere is outside of
    all (None), and comes last.
    """
    found: dict[Organization | None, Summed] = {
        each: sums[each.pk] for each in municipalities if each.pk in sums
    }
    named = {each.pk for each in found if each}
    if outside := [each for key, each in sums.items() if key not in named]:
        found[None] = reduce(added, outside)
    return found


def recount() -> None:
    """Count everything anew; for whoever stored tasks past the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        triggers.recount(cursor, connection.vendor)
