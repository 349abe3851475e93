"""The same paper in every format gives the same paragraphs; what is special in .odt, .rtf, .txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolutions.recognition.readers import Unreadable, read
from resolutions.recognition.readers.lines import runs_on
from resolutions.recognition.structure import Cell
from resolutions.tests.office_documents import zipped

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "documents"
SEEDS = ("seed-salda", "seed-vologda")
RUSSIAN = "Рекомендовать школам:\r\n1. Провести – до 1 сентября – «Неделю чтения».\r\nСрок: 2024 г."
TEXT = '<office:text xmlns:office="o" xmlns:text="t" xmlns:table="tb" xmlns:draw="d">'


def lines(data: bytes, name: str = "") -> list[str]:
    return [each.line.strip() for each in read(data, name) if each.text]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("suffix", [".docx", "-numbered.docx", ".odt", ".rtf", ".pdf"])
def test_seeds_are_complete_line_by_line(seed, suffix):
    expected = lines((FOLDER / f"{seed}.txt").read_bytes())
    name = f"{seed}{suffix}"
    assert lines((FOLDER / name).read_bytes(), name) == expected


@pytest.mark.parametrize("suffix", ["-numbered.docx", ".odt", ".rtf"])
def test_automatic_numbers_stand_apart(suffix):
    found = read((FOLDER / f"seed-vologda{suffix}").read_bytes())
    numbers = [each.number for each in found if each.number]
    assert numbers == ["1.", "2.", "1.", "2.", "3.", "4.", "5.", "1.", "2.", "1.", "2.", "3."]


def test_titles_are_bold_and_centred_in_every_format():
    for suffix in (".docx", ".odt", ".rtf", ".pdf"):
        first = read((FOLDER / f"seed-salda{suffix}").read_bytes())[0]
        assert (first.text, first.bold, first.alignment) == ("Резолюция", True, "center"), suffix


def odt(body: str, styles: str = "", manifest: str = "") -> bytes:
    spaces = (
        'xmlns:office="o" xmlns:text="t" xmlns:table="tb" xmlns:draw="d" xmlns:style="s"'
        ' xmlns:fo="f" xmlns:xml="http://www.w3.org/XML/1998/namespace"'
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": f"<office:document-content {spaces}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        }
    )


def numbered_style(name: str, *formats: str, start: int = 1) -> str:
    levels = "".join(
        f'<text:list-level-style-number text:level="{level}" style:num-format="{each}"'
        f' style:num-suffix=")" text:display-levels="{level}" text:start-value="{start}"/>'
        for level, each in enumerate(formats, 1)
    )
    return f'<text:list-style style:name="{name}">{levels}</text:list-style>'


def item(*contents: str, more: str = "") -> str:
    inside = "".join(
        each if each.startswith("<") else f"<text:p>{each}</text:p>" for each in contents
    )
    return f"<text:list-item{more}>{inside}</text:list-item>"


def listed(*items: str, style: str = "L", more: str = "") -> str:
    name = f' text:style-name="{style}"' if style else ""
    return f"<text:list{name}{more}>{''.join(items)}</text:list>"


class TestOdt:
    def test_lists_begin_anew_or_go_on(self):
        style = numbered_style("L", "1", "а, б, .., аа, аб, ... (ru)")
        body = (
            listed(item("а", listed(item("б"), item("в"), style="")), item("г"))
            + "<text:p>Текст</text:p>"
            + listed(item("д"), more=' text:continue-numbering="true" xml:id="here"')
            + listed(item("е"))
            + listed(item("ж"), more=' text:continue-list="here"')
            + listed(item("з", "и", more=' text:start-value="7"'))
        )
        assert lines(odt(body, style)) == [
            *("1) а", "1.а) б", "1.б) в", "2) г", "Текст", "3) д"),
            *("1) е", "4) ж", "7) з", "и"),
        ]

    def test_headers_of_lists_and_words_alone_have_no_number(self):
        body = listed("<text:list-header><text:p>Итого</text:p></text:list-header>", item("а"))
        assert lines(odt(body, numbered_style("L", "1"))) == ["Итого", "1) а"]

    def test_spaces_tabs_breaks_and_spans(self):
        body = (
            '<text:p>Срок:<text:s text:c="2"/>до<text:tab/>1 мая<text:line-break/>'
            "<text:span>Ответственный</text:span>: <text:a>Иванов</text:a></text:p>"
        )
        assert lines(odt(body)) == ["Срок:  до\t1 мая", "Ответственный: Иванов"]

    def test_deletions_comments_and_alternative_texts_are_not_words(self):
        body = (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>Было</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
            '<text:p>Стало<text:change text:change-id="1"/><office:annotation>'
            "<text:p>Спорно</text:p></office:annotation></text:p>"
        )
        assert lines(odt(body)) == ["Стало"]

    def test_boxes_notes_and_tables(self):
        box = "<draw:frame><draw:text-box><text:p>Герб</text:p></draw:text-box></draw:frame>"
        note = (
            "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>Приказ</text:p></text:note-body></text:note>"
        )
        cells = (
            "<table:table><table:table-header-rows><table:table-row><table:table-cell>"
            "<text:p>Что</text:p></table:table-cell><table:table-cell><text:p>Срок</text:p>"
            "</table:table-cell></table:table-row></table:table-header-rows></table:table>"
        )
        found = read(odt(f"<text:p>Слово{box}{note}</text:p>{cells}"))
        assert [(each.line, each.aside, each.cell) for each in found] == [
            ("Слово", "", None),
            ("Герб", "textbox", None),
            ("Что", "", Cell(0, 0, 0)),
            ("Срок", "", Cell(0, 0, 1)),
            ("1 Приказ", "footnote", None),
        ]


def rtf(body: str) -> bytes:
    fonts = r"{\fonttbl{\f0\fcharset204 Times;}{\f1\fcharset2 Symbol;}{\f2\fcharset0 Arial;}}"
    return rf"{{\rtf1\ansi\ansicpg1251\deff0{fonts}{body}}}".encode("cp1251")


class TestRtf:
    def test_cyrillic_as_bytes_as_codes_and_as_unicode(self):
        codes = "".join(f"\\'{byte:02x}" for byte in "кода".encode("cp1251"))
        unicode = "".join(f"\\u{ord(letter)}?" for letter in "юникод")
        body = rf"\pard Байты, {codes}, \uc2\u1105\'e5\'e5\uc1, {unicode}\par"
        assert lines(rtf(body)) == ["Байты, кода, ё, юникод"]

    def test_printed_numbers_are_kept(self):
        body = (
            r"{\listtext\pard\plain 1.1.\tab}\pard\ilvl1\ls1 Провести\par"
            r"{\pntext\f1\'d8\tab}\pard Итоги\par \pard Без номера\par"
        )
        found = read(rtf(body))
        assert [(each.number, each.text, each.level) for each in found] == [
            ("1.1.", "Провести", 1),
            ("•", "Итоги", 0),
            ("", "Без номера", 0),
        ]

    def test_cells(self):
        body = (
            r"\trowd\pard\intbl Что\par тут\cell Срок\cell\row"
            r"\trowd\pard\intbl\b Слёт\b0\cell Май\cell\row\pard Конец\par"
            r"\trowd\pard\intbl Ещё\cell\row"
        )
        assert [(each.text, each.cell) for each in read(rtf(body))] == [
            ("Что", Cell(0, 0, 0)),
            ("тут", Cell(0, 0, 0)),
            ("Срок", Cell(0, 0, 1)),
            ("Слёт", Cell(0, 1, 0)),
            ("Май", Cell(0, 1, 1)),
            ("Конец", None),
            ("Ещё", Cell(1, 0, 0)),
        ]

    def test_what_is_no_text_of_the_document(self):
        body = (
            r"{\info{\title Шаблон}}{\header Шапка\par}{\*\bkmkstart a}{\pict\bin5 {{{{{}"
            r"{\field{\*\fldinst HYPERLINK a}{\fldrslt Ссылка}} и {\deleted было }{\v скрыто }"
            r"слово{\*\unknown нет}\par"
        )
        assert lines(rtf(body)) == ["Ссылка и слово"]

    def test_boxes_and_notes(self):
        body = (
            r"Программа{\super\chftn}{\footnote\pard\chftn  Приказ\par}"
            r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt\pard Герб\par}}{\shprslt Герб}}.\par"
        )
        assert [(each.line, each.aside) for each in read(rtf(body))] == [
            ("Программа.", ""),
            ("Герб", "textbox"),
            ("1 Приказ", "footnote"),
        ]

    def test_a_file_that_is_cut_off_is_not_read_in_part(self):
        with pytest.raises(Unreadable) as refusal:
            read(rtf(r"Провести\par Подвести\par")[:-12])
        assert refusal.value.kind == "damaged"


class TestTxt:
    @pytest.mark.parametrize(
        "encoding",
        [
            *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
            *("cp1251", "koi8-r", "cp866", "iso8859-5", "mac_cyrillic"),
        ],
    )
    @pytest.mark.parametrize("seed", SEEDS)
    def test_encodings_of_whole_papers(self, encoding, seed):
        text = (FOLDER / f"{seed}.txt").read_text("utf-8")
        lossy = text.encode(encoding, "replace").decode(encoding)  # «–» is not in every table
        expected = [
            line.strip() for line in lossy.removeprefix("\ufeff").split("\n") if line.strip()
        ]
        assert lines(text.encode(encoding, "replace")) == expected

    @pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-8", "utf-16-le"])
    @pytest.mark.parametrize(
        "text", ["Школам", "РЕКОМЕНДОВАТЬ ШКОЛАМ", "Срок: 2018 г.", "Органам управления: отчёт"]
    )
    def test_encodings_of_a_few_words(self, encoding, text):
        assert lines(text.encode(encoding)) == [text]

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [("г. Чегем", "koi8-r"), ("N 385-РП", "cp866"), ("26 ЯНВАРЯ 2024 Г.", "cp1251")],
    )
    def test_capitals_inside_words_and_drawn_lines_tell_encodings_apart(self, text, encoding):
        assert lines(text.encode(encoding)) == [text]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\f"])
    def test_ends_of_lines(self, end):
        assert lines(end.join(["Один", "Два", "Три"]).encode()) == ["Один", "Два", "Три"]

    def test_lines_stay_as_they_are_wrapped(self):
        found = read("   Создать  центр\nв  крае.\n\n\n\tСрок".encode())
        assert [each.text for each in found] == ["   Создать  центр", "в  крае.", "", "\tСрок"]

    def test_one_broken_letter_does_not_change_the_encoding(self):
        assert lines(("Школам края " * 20).encode() + b"\xff")[0].startswith("Школам края")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Резолюция", "августовской конференции", True),
        ("на развитие:", "обеспечение", False),
        ("обеспечение;", "развитие", False),
        ("Провести", "Подвести", False),
        ("", "развитие", False),
    ],
)
def test_a_sentence_that_runs_on(before, after, expected):
    assert runs_on(before, after) is expected
