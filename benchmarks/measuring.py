"""Measures a subject: by one person, one request after another, then by four people at once."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.database import PASSWORD
from benchmarks.server import WORKERS, Server, database_cpu_seconds
from benchmarks.visitor import Answer, Visitor

CLIENTS = 4
WARM = 2  # answers of each worker that are not counted
_MOST_WARMING = 40

Request = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: who asks, what they ask for, and the limit.

    ``ready`` prepares at most so many requests of a person, without being timed; ``undo`` puts back
    what that person's requests have changed.
    """

    key: str
    title: str
    people: Sequence[str]  # e-mails: the first asks alone, four of them at once
    ready: Callable[[Visitor, int], list[Request]]
    limit_ms: Callable[[], float]
    undo: Callable[[Visitor], None] = lambda _visitor: None
    more: Callable[[], dict[str, float]] = dict  # further figures
    once: bool = False  # too long for many rounds


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
    silence_ms: float
    loop_ms: float
    more: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Spent:
    """What the answers of one person took."""

    answers: list[Answer] = field(default_factory=list)
    cpu: float = 0.0
    database_cpu: float = 0.0


def measure(subject: Subject, server: Server, rounds: int) -> Measured:
    """Measure a subject by so many rounds alone, then by as many of each of four people at once."""
    alone = Visitor(server.url, subject.people[0]).sign_in(PASSWORD)
    if subject.once:
        rounds, together = min(3, rounds), 1
    else:
        together = rounds
        _warm_up(subject, alone)
    loops = [_loop_ms()]
    spent = _ask(subject, alone, server, rounds)
    loops += [_loop_ms(), _loop_ms()]
    at_once = _by_four(subject, server, together)
    last = spent.answers[-1]
    return Measured(
        subject.key,
        subject.title,
        *_quantiles(spent.answers),
        round(subject.limit_ms(), 1),
        last.queries,
        len(last.body),
        last.gzip_bytes,
        round(spent.cpu * 1000 / rounds, 1),
        round(spent.database_cpu * 1000 / rounds, 1),
        *_quantiles(at_once),
        round(server.memory_mb(), 1),
        round(max(answer.silence_ms for answer in spent.answers), 1),
        round(statistics.median(loops), 1),
        subject.more(),
    )


def _warm_up(subject: Subject, visitor: Visitor) -> None:
    """Ask until each worker has answered: a cold one reads templates, words and plans first."""
    answered: dict[str, int] = {}
    for _time in range(_MOST_WARMING):
        for request in subject.ready(visitor, 1):
            worker = request().worker
            answered[worker] = answered.get(worker, 0) + 1
        subject.undo(visitor)
        if len(answered) == WORKERS and min(answered.values()) >= WARM:
            return


def _ask(subject: Subject, visitor: Visitor, server: Server, rounds: int) -> Spent:
    spent = Spent()
    while len(spent.answers) < rounds:
        requests = subject.ready(visitor, rounds - len(spent.answers))
        cpu, database_cpu = server.cpu_seconds(), database_cpu_seconds()
        spent.answers += [request() for request in requests]
        spent.cpu += server.cpu_seconds() - cpu
        spent.database_cpu += database_cpu_seconds() - database_cpu
        subject.undo(visitor)
    return spent


def _by_four(subject: Subject, server: Server, rounds: int) -> list[Answer]:
    people = [subject.people[number % len(subject.people)] for number in range(CLIENTS)]
    visitors = [Visitor(server.url, each).sign_in(PASSWORD) for each in people]
    found: list[Answer] = []
    faults: list[BaseException] = []
    # Made ready before the start, so that all four press at once however long that takes.
    ready = [subject.ready(visitor, rounds) for visitor in visitors]

    def visit(requests: list[Request]) -> None:
        try:
            found.extend(request() for request in requests)
        except BaseException as fault:  # told in the main thread
            faults.append(fault)

    threads = [threading.Thread(target=visit, args=[each]) for each in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for visitor in visitors:
        subject.undo(visitor)
    if faults:
        raise SystemExit(f"{subject.key} with {CLIENTS} people at once: {faults[0]}")
    return found


def followed(visitor: Visitor, path: str) -> Answer:
    """Ask for a page and follow redirections, as a browser does; their time counts."""
    begun = time.perf_counter()
    answer = visitor.get(path)
    while answer.status in (301, 302):
        answer = visitor.get(answer.location)
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}.")
    return Answer(
        answer.status,
        (time.perf_counter() - begun) * 1000,
        answer.silence_ms,
        answer.body,
        answer.gzip_bytes,
        answer.queries,
        answer.worker,
        answer.location,
    )


def _loop_ms() -> float:
    """Return the CPU time of a million multiplications: how fast the machine is at this moment."""
    begun = time.process_time()
    for number in range(1_000_000):
        _product = number * 3
    return (time.process_time() - begun) * 1000


def _quantiles(answers: list[Answer]) -> tuple[float, float]:
    took = sorted(answer.ms for answer in answers)
    return (
        round(statistics.median(took), 1),
        round(took[min(len(took) - 1, int(len(took) * 0.95))], 1),
    )
