"""What the page of a review shows: the paper with its roles, what becomes of it, the doubts.

Everything is worked out from the marking; only whom addressees mean is asked of the database, and
that in a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from textwrap import shorten
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.groups import group_members
from organizations.models import Organization, OrganizationGroup, User
from resolutions.documents import SourceDocument
from resolutions.matching import Meant, addressee_key
from resolutions.reading import outline_of
from resolutions.recognition.acts import LADDER, OF_BLOCKS, open_problems
from resolutions.recognition.groups import SpansByPlace
from resolutions.recognition.structure import (
    Addressee,
    Item,
    Marking,
    Outline,
    Piece,
    Problem,
    Role,
    Span,
)
from resolutions.reviewing import marking_in, remembered_for

ROLE_LABELS: dict[Role, str | Promise] = {
    Role.ADDRESSEE: gettext_lazy("Addressee"),
    Role.ITEM: pgettext_lazy("role in a paper", "Item"),
    Role.SUBITEM: gettext_lazy("Sub-item"),
    Role.CONTINUATION: gettext_lazy("Continuation"),
    Role.DEADLINE: gettext_lazy("Deadline"),
    Role.RESPONSIBLE: gettext_lazy("Responsible"),
    Role.THEME: pgettext_lazy("role in a paper", "Theme"),
    Role.PREAMBLE: gettext_lazy("Preamble"),
    Role.CLOSING: pgettext_lazy("role in a paper", "Closing"),
    Role.TITLE: pgettext_lazy("role in a paper", "Title"),
    Role.SET_ASIDE: gettext_lazy("Not a recommendation"),
    Role.UNPLACED: gettext_lazy("Not placed"),
}
_CSS = {
    Role.ADDRESSEE: "p-head",
    Role.TITLE: "p-head",
    Role.THEME: "p-head",
    Role.ITEM: "p-item",
    Role.SUBITEM: "p-item",
    Role.CONTINUATION: "p-item",
    Role.DEADLINE: "p-due",
    Role.RESPONSIBLE: "p-due",
    Role.UNPLACED: "p-lost",
}
_QUIET = "p-pre"
# Words marked inside a sentence: what they are, and whether a date hangs on them.
_MARKS = {Role.DEADLINE: "mark-dl"}
_OTHER_MARK = "mark-who"
# So many doubts are read at a glance; the walk leads to all of them.
DOUBTS_SHOWN = 3
# A recommendation to nobody has no place in a draft: it is not a doubt to be waved through.
HOMELESS = "item-without-addressee"


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of a piece, marked (``css``) or plain."""

    text: str
    css: str = ""
    role: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of the paper; ``place`` is its address on the page, stable while it begins there."""

    index: int
    place: str
    start: int
    role: Role
    label: str
    css: str
    segments: list[Segment]
    doubtful: bool
    begins: bool  # an item or an addressee: where the keys J and K stop


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at; ``number`` is that of the marking's problem, None where it has none."""

    place: str
    message: str
    number: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TreeItem:
    """A recommendation as it will be."""

    place: str
    item: Item
    doubtful: bool

    @property
    def beginning(self) -> str:
        """The first words: the whole text stands beside it."""
        return shorten(self.item.text, 90, placeholder="…")


@dataclass(frozen=True, slots=True)
class TreeSection:
    """An addressee as it will be, with the number of organisations it means."""

    place: str
    nominative: str
    heading: str
    organizations: int
    chosen: bool
    items: list[TreeItem]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Review:
    """The whole page."""

    rows: list[Row]
    sections: list[TreeSection]
    doubts: list[Doubt]
    recommendations: int
    tasks: int
    unplaced: int
    remembered: int
    marking: Marking = field(repr=False)
    outline: Outline = field(repr=False)

    def at(self, place: str) -> Row | None:
        """Return the row at a place; where it begins elsewhere now, the first of its paragraph.

        With no place: where the first doubt is, else the first recommendation, else the first row.
        """
        by_place = {row.place: row for row in self.rows}
        if place in by_place:
            return by_place[place]
        paragraph = place.partition("-")[0]
        fitting = [row for row in self.rows if row.place.partition("-")[0] == paragraph]
        first = [by_place[each.place] for each in self.doubts if each.place in by_place]
        items = [row for row in self.rows if row.role is Role.ITEM]
        return next(iter([*fitting, *first, *items, *self.rows]), None)

    def doubts_around(self, place: str) -> tuple[list[tuple[int, Doubt]], int | None]:
        """Return the numbered doubts to show, and the index of the one at the place."""
        here = next((n for n, each in enumerate(self.doubts) if each.place == place), None)
        first = max(0, min((here or 0) - 1, len(self.doubts) - DOUBTS_SHOWN))
        shown = list(enumerate(self.doubts, start=1))[first : first + DOUBTS_SHOWN]
        return shown, here

    def beside(self, row: Row, step: int) -> Doubt | None:
        """Return the next (1) or previous (-1) doubt in the paper, seen from a row."""
        by_place = {each.place: each.index for each in self.rows}
        where = [(by_place.get(each.place, 0), each) for each in self.doubts]
        if step > 0:
            return next((each for at, each in where if at > row.index), None)
        return next((each for at, each in reversed(where) if at < row.index), None)


def review_of(document: SourceDocument, person: User, day: date) -> Review:
    """Gather the page."""
    marking = marking_in(document)
    outline = outline_of(marking)
    decided = hasattr(document, "resolution")  # the draft has been made: nothing is asked any more
    doubts = [] if decided else list(_doubts(document, marking, outline))
    doubtful = {each.place for each in doubts}
    counts = _organizations_meant(document, day)
    sections = list(_sections(document, marking, outline, counts, doubtful))
    return Review(
        rows=list(_rows(marking, outline, doubtful)),
        sections=sections,
        doubts=doubts,
        recommendations=sum(len(each.items) for each in sections),
        tasks=sum(each.organizations * len(each.items) for each in sections),
        unplaced=sum(piece.role is Role.UNPLACED for piece in marking.pieces)
        + sum(each.kind == HOMELESS for each in doubts),
        remembered=len(remembered_for(document, person, outline)),
        marking=marking,
        outline=outline,
    )


def place_of(piece: Piece) -> str:
    """Return the address of a piece on the page."""
    return f"{piece.paragraph}-{piece.start}"


def problems_in(marking: Marking, outline: Outline) -> list[Problem]:
    """Return the doubts about how the paper was read, but for what a page asks in its own words."""
    asked = [each for each in outline.problems if each.kind != "unplaced"]
    return open_problems(marking, asked) if marking.pieces else []


def pieces_of(addressee: Addressee) -> tuple[int, ...]:
    """Return where an addressee stands; one named inside a sentence, where that begins."""
    inside = addressee.items[0].pieces if addressee.items else ()
    return addressee.pieces or inside[:1]


def steps_from(role: Role) -> dict[str, bool]:
    """Return which steps on the ladder there are from a role, and whether it can have a block."""
    place = LADDER.index(role) if role in LADDER else -1
    return {
        "promote": place > 0,
        "demote": 0 <= place < len(LADDER) - 1,
        "block": role in OF_BLOCKS,
    }


def _rows(marking: Marking, outline: Outline, doubtful: set[str]) -> Iterator[Row]:
    numbers = {
        item.pieces[0]: item.number
        for addressee in outline.addressees
        for item in addressee.items
        if item.pieces and item.number
    }
    labels = {role: str(label) for role, label in ROLE_LABELS.items()}
    spans = SpansByPlace(marking.spans)
    for index, piece in enumerate(marking.pieces):
        label = labels[piece.role]
        number = numbers.get(index) if piece.role is Role.ITEM else None
        yield Row(
            index=index,
            place=place_of(piece),
            start=piece.start,
            role=piece.role,
            label=f"{label} {number}" if number else label,
            css=_CSS.get(piece.role, _QUIET),
            segments=_segments(marking, piece, spans.inside(piece)),
            doubtful=place_of(piece) in doubtful,
            begins=piece.role in (Role.ITEM, Role.ADDRESSEE),
        )


def _segments(marking: Marking, piece: Piece, spans: Iterable[Span]) -> list[Segment]:
    line = marking.paragraphs[piece.paragraph].line
    found, at = [], piece.start
    for span in spans:
        if span.start < at:
            continue
        found.append(Segment(line[at : span.start]))
        css = _MARKS.get(span.role, _OTHER_MARK)
        found.append(Segment(line[span.start : span.end], css, ROLE_LABELS[span.role]))
        at = span.end
    found.append(Segment(line[at : piece.end]))
    return [each for each in found if each.text]


def _doubts(document: SourceDocument, marking: Marking, outline: Outline) -> Iterator[Doubt]:
    """Yield the doubts in the order of the paper."""
    found: list[tuple[int, Doubt]] = []
    first_in: dict[int, int] = {}
    for index, piece in enumerate(marking.pieces):
        first_in.setdefault(piece.paragraph, index)
        if piece.role is Role.UNPLACED:
            doubt = Doubt(place_of(piece), _("What is this? It is not placed."), kind="unplaced")
            found.append((index, doubt))
    for number, problem in enumerate(problems_in(marking, outline)):
        at = first_in.get(problem.paragraph, 0)
        place = place_of(marking.pieces[at])
        settled_by = None if problem.kind == HOMELESS else number
        found.append((at, Doubt(place, problem.message, settled_by, problem.kind)))
    asked = set()
    for addressee in outline.addressees:
        key = addressee_key(addressee.nominative)
        places = pieces_of(addressee)
        if key in asked or not places or Meant.of(document.audiences.get(key)):
            continue
        asked.add(key)
        at = places[0]
        message = _("Who is “%(addressee)s”?") % {"addressee": addressee.nominative}
        found.append((at, Doubt(place_of(marking.pieces[at]), message, kind="addressee")))
    found.sort(key=lambda each: each[0])
    yield from (doubt for _at, doubt in found)


def _sections(
    document: SourceDocument,
    marking: Marking,
    outline: Outline,
    counts: dict[str, int],
    doubtful: set[str],
) -> Iterator[TreeSection]:
    for addressee in outline.addressees:
        key = addressee_key(addressee.nominative)
        place = _first_place(marking, pieces_of(addressee))
        items = [
            TreeItem(where := _first_place(marking, each.pieces), each, where in doubtful)
            for each in addressee.items
        ]
        yield TreeSection(
            place=place,
            nominative=addressee.nominative,
            heading=addressee.heading,
            organizations=counts.get(key, 0),
            chosen=bool(Meant.of(document.audiences.get(key))),
            items=items,
            doubtful=place in doubtful,
        )


def _first_place(marking: Marking, pieces: tuple[int, ...]) -> str:
    return place_of(marking.pieces[pieces[0]]) if pieces else ""


def _organizations_meant(document: SourceDocument, day: date) -> dict[str, int]:
    meant = {key: Meant.of(stored) for key, stored in document.audiences.items()}
    keys = {pk for each in meant.values() for pk in each.groups}
    inside = group_members(OrganizationGroup.objects.filter(pk__in=keys), day) if keys else {}
    named = {pk for each in meant.values() for pk in each.organizations}
    opened = set()
    if named:
        rows: Any = Organization.objects.filter(pk__in=named).open_on(day)
        opened = set(rows.values_list("pk", flat=True))
    return {
        key: len(
            ({*each.organizations} & opened).union(*(inside.get(pk, set()) for pk in each.groups))
        )
        for key, each in meant.items()
    }
