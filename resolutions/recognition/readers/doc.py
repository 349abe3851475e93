"""Read .doc through LibreOffice, where it is installed: it makes an .odt of it.

Not a .docx: in its own format it keeps which lists run on, and in the other it forgets.

LibreOffice runs with a profile of its own in a directory that is gone afterwards, so that it
neither waits for a window of somebody else nor leaves anything behind. Macros are not run: files
with macros are refused before, and a fresh profile runs none.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from resolutions.recognition.readers.refusals import Unreadable

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512
_HEAD_OF_TEXT = b"\xec\xa5"
_ENCRYPTED = 0x01  # in the second byte of the flags at 0x0A of the text's head ([MS-DOC] 2.5.2)


def to_odt(data: bytes, seconds: float) -> bytes:
    """Convert the bytes of a .doc; raises ``Unreadable`` where that cannot be done in time."""
    check(data)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Unreadable("no-office")
    with tempfile.TemporaryDirectory(prefix="doc-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "document.doc")
        source.write_bytes(data)
        _run(program, folder, source, seconds)
        target = source.with_suffix(".odt")
        if not target.exists():
            raise Unreadable("damaged")
        return target.read_bytes()


def check(data: bytes) -> None:
    """Raise ``Unreadable`` for a compound file that is not a plain .doc."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):  # a .docx or .xlsx with a password
        raise Unreadable("password")
    if not holds("WordDocument"):
        tables = holds("Workbook") or holds("PowerPoint Document")
        raise Unreadable("spreadsheet" if tables else "unknown")
    if holds("_VBA_PROJECT"):
        raise Unreadable("macros")
    for sector in range(_SECTOR, len(data) - _SECTOR, _SECTOR):
        if data[sector : sector + 2] == _HEAD_OF_TEXT:
            if data[sector + 0x0B] & _ENCRYPTED:
                raise Unreadable("password")
            return


def _run(program: str, folder: str, source: Path, seconds: float) -> None:
    process = subprocess.Popen(  # noqa: S603  # our own arguments, and a name of our own
        [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
            *("--infilter=MS Word 97", "--convert-to", "odt:writer8"),
            *("--outdir", folder, str(source)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too-slow") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with all it has started: ``soffice`` itself is only a script."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
