"""What stands behind a recommendation in its own paragraph: «… . Срок: …», «(отв.: …, срок: …)».

A deadline inside the sentence stays in it; one behind its full stop, in a bracket with the
responsible, or in the brackets that a paper uses throughout, stands apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from resolutions.recognition.deadlines import understand
from resolutions.recognition.mentions import PERSON, TERM, term_words
from resolutions.recognition.structure import Role

_BRACKET = re.compile(r"(?P<ended>[.!?]?)\s*(?P<bracket>\((?P<inner>[^()]*)\))\s*[.;,]?\s*$")
_BEHIND = re.compile(
    r"(?<=[.!?;»)])\s*(?=(?:в\s+)?сроки?(?:\s+(?:ис|вы)полнения|\s+реализации)?\s*(?:[:–—-]|до\s)"
    r"|отв\.?\s*[:–—-]|отв\.\s|ответственн\w+(?:\s+исполнител\w+|\s+за\s+\w+)?\s*[:–—-]"
    r"|исполнител[ьи]\s*[:–—-])",
    re.IGNORECASE,
)
_LABEL_STARTS = re.compile(
    r"(?<![\w])(?=(?:в\s+)?срок(?:и)?\b|отв\b|ответственн|исполнител[ьи]\s*[:–—-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Part:
    """A labelled stretch ``[start, end)`` of a text."""

    start: int
    end: int
    role: Role


def uses_brackets(texts: Iterable[str]) -> bool:
    """Tell whether a paper writes its deadlines and responsible in brackets throughout."""
    texts = [text for text in texts if text.strip()]
    brackets = [found for text in texts if (found := _BRACKET.search(text[-400:]))]
    named = sum(_has_person(found["inner"]) for found in brackets)
    timed = sum(_is_term(found["inner"]) for found in brackets)
    return (named > 0 or timed >= 3) and named + timed >= 0.6 * len(texts)


def tail_of(text: str, *, in_brackets: bool) -> list[Part]:
    """Return the labelled parts that stand behind a recommendation; none for most.

    Args:
        text: the paragraph, number and all.
        in_brackets: what ``uses_brackets`` says of the paper.
    """
    behind = _BEHIND.search(text)
    bracket = _BRACKET.search(text[-400:])
    at = len(text) - len(text[-400:])
    if bracket and (behind is None or at + bracket.start("bracket") < behind.end()):
        apart = bracket["ended"] or in_brackets
        if _has_person(bracket["inner"]) or (apart and _is_term(bracket["inner"])):
            return labelled(text, at + bracket.start("bracket"))
    if behind is not None and behind.start() > 0:
        return labelled(text, behind.end())
    return []


def labelled(text: str, start: int = 0) -> list[Part]:
    """Part a stretch of labels: «Отв. – Иванов И.И., срок – до 1 мая.»."""
    starts = []
    for found in _LABEL_STARTS.finditer(text, start):
        if role := _role_at(text, found.start()):
            starts.append((found.start(), role))
    starts = [pair for i, pair in enumerate(starts) if not i or pair[1] is not starts[i - 1][1]]
    if not starts:
        return [Part(start, len(text), Role.DEADLINE)]
    edges = [start, *(at for at, _ in starts[1:]), len(text)]
    return [Part(edges[i], edges[i + 1], role) for i, (_, role) in enumerate(starts)]


def is_labelled(text: str) -> bool:
    """Tell whether a whole paragraph is «Срок: …» or «Ответственный: …», in brackets or not."""
    inner = text.lstrip(" \t\u00a0(–—-•")
    return bool(TERM.match(inner) or PERSON.match(inner)) and len(text) < 400


def _role_at(text: str, at: int) -> Role | None:
    if TERM.match(text, at):
        return Role.DEADLINE
    return Role.RESPONSIBLE if PERSON.match(text, at) else None


def _has_person(inner: str) -> bool:
    return any(PERSON.match(inner, found.start()) for found in _LABEL_STARTS.finditer(inner))


def _is_term(inner: str) -> bool:
    return understand(term_words(inner)).understood
