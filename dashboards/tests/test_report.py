"""«Информация об исполнении резолюции»: page, DOCX and XLSX, read back cell by cell."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks.models import Report, Task

TODAY = timezone.localdate()


def address(resolution: Resolution, file_format: str = "") -> str:
    if not file_format:
        return reverse("dashboards:resolution_report", args=[resolution.slug])
    return reverse("dashboards:resolution_report_file", args=[resolution.slug, file_format])


def read(client, resolution: Resolution, file_format: str, **asked: str) -> io.BytesIO:
    return io.BytesIO(b"".join(client.get(address(resolution, file_format), asked)))


def docx_of(client, resolution: Resolution, **asked: str):
    return Document(read(client, resolution, "docx", **asked))


def rows_of(table) -> list[list[str]]:
    """The texts of a table; a cell over several columns stands once."""
    rows = []
    for row in table.rows:
        cells = row._tr.tc_lst
        texts = [
            "\n".join(
                "".join(t.text or "" for t in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p"))
            )
            for cell in cells
        ]
        rows.append(texts)
    return rows


def reported(task: Task, author, text: str, outcome: str = "DONE", **fields) -> Task:
    """A task with a report that was sent, and the state that came of it."""
    Report.objects.create(
        task=task,
        author=author,
        for_organization=task.executor,
        outcome=outcome,
        text=text,
        sent_at=timezone.now(),
    )
    Task.objects.filter(pk=task.pk).update(**fields)
    return task


@pytest.fixture
def going(sent, region, sergey, tamara, pavel):
    """Item 1: school 1 done in time, school 2 overdue by 5 days, school 3 done late.

    Item 2 (no deadline): school 1 does it in part, school 2 awaits acceptance, school 3 is out of
    count. Lakeside's own item is not due yet.
    """
    first, second = sent.sections.first().recommendations.all()
    due = TODAY - timedelta(days=5)
    Task.objects.filter(recommendation=first).update(due_on=due, original_due_on=due)
    tasks = {
        (task.recommendation_id, task.executor_id): task
        for task in Task.objects.filter(recommendation__section__resolution=sent)
    }
    done = {"status": "COMPLETED", "completed_on": TODAY}
    reported(
        tasks[first.pk, region.school_1.pk],
        sergey,
        "Программа утверждена.",
        **done,
        reported_on=due,
    )
    reported(
        tasks[first.pk, region.school_3.pk],
        tamara,
        "Сделали позже, наставники назначены приказом.",
        **done,
        reported_on=TODAY,
    )
    reported(
        tasks[second.pk, region.school_1.pk], sergey, "Начали.", "PARTLY", status="IN_PROGRESS"
    )
    reported(
        tasks[second.pk, region.school_2.pk], pavel, "Ждём.", status="REPORTED", reported_on=TODAY
    )
    Task.objects.filter(pk=tasks[second.pk, region.school_3.pk].pk).update(
        status="NOT_APPLICABLE", reported_on=TODAY
    )
    Task.objects.filter(executor=region.lakeside).update(due_on=TODAY + timedelta(days=30))
    return sent


class TestThePage:
    def test_olga_opens_the_report_from_the_resolution(self, going, signed_in, olga):
        page = signed_in(olga).get(going.get_absolute_url()).content.decode()
        assert f'class="btn btn-primary" href="{address(going)}"' in page

    def test_a_draft_has_no_report(self, draft, signed_in, olga):
        client = signed_in(olga)
        assert address(draft) not in client.get(draft.get_absolute_url()).content.decode()
        assert client.get(address(draft)).status_code == 404
        assert client.get(address(draft, "docx")).status_code == 404

    def test_it_keeps_the_order_and_the_words_of_the_paper(self, going, signed_in, olga):
        report = signed_in(olga).get(address(going)).context["report"]
        assert [part.heading for part in report.parts] == [
            "Общеобразовательным организациям:",
            "Управлению образования Озёрного района:",
        ]
        assert [line.text for part in report.parts for line in part.lines] == [
            ["Разработать программу наставничества."],
            ["Вести работу с родителями."],
            ["Провести мониторинг."],
        ]
        first = report.parts[0].lines[0]
        assert first.deadline == ["«до 1 октября 2026 г.»", "по 01.10.2026"]

    def test_marks_are_done_partly_or_not_done(self, going, signed_in, olga):
        report = signed_in(olga).get(address(going)).context["report"]
        assert [line.mark for part in report.parts for line in part.lines] == [
            "исполнено частично, 2 из 3",
            "не исполнено",
            "не исполнено, срок не наступил",
        ]
        Task.objects.filter(executor__name__contains="№ 2").update(
            status="CANCELLED", reported_on=None
        )
        report = signed_in(olga).get(address(going)).context["report"]
        assert report.parts[0].lines[0].mark == "исполнено"

    def test_figures_by_hand(self, going, signed_in, olga):
        report = signed_in(olga).get(address(going)).context["report"]
        sums = report.figures
        assert (sums.breakdown.done, sums.breakdown.counted) == (2, 6)
        assert (sums.breakdown.in_time, sums.breakdown.late) == (1, 1)
        assert (sums.breakdown.waiting, sums.breakdown.overdue) == (1, 1)
        assert (sums.breakdown.running, sums.breakdown.open_ended) == (1, 1)
        assert (sums.not_applicable, sums.cancelled, report.organizations) == (1, 0, 4)

    @pytest.mark.parametrize("persona", ["olga", "maria", "sergey", "tamara", "pavel", "nina"])
    @pytest.mark.parametrize("by", ["municipality", "organization"])
    def test_every_number_is_the_length_of_the_list_it_opens(
        self, going, signed_in, request, numbers_of, persona, by
    ):
        client = signed_in(request.getfixturevalue(persona))
        found = numbers_of(client.get(address(going), {"by": by}))
        # A link with the numbers of items promises their number, not the last of them.
        checked = 0
        for url, number in found:
            if "executor=" in url and ("state=overdue" in url or "state=undated" in url):
                continue
            assert client.get(url).context["page"].paginator.count == number, url
            checked += 1
        assert checked > 4

    def test_who_has_not_done_it_is_named_with_the_items(self, going, signed_in, olga, region):
        client = signed_in(olga)
        debtors = client.get(address(going)).context["debtors"]
        assert [
            (each.organization, each.overdue_words, each.undated_words) for each in debtors
        ] == [
            (region.school_1.name, "", "2"),
            (region.school_2.name, "1 (5 дней)", ""),
        ]
        for each in debtors:
            for words, url in (
                (each.overdue, each.overdue_url),
                (each.undated, each.undated_url),
            ):
                assert client.get(url).context["page"].paginator.count == len(words)

    def test_words_of_organisations_are_quoted_with_who_wrote_them(
        self, going, signed_in, olga, region
    ):
        report = signed_in(olga).get(address(going)).context["report"]
        first, second = report.parts[0].lines
        assert [(quote.text, quote.organization) for quote in first.quotes] == [
            ("Сделали позже, наставники назначены приказом.", region.school_3.name),
            ("Программа утверждена.", region.school_1.name),
        ]
        assert [(quote.text, quote.standing) for quote in second.quotes] == [
            ("Начали.", "исполнено частично"),
            ("Ждём.", "на приёмке"),
        ]

    def test_what_was_returned_or_withdrawn_or_is_a_draft_is_not_quoted(
        self, going, signed_in, olga, sergey, region
    ):
        first = going.sections.first().recommendations.first()
        Task.objects.filter(recommendation=first, executor=region.school_1).update(
            status="REWORK", reported_on=None, completed_on=None
        )
        school_3 = Task.objects.get(recommendation=first, executor=region.school_3)
        Report.objects.create(
            task=school_3, author=sergey, for_organization=school_3.executor, text="Черновик"
        )
        (line, *_rest) = signed_in(olga).get(address(going)).context["report"].parts[0].lines
        assert [quote.text for quote in line.quotes] == [
            "Сделали позже, наставники назначены приказом."
        ]

    def test_three_are_quoted_none_twice_and_the_others_counted(
        self, going, signed_in, olga, sergey, region
    ):
        first = going.sections.first().recommendations.first()
        for number in range(6):
            school = OrganizationFactory(parent=region.lakeside)
            task = Task.objects.create(recommendation=first, executor=school)
            words = "Одно и то же." if number < 4 else f"Своими словами {number}."
            reported(task, sergey, words, status="COMPLETED", completed_on=TODAY, reported_on=TODAY)
        (line, *_rest) = signed_in(olga).get(address(going)).context["report"].parts[0].lines
        texts = [quote.text for quote in line.quotes]
        assert len(texts) == len(set(texts)) == 3
        assert line.reported == 8
        assert line.more == 5

    def test_a_later_day_is_told_beside_the_words(self, going, signed_in, olga, region):
        later = TODAY + timedelta(days=40)
        Task.objects.filter(executor=region.school_2, due_on__isnull=False).update(due_on=later)
        (line, *_rest) = signed_in(olga).get(address(going)).context["report"].parts[0].lines
        assert line.deadline[-1] == f"для 1 исполнителя – до {later:%d.%m.%Y}"


class TestReach:
    def test_sergey_sees_his_own_school_and_is_told_so(self, going, signed_in, sergey, region):
        client = signed_in(sergey)
        response = client.get(address(going), {"by": "organization"})
        page = response.content.decode().replace("\xa0", " ")
        assert "Учтены только организации, за которые отвечает составитель отчёта" in page
        assert response.context["report"].figures.breakdown.counted == 2
        assert [place.name for place in response.context["places"]] == [region.school_1.name]
        for stranger in (region.school_2, region.school_3):
            assert stranger.name not in page
        assert "Ждём." not in page

    @pytest.mark.parametrize("file_format", ["docx", "xlsx"])
    def test_a_file_holds_no_more_than_the_page(
        self, going, signed_in, tamara, file_format, region
    ):
        stream = read(signed_in(tamara), going, file_format, by="organization")
        if file_format == "docx":
            document = Document(stream)
            text = "\n".join(p.text for p in document.element.body.iter(qn("w:t")) if p.text)
        else:
            text = "\n".join(
                str(cell)
                for sheet in openpyxl.load_workbook(stream)
                for row in sheet.iter_rows(values_only=True)
                for cell in row
                if cell is not None
            )
        assert region.school_3.name in text
        assert "Сделали позже" in text
        assert region.school_1.name not in text
        assert "Программа утверждена" not in text

    def test_olga_sees_all_and_nothing_is_said(self, going, signed_in, olga):
        assert "Учтены только" not in signed_in(olga).get(address(going)).content.decode()

    def test_whoever_has_no_task_in_it_still_reads_the_paper(self, going, signed_in, olga, region):
        """An issuer may send to organisations of another tree only."""
        for task in Task.objects.all():
            task.executor = OrganizationFactory(kind=Organization.Kind.OTHER)
            task.save()
        page = signed_in(olga).get(address(going)).content.decode().replace("\xa0", " ")
        assert "Задач, доступных составителю, в резолюции нет." in page


class TestDocument:
    def test_it_is_an_official_paper(self, going, signed_in, olga):
        document = docx_of(signed_in(olga), going)
        section = document.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
        normal = document.styles["Normal"]
        assert (normal.font.name, normal.font.size.pt) == ("Times New Roman", 12)
        assert normal.element.rPr.find(qn("w:lang")).get(qn("w:val")) == "ru-RU"
        properties = document.core_properties
        assert properties.language == "ru-RU"
        assert properties.author == going.issuer.name
        assert properties.title == document.paragraphs[0].text
        assert document.paragraphs[0].style.name == "Title"
        assert "PAGE" in section.header._element.xml
        assert section.different_first_page_header_footer

    def test_the_title_says_what_of_what_day_and_as_of_when(self, going, signed_in, olga):
        document = docx_of(signed_in(olga), going)
        assert document.paragraphs[0].text == (
            "Информация об исполнении резолюции областной конференции от 25.08.2026 "
            f"по состоянию на {TODAY:%d.%m.%Y}"
        )
        going.title, going.number = "О наставничестве", "12-р"
        going.save()
        document = docx_of(signed_in(olga), going)
        assert document.paragraphs[0].text.startswith(
            "Информация об исполнении резолюции «О наставничестве» от 25.08.2026 № 12-р по"
        )

    def test_heads_repeat_and_are_marked_for_screen_readers(self, going, signed_in, olga):
        tables = [t for t in docx_of(signed_in(olga), going).tables if len(t.rows) > 1]
        assert len(tables) == 3
        for table in tables:
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
            assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
            assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"

    def test_cells_of_the_recommendations(self, going, signed_in, olga, region):
        rows = rows_of(docx_of(signed_in(olga), going).tables[0])
        assert rows[0] == [
            "№",
            "Содержание рекомендации",
            "Срок",
            "Исполнителей",
            "Информация об исполнении",
            "Отметка об исполнении",
        ]
        assert rows[1] == ["Общеобразовательным организациям – исполнено 2 из 5 (40 %)"]
        number, content, deadline, executors, said, mark = rows[2]
        assert (number, content) == ("1.", "Разработать программу наставничества.")
        assert deadline.startswith("«до 1 октября 2026 г.»\nпо ")
        assert executors == (
            "2 из 3\nисполнено в срок – 1\nисполнено с нарушением срока – 1\nпросрочено – 1"
        )
        assert f"– {region.school_1.name}, {TODAY:%d.%m.%Y}" in said
        assert mark == "исполнено частично, 2 из 3"
        assert rows[3][4].startswith("«Начали.»")
        assert len(rows) == 6

    def test_appendices_by_municipality_or_by_organisation(self, going, signed_in, olga, region):
        client = signed_in(olga)
        by_municipality = rows_of(docx_of(client, going).tables[2])
        assert [row[:2] for row in by_municipality[1:]] == [
            [region.riverside.name, "1"],
            [region.lakeside.name, "5"],
            ["Всего", "6"],
        ]
        rows = rows_of(docx_of(client, going, by="organization").tables[2])
        assert [region.lakeside.name] in rows
        assert [region.school_1.name, "2", "1", "0", "0", "0", "0", "0", "1"] in rows
        assert rows[-1] == ["Всего", "6", "1", "1", "1", "0", "1", "1", "1"]
        debtors = rows_of(docx_of(client, going).tables[3])
        assert debtors[1:] == [
            [region.lakeside.name],
            [region.school_1.name, "–", "2"],
            [region.school_2.name, "1 (5 дней)", "–"],
        ]

    def test_it_is_signed_by_whom_olga_names_and_says_who_wrote_it(self, going, signed_in, olga):
        olga.position = "главный специалист"
        olga.save()
        asked = {"position": "Начальник департамента", "signer": "И. И. Иванов", "phone": "2-13-44"}
        document = docx_of(signed_in(olga), going, **asked)
        signature = [cell.text for cell in document.tables[1].rows[0].cells]
        assert signature[0] == "Начальник департамента"
        assert signature[2] == "И. И. Иванов"
        assert "(подпись)" in signature[1]
        assert "Исполнитель: Olgina Имя, главный специалист, 2-13-44" in [
            each.text for each in document.paragraphs
        ]

    def test_an_unsigned_one_leaves_lines_to_write_on(self, going, signed_in, olga):
        texts = [c.text for c in docx_of(signed_in(olga), going).tables[1].rows[0].cells]
        assert [text.split("\n")[1] for text in texts] == [
            "(должность)",
            "(подпись)",
            "(И. О. Фамилия)",
        ]

    @pytest.mark.parametrize("sign", ["\x01", "\x0b", "\ufffe"])
    def test_a_signature_pasted_from_word_breaks_nothing(self, going, signed_in, olga, sign):
        pasted = dict.fromkeys(("signer", "position", "phone"), f"a{sign}b")
        words = docx_of(signed_in(olga), going, **pasted)
        assert any("a b" in each.text for each in words.paragraphs)

    def test_signs_that_xml_does_not_know_break_nothing(self, going, signed_in, olga):
        Recommendation.objects.filter(section__resolution=going).update(text="Сделать\x07 <b>&\x01")
        rows = rows_of(docx_of(signed_in(olga), going).tables[0])
        assert rows[2][1] == "Сделать  <b>& "


class TestWorkbook:
    def test_its_sheets_and_their_figures(self, going, signed_in, olga, region):
        book = openpyxl.load_workbook(read(signed_in(olga), going, "xlsx"))
        assert book.sheetnames == [
            "Исполнение",
            "Исполнение по муниципалитетам",
            "Исполнение по организациям",
            "Не исполнили",
        ]
        rows = list(book["Исполнение"].iter_rows(values_only=True))
        head = next(row for row in rows if row[0] == "Адресат")
        first = dict(zip(head, rows[rows.index(head) + 1], strict=True))
        assert first["Содержание рекомендации"] == "Разработать программу наставничества."
        assert [first[name] for name in ("Всего", "Исполнено в срок", "Просрочено")] == [3, 1, 1]
        assert first["Дата"].date() == date(2026, 10, 1)
        assert first["Отметка об исполнении"] == "исполнено частично, 2 из 3"
        schools = list(book["Исполнение по организациям"].iter_rows(values_only=True))
        shares = {row[1]: row[-1] for row in schools}
        assert shares[region.school_1.name] == 0.5
        assert schools[-1][:3] == ("Всего", "4", 6)
        late = list(book["Не исполнили"].iter_rows(values_only=True))
        assert late[-1] == (region.lakeside.name, region.school_2.name, "1 (5 дней)", None)

    def test_words_of_people_are_no_formulas(self, going, signed_in, olga, region):
        Report.objects.update(text="=cmd|'/c calc'!A0")
        region.school_2.name = "@SUM(A1) школа"
        region.school_2.save()
        book = openpyxl.load_workbook(read(signed_in(olga), going, "xlsx"))
        # openpyxl takes a text that begins with = for a formula; nothing of people begins a cell.
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        assert "@SUM(A1) школа" in [cell.value for cell in cells]


@pytest.mark.parametrize("place", ["page", "print", "docx", "xlsx"])
def test_invented_data_say_so_everywhere(going, signed_in, olga, place):
    going.is_demonstration = True
    going.save()
    client = signed_in(olga)
    notice = "Демонстрационные данные: сведения об исполнении вымышлены."
    if place == "docx":
        assert notice in [each.text for each in docx_of(client, going).paragraphs]
    elif place == "xlsx":
        book = openpyxl.load_workbook(read(client, going, "xlsx"))
        for sheet in book:
            assert notice in [row[0] for row in sheet.iter_rows(values_only=True)], sheet.title
    else:
        asked = {"print": "1"} if place == "print" else {}
        assert notice in client.get(address(going), asked).content.decode()


def test_the_page_shows_the_first_organisations_and_print_all_of_them(
    going, signed_in, olga, region
):
    first = going.sections.first().recommendations.first()
    for _number in range(60):
        school = OrganizationFactory(parent=region.lakeside)
        Task.objects.create(recommendation=first, executor=school, due_on=date(2026, 1, 1))
    client = signed_in(olga)
    page = client.get(address(going), {"by": "organization"}).context
    assert (len(page["places"]), len(page["debtors"])) == (50, 50)
    assert page["more_places"]
    assert page["more_debtors"]
    printed = client.get(address(going), {"by": "organization", "print": "1"}).context
    assert (len(printed["places"]), len(printed["debtors"])) == (64, 62)
    assert not printed["more_places"]
    assert not printed["more_debtors"]


@pytest.mark.parametrize("file_format", ["", "docx", "xlsx"])
def test_it_costs_the_same_for_few_and_for_many(
    going, region, signed_in, olga, sergey, queries_of, file_format
):
    client = signed_in(olga)

    def save():
        response = client.get(address(going, file_format), {"print": "1", "by": "organization"})
        b"".join(response)

    save()
    few = queries_of(save)
    section = Section.objects.create(resolution=going, heading="Детским садам", position=9)
    for number in range(10):
        each = Recommendation.objects.create(section=section, position=number, text="Ещё.")
        school = OrganizationFactory(parent=region.riverside)
        task = Task.objects.create(recommendation=each, executor=school)
        reported(task, sergey, f"Слова {number}.", "PARTLY", status="IN_PROGRESS")
    assert queries_of(save) == few
