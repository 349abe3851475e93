"""Where an addressee stands: in a heading of its own, at the beginning of a sentence, in prose.

«1. Управлению образования:», «Рекомендовать главам районов», «… главам администраций
необходимо:», «Просить Законодательное Собрание края:», «3. Школам (по согласованию)».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from resolutions.recognition.addressees import Addressee, read_addressee
from resolutions.recognition.marks import read_mark
from resolutions.recognition.words import is_finite, is_infinitive

# A verb that hands over, and the case of whom it hands over to.
_VERBS = (
    (
        r"обратить?ся\s+(?:с\s+\w+(?:\s+\w+)?\s+)?(?:во?)|обращаются\s+(?:с\s+\w+\s+)?(?:во?)"
        r"|направить\s+(?:предложени\w+|обращени\w+|ходатайств\w+)\s+во?"
        r"|(?:по)?просить|просят|просит|обязать|обязывает|ходатайствовать\s+перед",
        "accs",
    ),
    (
        r"(?:обратить?ся|обращаются|обращается)\s+(?:с\s+\w+(?:\s+\w+)?\s+)?ко?"
        r"|(?:по)?рекомендовать|рекомендуют|рекомендует|рекомендовано|рекомендуется|рекомендуем"
        r"|предложить|предлагают|предлагает|предлагается|поручить|поручает|поручается|поручают"
        r"|указать|считать\s+необходимым|советовать|вменить(?:\s+в\s+обязанность)?|адресовать",
        "datv",
    ),
)
_VERB = re.compile("|".join(rf"(?P<{case}>{verbs})" for verbs, case in _VERBS), re.IGNORECASE)
_NEED = re.compile(
    r"\b(?:необходимо|следует|надлежит|надо|рекомендуется|предлагается|поручается|рекомендовать"
    r"|поручить|предложить)(?:\s+следующее)?\s*:\s*$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?<!\w)(?:по|ко?|согласно|благодаря|вопреки)\s+$", re.IGNORECASE)
_LONGEST = 400  # letters of an addressee
_WIDEST = 3 * _LONGEST  # with brackets behind it; longer stretches are no headings, and costly
# «Раздел I. Школам»
_PART = re.compile(r"(?:раздел|блок|часть)\s+(?:[IVX]+|\d+)\s*[.:)–—-]\s*", re.IGNORECASE)
_TOWARDS = re.compile(r"ко?\s+(?=[^\W\d_])", re.IGNORECASE)
_TAIL = re.compile(r"[\s:.,;–—-]+$")
_BRACKET_AT_END = re.compile(r"\s*\([^()]*\)\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_QUOTED = re.compile(r"«[^»]*(?:«[^»]*»[^»]*)*»|\"[^\"]*\"|\([^()]*\)")
_WITH_OFFER = re.compile(
    r"\s*,?\s*(?:с\s+(?:предложени\w+|просьб\w+|инициатив\w+|ходатайств\w+)|о\s+том,\s*чтобы)"
    r"\s*:?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """An addressee's words at ``[start, end)`` of a text."""

    start: int
    end: int
    behind: int  # where the text behind the heading begins: after its colon, bracket and dash
    colon: bool
    sure: bool
    verb: bool
    marked: bool


@lru_cache(maxsize=512)
def heading_of(text: str) -> Heading | None:
    """Read a text as a heading: nothing but an addressee, up to a colon or to the end."""
    mark = read_mark(text)
    start, case = _behind_verb(text, mark.end if mark else len(text) - len(text.lstrip()))
    if part := _PART.match(text, start):
        start = part.end()
    colon = _colon(text, start)
    if colon is not None and (towards := _TOWARDS.match(text, start)):
        start = towards.end()
    stop = len(text) if colon is None else colon
    if stop - start > _WIDEST:
        return None
    end = _words_end(text, start, stop)
    if end <= start or end - start > _LONGEST:
        return None
    found = _whole(text, start, end, case or "datv")
    if found is None:
        return _at_need(text, stop, colon)
    if offer := _WITH_OFFER.match(text, start + found.end):
        end = start + found.end if offer.end() >= end else end
    return Heading(
        start,
        end,
        len(text) if colon is None else colon + 1,
        colon is not None,
        found.sure or case is not None,
        case is not None,
        mark is not None,
    )


def sentence_addressee(text: str) -> tuple[Addressee, int] | None:
    """Read the addressee that a sentence begins with; an action must follow.

    Returns:
        The addressee, and the offset where it begins.
    """
    mark = read_mark(text)
    start, case = _behind_verb(text, mark.end if mark else len(text) - len(text.lstrip()))
    found = _named(text, start, case or "datv")
    if found is None or not (found.sure or mark or case or text[start : start + 1].isupper()):
        return None
    action = first_action(text, found.end)
    if action is None or re.search(r"[.;!?]\s+[А-ЯЁ]", text[found.end : action]):
        return None
    between = _WORD.findall(_QUOTED.sub(" ", text[found.end : action]))
    if any(is_finite(word) for word in between):
        return None  # «Участникам было предложено обсудить …»
    return found, start


def prose_addressee(text: str) -> tuple[int, int, int] | None:
    """Read «обратиться в … с предложением внести …»: the addressee, and where the action begins.

    Returns:
        Start and end of the addressee's words, and the offset of the action.
    """
    mark = read_mark(text)
    begin = mark.end if mark else len(text) - len(text.lstrip())
    start, case = _behind_verb(text, begin)
    if case is None or not text[begin : begin + 1].islower():
        return None
    found = _named(text, start, case)
    if found is None:
        return None
    offer = _WITH_OFFER.match(text, found.end)
    behind = offer.end() if offer else found.end
    action = first_action(text, behind)
    return (start, found.end, behind) if action is not None else None


def addressee_in_prose(text: str) -> tuple[int, int] | None:
    """Find «… форум рекомендует директорам школ усилить …» in a sentence of prose."""
    for verb in _VERB.finditer(text[:2000]):
        if not is_finite(verb[0].split()[0]):
            continue
        start = verb.end() + len(text[verb.end() :]) - len(text[verb.end() :].lstrip())
        found = read_addressee(text, start) if verb.lastgroup == "datv" else None
        if found is not None and found.sure:
            action = first_action(text, found.end)
            if action is not None and not re.search(r"[.:;]", text[found.end : action]):
                return start, found.end
    return None


def first_action(text: str, start: int = 0) -> int | None:
    """Return the offset of the first infinitive that is in no name and no bracket."""
    hidden = [found.span() for found in _QUOTED.finditer(text, start, start + 1500)]
    for word in _WORD.finditer(text, start, start + 1200):
        if is_infinitive(word[0]) and not any(a <= word.start() < b for a, b in hidden):
            return word.start()
    return None


def begins_with_action(text: str) -> bool:
    """Tell whether a text begins by saying what to do: «разработать», «не допускать»."""
    words = _WORD.findall(text[:200])[:2]
    if words and words[0].lower() == "не":
        words = words[1:]
    return bool(words) and is_infinitive(words[0])


def _behind_verb(text: str, start: int) -> tuple[int, str | None]:
    verb = _VERB.match(text, start)
    if verb is None or (verb.end() < len(text) and text[verb.end()].isalnum()):
        return start, None
    end = verb.end()
    return end + len(text[end:]) - len(text[end:].lstrip()), verb.lastgroup


def _colon(text: str, start: int) -> int | None:
    hidden = [found.span() for found in _QUOTED.finditer(text, start, start + 600)]
    for found in re.finditer(r":(?!\d)", text[start : start + 600]):
        at = start + found.start()
        if not any(a <= at < b for a, b in hidden):
            return at
    return None


def _words_end(text: str, start: int, stop: int) -> int:
    """Return where the words end: without bracket, dash and punctuation."""
    end = stop
    while True:
        shorter = _TAIL.sub("", text[start:end])
        if not re.search(r"[А-ЯЁ]\.$", text[start : start + len(shorter) + 1]):
            end = start + len(shorter)
        else:
            end = start + len(shorter) + 1
        bracket = _BRACKET_AT_END.search(text, start, end)
        if not bracket:
            return end
        end = bracket.start()


def _named(text: str, start: int, case: str) -> Addressee | None:
    found = read_addressee(text, start, case=case)
    if found is None and case == "accs":
        found = _in_nominative(text, start)
    return found


def _in_nominative(text: str, start: int) -> Addressee | None:
    """Read an addressee whose accusative is the nominative: up to an action or an offer."""
    offer = _WITH_OFFER.search(text, start)
    action = first_action(text, start)
    ends = [each for each in (offer and offer.start(), action, _colon(text, start)) if each]
    end = min(ends, default=len(text))
    words = text[start:end].rstrip(" ,;:–—-.")
    if not words or len(words) > 250 or not words[0].isalpha():
        return None
    return Addressee(start + len(words), words, False, True)


def _whole(text: str, start: int, end: int, case: str) -> Addressee | None:
    """Read an addressee that fills ``[start, end)``."""
    words = text[start:end]
    if re.search(r"[.;!?]\s+[А-ЯЁа-яё]{3,}", words):
        return None
    found = _named(words, 0, case)
    if found is None:
        return None
    rest = words[found.end :]
    if any(is_infinitive(word) or is_finite(word) for word in _WORD.findall(rest)):
        return None
    # «Управлению образования (Иванова И.И.), комитету …»: what is left belongs to it, if short.
    return found if len(rest.strip()) <= 60 or found.end > len(words) * 0.5 else None


def _at_need(text: str, stop: int, colon: int | None) -> Heading | None:
    """Read «Для этого главам районных администраций необходимо:»."""
    need = _NEED.search(text, max(0, stop - 60), stop + 1) if colon is not None else None
    if need is None:
        return None
    for word in _WORD.finditer(text, max(0, need.start() - 250), need.start()):
        if _PREPOSITION.search(text[max(0, word.start() - 14) : word.start()]):
            continue
        found = read_addressee(text[: need.start()], word.start())
        if found and found.sure and not text[found.end : need.start()].strip(" ,–—-"):
            return Heading(word.start(), found.end, stop + 1, True, True, True, False)
    return None


def led_heading(text: str) -> Heading | None:
    """Read «Участники форума рекомендуют Министерству образования:»: the end of a lead-in."""
    if not text.rstrip().endswith(":"):
        return None
    stop = len(text.rstrip()) - 1
    for verb in reversed(list(_VERB.finditer(text, max(0, stop - 400), stop))):
        if verb.start() == 0 or text[verb.start() - 1].isalnum() or not text[verb.end()].isspace():
            continue
        start = verb.end() + len(text[verb.end() :]) - len(text[verb.end() :].lstrip())
        end = _words_end(text, start, stop)
        found = _whole(text, start, end, verb.lastgroup or "datv") if end > start else None
        if found is not None and found.sure and verb.lastgroup == "datv":
            return Heading(start, end, stop + 1, True, True, True, False)
    return None
