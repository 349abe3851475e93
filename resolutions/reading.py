"""From an uploaded file or a pasted text to a document that can be checked.

What was uploaded stays on the record, also where it could not be read: then with the reason.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.files.base import ContentFile, File
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from resolutions.documents import SourceDocument
from resolutions.filing import keep, kept_path
from resolutions.recognition.acts import for_assembly
from resolutions.recognition.assembly import assemble
from resolutions.recognition.marking_process import recognise_safely
from resolutions.recognition.plain import plain_marking, plain_paragraphs
from resolutions.recognition.readers.refusals import Unreadable
from resolutions.recognition.reading_process import read_safely
from resolutions.recognition.structure import Marking, Outline

FOLDER = "documents"
# What a browser is told on saving; what is not here is bytes.
_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
}
ACCEPTED_SUFFIXES = tuple(_TYPES)


def outline_of(marking: Marking) -> Outline:
    """Return what becomes of a marking under review."""
    return assemble(for_assembly(marking))


def pasted(text: str) -> File[bytes]:
    """Return a pasted text as the file it is kept as."""
    lines = "\n".join(text.splitlines())
    return ContentFile(lines.encode("utf-8", "replace"), name=_("Pasted text") + ".txt")


def receive(
    content: File[bytes], issuer: Organization, person: User
) -> tuple[SourceDocument, bool]:
    """Keep a file, read it, and say whether it is new.

    The same content leads to the document that was made of it first, where the person may see
    that; one that could not be read then is tried again, under the name and the issuer it has now.
    """
    sha256 = keep(content, FOLDER)
    first = first_upload(sha256, person)
    if first is not None and not first.refusal:
        return first, False
    name = PurePosixPath((content.name or "").replace("\\", "/")).name[-200:] or _("document")
    suffix = PurePosixPath(name).suffix.casefold()
    document = first or SourceDocument(size=content.size, sha256=sha256, uploaded_by=person)
    document.name = name.replace("\0", "")
    document.content_type = _TYPES.get(suffix, "application/octet-stream")
    document.issuer, document.changed_by, document.changed_at = issuer, person, timezone.now()
    document.set_aside_at = None
    _read(document, content)
    document.save()
    return document, first is None


def first_upload(sha256: str, person: User) -> SourceDocument | None:
    """Return the first document of this content among those the person may see."""
    rows = SourceDocument.objects.editable_by(person).filter(sha256=sha256)
    return rows.select_related("issuer").order_by("pk").first()


def path_of(document: SourceDocument) -> str:
    """Return where the store keeps the document as it came."""
    return kept_path(FOLDER, document.sha256)


def _read(document: SourceDocument, content: File[bytes]) -> None:
    content.seek(0)
    try:
        marking = recognise_safely(read_safely(content.read(), document.name))
    except Unreadable as refused:
        document.refusal = refused.kind
        return
    document.refusal = ""
    document.paragraphs = plain_paragraphs(marking.paragraphs)
    document.marking = plain_marking(marking)
