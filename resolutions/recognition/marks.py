"""What a line begins with: «1.», «1.2)», «- 2.10.», «II.», «а)», «•», typed or automatic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from resolutions.recognition.words import is_infinitive

BULLETS = "-–—−‒•·∙●○◦▪▫■□♦◆◊►▶➢➤→✓✔✗*§¾\uf000-\uf0ff"
_DATE = r"\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?(?:\d{4}|\d{2}(?!\d))"
_MARK = re.compile(
    rf"\s*\|?\s*(?:(?P<bullet>[{BULLETS}](?!//)|o(?=\s))\s*)?"
    rf"(?!\s*{_DATE}|\s*\d+\s*[-–—]\s*$)"
    r"(?:(?P<decimal>\d{1,3}(?:[.,]\d{1,3}){0,4})"
    r"(?:(?P<close>\s?\.\)|\.(?!\d)|\s?\))|(?P<open>\s*$|\s+(?=[«\"“(]?[^\W\d_])))"
    r"|(?P<roman>[IVXLCІХ]{1,7})\s?(?P<roman_close>[.)])(?=\s|[А-ЯЁ][а-яё])"
    r"|(?P<letter>[а-яёa-z])\s?\)(?=\s|[^\W\d_])"
    r")?\s*"
)
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_WORD = re.compile(r"(?:не\s+)?([^\W\d_]+)")
LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"


@dataclass(frozen=True, slots=True)
class Mark:
    """The beginning of a line that numbers or dots it."""

    style: tuple[str, ...]  # lines of one list have the same
    number: str | None  # «1.2», «а», None for a bullet
    levels: tuple[int, ...]  # (1, 2); the letter's or numeral's place; () for a bullet
    end: int  # where the text begins
    bare: bool = False  # a number without dot or bracket
    repaired: bool = False  # «1,3.» is taken for 1.3


@lru_cache(maxsize=4096)
def _read(head: str) -> Mark | None:
    found = _MARK.match(head)
    if found is None:
        return None
    if found["decimal"]:
        return _decimal(found, head)
    if found["roman"]:
        numeral = found["roman"].translate(str.maketrans("ІХ", "IX"))
        style = ("roman", found["roman_close"])
        return Mark(style, found["roman"], (_value(numeral),), found.end())
    if found["letter"]:
        letter = found["letter"]
        place = LETTERS.find(letter) + 1 or ord(letter) - ord("a") + 1
        return Mark(("letter",), letter, (place,), found.end())
    if found["bullet"] and found.end() < len(head.rstrip()):
        return Mark(("bullet", found["bullet"]), None, (), found.end())
    return None


def read_mark(text: str) -> Mark | None:
    """Read what a line begins with; None where it begins with words (or is all mark).

    A number without dot or bracket counts before an action («1 применять …») or with levels
    («1.2 Оказывать …»); «3 школы» and «01.09.2021» do not begin with a mark.
    """
    return _read(text[:120])


def _decimal(found: re.Match[str], head: str) -> Mark | None:
    written = found["decimal"]
    levels = tuple(int(level) for level in re.split("[.,]", written))
    rest = head[found.end() :]
    if found["close"] is None:
        word = _WORD.match(rest)
        starts_sentence = rest[:1].isupper() or (word and is_infinitive(word[1]))
        if len(levels) == 1 and not (word and is_infinitive(word[1])):
            return None
        if len(levels) < 3 and not starts_sentence:
            return None
        if "," in written and not rest[:1].isupper():
            return None
    close = (found["close"] or ".").strip()[-1]
    style = ("decimal", str(len(levels)), close if len(levels) == 1 else "")
    return Mark(
        style,
        ".".join(str(level) for level in levels) if "," in written else written,
        levels,
        found.end(),
        bare=found["close"] is None and len(levels) == 1,
        repaired="," in written,
    )


def _value(numeral: str) -> int:
    values = [_ROMAN.get(sign, 0) for sign in numeral]
    following = [*values[1:], 0]
    return sum(-v if v < n else v for v, n in zip(values, following, strict=True))


def follows(mark: Mark, earlier: Mark) -> bool:
    """Tell whether a mark is the next one of the same list."""
    if len(mark.levels) != len(earlier.levels) or not mark.levels:
        return False
    return mark.levels[:-1] == earlier.levels[:-1] and mark.levels[-1] == earlier.levels[-1] + 1
