"""Read .txt: the encoding is guessed among those that Russian texts come in.

Every line is a paragraph, as it stands: whether lines were wrapped by hand depends on what they
mean, which is the recogniser's to say. The guess is our own because the choice is closed: five
encodings, one language. It looks at which letters stand beside which, where ``charset-normalizer``
compares dozens of tables and needs a second for what takes a millisecond here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise

from resolutions.recognition.readers.refusals import Unreadable
from resolutions.recognition.structure import Paragraph

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SINGLE_BYTE = ("cp1251", "koi8-r", "cp866", "mac_cyrillic", "iso8859-5")
_SAMPLE = 20_000  # bytes that decide between the tables
_MOST_DAMAGED = 0.01
_LINE = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# The most frequent pairs of letters in Russian: two of five pairs in any text are among them.
_PAIRS = frozenset(
    re.findall(
        r"\w+",
        "ст но то на ен ов ни ра во ко ре ер ро по ос ал ли не го от пр ан ор ть ат ол ва та ес"
        " ом ет ле ри тр ел ин од до де ти ка ог об ло ла те ит ем за да ие ия ий ых ые ую ой ся"
        " ну их из ми иц сл ам ам ны бр уч ще щи ми ме он се ис ук",
    )
)


def paragraphs(data: bytes) -> Iterator[Paragraph]:
    """Yield the lines of a text; raises ``Unreadable`` for what is no text."""
    for line in _LINE.split(decoded(data).rstrip("\x1a")):  # DOS marks the end so
        yield Paragraph(line.rstrip())


def decoded(data: bytes) -> str:
    """Return the text of the bytes; raises ``Unreadable`` where they are no text."""
    text = _decoded(data)
    signs = len(_CONTROL.findall(text)) + text.count("\ufffd")
    if signs > _MOST_DAMAGED * len(text) + 1:
        raise Unreadable("unknown")
    return text


def _decoded(data: bytes) -> str:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    if wide := _wide(data):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
        if damaged.count("\ufffd") < _MOST_DAMAGED * len(damaged):
            return damaged
    sample = data[:_SAMPLE]
    best = max(_SINGLE_BYTE, key=lambda codec: _likeness(sample.decode(codec, "replace")))
    return data.decode(best, "replace")


def _wide(data: bytes) -> str:
    """Name the UTF-16 of a text without a mark: every second byte is 00 or 04."""
    sample = data[:_SAMPLE]
    for start, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[start::2]
        if high and (high.count(0) + high.count(4)) > 0.9 * len(high):
            return codec
    return ""


def _likeness(text: str) -> float:
    """Say how much a text is like Russian: frequent pairs, and no capitals inside words."""
    pairs = [first + second for first, second in pairwise(text) if second.isalpha()]
    good = sum(pair.lower() in _PAIRS for pair in pairs)
    odd = sum(pair[0].islower() and pair[1].isupper() for pair in pairs)
    drawn = sum("─" <= sign <= "▟" or sign == "\ufffd" for sign in text)
    return good - 2 * odd - 2 * drawn
