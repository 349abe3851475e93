"""What every list shows: heads of columns that sort, and addresses of what its rows name."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from organizations.addresses import address
from organizations.lists import ListFilter

register = template.Library()
register.simple_tag(address)


@register.simple_tag(takes_context=True)
def query_without(context: Context, *names: str) -> str:
    """Return the query of the page without some conditions, ready for one more: "?year=2026&".

    For a list whose every row adds another value; ``querystring`` would copy the query for each.
    """
    query = context["request"].GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}&" if query else "?"


@register.inclusion_tag("components/sort_head.html")
def sort_head(found: ListFilter, name: str, label: str, css: str = "") -> dict[str, Any]:
    """Show the head of a column by which the list can be sorted, as a link that turns it round.

    ``name`` is that of the order without its sign ("due"), ``css`` the classes of the cell.
    """
    current = found.sorted_by
    is_current = current.removeprefix("-") == name
    direction = "descending" if current.startswith("-") else "ascending"
    return {
        "label": label,
        "css": css,
        "url": found.sort_url(name),
        "direction": direction if is_current else "",
    }
