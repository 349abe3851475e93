"""The pages that are measured, each with its limit: one statement written by hand."""

from __future__ import annotations

from dataclasses import dataclass

_LATE = "t.status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK') AND t.due_on < current_date"
_IN = """FROM tasks_task t JOIN organizations_organization o ON o.id = t.executor_id
    JOIN resolutions_recommendation r ON r.id = t.recommendation_id"""
_PARTS = f"""count(*) FILTER (WHERE t.status = 'COMPLETED'),
    count(*) FILTER (WHERE t.status = 'REPORTED'), count(*) FILTER (WHERE {_LATE}), count(*)"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: who opens it, its address, and the least that a database has to do for it.

    Names in braces in the address are those of ``Facts``, ``%(…)s`` in the statement too.
    """

    key: str
    title: str
    person: str
    path: str
    limit: str


PAGES = (
    Page(
        "P1",
        "an executor's open tasks by due date",
        "executor",
        "/my/",
        f"SELECT t.id, t.status, t.due_on, r.printed_number, r.text {_IN} WHERE t.executor_id = "
        "%(executor)s AND t.status IN ('ASSIGNED', 'IN_PROGRESS', 'REWORK') ORDER BY t.due_on",
    ),
    Page(
        "P2",
        "overdue of one municipality by executor",
        "methodist",
        "/overdue/?municipality={municipality}",
        f"SELECT o.name, t.id, t.due_on, r.printed_number, r.text, count(*) OVER () {_IN} "
        f"WHERE o.municipality_id = %(municipality)s AND {_LATE} "
        "ORDER BY o.name, t.due_on LIMIT 50",
    ),
    Page(
        "P3",
        "overdue of the region",
        "methodist",
        "/overdue/",
        f"SELECT o.name, t.id, t.due_on, r.printed_number, r.text {_IN} WHERE {_LATE} "
        "ORDER BY t.due_on, t.id LIMIT 50",
    ),
    Page(
        "P4",
        "executor × status of one municipality",
        "methodist",
        "/summary/?municipality={municipality}",
        f"SELECT t.executor_id, o.name, {_PARTS} {_IN} "
        "WHERE o.municipality_id = %(municipality)s GROUP BY 1, 2 ORDER BY 2 LIMIT 50",
    ),
    Page(
        "P5",
        "municipality × status of the region",
        "methodist",
        "/summary/",
        "SELECT executor_id, status, sum(n) FROM tasks_taskcount GROUP BY 1, 2",
    ),
    Page(
        "P7 CSV",
        "export of the overdue tasks of one municipality",
        "methodist",
        "/exports/overdue.csv?municipality={municipality}",
        f"SELECT o.name, t.id, t.due_on, t.status, r.printed_number, r.text {_IN} "
        f"WHERE o.municipality_id = %(municipality)s AND {_LATE} ORDER BY o.name, t.due_on",
    ),
    Page(
        "P7 XLSX",
        "the same as XLSX",
        "methodist",
        "/exports/overdue.xlsx?municipality={municipality}",
        f"SELECT o.name, t.id, t.due_on, t.status, r.printed_number, r.text {_IN} "
        f"WHERE o.municipality_id = %(municipality)s AND {_LATE} ORDER BY o.name, t.due_on",
    ),
    Page(
        "P8",
        "search among the tasks",
        "methodist",
        "/tasks/?q=%D0%BD%D0%B0%D1%81%D1%82%D0%B0%D0%B2%D0%BD%D0%B8%D1%87%D0%B5%D1%81%D1%82%D0%B2%D0%BE",
        f"SELECT o.name, t.id, t.due_on, t.status, r.printed_number, r.text {_IN} "
        "WHERE t.recommendation_id IN (SELECT id FROM resolutions_recommendation "
        "WHERE text ILIKE '%%наставничеств%%') ORDER BY t.due_on, t.id LIMIT 50",
    ),
    Page(
        "P9",
        "executor × due month",
        "methodist",
        "/overdue/grid/",
        "SELECT executor_id, date_trunc('month', due_on), status, sum(n) FROM tasks_taskcount "
        "GROUP BY 1, 2, 3",
    ),
    Page(
        "P10",
        "the resolution as a document with progress",
        "coordinator",
        "/resolutions/{slug}/",
        f"SELECT t.recommendation_id, {_PARTS} FROM tasks_task t WHERE t.recommendation_id IN "
        "(SELECT r.id FROM resolutions_recommendation r JOIN resolutions_section s "
        "ON s.id = r.section_id WHERE s.resolution_id = %(resolution)s) GROUP BY 1",
    ),
    Page(
        "P12 coordinator",
        "start page of the coordinator",
        "coordinator",
        "/",
        f"SELECT r.section_id, {_PARTS} {_IN} GROUP BY 1",
    ),
    Page(
        "P12 methodist",
        "start page of a municipality's methodist",
        "district",
        "/",
        f"SELECT o.name, t.id, t.due_on {_IN} WHERE o.municipality_id = %(municipality)s "
        f"AND {_LATE} ORDER BY o.name, t.due_on LIMIT 50",
    ),
    Page("P12 observer", "start page of the observer", "observer", "/", "SELECT 1"),
)
