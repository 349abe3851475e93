"""Addresses of the many things of a list: ``reverse`` for each of fifty rows takes 5 ms."""

from __future__ import annotations

from collections.abc import Callable
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


def addresses(name: str) -> Callable[[int | str], str]:
    """Return what gives the address of a name for each of many keys, as ``address`` does."""
    before, after = address(name, _KEY).split(_KEY)
    return lambda key: f"{before}{key}{after}"


def narrowed(address: str, *queries: str) -> str:
    """Return the address with conditions added to those it has; each query is encoded already."""
    for query in filter(None, queries):
        address = f"{address}{'&' if '?' in address else '?'}{query}"
    return address


@lru_cache(maxsize=512)
def _pattern(name: str, urlconf: Any, prefix: str, *, keyed: bool) -> str:  # noqa: ARG001  # of the cache
    return reverse(name, args=[_KEY] if keyed else None)
