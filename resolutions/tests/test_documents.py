"""Olga uploads papers: kept as they came, read or refused with a reason, never met twice."""

from __future__ import annotations

import hashlib
from io import BytesIO

import docx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from django.utils.translation import override

from conftest import person
from organizations.roles import Role
from resolutions.documents import SourceDocument
from resolutions.models import Resolution
from resolutions.recognition import marking_process
from resolutions.recognition.readers.refusals import SENTENCES
from resolutions.tests.marked_papers import ROWS, document_of, marked
from resolutions.wording import REFUSALS, refusal_sentence

TEXT = "\n".join(text for text, _role in ROWS)
ADD = "/documents/add/"


def word_file(text: str = TEXT) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def upload(client, region, content: bytes, name="Резолюция.docx", **more):
    data = {"issuer": region.department.pk, "file": SimpleUploadedFile(name, content), **more}
    return client.post(ADD, data)


def paste(client, region, text: str, **more):
    return client.post(ADD, {"issuer": region.department.pk, "text": text, **more})


def test_olga_uploads_a_paper_and_gets_it_back_unchanged(region, olga, signed_in):
    client, content = signed_in(olga), word_file()
    answer = upload(client, region, content)
    document = SourceDocument.objects.get()
    assert answer.url == document.get_absolute_url()
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert [each["text"] for each in document.paragraphs] == TEXT.splitlines()
    file = client.get(reverse("resolutions:document_file", args=[document.pk]))
    assert b"".join(file.streaming_content) == content
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]


def test_a_page_that_pretends_to_be_a_paper_is_given_back_as_bytes(region, olga, signed_in):
    client = signed_in(olga)
    upload(client, region, b"<html><script>alert(1)</script></html>", name="x.html")
    document = SourceDocument.objects.get()
    file = client.get(reverse("resolutions:document_file", args=[document.pk]))
    assert file["Content-Type"] == "application/octet-stream"


def test_a_pasted_text_is_read_and_kept_too(region, olga, signed_in):
    client = signed_in(olga)
    answer = paste(client, region, TEXT.replace("\n", "\r\n"))
    document = SourceDocument.objects.get()
    assert answer.url == document.get_absolute_url()
    assert document.paragraphs[3]["text"] == ROWS[3][0]
    file = client.get(reverse("resolutions:document_file", args=[document.pk]))
    assert b"".join(file.streaming_content).decode() == TEXT


def test_the_same_file_again_leads_to_the_first_where_it_may_be_seen(
    region, olga, victor, signed_in
):
    content = word_file()
    upload(signed_in(olga), region, content)
    first = SourceDocument.objects.get()
    again = signed_in(olga).post(
        ADD,
        {"issuer": region.department.pk, "file": SimpleUploadedFile("Другое имя.docx", content)},
        follow=True,
    )
    assert again.redirect_chain[-1][0] == first.get_absolute_url()
    assert [str(each) for each in again.context["messages"]]
    assert SourceDocument.objects.count() == 1
    # To a stranger it is a new document, and the old one stays unknown.
    other = signed_in(victor).post(
        ADD,
        {"issuer": region.other_department.pk, "file": SimpleUploadedFile("Наша.docx", content)},
    )
    second = SourceDocument.objects.exclude(pk=first.pk).get()
    assert other.url == second.get_absolute_url()
    assert signed_in(victor).get(first.get_absolute_url()).status_code == 404


def test_what_cannot_be_read_stays_on_the_record_with_its_reason(region, olga, signed_in):
    client = signed_in(olga)
    upload(client, region, b"PK\x03\x04 not an archive", name="Резолюция.docx")
    document = SourceDocument.objects.get()
    assert document.refusal == "damaged"
    for language in ("ru", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        with override(language):
            reason = document.refused_because
        page = client.get(document.get_absolute_url())
        assert reason[:20] in page.content.decode().replace("\u00a0", " ")
    listed = client.get(reverse("resolutions:document_list"))
    assert document.name in listed.content.decode().replace("\u00a0", " ")


def test_a_file_that_could_not_be_read_is_tried_again(region, olga, signed_in):
    """The server may have learned to read it since."""
    client, content = signed_in(olga), word_file()
    upload(client, region, content)
    SourceDocument.objects.update(refusal="Не прочитан.", paragraphs=[], marking={})
    upload(client, region, content)
    document = SourceDocument.objects.get()
    assert document.refusal == ""
    assert len(document.paragraphs) == len(ROWS)


def test_a_file_that_had_the_wrong_name_is_read_under_the_right_one(region, olga, signed_in):
    """A text called .docx is a broken document; renamed, it is a text, and the district's."""
    client, content = signed_in(olga), TEXT.encode()
    upload(client, region, content, name="Резолюция.docx")
    assert SourceDocument.objects.get().refusal == "damaged"
    upload(client, region, content, name="Резолюция.txt", issuer=region.lakeside.pk)
    document = SourceDocument.objects.get()
    assert (document.refusal, document.name) == ("", "Резолюция.txt")
    assert (document.content_type, document.issuer) == ("text/plain", region.lakeside)
    assert len(document.paragraphs) == len(ROWS)


def test_every_reason_why_a_file_cannot_be_read_has_its_words_in_the_interface():
    assert set(REFUSALS) == set(SENTENCES)
    for kind in REFUSALS:
        with override("en"):
            sentence = refusal_sentence(kind)
        assert sentence.isascii()
        assert "%" not in sentence


def test_a_reason_kept_before_reasons_had_names_is_shown_as_it_was(region, olga, signed_in):
    document = document_of(marked(*ROWS), region.department, olga, refusal="Файл повреждён.")
    page = signed_in(olga).get(document.get_absolute_url())
    assert "Файл повреждён." in page.content.decode().replace("\u00a0", " ")


def test_a_paper_that_takes_too_long_is_refused_and_the_server_goes_on(
    region, olga, signed_in, monkeypatch
):
    monkeypatch.setattr(marking_process, "MOST_LETTERS", 10)
    monkeypatch.setattr(marking_process.recognise_safely, "__defaults__", (0.001,))
    upload(signed_in(olga), region, word_file())
    assert SourceDocument.objects.get().refusal == "too-slow"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": "  \n "},
        {"text": TEXT, "file": SimpleUploadedFile("a.docx", b"x")},
        {"text": TEXT, "issuer": "0"},
    ],
)
def test_a_refused_form_keeps_what_was_pasted(region, olga, signed_in, data):
    answer = signed_in(olga).post(ADD, {"issuer": region.department.pk, **data})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert answer.context["form"]["text"].value() == data.get("text")
    assert not SourceDocument.objects.exists()


def test_a_file_larger_than_any_resolution_is_not_kept(region, olga, signed_in, monkeypatch):
    monkeypatch.setattr("resolutions.document_forms.MAX_BYTES", 1000)
    answer = upload(signed_in(olga), region, b"x" * 1001)
    assert "file" in answer.context["form"].errors
    assert not SourceDocument.objects.exists()


def test_a_coordinator_of_a_district_cannot_give_the_department_as_issuer(region, signed_in):
    pasha = person("Pashin", (region.lakeside, Role.COORDINATOR))
    answer = paste(signed_in(pasha), region, TEXT)
    assert "issuer" in answer.context["form"].errors


def test_documents_are_known_to_coordinators_of_the_issuer_only(
    region, olga, maria, sergey, nina, victor, signed_in
):
    document = document_of(marked(*ROWS), region.department, olga)
    acts = ("act", "audience", "draft", "set_aside")
    for stranger in (maria, sergey, nina, victor):
        client = signed_in(stranger)
        for name in ("review", "file"):
            url = reverse(f"resolutions:document_{name}", args=[document.pk])
            assert client.get(url).status_code == 404
        for name in acts:
            url = reverse(f"resolutions:document_{name}", args=[document.pk])
            assert client.post(url, {"version": 1, "act": "role:ITEM"}).status_code == 404
        listed = client.get(reverse("tasks:resolution_list")).content.decode()
        assert document.name not in listed.replace("\u00a0", " ")
    document.refresh_from_db()
    assert document.version == 1
    assert not Resolution.objects.exists()


def test_documents_in_work_stand_on_the_list_until_a_draft_is_made_or_they_are_set_aside(
    region, olga, signed_in
):
    client = signed_in(olga)
    document = document_of(marked(*ROWS), region.department, olga)
    lists = (reverse("tasks:resolution_list"), reverse("resolutions:document_list"))

    def shown() -> list[bool]:
        return [document.get_absolute_url() in client.get(url).content.decode() for url in lists]

    assert shown() == [True, True]
    aside = reverse("resolutions:document_set_aside", args=[document.pk])
    client.post(aside, {"version": 1})
    assert shown() == [False, False]
    assert document.get_absolute_url() in client.get(f"{lists[1]}?aside").content.decode()
    client.post(aside, {"version": 2, "back": "1"})
    assert shown() == [True, True]
    client.post(reverse("resolutions:document_draft", args=[document.pk]), {"version": 3})
    assert shown() == [False, False]


def test_a_document_is_never_deleted(region, olga):
    document = document_of(marked(*ROWS), region.department, olga)
    with pytest.raises(models.ProtectedError):
        document.delete()


@pytest.mark.parametrize("url", [ADD, "/documents/"])
def test_more_documents_cost_no_more_queries(region, olga, signed_in, queries_of, url):
    client = signed_in(olga)
    client.get(url)
    document_of(marked(*ROWS), region.department, olga)
    few = queries_of(lambda: client.get(url))
    for number in range(8):
        document_of(marked((f"{number}", ROWS[0][1])), region.department, olga)
    assert queries_of(lambda: client.get(url)) == few
