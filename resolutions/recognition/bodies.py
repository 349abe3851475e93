"""How near the name of an addressee is to the name of a body, and which class it names.

Papers abbreviate («МБОУ СОШ № 17», «ОМСУ», «руководители ОУ»), the directory spells out. Both are
spelled out alike, cut to stems, and compared as bags of words: the order of words and their
endings tell little, a number («№ 17») tells everything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

# Abbreviations of the trade, and what they stand for; the nominative singular is enough.
ABBREVIATIONS = {
    "мбоу": "муниципальное бюджетное общеобразовательное учреждение",
    "мкоу": "муниципальное казенное общеобразовательное учреждение",
    "маоу": "муниципальное автономное общеобразовательное учреждение",
    "моу": "муниципальное общеобразовательное учреждение",
    "гбоу": "государственное бюджетное общеобразовательное учреждение",
    "гоу": "государственное образовательное учреждение",
    "мбдоу": "муниципальное бюджетное дошкольное образовательное учреждение",
    "мкдоу": "муниципальное казенное дошкольное образовательное учреждение",
    "мадоу": "муниципальное автономное дошкольное образовательное учреждение",
    "мдоу": "муниципальное дошкольное образовательное учреждение",
    "доу": "дошкольное образовательное учреждение",
    "доо": "дошкольная образовательная организация",
    "оо": "образовательная организация",
    "оу": "образовательное учреждение",
    "сош": "средняя школа",
    "оош": "основная школа",
    "нош": "начальная школа",
    "уо": "управление образования",
    "гуо": "городское управление образования",
    "роо": "районный отдел образования",
    "гороо": "городской отдел образования",
    "омсу": "органы местного самоуправления",
    "омс": "органы местного самоуправления",
    "моуо": "муниципальный орган управления образованием",
    "оиво": "органы исполнительной власти",
    "роив": "региональный орган исполнительной власти",
    "мо": "муниципальное образование",
    "ммс": "муниципальная методическая служба",
    "имц": "информационно методический центр",
    "рмк": "районный методический кабинет",
    "имк": "информационно методический кабинет",
    "ммц": "муниципальный методический центр",
    "иро": "институт развития образования",
    "ипк": "институт повышения квалификации",
    "дпо": "дополнительное профессиональное образование",
    "удо": "учреждение дополнительного образования",
    "дод": "дополнительное образование детей",
    "одод": "отделение дополнительного образования детей",
    "ддт": "дом детского творчества",
    "дюсш": "детско юношеская спортивная школа",
    "спо": "среднее профессиональное образование",
    "поо": "профессиональная образовательная организация",
    "ссуз": "среднее профессиональное учебное заведение",
}
_WORD = re.compile(r"[^\W\d_]+|\d+")
# Forms of property and ownership say what a body is on paper, not which one it is.
_TELLING_NOTHING = frozenset(
    [
        "муниципальное",
        "муниципальный",
        "государственное",
        "бюджетное",
        "казенное",
        "автономное",
        "учреждение",
        "учреждения",
        "организация",
        "организации",
        "имени",
        "ао",
        "во",
        "и",
        "в",
        "по",
        "на",
    ]
)
# A class of organisations in the words of papers → kinds of the directory. The first that fits
# takes its words away, so that «дошкольные образовательные» are not all «образовательные».
_CLASSES = (
    (r"дошкольн\w* (?:общеобразовательн|образовательн)\w*|дошкольн\w*|детск\w+ сад\w*|"
     r"заведующ\w+ (?:доу|доо)", ("PRESCHOOL",)),
    (r"дополнительн\w+ профессиональн\w+ образовани\w+|"
     r"институт\w* (?:развития образования|повышения квалификации)", ("INSTITUTE",)),
    (r"дополнительн\w+ образовани\w+|дворц\w+ творчества|дом\w* детского творчества|"
     r"детско юношеск\w+ спортивн\w+ школ\w*", ("SUPPLEMENTARY",)),
    (r"(?:средн\w+ )?профессиональн\w+ (?:образовательн\w+ (?:организаци|учреждени)\w*|"
     r"образовани\w+|учебн\w+ заведени\w+)|колледж\w*|техникум\w*", ("VOCATIONAL",)),
    (r"методическ\w+ (?:служб|центр|кабинет)\w*", ("METHODICAL_SERVICE",)),
    (r"орган\w* местн\w+ самоуправлени\w+(?: осуществляющ\w+ управлени\w+ в сфере образовани\w+)?|"
     r"муниципальн\w+ (?:районов|округов|образовани\w+|орган\w+ управлени\w+ образовани\w+)|"
     r"(?:управлени\w+|отдел\w*) образовани\w+ муниципальн\w+ \w+|"
     r"муниципальн\w+ орган\w* управлени\w+ образовани\w+|"
     r"районн\w+ отдел\w* образовани\w+", ("MUNICIPAL_AUTHORITY",)),
    (r"общеобразовательн\w+|школ\w*|гимнази\w+|лице\w+", ("SCHOOL",)),
    (r"образовательн\w+ (?:организаци|учреждени)\w*",
     ("SCHOOL", "PRESCHOOL", "SUPPLEMENTARY")),
)  # fmt: skip
_PATTERNS = tuple((re.compile(rf"\b(?:{words})"), kinds) for words, kinds in _CLASSES)


def spelled_out(name: str) -> str:
    """Return the words of a name, folded, with the abbreviations of the trade spelled out."""
    folded = name.casefold().replace("ё", "е")
    return " ".join(ABBREVIATIONS.get(word, word) for word in _WORD.findall(folded))


def kinds_named(name: str) -> list[str]:
    """Return the kinds of organisations that a class names: «школы и детские сады» two of them."""
    rest, found = spelled_out(name), []
    for pattern, kinds in _PATTERNS:
        if pattern.search(rest):
            found += [kind for kind in kinds if kind not in found]
            rest = pattern.sub(" ", rest)
    return found


def closeness(one: str, other: str) -> float:
    """Return how near two names are, 0 … 100; a number halves or lifts it."""
    first, second = stems(one), stems(other)
    if not first or not second:
        return 0.0
    a, b = " ".join(sorted(first)), " ".join(sorted(second))
    near = 0.55 * fuzz.token_set_ratio(a, b) + 0.45 * fuzz.token_sort_ratio(a, b)
    numbers = {word for word in first if word.isdecimal()}
    if numbers != {word for word in second if word.isdecimal()}:
        return float(near / 2)
    return float(min(near + 20, 100) if numbers else near)


@lru_cache(maxsize=20_000)
def stems(name: str) -> frozenset[str]:
    """Return the stems of the words that tell bodies apart; all words where none does."""
    words = spelled_out(name).split()
    telling = [word for word in words if word not in _TELLING_NOTHING]
    return frozenset(_stem(word) for word in telling or words)


def _stem(word: str) -> str:
    if word.isdecimal():
        return word
    if len(word) > 7:
        return word[:6]
    return word[:-1] if len(word) > 4 else word
