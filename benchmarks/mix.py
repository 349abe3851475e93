"""Four people at once for ten minutes, reading and writing: ``python -m benchmarks.mix``.

An executor reads their tasks, opens one and reports it; a methodist of the municipality accepts
reports; the region's methodist and the coordinator read. At the end the counts kept by the database
must be those of the tasks. Ends with a non-zero status where an answer was neither 200 nor 302,
where counts differ, or where the workers' memory grew in the second half. What was reported stays:
without DATABASE_URL that is in a database of its own, dropped afterwards.
"""

from __future__ import annotations

import argparse
import re
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from benchmarks.database import PASSWORD, prepared, transaction
from benchmarks.facts import Facts, facts_of
from benchmarks.reporting import FORM, report_path
from benchmarks.server import Server, served
from benchmarks.subjects import email_of
from benchmarks.truth import differences
from benchmarks.visitor import Answer, Visitor, hidden_fields

GOOD = (200, 302)
# What the second half may add to a worker: its greatest page at the moment of looking.
GROWTH = 1.1
_EXECUTORS = """
SELECT u.email FROM organizations_organization o
JOIN organizations_membership m ON m.organization_id = o.id AND m.role = 'EXECUTOR'
JOIN organizations_user u ON u.id = m.user_id
WHERE o.municipality_id = %(municipality)s ORDER BY u.email
"""
_TASK = re.compile(r'href="/tasks/(\d+)/report/"|href="/tasks/(\d+)/"')
_REPORT = re.compile(r'name="report" value="(\d+)"')
REPORTED_BY_ONE = 3  # tasks, before the next executor signs in


@dataclass(slots=True)
class Mixed:
    """What happened: how many answers of each kind of request, and what went wrong."""

    server: Server
    facts: Facts
    ends: float
    answers: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def noted(self, name: str, answer: Answer) -> Answer:
        """Count an answer by the name of what was asked for."""
        self.answers[name] += 1
        if answer.status not in GOOD:
            self.errors.append(f"{name}: {answer.status}")
        return answer

    def enter(self, email: str) -> Visitor:
        """Sign a person in."""
        return Visitor(self.server.url, email).sign_in(PASSWORD)

    def read(self, visitor: Visitor, path: str) -> Answer:
        """Read a page, following redirections."""
        answer = self.noted(path.partition("?")[0], visitor.get(path))
        while answer.status == 302:
            answer = self.noted(answer.location, visitor.get(answer.location))
        return answer


def executors(mixed: Mixed, emails: list[str]) -> Iterator[None]:
    """One after another: reads their tasks, opens a few of them and reports them."""
    outcomes = cycle(("DONE", "NOT_APPLICABLE"))
    for email in cycle(emails):
        visitor = mixed.enter(email)
        page = mixed.read(visitor, "/my/").text
        tasks = list(dict.fromkeys(int(one or other) for one, other in _TASK.findall(page)))
        for task in tasks[:REPORTED_BY_ONE]:
            mixed.noted("a task", visitor.get(f"/tasks/{task}/"))
            form = mixed.noted("the form of a report", visitor.get(report_path(task)))
            if form.status == 200:
                fields = {**hidden_fields(form.text), **FORM, "outcome": next(outcomes)}
                answer = visitor.upload(report_path(task), fields, "files")
                sent = answer.status == 302
                mixed.noted("a report sent" if sent else "a report NOT sent", answer)
            yield


def acceptor(mixed: Mixed) -> Iterator[None]:
    """The municipality's methodist reads what is late, and accepts the longest waiting report."""
    visitor = mixed.enter(mixed.facts.methodist_email)
    while True:
        mixed.read(visitor, "/")
        waiting = _REPORT.findall(mixed.read(visitor, "/review/").text)
        if waiting:
            answer = visitor.post("/review/accept/", {"report": waiting[0]})
            mixed.noted("a report accepted", answer)
        yield


def reader(mixed: Mixed, person: str, *paths: str) -> Iterator[None]:
    """Somebody reads pages in turn."""
    visitor = mixed.enter(email_of(person, mixed.facts))
    for path in cycle(paths):
        mixed.read(visitor, path)
        yield


def mix(server: Server, address: str, seconds: float) -> Mixed:
    """Let all four at it for so long, telling of the memory; return what happened."""
    facts = facts_of(address)
    with transaction(address) as cursor:
        cursor.execute(_EXECUTORS, facts.values())
        emails = [row[0] for row in cursor.fetchall()]
    mixed = Mixed(server, facts, time.monotonic() + seconds)
    people: list[Callable[[], Iterator[None]]] = [
        lambda: executors(mixed, emails),
        lambda: acceptor(mixed),
        lambda: reader(mixed, "methodist", "/overdue/", "/summary/", "/tasks/", "/overdue/grid/"),
        lambda: reader(mixed, "coordinator", "/overview/", f"/resolutions/{facts.slug}/"),
    ]
    threads = [threading.Thread(target=_until_the_end, args=[mixed, each]) for each in people]
    for thread in threads:
        thread.start()
    for name, share in (("after a tenth", 0.9), ("in the middle", 0.5), ("at the end", 0.0)):
        time.sleep(max(mixed.ends - share * seconds - time.monotonic(), 0))
        _remember(mixed, name)
    for thread in threads:
        thread.join()
    return mixed


_memory: list[dict[int, float]] = []


def _remember(mixed: Mixed, name: str) -> None:
    _memory.append(mixed.server.memory_of_each())
    told = ", ".join(f"{megabytes:.0f} MB" for megabytes in _memory[-1].values())
    print(f"memory of the workers {name}: {told}", flush=True)


def _until_the_end(mixed: Mixed, person: Callable[[], Iterator[None]]) -> None:
    try:
        for _step in person():
            if time.monotonic() > mixed.ends:
                return
    except BaseException:  # told in the main thread
        mixed.errors.append(traceback.format_exc())


def _faults(mixed: Mixed, address: str) -> list[str]:
    faults = [f"error: {error}" for error in mixed.errors]
    _first, middle, end = _memory
    if middle.keys() != end.keys():
        faults.append("a worker was started anew")
    faults += [
        f"worker {pid} has grown from {before:.0f} to {end[pid]:.0f} MB"
        for pid, before in middle.items()
        if pid in end and end[pid] > before * GROWTH
    ]
    for table, (kept, wrong) in differences(address).items():
        print(f"{table}: {kept} counts, {wrong} differ from the tasks")
        if wrong:
            faults.append(f"{table} is wrong")
    return faults


def main() -> None:
    """Mix, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mix", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--tasks", type=int, default=100_000, help="where a database is made")
    options = parser.parse_args()
    with prepared(options.tasks) as address:
        with served(address) as server:
            mixed = mix(server, address, options.minutes * 60)
        for name, count in sorted(mixed.answers.items()):
            print(f"{count:>7}  {name}")
        faults = _faults(mixed, address)
    print("\n".join(faults) or f"{mixed.answers.total()} answers, no error.")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
