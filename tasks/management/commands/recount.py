"""``manage.py recount``: count the tasks that are kept beside them anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tasks.counting import recount


class Command(BaseCommand):
    """Make the kept counts the counted truth; for whoever stored tasks past the triggers."""

    help = "Count the tasks kept beside them anew, as is needed after loaddata."

    def handle(self, **_options: Any) -> None:
        """Count in one transaction."""
        recount()
        self.stdout.write("Counted.")
