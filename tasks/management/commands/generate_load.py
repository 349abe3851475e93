"""``manage.py generate_load``: an invented region with years of work, for measuring."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from organizations.models import User
from tasks.counting import recount
from tasks.load.course import EVENT, REPORT, TASK, Course
from tasks.load.papers import write
from tasks.load.storing import analyze, continue_keys, skip_checks_of_references, store
from tasks.load.territory import DOMAIN, found
from tasks.models import Report, Task, TaskEvent


class Command(BaseCommand):
    """Store tasks with reports and events; the same for the same seed and day."""

    help = "Generate a region with years of tasks, reports and events, for measuring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size, and what the data depends on."""
        parser.add_argument("--organizations", type=int, default=2500)
        parser.add_argument("--tasks", type=int, default=1_000_000)
        parser.add_argument("--years", type=int, default=5)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--day", type=date.fromisoformat, default=None, help="what counts as today"
        )
        parser.add_argument(
            "--password", default=None, help="of everybody generated; without it nobody signs in"
        )

    def handle(self, **options: Any) -> None:
        """Generate in one transaction, then say who can sign in."""
        if settings.PRODUCTION:
            raise CommandError("Generated people and tasks have no place in production.")
        if User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
            raise CommandError("This database holds generated data already: take a new one.")
        generate(options)
        self.stdout.write(
            f"{options['tasks']} tasks of {options['organizations']} organizations. Accounts: "
            f"coordinator, methodist, observer, district-1…, executor-1… @{DOMAIN}"
        )


@transaction.atomic
def generate(options: dict[str, Any]) -> None:
    """Store the territory, its resolutions, and what became of each task."""
    random = Random(options["seed"])  # noqa: S311  # the same for the same seed is the point
    today = options["day"] or timezone.localdate()
    organizations, tasks = options["organizations"], options["tasks"]
    territory = found(organizations, options["password"], random)
    count = -(-tasks // organizations)
    sent = write(territory, count, options["years"], today, random)
    skip_checks_of_references()
    course = Course(territory, today, _next_key(Task), _next_key(Report), random)
    for each in sent:
        rows = course.play(each, most=tasks)
        tasks -= len(rows.tasks)
        store(Task, TASK, rows.tasks)
        store(Report, REPORT, rows.reports)
        store(TaskEvent, EVENT, rows.events)
    recount()
    continue_keys(Task, Report, TaskEvent)
    analyze()


def _next_key(model: type[Task | Report]) -> int:
    last: int | None = model._default_manager.aggregate(last=Max("pk"))["last"]  # noqa: SLF001
    return (last or 0) + 1
