"""Rows of grids: a page has thousands of cells, too many for nodes of a template."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from dashboards.grids.lines import Cell, Line
from organizations.templatetags.look import filled

register = template.Library()


@register.simple_tag
def heat_cells(line: Line, empty: str) -> SafeString:
    """Show the cells of a row; ``empty`` is what one without tasks says to screen readers."""
    none = filled('<td class="none"><span class="visually-hidden">{}</span></td>', empty)
    drawn = [_cell(cell) if cell else none for cell in line.cells]
    return SafeString("".join(drawn))


def _cell(cell: Cell) -> SafeString:
    return filled(
        '<td><a class="{}" href="{}" aria-label="{}"><svg class="i"><use href="#i-{}"/></svg>{}</a>'
        "</td>",
        cell.css,
        cell.url,
        cell.label,
        cell.icon,
        cell.text,
    )


@register.simple_tag
def heat_sums(line: Line) -> SafeString:
    """Show the right end of a row: all tasks that count, completed, overdue, the share."""
    drawn = [
        filled('<td class="sum"><a href="{}">{}</a></td>', figure.url, figure.text)
        for figure in line.figures
    ]
    share = f"{line.tally.percent} %" if line.tally.total else ""
    drawn.append(filled('<td class="sum">{}</td>', share))
    return SafeString("".join(drawn))
