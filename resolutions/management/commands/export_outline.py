"""``manage.py export_outline``: stored resolutions as outlines, in the format of ``recognize``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resolutions.importing import export_outline
from resolutions.models import Resolution


class Command(BaseCommand):
    """Print stored resolutions as outlines, or write SLUG.json for each."""

    help = "Print stored resolutions as outlines (JSON), or write SLUG.json for each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take slugs (all resolutions when none is given) and where to write."""
        parser.add_argument("slugs", nargs="*", metavar="SLUG")
        parser.add_argument("--output-dir", type=Path, metavar="DIR")

    def handle(self, *, slugs: list[str], output_dir: Path | None, **_options: Any) -> None:
        """Export each resolution named, in the order named."""
        stored = {each.slug: each for each in Resolution.objects.order_by("pk")}
        unknown = [slug for slug in slugs if slug not in stored]
        if unknown:
            raise CommandError(f"There is no resolution {', '.join(unknown)}.")
        if output_dir:
            output_dir.mkdir(parents=True, exist_ok=True)
        for slug in slugs or stored:
            text = json.dumps(export_outline(stored[slug]), ensure_ascii=False, indent=1)
            if output_dir:
                (output_dir / f"{slug}.json").write_text(text + "\n", encoding="utf-8")
            else:
                self.stdout.write(text)
