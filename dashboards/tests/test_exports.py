"""Lists as files: the rows of the page, with their types, and nothing that runs."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards import listings
from dashboards.exports import defused, respond, write_xlsx
from dashboards.tables import Column, Table
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation
from tasks import workflow
from tasks.models import Task

LISTS = {
    "task": "tasks:task_list",
    "overdue": "dashboards:overdue_list",
    "recommendation": "tasks:recommendation_list",
    "resolution": "tasks:resolution_list",
    "organization": "organizations:organization_list",
}
NASTY = ["=cmd|'/c calc'!A0", "+7 (81755) 2-13-44", "-2+3", "@SUM(A1)", "\tтекст", "  =1+1"]


def export_url(name: str, file_format: str) -> str:
    return reverse(f"dashboards:{name}_export", args=[file_format])


def lines_of(response) -> list[list[str]]:
    """The lines of a CSV answer."""
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def table_of(lines: list[list[str]]) -> list[dict[str, str]]:
    """The rows below the empty line that parts them from what stands above."""
    head = lines.index([])
    return [dict(zip(lines[head + 1], line, strict=True)) for line in lines[head + 2 :]]


def rows_of(client, name: str, **conditions: str) -> list[dict[str, str]]:
    return table_of(lines_of(client.get(export_url(name, "csv"), conditions)))


def book_of(response) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response)))


@pytest.fixture
def late(sent, region, sergey):
    """School 1 is late by 12 days and has opened one task, school 3 is due in 3 days."""
    today = timezone.localdate()
    for organization, days in {
        region.school_1: -12,
        region.school_2: -1,
        region.school_3: 3,
    }.items():
        Task.objects.filter(executor=organization).update(due_on=today + timedelta(days=days))
    first = Task.objects.filter(executor=region.school_1).order_by("pk").first()
    workflow.mark_opened(first, sergey)
    return first


class TestWhatIsExported:
    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("persona", ["olga", "maria", "sergey", "pavel", "nina", "victor"])
    def test_a_file_has_as_many_rows_as_the_page_promises(
        self, late, signed_in, request, persona, name
    ):
        """Same reach: what the page does not count, the file does not hold."""
        client = signed_in(request.getfixturevalue(persona))
        page = client.get(reverse(LISTS[name])).context["page"]
        assert len(rows_of(client, name)) == page.paginator.count

    @pytest.mark.parametrize("seed", range(12))
    def test_the_file_follows_every_filter_of_tasks_in_the_same_order(
        self, late, region, sent, signed_in, olga, seed
    ):
        choose = random.Random(seed).choice  # noqa: S311  # reproducible, not secret
        possible = {
            "state": ["", "owed", "overdue", "soon", "undated", "done", "nonsense"],
            "municipality": ["", str(region.lakeside.pk), "null"],
            "resolution": ["", sent.slug],
            "unopened": ["", "on"],
            "sort": ["", "-due", "executor", "-executor"],
            "q": ["", "школа", "программа", "1"],
        }
        conditions = {name: choose(values) for name, values in possible.items()}
        client = signed_in(olga)
        page = client.get(reverse("tasks:task_list"), conditions).context["page"]
        expected = [(task.executor.name, task.recommendation.printed_number) for task in page]
        found = rows_of(client, "task", **conditions)
        assert [(row["Исполнитель"], row["Пункт"]) for row in found] == expected

    def test_overdue_ones_come_worst_first_with_what_controllers_ask(
        self, late, region, signed_in, maria
    ):
        rows = rows_of(signed_in(maria), "overdue")
        assert [row["Исполнитель"] for row in rows] == [region.school_1.name] * 2 + [
            region.school_2.name
        ] * 2
        first = rows[0]
        today = timezone.localdate()
        assert first["Муниципалитет"] == region.lakeside.name
        assert first["Дней просрочки"] == "12"
        assert first["План. срок"] == f"{today - timedelta(days=12):%d.%m.%Y}"
        assert first["Первоначальный срок"] == "01.10.2026"
        assert first["Срок по документу"] == "до 1 октября 2026 г."
        assert first["Последнее действие"] == "Открыта исполнителем"
        assert first["Открыта"] == first["Дата последнего действия"] == f"{today:%d.%m.%Y}"
        assert rows[2]["Открыта"] == ""

    def test_the_executors_of_a_recommendation_are_its_own_and_in_reach(
        self, late, signed_in, maria, region
    ):
        url = reverse("dashboards:recommendation_executors", args=[late.recommendation_id, "csv"])
        rows = table_of(lines_of(signed_in(maria).get(url, {"state": "overdue"})))
        assert {row["Исполнитель"] for row in rows} == {region.school_1.name, region.school_2.name}

    def test_figures_of_resolutions_are_those_of_the_readers_reach(
        self, late, signed_in, olga, sergey
    ):
        """One list for both, but Sergey's school has two tasks of the seven."""
        (for_olga,) = rows_of(signed_in(olga), "resolution")
        (for_sergey,) = rows_of(signed_in(sergey), "resolution")
        assert (for_olga["Задач в расчёте"], for_olga["Просрочено"]) == ("7", "4")
        assert (for_sergey["Задач в расчёте"], for_sergey["Просрочено"]) == ("2", "2")

    def test_people_of_organisations_beyond_reach_are_not_told(
        self, signed_in, sergey, olga, region
    ):
        outside = OrganizationFactory(kind=Organization.Kind.OTHER, name="Министерство")
        found = {
            row["Официальное название"]: row for row in rows_of(signed_in(olga), "organization")
        }
        assert found[region.school_1.name]["Люди"] == "1"
        assert found[region.school_1.name]["Есть ответственный"] == "да"
        assert (found[outside.name]["Люди"], found[outside.name]["Есть ответственный"]) == ("", "")

    def test_a_parent_beyond_the_readers_reach_is_not_named(
        self, signed_in, olga, maria, sergey, victor, region
    ):
        def parents(reader):
            rows = rows_of(signed_in(reader), "organization")
            return {row["Официальное название"]: row["Кому подведомственна"] for row in rows}

        assert parents(olga)[region.lakeside.name] == region.department.name
        for_maria = parents(maria)
        assert for_maria[region.school_1.name] == region.lakeside.name
        assert for_maria[region.lakeside.name] == ""
        assert parents(sergey) == {region.school_1.name: ""}
        assert parents(victor)[region.other_school.name] == region.other_department.name

    def test_what_is_above_the_table_says_the_day_the_conditions_and_that_data_are_invented(
        self, late, sent, signed_in, olga, region
    ):
        sent.is_demonstration = True
        sent.save()
        conditions = {"state": "overdue", "municipality": region.lakeside.pk}
        lines = lines_of(signed_in(olga).get(export_url("task", "csv"), conditions))
        above = [line[0] for line in lines[: lines.index([])]]
        assert above[0] == "Задачи"
        assert f"По состоянию на {timezone.localdate():%d.%m.%Y}" in above
        assert "Состояние: Просрочено" in above
        assert f"Муниципалитет: {region.lakeside}" in above
        assert "Демонстрационные данные: сведения об исполнении вымышлены." in above

    def test_a_condition_that_makes_no_sense_gives_an_empty_file_that_says_so(
        self, late, signed_in, olga
    ):
        lines = lines_of(signed_in(olga).get(export_url("task", "csv"), {"due_from": "вчера"}))
        assert ["Условие отбора не понято, поэтому ничего не показано:"] in lines
        assert table_of(lines) == []

    @pytest.mark.parametrize("name", LISTS)
    def test_the_page_links_to_its_own_file_under_its_conditions(self, late, signed_in, olga, name):
        page = signed_in(olga).get(reverse(LISTS[name]), {"sort": "", "page": "1", "q": "о"})
        for file_format in ("xlsx", "csv"):
            address = export_url(name, file_format)
            (query,) = [
                part.split('"')[0] for part in page.content.decode().split(f'href="{address}')[1:]
            ]
            assert "q=" in query
            assert "page=" not in query

    def test_another_format_is_no_address(self, signed_in, olga):
        address = export_url("task", "csv").replace(".csv", ".pdf")
        assert signed_in(olga).get(address).status_code == 404


class TestCsv:
    def test_it_opens_in_excel_by_a_double_click(self, late, signed_in, olga):
        response = signed_in(olga).get(export_url("task", "csv"))
        body = b"".join(response)
        assert body.startswith(b"\xef\xbb\xbf")
        assert body.count(b"\r\n") == body.count(b"\n")
        assert ";".join(["№", "Пункт", "Содержание рекомендации"]) in body.decode()
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"].startswith("attachment")

    def test_rows_go_out_while_they_are_read(self):
        """The answer begins before the last row is read, so none is kept."""
        read = []

        def rows():
            for number in range(3_000):
                read.append(number)
                yield (number,)

        response = respond(Table("Т", [], [Column("№", "number")], rows()), "csv", "Т")
        assert response.streaming
        assert read == []
        pieces = iter(response)
        next(pieces)
        next(pieces)
        assert 0 < len(read) < 1_000

    def test_the_language_is_that_of_the_reader_though_rows_are_read_later(
        self, late, signed_in, olga
    ):
        client = signed_in(olga)
        client.post(reverse("set_language"), {"language": "en", "next": "/"})
        rows = rows_of(client, "task")
        assert {row["Status"] for row in rows} == {"Assigned"}

    @pytest.mark.parametrize("text", NASTY)
    def test_a_text_never_becomes_a_formula(self, late, signed_in, olga, region, text):
        """Neither a name, nor a text, nor what was typed into the filter."""
        Organization.objects.filter(pk=region.school_1.pk).update(name=text)
        Recommendation.objects.update(text=text)
        lines = lines_of(signed_in(olga).get(export_url("task", "csv"), {"sort": "executor"}))
        cells = [cell for line in lines for cell in line]
        assert cells.count(f"'{text}") == 7 + 2  # seven recommendations, school 1 has two
        assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@"))]

    @pytest.mark.parametrize("text", ["Школа № 5", "", "2-13-44", "а=б", "м@р", "«=1»"])
    def test_a_text_that_is_none_stays_as_it_is(self, text):
        assert defused(text) == text

    def test_a_negative_number_is_a_number_not_a_text(self):
        columns = [Column("Разность", "number"), Column("Доля", "percent")]
        response = respond(Table("Т", [], columns, [(-5, 0.256)]), "csv", "Т")
        assert lines_of(response)[-1] == ["-5", "25,6%"]


class TestXlsx:
    def test_days_are_days_numbers_are_numbers_and_codes_keep_their_zeros(
        self, late, signed_in, olga, region
    ):
        region.school_1.inn = "0123456789"
        region.school_1.save()
        sheet = book_of(
            signed_in(olga).get(export_url("overdue", "xlsx"), {"municipality": region.lakeside.pk})
        ).active
        rows = list(sheet.iter_rows(values_only=True))
        head = next(row for row in rows if row[0] == "№")
        first = dict(zip(head, rows[rows.index(head) + 1], strict=True))
        late_by = timezone.localdate() - timedelta(days=12)
        assert first["План. срок"] == datetime.combine(late_by, datetime.min.time())
        assert (first["№"], first["Дней просрочки"]) == (1, 12)
        assert first["ИНН"] == "0123456789"

    def test_it_can_be_read_filtered_and_printed(self, late, signed_in, olga):
        sheet = book_of(signed_in(olga).get(export_url("task", "xlsx"))).active
        head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "№")
        assert sheet.freeze_panes == f"A{head + 1}"
        assert sheet.auto_filter.ref.startswith(f"A{head}:")
        assert sheet.auto_filter.ref.endswith(str(head + 7))
        assert sheet.print_title_rows == f"${head}:${head}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes, one page wide
        assert sheet.column_dimensions["C"].width > 40

    def test_texts_come_back_as_they_were_and_none_is_a_link(self):
        texts = [*NASTY, "http://example.test/", "{=1}", "00123", "1e5"]
        rows = [(text,) for text in texts]
        stream = io.BytesIO()
        write_xlsx([Table("=1+1", ["=2+2"], [Column("=A1")], rows)], stream)
        sheet = openpyxl.load_workbook(stream).active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert [cell.value for cell in cells] == ["=1+1", "=2+2", "=A1", *texts]
        assert not any(cell.hyperlink for cell in cells)

    def test_texts_are_stored_as_texts(self):
        """Read without openpyxl, which takes any text that begins with = for a formula."""
        stream = io.BytesIO()
        write_xlsx([Table("Т", [], [Column("А")], [(text,) for text in NASTY])], stream)
        sheet = zipfile.ZipFile(stream).read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert sheet.count('t="inlineStr"') == len(NASTY) + 2

    def test_a_day_before_1900_and_a_very_long_text_are_kept_as_texts(self):
        stream = io.BytesIO()
        long = "слово " * 10_000
        columns = [Column("Открыта", "date"), Column("Текст", width=50)]
        write_xlsx([Table("Т", [], columns, [(date(1895, 9, 1), long)])], stream)
        *_above, row = openpyxl.load_workbook(stream).active.iter_rows(values_only=True)
        assert row[0] == "01.09.1895"
        assert len(row[1]) == 32_767  # the format's own limit

    def test_more_rows_than_a_sheet_holds_go_on_another(self, monkeypatch):
        monkeypatch.setattr("dashboards.exports.LONGEST_SHEET", 10)
        stream = io.BytesIO()
        table = Table("Задачи", [], [Column("№", "number")], iter([(n,) for n in range(25)]))
        write_xlsx([table], stream)
        book = openpyxl.load_workbook(stream)
        assert book.sheetnames == ["Задачи", "Задачи (2)", "Задачи (3)"]
        numbers = [
            row[0]
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            if isinstance(row[0], int)
        ]
        assert numbers == list(range(25))

    def test_names_of_sheets_are_what_excel_takes(self):
        stream = io.BytesIO()
        name = "Исполнение: кто/что [2026] и очень длинное имя"
        write_xlsx([Table(name, [], [Column("А")], []) for _ in range(2)], stream)
        first, second = openpyxl.load_workbook(stream).sheetnames
        assert first != second
        assert all(len(each) <= 31 and not set(each) & set("[]:*?/\\") for each in (first, second))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_a_file_costs_the_same_queries_for_few_rows_and_for_many(
    late, sent, region, signed_in, olga, queries_of, name, file_format
):
    client = signed_in(olga)
    address = export_url(name, file_format)

    def save():
        b"".join(client.get(address))

    save()
    few = queries_of(save)
    section = sent.sections.first()
    for number in range(20):
        school = OrganizationFactory(parent=region.lakeside)
        each = Recommendation.objects.create(section=section, position=9 + number, text="Ещё.")
        Task.objects.create(recommendation=each, executor=school, due_on=date(2026, 1, 1))
    assert queries_of(save) == few


@pytest.mark.parametrize(
    ("status", "due", "reported", "expected"),
    [
        ("ASSIGNED", -3, None, 3),
        ("REWORK", -3, None, 3),
        ("ASSIGNED", 0, None, None),  # due today is not late
        ("ASSIGNED", None, None, None),
        ("REPORTED", -3, -3, None),  # a report sent in time stops the count
        ("REPORTED", -3, -1, 2),
        ("COMPLETED", -3, -4, None),
        ("COMPLETED", -3, 0, 3),
        ("CANCELLED", -3, None, None),
    ],
)
def test_delay_is_in_calendar_days(status, due, reported, expected):
    today = date(2026, 11, 20)
    days = [None if each is None else today + timedelta(days=each) for each in (due, reported)]
    assert listings.delay_of(status, *days, today) == expected
