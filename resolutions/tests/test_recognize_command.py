"""``manage.py recognize``: what it prints, what it writes, what it refuses."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

DOCUMENTS = settings.BASE_DIR / "fixtures" / "documents"


def test_one_outline_is_printed():
    printed = StringIO()
    call_command("recognize", DOCUMENTS / "seed-vologda.txt", stdout=printed)
    outline = json.loads(printed.getvalue())
    assert [len(each["items"]) for each in outline["addressees"]] == [2, 5, 2, 3]
    assert outline["unplaced"] == []


def test_a_file_is_written_for_each(tmp_path):
    folder = tmp_path / "found"
    call_command(
        "recognize",
        DOCUMENTS / "seed-vologda.txt",
        DOCUMENTS / "seed-salda.docx",
        output_dir=folder,
    )
    assert sorted(path.name for path in folder.iterdir()) == [
        "seed-salda.json",
        "seed-vologda.json",
    ]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_written(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    with pytest.raises(CommandError, match=r"empty\.txt: .+"):
        call_command(
            "recognize", empty, DOCUMENTS / "seed-vologda.txt", output_dir=tmp_path / "found"
        )
    assert (tmp_path / "found" / "seed-vologda.json").exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("recognize", tmp_path / "nowhere.docx")
