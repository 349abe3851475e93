"""Deadlines and responsible persons as they are written: in sentences, brackets and lines.

A date in a sentence is a deadline only where it says by when to act. Dates inside names
(«программы на 2016-2020 гг.», «Указ от 7 мая 2018 г.», whatever stands in «ёлочки») say nothing;
a bare period without a preposition counts in brackets or behind a dash only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from resolutions.recognition.deadlines import (
    Deadline,
    Precision,
    Repeats,
    Rule,
    phrase_at,
    understand,
)
from resolutions.recognition.words import is_infinitive

_TIME = (
    r"(?:\d|[IVXІ]{1,3}\b|янв|фев|мар[та]|апр|ма[йяею]\b|июн|июл|авг|сен|окт|ноя|дек|год|полугод"
    r"|квартал|учебн|перв|втор|трет|четв|месяц|недел|дн|конц|начал|течени|период)"
)
_OPENING = re.compile(
    r"(?<!\w)(?<!\w-)(?:до|ко?|со?|по|во?|не\s+поз(?:дн|ж)ее?|не\s+ран(?:ее|ьше)|начиная|втечение|весь"
    rf"|на\s+протяжении|на)\s+(?:[^\W\d_]{{1,10}}\.?\s+){{0,2}}?(?={_TIME})",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?:[(–—]|\s-|:)\s*(?={_TIME})", re.IGNORECASE)
_RHYTHM = re.compile(
    r"(?<![\w-])(?:не\s+(?:реже|менее)\s*,?\s*(?:чем\s+)?)?"
    r"(?:еженедельно|ежемесячно|ежеквартально|ежегодно|ежедневно|постоянно|на\s+постоянной\s+основе"
    r"|(?:(?:\d{1,2}|один|одного|одной|два|двух|три|трёх|трех)\s+)?раза?\s+в\s+(?:\d\s+)?"
    r"(?:учебн\w+\s+)?(?:недел\w+|месяц\w*|квартал\w*|четверт\w+|полугоди\w+|год\w*|полгода)"
    r"|дважды\s+в\s+год|кажд\w{2,3}\s+(?:недел[юи]|месяц|квартал|четверть|полугодие|год)"
    r")(?![\w-])",
    re.IGNORECASE,
)
_LONGEST = 6000  # letters of a recommendation in which deadlines are looked for
_PHRASE = 110  # letters of the longest phrase
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|„[^“]*“|\"[^\"]*\"")
# Behind these a period tells of what is or was, not by when to act.
_NAMES_BEFORE = re.compile(r"(?:период\w*|состояни\w+)\s*$", re.IGNORECASE)
_PROGRAMME = re.compile(
    r"\b(?:программ(?:ы|ой|е|ами|ах)?|концепци(?:и|ей|ями)|стратеги(?:и|ей|ями)|бюджет(?:а|е|ом)"
    r"|план(?:а|ом|е|ов)|проект(?:а|ом|е|ов)|дорожн\w+\s+карт\w+)\b[^.;:]*$",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*,?\s*(?=(?:до|к|не\s+позд\w+)\s)", re.IGNORECASE)
_APART = ("(", "–", "—", "-", ":")
_RELATIVE_OPENING = re.compile(r"в\s+теч|втечение|через|не\s+позд|в\s+\S*(?:дневн|недельн|месячн)")
_RELATIVE_TAIL = re.compile(r"\s+(?:после|со\s+дня|с\s+момента|с\s+даты|до)\s[^.,;:()]*", re.I)
_FURTHER = re.compile(
    r"\s*,?\s*(?:(?:и\s+)?(?:далее|затем)\s*[,–—-]*\s*(?:еже\w+|постоянно)|включительно)",
    re.IGNORECASE,
)
_LABEL = (
    r"(?:в\s+)?срок(?:и)?(?:\s+(?:ис|вы)полнения|\s+реализации|\s+проведения|\s+представления)?"
)
_DEADLINE_LABEL = re.compile(
    rf"(?<!\w){_LABEL}\s*(?:[:–—-]\s*|(?=(?:до|не\s+позд\w+|к|с)\s|\d)\s*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a deadline at ``[start, end)`` of a text."""

    start: int
    end: int
    words: str


def deadlines_in(text: str, *, document_date: date | None = None) -> list[Mention]:
    """Find the deadlines that a sentence sets, in the order of the text.

    Args:
        text: a recommendation, without its number.
        document_date: a date before it tells of the past and is no deadline.
    """
    text = text[:_LONGEST]
    mentions: list[Mention] = []
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    for start in _openings(text):
        if mentions and start < mentions[-1].end:
            continue
        if any(a <= start < b for a, b in quoted):
            continue
        mention = _mention_at(text, start, document_date)
        if mention is not None:
            mentions.append(mention)
    return mentions


def _openings(text: str) -> Iterator[int]:
    places = {found.start() for found in _OPENING.finditer(text)}
    places |= {found.end() for found in _BARE.finditer(text)}
    places |= {found.end() for found in _DEADLINE_LABEL.finditer(text)}
    places |= {found.start() for found in _RHYTHM.finditer(text)}
    yield from sorted(places)


def _mention_at(text: str, start: int, document_date: date | None) -> Mention | None:
    rhythm = _RHYTHM.match(text, start)
    if rhythm:
        return _rhythm(text, start, rhythm.end())
    begin = _behind_on(text, start)
    if begin is None:
        return None
    read = phrase_at(text[: begin + _PHRASE], begin, document_date=document_date)
    if read is None and "," in text[begin : begin + 80]:
        # «22–24 октября 2019 г., г. Озёрск»: what follows the comma may spoil it.
        read = phrase_at(text[: text.index(",", begin)], begin, document_date=document_date)
    if read is None:
        return None
    deadline, end = read
    if _is_name(text, begin, start, deadline, document_date):
        return None
    if text[max(0, begin - 8) : begin].rstrip().endswith(":") and text[end:].strip(" .;)"):
        return None  # «… по этапам: 1 квартал – сбор данных, …»
    if deadline.rule is Rule.RELATIVE:
        tail = _RELATIVE_TAIL.match(text, end)
        end = tail.end() if tail else end
    elif further := _FURTHER.match(text, end):
        end = further.end()
    return _mention(text, begin, end)


def _mention(text: str, start: int, end: int) -> Mention:
    words = text[start:end].rstrip()
    return Mention(start, start + len(words), words)


def _rhythm(text: str, start: int, end: int) -> Mention:
    """Take «ежегодно до 1 июня» whole."""
    following = _TO.match(text, end)
    read = following and phrase_at(text, following.end())
    return _mention(text, start, read[1] if read else end)


def _behind_on(text: str, start: int) -> int | None:
    """Return where the phrase begins: «на 2022-2023 уч. год» sets a date behind an action only."""
    opening = re.match(r"на\s+(?!протяжении)(период\s+)?", text[start : start + 40], re.IGNORECASE)
    if not opening:
        return start
    before = re.search(r"([^\W\d_]+)\s*$", text[max(0, start - 60) : start])
    if opening[1] or before is None or not is_infinitive(before[1]):
        return None
    return start + opening.end()


def _is_name(
    text: str, begin: int, start: int, deadline: Deadline, document_date: date | None
) -> bool:
    """Tell whether a phrase is part of a name, tells of the past, or of no time at all."""
    before = text[max(0, begin - 160) : begin]
    if deadline.precision is not Precision.DAY and _NAMES_BEFORE.search(before):
        return True
    if deadline.rule is Rule.RELATIVE:
        return not _RELATIVE_OPENING.match(text[begin : begin + 20].lower())
    if deadline.rule is Rule.PERIOD_WITHOUT_YEAR:
        return _is_vague(text, begin)
    if document_date and deadline.due_on and deadline.due_on < document_date:
        return begin == start and not _labelled(text, begin)
    if deadline.precision not in (Precision.YEAR, Precision.RANGE):
        return False
    unsaid = re.match(r"до\s|\d", text[begin : begin + 9]) and not before.rstrip().endswith(_APART)
    return bool(unsaid and _PROGRAMME.search(before))


def _is_vague(text: str, begin: int) -> bool:
    words = text[begin : begin + 60].lower()
    if re.match(r"(?:в(?:о)?|за|по|на|год\w*)\s*(?:году?|год[аы]|период\w*)?(?:\s|$)", words):
        return not re.match(
            r"в(?:о)?\s+(?:теч|I|\d|янв|фев|мар|апр|ма[ей]|июн|июл|авг|сен|окт|ноя|дек|перв|втор|трет"
            r"|четв|текущ|следующ)",
            words,
            re.IGNORECASE,
        )
    return False


def _labelled(text: str, begin: int) -> bool:
    return bool(re.search(rf"{_LABEL}\s*[:–—-]?\s*$", text[max(0, begin - 40) : begin], re.I))


def says_when(text: str) -> bool:
    """Tell whether a whole text is the words of a deadline, and says nothing else."""
    words = term_words(text)
    if len(words) > 90:
        return False
    found = understand(words)
    if found.repeats is not Repeats.NONE and not found.dated:
        return len(words.split()) <= 6 and first_infinitive(words) is None
    return found.understood and found.rule is not Rule.RELATIVE


def first_infinitive(text: str) -> str | None:
    """Return the first word that says what to do."""
    return next((word for word in re.findall(r"[^\W\d_]+", text) if is_infinitive(word)), None)


# --- Labelled pieces ----------------------------------------------------------------------------

_PERSON_LABEL = (
    r"(?:отв\.?(?![\w])|ответственн(?:ый|ые|ая|ое|ыми?)(?:\s+(?:исполнител[ьи]|лиц[оа]"
    r"|за\s+(?:ис|вы)полнение))?|исполнител[ьи])"
)
# «Срок исполнения пунктов 1, 2: 2023 год»: the label with the numbers it governs.
_POINTS = (
    r"(?:\s+(?:по\s+|для\s+|за\s+)?(?P<all>всех\s+|всем\s+)?(?:пункт\w*|п{1,2}\.)"
    r"(?P<numbers>(?:\s*(?:[\d.]*\d|[,и]|[-–—](?=\s*\d)))*))?"
)
_TERM_LABEL = (
    r"(?:в\s+)?срок(?:и)?(?:\s+(?:ис|вы)полнения|\s+реализации|\s+проведения|\s+представления"
    r"|\s+завершения)?" + _POINTS
)
TERM = re.compile(
    rf"{_TERM_LABEL}(?:\s*[:–—=-]+\s*|\s*$|\.\s*(?=\d)|\s+(?=(?:до|не\s+позд\w+|к|с|в|по)\s))",
    re.IGNORECASE,
)
PERSON = re.compile(rf"{_PERSON_LABEL}{_POINTS}(?:\s*[:–—=-]+\s*|\.\s+|\s*$)", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d+(?:\.\d+)*)(?:\s*[-–—]\s*(\d+))?")


def term_words(text: str) -> str:
    """Return the words of a deadline that stands apart, without label and brackets."""
    inner = text.strip().lstrip(" (,;–—-|").rstrip()
    label = TERM.match(inner)
    inner = inner[label.end() :] if label else inner
    return _without_edges(inner)


def label_numbers(text: str) -> tuple[str, ...] | None:
    """Return the numbers of the items that a label names; () for all, None for no mention."""
    inner = text.strip().lstrip(" (,;")
    label = TERM.match(inner) or PERSON.match(inner)
    if label is None or (label["numbers"] is None and not label["all"]):
        return None
    numbers: list[str] = []
    for first, last in _NUMBERS.findall(label["numbers"] or ""):
        numbers += [str(n) for n in range(int(first), int(last) + 1)] if last and "." not in first \
            and int(last) - int(first) < 100 else [first]  # fmt: skip
    return tuple(numbers)


def person_words(text: str) -> str:
    """Return who is responsible, without label and brackets."""
    inner = text.strip().lstrip(" (,;–—-|").rstrip()
    label = PERSON.match(inner)
    inner = inner[label.end() :] if label else inner
    inner = re.sub(r"\s+", " ", inner).strip(" ,;|")
    if inner.count(")") > inner.count("("):
        inner = inner.rstrip(" .;,").removesuffix(")")
    return inner if re.search(r"[А-ЯЁ]\.$", inner) else inner.rstrip(" .;,")


def _without_edges(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,;|:")
    if text.count(")") > text.count("("):
        text = text.rstrip(" .;,").removesuffix(")")
    # «г.» and «сент.» keep their dot, a sentence does not.
    return (
        text if re.search(r"(?:г|гг|уч|кв|сент|окт|дек|янв|февр?)\.$", text) else text.rstrip(".")
    )
