"""The lists of the product as tables for export: their columns, and how rows are read.

Each takes the filter of the page's own list (``tasks.listing``, ``organizations.listing``), so that
a file holds the same rows in the same order. Rows are read one after another and without building
models: a list may hold a hundred thousand. The columns are those in use in control of execution:
«План. срок», «Факт. дата», delay in calendar days, the last action.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from dashboards.tables import Cell, Column, Row, Table, notes_of
from organizations.listing import with_people
from organizations.lists import ListFilter
from organizations.models import Organization, User
from resolutions.models import Recommendation, Resolution
from tasks.counting import countable
from tasks.filters import OUTSIDE_MUNICIPALITIES
from tasks.models import Task, TaskEvent
from tasks.progress import OWED, Tally, resolution_of, tallies_by
from tasks.querysets import TaskQuerySet

CHUNK = 2_000  # rows fetched from the database at a time

NUMBER = Column(gettext_lazy("№"), "number", 6)
ITEM = Column(gettext_lazy("Item"), width=9)
CONTENT = Column(gettext_lazy("Content of the recommendation"), width=50)
EXECUTOR = Column(pgettext_lazy("of a task", "Executor"), width=34)
MUNICIPALITY = Column(gettext_lazy("Municipality"), width=30)
INN = Column(gettext_lazy("INN"), width=13)
STATUS = Column(gettext_lazy("Status"), width=16)
WORDS = Column(gettext_lazy("Deadline in the document"), width=20)
FIRST_DUE = Column(gettext_lazy("First due date"), "date", 13)
PLANNED = Column(gettext_lazy("Planned date"), "date", 12)
ACTUAL = Column(gettext_lazy("Actual date"), "date", 12)
DELAY = Column(gettext_lazy("Delay, days"), "number", 11)
OPENED = Column(pgettext_lazy("task", "Opened on"), "date", 12)
RETURNS = Column(gettext_lazy("Times returned"), "number", 11)
LAST_ACTION = Column(gettext_lazy("Last action"), width=18)
LAST_DAY = Column(gettext_lazy("Date of the last action"), "date", 13)
RESOLUTION = Column(gettext_lazy("Resolution"), width=40)
EVENT_DAY = Column(gettext_lazy("Date of the event"), "date", 13)

_RESOLUTION = "recommendation__section__resolution"
# What a row of tasks is made of, whatever its columns: lookups from Task.
_TASK = {
    "item": "recommendation__printed_number",
    "text": "recommendation__text",
    "subitems": "recommendation__subitems",
    "words": "recommendation__deadline_text",
    "addressee": "recommendation__section__heading",
    "resolution": f"{_RESOLUTION}__title",
    "event_day": f"{_RESOLUTION}__event_date",
    "executor": "executor__name",
    "municipality": "executor__municipality__name",
    "inn": "executor__inn",
    "period": "period",
    "status": "status",
    "first_due": "original_due_on",
    "due": "due_on",
    "reported": "reported_on",
    "opened": "opened_at",
    "action": "last_action",
    "acted": "last_action_at",
    "returns": "returns",
}


def task_table(filterset: ListFilter, on: date) -> Table:
    """Return the list of tasks on a day; two queries, whatever its length."""
    columns = (
        NUMBER, ITEM, CONTENT, Column(gettext_lazy("Addressee"), width=30), EXECUTOR,
        MUNICIPALITY, INN, Column(gettext_lazy("Period"), width=11), STATUS, WORDS, FIRST_DUE,
        PLANNED, ACTUAL, DELAY, OPENED, RETURNS, LAST_ACTION, LAST_DAY, RESOLUTION, EVENT_DAY,
    )  # fmt: skip
    names = (
        "item", "text", "addressee", "executor", "municipality", "inn", "period", "status", "words",
        "first_due", "due", "reported", "delay", "opened", "returns", "action", "acted",
        "resolution", "event_day",
    )  # fmt: skip
    tasks = filterset.qs
    notes = notes_of(on, filterset, invented=_invented(tasks))
    return Table(_("Tasks"), notes, columns, task_rows(tasks, names, on))


def overdue_table(filterset: ListFilter, late: TaskQuerySet, on: date) -> Table:
    """Return the tasks that are ``late`` on a day, in their order; two queries."""
    columns = (
        NUMBER, MUNICIPALITY, EXECUTOR, INN, ITEM, CONTENT, WORDS, FIRST_DUE, PLANNED,
        Column(gettext_lazy("Days overdue"), "number", 11), STATUS, OPENED, RETURNS, LAST_ACTION,
        LAST_DAY, RESOLUTION, EVENT_DAY,
    )  # fmt: skip
    names = (
        "municipality", "executor", "inn", "item", "text", "words", "first_due", "due", "delay",
        "status", "opened", "returns", "action", "acted", "resolution", "event_day",
    )  # fmt: skip
    notes = notes_of(on, filterset, invented=_invented(late))
    return Table(pgettext("tasks", "Overdue"), notes, columns, task_rows(late, names, on))


def executor_table(recommendation: Recommendation, filterset: ListFilter, on: date) -> Table:
    """Return the executors of one recommendation on a day; two queries."""
    columns = (
        NUMBER, MUNICIPALITY, EXECUTOR, INN, Column(gettext_lazy("Period"), width=11), STATUS,
        FIRST_DUE, PLANNED, ACTUAL, DELAY, OPENED, RETURNS, LAST_ACTION, LAST_DAY,
    )  # fmt: skip
    names = (
        "municipality", "executor", "inn", "period", "status", "first_due", "due", "reported",
        "delay", "opened", "returns", "action", "acted",
    )  # fmt: skip
    resolution = recommendation.section.resolution
    words = [recommendation.text, *recommendation.subitems]
    notes = [resolution.title, " ".join([recommendation.printed_number, *words]).strip()]
    tasks = filterset.qs
    notes += notes_of(on, filterset, invented=resolution.is_demonstration)
    title = _("Executors of the recommendation %(number)s") % {
        "number": recommendation.printed_number
    }
    return Table(title.strip(), notes, columns, task_rows(tasks, names, on))


def task_rows(tasks: QuerySet[Task], names: Sequence[str], on: date) -> Iterator[Row]:
    """Read tasks as rows of the named cells (of ``_TASK``, and "delay"), each with its number."""
    events = TaskEvent.objects.filter(task=OuterRef("pk"))
    last = events.order_by("-happened_at", "-pk")
    returned = events.filter(action=TaskEvent.Action.RETURN).order_by().values("task")
    read = tasks.annotate(
        last_action=Subquery(last.values("action")[:1]),
        last_action_at=Subquery(last.values("happened_at")[:1]),
        returns=Subquery(returned.annotate(count=Count("pk")).values("count")),
    )
    wanted = {name for name in names if name in _TASK}
    wanted |= {"subitems"} if "text" in wanted else set()
    wanted |= {"status", "due", "reported"} if "delay" in names else set()
    keys = sorted(wanted)
    rows: Any = read.values_list(*(_TASK[key] for key in keys))
    say = _Words(on)
    for number, values in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        told = dict(zip(keys, values, strict=True))
        yield (number, *(say.cell(name, told) for name in names))


class _Words:
    """What stands in the cells of tasks; the labels are translated once, not in every row."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.outside = str(OUTSIDE_MUNICIPALITIES)
        self.statuses = {value: str(label) for value, label in Task.Status.choices}
        self.actions = {value: capfirst(str(label)) for value, label in TaskEvent.Action.choices}

    def cell(self, name: str, told: dict[str, Any]) -> Cell:
        """Return one cell of a task from what was read of it."""
        if name == "delay":
            return delay_of(told["status"], told["due"], told["reported"], self.on)
        value = told[name]
        if name == "text":
            return _content(value, told["subitems"])
        if name == "status":
            return self.statuses[value]
        if name == "municipality":
            return value or self.outside
        if name == "action":
            return self.actions.get(value)
        if isinstance(value, datetime):
            return timezone.localdate(value)
        return value or (0 if name == "returns" else None)


def delay_of(status: str, due: date | None, reported: date | None, on: date) -> int | None:
    """Return by how many calendar days a task is late on a day, or was; None where it is not.

    A report sent in time stops the count, even while nobody has accepted it.
    """
    until = on if status in OWED else reported
    if due is None or until is None or until <= due:
        return None
    return (until - due).days


def recommendation_table(filterset: ListFilter, reader: User, on: date) -> Table:
    """Return the list of recommendations on a day with the reader's figures; three queries."""
    columns = (
        NUMBER, RESOLUTION, EVENT_DAY, Column(gettext_lazy("Addressee"), width=30), ITEM, CONTENT,
        Column(gettext_lazy("Theme"), width=20), Column(gettext_lazy("Responsible"), width=20),
        WORDS, Column(gettext_lazy("Start"), "date", 12), PLANNED, *_tally_columns(),
    )  # fmt: skip
    rows = filterset.qs
    tasks = countable(reader).filter(recommendation__in=rows.order_by().values("pk"))
    tallies = tallies_by("recommendation", tasks, on)
    invented = rows.order_by().filter(section__resolution__is_demonstration=True).exists()
    notes = [*notes_of(on, filterset, invented=invented), _("Figures count what is in reach.")]
    return Table(_("Recommendations"), notes, columns, _recommendation_rows(rows, tallies))


def _recommendation_rows(
    recommendations: QuerySet[Recommendation], tallies: dict[int, Tally]
) -> Iterator[Row]:
    fields = (
        "pk", "subitems", "text", "section__resolution__title", "section__resolution__event_date",
        "section__heading", "printed_number", "theme", "responsible", "deadline_text", "starts_on",
        "due_on",
    )  # fmt: skip
    rows: Any = recommendations.values_list(*fields)
    for number, (key, subitems, text, *facts) in enumerate(rows.iterator(chunk_size=CHUNK), 1):
        known = [fact or None for fact in facts]
        content = _content(text, subitems)
        yield (number, *known[:4], content, *known[4:], *tally_cells(tallies.get(key, Tally())))


def _content(text: str, subitems: list[str]) -> str:
    return "\n".join([text, *(f"– {each}" for each in subitems)])


def resolution_table(filterset: ListFilter, reader: User, on: date) -> Table:
    """Return the list of resolutions on a day with the reader's figures; three queries."""
    columns = (
        NUMBER, RESOLUTION, Column(gettext_lazy("Event"), width=20), EVENT_DAY,
        Column(gettext_lazy("Date of the document"), "date", 13),
        Column(pgettext_lazy("document", "Number"), width=12),
        Column(gettext_lazy("Place"), width=24), Column(gettext_lazy("Issuer"), width=36), STATUS,
        Column(gettext_lazy("Sent on"), "date", 12),
        *_tally_columns(),
    )  # fmt: skip
    resolutions = filterset.qs
    counted = countable(reader)
    resolution = resolution_of(counted)
    counted = counted.filter(**{f"{resolution}__in": resolutions.order_by().values("pk")})
    tallies = tallies_by(resolution, counted, on)
    invented = resolutions.filter(is_demonstration=True, pk__in=tallies).exists()
    notes = [*notes_of(on, filterset, invented=invented), _("Figures count what is in reach.")]
    return Table(_("Resolutions"), notes, columns, _resolution_rows(resolutions, tallies))


def _resolution_rows(resolutions: QuerySet[Resolution], tallies: dict[int, Tally]) -> Iterator[Row]:
    labels = dict(Resolution.Status.choices)
    fields = (
        "pk", "title", "event_kind", "event_date", "document_date", "number", "place",
        "issuer__name", "status", "sent_at",
    )  # fmt: skip
    rows: Any = resolutions.values_list(*fields)
    for number, (key, *facts, status, sent) in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        known = [fact or None for fact in facts]
        day = timezone.localdate(sent) if sent else None
        yield (number, *known, labels[status], day, *tally_cells(tallies.get(key, Tally())))


def _tally_columns() -> tuple[Column, ...]:
    return (
        Column(gettext_lazy("Tasks in count"), "number", 11),
        Column(pgettext_lazy("tasks, column", "Completed"), "number", 11),
        Column(gettext_lazy("Completed, %"), "percent", 11),
        Column(pgettext_lazy("tasks, column", "Awaiting acceptance"), "number", 11),
        Column(pgettext_lazy("tasks, column", "Returned"), "number", 11),
        Column(pgettext_lazy("tasks, column", "In progress"), "number", 11),
        Column(pgettext_lazy("tasks, column", "Overdue"), "number", 11),
        Column(pgettext_lazy("tasks, column", "Out of count"), "number", 11),
    )


def tally_cells(tally: Tally) -> tuple[Cell, ...]:
    """Return a tally as the cells below ``_tally_columns``."""
    return (
        tally.total,
        tally.completed,
        tally.completed / tally.total if tally.total else None,
        tally.reported,
        tally.rework,
        tally.in_progress + tally.assigned,
        tally.overdue,
        tally.out_of_count,
    )


def organization_table(filterset: ListFilter, reader: User, on: date) -> Table:
    """Return the directory as the reader sees it; two queries.

    Codes are texts: they keep the zeros they begin with. Whether anybody answers is said only of
    organisations within reach, and whom one answers to only where the reader sees them.
    """
    columns = (
        NUMBER, Column(gettext_lazy("Official name"), width=60),
        Column(gettext_lazy("Short name"), width=30), Column(gettext_lazy("Kind"), width=28),
        MUNICIPALITY, Column(gettext_lazy("Answers to"), width=40), INN,
        Column(gettext_lazy("KPP"), width=12), Column(gettext_lazy("OGRN"), width=16),
        Column(gettext_lazy("OKTMO"), width=14), Column(gettext_lazy("Own code"), width=14),
        Column(gettext_lazy("E-mail"), width=29), Column(gettext_lazy("Telephone"), width=22),
        Column(pgettext_lazy("organization", "Opened on"), "date", 12),
        Column(pgettext_lazy("organization", "Closed on"), "date", 12),
        Column(gettext_lazy("People"), "number", 9),
        Column(gettext_lazy("Somebody answers"), width=12),
    )  # fmt: skip
    seen = Organization.objects.visible_to(reader).filter(pk=OuterRef("parent"))
    rows = with_people(filterset.qs, reader).annotate(above=Subquery(seen.values("name")))
    return Table(
        _("Organizations"), notes_of(on, filterset, invented=False), columns, _directory_rows(rows)
    )


def _directory_rows(organizations: QuerySet[Any]) -> Iterator[Row]:
    kinds = dict(Organization.Kind.choices)
    fields = (
        "name", "short_name", "kind", "municipality__name", "above", "inn", "kpp", "ogrn",
        "oktmo", "code", "email", "phone", "opened_on", "closed_on", "people", "answered",
        "in_reach",
    )  # fmt: skip
    rows = organizations.values_list(*fields).iterator(chunk_size=CHUNK)
    for number, (name, short, kind, *facts, people, answered, in_reach) in enumerate(rows, start=1):
        known = [fact or None for fact in facts]
        yield (
            number, name, short or None, kinds[kind], *known,
            (people or 0) if in_reach else None,
            (_("yes") if answered else _("no")) if in_reach else None,
        )  # fmt: skip


def _invented(tasks: QuerySet[Task]) -> bool:
    return tasks.order_by().filter(**{f"{_RESOLUTION}__is_demonstration": True}).exists()
