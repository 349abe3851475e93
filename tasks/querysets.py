"""Questions about many tasks, each named for its reader."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from organizations.models import Organization, User
from organizations.roles import Role
from resolutions.models import Resolution
from tasks.progress import overdue, owed

if TYPE_CHECKING:
    from tasks.models import Task  # noqa: F401  # named by the base


class TaskQuerySet(models.QuerySet["Task"]):
    """Questions about many tasks."""

    def visible_to(self, user: User) -> TaskQuerySet:
        """Those whose executor is in the person's reach, in any role."""
        return self.filter(user.reach.q("executor"))

    def reviewable_by(self, user: User) -> TaskQuerySet:
        """Those waiting for acceptance that the person decides: ``may_review`` for many rows."""
        issued = user.reach.q("recommendation__section__resolution__issuer", [Role.COORDINATOR])
        followed = user.reach.q("executor", [Role.METHODIST], below_only=True)
        return (
            self.visible_to(user)
            .filter(issued | followed, status="REPORTED")
            .filter(recommendation__section__resolution__status=Resolution.Status.ON_CONTROL)
            .exclude(user.reach.q("executor", [Role.EXECUTOR]))
        )

    def owed(self) -> TaskQuerySet:
        """Those on which the executor still has to act."""
        return self.filter(owed())

    def overdue(self, on: date) -> TaskQuerySet:
        """Those owed whose due day has passed; due today is not overdue."""
        return self.filter(overdue(on))

    def of_organizations(self, words: str) -> TaskQuerySet:
        """Those whose executor is found by the words, as in the directory."""
        return self.filter(executor__in=Organization.objects.search(words))

    def for_list(self) -> TaskQuerySet:
        """With what a row of a list shows, in one query."""
        return self.select_related(
            "executor", "executor__municipality", "recommendation__section__resolution"
        )
