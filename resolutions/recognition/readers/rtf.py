r"""Read .rtf with the list numbers that Word and LibreOffice print into it (``\listtext``).

A reader of our own because striprtf gives one string: it loses which words are a number, which
stand in a cell, a note or a text box, what is bold, and it keeps what was deleted under tracking.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from resolutions.recognition.readers.numerals import bullet, without_private_signs
from resolutions.recognition.readers.refusals import Unreadable
from resolutions.recognition.structure import Cell, Paragraph

_TOKEN = re.compile(
    rb"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<value>-?[0-9]{1,10})?[ ]?"
    rb"|'(?P<hex>[0-9a-fA-F]{2})|(?P<sign>[^a-zA-Z]))"
    rb"|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)",
    re.DOTALL,
)
_DEEPEST = 500
_CHARSETS = {204: "cp1251", 238: "cp1250", 161: "cp1253", 162: "cp1254", 186: "cp1257"}
_CHARSETS |= {77: "mac_roman", 84: "mac_cyrillic", 255: "cp850", 254: "cp437"}
_SYMBOL = "symbol"  # a font whose signs are pictures
_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_SIGNS = {
    "tab": "\t",
    "line": "\n",
    "page": "\n",
    "column": "\n",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
}
_MARKS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}"}
_ALIGNMENTS = {"ql": "left", "qc": "center", "qr": "right", "qj": "justify", "qd": "justify"}
# Groups whose words are not the document's. A group that begins with «\*» is one of them, unless
# its words are known to be wanted.
_GONE = frozenset(
    re.findall(
        r"\w+",
        "colortbl stylesheet info pict nonshppict objdata fldinst bkmkstart bkmkend annotation"
        " header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn"
        " aftnsep aftnsepc aftncn sp shprslt nonesttables xe tc rxe txe filetbl revtbl listtable"
        " listname listoverridetable rsidtbl comment pnseclvl atnid atnauthor datafield",
    )
)
_WANTED = frozenset({"shpinst", "shptxt", "do", "dptxbxtext", "footnote", "listtext", "pntext"})
_NUMBERS = frozenset({"listtext", "pntext"})
_BOXES = frozenset({"shptxt", "dptxbxtext"})


@dataclass(slots=True)
class _Sink:
    """Where words go: the body, a number, a note or a text box; what of it is a paragraph yet."""

    aside: str = ""
    is_number: bool = False
    texts: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    number: str = ""
    done: list[Paragraph] = field(default_factory=list)
    boxes: list[Paragraph] = field(default_factory=list)  # wait for their anchor to end


@dataclass(slots=True)
class _State:
    """What a group inherits from the one around it."""

    sink: _Sink
    codec: str
    gone: bool = False
    fonts: bool = False
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    alignment: str = ""
    level: int = 0
    in_table: bool = False
    fallback: int = 1  # characters that stand behind a \u for old readers


def paragraphs(data: bytes) -> Iterator[Paragraph]:
    """Yield the paragraphs, text boxes behind their anchor, notes at the end.

    ``data`` begins with ``{\\rtf``. Raises ``Unreadable`` for a file that ends too early.
    """
    reader = _Reader(data)
    reader.read()
    yield from reader.body.done
    yield from reader.notes


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.body = _Sink()
        self.notes: list[Paragraph] = []
        self._state = _State(self.body, "cp1252")
        self._outer: list[_State] = []
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = self._default_font = 0
        self._skip = 0
        self._starred = False
        self._noted = 0
        self._table = self._row = self._column = 0
        self._after_row = False

    def read(self) -> None:
        """Go through the file once."""
        while self._at < len(self._data):
            token = _TOKEN.match(self._data, self._at)
            if token is None:  # a lone backslash at the very end
                break
            self._at = token.end()
            kind = token.lastgroup
            if kind == "brace":
                if token["brace"] == b"{":
                    self._open()
                elif self._close():
                    return
            elif kind == "text":
                self._plain(token["text"])
            elif kind == "hex":
                self._plain(bytes([int(token["hex"], 16)]))
            elif kind == "sign":
                self._mark(token["sign"].decode("latin-1"))
            elif token["word"]:
                value = token["value"]
                self._word(token["word"].decode(), None if value is None else int(value))
        raise Unreadable("damaged")

    def _open(self) -> None:
        if len(self._outer) >= _DEEPEST:
            raise Unreadable("damaged")
        self._outer.append(self._state)
        self._state = replace(self._state)
        self._skip, self._starred = 0, False

    def _close(self) -> bool:
        """End a group; return whether it was the whole document."""
        if not self._outer:
            raise Unreadable("damaged")
        sink, self._state = self._state.sink, self._outer.pop()
        self._skip, self._starred = 0, False
        if not self._outer:
            self._finish(self.body)
            return True
        if sink is not self._state.sink:
            self._return(sink, self._state.sink)
        return False

    def _return(self, sink: _Sink, outer: _Sink) -> None:
        """Hand what a number, note or box has collected to the words around it."""
        if sink.is_number:
            outer.number = bullet("".join(sink.texts)) or outer.number
            return
        self._finish(sink)
        if sink.aside == "textbox":
            outer.boxes += sink.done
        else:
            self.notes += sink.done

    def _finish(self, sink: _Sink) -> None:
        if sink.texts or sink.boxes:
            self._finish_paragraph(sink, None)

    def _finish_paragraph(self, sink: _Sink, cell: Cell | None) -> None:
        state = self._state
        text = "".join(sink.texts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        sink.done.append(
            Paragraph(
                without_private_signs(text),
                sink.number,
                state.level if sink.number else 0,
                bool(sink.bold) and all(sink.bold),
                state.alignment,
                cell,
                sink.aside,
            )
        )
        sink.done += sink.boxes
        sink.texts, sink.bold, sink.boxes, sink.number = [], [], [], ""

    def _plain(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if data and not self._state.gone:
            codec = self._state.codec
            if codec == _SYMBOL:
                self._add("".join(chr(0xF000 + byte) if byte > 0x20 else " " for byte in data))
            else:
                self._add(data.decode(codec, "replace"))

    def _add(self, text: str) -> None:
        state = self._state
        if state.gone or state.fonts or state.hidden or state.deleted:
            return
        state.sink.texts.append(text)
        if text.strip():
            state.sink.bold.append(state.bold)

    def _mark(self, sign: str) -> None:
        if sign == "*":
            self._starred = True
        elif self._skip:
            self._skip -= 1
        elif sign in "\r\n":
            self.end_paragraph()
        else:
            self._add(_MARKS.get(sign, ""))

    def _word(self, word: str, value: int | None) -> None:
        starred, self._starred = self._starred, False
        if word == "bin":
            self._at += max(0, value or 0)
        elif self._state.gone:
            return
        elif (starred and word not in _WANTED) or word in _GONE:
            self._state.gone = True
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        elif word in _WANTED or word == "fonttbl":
            self._destination(word)
        elif act := _ACTS.get(word):
            act(self, value)
        elif word in _ALIGNMENTS:
            self._state.alignment = _ALIGNMENTS[word]
        elif word in _PAGES:
            self._set_page(_PAGES[word])

    def _destination(self, word: str) -> None:
        state = self._state
        if word == "fonttbl":
            state.fonts = True
        elif word in _NUMBERS:
            state.sink = _Sink(is_number=True)
        elif word in _BOXES:
            state.sink = _Sink("textbox")
        elif word == "footnote":
            self._noted += 1
            state.sink = _Sink("footnote", number=str(self._noted))

    def _set_page(self, codec: str) -> None:
        self._page = self._state.codec = codec

    def code_page(self, value: int | None) -> None:
        try:
            self._set_page(codecs.lookup(f"cp{value}").name)
        except LookupError:
            return  # the page before stays; what it cannot say becomes «?»

    def set_font(self, value: int | None) -> None:
        self._font = value or 0
        self._state.codec = self._fonts.get(self._font, self._page)

    def charset(self, value: int | None) -> None:
        if self._state.fonts:
            codec = _SYMBOL if value == 2 else _CHARSETS.get(value or 0, self._page)
            self._fonts[self._font] = codec

    def set_default_font(self, value: int | None) -> None:
        self._default_font = value or 0

    def letters_again(self, _value: int | None) -> None:
        state = self._state
        state.bold = state.hidden = state.deleted = False
        self.set_font(self._default_font)

    def paragraph_again(self, _value: int | None) -> None:
        self._state.alignment, self._state.level, self._state.in_table = "", 0, False

    def set_bold(self, value: int | None) -> None:
        self._state.bold = value != 0

    def set_hidden(self, value: int | None) -> None:
        self._state.hidden = value != 0

    def set_deleted(self, value: int | None) -> None:
        self._state.deleted = value != 0

    def set_level(self, value: int | None) -> None:
        self._state.level = max(0, min(8, value or 0))

    def enter_table(self, _value: int | None) -> None:
        self._state.in_table = True

    def set_fallback(self, value: int | None) -> None:
        self._state.fallback = max(0, min(9, value or 0))

    def unicode(self, value: int | None) -> None:
        self._add(chr((value or 0) % 0x10000))
        self._skip = self._state.fallback

    def end_paragraph(self, _value: int | None = None) -> None:
        state = self._state
        if state.gone or state.sink.is_number:
            return
        if state.deleted:
            return  # the mark is deleted: the words go on in the next paragraph
        in_cell = state.in_table and not state.sink.aside
        if not in_cell and not state.sink.aside and self._after_row:
            self._table += 1
            self._row, self._after_row = 0, False
        self._finish_paragraph(state.sink, self._here() if in_cell else None)

    def _here(self) -> Cell:
        return Cell(self._table, self._row, self._column)

    def end_cell(self, _value: int | None) -> None:
        self._finish_paragraph(self._state.sink, self._here())
        self._column += 1

    def end_inner_cell(self, _value: int | None) -> None:
        self._finish_paragraph(self._state.sink, self._here())

    def end_row(self, _value: int | None) -> None:
        self._row, self._column, self._after_row = self._row + 1, 0, True


_ACTS: dict[str, Callable[[_Reader, int | None], None]] = {
    "par": _Reader.end_paragraph,
    "sect": _Reader.end_paragraph,
    "cell": _Reader.end_cell,
    "nestcell": _Reader.end_inner_cell,
    "row": _Reader.end_row,
    "intbl": _Reader.enter_table,
    "pard": _Reader.paragraph_again,
    "plain": _Reader.letters_again,
    "b": _Reader.set_bold,
    "v": _Reader.set_hidden,
    "deleted": _Reader.set_deleted,
    "ilvl": _Reader.set_level,
    "u": _Reader.unicode,
    "uc": _Reader.set_fallback,
    "f": _Reader.set_font,
    "deff": _Reader.set_default_font,
    "fcharset": _Reader.charset,
    "ansicpg": _Reader.code_page,
}
