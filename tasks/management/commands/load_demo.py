"""``manage.py load_demo``: demonstration data for a first look; may be repeated at any time."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from resolutions.models import Resolution
from tasks.amendment.acts import carry_out
from tasks.amendment.control import OffControl
from tasks.assignment import send
from tasks.demonstration.course import Cast, Term, moment, play
from tasks.demonstration.directory import ACCOUNTS, PASSWORD, load_organizations, load_people
from tasks.demonstration.papers import Paper, load_draft, missing_papers


class Command(BaseCommand):
    """Load what is missing of the demonstration; leave alone what people did with it."""

    help = "Load demonstration data and print the accounts. May be repeated; nothing is undone."
    # A repeat takes half the time without them; ``migrate`` before it has checked the project.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address to print."""
        parser.add_argument("--url", default="http://127.0.0.1:8000/")

    def handle(self, *, url: str, **_options: Any) -> None:
        """Load in one transaction, then say how to sign in."""
        if settings.PRODUCTION:
            raise CommandError(
                _("These accounts have known passwords: never load them in production.")
            )
        load(timezone.localdate())
        self.stdout.write(_("Demonstration data is loaded. Sign in at %(url)s") % {"url": url})
        for account in ACCOUNTS:
            roles = sorted({str(role.label) for _code, role in account.places})
            told = ", ".join(roles) or _("Administrator of the system")
            self.stdout.write(f"  {account.login}@demo.test  {PASSWORD}  {told}")


@transaction.atomic
def load(today: date) -> None:
    """Load organisations, people and papers that are missing, and play what was sent."""
    organizations = load_organizations()
    answering = load_people(organizations)
    people = {user.email: user for user in User.objects.filter(email__endswith="@demo.test")}
    cast = Cast(answering, people["coordinator@demo.test"], people["methodist@demo.test"])
    for paper in missing_papers():
        resolution = load_draft(paper, organizations, today)
        if paper.sent_on is not None:
            _execute(paper, resolution, cast, today)


def _execute(paper: Paper, resolution: Resolution, cast: Cast, today: date) -> None:
    """Send the paper, play its execution, and take it off control where all of it is decided."""
    day = paper.sent_on
    sent_on = day if isinstance(day, date) else today + timedelta(days=day or 0)
    send(resolution, cast.coordinator, at=moment(sent_on, 0))
    term = Term(sent_on, paper.ends_on or today - timedelta(days=1))
    play(resolution, cast, term, marked=paper.ends_on is not None)
    if paper.ends_on is not None:
        reason = "Все рекомендации рассмотрены (демонстрационная запись)."
        closed_on = paper.ends_on + timedelta(days=1)
        off_control = OffControl(resolution, cast.coordinator)
        carry_out(off_control, cast.coordinator, reason, at=moment(closed_on, 0))
