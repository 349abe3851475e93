"""The order of names: as people count, «№ 2» before «№ 10», on every database."""

from __future__ import annotations

import re

from organizations.folding import fold

LONGEST = 300  # signs; an index of PostgreSQL takes no more than 2,704 bytes a row

_PIECE = re.compile(r"[0-9]+|[^\W\d_]+")
_DIGITS = 8  # numbers of institutions have five at most


def natural_key(name: str) -> str:
    """Return the text by which a name is sorted: words and numbers alone, digits padded.

    Without quotation marks and dashes, of which collations make what they will.
    """
    pieces = (
        piece.lstrip("0").zfill(_DIGITS) if piece[0].isdecimal() else piece
        for piece in _PIECE.findall(fold(name))
    )
    return " ".join(pieces)[:LONGEST]
