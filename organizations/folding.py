"""Text folded for search: without case, «ё» as «е».

Searches go through a stored folded column, because SQLite's LIKE knows the case of Latin letters
only: without it «школа» would not find «Школа».
"""


def fold(*parts: str) -> str:
    """Join the parts that are not empty by a space, without case, with «ё» as «е».

    NUL is dropped: PostgreSQL refuses a text with it, and anybody may type one into an address.
    """
    return " ".join(part for part in parts if part).casefold().replace("ё", "е").replace("\0", "")
