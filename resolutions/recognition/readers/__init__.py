"""Readers: the bytes of a file → paragraphs as a person sees them in the document.

``read`` looks at what a file is, never at its name. A page or a command that reads files of other
people calls ``read_safely`` of ``reading_process`` instead: the same in a process of its own, with
limits of time and memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutions.recognition.readers import doc, docx, odt, pdf, rtf, txt
from resolutions.recognition.readers.archive import Archive
from resolutions.recognition.readers.lines import finished
from resolutions.recognition.readers.refusals import MAX_BYTES, Unreadable
from resolutions.recognition.structure import Paragraph

__all__ = ["Unreadable", "read"]

OFFICE_SECONDS = 20.0  # LibreOffice starts in one or two; on a busy server in ten
_PDF_STARTS_WITHIN = 1024  # the standard lets rubbish stand before the mark
_WORDS = b"application/vnd.openxmlformats-officedocument.wordprocessingml"
_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
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
    if data.startswith(b"PK"):
        return _of_archive(Archive(data))
    if b"%PDF-" in data[:_PDF_STARTS_WITHIN]:
        return pdf.paragraphs(data)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return rtf.paragraphs(data)
    if data.startswith(doc.SIGNATURE):
        return odt.paragraphs(Archive(doc.to_odt(data, OFFICE_SECONDS)))
    if data.startswith(_PICTURES):
        raise Unreadable("scan")
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise Unreadable("web-page")
    if name.lower().endswith(_NEVER_TEXT):
        raise Unreadable("damaged")
    return txt.paragraphs(data)


def _of_archive(archive: Archive) -> Iterator[Paragraph]:
    types = archive.part("[Content_Types].xml")
    mime = archive.part("mimetype")
    if b"macroEnabled" in types or any(_is_macro(name) for name in archive.names):
        raise Unreadable("macros")
    if _WORDS in types:
        return docx.paragraphs(archive)
    if mime.startswith(_OPEN_TEXT):
        return odt.paragraphs(archive)
    declared = types or mime
    tables = b"spreadsheet" in declared or b"presentation" in declared
    raise Unreadable("spreadsheet" if tables else "unknown")


def _is_macro(name: str) -> bool:
    return name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/"))
