"""What is late and what has happened to it: a row of «Просрочено» for each of the tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboards.overdue.open_tasks import OpenTasks
from dashboards.overdue.rows import OrganizationRows, Row
from organizations.addresses import narrowed
from organizations.templatetags.look import cut, day, filled, icon, typo
from tasks.models import Report, TaskEvent
from tasks.templatetags.deadlines import delay
from tasks.templatetags.tallies import task_status

register = template.Library()
A = TaskEvent.Action

_LATE = SafeString(' class="due-late"')
_OPEN_STATES = ("overdue", "soon", "later", "undated", "owed")

_ROW = """<tr>
<td class="late num" data-label="{}">{}<svg class="latebar" aria-hidden="true">\
<rect width="{}%" height="4"></rect></svg></td>
<td><a class="plain clip" href="{}"><b class="num">{}</b> {}</a>\
<div class="xs soft">{} · {}</div></td>
<td class="small" data-label="{}"><span class="num">{}</span>{}</td>
<td class="small" data-label="{}">{}</td>
</tr>
"""


@register.simple_tag
def overdue_rows(own: OrganizationRows, late: str, due: str, last: str) -> SafeString:
    """Show the tasks of an organisation; the heads of three columns name their cells on a phone."""
    rows = [
        filled(
            _ROW,
            late,
            typo(delay(row.task)),
            row.share,
            row.task.get_absolute_url(),
            row.task.recommendation.printed_number or "•",
            typo(cut(row.task.recommendation.text, 240)),
            task_status(row.task, "st-line xs"),
            typo(cut(row.task.recommendation.section.resolution.title, 90)),
            due,
            day(row.task.due_on),
            _set(row),
            last,
            _happened(row, reminder=not own.executor.letter),
        )
        for row in own.rows
    ]
    return SafeString("".join(rows))


def _set(row: Row) -> SafeString:
    """Draw how the due day was set: the day at first, where it was another, and the words."""
    drawn = []
    task, words = row.task, row.task.recommendation.deadline_text
    if task.original_due_on and task.original_due_on != task.due_on:
        first = _("at first %(date)s") % {"date": day(task.original_due_on)}
        drawn.append(filled('<div class="xs soft num">{}</div>', first))
    if words:
        drawn.append(filled('<div class="xs soft">«{}»</div>', typo(words)))
    return SafeString("".join(drawn))


def _happened(row: Row, *, reminder: bool) -> SafeString:
    """Draw what has happened to a task; ``reminder`` tells whether that is said of it too."""
    drawn = []
    if not row.task.opened_at:
        never = pgettext("task", "Never opened")
        drawn.append(filled('<span class="st">{}{}</span>', icon("eye-slash"), never))
    if row.last and row.last.action != A.ASSIGN:
        when = day(timezone.localtime(row.last.happened_at))
        act = '<div>{}, <span class="num">{}</span></div>'
        drawn.append(filled(act, done(row.last), when))
    if row.returns:
        times = ngettext("returned %(count)s time", "returned %(count)s times", row.returns)
        drawn.append(filled('<div class="xs soft">{}</div>', times % {"count": row.returns}))
    if row.reminded and reminder:
        bell = '<div class="xs soft">{} {}</div>'
        drawn.append(filled(bell, icon("bell"), reminded(row.reminded)))
    return SafeString("".join(drawn))


@register.filter
def done(event: TaskEvent) -> str:
    """Say what was done: «Отчёт: исполнено»."""
    # ``get_action_display`` makes all the choices anew for each of the rows.
    words = capfirst(str(A(event.action).label))
    if event.report is None or event.action != A.REPORT:
        return words
    return f"{words}: {Report.Outcome(event.report.outcome).label.lower()}"


@register.filter
def reminded(event: TaskEvent) -> str:
    """Say when a reminder was sent, and by whom."""
    who = typo(event.actor.get_short_name()) if event.actor else ""
    date = day(timezone.localtime(event.happened_at))
    return _("reminded %(date)s, %(who)s") % {"date": date, "who": who}


@register.simple_tag
def open_rows(rows: Iterable[OpenTasks], *labels: str) -> SafeString:
    """Show what is open in each organisation or municipality, each number with its list.

    ``labels`` are the heads of the columns, which name the cells on a phone.
    """
    return SafeString("".join(_open_row(row, labels) for row in rows))


def _open_row(row: OpenTasks, labels: Sequence[str]) -> SafeString:
    title = typo(row.title)
    if row.narrowed:
        title = filled('<a href="{}">{}</a>', row.narrowed, title)
    cells = [
        _open_cell(row, state, label) for state, label in zip(_OPEN_STATES, labels, strict=True)
    ]
    head = '<tr><th scope="row" class="fw-normal">{}</th>{}</tr>\n'
    return filled(head, title, SafeString("".join(cells)))


def _open_cell(row: OpenTasks, state: str, label: str) -> SafeString:
    count = getattr(row.sums, state)
    if not count:
        return filled('<td class="r" data-label="{}"><span class="soft">0</span></td>', label)
    return filled(
        '<td class="r" data-label="{}"><a{} data-figure="{}" href="{}">{}</a></td>',
        label,
        _LATE if state == "overdue" else "",
        state,
        narrowed(row.url, f"state={state}"),
        count,
    )
