"""Tables as people upload them, for tests of the import."""

import csv
import io
from typing import Any

from openpyxl import Workbook

HEADINGS = ["Код", "Вид", "Официальное название", "Краткое название", "Подчиняется", "ИНН", "КПП"]
PERSON = ["Фамилия", "Имя", "Отчество", "Должность", "Эл. почта ответственного", "Роль"]
LAKESIDE = "Управление образования Озёрного района"


def xlsx(rows: list[list[Any]], headings: list[str] | None = None) -> bytes:
    """A workbook with the headings (``HEADINGS`` and ``PERSON``) in its first row."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in [HEADINGS + PERSON if headings is None else headings, *rows]:
        sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def csv_text(rows: list[list[str]], headings: list[str] | None = None, delimiter=";") -> str:
    stream = io.StringIO(newline="")
    headings = HEADINGS + PERSON if headings is None else headings
    csv.writer(stream, delimiter=delimiter).writerows([headings, *rows])
    return stream.getvalue()


def school(
    number: int, parent: str = LAKESIDE, email: str | None = None, **changes: str
) -> list[str]:
    """A row of a school with its head, whose ``email`` may be another; ``changes`` by heading."""
    row = dict.fromkeys(HEADINGS + PERSON, "") | {
        "Код": f"S-{number}",
        "Вид": "Школа",
        "Официальное название": f"Средняя школа имени героя {number}",
        "Краткое название": f"Школа имени {number}",
        "Подчиняется": parent,
        "Фамилия": f"Директорова{number}",
        "Имя": "Анна",
        "Эл. почта ответственного": f"Head{number}@example.test" if email is None else email,
    }
    return list((row | {key.replace("_", " "): value for key, value in changes.items()}).values())
