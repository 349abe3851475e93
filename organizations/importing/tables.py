"""A table as uploaded, XLSX or CSV, becomes rows of plain texts; judged by content, not by name.

Whatever is wrong with a file becomes a ``TableError`` with a sentence that says what to do.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from charset_normalizer import from_bytes
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook.defined_name import DefinedNameList

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
# 20,000 rows of an honest workbook unpack to about 40 MB; a bomb unpacks to gigabytes.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# What a worksheet can hold at all; a row number beyond it is forged and would loop for hours. As
# many rows are read of a whole file, blank ones too: the only cell of a tiny sheet may be its last.
_LAST_ROW = 1_048_576
# The table stands on one of the first sheets that are not hidden.
_SHEETS = 5

FORMULA = "="
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FORMATS = (
    b"%PDF",
    b"{\\rtf",
    b"<",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc",
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Invisible signs that come along with text copied from web pages and word processors.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class TableError(ValueError):
    """The file cannot be read as a table; the message says what to do."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)


NOT_A_TABLE = _("This file is not a table. Save the table as XLSX or CSV and choose that file.")
DAMAGED = _(
    "The file is damaged or was not saved to the end. Open it in your spreadsheet program, save it "
    "as XLSX once more and choose the new file."
)
EMPTY_ROWS = _(
    "There are more than a million empty rows before the table. Copy the table to the first sheet "
    "of a new file and choose that one."
)
NOT_ON_THE_FIRST_SHEETS = _(
    "There is nothing on the first five sheets. Move the sheet with the table to the beginning."
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are not empty: the number the spreadsheet shows, and the texts of the cells.

    A formula, whose value cannot be trusted, is a text that begins with ``FORMULA``; a date is
    «01.09.2026»; a whole number has its digits only.
    """

    rows: list[tuple[int, list[str]]]


def read_table(data: bytes) -> Table:
    """Read the first sheet that has anything in it; raises TableError."""
    if not data.strip():
        raise TableError(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise TableError(_("The file is larger than 10 MB. Divide the table into several files."))
    if data.startswith(_OLE):
        raise TableError(_of_an_old_format(data))
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _check_archive(data)
        rows = _workbook_rows(data)
    elif data.startswith(_OTHER_FORMATS):
        raise TableError(NOT_A_TABLE)
    else:
        rows = _text_rows(data)
    if not rows:
        raise TableError(_("There is nothing in the table."))
    return Table(rows)


def tidy(text: str) -> str:
    """Return the text in one line, without invisible signs and doubled spaces."""
    return " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text)).split())


def _numbered(rows: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    kept: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(rows, start=1):
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        # One more than the limit: the first row holds the headings.
        if len(kept) > MAX_ROWS:
            raise TableError(
                _("There are more than 20,000 rows. Divide the table into several files.")
            )
        kept.append((number, cells))
    return kept


def _of_an_old_format(data: bytes) -> str | Promise:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _("The file is protected by a password. Take the password off and save it again.")
    return _(
        "This is a file of an old format (XLS or DOC). Open it in your spreadsheet program and "
        "save it as «Excel workbook (XLSX)»: renaming the file does not change what is inside."
    )


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            office = b"opendocument" in archive.read("mimetype") if "mimetype" in names else False
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise TableError(DAMAGED) from error
    if any(part.flag_bits & 1 for part in parts):
        raise TableError(_("The archive is protected by a password. Save the table without one."))
    # zipfile unpacks no more than the size a part declares, so the sum is a promise it keeps.
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise TableError(
            _(
                "The file unpacks to far more than 20,000 rows may hold. Save the table anew, "
                "without pictures and other sheets."
            )
        )
    if office or "xl/workbook.bin" in names:
        raise TableError(
            _("Only XLSX and CSV can be read. Save the table as «Excel workbook (XLSX)».")
        )
    if "[Content_Types].xml" not in names:
        raise TableError(NOT_A_TABLE)


def _workbook_rows(data: bytes) -> list[tuple[int, list[str]]]:
    try:
        # Not data_only: that would show a formula as the value somebody's program last computed,
        # or as nothing at all.
        reader = FirstSheetsReader(io.BytesIO(data), read_only=True, keep_links=False)
        reader.read()
        budget = iter(range(_LAST_ROW))
        for sheet in reader.wb.worksheets:
            # Bounds of our own: the size a sheet declares is often wrong, and cuts rows off.
            values = sheet.iter_rows(max_row=_LAST_ROW, max_col=MAX_COLUMNS, values_only=True)
            if rows := _numbered(_row_texts(cells) for cells in _within(budget, values)):
                return rows
        if reader.has_more_sheets:
            raise TableError(NOT_ON_THE_FIRST_SHEETS)
    except TableError:
        raise
    except Exception as error:
        # A damaged workbook breaks openpyxl in a dozen ways; to a person all of them are one.
        raise TableError(DAMAGED) from error
    return []


def _within(
    budget: Iterator[int], rows: Iterable[tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    for cells in rows:
        if next(budget, None) is None:
            raise TableError(EMPTY_ROWS)
        yield cells


class FirstSheetsReader(ExcelReader):
    """Opens no more than the first sheets that are not hidden: a small file may name thousands."""

    has_more_sheets = False

    def read_worksheets(self) -> None:
        """Forget the other sheets before they are opened, and the names of ranges in them."""
        seen = [sheet for sheet in self.parser.sheets if sheet.state == "visible"]
        self.parser.sheets, self.has_more_sheets = seen[:_SHEETS], len(seen) > _SHEETS
        self.parser.defined_names = DefinedNameList()  # type: ignore[attr-defined]  # unstubbed
        super().read_worksheets()


def _row_texts(values: tuple[object, ...]) -> list[str]:
    if not any(values):
        return []
    return ["" if value is None else _cell_text(value) for value in values]


def _cell_text(value: object) -> str:
    if isinstance(value, datetime):
        return (
            f"{value:%d.%m.%Y}" if not (value.hour or value.minute) else f"{value:%d.%m.%Y %H:%M}"
        )
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return tidy(str(value))
    return FORMULA  # an array formula or a data table, objects of openpyxl's own


def _text_rows(data: bytes) -> list[tuple[int, list[str]]]:
    text = _decoded(data)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        return _numbered([tidy(cell) for cell in row[:MAX_COLUMNS]] for row in rows)
    except csv.Error as error:
        raise TableError(NOT_A_TABLE) from error


def _decoded(data: bytes) -> str:
    encoding = "utf-8-sig"
    if data.startswith(_UTF16_MARKS):
        encoding = "utf-16"
    elif b"\x00" in data:
        encoding = "utf-16-le" if b"\x00" in data[1:2000:2] else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\x00" in data:
            raise TableError(NOT_A_TABLE) from error
        return _decoded_from_one_byte(data)
    if "\x00" in text:
        raise TableError(NOT_A_TABLE)
    return text


def _decoded_from_one_byte(data: bytes) -> str:
    # The beginning is enough to tell: one encoding serves the whole file.
    best = from_bytes(data[:65536], cp_isolation=["cp1251", "koi8_r", "cp866"]).best()
    try:
        return data.decode(best.encoding if best else "cp1251")
    except UnicodeDecodeError as error:
        raise TableError(
            _("The letters of this file cannot be read. Save it as «CSV UTF-8» or as XLSX.")
        ) from error


def _delimiter(text: str) -> str:
    beginning = "\n".join(text.splitlines()[:10])

    def columns(delimiter: str) -> int:
        return sum(len(row) for row in csv.reader(io.StringIO(beginning), delimiter=delimiter))

    return max(";\t,", key=columns)
