"""Addresses of the many things of a list: ``reverse`` for each of fifty rows takes 5 ms."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse

_KEY = "987654321012345"  # stands for a key where the address of any is asked for once


def address(name: str, key: int | str | None = None) -> str:
    """Return ``reverse`` of a name with one key (number or slug), or with none.

    The resolver is asked once for each name and path of the installation. Raises NoReverseMatch.
    """
    if key is None:
        return _pattern(name, get_urlconf(), get_script_prefix(), keyed=False)
    return _pattern(name, get_urlconf(), get_script_prefix(), keyed=True).replace(_KEY, str(key))


def narrowed(address: str, query: str) -> str:
    """Return the address with conditions added to those it has; ``query`` is encoded already."""
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


@lru_cache(maxsize=512)
def _pattern(name: str, urlconf: Any, prefix: str, *, keyed: bool) -> str:  # noqa: ARG001  # of the cache
    return reverse(name, args=[_KEY] if keyed else None)
