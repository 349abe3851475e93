"""The figures of a chart as the rows of its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from dashboards.history import Moment
from organizations.addresses import narrowed
from organizations.templatetags.look import day, filled
from tasks.filters import list_url

register = template.Library()

_ROW = (
    '<tr><th scope="row" class="fw-normal num">{}</th><td class="r">{}</td><td class="r">{}</td>'
    '<td class="r">{} %</td></tr>'
)
_NONE = SafeString('<span class="soft">0</span>')


@register.simple_tag
def course_rows(moments: Iterable[Moment], conditions: Mapping[str, Any]) -> SafeString:
    """Show what was sent and completed by each day, each number with its list.

    ``conditions`` say of which tasks.
    """
    sent_url = list_url(**conditions, state="counted")
    completed_url = list_url(**conditions, state="done")
    rows = [
        filled(
            _ROW,
            day(each.day),
            _figure("sent", each.sent, narrowed(sent_url, f"sent_to={each.typed}")),
            _figure(
                "completed", each.completed, narrowed(completed_url, f"completed_to={each.typed}")
            ),
            each.percent,
        )
        for each in moments
    ]
    return SafeString("".join(rows))


def _figure(name: str, count: int, url: str) -> SafeString:
    return filled('<a data-figure="{}" href="{}">{}</a>', name, url, count) if count else _NONE
