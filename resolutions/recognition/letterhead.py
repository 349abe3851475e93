"""The head of a paper: its title, the kind of the event and the day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from resolutions.recognition.deadlines import Precision, phrase_at

_SPACED = re.compile(r"\b(?:[А-ЯЁ] ){3,}[А-ЯЁ]\b")
TITLE_WORDS = re.compile(
    r"(?:проект\s+)?(?:итогов\w+\s+)?(?:резолюци[яи]|решени[ея]|рекомендаци[ия]|протокол"
    r"|(?:итогов\w+|заключительн\w+)\s+документ|постановлени[ея]|распоряжени[ея]|указ|приказ"
    r"|перечень\s+поручений|меморандум|обращение|коммюнике|предложения)\b",
    re.IGNORECASE,
)
# In the order of the text; the second list counts where nothing of the first occurs.
_EVENTS = (
    ("парламентские слушания", r"парламентск\w+\s+слушани"),
    ("депутатские слушания", r"депутатск\w+\s+слушани"),
    ("публичные слушания", r"публичн\w+\s+слушани"),
    ("общественные слушания", r"общественн\w+\s+слушани"),
    ("методическое объединение", r"методическ\w+\s+объединени|(?<!\w)[РГШМ]МО(?!\w)"),
    ("методический совет", r"методическ\w+\s+совет|методсовет"),
    ("педагогический совет", r"педагогическ\w+\s+совет|педсовет"),
    ("проектная сессия", r"проектн\w+\s+сесси"),
    ("стратегическая сессия", r"стратегическ\w+\s+сесси"),
    ("круглый стол", r"кругл\w+\s+стол"),
    ("педагогические чтения", r"педагогическ\w+\s+чтени"),
    ("конференция", r"конференци"),
    ("форум", r"форум"),
    ("съезд", r"съезд"),
    ("слёт", r"сл[её]т[аеу]?(?!\w)"),
    ("семинар", r"семинар"),
    ("совещание", r"совещани"),
    ("коллегия", r"коллеги[ияею]"),
    ("конгресс", r"конгресс"),
    ("симпозиум", r"симпозиум"),
    ("фестиваль", r"фестивал"),
    ("вебинар", r"вебинар"),
    ("сводный доклад", r"сводн\w+\s+доклад"),
    ("сессия", r"сесси[ияею]"),
    ("родительское собрание", r"родительск\w+\s+собрани"),
)
_LESSER = (
    ("заседание", r"заседани"),
    ("собрание", r"(?<!законодательного )(?<!федерального )собрани[ея](?!\w)"),
    ("распоряжение", r"распоряжени[ея]"),
    ("постановление", r"постановлени[ея]"),
    ("указ", r"указ(?:а|у|ом)?(?!\w)"),
    ("приказ", r"приказ"),
)
_DAY = re.compile(
    r"(?<![\w.])(?:с\s+)?\d{1,2}(?:\s*[-–—]\s*\d{1,2})?(?:\s*(?:и|по)\s+\d{1,2})?[\s.]+(?=[\dа-я])",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"(?:указ|закон|приказ|постановлени|распоряжени|концепци|программ|стандарт|положени)\w*"
    r"[^«»()]{0,120}$",
    re.IGNORECASE,
)
_HELD = re.compile(r"состоял|прош[ёел]|провед[её]н|проходил", re.IGNORECASE)


def event_kind(title: str, texts: Iterable[str]) -> str | None:
    """Return the kind of the event, from the title, else from the paragraphs below it."""
    for text in [title, *texts]:
        closed = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
        for kinds in (_EVENTS, _LESSER):
            found = [(m.start(), kind) for kind, p in kinds if (m := re.search(p, closed, re.I))]
            if found:
                return min(found)[1]
    return None


def event_date(head: Iterable[str], preamble: Iterable[str], closing: Iterable[str]) -> date | None:
    """Return the event's day, else the document's; the last one of several.

    Args:
        head: the title and the short lines under it, where every date is the event's or paper's.
        preamble: longer paragraphs: the day on which it «состоялся».
        closing: below the signature only lines that are little more than a date.
    """
    for text in head:
        if day := _day_in(text):
            return day
    for text in preamble:
        if _HELD.search(text[:600]) and (day := _day_in(text[:600])):
            return day
    for text in closing:
        if len(text) < 120 and (day := _day_in(text)):
            return day
    return None


def _day_in(text: str) -> date | None:
    for found in _DAY.finditer(text[:3000]):
        # A day of a title is its own, but «приказ от 5 мая 2016 г.» is a reference.
        if _ACTS.search(text[: found.start()]) and not _heads(text):
            continue
        alone = re.split(r"[,;)]", text[found.start() : found.start() + 80], maxsplit=1)[0]
        read = phrase_at(alone)
        if read and read[0].precision in (Precision.DAY, Precision.RANGE) and read[0].due_on:
            return read[0].due_on
    return None


def _heads(text: str) -> bool:
    """Tell whether a text is the head of an act itself, «Указ Президента от 25 декабря …»."""
    closed = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    return bool(TITLE_WORDS.match(closed.strip()))


def paper_date(title: str, preamble: list[str], closing: list[str]) -> date | None:
    """Return the day of a paper whose parts are known."""
    short = [text for text in preamble[:10] if len(text) <= 160]
    return event_date([title, *short], preamble[:40], closing)


def paper_kind(title: str, preamble: list[str]) -> str | None:
    """Return the kind of event of a paper whose parts are known."""
    return event_kind(title, preamble[:10])


def opens_title(text: str, *, whole: bool = False) -> int:
    """Return where a title ends that stands before other text in one line; 0 for no title.

    Args:
        text: a paragraph.
        whole: the paragraph is one by itself; its length is returned where it is a title.
    """
    closed = _SPACED.sub(lambda found: found[0].replace(" ", ""), text.strip())
    if not TITLE_WORDS.match(closed):
        return 0
    if whole:
        return len(text) if len(text) <= 700 else 0
    if len(text) < 200:
        return 0
    for found in _DAY.finditer(text[:600]):
        read = phrase_at(text, found.start())
        if read and read[0].precision is Precision.DAY and len(text) - read[1] > 80:
            return read[1]
    return 0
