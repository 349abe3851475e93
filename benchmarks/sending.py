"""P11: a draft of 30 recommendations is sent to every organisation, by the button of its page.

Each draft is prepared by the application's models and taken away afterwards with all that its
sending has made; the triggers count its tasks back.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from functools import partial
from typing import Any

from benchmarks.database import environment, transaction, vacuum
from benchmarks.measuring import Request, Subject
from benchmarks.reporting import timed
from benchmarks.visitor import Answer, Visitor, hidden_fields

RECOMMENDATIONS = 30

_OF_PAPER = "SELECT id FROM resolutions_resolution WHERE slug = %(slug)s"
_OF_SECTION = f"SELECT id FROM resolutions_section WHERE resolution_id IN ({_OF_PAPER})"
_OF_ITEMS = f"SELECT id FROM resolutions_recommendation WHERE section_id IN ({_OF_SECTION})"
_OF_TASKS = f"SELECT id FROM tasks_task WHERE recommendation_id IN ({_OF_ITEMS})"
_TAKE_AWAY = (
    f"DELETE FROM tasks_letter WHERE resolution_id IN ({_OF_PAPER})",
    f"DELETE FROM tasks_taskevent WHERE task_id IN ({_OF_TASKS})",
    f"DELETE FROM tasks_task WHERE recommendation_id IN ({_OF_ITEMS})",
    f"DELETE FROM tasks_taskcount WHERE recommendation_id IN ({_OF_ITEMS}) AND n = 0",
    f"DELETE FROM tasks_completioncount WHERE resolution_id IN ({_OF_PAPER}) AND n = 0",
    f"DELETE FROM resolutions_recommendation WHERE section_id IN ({_OF_SECTION})",
    f"DELETE FROM resolutions_section_organizations WHERE section_id IN ({_OF_SECTION})",
    f"DELETE FROM resolutions_section WHERE resolution_id IN ({_OF_PAPER})",
    f"DELETE FROM resolutions_historicalresolution WHERE id IN ({_OF_PAPER})",
    "DELETE FROM resolutions_resolution WHERE slug = %(slug)s",
)
_TASKS = f"""
INSERT INTO tasks_task (recommendation_id, executor_id, period, status, starts_on, due_on,
    original_due_on)
SELECT r.id, o.organization_id, '', 'ASSIGNED', r.starts_on, r.due_on, r.due_on
FROM resolutions_recommendation r
JOIN resolutions_section_organizations o ON o.section_id = r.section_id
WHERE r.section_id IN ({_OF_SECTION})
"""
_EVENTS = f"""
INSERT INTO tasks_taskevent (task_id, action, actor_id, for_organization_id, from_status, to_status,
    reason, happened_at)
SELECT t.id, 'ASSIGN', u.id, t.executor_id, '', 'ASSIGNED', '', now()
FROM tasks_task t CROSS JOIN organizations_user u
WHERE u.email = %(email)s AND t.recommendation_id IN ({_OF_ITEMS})
"""
_CHECKS = "SET CONSTRAINTS ALL IMMEDIATE"
_WITHOUT_COUNTS = "ALTER TABLE tasks_task DISABLE TRIGGER tasks_count_on_insert"


def sending(address: str, email: str) -> Subject:
    """Return the subject P11, sent by the person with this e-mail."""
    drafts: dict[Visitor, str] = {}

    def ready(visitor: Visitor, _count: int) -> list[Request]:
        drafts[visitor] = slug = _draft(address)
        path = f"/resolutions/{slug}/send/"
        return [partial(_press, visitor, path, hidden_fields(visitor.get(path).text))]

    def undo(visitor: Visitor) -> None:
        _take_away(address, drafts.pop(visitor))

    return Subject(
        "P11",
        f"send {RECOMMENDATIONS} recommendations to every organisation",
        [email],
        ready,
        lambda: _limits(address, email, [_TASKS, _EVENTS, _CHECKS], times=3)[0],
        undo,
        lambda: _parts(address, email),
        once=True,
    )


def _parts(address: str, email: str) -> dict[str, float]:
    """Time also the limit without what a bare INSERT … SELECT has not."""
    names = ("limit_without_checks_ms", "limit_without_counts_ms", "limit_bare_ms")
    found = _limits(
        address,
        email,
        [_TASKS, _EVENTS],
        [_WITHOUT_COUNTS, _TASKS, _EVENTS, _CHECKS],
        [_WITHOUT_COUNTS, _TASKS, _EVENTS],
    )
    return dict(zip(names, found, strict=True))


def _limits(address: str, email: str, *ways: list[str], times: int = 1) -> list[float]:
    """Return the median of each way to insert the rows of one draft, rolled back each time."""
    slug = _draft(address)
    values = {"slug": slug, "email": email}

    def act(statements: list[str], cursor: Any) -> None:
        for statement in statements:
            cursor.execute(statement, values)

    found = [
        statistics.median(timed(address, partial(act, each)) for _time in range(times))
        for each in ways
    ]
    _take_away(address, slug)
    return [round(each, 1) for each in found]


def _press(visitor: Visitor, path: str, fields: dict[str, str]) -> Answer:
    answer = visitor.post(path, fields)
    done = answer.status == 302 or (answer.status == 200 and "note-ok" in answer.text)
    if not done:
        raise SystemExit(f"{path} answers {answer.status} and has not sent.")
    return answer


def _draft(address: str) -> str:
    command = [sys.executable, "-m", "benchmarks.drafts", str(RECOMMENDATIONS)]
    made = subprocess.run(  # noqa: S603  # our own command
        command, check=True, env=environment(address), stdout=subprocess.PIPE, text=True
    )
    return made.stdout.strip()


def _take_away(address: str, slug: str) -> None:
    with transaction(address) as cursor:
        for statement in _TAKE_AWAY:
            cursor.execute(statement, {"slug": slug})
    # What is measured next must not step over 150,000 dead rows.
    kept = ("tasks_taskcount", "tasks_completioncount")
    vacuum(address, "tasks_task", "tasks_taskevent", *kept, "tasks_letter")
