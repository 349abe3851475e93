"""The texts of a row's cells become values of fields, or problems that name row and column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.fields import EARLIEST, LATEST
from organizations.identifiers import validate_inn
from organizations.importing.columns import BY_KEY, KIND_WORDS, ROLE_WORDS, Vocabulary
from organizations.importing.tables import FORMULA
from organizations.logins import normalize_login
from organizations.models import Organization, User
from organizations.roles import Role

_ERROR_VALUES = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|Н/Д|ССЫЛКА!|ЗНАЧ!|ИМЯ\?)")
_DATES = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S")
# ОКТМО of these regions begin with a zero, which spreadsheets lose: Altai, Krasnodar, Krasnoyarsk,
# Primorye, Stavropol, Khabarovsk (ОК 033-2013).
_OKTMO_WITH_ZERO = ("01", "03", "04", "05", "07", "08")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be loaded: where it stands, what stands there, what could stand there."""

    row: int
    column: str
    value: str
    message: str | Promise
    accepted: list[str] = field(default_factory=list)


class _UnreadableError(Exception):
    """A cell's text has no value; the message and what is accepted instead."""

    def __init__(self, message: str | Promise, accepted: list[str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.accepted = accepted or []


class CellReader:
    """Reads cells by the rules of the models, so that an import accepts what a form accepts."""

    def __init__(self) -> None:
        kinds = Vocabulary(Organization.Kind, KIND_WORDS)
        roles = Vocabulary(Role, ROLE_WORDS)
        self._readers: dict[str, Callable[[str], Any]] = {
            "kind": lambda text: _word(kinds, text),
            "person_role": lambda text: _word(roles, text),
            "parent": lambda text: text,
            "opened_on": _date,
            "closed_on": _date,
        }
        for key in BY_KEY:
            if key in self._readers:
                continue
            model = User if key.startswith("person_") else Organization
            attribute = getattr(model, key.removeprefix("person_"))
            self._readers[key] = _by_field(attribute.field)
        self._readers["person_email"] = _login

    def read(self, row: int, cells: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
        """Return the values of the cells that have one, and the problems of those that do not."""
        restore_zeros(cells)
        values, problems = {}, []
        for key, text in cells.items():
            try:
                _refuse_computed(text)
                values[key] = self._readers[key](text)
            except _UnreadableError as error:
                heading = BY_KEY[key].heading
                problems.append(Problem(row, heading, text, error.message, error.accepted))
        return values, problems


def restore_zeros(cells: dict[str, str]) -> None:
    """Give numbers their digits back: «35 25», «3525123456.0», and the zeros at the beginning.

    A spreadsheet that takes an identifier for a number loses its leading zero. It is restored where
    that is certain: an ИНН by its check digit, a КПП by the ИНН beside it, an ОКТМО by the region.
    """
    for key in ("inn", "kpp", "ogrn", "oktmo"):
        if key in cells:
            cells[key] = re.sub(r"[.,]0+$", "", cells[key].replace(" ", "")).upper()
    inn, kpp, oktmo = (cells.get(key, "") for key in ("inn", "kpp", "oktmo"))
    if re.fullmatch(r"\d{9}", inn) and _is_inn(f"0{inn}"):
        cells["inn"] = inn = f"0{inn}"
    if re.fullmatch(r"\d{8}", kpp) and inn.startswith("0") and f"0{kpp}".startswith(inn[:2]):
        cells["kpp"] = f"0{kpp}"
    if re.fullmatch(r"\d{7}|\d{10}", oktmo) and f"0{oktmo}".startswith(_OKTMO_WITH_ZERO):
        cells["oktmo"] = f"0{oktmo}"


def _is_inn(digits: str) -> bool:
    try:
        validate_inn(digits)
    except ValidationError:
        return False
    return True


def _refuse_computed(text: str) -> None:
    if text.startswith(FORMULA):
        raise _UnreadableError(_("There is a formula in the cell: paste its value instead."))
    if _ERROR_VALUES.match(text):
        raise _UnreadableError(_("There is the error of a formula in the cell: type the value."))


def _word(vocabulary: Vocabulary, text: str) -> str:
    value = vocabulary.value_of(text)
    if value is None:
        raise _UnreadableError(_("This value is not among the accepted ones."), vocabulary.labels)
    return value


def _date(text: str) -> date:
    for pattern in _DATES:
        try:
            day = datetime.strptime(text.removesuffix(" г."), pattern).date()  # noqa: DTZ007  # a day
        except ValueError:
            continue
        if EARLIEST <= day <= LATEST:
            return day
    raise _UnreadableError(_("Type a date as 01.09.2020."))


def _by_field(model_field: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return model_field.clean(text, None)
        except ValidationError as error:
            raise _UnreadableError(" ".join(error.messages)) from error

    return read


def _login(text: str) -> Any:
    return _by_field(User.email.field)(normalize_login(text))
