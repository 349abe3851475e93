"""Read .odt: paragraphs as LibreOffice shows them, over content.xml and styles.xml.

Tracked deletions stand apart in the file and are simply not read, so that changes come out as
accepted. Headers and footers are running heads and are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from resolutions.recognition.readers.archive import Archive, whole
from resolutions.recognition.readers.numerals import without_private_signs
from resolutions.recognition.readers.odt_lists import ListItem, Lists
from resolutions.recognition.readers.refusals import Unreadable
from resolutions.recognition.structure import Cell, Paragraph

_ALIGNMENTS = {"start": "left", "left": "left", "center": "center", "end": "right"}
_ALIGNMENTS |= {"right": "right", "justify": "justify"}
_LONGEST_CHAIN = 20
_MANY_SPACES = 200
# What stands inside a paragraph and is no part of what one reads there.
_GONE = frozenset({"annotation", "annotation-end", "tracked-changes", "ruby-text", "title", "desc"})


def paragraphs(archive: Archive) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text document: text boxes behind their anchor, notes at the end.

    Raises ``Unreadable``.
    """
    manifest = archive.part("META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise Unreadable("password")
    content, styles = archive.tree("content.xml"), archive.tree("styles.xml")
    body = None if content is None else content.find("body/text")
    if content is None or body is None:
        raise Unreadable("damaged")
    walk = _Walk(_Looks([content, styles]), Lists([content, styles]))
    yield from walk.blocks(body)
    yield from walk.notes()


class _Looks:
    """Boldness, alignment and list of the named styles, with what each is based on."""

    def __init__(self, roots: list[Element | None]) -> None:
        self._styles = {
            (style.get("family", ""), style.get("name", "")): style
            for root in reversed(roots)
            for style in ([] if root is None else root.iter("style"))
        }

    def said(self, family: str, name: str, properties: str, attribute: str) -> str | None:
        """Return an attribute of a style's properties, from the nearest style that sets it."""
        for _depth in range(_LONGEST_CHAIN):
            style = self._styles.get((family, name))
            if style is None:
                return None
            holder = style if not properties else style.find(properties)
            found = None if holder is None else holder.get(attribute)
            if found is not None:
                return found
            name = style.get("parent-style-name", "")
        return None

    def bold(self, family: str, name: str) -> bool | None:
        """Return whether a style says bold, or not bold; None where it is silent."""
        weight = self.said(family, name, "text-properties", "font-weight")
        return None if weight is None else weight in ("bold", "600", "700", "800", "900")

    def hidden(self, family: str, name: str) -> bool:
        """Whether the letters of a style are not shown."""
        return self.said(family, name, "text-properties", "display") == "none"


@dataclass(slots=True)
class _Line:
    """The paragraph that is being collected."""

    texts: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    def add(self, text: str | None, bold: bool) -> None:
        """Add words; white space of the file itself is one space, as XML editors break lines."""
        if text:
            self.texts.append(text)
            if text.strip():
                self.bold.append(bold)


class _Walk:
    """One pass over the document, in its order: numbering counts on the way."""

    def __init__(self, looks: _Looks, lists: Lists) -> None:
        self._looks = looks
        self._lists = lists
        self._tables = 0
        self._cell: Cell | None = None
        self._aside = ""
        self._notes: list[Element] = []

    def blocks(self, parent: Element, item: ListItem | None = None) -> Iterator[Paragraph]:
        """Yield the paragraphs of a body, section, cell, list item, text box or note."""
        for element in parent:
            tag = element.tag
            if tag in ("p", "h"):
                yield from self._paragraph(element, item)
            elif tag == "list":
                yield from self._list(element, item)
            elif tag == "table":
                yield from self._table(element)
            elif tag == "frame":  # anchored to the page, not to a paragraph
                yield from self._boxes(_text_boxes([element]))
            elif tag not in _GONE:  # sections, tables of contents
                yield from self.blocks(element, item)

    def notes(self) -> Iterator[Paragraph]:
        """Yield the notes met on the way, the citation as the number of the first paragraph."""
        self._cell, self._aside = None, "footnote"
        while self._notes:
            note = self._notes.pop(0)
            body = note.find("note-body")
            found = [] if body is None else list(self.blocks(body))
            for index, each in enumerate(found):
                number = each.number if index else (note.findtext("note-citation") or "").strip()
                yield Paragraph(
                    each.text.lstrip(), number, 0, each.bold, each.alignment, None, "footnote"
                )

    def _paragraph(self, element: Element, item: ListItem | None) -> Iterator[Paragraph]:
        style = element.get("style-name", "")
        line = _Line()
        bold = bool(self._looks.bold("paragraph", style))
        self._inline(element, bold, line)
        number, level = self._number(element, style, item)
        aligned = self._looks.said("paragraph", style, "paragraph-properties", "text-align") or ""
        text = without_private_signs("".join(line.texts))
        yield Paragraph(
            text, number, level, bool(line.bold) and all(line.bold),
            _ALIGNMENTS.get(aligned, ""), self._cell, self._aside,
        )  # fmt: skip
        yield from self._boxes(line.boxes)

    def _number(self, element: Element, style: str, item: ListItem | None) -> tuple[str, int]:
        """Count: in a list once for each item, and headings by the outline's own numbering."""
        if item is not None:
            if item.counted:
                return "", item.level
            item.counted = True
            own = self._looks.said("paragraph", style, "", "list-style-name") or ""
            return self._lists.next_number(item, own), item.level
        if element.tag == "h":
            level = max(0, whole(element.get("outline-level"), 1) - 1)
            named = self._looks.said("paragraph", style, "", "list-style-name")
            if named != "" and element.get("is-list-header") != "true":
                return self._lists.next_heading(level), level
        return "", 0

    def _list(self, element: Element, outer: ListItem | None) -> Iterator[Paragraph]:
        run = self._lists.open(element, outer)
        for each in element:
            if each.tag == "list-item":
                yield from self.blocks(each, run.item(each))
            elif each.tag == "list-header":
                yield from self.blocks(each, run.header())

    def _table(self, table: Element) -> Iterator[Paragraph]:
        outer, index = self._cell, self._tables
        self._tables += 1
        for row, element in enumerate(_rows(table)):
            column = 0
            for cell in element:
                if cell.tag in ("table-cell", "covered-table-cell"):
                    self._cell = Cell(index, row, column)
                    yield from self.blocks(cell)
                    column += min(100, max(1, whole(cell.get("number-columns-repeated"), 1)))
        self._cell = outer

    def _boxes(self, boxes: list[Element]) -> Iterator[Paragraph]:
        aside, self._aside = self._aside, "textbox"
        for box in boxes:
            yield from self.blocks(box)
        self._aside = aside

    def _inline(self, parent: Element, bold: bool, line: _Line) -> None:
        line.add(parent.text, bold)
        for element in parent:
            self._sign(element, bold, line)
            line.add(element.tail, bold)

    def _sign(self, element: Element, bold: bool, line: _Line) -> None:
        tag = element.tag
        if tag == "s":
            line.add(" " * min(_MANY_SPACES, max(1, whole(element.get("c"), 1))), bold)
        elif tag == "tab":
            line.add("\t", bold)
        elif tag == "line-break":
            line.add("\n", bold)
        elif tag == "note":
            self._notes.append(element)
        elif tag in ("frame", "custom-shape", "rect", "g"):
            line.boxes += _text_boxes([element])
        elif tag == "span":
            name = element.get("style-name", "")
            if not self._looks.hidden("text", name):
                said = self._looks.bold("text", name)
                self._inline(element, bold if said is None else said, line)
        elif tag not in _GONE:  # links, fields, bookmarks, marks of changes
            self._inline(element, bold, line)


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        if each.tag == "table-row":
            yield each
        elif each.tag in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(each)


def _text_boxes(drawn: list[Element]) -> list[Element]:
    """Return the outermost boxes with words; a shape holds its words itself."""
    found: list[Element] = []
    for element in drawn:
        if element.tag == "text-box" or element.find("p") is not None:
            found.append(element)
        elif element.tag not in _GONE:
            found += _text_boxes(list(element))
    return found
