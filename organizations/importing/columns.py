"""The columns of the table: their headings, other spellings of them, and the words they accept.

Headings and words are Russian whatever the language of the page: they are the format of a file
that travels between offices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.folding import fold
from organizations.importing.tables import Table, TableError
from organizations.models import Organization
from organizations.roles import Role

# Titles and dates often stand above the headings.
_ROWS_TO_LOOK_IN = 15


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``key`` is the field of the organisation, or the person's with ``person_``."""

    key: str
    heading: str
    explanation: str | Promise
    synonyms: tuple[str, ...] = ()
    width: int = 18


COLUMNS = (
    Column(
        "code",
        "Код",
        _("The code in your own lists. The organisation is recognised by it."),
        ("код организации", "внутренний код", "code"),
        12,
    ),
    Column(
        "kind",
        "Вид",
        _("One of the accepted values. Needed for a new organisation."),
        ("вид организации", "тип", "тип организации", "kind"),
        30,
    ),
    Column(
        "name",
        "Официальное название",
        _("In the nominative, as in the charter. Needed for a new organisation."),
        (
            *("название", "наименование", "полное название", "полное наименование"),
            *("официальное наименование", "наименование организации", "name"),
        ),
        60,
    ),
    Column(
        "short_name",
        "Краткое название",
        _("As people call it: «School no. 1»."),
        ("краткое наименование", "сокращенное название", "сокращенное наименование"),
        30,
    ),
    Column(
        "parent",
        "Подчиняется",
        _(
            "Whom it answers to: code, official or short name, or INN and KPP; may be another row "
            "of the same file. Empty for a new organisation: your own organisation."
        ),
        ("кому подчиняется", "учредитель", "вышестоящая организация", "parent"),
        30,
    ),
    Column("inn", "ИНН", _("10 digits. With KPP it recognises an organisation without a code.")),
    Column("kpp", "КПП", _("9 signs.")),
    Column("ogrn", "ОГРН", _("13 digits.")),
    Column("oktmo", "ОКТМО", _("8 or 11 digits: where the organisation is.")),
    Column(
        "email",
        "Эл. почта",
        _("The organisation's own mailbox."),
        ("электронная почта", "почта", "e-mail", "адрес эл. почты", "адрес электронной почты"),
        26,
    ),
    Column("phone", "Телефон", _("Any spelling."), ("тел.", "телефоны", "phone")),
    Column("opened_on", "Открыта", _("A date: 01.09.2020."), ("дата открытия",), 13),
    Column("closed_on", "Закрыта", _("A date; empty while it is open."), ("дата закрытия",), 13),
    Column("person_surname", "Фамилия", _("Of the person who answers for tasks."), width=20),
    Column("person_name", "Имя", _("Needed where a person is given.")),
    Column("person_patronymic", "Отчество", _("If there is one.")),
    Column("person_position", "Должность", _("«Director», for instance."), width=24),
    Column(
        "person_email",
        "Эл. почта ответственного",
        _("The login. Needed where a person is given."),
        ("электронная почта ответственного", "e-mail ответственного", "почта ответственного"),
        28,
    ),
    Column("person_role", "Роль", _("One of the accepted values; empty: executor."), width=20),
)
BY_KEY = {column.key: column for column in COLUMNS}

KIND_WORDS: dict[str, tuple[str, ...]] = {
    Organization.Kind.DEPARTMENT: (
        *("департамент", "министерство", "региональный орган"),
        "региональный орган управления образованием",
    ),
    Organization.Kind.INSTITUTE: ("институт развития образования", "иро", "институт"),
    Organization.Kind.MUNICIPAL_AUTHORITY: (
        *("управление образования", "отдел образования", "муниципальный орган", "моуо"),
        "муниципальный орган управления образованием",
    ),
    Organization.Kind.METHODICAL_SERVICE: (
        *("методическая служба", "методический центр", "имц"),
        "информационно-методический центр",
    ),
    Organization.Kind.SCHOOL: (
        *("школа", "общеобразовательная организация", "общее образование", "сош", "оош", "ош"),
        *("гимназия", "лицей", "средняя общеобразовательная школа"),
    ),
    Organization.Kind.PRESCHOOL: (
        *("детский сад", "дошкольная образовательная организация", "дошкольное образование"),
        *("дошкольная организация", "доу", "доо"),
    ),
    Organization.Kind.SUPPLEMENTARY: (
        *("дополнительное образование", "организация дополнительного образования", "удод"),
    ),
    Organization.Kind.VOCATIONAL: (
        *("профессиональная образовательная организация", "профессиональное образование"),
        *("колледж", "техникум", "спо"),
    ),
    Organization.Kind.OTHER: ("другое", "прочее", "прочие", "иное"),
}
ROLE_WORDS: dict[str, tuple[str, ...]] = {
    Role.EXECUTOR: ("исполнитель", "ответственный"),
    Role.METHODIST: ("методист",),
    Role.OBSERVER: ("наблюдатель",),
    Role.COORDINATOR: ("координатор", "специалист управления"),
}


class Vocabulary:
    """The words a column accepts: stored values, labels in every language, everyday words."""

    def __init__(self, choices: type[TextChoices], words: dict[str, tuple[str, ...]]) -> None:
        self.labels = [str(choice.label) for choice in choices]
        self._values = {
            plain(word): choice.value
            for choice in choices
            for word in (choice.value, *words[choice.value])
        }
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                for choice in choices:
                    self._values.setdefault(plain(str(choice.label)), choice.value)

    def value_of(self, text: str) -> str | None:
        """Return the stored value a word stands for, or None."""
        return self._values.get(plain(text))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the known columns stand, what else there is, and the rows below the headings."""

    places: dict[str, int]
    foreign: list[str]
    missing: list[str]
    rows: list[tuple[int, list[str]]]

    def cells(self, row: list[str]) -> dict[str, str]:
        """Return the texts of a row that are not empty, by the column's key."""
        return {
            key: row[place] for key, place in self.places.items() if place < len(row) and row[place]
        }


def plain(text: str) -> str:
    """Return letters and digits only, without case and «ё»: what headings and words match by."""
    return re.sub(r"[\W_]+", "", fold(text))


_KEYS = {
    plain(spelling): column.key
    for column in COLUMNS
    for spelling in (column.heading, *column.synonyms)
}


def find_layout(table: Table) -> Layout:
    """Find the row of headings; raises TableError where there is none or one stands twice."""
    best = max(
        range(min(len(table.rows), _ROWS_TO_LOOK_IN)),
        key=lambda index: (len(_known(table.rows[index][1])), -index),
    )
    headings = table.rows[best][1]
    known = _known(headings)
    if not known:
        raise TableError(
            _("No row of headings was found. Take the headings from the sample on this page.")
        )
    places: dict[str, int] = {}
    for place, key in known:
        if key in places:
            raise TableError(
                _("The column «%(heading)s» stands twice. Leave one of the two.")
                % {"heading": BY_KEY[key].heading}
            )
        places[key] = place
    if "code" not in places and not {"inn", "kpp"} <= set(places):
        raise TableError(
            _(
                "There is neither the column «Код» nor both «ИНН» and «КПП»: organisations are "
                "recognised by them."
            )
        )
    rows = table.rows[best + 1 :]
    if not rows:
        raise TableError(_("There are headings in the table, but no rows below them."))
    taken = set(places.values())
    return Layout(
        places=places,
        foreign=[text for place, text in enumerate(headings) if text and place not in taken],
        missing=[column.heading for column in COLUMNS if column.key not in places],
        rows=rows,
    )


def _known(row: list[str]) -> list[tuple[int, str]]:
    return [(place, _KEYS[plain(text)]) for place, text in enumerate(row) if plain(text) in _KEYS]
