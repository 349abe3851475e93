"""What .docx files hold beyond plain paragraphs, and the numbers they do not hold."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from resolutions.recognition.readers import read
from resolutions.recognition.readers.archive import Archive
from resolutions.recognition.readers.docx import paragraphs
from resolutions.recognition.readers.numerals import numeral
from resolutions.recognition.structure import Cell, Paragraph
from resolutions.tests.list_documents import LISTS, WORD_ONLY
from resolutions.tests.office_documents import (
    abstract,
    docx,
    level,
    numbering,
    par,
    paragraph_style,
    row,
    run,
    table,
    text_box,
    zipped,
)

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "documents" / "lists"


def lines(data: bytes) -> list[str]:
    return [each.line.strip() for each in read(data) if each.text]


def printed_by_libreoffice(name: str) -> list[str]:
    """Its text export; a number without words behind it is no line of ours."""
    text = (FOLDER / f"{name}.txt").read_text("utf-8-sig")
    return [line.strip() for line in text.split("\n") if line.strip() not in ("", "Статья 02.")]


class TestNumbers:
    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("suffix", ["docx", "odt", "rtf"])
    def test_as_libreoffice_prints_them(self, name, suffix):
        data = (FOLDER / f"{name}.{suffix}").read_bytes()
        assert lines(data) == printed_by_libreoffice(name)

    @pytest.mark.parametrize("name", LISTS)
    def test_the_fixtures_are_the_lists_of_the_code(self, name):
        assert lines(LISTS[name]) == lines((FOLDER / f"{name}.docx").read_bytes())

    @pytest.mark.parametrize("name", WORD_ONLY)
    def test_as_word_prints_them_where_libreoffice_does_not(self, name):
        data, expected = WORD_ONLY[name]
        assert [each.number for each in read(data)] == expected

    def test_the_number_is_not_part_of_the_text(self):
        first, second = read(LISTS["multilevel"])[:2]
        assert (first.number, first.text, first.level) == ("1.", "пункт 0", 0)
        assert (second.number, second.text, second.level) == ("1.1.", "пункт 1", 1)

    @pytest.mark.parametrize(
        ("value", "style", "written"),
        [
            (10, "russianLower", "к"),
            (29, "russianLower", "я"),
            (31, "russianLower", "бб"),
            (28, "lowerLetter", "bb"),
            (1994, "upperRoman", "MCMXCIV"),
            (0, "upperRoman", "0"),
            (7, "decimalZero", "07"),
            (7, "ideographDigital", "7"),
            (10**8, "lowerLetter", "100000000"),
        ],
    )
    def test_numerals(self, value, style, written):
        assert numeral(value, style) == written

    def test_a_list_with_a_missing_definition_has_no_numbers(self):
        assert lines(docx(par("Текст", num=(7, 0)))) == ["Текст"]

    def test_pictures_of_fonts_become_a_bullet(self):
        data = docx(
            par("Ёлка", num=(1, 0)),
            numbering=abstract(0, level(0, "\uf0a8", "bullet")) + numbering(1, 0),
        )
        assert lines(data) == ["• Ёлка"]


class TestTrackedChanges:
    def test_are_taken_as_accepted(self):
        data = docx(
            par(
                run("Провести "),
                f'<w:del w:id="1"><w:r><w:delText>конкурс</w:delText></w:r></w:del>',  # noqa: F541
                f'<w:ins w:id="2">{run("конференцию")}</w:ins>',
                f'<w:moveFrom w:id="3">{run(" завтра")}</w:moveFrom>',
                f'<w:moveTo w:id="4">{run(" в мае")}</w:moveTo>',
            )
        )
        assert lines(data) == ["Провести конференцию в мае"]

    def test_a_deleted_mark_joins_paragraphs_and_their_number(self):
        """The words and the number are those of the paragraph whose mark is left."""
        deleted = '<w:rPr><w:del w:id="1"/></w:rPr>'
        data = docx(
            par("Провести", num=(1, 0), more=deleted)
            + par(" конкурс.", num=(1, 0))
            + par("Подвести итоги.", num=(1, 0)),
            numbering=abstract(0, level(0, "%1.")) + numbering(1, 0),
        )
        assert lines(data) == ["1. Провести конкурс.", "2. Подвести итоги."]

    def test_a_deleted_row_is_gone(self):
        gone = row(par("Было")).replace("<w:tr>", '<w:tr><w:trPr><w:del w:id="1"/></w:trPr>')
        assert lines(docx(table(gone, row(par("Стало"))))) == ["Стало"]


class TestNothingIsLost:
    def test_a_text_box_is_met_once_and_is_aside(self):
        data = docx(par(run("Резолюция"), text_box(par("УТВЕРЖДАЮ") + par("Директор"))))
        assert [(each.text, each.aside) for each in read(data)] == [
            ("Резолюция", ""),
            ("УТВЕРЖДАЮ", "textbox"),
            ("Директор", "textbox"),
        ]

    def test_a_box_inside_a_drawing_is_met_once(self):
        """A group of shapes has its alternatives deeper inside."""
        inner = text_box(par("Герб")).removeprefix("<w:r>").removesuffix("</w:r>")
        drawing = f"<w:r><w:drawing><wp:anchor>{inner}</wp:anchor></w:drawing></w:r>"
        assert lines(docx(par("Резолюция", drawing))) == ["Резолюция", "Герб"]

    def test_a_box_for_old_readers_only(self):
        old = (
            "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
            + par("Герб")
            + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
        assert lines(docx(par(old))) == ["Герб"]

    def test_notes_stand_at_the_end_with_their_number(self):
        mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
        notes = f'<w:footnote w:id="2">{par(" Приказ № 5.")}</w:footnote>'
        found = read(docx(par(run("Программа"), mark, run(".")) + par("Конец"), footnotes=notes))
        assert [each.line for each in found] == ["Программа.", "Конец", "1 Приказ № 5."]
        assert found[-1].aside == "footnote"

    def test_words_in_links_controls_fields_and_formulas(self):
        simple = f'<w:fldSimple w:instr=" REF a ">{run("1.2")}</w:fldSimple>'
        field = "".join(
            f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>{inside}'
            for kind, inside in (
                ("begin", '<w:r><w:instrText> DATE \\@ "d" </w:instrText></w:r>'),
                ("separate", run("5 мая")),
                ("end", ""),
            )
        )
        data = docx(
            par(
                f'<w:hyperlink r:id="r9">{run("ссылка")}</w:hyperlink>',
                f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' поле ')}</w:sdtContent></w:sdt>",
                f"<w:smartTag>{run('метка ')}</w:smartTag>",
                simple,
                run(" "),
                field,
            )
            + f"<w:sdt><w:sdtContent>{par('Абзац в поле')}</w:sdtContent></w:sdt>"
        )
        assert lines(data) == ["ссылка поле метка 1.2 5 мая", "Абзац в поле"]

    def test_a_field_that_never_ends_hides_one_paragraph_at_most(self):
        begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        assert lines(docx(par(run("До"), begun) + par("После"))) == ["До", "После"]

    def test_tabs_hyphens_and_signs(self):
        data = docx(
            par(
                run("1."),
                "<w:r><w:tab/><w:t>научно</w:t><w:noBreakHyphen/><w:t>мето</w:t><w:softHyphen/>"
                '<w:t>дический</w:t><w:sym w:font="Wingdings" w:char="F0A7"/></w:r>',
            )
        )
        assert lines(data) == ["1.\tнаучно-методический•"]

    def test_hidden_words_are_not_seen(self):
        assert lines(docx(par(run("Видно"), run(" скрыто", "<w:vanish/>")))) == ["Видно"]


class TestLineBreaks:
    def test_part_what_is_complete_and_join_what_runs_on(self):
        data = docx(par("<w:r><w:t>Провести:</w:t><w:br/><w:t>- конкурс</w:t><w:br/>"
                        "<w:t>педагогов;</w:t><w:br/><w:t>- слёт.</w:t></w:r>", num=(1, 0)),
                    numbering=abstract(0, level(0, "%1.")) + numbering(1, 0))  # fmt: skip
        assert lines(data) == ["1. Провести:", "- конкурс педагогов;", "- слёт."]


class TestTables:
    def test_cells_know_their_place(self):
        wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{par("Широкая")}</w:tc>'
        data = docx(
            par("До")
            + table(row(wide, par("В")), row(par("а"), par("б"), par("в")))
            + table(row(par("Другая")))
        )
        assert [(each.text, each.cell) for each in read(data)] == [
            ("До", None),
            ("Широкая", Cell(0, 0, 0)),
            ("В", Cell(0, 0, 2)),
            ("а", Cell(0, 1, 0)),
            ("б", Cell(0, 1, 1)),
            ("в", Cell(0, 1, 2)),
            ("Другая", Cell(1, 0, 0)),
        ]


class TestLooks:
    def test_bold_is_said_of_a_whole_paragraph(self):
        styles = paragraph_style("Normal", "", default=True) + (
            '<w:style w:type="paragraph" w:styleId="B"><w:rPr><w:b/></w:rPr></w:style>'
        )
        data = docx(
            par(run("Весь", "<w:b/>"), run(" "))
            + par(run("Часть ", "<w:b/>"), run("нет"))
            + par("По стилю", style="B")
            + par(run("Снято", '<w:b w:val="0"/>'), style="B"),
            styles=styles,
        )
        assert [each.bold for each in read(data)] == [True, False, True, False]

    def test_alignment_from_the_paragraph_or_its_style(self):
        styles = paragraph_style("C", '<w:jc w:val="center"/>') + paragraph_style("D", "", "C")
        data = docx(
            par("а", style="D") + par("б", more='<w:jc w:val="both"/>') + par("в"), styles=styles
        )
        assert [each.alignment for each in read(data)] == ["center", "justify", ""]

    def test_styles_that_are_based_on_each_other_end(self):
        styles = paragraph_style("A", "", "B") + paragraph_style("B", "", "A")
        assert lines(docx(par("текст", style="A"), styles=styles)) == ["текст"]


def test_empty_paragraphs_part_blocks_once():
    data = docx(par("") + par("Один") + par("") + par(" ") + par("Два") + par(""))
    assert read(data) == (Paragraph("Один"), Paragraph(""), Paragraph("Два"))


def test_a_document_of_python_docx_with_another_name_of_its_main_part():
    paper = Document()
    paper.add_paragraph("Обеспечить участие", style="List Number")
    paper.add_paragraph("Обеспечить отчёт", style="List Number")
    stream = io.BytesIO()
    paper.save(stream)
    assert lines(stream.getvalue()) == ["1. Обеспечить участие", "2. Обеспечить отчёт"]
    archive = Archive(stream.getvalue())
    renamed = {
        name.replace("word/", "text/"): archive.part(name).replace(b"word/", b"text/")
        for name in archive.names
    }
    assert [each.text for each in paragraphs(Archive(zipped(renamed)))] == [
        "Обеспечить участие",
        "Обеспечить отчёт",
    ]
