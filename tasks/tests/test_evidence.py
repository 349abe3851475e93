"""Files of evidence: what is taken for what, how it is kept, and who gets it."""

import io
import re
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from tasks import evidence, workflow
from tasks.evidence import SHOWN_IN_BROWSER, judge, store, stored_path
from tasks.models import Evidence, Report, Task
from tasks.tests import papers
from tasks.tests.papers import archive, compound, odf, ooxml, upload

ACCEPTED_TYPES = set(evidence._SUFFIXES)
EVERYBODY = ["olga", "maria", "sergey", "tamara", "pavel", "nina", "victor", "anna"]


def judged(content: bytes) -> str | None:
    return judge(io.BytesIO(content))


class TestJudging:
    @pytest.mark.parametrize(
        ("content", "content_type"),
        [
            (papers.PDF, "application/pdf"),
            (b"\x00\x01 scanned " + papers.PDF, "application/pdf"),
            (papers.JPEG, "image/jpeg"),
            (papers.PNG, "image/png"),
            (papers.HEIC, "image/heic"),
            (papers.RTF, "application/rtf"),
            (ooxml(kind=papers.WORD), papers.WORD),
            (ooxml(kind=papers.SHEET), papers.SHEET),
            (ooxml(kind=papers.SLIDES), papers.SLIDES),
            (odf(), papers.ODT),
            (odf({"Basic/Standard/script-lb.xml": b""}), papers.ODT),
            (compound("WordDocument"), "application/msword"),
            (compound("Workbook"), "application/vnd.ms-excel"),
            (compound("PowerPoint Document"), "application/vnd.ms-powerpoint"),
        ],
    )
    def test_a_document_is_known_by_what_is_in_it(self, content, content_type):
        assert judged(content) == content_type

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            papers.EXE,
            papers.EXE + papers.PDF,
            b"\x7fELF" + papers.PDF,
            b"#!/bin/sh\n" + papers.PDF,
            papers.SVG,
            papers.HTML,
            papers.HTML + papers.PDF,
            b"GIF89a",
            b"plain words",
            b"PK\x03\x04 and nothing more",
            archive({"photo.jpg": papers.JPEG}),
            archive({"mimetype": b"application/epub+zip"}),
            ooxml(kind=papers.MACRO_WORD),
            ooxml({"word/vbaProject.bin": b"macro"}),
            archive(
                {
                    "[Content_Types].xml": f"{papers.WORD}.main+xml "
                    "application/vnd.ms-office.vbaProject".encode()
                }
            ),
            odf({"Basic/Standard/Module1.xml": b"macro"}),
            odf({"Scripts/python/macro.py": b"macro"}),
            compound("WordDocument", "_VBA_PROJECT"),
            compound("Something else"),
        ],
    )
    def test_what_is_no_document_or_has_macros_is_refused(self, content):
        assert judged(content) is None

    def test_what_unpacks_to_a_full_disk_is_refused(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("[Content_Types].xml", f"{papers.WORD}.main+xml")
            with made.open("word/document.xml", "w") as part:
                for _ in range(501):
                    part.write(b"\x00" * evidence.MEGABYTE)
        assert len(bomb.getvalue()) < evidence.MEGABYTE
        assert judge(bomb) is None

    def test_what_lies_about_its_size_is_not_unpacked_whole(self):
        lying = papers.lying_archive()
        tracemalloc.start()
        assert judged(lying) is None
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20 * evidence.MEGABYTE

    def test_other_ways_of_packing_are_not_unpacked_at_all(self):
        packed = archive({"mimetype": papers.ODT.encode()}, zipfile.ZIP_BZIP2)
        assert judged(packed) is None

    @given(
        st.builds(
            bytes.__add__,
            st.sampled_from(
                [
                    b"",
                    papers.COMPOUND,
                    papers.HEIC[:16],
                    b"%PDF-",
                    b"{\\rtf",
                    b"PK\x03\x04",
                    ooxml(),
                    odf(),
                ]
            ),
            st.binary(max_size=300),
        )
    )
    @example(ooxml()[:-10])
    def test_any_bytes_are_of_an_accepted_type_or_refused(self, content):
        assert judged(content) in {None, *ACCEPTED_TYPES}

    @given(st.data())
    def test_a_damaged_archive_is_judged_without_an_accident(self, data):
        whole = bytearray(data.draw(st.sampled_from([ooxml(), odf()])))
        for _ in range(data.draw(st.integers(1, 6))):
            place = data.draw(st.integers(0, len(whole) - 1))
            whole[place] = data.draw(st.integers(0, 255))
        assert judged(bytes(whole)) in {None, *ACCEPTED_TYPES}


class TestKeeping:
    @pytest.mark.parametrize(
        ("name", "content", "kept_as"),
        [
            ("Приказ № 8.pdf", papers.PDF, "Приказ № 8.pdf"),
            ("Приказ.PDF", papers.PDF, "Приказ.PDF"),
            ("снимок.jpeg", papers.JPEG, "снимок.jpeg"),
            ("снимок.exe", papers.JPEG, "снимок.exe.jpg"),
            ("без расширения", papers.PDF, "без расширения.pdf"),
            ("program.pdf", ooxml(), "program.pdf.docx"),
            (".pdf", papers.PDF, ".pdf.pdf"),
        ],
    )
    def test_a_name_gets_the_suffix_of_what_is_in_the_file(self, name, content, kept_as):
        assert store(upload(name, content)).name == kept_as

    @pytest.mark.parametrize(
        "name", ["../../etc/passwd.pdf", "C:\\Документы\\passwd.pdf", "/var/passwd.pdf"]
    )
    def test_a_path_in_a_name_leads_nowhere(self, name):
        given_file = upload("x.pdf", papers.PDF)
        given_file._name = name  # what a browser may send; Django's own class cuts it off
        assert store(given_file).name == "passwd.pdf"

    def test_a_file_stands_under_its_sum_and_cannot_be_run(self, settings):
        kept = store(upload("Приказ.pdf", papers.PDF))
        again = store(upload("другое имя.pdf", papers.PDF))
        assert kept.sha256 == again.sha256
        path = Path(default_storage.path(stored_path(kept.sha256)))
        assert path.read_bytes() == papers.PDF
        assert path.stat().st_mode & 0o111 == 0
        assert re.fullmatch(r"evidence/[0-9a-f]{2}/[0-9a-f]{64}", stored_path(kept.sha256))
        files = [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]
        assert files == [path]

    def test_what_is_refused_leaves_nothing_on_the_disk(self, settings):
        for name, content in (("a.pdf", papers.EXE), ("b.pdf", b""), ("c.svg", papers.SVG)):
            with pytest.raises(ValidationError, match=re.escape(name)):
                store(upload(name, content))
        assert not Path(settings.MEDIA_ROOT).exists()

    def test_twenty_megabytes_are_enough(self):
        most = papers.PDF + b"\x00" * (evidence.LARGEST - len(papers.PDF))
        assert store(upload("большой.pdf", most)).size == evidence.LARGEST
        with pytest.raises(ValidationError, match=r"больше\.pdf"):
            store(upload("больше.pdf", most + b"\x00" * evidence.MEGABYTE))

    def test_an_interrupted_writing_leaves_nothing_at_the_address(self, monkeypatch):
        def fail(*_arguments):
            raise OSError("No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", fail)
            with pytest.raises(OSError, match="No space"):
                store(upload("Приказ.pdf", papers.PDF))
        kept = store(upload("Приказ.pdf", papers.PDF))
        assert default_storage.size(stored_path(kept.sha256)) == len(papers.PDF)


@pytest.fixture
def task(sent, region) -> Task:
    return Task.objects.get(
        executor=region.school_1, recommendation__text__startswith="Разработать"
    )


def attach(task, author, name, content) -> Evidence:
    """A report that is sent, with one file."""
    kept = store(upload(name, content))
    event = workflow.report(Task.objects.get(pk=task.pk), author, "PARTLY", f"{name}.")
    return Evidence.objects.create(
        report=event.report,
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        content_type=kept.content_type,
        added_by=author,
    )


def url(each: Evidence) -> str:
    return reverse("tasks:evidence_file", args=[each.pk])


class TestServing:
    @pytest.mark.parametrize(
        ("name", "content", "content_type"),
        [
            ("Программа «Наставник».pdf", papers.PDF, "application/pdf"),
            ("снимок.jpg", papers.JPEG, "image/jpeg"),
            ("снимок.heic", papers.HEIC, "image/heic"),
            ("list.docx", ooxml(), papers.WORD),
        ],
    )
    def test_a_file_comes_as_what_it_is_and_is_never_run(
        self, task, sergey, signed_in, name, content, content_type
    ):
        each = attach(task, sergey, name, content)
        response = signed_in(sergey).get(url(each))
        assert b"".join(response.streaming_content) == content
        assert response["Content-Type"] == content_type
        kind, _, named = response["Content-Disposition"].partition("; ")
        assert kind == ("inline" if content_type in SHOWN_IN_BROWSER else "attachment")
        ascii_name = f'filename="{name}"'
        assert named == (ascii_name if name.isascii() else f"filename*=utf-8''{quote(name)}")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))

    def test_a_name_cannot_add_a_header(self, task, sergey, signed_in):
        each = attach(task, sergey, "order.pdf", papers.PDF)
        Evidence.objects.filter(pk=each.pk).update(name='a"; x=\r\nSet-Cookie: b.pdf')
        response = signed_in(sergey).get(url(each))
        assert "Set-Cookie" not in response.headers
        assert "\n" not in response["Content-Disposition"]

    def test_only_those_who_see_the_task_get_its_file(self, task, sergey, signed_in, request):
        each = attach(task, sergey, "Приказ.pdf", papers.PDF)
        statuses = {
            name: signed_in(request.getfixturevalue(name)).get(url(each)).status_code
            for name in EVERYBODY
        }
        seen = ("olga", "maria", "sergey", "pavel", "nina")
        assert statuses == {name: 200 if name in seen else 404 for name in EVERYBODY}

    def test_the_file_of_a_draft_is_for_those_who_write_it(self, task, sergey, signed_in, request):
        each = attach(task, sergey, "Приказ.pdf", papers.PDF)
        draft = Report.objects.create(task=task, author=sergey, for_organization=task.executor)
        Evidence.objects.filter(pk=each.pk).update(report=draft)
        for name in EVERYBODY:
            expected = 200 if name == "sergey" else 404
            status = signed_in(request.getfixturevalue(name)).get(url(each)).status_code
            assert (name, status) == (name, expected)

    def test_what_was_taken_out_is_a_link_or_does_not_exist_is_not_found(
        self, task, sergey, signed_in
    ):
        client = signed_in(sergey)
        each = attach(task, sergey, "Приказ.pdf", papers.PDF)
        link = Evidence.objects.create(
            report=each.report, link="https://school.example/order", added_by=sergey
        )
        assert client.get(url(link)).status_code == 404
        Evidence.objects.filter(pk=each.pk).update(removed_at=timezone.now() + timedelta(days=-1))
        assert client.get(url(each)).status_code == 404
        assert client.get(reverse("tasks:evidence_file", args=[10**6])).status_code == 404

    def test_a_file_that_the_store_has_lost_is_not_found_and_is_reported(
        self, task, sergey, signed_in, caplog
    ):
        each = attach(task, sergey, "Приказ.pdf", papers.PDF)
        default_storage.delete(stored_path(each.sha256))
        assert signed_in(sergey).get(url(each)).status_code == 404
        assert str(each.pk) in caplog.text

    @pytest.mark.parametrize("prefix", ["/media/", "/", "/static/"])
    def test_an_unguessed_name_helps_nobody(self, task, sergey, signed_in, prefix):
        each = attach(task, sergey, "Приказ.pdf", papers.PDF)
        for address in (stored_path(each.sha256), each.sha256, f"evidence/{each.sha256}/"):
            assert signed_in(sergey).get(prefix + address).status_code == 404
