"""What may stand in a document, whatever was typed or pasted."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return a text without the signs that XML knows no way to write."""
    return _UNPRINTABLE.sub(" ", text)
