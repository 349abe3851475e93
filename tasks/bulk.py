"""Many tasks at once: what ``tasks.workflow`` does with one, as a few statements for any number.

The rows are made and changed inside the database, so that 75,000 tasks are a matter of seconds.
Events are written before the change they tell of, from the rows as they stand: whoever calls
``step`` or ``note`` holds those rows (``holding``), so that nothing comes between the two.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import connection, models, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone

from organizations.models import Organization, User
from resolutions.models import Recommendation
from tasks.models import Task, TaskEvent
from tasks.workflow import TRANSITIONS, Stale

# So many keys go into one statement: SQLite takes 32,766 parameters, some of which are others.
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Why:
    """Who acts, for what reason, and when: the same for every task of the act."""

    actor: User
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)


def assign(recommendation: Recommendation, executors: Collection[int], why: Why) -> int:
    """Create the task of each organisation (by key) and the event that says who sent it."""
    for keys in chunks(sorted(executors)):
        # Named once: as thousands of parameters they cost half of Python's time in the sending.
        listed = _listed(keys)
        insert_from(
            Task,
            Organization.objects.filter(pk__in=listed),
            recommendation=Value(recommendation.pk),
            executor=F("pk"),
            period=Value(""),
            status=Value(str(Task.Status.ASSIGNED)),
            starts_on=_day(recommendation.starts_on),
            due_on=_day(recommendation.due_on),
            original_due_on=_day(recommendation.due_on),
        )
        created = Task.objects.filter(recommendation=recommendation, executor__in=listed)
        _write(created, why, TaskEvent.Action.ASSIGN, Value(""))
    return len(executors)


def step(
    keys: Sequence[int], why: Why, action: str, to_status: str, report: Any = None, **changes: Any
) -> None:
    """Take each task (by key) to a status as ``workflow.perform`` does; all of them or Stale.

    ``changes`` are further columns of the same UPDATE. ``report`` is an expression over Task for
    the report that the event is about.
    """
    before = [old for old, allowed in TRANSITIONS[action].items() if to_status in allowed]
    if action in TaskEvent.NEED_REASON and not why.reason.strip():
        raise ValueError(f"{action} needs a reason: the organisations read why.")
    for some in chunks(keys):
        tasks = Task.objects.filter(pk__in=some, status__in=before)
        _write(tasks, why, action, F("status"), to_status=Value(str(to_status)), report=report)
        if tasks.update(status=to_status, **changes) != len(some):
            raise Stale


def note(keys: Sequence[int], why: Why, action: str, **changes: Any) -> None:
    """Write what happened to each task (by key) without a new status; ``changes`` as in ``step``.

    Where the due day is among the changes, the event says which it was and which it is.
    """
    for some in chunks(keys):
        tasks = Task.objects.filter(pk__in=some)
        days: dict[str, Any] = {}
        if "due_on" in changes:
            days = {"due_before": F("due_on"), "due_after": _day(changes["due_on"])}
        _write(tasks, why, action, F("status"), **days)
        if changes:
            tasks.update(**changes)


def check_references_at_once() -> None:
    """Let each statement of the transaction look its references up, instead of its last moment.

    For those who watch an act go on: of 75,000 tasks with their events half of the time would
    come after all of them are said to be there. SQLite has no such statement: nothing changes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Part the keys into lists that fit into one statement."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def insert_from(model: type[models.Model], rows: QuerySet[Any], **columns: Any) -> None:
    """Insert a row of ``model`` for each of ``rows``: INSERT … SELECT, nothing leaves the database.

    ``columns`` maps the fields of ``model`` to expressions over ``rows``; None stays empty. Nothing
    of Django's own fills in: fields with a default in Python have to be named.
    """
    given = {name: each for name, each in columns.items() if each is not None}
    meta = model._meta  # noqa: SLF001  # public by Django's documentation
    fields = [cast("models.Field[Any, Any]", meta.get_field(name)) for name in given]
    quoted = ", ".join(connection.ops.quote_name(str(each.column)) for each in fields)
    selected = rows.order_by("pk").values_list(*given.values())
    sql, parameters = selected.query.get_compiler(connection=connection).as_sql()
    table = connection.ops.quote_name(meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({quoted}) {sql}", parameters)


def _write(tasks: QuerySet[Task], why: Why, action: str, before: Any, **columns: Any) -> None:
    columns.setdefault("to_status", F("status"))
    insert_from(
        TaskEvent,
        tasks,
        task=F("pk"),
        action=Value(str(action)),
        actor=Value(why.actor.pk),
        for_organization=F("executor_id"),
        from_status=before,
        reason=Value(why.reason),
        happened_at=Value(why.at, output_field=models.DateTimeField()),
        **columns,
    )


def _listed(keys: Sequence[int]) -> RawSQL:
    """Return the keys as rows of one parameter."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])


def _day(value: Any) -> Any:
    return None if value is None else Value(value, output_field=models.DateField())
