"""The numbers of lists in .odt, which the file does not contain: LibreOffice counts them.

A list names a style with a form for each level. It begins anew, or continues an earlier list of
the same style (``continue-numbering``) or one it names (``continue-list``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from resolutions.recognition.readers.archive import whole
from resolutions.recognition.readers.numerals import bullet, numeral, without_private_signs

_LEVELS = 10
_PLACE = re.compile("%([0-9]{1,2})%")
_STYLES = {
    "": "none",
    "1": "decimal",
    "01": "decimalZero",
    "01, 02, 03, ...": "decimalZero",
    "i": "lowerRoman",
    "I": "upperRoman",
    "a": "lowerLetter",
    "A": "upperLetter",
}


@dataclass(frozen=True, slots=True)
class _Level:
    style: str = "none"
    form: str = ""  # «%1%.%2%.»
    start: int = 1
    bullet: str = ""


@dataclass(slots=True)
class _Count:
    """How far each level of a running list has come; None: not begun."""

    values: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass(slots=True)
class ListItem:
    """An item of a list; its first paragraph carries the number (``counted`` thereafter)."""

    count: _Count
    level: int
    style: str
    start: int | None = None
    counted: bool = False


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list that is being read; gives its items."""

    count: _Count
    level: int
    style: str

    def item(self, element: Element) -> ListItem:
        """Return a numbered item; it may have a style of its own, and still counts here."""
        start = element.get("start-value")
        style = element.get("style-override") or self.style
        return ListItem(self.count, self.level, style, None if start is None else whole(start))

    def header(self) -> ListItem:
        """Return an item without a number."""
        return ListItem(self.count, self.level, self.style, counted=True)


class Lists:
    """Counts through one document."""

    def __init__(self, roots: list[Element | None]) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._outline: dict[int, _Level] = {}
        for root in reversed(roots):
            for style in [] if root is None else root.iter("list-style"):
                self._levels[style.get("name", "")] = dict(_levels(style))
            for style in [] if root is None else root.iter("outline-style"):
                self._outline = dict(_levels(style))
        self._named: dict[str, _Count] = {}
        self._latest: dict[str, _Count] = {}
        self._last: _Count | None = None
        self._headings = _Count()

    def open(self, element: Element, outer: ListItem | None) -> OpenList:
        """Begin to read a list: an inner one counts with its outer one, another anew or goes on."""
        style = element.get("style-name", "")
        if outer is not None:
            return OpenList(outer.count, min(outer.level + 1, _LEVELS - 1), style or outer.style)
        count = self._continued(element, style) or _Count()
        self._named[element.get("id", "")] = count
        self._latest[style] = self._last = count
        return OpenList(count, 0, style)

    def _continued(self, element: Element, style: str) -> _Count | None:
        named = element.get("continue-list")
        if named is not None:
            return self._named.get(named)
        if element.get("continue-numbering") == "true":
            return self._latest.get(style) if style else self._last
        return None

    def next_number(self, item: ListItem, own_style: str) -> str:
        """Count an item and return what is printed before it; ``own_style`` is its paragraph's."""
        levels = self._levels.get(item.style or own_style, {})
        return _next(levels, item.count.values, item.level, item.start)

    def next_heading(self, level: int) -> str:
        """Count a heading of the outline; "" where the outline has no numbers."""
        if level >= _LEVELS:
            return ""
        return _next(self._outline, self._headings.values, level, None)


def _next(
    levels: dict[int, _Level], values: list[int | None], place: int, start: int | None
) -> str:
    own, level = values[place], levels.get(place, _Level())
    for above in range(place):
        if values[above] is None:
            values[above] = levels.get(above, _Level()).start
    if start is not None:
        values[place] = start
    else:
        values[place] = level.start if own is None else own + 1
    values[place + 1 :] = [None] * (_LEVELS - place - 1)
    if level.bullet:
        return level.bullet

    def written(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        if not 0 <= index < _LEVELS:
            return ""
        shown = levels.get(index, _Level())
        value = values[index]
        return numeral(shown.start if value is None else value, shown.style)

    if level.style == "none":  # a label without a number shows its words only, if any
        return _PLACE.sub("", level.form).strip(". ") and _PLACE.sub("", level.form).strip()
    return without_private_signs(_PLACE.sub(written, level.form).strip())


def _levels(style: Element) -> Iterator[tuple[int, _Level]]:
    for element in style:
        place = whole(element.get("level"), 1) - 1
        if element.tag == "list-level-style-bullet":
            yield place, _Level(bullet=bullet(element.get("bullet-char", "•")))
        elif element.tag in ("list-level-style-number", "outline-level-style"):
            letters = element.get("num-format", "")
            yield (
                place,
                _Level(
                    _STYLES.get(letters) or _russian(letters),
                    _form(element, place),
                    whole(element.get("start-value"), 1),
                ),
            )


def _russian(letters: str) -> str:
    """Name the style of «А, Б, .., Аа, Аб, ... (ru)»; anything else is digits."""
    if letters[:1] == "а":
        return "russianLower"
    return "russianUpper" if letters[:1] == "А" else "decimal"


def _form(element: Element, place: int) -> str:
    """Return the form of a level: the newer files say it, the older give its parts."""
    said = element.get("num-list-format")
    if said is not None:
        return said
    if not element.get("num-format"):
        return f"{element.get('num-prefix', '')}{element.get('num-suffix', '')}"
    shown = min(place + 1, max(1, whole(element.get("display-levels"), 1)))
    numbers = ".".join(f"%{level}%" for level in range(place + 2 - shown, place + 2))
    return f"{element.get('num-prefix', '')}{numbers}{element.get('num-suffix', '')}"
