"""What stands in the generated database: the keys that addresses and statements need."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.database import transaction

# The municipality with the most late tasks, an executor in it, the newest resolution on control; by
# how many days some ten thousand tasks are overdue, or all of them where there are fewer.
_FACTS = """
WITH late AS (
    SELECT o.municipality_id, t.executor_id, count(*) AS tasks
    FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id
    WHERE t.status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK') AND t.due_on < current_date
    GROUP BY 1, 2
), place AS (
    SELECT municipality_id FROM late GROUP BY 1 ORDER BY sum(tasks) DESC, 1 LIMIT 1
), one AS (
    SELECT executor_id FROM late JOIN place USING (municipality_id)
    ORDER BY late.tasks DESC, 1 LIMIT 1
), days AS (
    SELECT current_date - due_on - 1 AS delay, sum(count(*)) OVER (ORDER BY due_on) AS tasks
    FROM tasks_task t
    WHERE t.status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK') AND t.due_on < current_date
    GROUP BY due_on
), export AS (
    SELECT delay, tasks FROM days ORDER BY abs(tasks - 10000), delay LIMIT 1
), paper AS (
    SELECT id, slug FROM resolutions_resolution
    WHERE status = 'ON_CONTROL' ORDER BY event_date DESC LIMIT 1
)
SELECT place.municipality_id, one.executor_id, paper.id, paper.slug,
    (SELECT u.email FROM organizations_membership m JOIN organizations_user u ON u.id = m.user_id
     WHERE m.organization_id = one.executor_id AND m.role = 'EXECUTOR' LIMIT 1),
    (SELECT u.email FROM organizations_membership m JOIN organizations_user u ON u.id = m.user_id
     WHERE m.organization_id = place.municipality_id AND m.role = 'METHODIST' LIMIT 1),
    (SELECT count(*) FROM tasks_task), current_date::text, export.delay, export.tasks::int
FROM place, one, export, paper
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Keys and counts of one database."""

    municipality: int
    executor: int
    resolution: int
    slug: str
    executor_email: str
    methodist_email: str
    tasks: int
    today: str
    delay: int
    late_exported: int

    def values(self) -> dict[str, Any]:
        """Return all of them, as parameters of a statement."""
        return asdict(self)


def facts_of(address: str) -> Facts:
    """Look the facts up; raises SystemExit where nothing was generated."""
    with transaction(address) as cursor:
        cursor.execute(_FACTS)
        row = cursor.fetchone()
    if row is None:
        raise SystemExit("This database holds no generated load: manage.py generate_load.")
    return Facts(*row)
