"""What a dictionary knows of Russian words: infinitives, datives, and their nominatives.

One place for pymorphy3, which loads in a tenth of a second and then answers in tenths of a
millisecond; the answers are remembered, since papers repeat their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pymorphy3

_INFINITIVE_ENDING = re.compile(r"(?:ть|ти|чь|ться|тись|чься)$")
# «учители» is in the dictionary, and nobody's word for teachers.
_PREFERRED = {"учители": "учителя", "профессоры": "профессора", "тренеры": "тренеры"}
_LAST_WORD = re.compile(r"([^\W\d_]+)-$")
_FIRST_WORD = re.compile(r"[а-яё]+")
_ABBREVIATION = re.compile(r"(?:[А-ЯЁ]{2,}|[А-ЯЁ][а-яё]?[А-ЯЁ]{1,5}|[А-ЯЁ]{2,}[а-яё]{1,3})$")


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a written word may be."""

    lemma: str
    part: str  # NOUN, ADJF, PRTF, …
    case: str
    plural: bool
    gender: str  # masc, femn, neut; "" in the plural
    surname: bool
    animate: bool
    nominative: str
    score: float

    @property
    def describes(self) -> bool:
        """Whether it is an adjective, and its noun is still to come."""
        return self.part in ("ADJF", "PRTF")


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[Reading, ...]:
    """Return all readings of a word that have a case, the likeliest first."""
    if len(word) > 60:
        return ()
    found = []
    for parse in _dictionary().parse(word):
        tag = parse.tag
        if tag.case is None or tag.POS not in ("NOUN", "ADJF", "PRTF", "NPRO", "NUMR"):
            continue
        nominative = parse.inflect({"nomn"})
        found.append(
            Reading(
                lemma=parse.normal_form,
                part=str(tag.POS),
                case=str(tag.case),
                plural=tag.number == "plur",
                gender=str(tag.gender or ""),
                surname="Surn" in tag,
                animate=tag.animacy == "anim",
                nominative=nominative.word if nominative else parse.word,
                score=float(parse.score),
            )
        )
    return tuple(found)


@lru_cache(maxsize=20_000)
def part_of_speech(word: str) -> str:
    """Return the likeliest part of speech («INFN», «VERB», «ADVB» …), "" for an unknown word."""
    parses = _dictionary().parse(word) if len(word) <= 60 else ()
    return str(parses[0].tag.POS or "") if parses else ""


def is_known(word: str) -> bool:
    """Tell whether the dictionary has a word; it guesses at all others."""
    return len(word) <= 60 and bool(_dictionary().word_is_known(word.lower()))


def is_broken(before: str, after: str) -> bool:
    """Tell whether a line ends inside a word, whose hyphen only shows the break: «школь-|ных»."""
    head, tail = _LAST_WORD.search(before), _FIRST_WORD.match(after)
    return head is not None and tail is not None and _is_one(head[1], tail[0])


def _is_one(head: str, tail: str) -> bool:
    return is_known(head + tail) or not is_known(tail)


def is_infinitive(word: str) -> bool:
    """Tell whether a word says what is to be done: «обеспечить», «провести»."""
    word = word.lower()
    return bool(_INFINITIVE_ENDING.search(word)) and part_of_speech(word) == "INFN"


def is_finite(word: str) -> bool:
    """Tell whether a word says what somebody does or did: «отмечают», «состоялся»."""
    return part_of_speech(word.lower()) in ("VERB", "PRTS", "GRND")


def is_abbreviation(word: str) -> bool:
    """Tell whether a word is one of capital letters: «РМО», «МБОУ», «ОО», «МКУ», «ФГБОУ»."""
    if not _ABBREVIATION.match(word):
        return False
    return len(word) < 4 or not (word.isupper() and is_known(word))  # «КАДРЫ» is a word


def is_surely_dative(word: str) -> bool:
    """Tell whether a word's dative is no genitive too: «школам», «отделу»; not «комиссии»."""
    found = readings(word.lower())
    return any(r.case == "datv" for r in found) and not any(
        r.case in ("gent", "accs", "nomn") for r in found
    )


def cased_like(pattern: str, word: str) -> str:
    """Return a word in the capitals of another: «Отделу» and «отдел» give «Отдел»."""
    if len(pattern) > 1 and pattern.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if pattern[:1].isupper() else word


def nominative_of(word: str, reading: Reading) -> str:
    """Return the nominative of a reading in the capitals and the «ё» of the written word."""
    found = _PREFERRED.get(reading.nominative, reading.nominative)
    stem = 0
    while stem < min(len(found), len(word)) and _same(found[stem], word[stem].lower()):
        stem += 1
    return cased_like(word, word[:stem].lower() + found[stem:])


def _same(one: str, other: str) -> bool:
    return one == other or {one, other} == {"е", "ё"}
