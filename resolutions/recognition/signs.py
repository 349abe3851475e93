"""Signs by which a line shows what it is: a page's number, a signature, a point that closes."""

from __future__ import annotations

import re

from resolutions.recognition.headings import begins_with_action
from resolutions.recognition.marks import read_mark
from resolutions.recognition.mentions import says_when
from resolutions.recognition.tails import is_labelled
from resolutions.recognition.words import is_infinitive

PAGE_NUMBER = re.compile(
    r"\s{10,}\d{1,4}\s*|"
    r"\s*(?:[-–—]\s*\d{1,4}\s*[-–—]|стр(?:аница|\.)?\s*\d+(?:\s*из\s*\d+)?)\s*"
)
ANNEX = re.compile(r"\s*Приложени[ея](?:\s|$|:)", re.IGNORECASE)
PROTOCOL = re.compile(
    r"\s*(?:\d{1,2}[.)]\s*)?(?:По\s+\w+\s+вопросу\b|(?:СЛУШАЛИ|ВЫСТУПИЛИ|ВЫСТУПИЛ[АИ]?|РЕШИЛИ"
    r"|ПОСТАНОВИЛИ|ПОВЕСТКА(?:\s+ДНЯ)?|ПРИСУТСТВОВАЛИ|ГОЛОСОВАЛИ|РЕШЕНИЕ|ПРИГЛАШ[ЕЁ]ННЫЕ"
    r"|РАЗНОЕ)\s*(?:[:.–—-]|$))",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\s*(?:(?:Настоящ\w+\s+)?(?:Резолюци|Решени|Рекомендаци|Постановлени|Протокол|Документ|Указ)\w*"
    r"\s+(?:\w+\s+){0,4}?(?:принят|одобрен|утвержд|подписан|вступа|опубликов|размести|направи|довести)"
    r"|Принят[оаы]\s|За\s*[–—:-]\s*\d|Голосовали|Контроль\s+(?:за|над|исполнения|выполнения)"
    r"|Контроль\s.*(?:возложить|оставляю)|Информацию\s.*принять\s+к\s+сведению)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"\s*[А-ЯЁ][^.:;]{2,110}?(?:\s{3,}|_{3,}|\t|\s)\s*(?:[/(]\s*)?"
    r"(?:[А-ЯЁ]\.\s?[А-ЯЁ]?\.?\s?[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?|[А-ЯЁ][а-яё]+\s[А-ЯЁ]\.\s?[А-ЯЁ]\.)"
    r"(?:\s*,\s*[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+)*\s*[)/]?\s*$"
)
_OFFICES = re.compile(
    r"\s*(?:со)?(?:председател|секретар|начальник|директор|руководител|заведующ|президент|ведущ"
    r"|модератор|протокол|глава|министр|заместител|ректор|методист|подпис|и\.?\s?о\.)\w*",
    re.IGNORECASE,
)
THEME = re.compile(
    r"\s*(?:Направлени[ея]|Раздел|Блок|Секция|Площадка|Тематическ\w+|Часть)\s*"
    r"(?:№?\s*[\dIVX]+|[«:.–—-])",
    re.IGNORECASE,
)
_JOINT = re.compile(r"(?:,\s*(?:а\s+также|и)\s+|\s+(?:а\s+также|и)\s+)(?=(?:не\s+)?([^\W\d_]+))")
ENDED = re.compile(r"[.;!?:]\s*[»)]?\s*$")


def looks_like_item(text: str) -> bool:
    """Tell whether a line may be a recommendation under a heading."""
    if not text.strip():
        return False
    if read_mark(text) is not None or begins_with_action(text) or is_labelled(text):
        return True
    lowered = text.lstrip()[:1].islower() and text.rstrip().endswith((";", "."))
    return lowered or (len(text) < 90 and (says_when(text) or bool(THEME.match(text))))


def is_signature(text: str) -> bool:
    """Tell whether a line is an office and a name: «Председатель   С.П. Дорохов»."""
    if len(text) > 200 or not _SIGNATURE.match(text):
        return False
    return bool(_OFFICES.match(text) or re.search(r"\s{3,}|_{3,}|\t", text.strip()))


def clauses(text: str) -> list[int]:
    """Return where further actions of one sentence begin: «…, а также провести …»."""
    cuts, begin = [], 0
    quoted = [found.span() for found in re.finditer(r"«[^»]*»|\"[^\"]*\"|\([^()]*\)", text)]
    for joint in _JOINT.finditer(text):
        inside = any(a <= joint.start() < b for a, b in quoted)
        if inside or not is_infinitive(joint[1]) or len(text[begin : joint.start()].split()) < 3:
            continue
        begin = joint.start() + (1 if text[joint.start()] == "," else 0)
        cuts.append(begin)
    return cuts


def mark_alone(text: str) -> bool:
    """Tell whether a line is a number and nothing else."""
    mark = read_mark(text)
    return mark is not None and mark.number is not None and mark.end >= len(text)
