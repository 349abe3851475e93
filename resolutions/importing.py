"""Outlines and the rows of drafts: what recognition prints becomes a draft, and the reverse.

An outline is the plain structure that ``recognize`` prints and ``export_outline`` gives back:
title, date, preamble, addressees with their items, closing. Its ``unplaced`` and ``problems`` are
no rows of a resolution: whoever holds the source document shows them and lets a person place
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from organizations.models import Organization
from resolutions.drafting import split_text
from resolutions.models import Recommendation, Resolution, Section

# «1. », «II) », «- 2.1. »: what a heading's own line may begin with.
_NUMBER = re.compile(r"[\s•·*–—-]*((?:\d{1,3}\.){0,3}\d{1,3}|[IVXLC]{1,6})\s*[.)]\s*")


class OutlineError(ValueError):
    """An outline cannot be stored: ``place`` says where («addressees[1].items[0].due»)."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


@transaction.atomic
def import_outline(
    outline: Mapping[str, Any], *, issuer: Organization, **columns: Any
) -> Resolution:
    """Make a draft of an outline; ``columns`` are what an outline does not tell (slug, place …).

    Dates of an item that are not those its words mean were set by a person, and stay. Raises
    OutlineError, and then nothing is stored.
    """
    paper = _Part(outline, "")
    resolution = Resolution(
        title=paper.text("title"),
        event_kind=paper.text("event_kind"),
        preamble=_joined(paper.texts("preamble")),
        closing=_joined(paper.texts("closing")),
        issuer=issuer,
        **{"event_date": paper.day("date"), **columns},
    )
    paper.check(resolution, title="title", event_kind="event_kind")
    resolution.save()
    for position, addressee in enumerate(paper.parts("addressees"), start=1):
        _import_section(addressee, resolution, position)
    return resolution


def export_outline(resolution: Resolution) -> dict[str, Any]:
    """Return a stored resolution as an outline, in a constant number of queries."""
    sections = resolution.sections.prefetch_related("recommendations")
    return {
        "title": resolution.title,
        "date": _iso(resolution.event_date or resolution.document_date),
        "event_kind": resolution.event_kind or None,
        "preamble": split_text(resolution.preamble),
        "addressees": [
            {
                "heading": section.heading,
                "nominative": section.nominative,
                "collective": section.collective,
                **({"source": section.source} if section.source else {}),
                "items": [_export_item(each) for each in section.recommendations.all()],
            }
            for section in sections
        ],
        "closing": split_text(resolution.closing),
        "unplaced": [],
        "problems": [],
    }


def _import_section(addressee: _Part, resolution: Resolution, position: int) -> None:
    section = Section(
        resolution=resolution,
        heading=addressee.text("heading"),
        nominative=addressee.text("nominative"),
        collective=addressee.flag("collective"),
        source=addressee.texts("source"),
        position=position,
    )
    section.printed_number = _number_before(section.heading, section.source)
    addressee.check(section, heading="heading", nominative="nominative")
    section.save()
    for place, item in enumerate(addressee.parts("items"), start=1):
        _import_recommendation(item, section, place)


def _import_recommendation(item: _Part, section: Section, position: int) -> None:
    recommendation = Recommendation(
        section=section,
        printed_number=item.text("number"),
        text=item.text("text"),
        subitems=[each.strip() for each in item.texts("subitems")],
        theme=item.text("theme"),
        responsible=item.text("responsible"),
        deadline_text=item.text("deadline_text"),
        source=item.texts("source"),
        position=position,
    )
    item.check(
        recommendation,
        printed_number="number",
        text="text",
        theme="theme",
        responsible="responsible",
        deadline_text="deadline_text",
    )
    recommendation.date_by_words(section.resolution.basis_date)
    if item.says("start") or item.says("due"):
        start, due = item.day("start"), item.day("due")
        if start and due and due < start:
            raise OutlineError(item.at("due"), _("The due date is before the start."))
        if (start, due) != (recommendation.starts_on, recommendation.due_on):
            recommendation.date_by_person(start, due)
    recommendation.save()


def _export_item(each: Recommendation) -> dict[str, Any]:
    return {
        "number": each.printed_number or None,
        "text": each.text,
        "subitems": each.subitems,
        "theme": each.theme or None,
        "deadline_text": each.deadline_text or None,
        "start": _iso(each.starts_on),
        "due": _iso(each.due_on),
        "responsible": each.responsible or None,
        **({"source": each.source} if each.source else {}),
    }


def _number_before(heading: str, source: list[str]) -> str:
    """Return the number printed before a heading: "1" of «1. Управлению образования:».

    An addressee inside a sentence gets none: the number at its beginning is the item's.
    """
    line = " ".join(source)
    number = _NUMBER.match(line)
    return number[1] if number and line[number.end() :].startswith(heading) else ""


def _joined(paragraphs: list[str]) -> str:
    return "\n\n".join(split_text("\n\n".join(paragraphs)))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True, slots=True)
class _Part:
    """An object inside an outline, and where it stands; reads its values or raises OutlineError."""

    values: Any
    place: str

    def __post_init__(self) -> None:
        if not isinstance(self.values, Mapping):
            raise OutlineError(self.place or "outline", _("An object is expected here."))

    def at(self, name: str) -> str:
        """Return where a value stands."""
        return f"{self.place}.{name}" if self.place else name

    def says(self, name: str) -> bool:
        """Tell whether the outline has the key, be it null."""
        return name in self.values

    def text(self, name: str) -> str:
        """Return a text, "" for null or none."""
        return _storable(self.values.get(name) or "", self.at(name)).strip()

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty for null or none."""
        return [_storable(value, place) for value, place in self._list(name)]

    def parts(self, name: str) -> list[_Part]:
        """Return a list of objects."""
        return [_Part(value, place) for value, place in self._list(name)]

    def flag(self, name: str) -> bool:
        """Return true or false; null or none is false."""
        value = self.values.get(name)
        if value not in (True, False, None):
            raise OutlineError(self.at(name), _("True or false is expected here."))
        return bool(value)

    def day(self, name: str) -> date | None:
        """Return a day, None for null or none."""
        written = self.text(name)
        try:
            day = date.fromisoformat(written) if written else None
        except ValueError:
            day = None
        if _iso(day) != (written or None):
            raise OutlineError(self.at(name), _("A day is expected here, like 2026-09-01."))
        return day

    def check(self, row: models.Model, **names: str) -> None:
        """Let the model judge columns (``names``: column=key); its refusal gets the place."""
        others = {field.name for field in row._meta.fields}  # noqa: SLF001  # documented
        others -= names.keys()
        try:
            row.clean_fields(exclude=others)
        except ValidationError as refused:
            column, messages = next(iter(refused.message_dict.items()))
            raise OutlineError(self.at(names[column]), " ".join(messages)) from refused

    def _list(self, name: str) -> Iterator[tuple[Any, str]]:
        values = self.values.get(name) or []
        if not isinstance(values, list):
            raise OutlineError(self.at(name), _("A list is expected here."))
        for index, value in enumerate(values):
            yield value, f"{self.at(name)}[{index}]"


def _storable(value: object, place: str) -> str:
    """Return a text that both databases can store."""
    if not isinstance(value, str):
        raise OutlineError(place, _("A text is expected here."))
    # PostgreSQL stores no NUL; a half of a surrogate pair is no character at all.
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise OutlineError(place, _("This text has a sign that cannot be stored."))
    return value
