"""Read the text layer of a .pdf: letters with their places → lines → paragraphs.

PDFium gives letters in the order in which the program that made the file has drawn them, which is
the order of reading in nearly all documents; what is a line, a column, a running head or a
paragraph is not in the file and is worked out from the places (``pdf_pages``, ``pdf_paragraphs``).
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from resolutions.recognition.readers.numerals import without_private_signs
from resolutions.recognition.readers.pdf_pages import Box, Line, Page, in_order, without_furniture
from resolutions.recognition.readers.pdf_paragraphs import joined
from resolutions.recognition.readers.refusals import MAX_CHARACTERS, MAX_PAGES, Unreadable
from resolutions.recognition.structure import Paragraph

_LOCK = threading.Lock()  # PDFium keeps state of its own and is not thread-safe
_WRONG_PASSWORD = pdfium.FPDF_ERR_PASSWORD
_ENDS_WITHIN = 4096  # bytes; signatures and rubbish stand behind the mark of the end
_BREAKS = frozenset({0x0A, 0x0D})
# PDFium's own marks for a hyphen at the end of a line; it joins the lines there, which hides where
# they stand, and whether the hyphen belongs to the word is not its to say.
_HYPHENS = frozenset({0x02, 0xFFFE})
_NUMBER = re.compile(r"(?:[0-9]{1,2}\.)+|[0-9]{1,2}\)|[а-яё]\)|[-–—•]")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RAISED = 0.3  # of a letter's height
_GAP = 0.25  # of a letter's height, between a list's number and its text
_FEWEST_LETTERS = 0.4  # of the signs of a page that is text
_FONT_NAME_BYTES = 128


def paragraphs(data: bytes) -> Iterator[Paragraph]:
    """Yield the paragraphs, footnotes at the end; a page without text among others is said so.

    Raises ``Unreadable`` for a password, a scan, too many pages, a file that is cut off.
    """
    if b"%%EOF" not in data[-_ENDS_WITHIN:]:  # what PDFium could save of it would look complete
        raise Unreadable("damaged")
    with _LOCK:
        pages = _pages(data)
    if all(not page.lines for page in pages):
        raise Unreadable("scan" if any(page.has_picture for page in pages) else "empty")
    _reject_without_letters(pages)
    silent = [page for page in pages if not page.lines and page.has_picture]
    if 2 * len(silent) >= len(pages):
        raise Unreadable("scan")
    yield from joined([in_order(page) for page in without_furniture(pages)])
    for page in silent:
        yield Paragraph(f"[Страница {page.number}: изображение без текста]", aside="textbox")


def _pages(data: bytes) -> list[Page]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _WRONG_PASSWORD
        raise Unreadable("password" if locked else "damaged") from error
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable("too-long")
        pages, letters = [], 0
        for index in range(len(document)):
            pages.append(_page(document, index))
            letters += sum(len(line.text) for line in pages[-1].lines)
            if letters > MAX_CHARACTERS:
                raise Unreadable("too-long")
        return pages
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged") from error
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, index: int) -> Page:
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            letters = _Letters(text.raw, page.get_rotation(), page.get_mediabox())
            lines = tuple(letters.lines())
        finally:
            text.close()
        has_picture = not lines and any(
            item.type == pdfium.FPDF_PAGEOBJ_IMAGE for item in page.get_objects(max_depth=3)
        )
        width, height = page.get_size()
        return Page(index + 1, width, height, lines, has_picture)
    finally:
        page.close()


def _reject_without_letters(pages: list[Page]) -> None:
    """Refuse fonts without a table of letters: their text comes out as signs of no alphabet."""
    signs = [sign for page in pages for line in page.lines for sign in line.text if sign > " "]
    letters = sum(sign.isalpha() or sign.isdigit() for sign in signs)
    if letters < _FEWEST_LETTERS * len(signs):
        raise Unreadable("no-letters")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, its place, and its first and last letter."""

    text: str
    box: Box
    first: int
    last: int


def _rows(words: list[_Word]) -> Iterator[list[_Word]]:
    """Part words that stand on different heights: PDFium runs short cells of a table together."""
    row: list[_Word] = []
    for word in words:
        if row:
            last = row[-1].box
            height = max(last.top - last.bottom, word.box.top - word.box.bottom)
            if abs(last.bottom - word.box.bottom) > height or word.box.right < last.left:
                yield row
                row = []
        row.append(word)
    if row:
        yield row


class _Letters:
    """The letters of one page, and their places as the page is seen (rotation undone)."""

    def __init__(
        self, raw: object, rotation: int, media: tuple[float, float, float, float]
    ) -> None:
        self._raw = raw
        self._rotation = rotation
        self._media = media
        self._rectangle = pdfium.FS_RECTF()
        self._edges = [ctypes.c_double() for _edge in range(4)]

    def lines(self) -> Iterator[Line]:
        """Yield the lines in the order in which they are drawn."""
        codes = [
            pdfium.FPDFText_GetUnicode(self._raw, index)
            for index in range(max(0, pdfium.FPDFText_CountChars(self._raw)))
        ]
        start = 0
        for end, code in enumerate([*codes, 0x0A]):
            if code in _BREAKS or code in _HYPHENS:
                words = self._words(codes, start, end + (code in _HYPHENS))
                yield from (self._line(part) for part in _rows(words))
                start = end + 1

    def _words(self, codes: list[int], start: int, end: int) -> list[_Word]:
        """Return the words of the letters [start, end) with their places."""
        words: list[_Word] = []
        at = start
        while at < end:
            if _is_space(codes[at]):
                at += 1
                continue
            first = at
            while at < end and not _is_space(codes[at]):
                at += 1
            if len(words) < 2:
                at = self._end_of_number(codes, first, at)
            box = self._box(first).around(self._box(at - 1))
            text = "".join(map(_sign, codes[first:at]))
            raised = self._raised(codes, first, at)
            text = text[:-raised] + text[-raised:].translate(_SUPERSCRIPTS) if raised else text
            words.append(_Word(text, box, first, at - 1))
        return words

    def _raised(self, codes: list[int], first: int, end: int) -> int:
        """Count the small raised digits at the end of a word: the sign of a note, or «м²»."""
        body = self._box(first)
        limit = body.bottom + _RAISED * (body.top - body.bottom)
        at = end
        while at > first + 1 and chr(codes[at - 1]).isdigit():
            if self._box(at - 1).bottom < limit:
                break
            at -= 1
        return end - at

    def _line(self, words: list[_Word]) -> Line:
        samples = (words[0].first, words[len(words) // 2].first, words[-1].last)
        loose = self._box(samples[1], loose=True)
        return Line(
            tuple(without_private_signs(word.text) for word in words),
            tuple(word.box for word in words),
            words[0].box.around(words[-1].box),
            max(1.0, loose.top - loose.bottom),
            all(self._is_bold(index) for index in samples),
        )

    def _end_of_number(self, codes: list[int], first: int, end: int) -> int:
        """Part a list's number from its text where only the gap between them shows it."""
        number = _NUMBER.match("".join(_sign(code) for code in codes[first:end]))
        middle = first + (number.end() if number else 0)
        if not first < middle < end or not _sign(codes[middle]).isalpha():
            return end
        before, behind = self._box(middle - 1), self._box(middle)
        return middle if behind.left - before.right > _GAP * (behind.top - behind.bottom) else end

    def _box(self, index: int, *, loose: bool = False) -> Box:
        if loose:
            area = self._rectangle
            pdfium.FPDFText_GetLooseCharBox(self._raw, index, area)
            return self._turned(area.left, area.right, area.bottom, area.top)
        left, right, bottom, top = self._edges
        pdfium.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._raw, index, x, y)
        # The bottom of a letter is not that of its line («р»): the line itself is.
        if self._rotation in (0, 180):
            return self._turned(left.value, right.value, y.value, max(y.value, top.value))
        return self._turned(x.value, max(x.value, right.value), bottom.value, top.value)

    def _turned(self, left: float, right: float, bottom: float, top: float) -> Box:
        """Turn a place as the viewer turns the page: by a quarter, clockwise, so many times."""
        min_x, min_y, max_x, max_y = self._media
        left, right, bottom, top = left - min_x, right - min_x, bottom - min_y, top - min_y
        width, height = max_x - min_x, max_y - min_y
        if self._rotation == 90:
            return Box(bottom, top, width - right, width - left)
        if self._rotation == 180:
            return Box(width - right, width - left, height - top, height - bottom)
        if self._rotation == 270:
            return Box(height - top, height - bottom, left, right)
        return Box(left, right, bottom, top)

    def _is_bold(self, index: int) -> bool:
        name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        flags = ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._raw, index, name, _FONT_NAME_BYTES, flags)
        return b"bold" in name.value.lower()


def _is_space(code: int) -> bool:
    return code in (0, 0x20, 0xA0, 0x09)


def _sign(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    return chr(code) if 0x20 <= code < 0x11_0000 and not 0xD800 <= code < 0xE000 else "\ufffd"
