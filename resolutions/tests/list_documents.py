"""Lists as Word stores them, each kind in a document of its own: name → the bytes of a .docx.

What LibreOffice prints for them stands in fixtures/documents/lists/ (``make_documents``).
"""

from __future__ import annotations

from resolutions.tests.office_documents import (
    abstract,
    docx,
    level,
    list_style,
    numbering,
    par,
    paragraph_style,
    row,
    start_over,
    table,
)

_LEVELS = (level(0, "%1."), level(1, "%1.%2."), level(2, "%1.%2.%3)"))
_NORMAL = paragraph_style("Normal", "", default=True)
_SYMBOL = '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol" w:hint="default"/></w:rPr>'
_LETTERS = ("russianLower", "russianUpper", "lowerLetter", "upperLetter", "lowerRoman")


def _items(*places: tuple[int, int]) -> str:
    """Return a paragraph for each (numbering, level)."""
    return "".join(par(f"пункт {index}", num=place) for index, place in enumerate(places))


def _styled(name: str, number: int, place: int | None = None, based_on: str = "Normal") -> str:
    at = "" if place is None else f'<w:ilvl w:val="{place}"/>'
    return paragraph_style(name, f'<w:numPr>{at}<w:numId w:val="{number}"/></w:numPr>', based_on)


def _linked(place: int, form: str, style: str) -> str:
    return level(place, form, more=f'<w:pStyle w:val="{style}"/>')


LISTS = {
    "multilevel": docx(
        _items((1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 0), (1, 1))
        + par("Текст между пунктами.")
        + _items((1, 1), (1, 2), (1, 0), (1, 2), (1, 1)),
        numbering=abstract(0, *_LEVELS) + numbering(1, 0),
    ),
    # A list that begins below its first level.
    "deeper-first": docx(
        _items((1, 1), (1, 1), (1, 0), (1, 1), (1, 2), (1, 0)),
        numbering=abstract(0, *_LEVELS) + numbering(1, 0),
    ),
    "restarts": docx(
        _items(
            *((1, 0), (1, 0), (2, 0), (2, 0), (1, 0), (3, 0), (3, 1)),
            *((4, 0), (4, 1), (4, 0), (5, 1), (5, 1), (5, 0)),
        ),
        numbering=abstract(0, *_LEVELS)
        + numbering(1, 0)
        + numbering(2, 0, start_over(0))
        + numbering(3, 0, start_over(0, 5))
        + numbering(4, 0)
        + numbering(5, 0, start_over(1, 7)),
    ),
    "letters": docx(
        _items(*((number, 0) for number in range(1, 6) for _item in range(28)), *[(1, 0)]),
        numbering="".join(abstract(at, level(0, "%1)", s)) for at, s in enumerate(_LETTERS, 1))
        + "".join(numbering(number, number) for number in range(1, 6)),
    ),
    "styles": docx(
        par("Раздел", style="H1")
        + par("Пункт", style="H2")
        + par("Пункт", style="H2")
        + par("Раздел", style="H1")
        + par("Пункт", style="H2")
        + par("Пункт по центру", style="H2x")
        + par("Строка списка", style="L")
        + par("Строка списка", style="L")
        + par("Без номера", style="H2", more='<w:numPr><w:numId w:val="0"/></w:numPr>')
        + par("Пункт", style="H2"),
        numbering=abstract(0, _linked(0, "%1.", "H1"), _linked(1, "%1.%2.", "H2"))
        + abstract(1, level(0, "%1)"))
        + numbering(1, 0)
        + numbering(2, 1),
        styles=_NORMAL
        + _styled("H1", 1)
        + _styled("H2", 1, 1)
        + paragraph_style("H2x", '<w:jc w:val="center"/>', "H2")
        + _styled("L", 2),
    ),
    "list-style": docx(
        _items((1, 0), (1, 1), (2, 0), (2, 1), (3, 0)),
        numbering=abstract(
            0,
            level(0, "%1)"),
            level(1, "%2.", "russianLower"),
            before='<w:styleLink w:val="My"/>',
        )
        + abstract(1, before='<w:numStyleLink w:val="My"/>')
        + numbering(1, 0)
        + numbering(2, 1)
        + numbering(3, 1, start_over(0)),
        styles=_NORMAL + list_style("My", 1),
    ),
    "overrides": docx(
        _items((1, 0), (1, 1), (2, 0), (2, 1), (2, 1), (1, 1), (3, 0), (1, 0)),
        numbering=abstract(0, *_LEVELS)
        + numbering(1, 0)
        + numbering(
            2,
            0,
            f'<w:lvlOverride w:ilvl="1">{level(1, "%2)", "russianLower", start=3)}</w:lvlOverride>',
        )
        + numbering(
            3,
            0,
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/>'
            f"{level(0, '%1)', start=4)}</w:lvlOverride>",
        ),
    ),
    "words": docx(
        _items((1, 0), (1, 1), (2, 0), (2, 1), (1, 0)) + par("", num=(2, 0)) + _items((2, 0)),
        numbering=abstract(0, level(0, "\uf0b7", "bullet", more=_SYMBOL), level(1, "o", "bullet"))
        + abstract(1, level(0, "Статья %1.", "decimalZero"), level(1, "%1-%2:", "upperRoman"))
        + numbering(1, 0)
        + numbering(2, 1),
    ),
    "tables": docx(
        _items((1, 0))
        + table(
            row(par("Мероприятие"), par("Срок")),
            row(par("Провести", num=(1, 1)) + par("Подвести итоги", num=(1, 1)), par("2024")),
            row(table(row(par("Внутри", num=(1, 1)))) + par("после"), par("2025")),
        )
        + _items((1, 0), (1, 1)),
        numbering=abstract(0, *_LEVELS) + numbering(1, 0),
    ),
}
# Word knows two things more than LibreOffice, and is believed.
WORD_ONLY = {
    # «legal» levels show all numbers in digits.
    "legal": (
        docx(
            _items((1, 0), (1, 1), (1, 2), (1, 0), (1, 1)),
            numbering=abstract(
                0,
                level(0, "%1.", "upperRoman"),
                level(1, "%1.%2.", more="<w:isLgl/>"),
                level(2, "%1.%2.%3", "lowerLetter"),
            )
            + numbering(1, 0),
        ),
        ["I.", "1.1.", "I.1.a", "II.", "2.1."],
    ),
    # A level that runs on through the document, and one that only the first level restarts.
    "restart-levels": (
        docx(
            _items((1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)),
            numbering=abstract(
                0,
                level(0, "%1."),
                level(1, "%1.%2.", more='<w:lvlRestart w:val="0"/>'),
                level(2, "%3)", more='<w:lvlRestart w:val="1"/>'),
            )
            + numbering(1, 0),
        ),
        ["1.", "1.1.", "1)", "1.2.", "2)", "2.", "2.3.", "1)"],
    ),
}
