"""All that is measured on one database: the pages that are read, and the two acts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.database import limit_ms
from benchmarks.facts import Facts
from benchmarks.measuring import Request, Subject, followed
from benchmarks.pages import PAGES, Page
from benchmarks.reporting import reporting
from benchmarks.sending import sending
from benchmarks.visitor import Visitor

DOMAIN = "load.test"


def subjects_of(address: str, facts: Facts, only: str = "") -> Iterator[Subject]:
    """Return the subjects of that number, or all: what is read first, what writes last."""
    for page in PAGES:
        if only in ("", page.key.split()[0]):
            yield _read(page, address, facts)
    if only in ("", "P6"):
        yield reporting(address)
    if only in ("", "P11"):
        yield sending(address, f"coordinator@{DOMAIN}")


def email_of(person: str, facts: Facts) -> str:
    """Return the e-mail of a person of ``Page``."""
    named = {"executor": facts.executor_email, "district": facts.methodist_email}
    return named.get(person, f"{person}@{DOMAIN}")


def _read(page: Page, address: str, facts: Facts) -> Subject:
    path = page.address(facts)

    def ready(visitor: Visitor, count: int) -> list[Request]:
        return [partial(followed, visitor, path)] * count

    return Subject(
        page.key,
        page.name(facts),
        [email_of(page.person, facts)],
        ready,
        partial(limit_ms, address, page.limit, facts.values()),
    )
