"""Measures pages one after another and with four people at once."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from benchmarks.database import PASSWORD, limit_ms
from benchmarks.facts import Facts
from benchmarks.pages import Page
from benchmarks.server import Server, database_cpu_seconds
from benchmarks.visitor import Answer, Visitor

CLIENTS = 4
DOMAIN = "load.test"


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one page; times in milliseconds, sizes in bytes, memory in MB."""

    page: str
    title: str
    p50_ms: float
    p95_ms: float
    limit_ms: float
    queries: int
    bytes: int
    gzip_bytes: int
    cpu_ms: float
    database_cpu_ms: float
    p50_of_4_ms: float
    p95_of_4_ms: float
    memory_mb: float


def measure(page: Page, server: Server, address: str, facts: Facts, rounds: int) -> Measured:
    """Ask for one page so many times by one person, then as often by each of four at once."""
    path = page.path.format(**asdict(facts))
    visitor = _signed_in(page.person, server, facts)
    answers = _repeat(visitor, path, 2)  # the workers warm up; not counted
    before = server.cpu_seconds(), database_cpu_seconds()
    answers = _repeat(visitor, path, rounds)
    after = server.cpu_seconds(), database_cpu_seconds()
    at_once = _by_four(lambda: _signed_in(page.person, server, facts), path, rounds)
    last = answers[-1]
    return Measured(
        page.key,
        page.title,
        *_quantiles(answers),
        round(limit_ms(address, page.limit, facts.values()), 1),
        last.queries,
        len(last.body),
        last.gzip_bytes,
        round((after[0] - before[0]) * 1000 / rounds, 1),
        round((after[1] - before[1]) * 1000 / rounds, 1),
        *_quantiles(at_once),
        round(server.memory_mb(), 1),
    )


def _signed_in(person: str, server: Server, facts: Facts) -> Visitor:
    visitor = Visitor(server.url)
    visitor.sign_in(_email(person, facts), PASSWORD)
    return visitor


def _email(person: str, facts: Facts) -> str:
    if person == "executor":
        return facts.executor_email
    return facts.methodist_email if person == "district" else f"{person}@{DOMAIN}"


def _repeat(visitor: Visitor, path: str, rounds: int) -> list[Answer]:
    return [_found(visitor, path) for _round in range(rounds)]


def _found(visitor: Visitor, path: str) -> Answer:
    """Follow redirections, as a browser does; their time counts."""
    answer, begun = visitor.get(path), time.perf_counter()
    first = answer.ms
    while answer.status in (301, 302):
        answer = visitor.get(answer.location)
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}.")
    whole = first if answer.ms == first else first + (time.perf_counter() - begun) * 1000
    return Answer(
        answer.status, whole, answer.body, answer.gzip_bytes, answer.queries, answer.location
    )


def _by_four(enter: Callable[[], Visitor], path: str, rounds: int) -> list[Answer]:
    visitors = [enter() for _client in range(CLIENTS)]
    found: list[Answer] = []
    faults: list[BaseException] = []

    def visit(visitor: Visitor) -> None:
        try:
            found.extend(_repeat(visitor, path, rounds))
        except BaseException as fault:  # told in the main thread
            faults.append(fault)

    threads = [threading.Thread(target=visit, args=[each]) for each in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"{path} with {CLIENTS} people at once: {faults[0]}")
    return found


def _quantiles(answers: list[Answer]) -> tuple[float, float]:
    took = sorted(answer.ms for answer in answers)
    return (
        round(statistics.median(took), 1),
        round(took[min(len(took) - 1, int(len(took) * 0.95))], 1),
    )
