"""P6: an executor's people report a task done, by the form, as a browser sends it.

What is reported is put back after the measuring, so that the same database can be measured again:
status and dates as they were, the report and its events gone; the triggers count it all back.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks.database import connect, transaction
from benchmarks.measuring import CLIENTS, Request, Subject
from benchmarks.visitor import Answer, Visitor, hidden_fields

# The executors with the most owed tasks, and one of their people each.
_PEOPLE = """
SELECT DISTINCT ON (owed.tasks, owed.executor_id) u.email, u.id, owed.executor_id
FROM (
    SELECT executor_id, count(*) AS tasks FROM tasks_task
    WHERE status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK') GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20
) owed
JOIN organizations_membership m ON m.organization_id = owed.executor_id AND m.role = 'EXECUTOR'
JOIN organizations_user u ON u.id = m.user_id
ORDER BY owed.tasks DESC, owed.executor_id, u.id LIMIT %(count)s
"""
_TASKS = """
SELECT id, status, opened_at, reported_on, completed_on FROM tasks_task
WHERE executor_id = %(executor)s AND status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK')
ORDER BY due_on, id LIMIT %(count)s
"""
_PUT_BACK = (
    "DELETE FROM tasks_taskevent WHERE task_id = ANY(%(tasks)s) AND id > %(event)s",
    "DELETE FROM tasks_report WHERE task_id = ANY(%(tasks)s) AND id > %(report)s",
)
_AS_BEFORE = """
UPDATE tasks_task SET status = %s, opened_at = %s, reported_on = %s, completed_on = %s
WHERE id = %s AND status IN ('REPORTED', 'COMPLETED')
"""
# The same by one statement; the references are looked up as a commit would do it.
LIMIT = """
WITH report AS (
    INSERT INTO tasks_report
        (task_id, outcome, text, author_id, for_organization_id, created_at, sent_at)
    SELECT id, 'DONE', %(text)s, %(author)s, executor_id, now(), now()
    FROM tasks_task WHERE id = %(task)s AND status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK')
    RETURNING id, task_id
), event AS (
    INSERT INTO tasks_taskevent (task_id, action, actor_id, for_organization_id, from_status,
        to_status, reason, report_id, happened_at)
    SELECT t.id, 'REPORT', %(author)s, t.executor_id, t.status, 'COMPLETED', '', report.id, now()
    FROM report JOIN tasks_task t ON t.id = report.task_id
)
UPDATE tasks_task SET status = 'COMPLETED', reported_on = current_date, completed_on = current_date
WHERE id = (SELECT task_id FROM report);
SET CONSTRAINTS ALL IMMEDIATE
"""
TEXT = "Проведено заседание методического совета, приказ по организации издан и размещён на сайте."
FORM = {"outcome": "DONE", "text": TEXT, "links": ""}


def reporting(address: str) -> Subject:
    """Return the subject P6."""
    with transaction(address) as cursor:
        cursor.execute(_PEOPLE, {"count": CLIENTS})
        people = {email: (user, executor) for email, user, executor in cursor.fetchall()}
    touched: dict[Visitor, dict[str, Any]] = {}

    def ready(visitor: Visitor, count: int) -> list[Request]:
        touched[visitor] = before = _before(address, people[visitor.email][1], count)
        return [_prepared(visitor, row[0]) for row in before["rows"]]

    def undo(visitor: Visitor) -> None:
        _put_back(address, touched.pop(visitor))

    return Subject(
        "P6",
        "report a task done",
        list(people),
        ready,
        partial(_limit_ms, address, *next(iter(people.values()))),
        undo,
    )


def report_path(task: int) -> str:
    """Return the address of the form."""
    return f"/tasks/{task}/report/"


def _before(address: str, executor: int, count: int) -> dict[str, Any]:
    with transaction(address) as cursor:
        cursor.execute(_TASKS, {"executor": executor, "count": count})
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT (SELECT max(id) FROM tasks_taskevent), (SELECT max(id) FROM tasks_report)"
        )
        event, report = cursor.fetchone()
    tasks = [row[0] for row in rows]
    return {"rows": rows, "tasks": tasks, "event": event or 0, "report": report or 0}


def _prepared(visitor: Visitor, task: int) -> Request:
    """Open the form; return what presses its button."""
    page = visitor.get(report_path(task))
    return partial(_press, visitor, task, {**hidden_fields(page.text), **FORM})


def _press(visitor: Visitor, task: int, fields: dict[str, str]) -> Answer:
    answer = visitor.upload(report_path(task), fields, "files")
    if answer.status != 302:
        raise SystemExit(f"The report on task {task} answers {answer.status}.")
    return answer


def _put_back(address: str, before: Mapping[str, Any]) -> None:
    with transaction(address) as cursor:
        for statement in _PUT_BACK:
            cursor.execute(statement, before)
        for key, *values in before["rows"]:
            cursor.execute(_AS_BEFORE, [*values, key])
            if cursor.rowcount != 1:
                raise SystemExit(f"Task {key} was not reported.")


def _limit_ms(address: str, user: int, executor: int, times: int = 7) -> float:
    tasks = _before(address, executor, times)["tasks"]

    def write(task: int, cursor: Any) -> None:
        cursor.execute(LIMIT, {"task": task, "author": user, "text": TEXT})

    return statistics.median(timed(address, partial(write, task)) for task in tasks)


def timed(address: str, act: Callable[[Any], None]) -> float:
    """Return the milliseconds of an act in a transaction that is rolled back."""
    opened = connect(address)
    with opened.cursor() as cursor:
        cursor.execute("SELECT 1")  # the transaction begins, and is not timed
        begun = time.perf_counter()
        act(cursor)
        took = (time.perf_counter() - begun) * 1000
    opened.rollback()
    opened.close()
    return took
