"""Pages of long lists: fifty rows each, whatever the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50

# Rows that stand together in the order of a list, and how many they are.
Step = tuple[Q, int]


class RowsPaginator(Paginator[Any]):
    """Pages of a query whose rows are wide: sorts their keys, then reads the rows of one page.

    Sorting a million rows together with the texts that they show costs several times as much.
    Where the ``steps`` of the list are known, only those are sorted in which the page stands: the
    last page costs what the first one does.
    """

    object_list: QuerySet[Any]
    steps: Sequence[Step] = ()

    def page(self, number: int | str) -> Page[Any]:
        """Return one page; two queries."""
        number = self.validate_number(number)
        rows, first = self._sought((number - 1) * self.per_page)
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(list(self.object_list.filter(pk__in=keys)), number, self)

    def _sought(self, first: int) -> tuple[QuerySet[Any], int]:
        """Return the rows of a page's own steps, and where among them the page begins."""
        if not self.steps:
            return self.object_list, first
        own, before, passed = Q(), 0, 0
        for rows, count in self.steps:
            if passed >= first + self.per_page:
                break
            if passed + count <= first:
                before = passed + count
            else:
                own |= rows
            passed += count
        return self.object_list.filter(own), first - before


def page_of(
    request: HttpRequest, rows: QuerySet[Any], count: int | None = None, steps: Sequence[Step] = ()
) -> Page[Any]:
    """Return the page that the address asks for; beyond the last one the last, else the first.

    ``count`` saves a query where somebody has counted the rows already, ``steps`` the sorting of
    what is on no page shown.
    """
    paginator = RowsPaginator(rows, PAGE_SIZE)
    paginator.steps = steps
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))
