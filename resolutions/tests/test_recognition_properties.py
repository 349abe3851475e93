"""What holds for every text: nothing breaks reading, nothing is lost, and print is read back."""

import re
from collections import Counter
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from resolutions.recognition.assembly import as_json, assemble
from resolutions.recognition.recogniser import recognise
from resolutions.recognition.structure import Cell, Paragraph, Piece, Role

FRAGMENTS = (
    "РЕЗОЛЮЦИЯ ПРОТОКОЛ СЛУШАЛИ: РЕШИЛИ: Школам: школам Управлению образования Рекомендовать"
    " главам просить обратиться в необходимо: провести обеспечить смотр; слёт. 1. 2. 1.1. 1,2. 3)"
    ' а) б) II. - • o | -//- \t ( ) « » " : ; . , Срок: срок – отв. Ответственный: до 1 мая 2022'
    " г. 2022 год ежегодно в течение дней Приложение Председатель А.А. Иванов - 2 - Направление 1"
    " Мероприятие Исполнители № п/п и а также по УВР МБОУ «Лицей» \u00a0 \u200b 😀 ﬁ Å ½"
)
words = st.sampled_from(FRAGMENTS.split(" "))
lines = st.one_of(
    st.lists(words, max_size=12).map(" ".join),
    st.text(max_size=40),
    st.sampled_from(["", " ", "     Школам", "1. Провести смотр."]),
)
numbers = st.sampled_from(["", "1.", "1.1.", "а)", "•", "IV.", "12"])
cells = st.one_of(
    st.none(), st.builds(Cell, st.integers(0, 2), st.integers(0, 3), st.integers(0, 3))
)
paragraphs = st.builds(
    Paragraph,
    text=lines,
    number=numbers,
    level=st.integers(0, 3),
    bold=st.booleans(),
    cell=cells,
    aside=st.sampled_from(["", "", "", "footnote", "textbox"]),
)


def words_in(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in re.findall(r"\w+", text))


def kept(outline: dict) -> Counter[str]:
    texts = [outline["title"], *outline["preamble"], *outline["closing"], *outline["unplaced"]]
    for addressee in outline["addressees"]:
        texts += addressee["source"]
        for item in addressee["items"]:
            texts += item["source"]
    return words_in(*texts)


@settings(deadline=None)
@given(st.lists(paragraphs, max_size=30))
@example([Paragraph("Школам: " * 300)])
@example([Paragraph("1. " * 500)])
@example([Paragraph("|" * 500 + "а")])
@example([Paragraph("«" * 300), Paragraph("(отв. " * 200)])
def test_any_text_gives_an_outline_with_every_word_in_it(found):
    marking = recognise(found)
    outline = as_json(assemble(marking))
    lost = words_in(*(paragraph.line for paragraph in found)) - kept(outline)
    assert not lost
    assert [p.line for p in marking.paragraphs] == [p.line for p in found]


@settings(deadline=None)
@given(st.lists(paragraphs, max_size=20))
def test_pieces_stand_in_order_and_cover_all_but_white_space(found):
    marking = recognise(found)
    at = (0, 0)
    for piece in marking.pieces:
        assert (piece.paragraph, piece.start) >= at
        assert piece.start < piece.end
        at = (piece.paragraph, piece.end)
    for index, paragraph in enumerate(found):
        mine = [p for p in marking.pieces if p.paragraph == index]
        rest = list(paragraph.line)
        for piece in mine:
            rest[piece.start : piece.end] = " " * (piece.end - piece.start)
        assert not "".join(rest).strip()
    for span in marking.spans:
        assert any(
            p.paragraph == span.paragraph and p.start <= span.start <= span.end <= p.end
            for p in marking.pieces
        )


@settings(deadline=None)
@given(st.lists(paragraphs, min_size=1, max_size=12), st.data())
def test_whatever_roles_a_person_gives_no_word_is_lost(found, data):
    marking = recognise(found)
    roles = st.sampled_from(list(Role))
    pieces = tuple(
        Piece(p.paragraph, p.start, p.end, data.draw(roles), data.draw(st.booleans()))
        for p in marking.pieces
    )
    changed = type(marking)(marking.paragraphs, pieces, marking.spans, marking.problems)
    lost = words_in(*(p.line for p in found)) - kept(as_json(assemble(changed)))
    assert not lost


# --- Printing an outline and reading it again ----------------------------------------------------

BODIES = (
    ("Управлению образования города", "Управление образования города", False),
    ("Общеобразовательным организациям района", "Общеобразовательные организации района", True),
    ("Институту развития образования", "Институт развития образования", False),
    ("МБУ «Методический центр»", "МБУ «Методический центр»", False),
    ("Классным руководителям", "Классные руководители", True),
    (
        "Министерству образования и отделу культуры",
        "Министерство образования и отдел культуры",
        False,
    ),
    ("Органам местного самоуправления", "Органы местного самоуправления", True),
    ("Заместителям директоров по УВР", "Заместители директоров по УВР", True),
)
ACTIONS = (
    "Провести смотр школьных музеев",
    "Обеспечить участие команд в олимпиаде",
    "Разработать программу наставничества «Рядом»",
    "Не допускать снижения охвата питанием",
    "Организовать работу профильных смен",
)
PARTS = ("для учителей начальных классов", "для родителей", "для педагогов-психологов")
TERMS = ("до 1 июня 2023 г.", "сентябрь 2023 г.", "2023/2024 учебный год", "постоянно", "2024 год")
PERSONS = ("Лось Е.В.", "методический совет", "заместители директоров")


@dataclass(frozen=True)
class Printed:
    """An item as it is to be printed and found again."""

    text: str
    parts: tuple[str, ...]
    term: str | None
    person: str | None


items = st.builds(
    Printed,
    text=st.sampled_from(ACTIONS),
    parts=st.one_of(st.just(()), st.permutations(PARTS).map(tuple)),
    term=st.one_of(st.none(), st.sampled_from(TERMS)),
    person=st.one_of(st.none(), st.sampled_from(PERSONS)),
)
blocks = st.lists(
    st.tuples(st.sampled_from(BODIES), st.lists(items, min_size=1, max_size=4)),
    min_size=1,
    max_size=4,
)
STYLES = {
    # heading, item, number of the item; {h} counts headings, {i} items
    "restart": ("{heading}:", "{i}. {text}", "{i}"),
    "levels": ("{h}. {heading}:", "{h}.{i}. {text}", "{h}.{i}"),
    "verb": ("Рекомендовать {heading_low}:", "{i}) {text}", "{i}"),
    "bare": ("{heading}", "{h}.{i} {text}", "{h}.{i}"),
    "bullets": ("{heading}:", "• {text}", None),
}


def printed(blocks: list, style: str) -> str:
    heading_form, item_form, _ = STYLES[style]
    lines = ["РЕЗОЛЮЦИЯ", "конференции «Школа»", "25 августа 2022 года", "Участники рекомендуют:"]
    for h, ((heading, _nominative, _collective), items) in enumerate(blocks, start=1):
        low = heading if heading.startswith("МБУ") else heading[0].lower() + heading[1:]
        lines.append(heading_form.format(h=h, heading=heading, heading_low=low))
        for i, item in enumerate(items, start=1):
            text = f"{item.text}:" if item.parts else f"{item.text}."
            lines.append(item_form.format(h=h, i=i, text=text))
            lines += [f"- {part};" for part in item.parts]
            lines += [f"Срок: {item.term}"] if item.term else []
            lines += [f"Ответственный: {item.person}"] if item.person else []
    return "\n".join([*lines, "Резолюция принята единогласно."])


@settings(deadline=None)
@given(blocks, st.sampled_from(sorted(STYLES)))
def test_a_printed_outline_is_read_back(blocks, style):
    number_form = STYLES[style][2]
    text = printed(blocks, style)
    found = assemble(recognise([Paragraph(line) for line in text.split("\n")]))
    expected = [
        (
            body[1],
            body[2],
            [
                (
                    number_form and number_form.format(h=h, i=i),
                    item.text,
                    item.parts,
                    item.term,
                    item.person,
                )
                for i, item in enumerate(items, start=1)
            ],
        )
        for h, (body, items) in enumerate(blocks, start=1)
    ]
    read = [
        (
            each.nominative,
            each.collective,
            [
                (
                    item.number,
                    item.text.rstrip(".:"),
                    tuple(part.rstrip(";") for part in item.subitems),
                    item.deadline_text,
                    item.responsible,
                )
                for item in each.items
            ],
        )
        for each in found.addressees
    ]
    assert read == expected
    assert found.closing == ("Резолюция принята единогласно.",)
    assert found.unplaced == ()
