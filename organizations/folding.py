"""Text folded for search and comparison: without case, «ё» as «е».

Searches go through a stored folded column (``searching``), because SQLite's LIKE knows the case of
Latin letters only: without it «школа» would not find «Школа».
"""

import unicodedata


def fold(*parts: str) -> str:
    """Join the parts that are not empty by a space, without case, with «ё» as «е».

    Letters composed of two signs, as some programs save «й», become one. NUL is dropped:
    PostgreSQL refuses a text with it, and anybody may type one into an address.
    """
    text = unicodedata.normalize("NFC", " ".join(part for part in parts if part))
    return text.casefold().replace("ё", "е").replace("\0", "")
