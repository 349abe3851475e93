"""What is open, by urgency: for each organisation, or for each municipality of a large region."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dashboards.filters import OverdueFilter
from dashboards.overdue.order import Executor
from dashboards.overdue.sums import Sums, Territory
from organizations.addresses import narrowed
from tasks.filters import OUTSIDE_MUNICIPALITIES

# More organisations than this are shown by municipality.
FEW = 50


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """The tasks on which an organisation, or those of a municipality, still have to act."""

    title: str
    sums: Sums
    url: str  # of the list of all tasks; a state narrows it
    narrowed: str = ""  # the page of the municipality alone


def are_few(filterset: OverdueFilter, territories: Collection[Territory]) -> bool:
    """Tell whether each organisation is shown: those of one municipality, or few; one query."""
    if len(territories) <= 1:
        return True
    return len(filterset.organizations.order_by().values_list("pk")[: FEW + 1]) <= FEW


def by_organization(filterset: OverdueFilter, executors: Iterable[Executor]) -> list[OpenTasks]:
    """Return what is open in each organisation, the most urgent first; ``executors`` by name."""
    address = filterset.url()
    return [
        OpenTasks(
            str(each.organization), each.sums, narrowed(address, f"executor={each.organization.pk}")
        )
        for each in sorted(executors, key=lambda each: _urgency(each.sums))
    ]


def by_municipality(filterset: OverdueFilter, territories: Iterable[Territory]) -> list[OpenTasks]:
    """Return what is open in each municipality, the most urgent first, those outside last."""
    address = filterset.url(municipality="")
    return [
        OpenTasks(
            str(each.municipality or OUTSIDE_MUNICIPALITIES),
            each.sums,
            narrowed(address, f"municipality={each.key}"),
            f"{each.narrowed}&executors=1#executors",
        )
        for each in sorted(territories, key=lambda each: (not each.pk, _urgency(each.sums)))
        if each.sums.owed
    ]


def _urgency(sums: Sums) -> tuple[int, int]:
    return -sums.overdue, -sums.soon
