"""What the words of a deadline mean: «до 1 сентября 2022 г.» is 2022-09-01.

The table «Deadlines» of the design is the specification; where it is silent and a date would be
a guess, words stay words. Three steps, the first in its own module:

1. *spelling*: words become symbols, the same for all spellings («сент.» and «СЕНТЯБРЯ» → ``m9``,
   «II» and «второй» → ``2``, «01.09.21» → ``1 m9 2021``); labels go, repetitions are taken out;
2. *reading*: a cursor goes over the symbols: ``phrase = preposition moment {joint moment}``,
   ``moment = (day month | month | quarter | half-year) [year] | year``;
3. *meaning*: preposition and moments give the first and the last day, and the rule.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, StrEnum
from itertools import pairwise

from resolutions.recognition.spelling import split_at_repetition, symbols_of


class Precision(StrEnum):
    """How exactly the words name the time. NONE: no date follows from them."""

    NONE = "NONE"
    DAY = "DAY"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    HALF_YEAR = "HALF_YEAR"
    YEAR = "YEAR"
    SCHOOL_YEAR = "SCHOOL_YEAR"
    RANGE = "RANGE"


class Repeats(StrEnum):
    """How often the words want it done."""

    NONE = "NONE"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    SCHOOL_QUARTER = "SCHOOL_QUARTER"
    HALF_YEARLY = "HALF_YEARLY"
    YEARLY = "YEARLY"
    CONSTANT = "CONSTANT"


class Rule(StrEnum):
    """Why the dates are what they are, or why there are none."""

    DAY_BARE = "DAY_BARE"  # «01.09.2021»: due on that day
    DAY_INCLUSIVE = "DAY_INCLUSIVE"  # «до / к / не позднее 1 сентября 2022»: that day is in time
    DAY_BEFORE_PERIOD = "DAY_BEFORE_PERIOD"  # «до 2023 года»: the day before it begins
    BEFORE_SCHOOL_YEAR = "BEFORE_SCHOOL_YEAR"  # «до начала 2022/23 уч. года»: 31 August
    END_OF_PERIOD = "END_OF_PERIOD"  # «к декабрю 2022», «до конца 2022 года»: its last day
    WHOLE_PERIOD = "WHOLE_PERIOD"  # «в 2018 году»: from its first to its last day
    SCHOOL_YEAR = "SCHOOL_YEAR"  # «2021-2022 учебный год»: 1 September to 31 August
    SCHOOL_HALF_YEAR = "SCHOOL_HALF_YEAR"  # its halves: to 31 December, from 1 January
    FROM_DAY = "FROM_DAY"  # «с 01.09.2021»: a beginning without an end
    FROM_PERIOD = "FROM_PERIOD"  # «начиная с 2020 года»: its first day, without an end
    RANGE = "RANGE"  # «с … по …», «январь – март 2022», «2018-2020 гг.»
    THIS_YEAR = "THIS_YEAR"  # «с. г.», «текущего года»: the year is the document's
    NEXT_YEAR = "NEXT_YEAR"  # «следующего года»: the year after the document's
    DOCUMENT_UNDATED = "DOCUMENT_UNDATED"  # «с. г.» in a document whose date is not known
    DAY_WITHOUT_YEAR = "DAY_WITHOUT_YEAR"  # «до 1 сентября»: a date can only be offered
    PERIOD_WITHOUT_YEAR = "PERIOD_WITHOUT_YEAR"  # «в течение года», «весь период», «I квартал»
    REPEATED = "REPEATED"  # «ежеквартально», «постоянно»: a rhythm and no date
    RELATIVE = "RELATIVE"  # «в течение 3 дней после …»: counted from an event
    WORDS_ONLY = "WORDS_ONLY"  # not understood
    NO_WORDS = "NO_WORDS"  # nothing is written


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as written, and what follows from its words."""

    words: str
    starts_on: date | None = None
    due_on: date | None = None
    precision: Precision = Precision.NONE
    repeats: Repeats = Repeats.NONE
    rule: Rule = Rule.WORDS_ONLY
    offered_due_on: date | None = None  # for a day without a year; never applied by itself

    @property
    def understood(self) -> bool:
        """Whether the words told anything: a date, a repetition, or why there is no date."""
        return self.rule not in (Rule.WORDS_ONLY, Rule.NO_WORDS)

    @property
    def dated(self) -> bool:
        """Whether the words told a beginning or an end."""
        return self.starts_on is not None or self.due_on is not None


def understand(words: str, *, document_date: date | None = None) -> Deadline:
    """Say what the whole text of a deadline means, by the design's table «Deadlines».

    Args:
        words: what stands behind «Срок:» or is typed into «Срок словами», label or not.
        document_date: gives «с. г.» its year, and a day without a year the day to offer.

    Returns:
        The words, trimmed, with dates only where *every* word was understood. A repetition is
        taken also from among other words, since it asserts no date. Nothing is ever raised.
    """
    words = words.strip()
    line = " ".join(symbol for symbol, _ in symbols_of(words))
    head, rhythm, tail = split_at_repetition(line)
    repeats = Repeats(rhythm)
    found = _whole_meaning(f"{head} {tail}".strip(), document_date)
    # «1 июня 2022 г., далее ежегодно до 10 июня»: the tail tells of the later times. A tail with
    # a year of its own might change the date itself: then no date is sure.
    if tail and not found.dated and not re.search(_YEAR, tail):
        first = _whole_meaning(head, document_date)
        found = first if first.dated or not found.understood else found
    if repeats is not Repeats.NONE and not found.dated:
        found = replace(found, rule=Rule.REPEATED)
    elif not head and not tail:
        found = replace(found, rule=Rule.NO_WORDS)
    return replace(found, words=words, repeats=repeats)


def phrase_at(
    text: str, start: int = 0, *, document_date: date | None = None
) -> tuple[Deadline, int] | None:
    """Read the date or period phrase that begins at an offset of a longer text (same table).

    Args:
        text: a sentence or paragraph; what stands around the phrase does not matter.
        start: where the phrase begins, with its preposition if it has one.
        document_date: as for `understand`.

    Returns:
        The deadline, its words cut from the text, and the offset behind them; None if no phrase
        begins there. Repetitions are not looked for.
    """
    symbols = list(symbols_of(text[start : start + 160]))  # no phrase is longer
    reader = _Reader(" ".join(symbol for symbol, _ in symbols), document_date)
    found = reader.phrase()
    if found is None:
        return None
    end = start + symbols[len(reader.line[: reader.at].split()) - 1][1]
    return replace(found, words=text[start:end].strip()), end


# --- Reading ------------------------------------------------------------------------------------

_YEAR = r"\b(?:19|20|21)\d\d\b"
_YEARS = "years|year year|year"  # «г. г.» is «гг.» too
_DURING = "(?:в течени[еи]|в теч|втечение|на протяжении)"
_DURATION = (
    rf"(?:(?:{_DURING}|через|спустя|за|не поз(?:дн|ж)ее?)(?: ,)?(?: чем)?(?: за| через)? )?"
    r"(?:не более )?(?:\d{1,3} (?:рабоч\w+ |календарн\w+ )?(?:day|week|month|лет|час\w*)|\d year)"
    rf"|(?:{_DURING}|через|спустя|за) (?:day|week|month)"
    r"|в (?:\d{1,3} (?:- )?)?[^\W\d]*(?:дневный|недельный|месячный|годичный|годовой) срок"
)


class _Link(Enum):
    """What introduces a moment: its words, in the order of trying; its rules for day and period."""

    BEFORE = ("до начала|ко? началу", None, Rule.DAY_BEFORE_PERIOD)
    NOT_LATER = (
        "(?:(?:до|ко?|не поз(?:дн|ж)ее?) (?:конца|концу|окончани[яю])|по конец)"
        "|не поз(?:дн|ж)ее?|ко?|по",
        Rule.DAY_INCLUSIVE,
        Rule.END_OF_PERIOD,
    )
    UNTIL = ("до", Rule.DAY_INCLUSIVE, Rule.DAY_BEFORE_PERIOD)
    FROM = ("(?:начиная )?со?(?: начала)?|не ран(?:ее|ьше)", Rule.FROM_DAY, Rule.FROM_PERIOD)
    WITHIN = (f"{_DURING}(?: всего)?|весь|во?", None, Rule.WHOLE_PERIOD)
    DASH = ("-", None, Rule.RANGE)
    AND = (",|и", None, Rule.RANGE)
    BARE = ("(?!)", Rule.DAY_BARE, Rule.WHOLE_PERIOD)

    def may_precede(self, joint: _Link) -> bool:
        """Whether a second moment may follow so: «с … по …», «январь – март»; not «до …, …»."""
        if self is _Link.FROM:
            return joint in (_Link.DASH, _Link.NOT_LATER, _Link.UNTIL, _Link.BEFORE)
        return self in (_Link.WITHIN, _Link.BARE) and joint in (_Link.DASH, _Link.AND)


_NAMED = {
    Precision.DAY: r"(?P<day>\d{1,2}) m(?P<part>\d+)",
    Precision.MONTH: r"(?P<day>)m(?P<part>\d+)(?: month)?",
    Precision.QUARTER: r"(?P<day>)(?P<part>\d) quarter",
    Precision.HALF_YEAR: r"(?P<day>)(?P<part>\d) half",
    Precision.NONE: r"(?P<day>)(?P<part>\d{1,2})(?= (?:-|,|и|по|до) (?!\S+ school))",
}
# The month in which each period begins (13: January of the next year), and how many it lasts.
_SPANS = {
    **{(Precision.MONTH, n, False): (n, 1) for n in range(1, 13)},
    **{(Precision.QUARTER, n, False): (3 * n - 2, 3) for n in range(1, 5)},
    **{(Precision.HALF_YEAR, n, False): (6 * n - 5, 6) for n in (1, 2)},
    (Precision.HALF_YEAR, 1, True): (9, 4),
    (Precision.HALF_YEAR, 2, True): (13, 8),
    (Precision.YEAR, 1, False): (1, 12),
    (Precision.SCHOOL_YEAR, 1, True): (9, 12),
}


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day or a period as named; kind NONE is the bare number of «1-15 марта»."""

    kind: Precision
    part: int = 1  # which month, quarter, half-year
    day: int = 1
    year: int | None = None
    school: bool = False
    counted: Rule | None = None  # THIS_YEAR or NEXT_YEAR, if counted from the document
    plural: bool = False  # «гг.»

    def days(self) -> tuple[date, date]:
        """Give its first and last day, in a leap year if no year is named."""
        year = self.year or 2000
        if self.kind is Precision.DAY and not self.school:
            return date(year, self.part, self.day), date(year, self.part, self.day)
        first, months = _SPANS[self.kind, self.part, self.school]
        return _month_start(year, first), _month_start(year, first + months) - _ONE_DAY

    def completed_by(self, later: _Moment) -> _Moment:
        """Take over what only the later one says: «1-15 марта», «январь – март 2022 г.»."""
        if self.kind is Precision.NONE and later.kind is Precision.DAY:
            return replace(later, day=self.part)
        if self.kind is Precision.NONE and later.kind in (Precision.QUARTER, Precision.HALF_YEAR):
            return replace(later, part=self.part)
        if self.year or self.counted or later.kind in (Precision.YEAR, Precision.SCHOOL_YEAR):
            return self
        return replace(self, year=later.year, school=later.school, counted=later.counted)


_ONE_DAY = timedelta(days=1)


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


class _Reader:
    """A cursor over a line of symbols."""

    def __init__(self, line: str, document_date: date | None) -> None:
        self.line, self.at, self.document_date = line, 0, document_date

    def take(self, pattern: str) -> re.Match[str] | None:
        found = re.compile(rf"(?:{pattern})(?: |$)").match(self.line, self.at)
        self.at = found.end() if found else self.at
        return found

    def phrase(self) -> Deadline | None:
        """Read the longest phrase here; None if there is none, or one that cannot be."""
        if self.take(_DURATION):
            return Deadline("", rule=Rule.RELATIVE)
        if self.take("весь период"):
            return Deadline("", rule=Rule.PERIOD_WITHOUT_YEAR)
        self.take("(?:в|на|за) период(?: времени)?")
        try:
            return _meaning(steps, self.document_date) if (steps := self.steps()) else None
        except (ValueError, KeyError, OverflowError):  # «31 февраля», «5 квартал», after year 9999
            return None

    def steps(self) -> list[tuple[_Link, _Moment]]:
        steps: list[tuple[_Link, _Moment]] = []
        while True:
            behind = self.at
            link = next((link for link in _Link if self.take(link.value[0])), _Link.BARE)
            fits = steps[0][0].may_precede(link) if steps else link not in (_Link.DASH, _Link.AND)
            if not fits or not (moment := self.moment()):
                self.at = behind
                break
            if self.take("включительно") and link is _Link.UNTIL:
                link = _Link.NOT_LATER
            steps.append((link, moment))
        for i in reversed(range(len(steps) - 1)):
            steps[i] = steps[i][0], steps[i][1].completed_by(steps[i + 1][1])
        return steps

    def moment(self) -> _Moment | None:
        for kind, pattern in _NAMED.items():
            if named := self.take(pattern):
                year = (kind is not Precision.NONE and self.year()) or _Moment(kind)
                return replace(year, kind=kind, part=int(named["part"]), day=int(named["day"] or 1))
        return self.year()

    def year(self) -> _Moment | None:
        """Read a year as a moment of its own; `moment` makes it the year of a day or a part."""
        pair = self.take(rf"({_YEAR}|\d\d) [-/] ({_YEAR}|\d\d) school(?: year)?") or self.take(
            rf"({_YEAR}) / ({_YEAR}|\d\d)(?! years| year year)(?: year)?"
        )
        if pair:
            first, second = (int(year if len(year) == 4 else f"20{year}") for year in pair.groups())
            part = 1 if second == first + 1 else 0  # there is no school year 2021-2023
            return _Moment(Precision.SCHOOL_YEAR, part, year=first, school=True)
        if one := self.take(rf"({_YEAR})(?: ({_YEARS}))?|(\d\d) ({_YEARS})"):
            plural = (one[2] or one[4] or "year") != "year"
            return _Moment(Precision.YEAR, year=int(one[1] or f"20{one[3]}"), plural=plural)
        if not (unsaid := self.take("(?:(this|next|с|т) )?(school )?year")):
            return None
        kind = Precision.SCHOOL_YEAR if unsaid[2] else Precision.YEAR
        moment = _Moment(kind, school=bool(unsaid[2]))
        return self.counted(moment, unsaid[1] == "next") if unsaid[1] else moment

    def counted(self, moment: _Moment, is_next: bool) -> _Moment:
        rule = Rule.NEXT_YEAR if is_next else Rule.THIS_YEAR
        if self.document_date is None:
            return replace(moment, counted=rule)
        if moment.school and self.document_date.month in (6, 7, 8):
            return moment  # in summer it may be the school year that ended or the coming one
        begun = not moment.school or self.document_date.month >= 9
        return replace(moment, counted=rule, year=self.document_date.year - (not begun) + is_next)


# --- Meaning ------------------------------------------------------------------------------------

_SCHOOL_RULES = {
    (Rule.WHOLE_PERIOD, Precision.SCHOOL_YEAR): Rule.SCHOOL_YEAR,
    (Rule.WHOLE_PERIOD, Precision.HALF_YEAR): Rule.SCHOOL_HALF_YEAR,
    (Rule.DAY_BEFORE_PERIOD, Precision.SCHOOL_YEAR): Rule.BEFORE_SCHOOL_YEAR,
}


def _whole_meaning(line: str, document_date: date | None) -> Deadline:
    """Read a whole line; what stands behind a duration says from when, and gives no date."""
    reader = _Reader(line, document_date)
    found = reader.phrase()
    whole = reader.at == len(line) or (found and found.rule is Rule.RELATIVE)
    return found if found and whole else Deadline("")


def _meaning(steps: list[tuple[_Link, _Moment]], document_date: date | None) -> Deadline:
    """Give the days of a phrase; ValueError for what cannot be, or can be in two ways."""
    (opening, first), (closing, last) = steps[0], steps[-1]
    (begins, _), (last_begins, ends) = first.days(), last.days()
    rule = opening.value[1 if first.kind is Precision.DAY else 2]
    if rule is None:
        raise ValueError("«в 1 сентября»")
    if not any(moment.year for _, moment in steps):
        return _without_year(opening, [moment for _, moment in steps], document_date)
    if closing in (_Link.UNTIL, _Link.BEFORE) and last.kind is not Precision.DAY:
        ends = last_begins - _ONE_DAY
    if len(steps) > 1:
        _reject_doubtful(steps, begins, ends)
        return Deadline(
            "", begins, ends, Precision.RANGE, rule=last.counted or first.counted or Rule.RANGE
        )
    if first.school:
        rule = _SCHOOL_RULES.get((rule, first.kind), rule)
    is_whole = opening in (_Link.BARE, _Link.WITHIN) and first.kind is not Precision.DAY
    starts_on = begins if is_whole or opening is _Link.FROM else None
    due_on = None if opening is _Link.FROM else ends
    return Deadline("", starts_on, due_on, first.kind, rule=first.counted or rule)


def _reject_doubtful(steps: list[tuple[_Link, _Moment]], begins: date, ends: date) -> None:
    if ends < begins or not all(moment.year for _, moment in steps):
        raise ValueError("ends before it begins, or has one year only of two")
    for (_, earlier), (link, later) in pairwise(steps):
        follows = earlier.days()[1] + _ONE_DAY == later.days()[0]
        if not follows if link is _Link.AND else len(steps) > 2:
            raise ValueError("«январь, март», «март – май – август»: not one period")
        are_years = earlier.kind is later.kind is Precision.YEAR
        if link is _Link.DASH and are_years and follows and not later.plural:
            raise ValueError("«2021-2022»: calendar years, or a school year?")


def _without_year(opening: _Link, moments: list[_Moment], document_date: date | None) -> Deadline:
    if any(moment.counted for moment in moments):
        return Deadline("", rule=Rule.DOCUMENT_UNDATED)
    if len(moments) > 1 or moments[0].kind is not Precision.DAY:
        return Deadline("", rule=Rule.PERIOD_WITHOUT_YEAR)
    offered = None
    if document_date and opening is not _Link.FROM:
        offered = _next_such_day(moments[0], document_date)
    return Deadline("", rule=Rule.DAY_WITHOUT_YEAR, offered_due_on=offered)


def _next_such_day(day: _Moment, after: date) -> date | None:
    for year in range(after.year, after.year + 9):  # 29 February may be eight years away
        with suppress(ValueError):
            if (found := replace(day, year=year).days()[0]) > after:
                return found
    return None
