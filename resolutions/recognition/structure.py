"""What passes between the stages of reading: paragraphs → pieces with roles → an outline.

1. *readers* turn the bytes of a file into ``Paragraph``s, as a person sees them in the document;
2. the *recogniser* parts the paragraphs into ``Piece``s, each with one role, and marks the words
   of deadlines, addressees and responsible inside sentences: a ``Marking``. The pieces cover the
   whole text, so that nothing can be lost;
3. *assembly* turns a marking into an ``Outline``. A person who reviews a document changes the
   marking and nothing else: the same assembly shows what has become of it.

Everything here is frozen and knows neither files nor Django.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in a table a paragraph stands; all count from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document as a person sees it.

    ``number`` is what automatic numbering prints before the text («1.1.», «а)», «•»), and is no
    part of ``text``; a number that somebody typed stands in ``text``.
    """

    text: str
    number: str = ""
    level: int = 0  # depth in its list, from 0
    bold: bool = False  # all of it
    alignment: str = ""  # "left", "center", "right", "justify", "" where nothing tells
    cell: Cell | None = None
    aside: str = ""  # "footnote", "textbox": stands outside the body of the text

    @property
    def line(self) -> str:
        """The paragraph as the reader's eye has it: the automatic number and the text."""
        return f"{self.number} {self.text}".strip() if self.number else self.text


class Role(StrEnum):
    """What a piece of a document is."""

    TITLE = "TITLE"
    PREAMBLE = "PREAMBLE"
    ADDRESSEE = "ADDRESSEE"  # a heading: whom the items below mean
    THEME = "THEME"  # a subhead inside an addressee's items
    ITEM = "ITEM"  # a recommendation begins
    SUBITEM = "SUBITEM"
    CONTINUATION = "CONTINUATION"  # goes on with the item, sub-item or heading before
    DEADLINE = "DEADLINE"  # «Срок: …» apart from the sentence
    RESPONSIBLE = "RESPONSIBLE"  # «Ответственный: …» apart from the sentence
    CLOSING = "CLOSING"
    UNPLACED = "UNPLACED"  # nobody has said what this is: stays visible until a person does
    SET_ASIDE = "SET_ASIDE"  # a person has said that it is no part of the resolution


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch ``[start, end)`` of one paragraph's ``line`` with one role.

    The pieces of a marking are in order and cover every paragraph whole (white space between them
    apart). ``block``: a deadline or responsible that governs all items of its block (those that
    follow under the same heading or theme), not only the item before it.
    """

    paragraph: int
    start: int
    end: int
    role: Role
    block: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Words inside a piece that say more: a deadline, responsible or addressee in a sentence.

    ``role`` is DEADLINE, RESPONSIBLE or ADDRESSEE; offsets are those of the paragraph's ``line``.
    """

    paragraph: int
    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Problem:
    """A doubt, with its place: a person looks there first.

    ``kind`` is a short stable name (``deadline-not-understood``), ``message`` a Russian sentence.
    """

    paragraph: int
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Marking:
    """A document and what each stretch of it is; the one thing that a review changes."""

    paragraphs: tuple[Paragraph, ...]
    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One recommendation of an outline."""

    number: str | None
    text: str
    subitems: tuple[str, ...] = ()
    theme: str | None = None
    deadline_text: str | None = None
    start: date | None = None
    due: date | None = None
    responsible: str | None = None
    source: tuple[str, ...] = ()
    pieces: tuple[int, ...] = ()  # indices into the marking's pieces: the item's place in its paper


@dataclass(frozen=True, slots=True)
class Addressee:
    """One heading and its recommendations."""

    heading: str
    nominative: str
    collective: bool
    source: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    pieces: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A resolution's structure; ``as_json`` of the assembly prints the design's format."""

    title: str
    date: date | None = None
    event_kind: str | None = None
    preamble: tuple[str, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    closing: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
