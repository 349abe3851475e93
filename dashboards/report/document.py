"""The report as DOCX: A4 across, the styles of official papers, tables that screen readers know.

Fonts and sizes follow ГОСТ Р 7.0.97 (a serif of 12–14 pt, in tables smaller; the number of the page
above, none on the first). Rows of tables are built as XML: through the library's objects a table
of thousands of rows would take minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import IO, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.table import Table

from dashboards.report.content import (
    Line,
    Place,
    ResolutionReport,
    Signature,
    place_headings,
)
from dashboards.report.printing import printable
from dashboards.report.reading import debtors_of
from dashboards.report.wording import (
    debtor_headings,
    debtors_note,
    done_words,
    lead_of,
    mark_headings,
    more_words,
    places_heading,
    quote_source,
    sums_in_words,
)
from dashboards.tables import demonstration_notice

FONT = "Times New Roman"
IN_TABLE, TABLE_HEAD = "Table text", "Table head"
LANGUAGES = {"ru": "ru-RU", "en": "en-US"}
# Centimetres; together the width of the text: A4 across, 29.7 less margins of 2 and 1.5.
MARK_WIDTHS = (1.4, 8.2, 3.3, 3.7, 6.4, 3.2)
PLACE_WIDTHS = (9.0, *[2.15] * 8)
DEBTOR_WIDTHS = (9.4, 9.4, 7.4)

SHORT = 150  # signs: rows of shorter texts are not parted at the end of a page
# A paragraph of a cell: its text, and its look: "b" bold, "i" in italics, "c" in the middle.
Words = tuple[str, str]


def write_docx(
    report: ResolutionReport, places: Iterable[Place], signature: Signature, stream: IO[bytes]
) -> None:
    """Write the report into a stream; ``places`` are the rows of appendix 1."""
    document = Document()
    _set_up(document, report)
    document.add_paragraph(report.title, style="Title")
    if report.resolution.is_demonstration:
        document.add_paragraph(demonstration_notice(), style="Quote")
    document.add_paragraph(" ".join(lead_of(report)))
    document.add_paragraph(sums_in_words(report))
    _write_marks(document, report)
    _write_signature(document, signature)
    _write_places(document, report, places)
    _write_debtors(document, report)
    document.save(stream)


# --- The paper -----------------------------------------------------------------------------------


def _set_up(document: DocumentObject, report: ResolutionReport) -> None:
    """Set page, styles, language and properties."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    section.top_margin, section.bottom_margin = Mm(20), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_page_number(number._p)  # noqa: SLF001  # fields have no interface of their own
    _set_styles(document)
    properties = document.core_properties
    language = LANGUAGES.get(translation.get_language(), "ru-RU")
    properties.title = report.title[:255]  # more the format does not hold
    properties.author = properties.last_modified_by = report.resolution.issuer.name[:255]
    properties.subject = report.resolution.title[:255]
    properties.language = language
    properties.comments = ""
    properties.created = properties.modified = timezone.now().replace(tzinfo=None)


def _set_styles(document: DocumentObject) -> None:
    styles = document.styles
    _set_font(styles["Normal"], 12)
    normal = styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.0
    title = styles["Title"]
    _set_font(title, 14, bold=True)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(12)
    borders = title.element.pPr.find(qn("w:pBdr"))
    if borders is not None:  # the library's own template underlines titles
        title.element.pPr.remove(borders)
    _set_font(styles["Heading 1"], 13, bold=True)
    styles["Heading 1"].paragraph_format.space_before = Pt(0)
    styles["Heading 1"].paragraph_format.space_after = Pt(6)
    _set_font(styles["Quote"], 12, italic=True)
    styles["Quote"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, size in ((IN_TABLE, 11), (TABLE_HEAD, 9)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _set_font(style, size)
        style.paragraph_format.space_after = Pt(2)


def _set_font(style: Any, size: int, *, bold: bool = False, italic: bool = False) -> None:
    font = style.font
    font.name, font.size = FONT, Pt(size)
    font.bold, font.italic = bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [each for each in fonts.attrib if each.endswith("Theme")]:
        del fonts.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = _element("w:lang", val=LANGUAGES.get(translation.get_language(), "ru-RU"))
    for old in style.element.rPr.findall(qn("w:lang")):
        style.element.rPr.remove(old)
    style.element.rPr.append(language)


def _add_page_number(paragraph: Any) -> None:
    field = _element("w:fldSimple", instr="PAGE")
    run = _element("w:r")
    text = _element("w:t")
    text.text = "2"
    run.append(text)
    field.append(run)
    paragraph.append(field)


# --- Its parts -----------------------------------------------------------------------------------


def _write_marks(document: DocumentObject, report: ResolutionReport) -> None:
    table = _table(document, MARK_WIDTHS, mark_headings(), _("Execution of the recommendations"))
    for part in report.parts:
        heading = f"{part.number} {part.heading}".strip()
        sums = part.figures.breakdown
        if sums.counted:
            heading = f"{heading} – {done_words(sums)}".replace(": –", " –")
        _add_row(table, [[(heading, "b")]], span=len(MARK_WIDTHS))
        for line in part.lines:
            _add_row(table, _mark_cells(line))


def _mark_cells(line: Line) -> list[list[Words]]:
    sums = line.figures.breakdown
    executors: list[Words] = []
    if sums.counted:
        executors.append(
            (_("%(done)s of %(total)s") % {"done": sums.done, "total": sums.counted}, "b")
        )
    executors += [(f"{fact.label} – {fact.count}", "") for fact in line.facts]
    said: list[Words] = []
    for quote in line.quotes:
        said += [(f"«{quote.text}»", ""), (f"– {quote_source(quote)}", "i")]
    if line.more:
        said.append((more_words(line), ""))
    return [
        [(line.item.number, "")],
        [(text, "") for text in line.text],
        [(text, "") for text in line.deadline],
        executors or [("–", "")],
        said or [(_("No reports yet."), "")] if sums.counted else said or [("–", "")],
        [(line.mark, "b" if sums.counted and sums.done == sums.counted else "")],
    ]


def _write_signature(document: DocumentObject, signature: Signature) -> None:
    before = document.add_paragraph()
    before.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=3)
    table.autofit = False
    texts = (signature.position or "_" * 34, "_" * 22, signature.signer or "_" * 26)
    notes = (
        "" if signature.position else _("(position)"),
        _("(signature)"),
        "" if signature.signer else _("(initials, surname)"),
    )
    for cell, text, note, width in zip(
        table.rows[0].cells, texts, notes, (11.0, 7.0, 8.0), strict=True
    ):
        cell.width = Cm(width)
        cell.paragraphs[0].text = text
        if note:
            small = cell.add_paragraph(note)
            small.runs[0].font.size = Pt(9)
    author = ", ".join(filter(None, (signature.author, signature.author_position, signature.phone)))
    paragraph = document.add_paragraph(_("Prepared by: %(author)s") % {"author": author})
    paragraph.paragraph_format.space_before = Pt(18)
    paragraph.runs[0].font.size = Pt(10)


def _write_places(
    document: DocumentObject, report: ResolutionReport, places: Iterable[Place]
) -> None:
    listed = iter(places)
    first = next(listed, None)
    by_organization = bool(first and first.organization)
    heading = places_heading(by_organization=by_organization)
    _appendix(document, _("Appendix 1"), heading)
    whose = _("Organization") if by_organization else _("Municipality")
    headings = [whose, *place_headings().values()]
    table = _table(document, PLACE_WIDTHS, headings, heading)
    municipality = None
    for place in chain([first] if first else [], listed):
        if place.organization and place.municipality != municipality:
            municipality = place.municipality
            _add_row(table, [[(municipality, "b")]], span=len(PLACE_WIDTHS))
        counts: list[list[Words]] = [[(str(cell.count), "c")] for cell in place.cells]
        _add_row(table, [[(place.name, "")], *counts])
    sums: list[list[Words]] = [[(str(cell.count), "bc")] for cell in report.total.cells]
    _add_row(table, [[(_("Total"), "b")], *sums])


def _write_debtors(document: DocumentObject, report: ResolutionReport) -> None:
    _appendix(document, _("Appendix 2"), _("Who has not executed the recommendations"))
    document.add_paragraph(debtors_note())
    if not report.debtors:
        document.add_paragraph(_("There are none."))
        return
    headings = [_("Organization"), *debtor_headings()]
    table = _table(document, DEBTOR_WIDTHS, headings, _("Who has not executed the recommendations"))
    municipality = None
    for each in debtors_of(report):
        if each.municipality != municipality:
            municipality = each.municipality
            _add_row(table, [[(municipality, "b")]], span=len(DEBTOR_WIDTHS))
        words = (each.organization, each.overdue_words or "–", each.undated_words or "–")
        _add_row(table, [[(text, "")] for text in words])


def _appendix(document: DocumentObject, number: str, heading: str) -> None:
    label = document.add_paragraph(number)
    label.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    label.paragraph_format.page_break_before = True
    document.add_paragraph(heading, style="Heading 1").alignment = WD_ALIGN_PARAGRAPH.CENTER


# --- Tables --------------------------------------------------------------------------------------


def _table(
    document: DocumentObject, widths: Sequence[float], headings: Sequence[str], caption: str
) -> Table:
    """Add a table with its head: repeated on each page, marked as such, and a title."""
    table: Table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001  # the parts that have no interface of their own
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.set(qn("w:firstRow"), "1")
        look.set(qn("w:firstColumn"), "0")
        look.set(qn("w:val"), "0420")
    properties.append(_element("w:tblCaption", val=caption))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    _add_row(table, [[(heading, "bc")] for heading in headings], head=True)
    return table


def _add_row(
    table: Table, cells: Sequence[Sequence[Words]], *, span: int = 1, head: bool = False
) -> None:
    """Append a row; each cell is a list of paragraphs, ``span`` the columns of its only cell."""
    row = _element("w:tr")
    properties = _element("w:trPr")
    if sum(len(text) for paragraphs in cells for text, _look in paragraphs) < SHORT:
        properties.append(_element("w:cantSplit"))
    if head:
        properties.append(_element("w:tblHeader"))
    row.append(properties)
    grid = [int(each.w or 0) for each in table._tbl.tblGrid.gridCol_lst]  # noqa: SLF001
    for place, paragraphs in enumerate(cells):
        width = sum(grid) if span > 1 else grid[place]
        style = TABLE_HEAD if head else IN_TABLE
        row.append(_cell(paragraphs, width // 635, span, style))
    table._tbl.append(row)  # noqa: SLF001


def _cell(paragraphs: Sequence[Words], width: int, span: int, style: str) -> Any:
    """Return a cell as XML, its width in twentieths of a point; a wide one keeps with the next."""
    cell = _element("w:tc")
    properties = _element("w:tcPr")
    properties.append(_element("w:tcW", w=str(width), type="dxa"))
    if span > 1:
        properties.append(_element("w:gridSpan", val=str(span)))
    cell.append(properties)
    for text, look in paragraphs:
        cell.append(_paragraph(text, look, style, keep=span > 1))
    return cell


def _paragraph(text: str, look: str, style: str, *, keep: bool) -> Any:
    paragraph = _element("w:p")
    properties = _element("w:pPr")
    properties.append(_element("w:pStyle", val=style.replace(" ", "")))
    if keep:
        properties.append(_element("w:keepNext"))
    if "c" in look:
        properties.append(_element("w:jc", val="center"))
    paragraph.append(properties)
    run = _element("w:r")
    font = _element("w:rPr")
    for each in ("b", "i"):
        if each in look:
            font.append(_element(f"w:{each}"))
    run.append(font)
    words = _element("w:t")
    words.text = printable(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    paragraph.append(run)
    return paragraph


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
