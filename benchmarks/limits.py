"""The limits: what each page shows, by one statement written by hand on the best table for it.

Counts by recommendation, municipality, status and due date are taken from ``tasks_taskcount``, the
course of what was sent and completed from ``tasks_completioncount``; what is counted by executor,
and rows, come from ``tasks_task`` through its indexes. Words in ``%(…)s`` are names of
``benchmarks.facts.Facts``.
"""

from __future__ import annotations

_OWED = "status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK')"
_LATE = f"{_OWED} AND due_on < current_date"
_PAPER = """JOIN resolutions_recommendation r ON r.id = t.recommendation_id
    JOIN resolutions_section s ON s.id = r.section_id
    JOIN resolutions_resolution p ON p.id = s.resolution_id"""


# A bar and a breakdown are sums over these: status, in time or late, how near the due day is.
_STANDING = """status, late, CASE WHEN due_on < current_date THEN 1
    WHEN due_on <= current_date + 7 THEN 2 WHEN due_on IS NOT NULL THEN 3 END"""


def _count(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"


_OPEN = f"""{_count("due_on < current_date")} AS late,
    {_count("due_on BETWEEN current_date AND current_date + 7")} AS soon,
    {_count("due_on > current_date + 7")} AS later, {_count("due_on IS NULL")} AS undated"""
_PARTS = f"""{_count(_LATE)} AS overdue, {_count("status = 'COMPLETED' AND late")} AS done_late,
    {_count("status = 'COMPLETED'")} AS done, {_count("status = 'REPORTED'")} AS waiting,
    {_count(f"{_OWED} AND due_on >= current_date")} AS running,
    {_count(f"{_OWED} AND due_on IS NULL")} AS undated, {_count("status = 'REWORK'")} AS returned"""


def _rows(query: str) -> str:
    """One column of an answer with several tables in it."""
    return f"(SELECT json_agg(found) FROM ({query}) found)"


# No limit of a page but a yardstick of the machine: all tasks, without what is kept.
YARDSTICK = """
SELECT o.municipality_id, t.status, count(*)
FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id GROUP BY 1, 2
"""

# The sections of an executor's page, each with the number of its tasks and the first of them.
MY_TASKS = f"""
WITH own AS (
    SELECT t.*, CASE WHEN {_LATE} THEN 1
        WHEN {_OWED} AND status = 'REWORK' THEN 2
        WHEN {_OWED} AND due_on <= current_date + 7 THEN 3
        WHEN status = 'ASSIGNED' AND NOT opened THEN 4
        WHEN {_OWED} THEN 5
        WHEN status = 'REPORTED' THEN 6
        WHEN status = 'COMPLETED' THEN 7 END AS part
    FROM tasks_task t WHERE executor_id = %(executor)s
), placed AS (
    SELECT own.*, count(*) OVER (PARTITION BY part) AS of_part, row_number() OVER (
        PARTITION BY part ORDER BY CASE part WHEN 7 THEN current_date - completed_on END, due_on, id
    ) AS place
    FROM own WHERE part IS NOT NULL
)
SELECT t.part, t.of_part, t.id, t.status, t.due_on, r.printed_number, r.text, p.title
FROM placed t {_PAPER} WHERE t.place <= CASE WHEN t.part > 5 THEN 5 ELSE 10 END
ORDER BY t.part, t.place
"""

# Figures, the first 25 late tasks (the longest delay first), open tasks of 25 executors. The rows
# stand at the first executors, so that only theirs are read.
OVERDUE_OF_ONE = f"""
WITH by_executor AS (
    SELECT o.id, o.name, open.*
    FROM organizations_organization o CROSS JOIN LATERAL (
        SELECT {_OPEN}, count(*) AS owed, min(due_on) AS oldest,
            {_count("due_on < current_date AND NOT opened")} AS unopened
        FROM tasks_task t WHERE t.executor_id = o.id AND {_OWED}
    ) open WHERE o.municipality_id = %(municipality)s AND open.owed > 0
), worst AS (
    SELECT * FROM (
        SELECT *, sum(late) OVER (ORDER BY oldest, name, id) - late AS before
        FROM by_executor WHERE late > 0
    ) ordered WHERE before < 25
), first AS (
    SELECT worst.oldest, worst.name, t.id, t.executor_id, t.due_on, t.status, t.recommendation_id
    FROM worst CROSS JOIN LATERAL (
        SELECT * FROM tasks_task WHERE executor_id = worst.id AND {_LATE}
    ) t ORDER BY worst.oldest, worst.name, worst.id, t.due_on, t.id LIMIT 25
)
SELECT
    {_rows(f"SELECT t.*, r.printed_number, r.text, p.title FROM first t {_PAPER}")},
    {
    _rows('''SELECT sum(late), count(*), min(oldest), sum(unopened)
        FROM by_executor WHERE late > 0''')
},
    {
    _rows(
        f"SELECT {_STANDING} AS due, sum(n) FROM tasks_taskcount "
        "WHERE executor_id = %(municipality)s AND n > 0 GROUP BY 1, 2, 3"
    )
},
    {_rows("SELECT * FROM by_executor ORDER BY late DESC, soon DESC, name LIMIT 25")}
"""

# The same of the region: the worst municipality first, with the sums of all of them. 25 rows
# stand in the first municipalities, so that only theirs are read.
OVERDUE_OF_REGION = f"""
WITH by_executor AS (
    SELECT o.id AS executor_id, own.*
    FROM organizations_organization o CROSS JOIN LATERAL (
        SELECT count(*) AS late, min(due_on) AS oldest
        FROM tasks_task t WHERE t.executor_id = o.id AND {_LATE}
    ) own WHERE own.late > 0
), place AS (
    SELECT executor_id AS id, sum(n) AS tasks, min(due_on) AS oldest,
        sum(n) FILTER (WHERE NOT opened) AS unopened
    FROM tasks_taskcount WHERE n > 0 AND {_LATE} GROUP BY 1
), worst AS (
    SELECT * FROM (
        SELECT id, tasks, sum(tasks) OVER (ORDER BY tasks DESC, id) - tasks AS before FROM place
    ) ordered WHERE before < 25
), first AS (
    SELECT t.id, worst.tasks, b.oldest, o.name, t.executor_id, t.due_on
    FROM worst JOIN organizations_organization o ON o.municipality_id = worst.id
        JOIN by_executor b ON b.executor_id = o.id JOIN tasks_task t ON t.executor_id = o.id
    WHERE {_LATE}
    ORDER BY worst.tasks DESC, worst.id, b.oldest, o.name, o.id, t.due_on, t.id LIMIT 25
)
SELECT
    {
    _rows(f'''SELECT first.*, r.printed_number, r.text, p.title FROM first
        JOIN tasks_task t ON t.id = first.id {_PAPER}''')
},
    {
    _rows('''SELECT o.name, place.* FROM place JOIN organizations_organization o USING (id)
        ORDER BY place.tasks DESC''')
},
    {_rows(f"SELECT {_STANDING} AS due, sum(n) FROM tasks_taskcount WHERE n > 0 GROUP BY 1, 2, 3")},
    (SELECT count(*) FROM by_executor),
    {
    _rows(f'''SELECT executor_id, {_STANDING} AS due, sum(n) FROM tasks_taskcount
        WHERE n > 0 AND {_OWED} GROUP BY 1, 2, 3, 4''')
}
"""


def _course(place: str) -> str:
    """What was sent of each resolution, and what of it was completed month by month."""
    return _rows(f"""SELECT p.sent_at, t.* FROM (
        SELECT resolution_id, month, sum(n) FROM tasks_completioncount t
        WHERE n > 0 {place} GROUP BY 1, 2
    ) t JOIN resolutions_resolution p ON p.id = t.resolution_id""")


SUMMARY_OF_ONE = f"""
SELECT
    {
    _rows(f'''SELECT t.executor_id, o.name, {_PARTS}, count(*) OVER ()
        FROM organizations_organization o JOIN tasks_task t ON t.executor_id = o.id
        WHERE o.municipality_id = %(municipality)s GROUP BY 1, 2, o.sort_key
        ORDER BY overdue DESC, o.sort_key LIMIT 25''')
},
    {
    _rows(f'''SELECT {_STANDING} AS due, sum(n) FROM tasks_taskcount
        WHERE executor_id = %(municipality)s AND n > 0 GROUP BY 1, 2, 3''')
},
    {_course("AND t.executor_id = %(municipality)s")}
"""
SUMMARY_OF_REGION = f"""
SELECT
    {
    _rows(f'''SELECT o.name, t.* FROM (
        SELECT executor_id, {_STANDING} AS due, sum(n) FROM tasks_taskcount
        WHERE n > 0 GROUP BY 1, 2, 3, 4
    ) t JOIN organizations_organization o ON o.id = t.executor_id''')
},
    {_course("")}
"""
# How much is overdue is counted of all, to find the worst; everything else of 25 executors.
SUMMARY_BY_EXECUTOR = f"""
WITH worst AS (
    SELECT o.id, o.name, o.sort_key, late.tasks, count(*) OVER () AS executors
    FROM organizations_organization o CROSS JOIN LATERAL (
        SELECT count(*) AS tasks FROM tasks_task t WHERE t.executor_id = o.id AND {_LATE}
    ) late
    WHERE late.tasks > 0 OR EXISTS (SELECT FROM tasks_task t WHERE t.executor_id = o.id)
    ORDER BY late.tasks DESC, o.sort_key LIMIT 25
)
SELECT
    {
    _rows(f'''SELECT worst.*, own.* FROM worst CROSS JOIN LATERAL (
        SELECT {_PARTS} FROM tasks_task t WHERE t.executor_id = worst.id
    ) own ORDER BY worst.tasks DESC, worst.sort_key''')
},
    {
    _rows(f'''SELECT executor_id, {_STANDING} AS due, sum(n) FROM tasks_taskcount
        WHERE n > 0 GROUP BY 1, 2, 3, 4''')
},
    {_course("")}
"""

# Every late task with what stands beside it in the file.
EXPORT = f"""
SELECT m.name, o.name, o.inn, r.printed_number, r.text, r.deadline_text, t.original_due_on,
    t.due_on, current_date - t.due_on, t.status, t.opened_at, returned.n, last.action,
    last.happened_at, p.title, p.event_date
FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id
    LEFT JOIN organizations_organization m ON m.id = o.municipality_id {_PAPER}
    LEFT JOIN LATERAL (
        SELECT action, happened_at FROM tasks_taskevent e WHERE e.task_id = t.id
        ORDER BY happened_at DESC, id DESC LIMIT 1
    ) last ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS n FROM tasks_taskevent e WHERE e.task_id = t.id AND action = 'RETURN'
    ) returned ON true
WHERE t.{_OWED} AND t.due_on < current_date - %(delay)s
ORDER BY count(*) OVER (PARTITION BY o.municipality_id) DESC, m.name,
    min(t.due_on) OVER (PARTITION BY t.executor_id), o.name, t.due_on, t.id
"""

# The first fifty tasks, and how all that are found stand.
SEARCH = f"""
WITH told AS (
    SELECT r.id FROM resolutions_recommendation r
    WHERE r.search LIKE '%%наставничеств%%'
)
SELECT
    {
    _rows(f'''SELECT o.name, t.id, t.due_on, t.status, r.printed_number, r.text, p.title
        FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id {_PAPER}
        WHERE t.recommendation_id IN (SELECT id FROM told) ORDER BY t.due_on, t.id LIMIT 50''')
},
    {
    _rows(f'''SELECT {_STANDING} AS due, sum(n) FROM tasks_taskcount
        WHERE recommendation_id IN (SELECT id FROM told) AND n > 0 GROUP BY 1, 2, 3''')
}
"""
DUE_MONTHS = f"""
SELECT executor_id, month, sum(n) FILTER (WHERE {_OWED} AND passed) AS overdue,
    sum(n) FILTER (WHERE status = 'ASSIGNED' AND passed IS NOT TRUE) AS assigned,
    sum(n) FILTER (WHERE status = 'IN_PROGRESS' AND passed IS NOT TRUE) AS begun,
    sum(n) FILTER (WHERE status = 'REWORK' AND passed IS NOT TRUE) AS returned,
    sum(n) FILTER (WHERE status = 'REPORTED') AS waiting,
    sum(n) FILTER (WHERE status = 'COMPLETED') AS done,
    sum(n) FILTER (WHERE status = 'NOT_APPLICABLE') AS others,
    sum(n) FILTER (WHERE status = 'CANCELLED') AS cancelled
FROM (
    SELECT executor_id, date_trunc('month', due_on) AS month, status,
        due_on < current_date AS passed, sum(n) AS n
    FROM tasks_taskcount WHERE n > 0 GROUP BY 1, 2, 3, 4
) counted GROUP BY 1, 2
"""

# Of each section also how many organisations have tasks: a look into the index for each of them.
DOCUMENT = f"""
WITH section AS MATERIALIZED (
    SELECT s.id, s.heading, s.position, (
        SELECT count(*) FROM organizations_organization o WHERE EXISTS (
            SELECT 1 FROM resolutions_recommendation r
            JOIN tasks_task t ON t.recommendation_id = r.id AND t.executor_id = o.id
            WHERE r.section_id = s.id OFFSET 0
        )
    ) AS executors
    FROM resolutions_section s WHERE s.resolution_id = %(resolution)s
), counted AS (
    SELECT recommendation_id, {_STANDING} AS due, sum(n)
    FROM tasks_taskcount WHERE n > 0 AND resolution_id = %(resolution)s GROUP BY 1, 2, 3, 4
)
SELECT
    {
    _rows('''SELECT s.*, r.id AS key, r.printed_number, r.text, r.deadline_text, r.due_on
        FROM section s JOIN resolutions_recommendation r ON r.section_id = s.id
        ORDER BY s.position, r.position''')
},
    {_rows("SELECT * FROM counted")}
"""

# How each resolution on control goes, whom the late tasks are of, what comes due, the course.
OVERVIEW = f"""
WITH recommendation AS (
    SELECT r.id, p.id AS paper FROM resolutions_recommendation r
    JOIN resolutions_section s ON s.id = r.section_id
    JOIN resolutions_resolution p ON p.id = s.resolution_id WHERE p.status = 'ON_CONTROL'
)
SELECT
    {
    _rows(f'''SELECT p.title, p.sent_at, counted.* FROM (
        SELECT resolution_id, {_STANDING} AS due, sum(n) AS n, min(due_on) AS oldest
        FROM tasks_taskcount
        WHERE n > 0 AND resolution_id IN (SELECT paper FROM recommendation) GROUP BY 1, 2, 3, 4
    ) counted JOIN resolutions_resolution p ON p.id = counted.resolution_id''')
},
    {
    _rows('''SELECT r.paper, min(t.reported_on) FROM tasks_task t
        JOIN recommendation r ON r.id = t.recommendation_id
        WHERE t.status = 'REPORTED' GROUP BY 1''')
},
    (SELECT count(*) FROM organizations_organization o WHERE EXISTS (
        SELECT 1 FROM tasks_task t WHERE t.executor_id = o.id AND {_LATE}
        AND t.recommendation_id IN (SELECT id FROM recommendation) OFFSET 0
    )),
    {
    _rows(f'''SELECT r.id, t.due_on, sum(n), sum(n) FILTER (WHERE {_OWED}) AS owed,
            sum(n) FILTER (WHERE {_OWED} AND NOT opened) AS unopened
        FROM tasks_taskcount t JOIN recommendation r ON r.id = t.recommendation_id
        WHERE due_on BETWEEN current_date AND current_date + 30 AND n > 0
        GROUP BY 1, 2 ORDER BY 2 LIMIT 20''')
},
    {
    _rows('''SELECT c.month, sum(c.n) FROM tasks_completioncount c
        JOIN resolutions_resolution p ON p.id = c.resolution_id
        WHERE p.status = 'ON_CONTROL' AND c.month IS NOT NULL GROUP BY 1''')
}
"""
