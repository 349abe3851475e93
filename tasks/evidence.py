"""Files that prove a report: judged by content, stored under their sha256, never executable.

A file's name and the browser's word on its type are what the sender says; only the content counts.
What is stored has no name on the disk and no extension, and is served as the type found in it.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resolutions.filing import keep, kept_path

FOLDER = "evidence"
MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
MOST_FILES = 10
ACCEPTED = gettext_lazy("PDF, DOC, DOCX, ODT, RTF, XLS, XLSX, ODS, PPT, PPTX, JPG, PNG, HEIC")
EXTENSIONS = (
    ".pdf,.doc,.docx,.odt,.rtf,.xls,.xlsx,.ods,.ppt,.pptx,.jpg,.jpeg,.png,.heic,.heif,image/*"
)

_OOXML = "application/vnd.openxmlformats-officedocument."
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    f"{_OOXML}wordprocessingml.document": ".docx",
    f"{_OOXML}spreadsheetml.sheet": ".xlsx",
    f"{_OOXML}presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heic": ".heic",
}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
# What a browser draws without running anything; all else is only saved.
SHOWN_IN_BROWSER = ("image/jpeg", "image/png")
# A document that unpacks to more is made to fill the disk of whoever opens it.
_LARGEST_UNPACKED = 500 * MEGABYTE
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Everything a broken archive makes the standard library say.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    struct.error,
)
_OOXML_MACROS = ("vbaproject", "macroenabled", "macrosheet")
# LibreOffice writes these lists also where no macro is left.
_ODF_LISTS = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml")
_NO_JUNK_OF_A_PDF = (b"<", b"MZ", b"\x7fELF", b"#!")
# A compound file of old Office names its parts in UTF-16: the part tells which program wrote it.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_PARTS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
_MACRO_PART = "_VBA_PROJECT"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store: its address, size in bytes, type found in it, name for people."""

    sha256: str
    size: int
    content_type: str
    name: str


def judge(stream: IO[bytes]) -> str | None:
    """Return the content type found in the stream, or None where it is none of the accepted.

    A document with macros is none of them. The stream is left at its beginning.
    """
    stream.seek(0)
    head = stream.read(1024)
    stream.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if head.startswith(b"{\\rtf"):
        return "application/rtf"
    if head.startswith(_COMPOUND):
        return _judge_compound(stream)
    if head.startswith(b"PK\x03\x04"):
        return _judge_zip(stream)
    return "application/pdf" if _looks_like_pdf(head) else None


def store(upload: UploadedFile[bytes]) -> StoredFile:
    """Check an uploaded file and keep it; the same content is kept once.

    Raises ValidationError with a sentence that names the file: too large, empty, not accepted.
    """
    name = _name_of(upload)
    if (upload.size or 0) > LARGEST:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s MB. Make it smaller or give a link.")
            % {"name": name, "limit": LARGEST // MEGABYTE}
        )
    if not upload.size:
        raise ValidationError(_("“%(name)s” is empty. Choose the file again.") % {"name": name})
    content_type = judge(upload)
    if content_type is None:
        raise ValidationError(
            _("“%(name)s” is not accepted by its content. Accepted are: %(kinds)s, without macros.")
            % {"name": name, "kinds": ACCEPTED}
        )
    address = keep(upload, FOLDER)
    return StoredFile(address, upload.size, content_type, _with_suffix(name, content_type))


def store_all(uploads: Iterable[UploadedFile[bytes]]) -> tuple[list[StoredFile], list[str]]:
    """Keep what can be kept; return it, and the sentences about the rest.

    No more is stored than a report takes: what no report refers to would lie there for ever.
    """
    stored: list[StoredFile] = []
    refused: list[str] = []
    for upload in uploads:
        if len(stored) == MOST_FILES:
            refused.append(no_room(_name_of(upload)))
            continue
        try:
            stored.append(store(upload))
        except ValidationError as refusal:
            refused.extend(refusal.messages)
    return stored, refused


def no_room(name: str) -> str:
    """Say that a report holds as many files and links as it takes."""
    return _(
        "“%(name)s” is not attached: a report takes %(count)s files and links at most. Take "
        "something out, or put several pages into one document."
    ) % {"name": name, "count": MOST_FILES}


def stored_path(sha256: str) -> str:
    """Return where the store keeps the content with this address."""
    return kept_path(FOLDER, sha256)


def _name_of(upload: UploadedFile[bytes]) -> str:
    """Return how people know the file: no folders, and no longer than a name is."""
    return PurePosixPath((upload.name or "").replace("\\", "/")).name[:200] or _("file")


def _with_suffix(name: str, content_type: str) -> str:
    """Return the name with the suffix of what is really in the file."""
    suffix = _SUFFIXES[content_type]
    given = PurePosixPath(name).suffix.casefold()
    same = {".jpeg": ".jpg", ".heif": ".heic"}
    return name if same.get(given, given) == suffix else f"{name}{suffix}"


def _judge_compound(stream: IO[bytes]) -> str | None:
    content = stream.read(LARGEST + 1)
    stream.seek(0)
    if _MACRO_PART.encode("utf-16-le") in content:
        return None
    for part, content_type in _COMPOUND_PARTS.items():
        if part.encode("utf-16-le") + b"\x00\x00" in content:
            return content_type
    return None


def _looks_like_pdf(head: bytes) -> bool:
    """Some scanners write a few bytes before the signature; ISO 32000 readers allow 1,024.

    What a browser or a system would run is no such junk.
    """
    junk, signature, _rest = head.partition(b"%PDF-")
    return bool(signature) and not any(mark in junk for mark in _NO_JUNK_OF_A_PDF)


def _judge_zip(stream: IO[bytes]) -> str | None:
    try:
        with zipfile.ZipFile(stream) as archive:
            return _judge_archive(archive)
    except _BROKEN:
        return None
    finally:
        stream.seek(0)


def _judge_archive(archive: zipfile.ZipFile) -> str | None:
    parts = {part.filename: part for part in archive.infolist()}
    if sum(part.file_size for part in parts.values()) > _LARGEST_UNPACKED:
        return None
    kind = parts.get("mimetype") or parts.get("[Content_Types].xml")
    if kind is None or kind.compress_type not in _ZIP_METHODS:
        return None
    with archive.open(kind) as part:
        # Not the size it declares: what lies about it would be unpacked whole.
        text = part.read(MEGABYTE).decode("utf-8", "replace")
    names = [name.casefold() for name in parts]
    if kind.filename == "mimetype":
        return None if any(map(_is_odf_macro, names)) else _odf_type(text)
    if any(word in text.casefold() for word in _OOXML_MACROS):
        return None
    if any(name.endswith("vbaproject.bin") for name in names):
        return None
    for content_type in _SUFFIXES:
        if content_type.startswith(_OOXML) and f"{content_type}.main+xml" in text:
            return content_type
    return None


def _odf_type(text: str) -> str | None:
    found = text.strip()
    return found if found in _SUFFIXES and "opendocument" in found else None


def _is_odf_macro(name: str) -> bool:
    if name.endswith("/") or PurePosixPath(name).name in _ODF_LISTS:
        return False
    return name.startswith(("basic/", "scripts/"))
