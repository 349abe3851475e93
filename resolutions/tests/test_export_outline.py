import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from resolutions.importing import export_outline
from resolutions.models import Resolution


def printed(*slugs):
    out = StringIO()
    call_command("export_outline", *slugs, stdout=out)
    return out.getvalue()


def test_one_resolution_is_printed_as_an_outline(draft):
    assert json.loads(printed(draft.slug)) == export_outline(draft)


def test_without_a_slug_all_are_written_each_into_its_file(draft, tmp_path):
    other = Resolution.objects.create(title="Вторая", issuer=draft.issuer, slug="second")

    call_command("export_outline", output_dir=tmp_path / "outlines")

    written = {path.name: json.loads(path.read_text("utf-8")) for path in tmp_path.rglob("*.json")}
    assert written == {
        f"{draft.slug}.json": export_outline(draft),
        "second.json": export_outline(other),
    }


def test_only_those_named_are_written(draft, tmp_path):
    Resolution.objects.create(title="Вторая", issuer=draft.issuer, slug="second")

    call_command("export_outline", "second", output_dir=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["second.json"]


def test_an_unknown_slug_is_named_and_nothing_is_printed(draft):
    with pytest.raises(CommandError, match="no-such-paper"):
        printed(draft.slug, "no-such-paper")
