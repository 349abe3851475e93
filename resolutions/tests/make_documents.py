"""Make the documents of fixtures/documents/ anew: both seed resolutions in every format.

    python -m resolutions.tests.make_documents

needs LibreOffice (``soffice``), which the tests that read the documents do not. For each seed:
NAME.docx with typed numbers, NAME-numbered.docx with automatic ones (multi-level, restarted,
bullets); .odt, .rtf and .pdf made by LibreOffice from the second, .doc from the first. All have a
footer with the page number; the .pdf is justified with indents, as such papers are. Beside them
stand lists/ with LibreOffice's own text of each list, for the numbers, and pages/ with .pdf that
have more on their pages than text.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as Par

from resolutions.tests.list_documents import LISTS
from resolutions.tests.office_documents import (
    abstract,
    docx,
    level,
    numbering,
    par,
    row,
    run,
    start_over,
    table,
)

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "documents"
SEEDS = ("seed-salda", "seed-vologda")
_SPACED = '<w:t xml:space="preserve">{}</w:t>'
_PAGE = (
    '<w:type w:val="continuous"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701"/>'
)
_NOTE_MARK = (
    '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
)
_NOTES = (
    '<w:footnote w:id="2"><w:p><w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:footnoteRef/></w:r>'
    + run(" Программа принята в 2023 году.", '<w:sz w:val="16"/>')
    + "</w:p></w:footnote>"
)
_WITH_PASSWORD = (
    'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
    '"DocumentOpenPassword":{"type":"string","value":"secret"}}'
)
_NUMBER = re.compile(r"(?P<number>\s?-?\s?(?:\d+\.)+|\s?-)\s+(?P<text>.+)")
# The lists of the seeds. Salda: «1.», «1.1.», «-»; then «2.», «- 2.1.», « -». Vologda: four lists
# «1.», «2.» …, each begun anew.
_ABSTRACTS = (
    abstract(50, level(0, "%1."), level(1, "%1.%2."), level(2, "-", "bullet")),
    abstract(51, level(0, "%1.", start=2), level(1, "- %1.%2."), level(2, "-", "bullet")),
    abstract(52, level(0, "%1.")),
)
_NUMS = (
    numbering(50, 50),
    numbering(51, 51),
    *(numbering(60 + each, 52, start_over(0)) for each in range(4)),
)


def main() -> None:
    """Write all documents."""
    for name in SEEDS:
        lines = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")
        save(typed(lines), FOLDER / f"{name}.docx")
        # Writing .doc, LibreOffice itself forgets where lists begin anew.
        convert(FOLDER / f"{name}.docx", "doc", FOLDER / f"{name}.doc")
        automatic = FOLDER / f"{name}-numbered.docx"
        save(numbered(lines), automatic)
        for suffix in ("odt", "rtf", "pdf"):
            convert(automatic, suffix, FOLDER / f"{name}.{suffix}")
    make_pages()
    make_lists()


def make_lists() -> None:
    """Write the lists, with LibreOffice's own text of each and its other formats."""
    folder = FOLDER / "lists"
    folder.mkdir(exist_ok=True)
    for name, data in LISTS.items():
        source = folder / f"{name}.docx"
        source.write_bytes(data)
        convert(source, "txt:Text (encoded):UTF8", folder / f"{name}.txt")
        for suffix in ("odt", "rtf"):
            convert(source, suffix, folder / f"{name}.{suffix}")


def make_pages() -> None:
    """Write .pdf with what stands on pages besides text: heads, columns, notes, tables, a scan."""
    folder = FOLDER / "pages"
    folder.mkdir(exist_ok=True)
    lines = [line for line in (FOLDER / "seed-salda.txt").read_text("utf-8").split("\n") if line]
    papers = {
        "heads": with_heads(lines),
        "columns": docx("".join(_in_columns(lines))),
        "notes": docx(
            par("Рекомендовать школам принять программу", _NOTE_MARK, " до 1 сентября 2024 г."),
            footnotes=_NOTES,
        ),
        "table": docx(_table(lines[20:28])),
    }
    for name, data in papers.items():
        with tempfile.TemporaryDirectory() as place:
            source = Path(place, f"{name}.docx")
            source.write_bytes(data)
            convert(source, "pdf", folder / f"{name}.pdf")
            if name == "notes":
                convert(source, _WITH_PASSWORD, folder / "password.pdf")
    make_scan(folder / "scan.pdf")


def make_scan(target: Path) -> None:
    """Write a page that is a picture and nothing else, as a scanner does."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(595, 842)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(pypdfium2.PdfBitmap.new_native(60, 80, pypdfium2.raw.FPDFBitmap_Gray))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page.insert_obj(picture)
    page.gen_content()
    document.save(target)


def with_heads(lines: list[str]) -> bytes:
    """Return a document with a running head and page numbers «Страница 2 из 5»."""
    paper = typed(lines)
    section = paper.sections[0]
    section.header.paragraphs[0].text = "Резолюция августовской конференции – 2021"
    footer = section.footer.paragraphs[0]
    footer._p.insert(0, parse_xml(f"<w:r {nsdecls('w')}>{_SPACED.format('Страница ')}</w:r>"))
    footer._p.append(parse_xml(f"<w:r {nsdecls('w')}>{_SPACED.format(' из 5')}</w:r>"))
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _in_columns(lines: list[str]) -> Iterator[str]:
    for line in lines[:5]:
        yield par(line, more='<w:jc w:val="center"/>')
    yield f"<w:p><w:pPr><w:sectPr>{_PAGE}</w:sectPr></w:pPr></w:p>"
    for line in lines[5:]:
        yield par(run(line, '<w:sz w:val="20"/>'), more='<w:jc w:val="both"/>')
    yield f'<w:sectPr>{_PAGE}<w:cols w:num="2" w:space="708"/></w:sectPr>'


def _table(lines: list[str]) -> str:
    rows = [
        row(par(str(index)), par(line), par("до 01.09.2022")) for index, line in enumerate(lines, 1)
    ]
    return par("Решили:") + table(row(par("№"), par("Мероприятие"), par("Срок")), *rows)


def typed(lines: list[str]) -> Paper:
    """Return a document with the numbers as letters of the text."""
    paper = empty()
    for line in lines:
        if line.strip():
            written(paper, line)
    return paper


def numbered(lines: list[str]) -> Paper:
    """Return a document whose numbers are Word's own."""
    paper = empty()
    part = paper.part.numbering_part.element
    for each in _ABSTRACTS:
        part.insert(0, parse_xml(each.replace(" ", f" {nsdecls('w')} ", 1)))
    for each in _NUMS:
        part.append(parse_xml(each.replace(" ", f" {nsdecls('w')} ", 1)))
    lists = _Lists(lines)
    for line in lines:
        if not line.strip():
            continue
        found = _NUMBER.fullmatch(line)
        if found is None:
            written(paper, line)
            continue
        par = written(paper, found["text"])
        num, depth = lists.place(found["number"].strip())
        properties = par._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = depth
        properties.get_or_add_numId().val = num
    return paper


class _Lists:
    """Which list and level a typed number of the seeds belongs to."""

    def __init__(self, lines: list[str]) -> None:
        self._has_levels = any(re.match(r"1\.1\.", line) for line in lines)
        self._top = 50 if self._has_levels else 59

    def place(self, number: str) -> tuple[int, int]:
        """Return the numbering and the level of the next paragraph."""
        digits = re.findall(r"\d+", number)
        if not digits:
            return self._top, 2
        if len(digits) == 1 and (digits == ["2"] if self._has_levels else digits == ["1"]):
            self._top += 1
        return self._top, len(digits) - 1


def empty() -> Paper:
    """Return an empty paper: Times, 14 points, a page number below."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    footer = paper.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )
    return paper


def written(paper: Paper, line: str) -> Par:
    """Add a line: the title centred and bold, the rest justified with an indent."""
    is_title = len(paper.paragraphs) < 5 and not re.search(r"[.:]$|\d{4}", line)
    par = paper.add_paragraph()
    par.add_run(line).bold = is_title or None
    par.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_title else WD_ALIGN_PARAGRAPH.JUSTIFY
    if not is_title:
        par.paragraph_format.first_line_indent = Cm(1.25)
    return par


def save(paper: Paper, path: Path) -> None:
    """Save without the thumbnail and the times of python-docx's template."""
    paper.core_properties.author = ""
    paper.save(str(path))


def convert(source: Path, to: str, target: Path) -> None:
    """Let LibreOffice convert a document."""
    with tempfile.TemporaryDirectory() as folder:
        program = shutil.which("soffice") or "soffice"
        subprocess.run(  # noqa: S603
            [
                program,
                f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
                *("--headless", "--convert-to", to, "--outdir", folder, str(source)),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        shutil.move(next(Path(folder).glob(f"{source.stem}.*")), target)


if __name__ == "__main__":
    main()
