"""``manage.py send_letters``: deliver what waits in the outbox; for cron, every minute."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks.mail import deliver
from tasks.outbox import Letter


class Command(BaseCommand):
    """Deliver the letters of the outbox, each once, on however many machines this runs."""

    help = "Deliver the letters that wait. A failed one is tried again later, ever more seldom."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the wish to try again what was given up."""
        parser.add_argument(
            "--failed", action="store_true", help="try those again that were given up"
        )

    def handle(self, *, failed: bool, **_options: Any) -> None:
        """Deliver and say how it went."""
        console = "django.core.mail.backends.console.EmailBackend"
        if settings.PRODUCTION and console == settings.EMAIL_BACKEND:
            raise CommandError(_("Set EMAIL_URL: without it letters would go nowhere."))
        if failed:
            Letter.objects.revive_failed(timezone.now())
        done = deliver()
        words = {
            "sent": done.sent,
            "not_needed": done.not_needed,
            "put_off": done.put_off,
            "given_up": done.given_up,
        }
        summary = _(
            "Letters sent: %(sent)s, not needed any more: %(not_needed)s, put off: %(put_off)s, "
            "given up: %(given_up)s."
        )
        if done.error is not None:
            trouble = _("The mail server does not take letters: %(error)s") % {
                "error": f"{type(done.error).__name__}: {done.error}"
            }
            raise CommandError(f"{summary % words} {trouble}")
        if any(words.values()):
            self.stdout.write(summary % words)
