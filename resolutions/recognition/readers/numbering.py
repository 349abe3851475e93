"""The numbers that a .docx does not contain: Word and LibreOffice count them when they show it.

A paragraph names a numbering (``w:num``) and a level. The numbering leads to an abstract one with
the form of each level («%1.%2.»), directly or through a list style. Paragraphs count together
when they share the abstract numbering, so that a list runs on behind a table; a ``startOverride``
begins anew, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from resolutions.recognition.readers.archive import whole
from resolutions.recognition.readers.docx_styles import Styles, is_on, value_of
from resolutions.recognition.readers.numerals import BULLET, bullet, numeral, without_private_signs

_LEVELS = 9
_PLACE = re.compile("%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: ``form`` is «%1.%2.», ``restart`` the level (from 1) that restarts it.

    ``restart`` is None where every higher level does, 0 where none does.
    """

    form: str = ""
    style: str = "decimal"
    start: int = 1
    restart: int | None = None
    legal: bool = False  # all numbers in digits: «1.1» under «I.»
    paragraph_style: str = ""


@dataclass(slots=True)
class _Counters:
    """How far each level of an abstract numbering has come; None: not begun."""

    values: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass(frozen=True, slots=True)
class _Numbering:
    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """Counts through one document; ``next_number`` is called once for each numbered paragraph."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstracts: dict[str, Element] = {}
        self._elements: dict[str, Element] = {}
        for each in [] if root is None else root:
            if each.tag == "abstractNum":
                self._abstracts[each.get("abstractNumId", "")] = each
            elif each.tag == "num":
                self._elements[each.get("numId", "")] = each
        self._numberings: dict[str, _Numbering | None] = {}
        self._counters: dict[str, _Counters] = {}
        self._begun: set[tuple[str, int]] = set()

    def level_for_style(self, number_id: str, style: str) -> int | None:
        """Return the level that a paragraph style is linked to in a numbering."""
        numbering = self._numbering(number_id)
        for place, level in numbering.levels.items() if numbering else ():
            if level.paragraph_style == style:
                return place
        return None

    def next_number(self, number_id: str, place: int) -> str:
        """Count one paragraph at level ``place`` (from 0) and return what is printed before it."""
        numbering = self._numbering(number_id)
        if numbering is None or not 0 <= place < _LEVELS:
            return ""
        values = self._counters.setdefault(numbering.abstract, _Counters()).values
        levels = numbering.levels
        self._begin(number_id, numbering, place, values)
        for above in range(place):
            if values[above] is None:
                values[above] = levels.get(above, Level()).start
        own = values[place]
        values[place] = levels.get(place, Level()).start if own is None else own + 1
        for below in range(place + 1, _LEVELS):
            restart = levels.get(below, Level()).restart
            if restart is None or place < restart:
                values[below] = None
        return _printed(levels.get(place, Level()), levels, values)

    def _begin(
        self, number_id: str, numbering: _Numbering, place: int, values: list[int | None]
    ) -> None:
        """Start anew where this numbering is met for the first time and says so."""
        for above in range(place + 1):
            if above in numbering.starts and (number_id, above) not in self._begun:
                start = numbering.starts[above]
                values[above] = start - 1 if above == place else start
            self._begun.add((number_id, above))

    def _numbering(self, number_id: str) -> _Numbering | None:
        if number_id not in self._numberings:
            self._numberings[number_id] = self._resolved(number_id)
        return self._numberings[number_id]

    def _resolved(self, number_id: str) -> _Numbering | None:
        element = self._elements.get(number_id)
        abstract = self._abstracts.get(value_of(element, "abstractNumId") or "")
        if element is None or abstract is None:
            return None
        abstract = self._linked(abstract)
        levels = dict(_levels(abstract.findall("lvl")))
        levels |= dict(_levels(element.findall("lvlOverride/lvl")))
        starts = {
            whole(each.get("ilvl")): whole(value_of(each, "startOverride"))
            for each in element.findall("lvlOverride")
            if value_of(each, "startOverride") is not None
        }
        return _Numbering(abstract.get("abstractNumId", ""), levels, starts)

    def _linked(self, abstract: Element) -> Element:
        """Follow ``numStyleLink`` through the list style to the levels themselves."""
        style = value_of(abstract, "numStyleLink")
        if style is None:
            return abstract
        element = self._elements.get(self._styles.list_number(style) or "")
        linked = self._abstracts.get(value_of(element, "abstractNumId") or "")
        if linked is not None and linked.find("lvl") is not None:
            return linked
        for each in self._abstracts.values():
            if value_of(each, "styleLink") == style:
                return each
        return abstract


def _levels(elements: Iterable[Element]) -> Iterator[tuple[int, Level]]:
    for element in elements:
        styles = [each.get("val", "") for each in element.iter("numFmt")]
        restart = value_of(element, "lvlRestart")
        form = value_of(element, "lvlText") or ""
        if element.find("lvlPicBulletId") is not None:
            form = BULLET
        yield (
            whole(element.get("ilvl")),
            Level(
                form,
                next((each for each in styles if each != "custom"), "decimal"),
                whole(value_of(element, "start")),
                None if restart is None else whole(restart),
                bool(is_on(element, "isLgl")),
                value_of(element, "pStyle") or "",
            ),
        )


def _printed(level: Level, levels: dict[int, Level], values: list[int | None]) -> str:
    if level.style == "bullet":
        return bullet(level.form)

    def written(place: re.Match[str]) -> str:
        index = int(place[1]) - 1
        shown = levels.get(index, Level())
        value = values[index]
        style = "decimal" if level.legal and shown.style != "none" else shown.style
        return numeral(shown.start if value is None else value, style)

    return without_private_signs(_PLACE.sub(written, level.form).strip())
