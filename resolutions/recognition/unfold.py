"""Strands that hold several paragraphs are taken apart: «… рекомендуют: Школам: 1. … 2. …».

Cut before numbers that run on, before an addressee with its colon, behind that colon, and, where
a whole document stands in one line, before the words that close it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutions.recognition.addressees import read_addressee
from resolutions.recognition.headings import begins_with_action, heading_of
from resolutions.recognition.marks import Mark, read_mark
from resolutions.recognition.strands import Strand

_INLINE = re.compile(
    r"(?<=[.;:,»)\w])\s+(?=(?:\d{1,2}(?:\.\d{1,2}){0,3}\s?[.)]|[а-яё]\))\s*[«А-Яа-яЁё])"
)
_HEADING = re.compile(r"(?<=[.;:!?])\s+(?=(?P<words>[А-ЯЁ][^.;:!?]{2,250})\s?:(?:\s|$))")
_CLOSING = re.compile(
    r"(?<=[.;])\s+(?=(?:Резолюци|Решени|Рекомендаци|Настоящ|Принят|Контроль|Председател|Секретар"
    r"|Приложени|Протокол)[^\W\d_]*\s)"
)
# «Решение: Ивановой И.И. провести …»: the decision of a protocol behind its label.
_DECIDED = re.compile(r"\s*(?:решение|решили|постановили)\s*:\s+(?=\S)", re.IGNORECASE)
_ENDED = (".", ";", ":", ",")
_MOST_PARTS = 5000  # of one line: no document has more


def unfold(strand: Strand) -> list[Strand]:
    """Take a strand apart; most are returned as they are."""
    text = strand.text
    if decided := _DECIDED.match(text):
        return strand.cut([decided.end()])
    if len(text) < 30 or ("." not in text and ":" not in text):
        return [strand]
    cuts = _numbered(text)
    headings = _headings(text, bool(cuts))
    cuts = sorted({*cuts, *headings})
    if len(headings) > 0 and len(cuts) > 2:
        cuts = sorted({*cuts, *(each.end() for each in _CLOSING.finditer(text, cuts[-1]))})
    parts = strand.cut(cuts[:_MOST_PARTS]) if cuts else [strand]
    return [piece for part in parts for piece in _behind_colon(part)]


def _numbered(text: str) -> list[int]:
    """Return where numbers of running lists stand inside a text."""
    places = [found.end() for found in _INLINE.finditer(text)]
    if not places:
        return []
    marks = [(at, read_mark(text[at : at + 60])) for at in places]
    found = [(at, mark) for at, mark in marks if mark is not None]
    own = read_mark(text)
    return [at for at, _ in _running(text, own, found)]


def _running(
    text: str, own: Mark | None, found: list[tuple[int, Mark]]
) -> Iterator[tuple[int, Mark]]:
    last: dict[tuple[str, ...], tuple[int, ...]] = {own.style: own.levels} if own else {}
    nexts = {(mark.style, mark.levels) for _, mark in found}
    for at, mark in found:
        before = text[:at].rstrip()[-1:] if at < 400 else text[at - 40 : at].rstrip()[-1:]
        upper = (*mark.levels[:-1], mark.levels[-1] - 1)
        is_next = last.get(mark.style) == upper and before in _ENDED
        follower = (mark.style, (*mark.levels[:-1], mark.levels[-1] + 1))
        is_first = mark.levels[-1] == 1 and (
            before == ":" or (follower in nexts and before in ".;:")
        )
        if is_next or is_first:
            last[mark.style] = mark.levels
            yield at, mark


def _headings(text: str, is_folded: bool) -> list[int]:
    """Return where addressees with a colon begin inside a text."""
    if text.count(":") < 2 and not is_folded:
        return []
    places: list[int] = []
    for found in _HEADING.finditer(text):
        words = found["words"]
        if len(places) >= _MOST_PARTS:
            break
        read = read_addressee(words)
        if read and read.sure and len(words[read.end :].strip()) < 40:
            places.append(found.end())
    return places


def _behind_colon(strand: Strand) -> list[Strand]:
    """Part «Школам: разработать план; провести смотр.» into its heading and its actions."""
    heading = heading_of(strand.text)
    if heading is None or not heading.colon or not strand.text[heading.behind :].strip():
        return [strand]
    rest = strand.text[heading.behind :].lstrip()
    mark = read_mark(rest)
    if mark is None and not begins_with_action(rest):
        return [strand]
    cuts = [heading.behind]
    actions = [
        heading.behind + found.end()
        for found in re.finditer(r";\s+", strand.text[heading.behind :])
        if begins_with_action(strand.text[heading.behind + found.end() :])
    ]
    return strand.cut([*cuts, *actions])
