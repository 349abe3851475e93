"""A marking → an outline: the same after recognition and after every change of a reviewer.

All that is said twice in a paper is worked out here: numbers and labels are taken off, the words
of deadlines understood, what is stated once for a block is copied to its items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from resolutions.recognition.addressees import nominative_heading
from resolutions.recognition.deadlines import Deadline, Rule, understand
from resolutions.recognition.groups import Group, groups_of, squash
from resolutions.recognition.headings import begins_with_action, heading_of
from resolutions.recognition.letterhead import paper_date, paper_kind
from resolutions.recognition.marks import read_mark
from resolutions.recognition.mentions import label_numbers, person_words, term_words
from resolutions.recognition.structure import (
    Addressee,
    Item,
    Marking,
    Outline,
    Problem,
    Role,
)

_BRACKET = re.compile(r"\s*\([^()]*\)")
_CONJUNCTION = re.compile(r"(?:а\s+также|и)\s+", re.IGNORECASE)


def assemble(marking: Marking) -> Outline:
    """Turn a marking into an outline.

    Args:
        marking: pieces with roles, as recognised or as a person has changed them.

    Returns:
        The outline in document order; its problems are the marking's and those that follow from
        the structure (a deadline that is not understood, a heading without items). Never raises.
    """
    groups = groups_of(marking)
    texts = {role: [g.text for g in groups if g.role is role and g.text] for role in Role}
    title = " ".join(texts[Role.TITLE])
    day = paper_date(title, texts[Role.PREAMBLE], texts[Role.CLOSING])
    builder = _Builder(day)
    for group in groups:
        builder.take(group)
    blocks = [block.finished() for block in builder.blocks]
    addressees = tuple(each for each in blocks if each.heading or each.items)
    for each in blocks:  # a heading of a number alone is nobody's
        builder.homeless[Role.UNPLACED] += [] if each.heading or each.items else each.source
    problems = [*marking.problems, *builder.problems]
    if not addressees:
        message = "Адресаты рекомендаций не найдены: отметьте их в тексте."
        problems.append(Problem(0, "no-addressees", message))
    return Outline(
        title=title,
        date=day,
        event_kind=paper_kind(title, texts[Role.PREAMBLE]),
        preamble=tuple(texts[Role.PREAMBLE] + builder.homeless[Role.PREAMBLE]),
        addressees=addressees,
        closing=(*texts[Role.CLOSING], *texts[Role.SET_ASIDE]),
        unplaced=tuple(texts[Role.UNPLACED] + builder.homeless[Role.UNPLACED]),
        problems=tuple(sorted(problems, key=lambda problem: problem.paragraph)),
    )


def as_json(outline: Outline) -> dict[str, Any]:
    """Return an outline in the format that ``recognize`` prints; lines count from 1."""
    return {
        "title": outline.title,
        "date": _iso(outline.date),
        "event_kind": outline.event_kind,
        "preamble": list(outline.preamble),
        "addressees": [
            {
                "heading": each.heading,
                "nominative": each.nominative,
                "collective": each.collective,
                "source": list(each.source),
                "items": [_item_as_json(item) for item in each.items],
            }
            for each in outline.addressees
        ],
        "closing": list(outline.closing),
        "unplaced": list(outline.unplaced),
        "problems": [
            {"line": each.paragraph + 1, "kind": each.kind, "message": each.message}
            for each in outline.problems
        ],
    }


def _item_as_json(item: Item) -> dict[str, Any]:
    return {
        "number": item.number,
        "text": item.text,
        "subitems": list(item.subitems),
        "theme": item.theme,
        "deadline_text": item.deadline_text,
        "start": _iso(item.start),
        "due": _iso(item.due),
        "responsible": item.responsible,
        "source": list(item.source),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@lru_cache(maxsize=4096)
def _understood(words: str, day: date | None) -> Deadline:
    return understand(words, document_date=day)


def heading_words(text: str) -> str:
    """Return an addressee's words out of its own lines: without number, verb, bracket, colon."""
    found = heading_of(text)
    if found is not None:
        words = text[found.start : found.end]
    else:
        mark = read_mark(text)
        words = text[mark.end if mark else 0 :]
    return squash(_BRACKET.sub("", words)).strip(" |:;,–—-")


def label_words(group: Group) -> str:
    """Return the words of «Срок: …» or «Ответственный: …»: those a person marked, else all."""
    marked = group.words(group.role)
    if group.role is Role.DEADLINE:
        return marked or term_words(group.text)
    return marked or person_words(group.text)


# --- Building -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Item:
    """A recommendation while it is built."""

    head: Group
    number: str | None
    text: str
    theme: str | None
    subitems: list[str] = field(default_factory=list)
    term: str | None = None
    person: str | None = None
    lines: list[str] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """An addressee while it is built; ``course`` keeps items, themes and block terms in order."""

    heading: str
    day: date | None
    lines: list[str] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    course: list[_Item | Group] = field(default_factory=list)

    @property
    def items(self) -> list[_Item]:
        return [each for each in self.course if isinstance(each, _Item)]

    def finished(self) -> Addressee:
        self._spread()
        nominative, collective = nominative_heading(self.heading)
        return Addressee(
            heading=self.heading,
            nominative=nominative,
            collective=collective,
            source=tuple(self.lines),
            items=tuple(self._item(each) for each in self.items),
            pieces=tuple(self.pieces),
        )

    def _item(self, item: _Item) -> Item:
        found = _understood(item.term or "", self.day)
        return Item(
            number=item.number,
            text=item.text,
            subitems=tuple(item.subitems),
            theme=item.theme,
            deadline_text=item.term or None,
            start=found.starts_on,
            due=found.due_on,
            responsible=item.person or None,
            source=tuple(item.lines),
            pieces=tuple(item.pieces),
        )

    def _spread(self) -> None:
        """Copy what is said once for several items to each that says nothing itself."""
        items = self.items
        numbered: dict[str | None, _Item] = {}
        for item in items:
            numbered.setdefault(item.number, item)
        last = len(self.course) - 1
        for at, each in enumerate(self.course):
            if isinstance(each, _Item) or each.role is Role.THEME:
                continue
            numbers = label_numbers(each.text)
            if numbers is None:
                governed = self._following(at, each.role) or (items if at == last else [])
            else:
                governed = [numbered[n] for n in numbers if n in numbered]
                governed = governed if numbers else items
            self._copy(each, governed)

    def _following(self, at: int, role: Role) -> list[_Item]:
        """Return the items that stand under a label, up to the next such label or theme."""
        following: list[_Item] = []
        for place in range(at + 1, len(self.course)):
            each = self.course[place]
            if isinstance(each, _Item):
                following.append(each)
            elif each.role in (Role.THEME, role):
                break
        return following

    def _copy(self, label: Group, governed: list[_Item]) -> None:
        deadline = label.role is Role.DEADLINE
        words = term_words(label.text) if deadline else person_words(label.text)
        for item in governed:
            if deadline:
                item.term = item.term or words
            else:
                item.person = item.person or words
        if governed:
            _add(governed[0], label)
        else:
            self.lines += label.lines


def _add(item: _Item, group: Group) -> None:
    item.lines += group.lines
    item.pieces += group.pieces


class _Builder:
    """Takes groups one by one."""

    def __init__(self, day: date | None) -> None:
        self.day = day
        self.blocks: list[_Block] = []
        self.problems: list[Problem] = []
        self.item: _Item | None = None
        self.theme: str | None = None
        self.theme_over = False  # the theme stands over addressees, not inside one
        self.homeless: dict[Role, list[str]] = {Role.PREAMBLE: [], Role.UNPLACED: []}

    def take(self, group: Group) -> None:
        taken = {
            Role.ADDRESSEE: self.addressee,
            Role.THEME: self.take_theme,
            Role.ITEM: self.take_item,
            Role.SUBITEM: self.subitem,
            Role.DEADLINE: self.label,
            Role.RESPONSIBLE: self.label,
        }.get(group.role)
        if taken is not None:
            taken(group)
        if group.role is Role.UNPLACED:
            message = "Этот текст никуда не отнесён: укажите, что это."
            self.doubt(group, "unplaced", message)

    def doubt(self, group: Group, kind: str, message: str) -> None:
        self.problems.append(Problem(group.paragraph, kind, message))

    def addressee(self, group: Group) -> None:
        heading = group.words(Role.ADDRESSEE) or heading_words(group.text)
        heading = squash(_BRACKET.sub("", heading))
        block = self.blocks[-1] if self.blocks else None
        if group.row and block and block.heading == heading:
            # The same body in the next row of a table.
            (self.item.lines if self.item else block.lines).extend(group.lines)
            return
        self.blocks.append(_Block(heading, self.day, list(group.lines), list(group.pieces)))
        if not heading:
            self.doubt(group, "heading-empty", "Кому адресованы рекомендации, не указано.")
        if not self.theme_over:
            self.theme = None
        self.item = None

    def take_theme(self, group: Group) -> None:
        self.theme = group.text.strip(" :.")
        self.theme_over = group.before is Role.ADDRESSEE or not self.blocks
        self.item = None
        if self.blocks and not self.theme_over:
            self.blocks[-1].course.append(group)
            self.blocks[-1].lines += group.lines
        else:
            self.homeless[Role.PREAMBLE] += group.lines

    def take_item(self, group: Group) -> None:
        named = group.words(Role.ADDRESSEE)
        if named and (not self.blocks or self.blocks[-1].heading != named):
            self.blocks.append(_Block(named, self.day))
        if not self.blocks:
            self.homeless[Role.UNPLACED] += group.lines
            message = "Не указано, кому адресована рекомендация."
            self.doubt(group, "item-without-addressee", message)
            self.item = None
            return
        mark = read_mark(group.text)
        text = group.text[mark.end if mark else 0 :]
        if (
            group.cut
            and (joint := _CONJUNCTION.match(text))
            and begins_with_action(text[joint.end() :])
        ):
            text = text[joint.end() :]
        item = _Item(group, mark.number if mark else None, text.strip(" |"), self.theme)
        _add(item, group)
        item.term = self.term_in(group)
        item.person = group.words(Role.RESPONSIBLE) or None
        self.blocks[-1].course.append(item)
        self.item = item

    def term_in(self, group: Group) -> str | None:
        words = group.all_words(Role.DEADLINE)
        if len(words) > 1:
            message = "В тексте несколько сроков, взят первый: " + "; ".join(words[:4]) + "."
            self.doubt(group, "several-deadlines", message)
        if words:
            self.judge(group, words[0])
        return words[0] if words else None

    def judge(self, group: Group, words: str) -> None:
        found = _understood(words, self.day)
        if not found.understood:
            message = f"Срок «{words}» не понят: дату нужно указать."
            self.doubt(group, "deadline-not-understood", message)
        elif found.rule is Rule.DAY_WITHOUT_YEAR:
            message = f"В сроке «{words}» не указан год."
            self.doubt(group, "deadline-without-year", message)

    def subitem(self, group: Group) -> None:
        if self.item is None:
            self.take_item(group)
            return
        mark = read_mark(group.text)
        self.item.subitems.append(group.text[mark.end if mark else 0 :].strip(" |"))
        # Words that a person has marked; those of the item itself come first.
        self.item.term = self.item.term or group.words(Role.DEADLINE) or None
        self.item.person = self.item.person or group.words(Role.RESPONSIBLE) or None
        _add(self.item, group)

    def label(self, group: Group) -> None:
        words = label_words(group)
        if group.role is Role.DEADLINE and words:
            self.judge(group, words)
        if not self.blocks:
            self.homeless[Role.PREAMBLE] += group.lines
        elif group.block or self.item is None:
            self.blocks[-1].course.append(group)
        else:
            if group.role is Role.DEADLINE:
                self.item.term = words or self.item.term
            else:
                self.item.person = words or self.item.person
            _add(self.item, group)
