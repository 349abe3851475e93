"""Whether the counts kept by the database are those of the tasks, counted one by one."""

from __future__ import annotations

from benchmarks.database import transaction

# A task stands in its executor's municipality, outside of all in the root of the executor's tree.
_TASKS = """FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id
    LEFT JOIN resolutions_recommendation r ON r.id = t.recommendation_id
    LEFT JOIN resolutions_section s ON s.id = r.section_id"""
_PLACE = "COALESCE(o.municipality_id, NULLIF(substr(o.path, 1, 7), '')::integer, o.id)"
_KEPT = {
    "tasks_taskcount": (
        """SELECT recommendation_id, executor_id, status, due_on, late, opened, resolution_id,
            n::bigint""",
        f"""SELECT t.recommendation_id, {_PLACE} AS place, t.status, t.due_on, t.late, t.opened,
            s.resolution_id, count(*) {_TASKS} GROUP BY 1, 2, 3, 4, 5, 6, 7""",
    ),
    "tasks_completioncount": (
        "SELECT resolution_id, executor_id, month, n::bigint",
        f"""SELECT s.resolution_id, {_PLACE} AS place,
            date_trunc('month', t.completed_on)::date AS month, count(*)
            {_TASKS} WHERE t.status NOT IN ('NOT_APPLICABLE', 'CANCELLED') GROUP BY 1, 2, 3""",
    ),
}


def differences(address: str) -> dict[str, tuple[int, int]]:
    """Return of each kept table the number of its counts, and how many rows are not the truth."""
    found = {}
    with transaction(address) as cursor:
        for table, (columns, truth) in _KEPT.items():
            kept = f"{columns} FROM {table} WHERE n <> 0"
            cursor.execute(
                f"""SELECT (SELECT count(*) FROM ({kept}) kept), count(*) FROM (
                    (({kept}) EXCEPT ALL ({truth})) UNION ALL (({truth}) EXCEPT ALL ({kept}))
                ) wrong"""
            )
            found[table] = cursor.fetchone()
    return found
