"""Undo hyphenation where a line ends in «-»: «образо-|вания», but «научно-|методический».

The document itself knows best: a word that stands elsewhere in one of the two forms has it here.
Else it is the form of the two halves, and whether the document is hyphenated at all: Word does not
unless it is told to, and then a hyphen at the end of a line is a real one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)[-\u00ad\u2010]$")
_TIED = re.compile(r"(\w)-$")
_FIRST = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHENATED = 0.08  # of the lines, in a document whose program breaks words
_LONG = 25  # lines that tell whether a document is hyphenated
_WHOLE_WORD = 8  # letters: broken words leave fewer, «педагог-|психолог» leaves a word
_ADJECTIVE = re.compile(
    r"(?:[ыио]й|[ая]я|[ое]е|[ыи]е|[ое]го|[ое]му|[ыи]х|[ыи]м|[ыи]ми|[ое]м|[ое]й|ую|юю|[оеы]?н[аоы]?)$"
)
_BEFORE = frozenset(("кое", "кой", "по", "во", "вице", "экс", "пресс", "онлайн", "интернет", "веб"))
_BEHIND = frozenset(("то", "либо", "нибудь", "таки", "ка"))


class Hyphens:
    """Joins lines of one document; looks at all its words once."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        broken = total = 0
        for line in lines:
            total += 1
            broken += bool(_LAST.search(line))
            self._words.update(_WORD.findall(line.lower()))
        self._hyphenated = broken > _HYPHENATED * total
        self._long = total >= _LONG

    def join(self, text: str, line: str) -> str:
        """Return the text with one more line, with a space, a hyphen or nothing between."""
        if not text:
            return line
        last, first = _LAST.search(text), _FIRST.match(line)
        if first and text[-1] == "\u00ad":  # never seen but where a word is broken
            return f"{text[:-1]}{line}"
        if first and last and line[0].islower():
            keeps = self._keeps(last["word"].lower(), first[0].lower())
            return f"{text[:-1]}{'-' if keeps else ''}{line}"
        tied = _TIED.search(text)
        if tied and (line[0].isupper() or line[0].isdigit() > tied[1].islower()):
            return f"{text}{line}"  # «Санкт-|Петербург», «2021-|2022», not «очно-| 30 человек»
        return f"{text} {line}"

    def _keeps(self, before: str, after: str) -> bool:
        if f"{before}-{after}" in self._words:
            return True
        if f"{before}{after}" in self._words:
            return False
        if after in _BEHIND or before in _BEFORE:
            return True
        if before.endswith(("о", "е")) and len(before) > 3 and _ADJECTIVE.search(after):
            return True
        return not self._hyphenated if self._long else len(after) >= _WHOLE_WORD
