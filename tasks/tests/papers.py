"""Files that people attach, and files that pretend to be such."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40
RTF = rb"{\rtf1\ansi Program}"
EXE = b"MZ\x90\x00\x03" + b"\x00" * 200
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return buffer.getvalue()


def ooxml(more: dict[str, bytes] | None = None, kind: str = WORD) -> bytes:
    """An Office file of that type, with further parts."""
    types = f'<Types><Override ContentType="{kind}.main+xml"/></Types>'.encode()
    return archive({"[Content_Types].xml": types, **(more or {})})


def odf(more: dict[str, bytes] | None = None) -> bytes:
    """A text of OpenDocument, with further parts."""
    return archive({"mimetype": ODT.encode(), **(more or {})})


def compound(part: str, more: str = "") -> bytes:
    """A file of old Office: the part in it tells which program wrote it."""
    return COMPOUND + b"".join(name.encode("utf-16-le") + b"\x00\x00" for name in (part, more))


def lying_archive() -> bytes:
    """A part that says it holds 100 bytes and unpacks to 100 MB."""
    whole = archive({"[Content_Types].xml": b"\x00" * (100 * 1024 * 1024)})
    size = (100 * 1024 * 1024).to_bytes(4, "little")
    return whole.replace(size, (100).to_bytes(4, "little"))
