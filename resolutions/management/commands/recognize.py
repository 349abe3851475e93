"""``manage.py recognize``: documents as outlines, in the format of ``export_outline``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resolutions.recognition.assembly import as_json, assemble
from resolutions.recognition.readers.refusals import Unreadable
from resolutions.recognition.reading_process import read_safely
from resolutions.recognition.recogniser import recognise


class Command(BaseCommand):
    """Print what is recognised in documents, or write NAME.json for each."""

    help = "Print the outline (JSON) recognised in each document, or write NAME.json for each."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take files and where to write."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--output-dir", type=Path, metavar="DIR")

    def handle(self, *, files: list[Path], output_dir: Path | None, **_options: Any) -> None:
        """Recognise each file in the order named; the others go on when one cannot be read."""
        if output_dir:
            output_dir.mkdir(parents=True, exist_ok=True)
        refused = []
        for path in files:
            try:
                paragraphs = read_safely(path.read_bytes(), path.name)
            except (Unreadable, OSError) as reason:
                refused.append(f"{path}: {reason}")
                continue
            outline = as_json(assemble(recognise(paragraphs)))
            text = json.dumps(outline, ensure_ascii=False, indent=1)
            if output_dir:
                (output_dir / f"{path.stem}.json").write_text(text + "\n", encoding="utf-8")
            else:
                self.stdout.write(text)
        if refused:
            raise CommandError("\n".join(refused))
