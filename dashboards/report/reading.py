"""Reading the report: a constant number of queries, whatever the number of executors.

Nothing here loads all tasks or all reports: figures are sums, of what organisations wrote a few
examples are read, and the rows of the appendices pass one after another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, When, Window
from django.db.models.functions import Length, RowNumber
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboards.report.content import Debtor, Figures, Line, Part, Place, Quote, ResolutionReport
from organizations.models import User
from resolutions.models import Resolution
from tasks.breakdown import Breakdown, count_parts
from tasks.filters import OUTSIDE_MUNICIPALITIES
from tasks.models import Report, Task
from tasks.paper import Marks, Paper, paper_of
from tasks.progress import overdue, undated
from tasks.querysets import TaskQuerySet

QUOTED = 3  # organisations quoted under a recommendation
READ = 12  # reports read for each recommendation, to quote different ones
QUOTE = 400  # signs of a quotation
CHUNK = 2_000  # rows fetched from the database at a time
MUNICIPALITY = ("executor__municipality", "executor__municipality__name")
BY_MUNICIPALITY = (F("executor__municipality__sort_key").asc(nulls_last=True), MUNICIPALITY[0])


def report_of(resolution: Resolution, reader: User, on: date) -> ResolutionReport:
    """Read the report as its reader may know it on a day; six queries."""
    every = Task.objects.filter(recommendation__section__resolution=resolution)
    tasks = every.visible_to(reader)
    paper = paper_of(resolution, Marks())
    found = _figures_by_recommendation(tasks, on)
    quotes, reported = _quotes(tasks)
    parts = [
        Part(
            block.number,
            block.heading,
            [
                Line(
                    item,
                    *found.get(item.recommendation.pk, (Figures(), 0, None)),
                    quotes=quotes.get(item.recommendation.pk, []),
                    reported=reported.get(item.recommendation.pk, 0),
                )
                for item in block.items
            ],
        )
        for block in paper.blocks
    ]
    sums = tasks.order_by().aggregate(
        seen=Count("pk"),
        organizations=Count("executor", distinct=True),
        debtors=Count("executor", distinct=True, filter=overdue(on) | undated()),
    )
    return ResolutionReport(
        resolution=resolution,
        on=on,
        title=title_of(resolution, paper, on),
        parts=parts,
        organizations=sums["organizations"],
        debtors=sums["debtors"],
        complete=sums["seen"] == every.count(),
        tasks=tasks,
    )


def title_of(resolution: Resolution, paper: Paper, on: date) -> str:
    """Return «Информация об исполнении резолюции … от … № … по состоянию на …»."""
    # The paper's own «Резолюция» becomes part of the sentence; any other title is quoted.
    name = paper.title if paper.kind else f"«{resolution.title}»"
    day = resolution.basis_date
    dated = date_format(day, "d.m.Y") if day else resolution.event_date_words
    words = [_("Information on the execution of the resolution %(name)s") % {"name": name}]
    if dated:
        words.append(pgettext("document", "of %(date)s") % {"date": dated})
    if resolution.number:
        words.append(f"№ {resolution.number}")
    words.append(pgettext("report", "as of %(date)s") % {"date": date_format(on, "d.m.Y")})
    return " ".join(words)


def _figures_by_recommendation(
    tasks: TaskQuerySet, on: date
) -> dict[int, tuple[Figures, int, date | None]]:
    """Count the tasks of each recommendation, and those whose day was moved on; one query."""
    moved = Q(due_on__gt=F("original_due_on"))
    rows: QuerySet[Any, Any] = (
        tasks.order_by()
        .values("recommendation")
        .annotate(
            **count_parts(on),
            not_applicable=Count("pk", filter=Q(status=Task.Status.NOT_APPLICABLE)),
            cancelled=Count("pk", filter=Q(status=Task.Status.CANCELLED)),
            extended=Count("pk", filter=moved),
            extended_to=Max("due_on", filter=moved),
        )
    )
    return {
        row["recommendation"]: (
            Figures(Breakdown.of(row), row["not_applicable"], row["cancelled"]),
            row["extended"],
            row["extended_to"],
        )
        for row in rows
    }


def _quotes(tasks: TaskQuerySet) -> tuple[dict[int, list[Quote]], dict[int, int]]:
    """Choose what is quoted under each recommendation, and count who wrote; one query.

    Completed ones come first, and who wrote more before who wrote "done"; the same words are not
    quoted twice.
    """
    quotes: dict[int, list[Quote]] = {}
    wrote: dict[int, int] = {}
    for recommendation, organization, text, sent_at, status, task, count in _ranked(tasks):
        day = timezone.localdate(sent_at)
        short = Truncator(" ".join(text.split())).chars(QUOTE)
        wrote[recommendation] = count
        chosen = quotes.setdefault(recommendation, [])
        if len(chosen) < QUOTED and short not in [each.text for each in chosen]:
            chosen.append(Quote(organization, short, day, _standing(status), task))
    return quotes, wrote


def _ranked(tasks: TaskQuerySet) -> QuerySet[Any, Any]:
    """Return the first reports on each recommendation, with the number of all that count.

    Of each task the last report counts, unless it was returned or withdrawn.
    """
    status = Task.Status
    after = Q(sent_at__gt=OuterRef("sent_at")) | Q(
        sent_at=OuterRef("sent_at"), pk__gt=OuterRef("pk")
    )
    later = Report.objects.filter(after, task=OuterRef("task"), sent_at__isnull=False)
    partly = Q(task__status=status.IN_PROGRESS, outcome=Report.Outcome.PARTLY)
    final = Q(task__status__in=[status.COMPLETED, status.REPORTED])
    final &= ~Q(outcome=Report.Outcome.NOT_APPLICABLE)
    completed_first = Case(When(task__status=status.COMPLETED, then=0), default=1)
    each = F("task__recommendation")
    order = [completed_first, Length("text").desc(), F("pk").desc()]
    found: QuerySet[Any, Any] = (
        Report.objects.filter(task__in=tasks.order_by().values("pk"), sent_at__isnull=False)
        .filter(~Exists(later), final | partly)
        .annotate(
            place=Window(RowNumber(), partition_by=each, order_by=order),
            wrote=Window(Count("pk"), partition_by=each),
        )
        .filter(place__lte=READ)
        .order_by("task__recommendation", "place")
    )
    return found.values_list(
        "task__recommendation", "task__executor__name", "text", "sent_at", "task__status",
        "task", "wrote",
    )  # fmt: skip


def _standing(status: str) -> str:
    """Return how a task stands of whose report a part is quoted; "" where it is completed."""
    if status == Task.Status.REPORTED:
        return pgettext("report", "awaiting acceptance")
    if status == Task.Status.IN_PROGRESS:
        return pgettext("report", "completed in part")
    return ""


def municipality_places(report: ResolutionReport) -> Iterator[Place]:
    """Read appendix 1 by municipality, those outside last; one query."""
    rows = (
        report.tasks.order_by()
        .values(*MUNICIPALITY)
        .annotate(**count_parts(report.on), organizations=Count("executor", distinct=True))
        .order_by(*BY_MUNICIPALITY)
    )
    for row in rows:
        key = row["executor__municipality"] or "null"
        yield Place(
            row["executor__municipality__name"] or str(OUTSIDE_MUNICIPALITIES),
            "",
            row["organizations"],
            Breakdown.of(row),
            {"resolution": report.resolution.slug, "municipality": key},
        )


def organization_places(report: ResolutionReport) -> Iterator[Place]:
    """Read appendix 1 by organisation, under their municipalities; one query."""
    rows: QuerySet[Any, Any] = (
        report.tasks.order_by()
        .values(*MUNICIPALITY, "executor", "executor__name")
        .annotate(**count_parts(report.on))
        .order_by(*BY_MUNICIPALITY, "executor__sort_key", "executor")
    )
    for row in rows.iterator(chunk_size=CHUNK):
        yield Place(
            row["executor__municipality__name"] or str(OUTSIDE_MUNICIPALITIES),
            row["executor__name"],
            1,
            Breakdown.of(row),
            {"resolution": report.resolution.slug, "executor": row["executor"]},
        )


def debtors_of(report: ResolutionReport) -> Iterator[Debtor]:
    """Read appendix 2: who owes what is overdue or has no deadline, by municipality; one query."""
    numbers = {line.recommendation.pk: line.number for part in report.parts for line in part.lines}
    rows: QuerySet[Any, Any] = (
        report.tasks.filter(overdue(report.on) | undated())
        .order_by(
            *BY_MUNICIPALITY,
            "executor__sort_key",
            "executor",
            "recommendation__section__position",
            "recommendation__position",
            "pk",
        )
        .values_list(MUNICIPALITY[1], "executor__name", "executor", "recommendation", "due_on")
    )
    grouped = groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[:3])
    for (municipality, name, key), owed in grouped:
        late: list[tuple[str, int]] = []
        open_ended: list[str] = []
        for *_names, recommendation, due in owed:
            number = numbers[recommendation]
            if due is None:
                open_ended.append(number)
            else:
                late.append((number, (report.on - due).days))
        conditions = {"resolution": report.resolution.slug, "executor": key}
        place = municipality or str(OUTSIDE_MUNICIPALITIES)
        yield Debtor(place, name, conditions, late, open_ended)
