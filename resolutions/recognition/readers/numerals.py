"""How the n-th item of a list is written: 4, IV, d, г, and the bullets."""

from __future__ import annotations

from collections.abc import Callable

# Word's own set (ECMA-376, 17.18.59 russianLower): no ё, й, ъ, ь. LibreOffice has the same.
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")),
    *((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_LONGEST_ROMAN = 39_999
_MOST_LETTERS = 30
BULLET = "•"
# What Word stores for a bullet of Courier New, Wingdings and Symbol, and what one sees.
_SEEN = {"o": "◦", "§": "▪", "·": BULLET}


def _roman(value: int) -> str:
    if not 0 < value <= _LONGEST_ROMAN:
        return str(value)
    written = ""
    for worth, sign in _ROMAN:
        times, value = divmod(value, worth)
        written += sign * times
    return written


def _letters(value: int, alphabet: str) -> str:
    """Write 1 as «а», 29 as «я», 30 as «аа», 31 as «бб»."""
    times, index = divmod(value - 1, len(alphabet))
    if value < 1 or times >= _MOST_LETTERS:
        return str(value)
    return alphabet[index] * (times + 1)


_WRITERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02d}",
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperRoman": _roman,
    "lowerLetter": lambda value: _letters(value, _LATIN),
    "upperLetter": lambda value: _letters(value, _LATIN).upper(),
    "russianLower": lambda value: _letters(value, _RUSSIAN),
    "russianUpper": lambda value: _letters(value, _RUSSIAN).upper(),
    "none": lambda _value: "",
}


def numeral(value: int, style: str) -> str:
    """Write ``value`` in a style named as in .docx («decimal», «russianLower»).

    A style that is not known here («ordinalText», Chinese numerals) is written in digits.
    """
    return _WRITERS.get(style, str)(value)


def bullet(stored: str) -> str:
    """Return the bullet one sees for the sign that is stored."""
    sign = stored.strip()
    return _SEEN.get(sign) or without_private_signs(sign)


def without_private_signs(text: str) -> str:
    """Turn signs of Symbol and Wingdings, which have no meaning outside the font, into «•»."""
    if text.isascii():
        return text
    return "".join(BULLET if "\ue000" <= sign <= "\uf8ff" else sign for sign in text)
