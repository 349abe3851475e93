"""The pages that are read, each with its limit: one statement written by hand.

A page that comes later joins with a line, and with a statement in ``benchmarks.limits``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from benchmarks import limits
from benchmarks.facts import Facts


@dataclass(frozen=True, slots=True)
class Page:
    """One page: who opens it, its address, and the least that a database has to do for it.

    Names in braces in the title and the address are those of ``Facts``, ``%(…)s`` in the statement
    too.
    """

    key: str
    title: str
    person: str
    path: str
    limit: str

    def address(self, facts: Facts) -> str:
        """Return the address in one database."""
        return self.path.format(**asdict(facts))

    def name(self, facts: Facts) -> str:
        """Return the title, with what it measures in one database."""
        return self.title.format(**asdict(facts))


_LATE_FILE = "export of {late_exported} tasks overdue by more than {delay} days"
_SEARCHED = "%D0%BD%D0%B0%D1%81%D1%82%D0%B0%D0%B2%D0%BD%D0%B8%D1%87%D0%B5%D1%81%D1%82%D0%B2%D0%BE"

PAGES = (
    Page(
        "P0", "a page without figures; every task summed", "executor", "/profile/", limits.YARDSTICK
    ),
    Page("P1", "an executor's open tasks by due date", "executor", "/my/", limits.MY_TASKS),
    Page(
        "P2",
        "overdue of one municipality by executor",
        "methodist",
        "/overdue/?municipality={municipality}",
        limits.OVERDUE_OF_ONE,
    ),
    Page("P3", "overdue of the region", "methodist", "/overdue/", limits.OVERDUE_OF_REGION),
    Page(
        "P4",
        "executor × status of one municipality",
        "methodist",
        "/summary/?municipality={municipality}",
        limits.SUMMARY_OF_ONE,
    ),
    Page(
        "P5",
        "municipality × status of the region",
        "methodist",
        "/summary/",
        limits.SUMMARY_OF_REGION,
    ),
    Page(
        "P5 executors",
        "executor × status of the region",
        "methodist",
        "/summary/?by=executor",
        limits.SUMMARY_BY_EXECUTOR,
    ),
    Page(
        "P7 CSV",
        f"{_LATE_FILE}, CSV",
        "methodist",
        "/exports/overdue.csv?delay={delay}",
        limits.EXPORT,
    ),
    Page(
        "P7 XLSX",
        f"{_LATE_FILE}, XLSX",
        "methodist",
        "/exports/overdue.xlsx?delay={delay}",
        limits.EXPORT,
    ),
    Page("P8", "search among the tasks", "methodist", f"/tasks/?q={_SEARCHED}", limits.SEARCH),
    Page("P9", "executor × due month", "methodist", "/overdue/grid/", limits.DUE_MONTHS),
    Page(
        "P10",
        "the resolution as a document with progress",
        "coordinator",
        "/resolutions/{slug}/",
        limits.DOCUMENT,
    ),
    Page("P12 executor", "start page of an executor", "executor", "/my/", limits.MY_TASKS),
    Page("P12 bare", "… from the site's bare address", "executor", "/", limits.MY_TASKS),
    Page(
        "P12 coordinator",
        "start page of the coordinator",
        "coordinator",
        "/overview/",
        limits.OVERVIEW,
    ),
    Page(
        "P12 methodist",
        "start page of the region's methodist",
        "methodist",
        "/overdue/",
        limits.OVERDUE_OF_REGION,
    ),
    Page(
        "P12 district",
        "start page of a municipality's methodist",
        "district",
        "/overdue/",
        limits.OVERDUE_OF_ONE,
    ),
    Page("P12 observer", "start page of the observer", "observer", "/overview/", limits.OVERVIEW),
)
