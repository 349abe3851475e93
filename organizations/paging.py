"""Pages of long lists: fifty rows each, whatever the list."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


class RowsPaginator(Paginator[Any]):
    """Pages of a query whose rows are wide: sorts their keys, then reads the rows of one page.

    Sorting a million rows together with the texts that they show costs several times as much.
    """

    object_list: QuerySet[Any]

    def page(self, number: int | str) -> Page[Any]:
        """Return one page; two queries."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(list(self.object_list.filter(pk__in=keys)), number, self)


def page_of(request: HttpRequest, rows: QuerySet[Any], count: int | None = None) -> Page[Any]:
    """Return the page that the address asks for; beyond the last one the last, else the first.

    ``count`` saves a query where somebody has counted the rows already.
    """
    paginator = RowsPaginator(rows, PAGE_SIZE)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))
