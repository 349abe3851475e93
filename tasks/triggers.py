"""The triggers that keep the counts of ``tasks.counting``, in the words of each database.

A trigger adds what has come and takes away what has gone, in the transaction of the change; a
count may fall to 0 and stays as a row. Migrations make the triggers (``install``): SQLite drops
those of a table that a migration rebuilds, so such a migration ends by making them anew. A test
looks whether all are there.
"""

# ruff: noqa: S608  # statements put together of our own words, nothing comes from outside
from __future__ import annotations

from string import Template
from typing import Any

_COLUMNS = "recommendation_id, executor_id, status, due_on, late, opened"
# The nearest municipality, else the root of the tree; as organizations.tree writes paths.
_PLACE = (
    "COALESCE({0}.municipality_id, CAST(NULLIF(substr({0}.path, 1, 7), '') AS integer), {0}.id)"
)
_ADD = """ON CONFLICT
        (recommendation_id, executor_id, status, COALESCE(due_on, '9999-12-31'), late, opened)
    DO UPDATE SET n = tasks_taskcount.n + excluded.n"""

RECOUNT = f"""
INSERT INTO tasks_taskcount ({_COLUMNS}, n)
SELECT t.recommendation_id, {_PLACE.format("o")} AS place, t.status, t.due_on, t.late, t.opened,
    count(*)
FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id
GROUP BY t.recommendation_id, place, t.status, t.due_on, t.late, t.opened
"""

# PostgreSQL: one trigger for each statement, however many rows it changes. What came and what went
# are summed up first, so that a change of other columns touches no count; the order of the keys
# keeps two transactions from waiting for each other crosswise.
_CHANGED = {
    "INSERT": "SELECT after.*, 1 AS sign FROM after",
    "DELETE": "SELECT before.*, -1 AS sign FROM before",
    "UPDATE": "SELECT after.*, 1 AS sign FROM after UNION ALL SELECT before.*, -1 FROM before",
}
_TABLES = {
    "INSERT": "NEW TABLE AS after",
    "DELETE": "OLD TABLE AS before",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS after",
}
_POSTGRESQL = Template(
    f"""
CREATE OR REPLACE FUNCTION tasks_count_on_$event() RETURNS trigger LANGUAGE plpgsql AS $$body$$
BEGIN
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT t.recommendation_id, {_PLACE.format("o")} AS place, t.status, t.due_on, t.late,
        t.opened, sum(t.sign)
    FROM ($changed) t JOIN organizations_organization o ON o.id = t.executor_id
    GROUP BY t.recommendation_id, place, t.status, t.due_on, t.late, t.opened
    HAVING sum(t.sign) <> 0
    ORDER BY 1, 2, 3, 4, 5, 6
    {_ADD};
    RETURN NULL;
END $$body$$;
DROP TRIGGER IF EXISTS tasks_count_on_$event ON tasks_task;
CREATE TRIGGER tasks_count_on_$event AFTER $event ON tasks_task REFERENCING $tables
    FOR EACH STATEMENT EXECUTE FUNCTION tasks_count_on_$event();
"""
)
_POSTGRESQL_MOVED = f"""
CREATE OR REPLACE FUNCTION tasks_count_on_move() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT t.recommendation_id, moved.place, t.status, t.due_on, t.late, t.opened, sum(moved.sign)
    FROM tasks_task t JOIN (
        SELECT after.id, {_PLACE.format("after")} AS place, 1 AS sign FROM after
        UNION ALL SELECT before.id, {_PLACE.format("before")}, -1 FROM before
    ) moved ON moved.id = t.executor_id
    WHERE t.executor_id IN (
        SELECT after.id FROM after JOIN before ON before.id = after.id
        WHERE {_PLACE.format("after")} <> {_PLACE.format("before")}
    )
    GROUP BY t.recommendation_id, moved.place, t.status, t.due_on, t.late, t.opened
    ORDER BY 1, 2, 3, 4, 5, 6
    {_ADD};
    RETURN NULL;
END $body$;
DROP TRIGGER IF EXISTS tasks_count_on_move ON organizations_organization;
CREATE TRIGGER tasks_count_on_move AFTER UPDATE ON organizations_organization
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION tasks_count_on_move();
"""

# SQLite: for each row. There a trigger cannot read the computed columns of the row it is told of.
_SQLITE = Template(
    f"""
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT $row.recommendation_id, {_PLACE.format("o")}, $row.status, $row.due_on,
        COALESCE($row.reported_on > $row.due_on, 0), $row.opened_at IS NOT NULL, $sign
    FROM organizations_organization o WHERE o.id = $row.executor_id
    {_ADD};
"""
)
_COME = _SQLITE.substitute(row="NEW", sign="1")
_GONE = _SQLITE.substitute(row="OLD", sign="-1")
_SQLITE_MOVED = Template(
    f"""
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT t.recommendation_id, $place, t.status, t.due_on, t.late, t.opened, $sign * count(*)
    FROM tasks_task t WHERE t.executor_id = NEW.id
    GROUP BY t.recommendation_id, t.status, t.due_on, t.late, t.opened
    {_ADD};
"""
)
_MOVED_IN = _SQLITE_MOVED.substitute(place=_PLACE.format("NEW"), sign="1")
_MOVED_OUT = _SQLITE_MOVED.substitute(place=_PLACE.format("OLD"), sign="-1")
_KEY = "recommendation_id, executor_id, status, due_on, reported_on, opened_at"

STATEMENTS = {
    "postgresql": [
        *(
            _POSTGRESQL.substitute(event=event, changed=_CHANGED[event], tables=_TABLES[event])
            for event in _CHANGED
        ),
        _POSTGRESQL_MOVED,
    ],
    "sqlite": [
        "DROP TRIGGER IF EXISTS tasks_count_on_insert",
        f"CREATE TRIGGER tasks_count_on_insert AFTER INSERT ON tasks_task BEGIN {_COME} END",
        "DROP TRIGGER IF EXISTS tasks_count_on_delete",
        f"CREATE TRIGGER tasks_count_on_delete AFTER DELETE ON tasks_task BEGIN {_GONE} END",
        "DROP TRIGGER IF EXISTS tasks_count_on_update",
        f"CREATE TRIGGER tasks_count_on_update AFTER UPDATE OF {_KEY} ON tasks_task "
        f"BEGIN {_GONE} {_COME} END",
        "DROP TRIGGER IF EXISTS tasks_count_on_move",
        "CREATE TRIGGER tasks_count_on_move AFTER UPDATE OF municipality_id, path "
        f"ON organizations_organization WHEN {_PLACE.format('OLD')} <> {_PLACE.format('NEW')} "
        f"BEGIN {_MOVED_OUT} {_MOVED_IN} END",
    ],
}


def install(connection: Any) -> None:
    """Make the triggers anew and count everything; may be repeated."""
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("DELETE FROM tasks_taskcount")
        cursor.execute(RECOUNT)
