"""What cannot be read is refused with a sentence that says what to do, whatever the file does."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pypdfium2
import pytest

from resolutions.recognition import reading_process
from resolutions.recognition.readers import Unreadable, doc, read, refusals
from resolutions.recognition.reading_process import read_safely
from resolutions.tests.office_documents import docx, par, zipped

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures" / "documents"
DOCX = docx(par("Провести конференцию"))
HAS_OFFICE = bool(shutil.which("soffice") or shutil.which("libreoffice"))
WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"


def refused(data: bytes, name: str = "") -> str:
    with pytest.raises(Unreadable) as refusal:
        read(data, name)
    return refusal.value.kind


def office(document: str | bytes, **more: str) -> bytes:
    parts = {"[Content_Types].xml": f'<Types><Override ContentType="{WORDS}"/></Types>'}
    return zipped({**parts, "word/document.xml": document, **more})


def lives(process: int) -> bool:
    """Tell whether a process still runs: one that is ended stands there until it is asked for."""
    state = Path(f"/proc/{process}/stat")
    try:
        return state.read_text().split()[2] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def compound(*streams: str, head: bytes = b"") -> bytes:
    """An OLE file as far as its kind is judged: the signature, a sector, names of streams."""
    names = b"".join(each.encode("utf-16-le") for each in streams)
    return doc.SIGNATURE.ljust(512, b"\0") + head.ljust(512, b"\0") + names.ljust(1024, b"\0")


def pdf_of(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


WORD_HEAD = b"\xec\xa5\xc1\x00" + b"\0" * 6
REFUSALS = {
    "nothing at all": ("empty", b""),
    "white space": ("empty", b" \r\n\0"),
    "punctuation only": ("empty", "— … —".encode()),
    "a document without words": ("empty", docx(par(""))),
    "a page without anything": ("empty", pdf_of(1)),
    "a cut archive": ("damaged", DOCX[:-40]),
    "a part that is no XML": ("damaged", office("<w:document><w:body>")),
    "a document without a body": ("damaged", office("<document/>")),
    "a .pdf that is none": ("damaged", b"%PDF-1.4 nonsense %%EOF"),
    "an open document without content": ("damaged", zipped({"mimetype": OPEN_TEXT})),
    "an .rtf that never ends": ("damaged", b"{\\rtf1 abc"),
    "an .rtf too deep": ("damaged", b"{\\rtf1 " + b"{" * 1000),
    "a .docx with a password": ("password", compound("EncryptedPackage")),
    "a .doc with a password": ("password", compound("WordDocument", head=WORD_HEAD + b"\0\x01")),
    "an .odt with a password": (
        "password",
        zipped({"mimetype": OPEN_TEXT, "META-INF/manifest.xml": "<encryption-data/>"}),
    ),
    "a .docm": ("macros", office("<document/>", **{"word/vbaProject.bin": "x"})),
    "an .odt with macros": ("macros", zipped({"mimetype": OPEN_TEXT, "Basic/Standard/a.xml": "x"})),
    "a .doc with macros": ("macros", compound("WordDocument", "_VBA_PROJECT")),
    "a picture": ("scan", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    "a photograph": ("scan", b"\xff\xd8\xff\xe0" + bytes(range(256))),
    "a table": ("spreadsheet", zipped({"[Content_Types].xml": "spreadsheetml"})),
    "an old table": ("spreadsheet", compound("Workbook")),
    "a presentation": ("spreadsheet", zipped({"[Content_Types].xml": "presentationml"})),
    "a letter of Outlook": ("unknown", compound("__substg1.0_1000001F")),
    "an archive of files": ("unknown", zipped({"a.txt": "Резолюция"})),
    "a program": ("unknown", b"\x7fELF" + bytes(range(256)) * 8),
    "a web page": ("web-page", "<!DOCTYPE html><p>Резолюция</p>".encode()),
    "a page saved from Word": ("web-page", b"MIME-Version: 1.0\r\n\r\n<html>"),
    "an XML of Word 2003": ("web-page", '\ufeff<?xml version="1.0"?><w:doc/>'.encode()),
    "a document inside a document": (
        "web-page",
        docx(par("Часть") + '<w:altChunk r:id="r5"/>'),
    ),
    "unpacked without end": ("bomb", office(b"<a>" + b" " * (refusals.MAX_UNPACKED + 1))),
    "entities in entities": (
        "bomb",
        office('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
    ),
    "too many parts": ("bomb", zipped({f"{at}": "" for at in range(5001)})),
    "too many pages": ("too-long", pdf_of(refusals.MAX_PAGES + 1)),
    "too many words": ("too-long", ("слово " * 120_000).encode()),
    "too many paragraphs": ("too-long", ("а\n" * (refusals.MAX_PARAGRAPHS + 1)).encode()),
    "too many bytes": ("too-large", b" " * (refusals.MAX_BYTES + 1)),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused(case):
    kind, data = REFUSALS[case]
    assert refused(data) == kind


def test_content_decides_and_not_the_name():
    assert read(DOCX, "scan.jpg")[0].text == "Провести конференцию"
    assert read("Школам".encode(), "резолюция.doc")[0].text == "Школам"


@pytest.mark.parametrize("name", ["Резолюция.DOCX", "a.odt", "a.pdf"])
def test_text_under_the_name_of_a_packed_document_is_a_broken_one(name):
    assert refused("Школам".encode(), name) == "damaged"


def test_a_size_that_lies_does_not_help():
    """The archive says 10 bytes; what is unpacked is counted, not what is said."""
    data = bytearray(office(b"<a>" + b" " * 1_000_000))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 10)
    assert refused(bytes(data)) == "damaged"


def test_every_sentence_is_russian_and_says_what_to_do():
    for kind, sentence in refusals.SENTENCES.items():
        assert Unreadable(kind).message == sentence
        assert re.fullmatch(r"[А-ЯЁ].+\.", sentence), kind
        assert re.search(
            r"[Сс]охраните|вставьте|Снимите|[Пп]опросите|Подойдут|Оставьте|Скопируйте", sentence
        ), kind


@pytest.mark.parametrize("opening", ["<w:sdt><w:sdtContent>", "<w:tbl><w:tr><w:tc>", "<w:ins>"])
def test_a_hundred_thousand_elements_inside_each_other(opening):
    """In a process of its own: a stack that overflows in C could not be caught here."""
    tags = re.findall(r"<w:(\w+)>", opening)
    closing = "".join(f"</w:{tag}>" for tag in reversed(tags))
    data = docx(opening * 100_000 + par("Дно") + closing * 100_000)
    with pytest.raises(Unreadable):
        read_safely(data, "a.docx", seconds=60)


class TestDoc:
    def test_without_libreoffice(self, monkeypatch):
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        assert refused((FOLDER / "seed-salda.doc").read_bytes()) == "no-office"
        with pytest.raises(Unreadable, match=r"[Сс]охраните"):
            read_safely((FOLDER / "seed-salda.doc").read_bytes())

    @pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
    def test_with_libreoffice(self, monkeypatch):
        monkeypatch.setattr(reading_process, "OFFICE_SECONDS", 120.0)
        found = read_safely((FOLDER / "seed-salda.doc").read_bytes(), "seed.doc", seconds=60)
        expected = read((FOLDER / "seed-salda.txt").read_bytes())
        assert [each.line.strip() for each in found if each.text] == [
            each.line.strip() for each in expected if each.text
        ]

    @pytest.mark.skipif(os.name != "posix", reason="the program is a script of the shell")
    def test_a_program_that_hangs_is_ended_with_its_children(self, tmp_path, monkeypatch):
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/child; wait\n")
        program.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda _name: str(program))
        with pytest.raises(Unreadable) as refusal:
            doc.to_odt((FOLDER / "seed-salda.doc").read_bytes(), seconds=2)
        assert refusal.value.kind == "too-slow"
        child = int((tmp_path / "child").read_text())
        # What is killed ends when the machine gets to it.
        ends = monotonic() + 30
        while lives(child) and monotonic() < ends:
            sleep(0.05)
        assert not lives(child)

    @pytest.mark.skipif(os.name != "posix", reason="the program is a script of the shell")
    def test_a_program_that_makes_nothing(self, tmp_path, monkeypatch):
        program = tmp_path / "soffice"
        program.write_text("#!/bin/sh\nexit 0\n")
        program.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda _name: str(program))
        assert refused((FOLDER / "seed-salda.doc").read_bytes()) == "damaged"


class TestReadSafely:
    @pytest.mark.parametrize("suffix", ["docx", "pdf", "odt", "rtf", "txt"])
    def test_gives_what_read_gives(self, suffix):
        data = (FOLDER / f"seed-vologda.{suffix}").read_bytes()
        assert read_safely(data, f"seed.{suffix}", seconds=60) == read(data)

    def test_keeps_cells_numbers_and_notes(self):
        data = (FOLDER / "lists" / "tables.docx").read_bytes()
        assert read_safely(data, seconds=60) == read(data)

    @pytest.mark.parametrize(
        "name", ["a\0.docx", "\udcff.docx", "-c.docx", "я" * 300_000 + ".docx"]
    )
    def test_any_name_goes(self, name):
        assert read_safely(DOCX, name, seconds=60)[0].text == "Провести конференцию"
        with pytest.raises(Unreadable):  # the ending is still known there
            read_safely(b"text", name, seconds=60)

    def test_refuses_with_the_same_words(self):
        with pytest.raises(Unreadable) as refusal:
            read_safely(DOCX[:-40], "a.docx", seconds=60)
        assert refusal.value.kind == "damaged"

    def test_too_large_a_file_is_not_even_handed_over(self, monkeypatch):
        monkeypatch.setattr(sys, "executable", "nonexistent")
        with pytest.raises(Unreadable) as refusal:
            read_safely(REFUSALS["too many bytes"][1])
        assert refusal.value.kind == "too-large"

    @pytest.mark.skipif(os.name != "posix", reason="the program is a script of the shell")
    @pytest.mark.parametrize(
        ("act", "kind"),
        [("kill -SEGV $$", "damaged"), ("sleep 600", "too-slow"), ("echo nonsense", "damaged")],
    )
    def test_a_process_that_dies_hangs_or_raves(self, act, kind, tmp_path, monkeypatch):
        program = tmp_path / "python"
        program.write_text(f"#!/bin/sh\nexec 2>/dev/null\n{act}\n")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))
        with pytest.raises(Unreadable) as refusal:
            read_safely(DOCX, "a.docx", seconds=1)
        assert refusal.value.kind == kind

    @pytest.mark.skipif(reading_process.resource is None, reason="no limits of memory here")
    def test_memory_is_limited(self):
        """A gigabyte and a half in one piece is refused to the process, and it says so."""
        code = (
            "from resolutions.recognition.reading_process import limit_memory\n"
            "limit_memory()\n"
            "try:\n    bytearray(1500 * 1024 * 1024)\nexcept MemoryError:\n    print('refused')"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603
        assert done.stdout.strip() == b"refused"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the script forks")
def test_broken_documents_are_answered():
    """Forty of each format; tests/crash_reading.py says how to break two thousand."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash_reading"],
        cwd=ROOT,
        env={**os.environ, "ROUNDS": "40"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("40 broken") == 5
    assert done.stdout.count(" 0 died") == 5
