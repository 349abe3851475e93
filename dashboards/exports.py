"""Tables as files: XLSX and CSV, streamed, with types kept and formulas defused.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is run as a formula by a spreadsheet program,
and names and texts come from people. In XLSX every text is written as a text, whatever it begins
with. CSV knows no types, so there such a text (and one that begins with a tab or a line break) gets
an apostrophe in front, which shows that it is a text (OWASP, "CSV Injection").
"""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboards.tables import Cell, Column, Row, Table

XLSX, CSV, DOCX = "xlsx", "csv", "docx"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    CSV: "text/csv; charset=utf-8",
}
# Rows of a sheet: 1,048,576 by the format; what stands above and below a table leaves room.
LONGEST_SHEET = 1_000_000
# Rows of a CSV that go out together: a packet for each row would be slow.
CHUNK = 500
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_LONGEST_TEXT = 32_767  # signs: the format's own limit of a cell
_WIDEST = 255  # signs: the format's own limit of a column's width
_WRAPPED = 30  # signs: a text column as wide as this holds texts, not codes
_LINE = 15  # points: the height of a line
_HIGHEST = 409  # points: the format's own limit of a row's height
_FIRST_YEAR = 1900  # days before are texts: a spreadsheet counts from here


class FormatConverter:
    """The format in an address: ``tasks.xlsx``, ``tasks.csv``; anything else is no address."""

    regex = "xlsx|csv"

    def to_python(self, value: str) -> str:
        """Return it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it stands."""
        return value


class ReportFormatConverter(FormatConverter):
    """The format of a report: a document or a workbook."""

    regex = "docx|xlsx"


def respond(table: Table | Sequence[Table], file_format: str, name: str) -> HttpResponseBase:
    """Answer with a table as a file to be saved.

    ``table`` is one table, or several: each a sheet of its own in XLSX, one below another in CSV.
    ``file_format`` is "xlsx" or "csv", ``name`` the file's name without its ending. CSV goes out
    while its rows are read; XLSX is a packed whole, so it is written to a temporary file on the
    disk first, row by row, and then sent. Neither holds the rows in memory.
    """
    tables = [table] if isinstance(table, Table) else list(table)
    if file_format == CSV:
        lines = _in_language(csv_lines(tables), translation.get_language())
        response = StreamingHttpResponse(lines, content_type=TYPES[CSV])
        response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
        response["X-Accel-Buffering"] = "no"
        return response
    return send_file(lambda stream: write_xlsx(tables, stream), XLSX, name)


def send_file(write: Callable[[IO[bytes]], None], file_format: str, name: str) -> FileResponse:
    """Answer with what ``write`` writes into a temporary file, which goes with the answer."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it when it is sent
    try:
        write(stream)
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    # What stands before a slash would be taken for a folder, and lost.
    filename = f"{name}.{file_format}".replace("/", "-").replace("\\", "-")
    response = FileResponse(
        stream, as_attachment=True, filename=filename, content_type=TYPES[file_format]
    )
    # These formats are packed already: packing once more costs time and hides the length.
    response["Content-Encoding"] = "identity"
    return response


# --- What both formats share ---------------------------------------------------------------------


def _typed(column: Column, cell: Cell) -> str | int | float | date | None:
    """Return a cell as what it is: in a column of texts everything but nothing is a text."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, Promise) or column.kind == "text":
        return str(cell)
    return cell


# --- CSV -----------------------------------------------------------------------------------------


class _Lines:
    """What the CSV writer writes into: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(tables: Sequence[Table]) -> Iterator[bytes]:
    """Write tables as UTF-8 with a byte order mark, ``;`` between cells, CR LF after lines.

    So Excel with Russian settings opens it by a double click. The title and the notes stand first,
    an empty line parts them from the columns. Yields the file in pieces of some hundred rows.
    """
    writer: Any = csv.writer(_Lines(), delimiter=";", lineterminator="\r\n")
    yield codecs.BOM_UTF8
    for number, table in enumerate(tables):
        head: list[list[str]] = [[]] if number else []
        head += [[defused(line)] for line in (table.title, *table.notes)]
        head += [[], [defused(str(column.title)) for column in table.columns]]
        body = (
            [_printed(column, cell) for column, cell in zip(table.columns, row, strict=True)]
            for row in chain(table.rows, table.totals)
        )
        lines = (writer.writerow(row) for row in chain(head, body))
        while together := "".join(islice(lines, CHUNK)):
            yield together.encode()


def defused(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _printed(column: Column, cell: Cell) -> str:
    value = _typed(column, cell)
    if value is None:
        return ""
    if isinstance(value, str):
        return defused(value)
    # Not through the formats of the language: that would be half of the time of a long list.
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if column.kind == "percent":
        return f"{number_format(round(value * 100, 1))}%"
    return str(value) if isinstance(value, int) else number_format(value)


def _in_language(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Read the rows in the reader's language: they are read after the request is answered."""
    with translation.override(language):
        yield from pieces


# --- XLSX ----------------------------------------------------------------------------------------


def write_xlsx(tables: Sequence[Table], stream: IO[bytes]) -> None:
    """Write a workbook with a sheet for each table into a stream, row by row.

    Each sheet: title and notes, a head that stays in sight, repeats in print and filters; days as
    days, numbers as numbers, texts always as texts; A4 across, as wide as the page.
    """
    # Constant memory: a row is on the disk when the next one begins.
    workbook = Workbook(stream, {"constant_memory": True})
    workbook.set_properties({"title": tables[0].title, "company": str(_("Resolutions"))})
    looks = Looks(workbook)
    for table in tables:
        rows: Iterator[Row] | None = iter(table.rows)
        while rows is not None:
            sheet = workbook.add_worksheet(_sheet_name(workbook, table))
            rows = _write_sheet(sheet, looks, table, rows)
    workbook.close()


class Looks:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._add = workbook.add_format
        self.title = self._add({"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"})
        self.note = self._add({"text_wrap": True, "valign": "top"})
        frame = {"border": 1, "border_color": "#7D8796", "valign": "top"}
        self.head = self._add(
            {**frame, "bold": True, "text_wrap": True, "bg_color": "#EDF0F4", "valign": "vcenter"}
        )
        kinds: dict[str, dict[str, Any]] = {
            "text": {"text_wrap": True},
            # A code that somebody edits stays a code. Not for long texts: older programs show a
            # text of more than 255 signs in such a cell as ####.
            "code": {"num_format": "@"},
            "number": {"num_format": "0", "align": "center"},
            "date": {"num_format": "dd.mm.yyyy", "align": "center"},
            "percent": {"num_format": "0%", "align": "center"},
        }
        self.body = {kind: self._add({**frame, **look}) for kind, look in kinds.items()}
        self.total = {
            kind: self._add({**frame, **look, "bold": True, "top": 6})
            for kind, look in kinds.items()
        }


def _sheet_name(workbook: Workbook, table: Table) -> str:
    """Return a name that Excel takes: 31 signs without []:*?/\\, not used in this workbook yet."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", table.sheet or table.title).strip(" '")
    name = plain[:31].strip() or "1"
    taken = {sheet.get_name().casefold() for sheet in workbook.worksheets()}
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[:25].strip()} ({number})"
    return name


def _write_sheet(
    sheet: Worksheet, looks: Looks, table: Table, rows: Iterator[Row]
) -> Iterator[Row] | None:
    """Write as many rows as a sheet holds; return the rest, None where nothing is left."""
    head = _write_above(sheet, looks, table)
    last = head
    for cells in islice(rows, LONGEST_SHEET):
        last += 1
        _write_row(sheet, last, table.columns, cells, looks.body)
    sheet.autofilter(head, 0, max(last, head + 1), len(table.columns) - 1)
    left = next(rows, None)
    if left is not None:
        return chain([left], rows)
    for place, cells in enumerate(table.totals, start=last + 1):
        _write_row(sheet, place, table.columns, cells, looks.total)
    return None


def _write_above(sheet: Worksheet, looks: Looks, table: Table) -> int:
    """Set the sheet up, write title, notes and head; return the row of the head."""
    widths = [min(column.width, _WIDEST) for column in table.columns]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    lines = [(table.title, looks.title, 19), *((note, looks.note, _LINE) for note in table.notes)]
    for row, (text, look, height) in enumerate(lines):
        # Rows of merged cells do not grow by themselves.
        sheet.set_row(row, height * (1 + int(len(text) * height / (_LINE * sum(widths)))))
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", look)
        sheet.write_string(row, 0, text, look)
    head = len(lines) + 1
    headings = [str(column.title) for column in table.columns]
    sheet.set_row(head, _LINE * max(map(_lines_of, table.columns, headings)))
    for place, heading in enumerate(headings):
        sheet.write_string(head, place, heading, looks.head)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)  # inches
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&C&P / &N")
    return head


def _lines_of(column: Column, value: str | int | float | date | None) -> int:
    """Return how many lines a cell takes: a letter is a little wider than a digit."""
    if not isinstance(value, str) or len(value) < column.width:
        return 1
    return sum(1 + int(len(part) * 1.1 / column.width) for part in value.split("\n"))


def _write_row(
    sheet: Worksheet, row: int, columns: Sequence[Column], cells: Row, looks: dict[str, Format]
) -> None:
    values = [_typed(column, cell) for column, cell in zip(columns, cells, strict=True)]
    lines = max(map(_lines_of, columns, values))
    if lines > 1:
        # Not every program lets a row grow with its text when it opens a file.
        sheet.set_row(row, min(_LINE * lines, _HIGHEST))
    for place, (column, value) in enumerate(zip(columns, values, strict=True)):
        if value is None:
            sheet.write_blank(row, place, None, looks[column.kind])
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            sheet.write_datetime(row, place, value, looks["date"])
        elif isinstance(value, date):
            sheet.write_string(row, place, date_format(value, "d.m.Y"), looks["code"])
        elif isinstance(value, str):
            narrow = column.width < _WRAPPED and len(value) < column.width
            # XlsxWriter leaves out a text that is too long for the format, without a word.
            text = value if len(value) <= _LONGEST_TEXT else f"{value[: _LONGEST_TEXT - 1]}…"
            sheet.write_string(row, place, text, looks["code" if narrow else "text"])
        else:
            sheet.write_number(row, place, value, looks[column.kind])
