"""Drafts of reports: kept, shared, taken up again; their files and links."""

from pathlib import Path

import pytest
from django.urls import reverse

from tasks import evidence
from tasks.models import Evidence, Report, Task
from tasks.reporting import draft_of
from tasks.tests import papers
from tasks.tests.papers import ooxml, upload
from tasks.tests.report_pages import TEXT, attached, errors, form, typed_on


class TestDraft:
    def test_is_kept_on_request_and_seen_by_colleagues_only(
        self, task, signed_in, sergey, galina, olga, report_url, state
    ):
        fields = form(
            draft="1",
            outcome="PARTLY",
            files=[upload("Приказ.pdf", papers.PDF)],
            links="https://school.example/order",
        )
        assert signed_in(sergey).post(report_url, fields).url == report_url
        assert state() == "ASSIGNED"
        page = signed_in(galina).get(report_url)
        assert page.context["form"].initial == {
            "outcome": "PARTLY",
            "text": TEXT,
            "links": "https://school.example/order",
        }
        assert [each.name for each in page.context["attached"]] == ["Приказ.pdf"]
        assert TEXT in signed_in(galina).get(report_url).content.decode()
        assert TEXT not in signed_in(olga).get(task.get_absolute_url()).content.decode()

    def test_of_nothing_is_not_begun(self, signed_in, sergey, report_url):
        response = signed_in(sergey).post(report_url, form(draft="1", text=" "))
        assert response.url == report_url
        assert not Report.objects.exists()

    def test_with_files_alone_is_kept(self, signed_in, sergey, report_url, task):
        files = [upload("Приказ.pdf", papers.PDF)]
        signed_in(sergey).post(report_url, form(draft="1", text="", files=files))
        assert attached(draft_of(task)) == ["Приказ.pdf"]

    def test_becomes_the_report_with_its_files(self, signed_in, sergey, report_url, task):
        client = signed_in(sergey)
        client.post(report_url, form(draft="1", files=[upload("Приказ.pdf", papers.PDF)]))
        client.post(report_url, typed_on(client, report_url, text="Готово."))
        report = Report.objects.get()
        assert (report.text, attached(report)) == ("Готово.", ["Приказ.pdf"])
        assert draft_of(task) is None

    def test_of_an_empty_report_keeps_its_files(self, signed_in, sergey, report_url, task, state):
        client = signed_in(sergey)
        files = [upload("Приказ.pdf", papers.PDF)]
        refused = client.post(report_url, form(text="  ", files=files))
        assert (refused.status_code, set(errors(refused))) == (200, {"text"})
        assert [each.name for each in refused.context["attached"]] == ["Приказ.pdf"]
        assert state() == "ASSIGNED"
        # The file is not chosen again.
        client.post(report_url, form(seen=refused.context["seen"]))
        assert attached(Report.objects.exclude(sent_at=None).get()) == ["Приказ.pdf"]

    def test_the_same_file_sent_again_is_kept_once(self, signed_in, sergey, report_url, task):
        for _ in range(2):
            files = [upload("Приказ.pdf", papers.PDF)]
            signed_in(sergey).post(report_url, form(text="", files=files, links="school.example"))
        assert attached(draft_of(task)) == ["https://school.example", "Приказ.pdf"]

    def test_loses_a_file_that_is_taken_out_and_nothing_typed_with_it(
        self, signed_in, sergey, report_url, task
    ):
        client = signed_in(sergey)
        files = [upload("Приказ.pdf", papers.PDF), upload("снимок.jpg", papers.JPEG)]
        client.post(report_url, form(draft="1", files=files))
        first = draft_of(task).evidence.get(name="Приказ.pdf")
        response = client.post(report_url, form(remove=first.pk, text="Иначе."))
        assert response.url.startswith(f"{report_url}#")
        draft = draft_of(task)
        assert (draft.text, attached(draft)) == ("Иначе.", ["снимок.jpg"])
        assert draft.evidence.get(name="Приказ.pdf").removed_at is not None

    @pytest.mark.parametrize("key", ["0", "-1", "nonsense", "9" * 30])
    def test_what_is_not_there_is_not_taken_out(self, signed_in, sergey, report_url, key):
        assert signed_in(sergey).post(report_url, form(remove=key)).status_code == 302

    def test_nobody_takes_out_what_another_report_has(
        self, task, signed_in, sergey, tamara, report_url, region
    ):
        other = Task.objects.filter(executor=region.school_3).first()
        foreign = reverse("tasks:task_report", args=[other.pk])
        files = [upload("Приказ.pdf", papers.PDF)]
        signed_in(tamara).post(foreign, form(draft="1", files=files))
        signed_in(sergey).post(report_url, form(remove=Evidence.objects.get().pk))
        assert attached(draft_of(other)) == ["Приказ.pdf"]

    def test_loses_a_link_whose_line_is_deleted(self, signed_in, sergey, report_url, task):
        client = signed_in(sergey)
        client.post(report_url, form(draft="1", links="https://a.example\nhttps://b.example"))
        client.post(report_url, form(draft="1", links="https://b.example"))
        assert attached(draft_of(task)) == ["https://b.example"]

    def test_of_a_colleague_is_not_overwritten_unseen(
        self, signed_in, sergey, galina, report_url, task
    ):
        seen = signed_in(galina).get(report_url).context["seen"]
        signed_in(sergey).post(report_url, form(draft="1", text="Слова Сергея."))
        words = form(draft="1", text="Слова Галины.", seen=seen)
        told = signed_in(galina).post(report_url, words)
        assert told.status_code == 409
        for text in ("Слова Сергея.", "Слова Галины."):
            assert text in told.content.decode()
        assert draft_of(task).text == "Слова Сергея."
        signed_in(galina).post(report_url, {**words, "seen": told.context["seen"]})
        assert draft_of(task).text == "Слова Галины."

    def test_is_marked_in_the_list_of_tasks(self, signed_in, sergey, report_url, task):
        client = signed_in(sergey)
        client.post(report_url, form(draft="1"))
        shelves = client.get(reverse("tasks:my_organization")).context["shelves"]
        drafts = {row.task: row.draft for shelf in shelves for row in shelf.rows}
        assert len(drafts) == 2
        assert [each for each, begun in drafts.items() if begun] == [task]


class TestFiles:
    def test_each_bad_one_is_named_and_the_good_ones_are_kept(
        self, signed_in, sergey, report_url, task, state
    ):
        files = [
            upload("договор.pdf", papers.EXE),
            upload("Приказ.pdf", papers.PDF),
            upload("макросы.docm", ooxml(kind=papers.MACRO_WORD)),
            upload("пустой.pdf", b""),
            upload("рисунок.svg", papers.SVG),
            upload("страница.html", papers.HTML),
            upload("снимок.heic", papers.HEIC),
        ]
        response = signed_in(sergey).post(report_url, form(files=files))
        told = errors(response)["files"]
        for name in ("договор.pdf", "макросы.docm", "пустой.pdf", "рисунок.svg", "страница.html"):
            assert [name in each for each in told].count(True) == 1, name
        assert len(told) == 5
        assert state() == "ASSIGNED"
        draft = draft_of(task)
        assert (draft.text, attached(draft)) == (TEXT, ["Приказ.pdf", "снимок.heic"])

    def test_the_eleventh_is_named_and_ten_are_kept(self, signed_in, sergey, report_url, task):
        files = [upload(f"{number}.pdf", papers.PDF + b"%d" % number) for number in range(11)]
        response = signed_in(sergey).post(report_url, form(files=files))
        (told,) = errors(response)["files"]
        assert "10.pdf" in told
        assert attached(draft_of(task)) == [f"{number}.pdf" for number in range(10)]

    def test_ten_count_what_is_kept_and_links(self, signed_in, sergey, report_url, task):
        client = signed_in(sergey)
        files = [upload(f"{number}.pdf", papers.PDF + b"%d" % number) for number in range(8)]
        client.post(report_url, form(draft="1", files=files))
        links = "\n".join(f"https://school.example/{number}" for number in range(3))
        response = client.post(report_url, form(links=links, files=[upload("9.rtf", papers.RTF)]))
        assert "https://school.example/2" in errors(response)["links"][0]
        assert "9.rtf" in errors(response)["files"][0]
        assert len(attached(draft_of(task))) == 10
        assert "https://school.example/2" in response.content.decode()
        # Taking one out makes room for one.
        first = draft_of(task).evidence.get(name="0.pdf")
        client.post(report_url, form(remove=first.pk, links=links))
        assert len(attached(draft_of(task))) == 10

    def test_one_that_is_too_large_costs_nothing_else(
        self, signed_in, sergey, report_url, task, settings, tmp_path, monkeypatch
    ):
        # Above 2.5 MB Django writes an upload to this folder while the request lasts.
        settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
        settings.FILE_UPLOAD_TEMP_DIR.mkdir()
        large = papers.PDF + b"\x00" * (21 * evidence.MEGABYTE)
        files = [upload("большой.pdf", large), upload("Приказ.pdf", papers.PDF)]
        response = signed_in(sergey).post(report_url, form(files=files))
        (told,) = errors(response)["files"]
        assert "большой.pdf" in told
        draft = draft_of(task)
        assert (draft.text, attached(draft)) == (TEXT, ["Приказ.pdf"])
        assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []
        kept = [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]
        assert [each.stat().st_size for each in kept] == [len(papers.PDF)]

    def test_names_lose_their_path_and_keep_their_letters(
        self, signed_in, sergey, report_url, task
    ):
        files = [upload("Программа «Наставник» № 1.pdf", papers.PDF)]
        signed_in(sergey).post(report_url, form(draft="1", files=files))
        assert attached(draft_of(task)) == ["Программа «Наставник» № 1.pdf"]

    @pytest.mark.parametrize(
        "link",
        [
            "javascript:alert(1)",
            "data:text/html,<b>",
            "ftp://school.example/order",
            "mailto:school@school.example",
            "file:///etc/passwd",
            "просто слова",
            "https://",
            "https://school.example/" + "a" * 1000,
        ],
    )
    def test_a_line_that_is_no_address_is_named_and_stays_in_the_field(
        self, signed_in, sergey, report_url, task, state, link
    ):
        lines = f"https://school.example/order\n{link}"
        response = signed_in(sergey).post(report_url, form(links=lines))
        assert set(errors(response)) == {"links"}
        assert response.context["form"]["links"].value() == lines
        assert state() == "ASSIGNED"
        assert attached(draft_of(task)) == ["https://school.example/order"]
