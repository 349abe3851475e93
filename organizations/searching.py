"""What a stored column for search holds, and which conditions the words of a query make on it.

The column holds the folded text, then one to a line the lemmas of its words and its numbers. A
word of a query is found where it is part of the text, or where its lemma stands in the column:
so «школы» finds «школа» and back, on every database, whatever the case and with ё or е. Every
lemma that a form can have counts («стали»: «стать», «сталь»): one too many rather than one missed.

A number of up to three digits is found only whole: «школа 2» is not school 12, nor an INN with a 2
in it. Longer ones may be a part, as the beginning of a code is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import pymorphy3
from django.db.models import Q

from organizations.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_PIECE = re.compile(f"{_WORD.pattern}|{_NUMBER.pattern}")
# Longer runs of digits are codes and years.
_LONGEST_WHOLE = 3
_REMEMBERED = 20_000  # forms; names of organisations repeat a few hundred


def searchable(*parts: str) -> str:
    """Return what the column for search holds of the texts; those that are empty are left out."""
    text = " ".join(fold(*parts).split())
    terms = {lemma for word in _WORD.findall(text) for lemma in lemmas(word)}
    terms |= set(_NUMBER.findall(text))
    return "\n".join([text, *sorted(terms), ""]) if terms else text


def conditions(query: str, column: str = "search") -> list[Q]:
    """Return one condition for each word of the query; the column may lie behind a relation.

    Signs without a letter or a digit count only where there is nothing else.
    """
    words = list(dict.fromkeys(fold(query).split()))
    telling = [word for word in words if _PIECE.search(word)]
    return [_condition(word, f"{column}__contains") for word in telling or words]


@lru_cache(maxsize=_REMEMBERED)
def lemmas(word: str) -> frozenset[str]:
    """Return the folded dictionary forms that a folded word can be a form of; never none."""
    return frozenset(fold(each.normal_form) for each in _morphology().parse(word))


def _condition(word: str, lookup: str) -> Q:
    pieces = _PIECE.findall(word)
    if not pieces:
        return Q(**{lookup: word})
    by_pieces = Q()
    for piece in pieces:
        by_pieces &= _number(piece, lookup) if piece[0].isdecimal() else _form(piece, lookup)
    if len(pieces) == 1:
        (piece,) = pieces
        return by_pieces if _is_whole(piece) else by_pieces | Q(**{lookup: piece})
    return by_pieces | Q(**{lookup: word})


def _form(word: str, lookup: str) -> Q:
    condition = Q()
    for lemma in sorted(lemmas(word)):
        condition |= Q(**{lookup: f"\n{lemma}\n"})
    return condition


def _number(number: str, lookup: str) -> Q:
    return Q(**{lookup: f"\n{number}\n" if _is_whole(number) else number})


def _is_whole(word: str) -> bool:
    """Tell whether a number is found only whole: «2», «2.10», «299», but not «2021»."""
    runs = word.split(".")
    return bool(_NUMBER.fullmatch(word)) and max(map(len, runs)) <= _LONGEST_WHOLE


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    # Some 15 MB and 0.15 s, so once a process and only where somebody searches or saves. Two
    # threads at once may load it twice: then one of the two is dropped.
    return pymorphy3.MorphAnalyzer(lang="ru")
