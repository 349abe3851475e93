"""``manage.py send_digest``: the letters of the morning; for cron, on working days."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks.digest import is_working_day, queue_digests
from tasks.mail import deliver_soon
from tasks.outbox import Letter


class Command(BaseCommand):
    """Queue one letter for each organisation and each controller with anything to be told."""

    help = "Queue the morning letters of a working day. May be repeated: nobody gets two."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day."""
        parser.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD; today if not given")

    def handle(self, *, day: date | None, **_options: Any) -> None:
        """Queue, and forget the letters of long ago."""
        morning = day or timezone.localdate()
        words = {"day": f"{morning:%d.%m.%Y}"}
        if not is_working_day(morning):
            self.stdout.write(_("%(day)s is a day off: no letters.") % words)
            return
        count = queue_digests(morning)
        Letter.objects.drop_old_digests(timezone.now())
        self.stdout.write(
            _("Letters of the morning of %(day)s in the outbox: %(count)s.")
            % {**words, "count": count}
        )
        deliver_soon()
