"""Counts of tasks kept beside them, so that a page of a region need not count a million.

A row says how many tasks of one recommendation in one place stand alike. The database itself keeps
the counts, by triggers on tasks and organisations: in the transaction of the change, whoever makes
it. Its columns have the names of a task's own, so that the conditions of ``tasks.progress`` hold
for both: what is counted here and what is listed there cannot differ.

A *place* is the municipality of the executor, else the root of its tree. Who controls whole places
is answered from here; everybody else has few tasks, which are counted one by one.
"""

from __future__ import annotations

from datetime import date

from django.db import connection, models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, User
from organizations.roles import CONTROLLING_ROLES
from organizations.tree import WIDTH
from resolutions.models import Recommendation
from tasks.triggers import RECOUNT


class TaskCountQuerySet(models.QuerySet["TaskCount"]):
    """Questions about counts."""

    def visible_to(self, user: User) -> TaskCountQuerySet:
        """Those in places in the person's reach; ask ``holds_for`` first."""
        return self.filter(user.reach.q("place", CONTROLLING_ROLES))


class TaskCount(models.Model):
    """How many tasks of one recommendation in one place have these values; written by triggers."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    place = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", editable=False
    )
    status = models.CharField(max_length=20, editable=False)
    due_on = models.DateField(null=True, editable=False)
    late = models.BooleanField(editable=False)
    opened = models.BooleanField(editable=False)
    n = models.IntegerField(editable=False)

    objects = TaskCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of tasks")
        verbose_name_plural = _("counts of tasks")
        constraints = [
            models.UniqueConstraint(
                "recommendation",
                "place",
                "status",
                Coalesce("due_on", models.Value(date.max)),
                "late",
                "opened",
                name="task_count_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.place_id} {self.status}: {self.n}"


def holds_for(user: User) -> bool:
    """Tell whether everything in the person's reach stands in whole places."""
    controlled = [place for place in user.reach.places if place.role in CONTROLLING_ROLES]
    if not controlled or len(controlled) != len(user.reach.places):
        return False
    inner = [each.organization_id for each in controlled if len(each.path) > WIDTH]
    municipal = Organization.objects.filter(
        pk__in=inner, kind=Organization.Kind.MUNICIPAL_AUTHORITY
    )
    return not inner or municipal.count() == len(set(inner))


def recount() -> None:
    """Count everything anew; for whoever stored tasks past the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tasks_taskcount")
        cursor.execute(RECOUNT)
