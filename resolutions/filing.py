"""Files kept under the sha256 of their content: the same content once, whole or not at all.

What is kept has no name on the disk and no extension; its name for people stands in the database,
and it is served as what it is and never run.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse


def keep(content: File[bytes], folder: str) -> str:
    """Keep a file in a folder of the store; return its sha256, which is its address there."""
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    address = digest.hexdigest()
    _put(content, folder, kept_path(folder, address))
    return address


def kept_path(folder: str, sha256: str) -> str:
    """Return where the store keeps the content with this address."""
    return f"{folder}/{sha256[:2]}/{sha256}"


def serve(path: str, name: str, content_type: str, *, shown: bool = False) -> FileResponse:
    """Answer with a kept file: to be saved, or (``shown``) to be drawn by the browser.

    The content came from outside: whatever is in it, nothing of it runs on a page of ours. Raises
    FileNotFoundError where the store has lost the file.
    """
    response = FileResponse(
        default_storage.open(path),
        as_attachment=not shown,
        filename=name,
        content_type=content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _put(content: File[bytes], folder: str, path: str) -> None:
    """Put the content at its address.

    Written aside and moved: an interrupted writing must not leave half a file at the address of
    the whole one, where the next upload of the same content would find it.
    """
    if default_storage.exists(path):
        return
    content.seek(0)
    aside = default_storage.save(f"{folder}/incoming/{uuid4().hex}", File(content))
    final = Path(default_storage.path(path))
    final.parent.mkdir(parents=True, exist_ok=True)
    Path(default_storage.path(aside)).replace(final)
