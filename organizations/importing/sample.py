"""The sample file people fill in: XLSX with explanations and lists to choose from, and CSV."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from organizations.importing.columns import COLUMNS, KIND_WORDS, ROLE_WORDS, Vocabulary
from organizations.importing.tables import MAX_ROWS
from organizations.models import Organization
from organizations.roles import Role

# As text, so that the program does not take leading zeros off.
_AS_TEXT = {"code", "inn", "kpp", "ogrn", "oktmo", "phone", "parent"}
_DATES = {"opened_on", "closed_on"}
_EXAMPLE = {
    "code": "105",
    "name": "Муниципальное общеобразовательное учреждение «Средняя школа № 5»",
    "short_name": "Школа № 5",
    "parent": "Управление образования Озёрного района",
    "phone": "(81755) 2-13-44",
    "email": "school5@example.test",
    "person_surname": "Иванова",
    "person_name": "Анна",
    "person_patronymic": "Петровна",
    "person_position": "Директор",
    "person_email": "ivanova@example.test",
}


def sample_xlsx() -> bytes:
    """Return a workbook: the sheet to fill in, and a sheet that explains it."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    table = workbook.create_sheet("Организации")
    words = workbook.create_sheet("Пояснения")
    kinds = Vocabulary(Organization.Kind, KIND_WORDS).labels
    roles = Vocabulary(Role, ROLE_WORDS).labels
    first = len(COLUMNS) + 4
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        heading = table.cell(1, place, column.heading)
        heading.font = Font(bold=True)
        heading.comment = Comment(str(column.explanation), _("Resolutions"), height=90, width=260)
        table.column_dimensions[letter].width = column.width
        if column.key in _AS_TEXT:
            table.column_dimensions[letter].number_format = "@"
        if column.key in _DATES:
            table.column_dimensions[letter].number_format = "DD.MM.YYYY"
    _choose_from(table, "kind", f"'{words.title}'!$A${first}:$A${first + len(kinds) - 1}")
    _choose_from(table, "person_role", f"'{words.title}'!$B${first}:$B${first + len(roles) - 1}")
    table.freeze_panes = "A2"
    _explain(words, [kinds, roles])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def sample_csv() -> bytes:
    """Return the headings as a CSV that Excel opens in the right encoding and columns."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerow(column.heading for column in COLUMNS)
    return stream.getvalue().encode("utf-8-sig")


def _choose_from(sheet: Worksheet, key: str, area: str) -> None:
    place = next(place for place, column in enumerate(COLUMNS, start=1) if column.key == key)
    letter = get_column_letter(place)
    # Other spellings are accepted too, so the list offers and does not refuse.
    choice = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    sheet.add_data_validation(choice)


def _explain(sheet: Worksheet, choices: list[list[str]]) -> None:
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    rows = [(_("Column"), _("What stands in it"), _("Example"))]
    example = _EXAMPLE | {
        "kind": str(Organization.Kind.SCHOOL.label),
        "person_role": str(Role.EXECUTOR.label),
    }
    rows += [(c.heading, str(c.explanation), example.get(c.key, "")) for c in COLUMNS]
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place, text)
            cell.alignment = wrapped
            cell.font = bold if number == 1 else Font()
    head = len(COLUMNS) + 3
    titles = (_("Accepted values: kind"), _("Accepted values: role"))
    for place, (title, labels) in enumerate(zip(titles, choices, strict=True), start=1):
        sheet.cell(head, place, title).font = bold
        for offset, label in enumerate(labels, start=1):
            sheet.cell(head + offset, place, label)
    for letter, width in (("A", 42), ("B", 70), ("C", 60)):
        sheet.column_dimensions[letter].width = width
