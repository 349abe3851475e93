"""The triggers that keep the counts of ``tasks.counting``, in the words of each database.

A trigger adds what has come and takes away what has gone, in the transaction of the change; a
count may fall to 0 and stays as a row. The last migration that changes tasks, organisations or
counts makes the triggers (``install``). SQLite cannot rebuild a table that triggers speak of: such
a migration begins with ``remove``. A test looks whether all are there.
"""

# ruff: noqa: S608  # statements put together of our own words, nothing comes from outside
from __future__ import annotations

from string import Template
from typing import Any

_COLUMNS = "recommendation_id, executor_id, status, due_on, late, opened, resolution_id"
# The nearest municipality, else the root of the tree; as organizations.tree writes paths.
_PLACE = (
    "COALESCE({0}.municipality_id, CAST(NULLIF(substr({0}.path, 1, 7), '') AS integer), {0}.id)"
)
_ADD = """ON CONFLICT
        (recommendation_id, executor_id, status, COALESCE(due_on, '9999-12-31'), late, opened)
    DO UPDATE SET n = tasks_taskcount.n + excluded.n"""
_ADD_COMPLETED = """ON CONFLICT (resolution_id, executor_id, COALESCE(month, '9999-12-31'))
    DO UPDATE SET n = tasks_completioncount.n + excluded.n"""
_COUNTS = "{0}.status NOT IN ('NOT_APPLICABLE', 'CANCELLED')"
_MONTH = {
    "postgresql": "CAST(date_trunc('month', {0}.completed_on) AS date)",
    "sqlite": "date({0}.completed_on, 'start of month')",
}
_IN_PAPER = """JOIN resolutions_recommendation r ON r.id = t.recommendation_id
    JOIN resolutions_section s ON s.id = r.section_id"""
_KEPT = ("tasks_taskcount", "tasks_completioncount")


def _recount_statements(vendor: str) -> list[str]:
    """Return the statements that count everything anew into empty tables."""
    return [
        f"""
        INSERT INTO tasks_taskcount ({_COLUMNS}, n)
        SELECT t.recommendation_id, {_PLACE.format("o")} AS place, t.status, t.due_on, t.late,
            t.opened, s.resolution_id, count(*)
        FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id {_IN_PAPER}
        GROUP BY t.recommendation_id, place, t.status, t.due_on, t.late, t.opened, s.resolution_id
        """,
        f"""
        INSERT INTO tasks_completioncount (resolution_id, executor_id, month, n)
        SELECT s.resolution_id, {_PLACE.format("o")} AS place, {_MONTH[vendor].format("t")} AS ends,
            count(*)
        FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id {_IN_PAPER}
        WHERE {_COUNTS.format("t")} GROUP BY s.resolution_id, place, ends
        """,
    ]


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
CREATE FUNCTION tasks_count_on_$event() RETURNS trigger LANGUAGE plpgsql AS $$body$$
BEGIN
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT t.recommendation_id, {_PLACE.format("o")} AS place, t.status, t.due_on, t.late,
        t.opened, s.resolution_id, sum(t.sign)
    FROM ($changed) t JOIN organizations_organization o ON o.id = t.executor_id {_IN_PAPER}
    GROUP BY t.recommendation_id, place, t.status, t.due_on, t.late, t.opened, s.resolution_id
    HAVING sum(t.sign) <> 0
    ORDER BY 1, 2, 3, 4, 5, 6
    {_ADD};
    INSERT INTO tasks_completioncount (resolution_id, executor_id, month, n)
    SELECT s.resolution_id, {_PLACE.format("o")} AS place, {_MONTH["postgresql"].format("t")},
        sum(t.sign)
    FROM ($changed) t JOIN organizations_organization o ON o.id = t.executor_id {_IN_PAPER}
    WHERE {_COUNTS.format("t")} GROUP BY 1, 2, 3 HAVING sum(t.sign) <> 0
    ORDER BY 1, 2, 3
    {_ADD_COMPLETED};
    RETURN NULL;
END $$body$$;
CREATE TRIGGER tasks_count_on_$event AFTER $event ON tasks_task REFERENCING $tables
    FOR EACH STATEMENT EXECUTE FUNCTION tasks_count_on_$event();
"""
)
# The tasks of what has moved: once for the new place, once (with a minus) for the old one.
_MOVED_TASKS = f"""FROM tasks_task t JOIN (
        SELECT changed.id, place, sign FROM (
            SELECT after.id, {_PLACE.format("after")} AS here, {_PLACE.format("before")} AS there
            FROM after JOIN before ON before.id = after.id
        ) changed CROSS JOIN LATERAL (VALUES (here, 1), (there, -1)) sides (place, sign)
        WHERE here <> there
    ) moved ON moved.id = t.executor_id"""
_POSTGRESQL_MOVED = f"""
CREATE FUNCTION tasks_count_on_move() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM after JOIN before ON before.id = after.id
        WHERE {_PLACE.format("after")} <> {_PLACE.format("before")}
    ) THEN
        RETURN NULL;
    END IF;
    -- A task that changes at this moment would be counted by neither: its change waits, or we do.
    LOCK TABLE tasks_task IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO tasks_completioncount (resolution_id, executor_id, month, n)
    SELECT s.resolution_id, moved.place, {_MONTH["postgresql"].format("t")}, sum(moved.sign)
    {_MOVED_TASKS} {_IN_PAPER} WHERE {_COUNTS.format("t")} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    {_ADD_COMPLETED};
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT t.recommendation_id, moved.place, t.status, t.due_on, t.late, t.opened, s.resolution_id,
        sum(moved.sign)
    {_MOVED_TASKS} {_IN_PAPER}
    GROUP BY t.recommendation_id, moved.place, t.status, t.due_on, t.late, t.opened, s.resolution_id
    ORDER BY 1, 2, 3, 4, 5, 6
    {_ADD};
    RETURN NULL;
END $body$;
CREATE TRIGGER tasks_count_on_move AFTER UPDATE ON organizations_organization
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION tasks_count_on_move();
"""

# SQLite: for each row. There a trigger cannot read the computed columns of the row it is told of.
_COME = f"""
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT NEW.recommendation_id, {_PLACE.format("o")}, NEW.status, NEW.due_on,
        COALESCE(NEW.reported_on > NEW.due_on, 0), NEW.opened_at IS NOT NULL, s.resolution_id, 1
    FROM organizations_organization o, resolutions_recommendation r
        JOIN resolutions_section s ON s.id = r.section_id
    WHERE o.id = NEW.executor_id AND r.id = NEW.recommendation_id
    {_ADD};
    INSERT INTO tasks_completioncount (resolution_id, executor_id, month, n)
    SELECT s.resolution_id, {_PLACE.format("o")}, {_MONTH["sqlite"].format("NEW")}, 1
    FROM organizations_organization o, resolutions_recommendation r
        JOIN resolutions_section s ON s.id = r.section_id
    WHERE o.id = NEW.executor_id AND r.id = NEW.recommendation_id AND {_COUNTS.format("NEW")}
    {_ADD_COMPLETED};
"""
# No row is made for what goes: where both tables are emptied, the counts may be gone already.
_GONE = f"""
    UPDATE tasks_taskcount SET n = n - 1
    WHERE recommendation_id = OLD.recommendation_id AND executor_id = (
            SELECT {_PLACE.format("o")} FROM organizations_organization o
            WHERE o.id = OLD.executor_id
        ) AND status = OLD.status AND due_on IS OLD.due_on
        AND late = COALESCE(OLD.reported_on > OLD.due_on, 0)
        AND opened = (OLD.opened_at IS NOT NULL);
    UPDATE tasks_completioncount SET n = n - 1
    WHERE executor_id = (
            SELECT {_PLACE.format("o")} FROM organizations_organization o
            WHERE o.id = OLD.executor_id
        ) AND resolution_id = (
            SELECT s.resolution_id FROM resolutions_recommendation r
            JOIN resolutions_section s ON s.id = r.section_id WHERE r.id = OLD.recommendation_id
        ) AND month IS {_MONTH["sqlite"].format("OLD")} AND {_COUNTS.format("OLD")};
"""
_SQLITE_MOVED = Template(
    f"""
    INSERT INTO tasks_taskcount ({_COLUMNS}, n)
    SELECT t.recommendation_id, $place, t.status, t.due_on, t.late, t.opened, s.resolution_id,
        $sign * count(*)
    FROM tasks_task t {_IN_PAPER} WHERE t.executor_id = NEW.id
    GROUP BY t.recommendation_id, t.status, t.due_on, t.late, t.opened, s.resolution_id
    {_ADD};
    INSERT INTO tasks_completioncount (resolution_id, executor_id, month, n)
    SELECT s.resolution_id, $place, {_MONTH["sqlite"].format("t")} AS ends, $sign * count(*)
    FROM tasks_task t {_IN_PAPER}
    WHERE t.executor_id = NEW.id AND {_COUNTS.format("t")} GROUP BY s.resolution_id, ends
    {_ADD_COMPLETED};
"""
)
_MOVED_IN = _SQLITE_MOVED.substitute(place=_PLACE.format("NEW"), sign="1")
_MOVED_OUT = _SQLITE_MOVED.substitute(place=_PLACE.format("OLD"), sign="-1")
TABLES = {
    "insert": "tasks_task",
    "update": "tasks_task",
    "delete": "tasks_task",
    "move": "organizations_organization",
}
_KEY = "recommendation_id, executor_id, status, due_on, reported_on, completed_on, opened_at"

STATEMENTS = {
    "postgresql": [
        *(
            _POSTGRESQL.substitute(event=event, changed=_CHANGED[event], tables=_TABLES[event])
            for event in _CHANGED
        ),
        _POSTGRESQL_MOVED,
    ],
    "sqlite": [
        f"CREATE TRIGGER tasks_count_on_insert AFTER INSERT ON tasks_task BEGIN {_COME} END",
        f"CREATE TRIGGER tasks_count_on_delete AFTER DELETE ON tasks_task BEGIN {_GONE} END",
        f"CREATE TRIGGER tasks_count_on_update AFTER UPDATE OF {_KEY} ON tasks_task "
        f"BEGIN {_GONE} {_COME} END",
        "CREATE TRIGGER tasks_count_on_move AFTER UPDATE OF municipality_id, path "
        f"ON organizations_organization WHEN {_PLACE.format('OLD')} <> {_PLACE.format('NEW')} "
        f"BEGIN {_MOVED_OUT} {_MOVED_IN} END",
    ],
}


def install(connection: Any) -> None:
    """Make the triggers anew and count everything; may be repeated."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)
        recount(cursor, connection.vendor)


def recount(cursor: Any, vendor: str) -> None:
    """Count everything anew."""
    for table in _KEPT:
        cursor.execute(f"DELETE FROM {table}")
    for statement in _recount_statements(vendor):
        cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take the triggers away, for as long as a migration rebuilds the tables they speak of."""
    with connection.cursor() as cursor:
        for event, table in TABLES.items():
            name = f"tasks_count_on_{event}"
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
