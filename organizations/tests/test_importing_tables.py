"""Files as people upload them: what is read, and the sentence for what cannot be."""

import io
import struct
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.formula import ArrayFormula

from organizations.importing import tables
from organizations.importing.tables import TableError, read_table
from organizations.tests.spreadsheets import csv_text, school, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def texts(data: bytes) -> list[list[str]]:
    return [cells for _number, cells in read_table(data).rows]


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def test_cells_of_a_workbook_become_plain_texts():
    row = [
        3525123456.0,
        7,
        1.5,
        date(2020, 9, 1),
        datetime(2020, 9, 1),  # noqa: DTZ001  # as openpyxl gives it
        " Школа \n №\xa01 ",
        None,
        "x",
    ]
    assert texts(xlsx([row], []))[0] == [
        *("3525123456", "7", "1.5", "01.09.2020", "01.09.2020", "Школа № 1", "", "x")
    ]


def test_row_numbers_are_those_the_spreadsheet_shows():
    data = xlsx([["а"], [None], [""], ["б"]], ["Код"])
    assert [number for number, _cells in read_table(data).rows] == [1, 2, 5]


def test_a_formula_is_told_from_a_text():
    workbook = Workbook()
    workbook.worksheets[0].append(["=A2&B2", "a=b"])
    workbook.worksheets[0]["C1"] = ArrayFormula("C1:C2", "=SUM(A1:A2)")
    stream = io.BytesIO()
    workbook.save(stream)
    formula, text, array = texts(stream.getvalue())[0]
    assert formula.startswith(tables.FORMULA)
    assert text == "a=b"
    assert array.startswith(tables.FORMULA)


def test_the_first_visible_sheet_with_anything_in_it_is_read():
    workbook = Workbook()
    hidden = workbook.worksheets[0]
    hidden.append(["скрыто"])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Пусто")
    workbook.create_sheet("Школы").append(["Код"])
    stream = io.BytesIO()
    workbook.save(stream)
    assert texts(stream.getvalue()) == [["Код"]]


def test_a_sheet_that_declares_a_wrong_size_is_read_whole():
    original = xlsx([["1"], ["2"], ["3"]], ["Код"])
    parts = {}
    with zipfile.ZipFile(io.BytesIO(original)) as source:
        for name in source.namelist():
            content = source.read(name)
            parts[name] = content.replace(b'<dimension ref="A1:A4"', b'<dimension ref="A1:A1"')
    assert len(texts(archive(**parts))) == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_in_every_usual_encoding_and_delimiter(encoding, delimiter):
    table = [school(1), school(2, Краткое_название="Школа; «Ёлочка», № 2")]
    data = csv_text(table, delimiter=delimiter).encode(encoding, errors="replace")
    found = texts(data)
    assert found[0][:3] == ["Код", "Вид", "Официальное название"]
    assert found[1][3] == "Школа имени 1"
    assert found[2][3].startswith("Школа; «Ёлочка»")


def test_a_csv_in_the_encoding_of_old_systems():
    found = texts(csv_text([school(n) for n in range(5)]).encode("koi8-r"))
    assert found[0][1] == "Вид"


def test_line_breaks_inside_a_cell_of_a_csv_stay_inside_it():
    data = csv_text([["1", "Школа\n№ 1"], ["2", "б"]], ["Код", "Название"]).encode()
    assert read_table(data).rows[1:] == [(2, ["1", "Школа № 1"]), (3, ["2", "б"])]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n ", id="nothing but spaces"),
        pytest.param(b"%PDF-1.7 ...", id="PDF"),
        pytest.param(b"<html><table><tr><td>1</td></tr></table></html>", id="web page as XLS"),
        pytest.param(OLE, id="XLS renamed to XLSX"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), id="password"),
        pytest.param(xlsx([["1"]], ["Код"])[:-200], id="cut off"),
        pytest.param(xlsx([["1"]], ["Код"])[:60], id="cut off at once"),
        pytest.param(archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), id="ODS"),
        pytest.param(archive(xl__workbook="", **{"xl/workbook.bin": b"1"}), id="XLSB"),
        pytest.param(archive(readme=b"text"), id="some archive"),
        pytest.param(archive(**{"[Content_Types].xml": b"<Types/>"}), id="no workbook inside"),
        pytest.param(archive(**{"[Content_Types].xml": b"<Types"}), id="broken XML inside"),
        pytest.param(b"a\x00b\x00\xff\xfe\x00\x00\x01\x02\x03", id="bytes of nothing"),
        pytest.param(b'"' + b"x" * 200_000 + b'"', id="a cell without an end"),
        pytest.param(xlsx([], []), id="empty workbook"),
        pytest.param(b"x" * (tables.MAX_BYTES + 1), id="too large"),
    ],
)
def test_each_bad_file_has_its_sentence(data):
    with pytest.raises(TableError) as refusal:
        read_table(data)
    assert refusal.value.sentence.endswith(".")


def test_a_password_and_an_old_format_are_told_apart():
    sentences = set()
    for data in (OLE, OLE + "EncryptedPackage".encode("utf-16-le"), b"%PDF"):
        with pytest.raises(TableError) as refusal:
            read_table(data)
        sentences.add(refusal.value.sentence)
    assert len(sentences) == 3


def test_an_archive_with_a_password_is_refused():
    data = bytearray(archive(**{"[Content_Types].xml": b"<Types/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        data[place : place + 2] = struct.pack("<H", 1)
    with pytest.raises(TableError) as refusal:
        read_table(bytes(data))
    assert refusal.value.sentence != str(tables.DAMAGED)


def test_a_bomb_is_refused_before_it_unpacks(monkeypatch):
    bomb = archive(**{"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b" " * 9999})
    monkeypatch.setattr(tables, "MAX_UNPACKED_BYTES", 5000)
    monkeypatch.setattr(tables, "FirstSheetsReader", lambda *_, **__: pytest.fail("unpacked"))
    with pytest.raises(TableError):
        read_table(bomb)


def test_a_sheet_with_an_entity_bomb_is_refused():
    parts = {}
    with zipfile.ZipFile(io.BytesIO(xlsx([["1"]], ["Код"]))) as source:
        for name in source.namelist():
            parts[name] = source.read(name)
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + sheet
    )
    with pytest.raises(TableError):
        read_table(archive(**parts))


def test_more_rows_than_the_limit_are_refused_in_both_formats(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    rows = [["1"], ["2"], ["3"]]
    assert len(texts(xlsx(rows, ["Код"]))) == len(texts(csv_text(rows, ["Код"]).encode())) == 4
    for data in (xlsx([*rows, ["4"]], ["Код"]), csv_text([*rows, ["4"]], ["Код"]).encode()):
        with pytest.raises(TableError):
            read_table(data)


def test_5000_rows_are_read():
    rows = [school(number) for number in range(5000)]
    assert len(texts(csv_text(rows).encode("cp1251", errors="replace"))) == 5001


def of_sheets(*last_cells: tuple[str, str], state: str = "visible") -> bytes:
    """A workbook whose sheets hold one cell each: its address and its text."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for address, text in last_cells:
        sheet = workbook.create_sheet()
        sheet[address] = text
        sheet.sheet_state = state
    workbook.create_sheet("Последний")["A1"] = "Код"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_the_table_may_stand_on_a_later_sheet_behind_hidden_ones():
    data = of_sheets(*[("A1", "черновик")] * 7, state="hidden")
    assert read_table(data).rows == [(1, ["Код"])]
    assert read_table(of_sheets(*[("B2", " ")] * 4)).rows == [(1, ["Код"])]


def test_only_the_first_sheets_are_opened(monkeypatch):
    opened = []
    read = ReadOnlyWorksheet._get_size
    monkeypatch.setattr(
        ReadOnlyWorksheet, "_get_size", lambda sheet: opened.append(sheet) or read(sheet)
    )
    with pytest.raises(TableError) as refusal:
        read_table(of_sheets(*[("A1", " ")] * 30))
    assert refusal.value.sentence == str(tables.NOT_ON_THE_FIRST_SHEETS)
    assert len(opened) == 5


def test_blank_rows_count_and_all_sheets_share_them(monkeypatch):
    monkeypatch.setattr(tables, "_LAST_ROW", 100)
    assert read_table(of_sheets(("A90", " "))).rows == [(1, ["Код"])]
    with pytest.raises(TableError) as refusal:
        read_table(of_sheets(("A60", " "), ("A60", "not cut off in silence")))
    assert refusal.value.sentence == str(tables.EMPTY_ROWS)


def test_a_blank_cell_in_the_very_last_row_takes_nothing_from_the_table():
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["A1048576"] = "Код", " "
    stream = io.BytesIO()
    workbook.save(stream)
    assert read_table(stream.getvalue()).rows == [(1, ["Код"])]
