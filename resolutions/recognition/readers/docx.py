"""Read .docx: paragraphs as Word shows them, over the XML itself.

Not through python-docx: it gives neither automatic numbers nor insertions, text boxes, notes and
content controls, and reading the XML for those leaves nothing for it to do. Headers and footers
are running heads and are not read. Tracked changes are taken as accepted, hidden text as absent.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from resolutions.recognition.readers.archive import Archive, whole
from resolutions.recognition.readers.docx_styles import Look, Styles, is_on, look_of, value_of
from resolutions.recognition.readers.numbering import Numbering
from resolutions.recognition.readers.numerals import without_private_signs
from resolutions.recognition.readers.refusals import Unreadable
from resolutions.recognition.structure import Cell, Paragraph

_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_GONE = frozenset({"del", "moveFrom", "rPr", "pPr", "instrText", "delText", "rt", "annotationRef"})
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_DRAWN = frozenset({"drawing", "pict", "object"})


def paragraphs(archive: Archive) -> Iterator[Paragraph]:
    """Yield the paragraphs of the body, each text box behind its anchor, notes at the end.

    ``archive`` is one whose main part is a word-processing document. Raises ``Unreadable``.
    """
    main = main_part(archive)
    root = archive.tree(main)
    body = None if root is None else root.find("body")
    if body is None:
        raise Unreadable("damaged")
    if body.find(".//altChunk") is not None:  # a document inside, which Word merges on saving
        raise Unreadable("web-page")
    folder = posixpath.dirname(main)
    styles = Styles(archive.tree(f"{folder}/styles.xml"))
    walk = _Walk(styles, Numbering(archive.tree(f"{folder}/numbering.xml"), styles))
    yield from walk.blocks(body)
    notes = {kind: archive.tree(f"{folder}/{kind}.xml") for kind in set(_NOTES.values())}
    yield from walk.notes(notes)


def main_part(archive: Archive) -> str:
    """Return the name of the document's main part; it need not be word/document.xml."""
    relations = archive.tree("_rels/.rels")
    for each in [] if relations is None else relations:
        if each.get("Type", "").endswith("/officeDocument"):
            return each.get("Target", "").lstrip("/")
    return "word/document.xml"


@dataclass(slots=True)
class _Line:
    """The paragraph that is being collected."""

    texts: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)  # of each run with letters
    boxes: list[Element] = field(default_factory=list)


class _Walk:
    """One pass over the document, in its order: numbering counts on the way."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._tables = 0
        self._cell: Cell | None = None
        self._aside = ""
        self._line = _Line()
        self._fields: list[bool] = []  # of each open field: are we in its instruction?
        self._noted: list[tuple[str, str]] = []  # kind and id, in order

    def blocks(self, parent: Element) -> Iterator[Paragraph]:
        """Yield the paragraphs of a body, cell, text box or note."""
        yield from self._blocks(parent)
        if self._line.texts or self._line.boxes:  # a last paragraph whose mark is deleted
            yield from self._closed(Look())

    def _blocks(self, parent: Element) -> Iterator[Paragraph]:
        for element in parent:
            tag = element.tag
            if tag == "p":
                yield from self._paragraph(element)
            elif tag == "tbl":
                yield from self._table(element)
            elif tag == "AlternateContent":
                yield from self._blocks(_chosen(element))
            elif tag not in _GONE:  # sdt, sdtContent, ins, moveTo, customXml …
                yield from self._blocks(element)

    def notes(self, trees: dict[str, Element | None]) -> Iterator[Paragraph]:
        """Yield the notes that the text refers to, numbered as they are met."""
        self._aside = "footnote"
        bodies = {
            (kind, each.get("id", "")): each
            for kind, root in trees.items()
            for each in ([] if root is None else root)
        }
        counts = dict.fromkeys(trees, 0)
        for kind, name in self._noted:
            counts[kind] += 1
            note = bodies.get((kind, name))
            found = [] if note is None else list(self.blocks(note))
            for index, each in enumerate(found):
                number = each.number if index else str(counts[kind])
                yield Paragraph(
                    each.text.lstrip(), number, each.level, each.bold, each.alignment, None,
                    "footnote",
                )  # fmt: skip

    def _paragraph(self, element: Element) -> Iterator[Paragraph]:
        properties = element.find("pPr")
        style = value_of(properties, "pStyle")
        base = self._styles.look(style)
        look = look_of(properties, None).over(base)
        self._inline(element, bool(base.bold))
        self._fields = [False for _open in self._fields]  # an instruction ends with its paragraph
        letters = None if properties is None else properties.find("rPr")
        mark = () if letters is None else {each.tag for each in letters}
        if "del" in mark or "moveFrom" in mark:
            return  # its words go on in the next paragraph
        yield from self._closed(self._placed(look, properties, style))

    def _placed(self, look: Look, properties: Element | None, style: str | None) -> Look:
        """Settle the level of a number that comes from a style: the level linked to the style."""
        if look.number_id and value_of(properties, "numPr/ilvl") is None:
            linked = self._numbering.level_for_style(look.number_id, style or "")
            if linked is not None:
                return Look(look.bold, look.alignment, look.number_id, linked)
        return look

    def _closed(self, look: Look) -> Iterator[Paragraph]:
        line, self._line = self._line, _Line()
        number, level = "", 0
        if look.number_id and look.number_id != "0":
            level = look.level or 0
            number = self._numbering.next_number(look.number_id, level)
        text = without_private_signs("".join(line.texts))
        bold = bool(line.bold) and all(line.bold)
        yield Paragraph(text, number, level, bold, look.alignment, self._cell, self._aside)
        if line.boxes:
            yield from self._boxes(line.boxes)

    def _boxes(self, boxes: list[Element]) -> Iterator[Paragraph]:
        aside, self._aside = self._aside, "textbox"
        for box in boxes:
            yield from self.blocks(box)
        self._aside = aside

    def _inline(self, parent: Element, bold: bool) -> None:
        """Collect the letters below a paragraph, hyperlink, insertion, content control."""
        for element in parent:
            tag = element.tag
            if tag == "r":
                self._run(element, bold)
            elif tag == "t":  # in formulas, whose runs are of another kind
                self._line.texts.append(element.text or "")
            elif tag == "AlternateContent":
                self._inline(_chosen(element), bold)
            elif tag in _DRAWN:
                self._line.boxes += _text_boxes(element)
            elif tag not in _GONE:
                self._inline(element, bold)

    def _run(self, run: Element, bold: bool) -> None:
        properties = run.find("rPr")
        if is_on(properties, "vanish"):
            return
        said = is_on(properties, "b")
        if said is None:
            said = self._styles.letters_bold(value_of(properties, "rStyle"))
        self._contents(run, bold if said is None else said)

    def _contents(self, run: Element, bold: bool) -> None:
        for element in run:
            tag = element.tag
            if tag == "fldChar":
                self._field(element.get("fldCharType", ""))
            elif tag in _NOTES:
                self._noted.append((_NOTES[tag], element.get("id", "")))
            elif tag in _DRAWN:
                self._line.boxes += _text_boxes(element)
            elif tag == "AlternateContent":
                self._contents(_chosen(element), bold)
            elif tag == "ruby":
                self._inline(element, bold)
            elif not any(self._fields):
                self._written(element, bold)

    def _written(self, element: Element, bold: bool) -> None:
        text = _SIGNS.get(element.tag, "")
        if element.tag == "t":
            text = element.text or ""
        elif element.tag == "sym":
            text = _sign(element.get("char", ""))
        if text:
            self._line.texts.append(text)
            if text.strip():
                self._line.bold.append(bold)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _table(self, table: Element) -> Iterator[Paragraph]:
        outer, index = self._cell, self._tables
        self._tables += 1
        for row, element in enumerate(_rows(table)):
            column = whole(value_of(element, "trPr/gridBefore"))
            for cell in _cells(element):
                self._cell = Cell(index, row, column)
                yield from self.blocks(cell)
                column += max(1, whole(value_of(cell, "tcPr/gridSpan")))
        self._cell = outer


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows that are there when all changes are accepted."""
    for each in table:
        if each.tag == "tr":
            if each.find("trPr/del") is None:
                yield each
        elif each.tag not in _GONE:
            yield from _rows(each)


def _cells(row: Element) -> Iterator[Element]:
    for each in row:
        if each.tag == "tc":
            if each.find("tcPr/cellDel") is None:
                yield each
        elif each.tag not in _GONE and each.tag != "trPr":
            yield from _cells(each)


def _chosen(alternatives: Element) -> Element:
    """Return one of the equal contents, so that a text box is not met twice."""
    choice = alternatives.find("Choice")
    fallback = alternatives.find("Fallback")
    if choice is not None and (fallback is None or any(True for _t in choice.iter("t"))):
        return choice
    return alternatives if fallback is None else fallback


def _text_boxes(drawing: Element) -> list[Element]:
    """Return the outermost text boxes of a drawing, from one of its alternatives."""
    found: list[Element] = []
    for element in drawing:
        if element.tag == "txbxContent":
            found.append(element)
        elif element.tag == "AlternateContent":
            found += _text_boxes(_chosen(element))
        else:
            found += _text_boxes(element)
    return found


def _sign(code: str) -> str:
    """Return a sign given by its code in a font; those of Symbol stand at F0xx or below 100."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(0xF000 + value if value < 0x100 else value) if value < 0x11_0000 else ""
