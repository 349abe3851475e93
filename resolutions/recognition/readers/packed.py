"""Read what is a ZIP: .docx and .odt are told by what they declare, all else is refused."""

from __future__ import annotations

from collections.abc import Iterator

from resolutions.recognition.readers import docx, odt
from resolutions.recognition.readers.archive import Archive
from resolutions.recognition.readers.refusals import Unreadable
from resolutions.recognition.structure import Paragraph

_WORDS = b"application/vnd.openxmlformats-officedocument.wordprocessingml"
_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"


def paragraphs(data: bytes) -> Iterator[Paragraph]:
    """Return the paragraphs of a .docx or .odt; raises ``Unreadable`` for any other archive."""
    archive = Archive(data)
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
