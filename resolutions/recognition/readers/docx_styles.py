"""What the styles of a .docx say of a paragraph: numbering, boldness, alignment."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from resolutions.recognition.readers.archive import whole

_ALIGNMENTS = {
    "left": "left",
    "start": "left",
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "justify",
    "distribute": "justify",
}
_LONGEST_CHAIN = 20  # Word itself stops at 11 styles


def value_of(element: Element | None, path: str) -> str | None:
    """Return the ``val`` of a property below ``element``; None where it is not set."""
    found = None if element is None else element.find(path)
    return None if found is None else found.get("val")


def is_on(element: Element | None, path: str) -> bool | None:
    """Return what a switch such as ``b`` says: present without a value is on, None is silence."""
    found = None if element is None else element.find(path)
    return None if found is None else found.get("val", "1") not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Look:
    """What a style, or a paragraph over its style, says; None and "" where it is silent."""

    bold: bool | None = None
    alignment: str = ""
    number_id: str | None = None
    level: int | None = None

    def over(self, below: Look) -> Look:
        """Return this look where it speaks, and the one below where it is silent."""
        return Look(
            below.bold if self.bold is None else self.bold,
            self.alignment or below.alignment,
            below.number_id if self.number_id is None else self.number_id,
            below.level if self.level is None else self.level,
        )


def look_of(properties: Element | None, letters: Element | None) -> Look:
    """Read paragraph properties (``pPr``) and the letters' properties (``rPr``)."""
    level = value_of(properties, "numPr/ilvl")
    return Look(
        is_on(letters, "b"),
        _ALIGNMENTS.get(value_of(properties, "jc") or "", ""),
        value_of(properties, "numPr/numId"),
        None if level is None else whole(level),
    )


class Styles:
    """The styles of a document, each with what it is based on."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._looks: dict[str, Look] = {}
        self._default = ""
        for style in [] if root is None else root.iter("style"):
            name = style.get("styleId", "")
            self._elements[name] = style
            if style.get("type") == "paragraph" and style.get("default") in ("1", "true", "on"):
                self._default = name

    def look(self, name: str | None) -> Look:
        """Return the look of a style with all it is based on; unknown names are the default's."""
        name = name if name in self._elements else self._default
        if name not in self._looks:
            self._looks[name] = self._resolved(name)
        return self._looks[name]

    def letters_bold(self, name: str | None) -> bool | None:
        """Return what a style of letters says of boldness."""
        return self.look(name).bold if name in self._elements else None

    def list_number(self, name: str) -> str | None:
        """Return the numbering a list style stands for (``numStyleLink`` leads here)."""
        return value_of(self._elements.get(name), "pPr/numPr/numId")

    def _resolved(self, name: str) -> Look:
        found = Look()
        for _depth in range(_LONGEST_CHAIN):
            style = self._elements.get(name)
            if style is None:
                break
            found = found.over(look_of(style.find("pPr"), style.find("rPr")))
            name = value_of(style, "basedOn") or ""
        return found
