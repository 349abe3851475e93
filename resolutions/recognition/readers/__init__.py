"""Readers: the bytes of a file → paragraphs as a person sees them in the document.

``read`` looks at what a file is, never at its name. A page or a command that reads files of other
people calls ``read_safely`` of ``reading_process`` instead: the same in a process of its own, with
limits of time and memory. That process reads one file, so a reader is imported when a file of its
kind is met: all of them take twice as long to import as any one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

from resolutions.recognition.readers import doc
from resolutions.recognition.readers.lines import finished
from resolutions.recognition.readers.refusals import MAX_BYTES, Unreadable
from resolutions.recognition.structure import Paragraph

__all__ = ["Unreadable", "read"]

OFFICE_SECONDS = 20.0  # LibreOffice starts in one or two; on a busy server in ten
_PDF_STARTS_WITHIN = 1024  # the standard lets rubbish stand before the mark
_PICTURES = (
    *(b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"AT&TFORM"),
    *(b"\0\0\0\x18ftyphei", b"\0\0\0\x1cftyphei", b"\0\0\0\x24ftyphei"),
)
_NEVER_TEXT = (".docx", ".odt", ".pdf")
_MARKUP = re.compile(rb"\s*(?:<\?xml|<!doctype|<html|<head|mime-version:)", re.IGNORECASE)


def read(data: bytes, name: str = "") -> tuple[Paragraph, ...]:
    """Return the paragraphs of a .docx, .pdf, .odt, .rtf, .doc or .txt.

    ``data`` is the file as it came; what it is, its content says. The ``name`` only tells whether
    what looks like plain text was meant to be something else, and is broken. Raises ``Unreadable``
    with a Russian sentence for what cannot be read, and nothing but that.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("too-large")
    if not data.strip(b"\0 \r\n\t"):
        raise Unreadable("empty")
    try:
        return finished(_paragraphs(data, name))
    except Unreadable:
        raise
    except (RecursionError, MemoryError) as error:  # a thousand groups, each inside another
        raise Unreadable("too-slow") from error
    except Exception as error:
        # What a stranger's file does to a parser is not foreseeable case by case, and to the
        # person who brought it, it is one thing: the file is broken.
        raise Unreadable("damaged") from error


def _paragraphs(data: bytes, name: str) -> Iterator[Paragraph]:
    kind = _kind(data, name)
    if kind == "doc":
        data, kind = doc.to_odt(data, OFFICE_SECONDS), "packed"
    reader = import_module(f"{__name__}.{kind}")
    found: Iterator[Paragraph] = reader.paragraphs(data)
    return found


def _kind(data: bytes, name: str) -> str:
    """Return the module that reads such a file, "doc" for what is converted first."""
    if data.startswith(b"PK"):
        return "packed"
    if b"%PDF-" in data[:_PDF_STARTS_WITHIN]:
        return "pdf"
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(doc.SIGNATURE):
        return "doc"
    if data.startswith(_PICTURES):
        raise Unreadable("scan")
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise Unreadable("web-page")
    if name.lower().endswith(_NEVER_TEXT):
        raise Unreadable("damaged")
    return "txt"
