"""What the report says: its rows and the words for them, whatever it is printed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from resolutions.models import Recommendation, Resolution
from tasks.breakdown import Breakdown
from tasks.filters import list_url
from tasks.models import Task
from tasks.paper import Item
from tasks.querysets import TaskQuerySet
from tasks.templatetags.deadlines import dates_of


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its words and the list of exactly that length."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How many tasks stand where; what is out of count stands beside the denominator."""

    breakdown: Breakdown = field(default_factory=Breakdown)
    not_applicable: int = 0
    cancelled: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.breakdown + other.breakdown,
            self.not_applicable + other.not_applicable,
            self.cancelled + other.cancelled,
        )

    @property
    def everything(self) -> int:
        """All tasks, in and out of count."""
        return self.breakdown.counted + self.not_applicable + self.cancelled

    def facts(self, **conditions: Any) -> list[Fact]:
        """Return the parts that are not empty; ``conditions`` say of which tasks."""
        return _facts(
            (
                (pgettext("report", "completed in time"), self.breakdown.in_time, "in_time"),
                (pgettext("report", "completed late"), self.breakdown.late, "late"),
                (pgettext("report", "awaiting acceptance"), self.breakdown.waiting, "waiting"),
                (pgettext("report", "returned for rework"), self.breakdown.returned, "returned"),
                (pgettext("report", "in work, not due yet"), self.breakdown.running, "running"),
                (pgettext("report", "overdue"), self.breakdown.overdue, "overdue"),
                (
                    pgettext("report", "not completed, without a deadline"),
                    self.breakdown.open_ended,
                    "open_ended",
                ),
            ),
            "state",
            conditions,
        )

    def facts_out_of_count(self, **conditions: Any) -> list[Fact]:
        """Return what is outside the denominator, likewise."""
        return _facts(
            (
                (
                    pgettext("report", "not applicable"),
                    self.not_applicable,
                    Task.Status.NOT_APPLICABLE,
                ),
                (pgettext("report", "cancelled"), self.cancelled, Task.Status.CANCELLED),
            ),
            "status",
            conditions,
        )


def _facts(
    told: Sequence[tuple[str, int, str]], name: str, conditions: dict[str, Any]
) -> list[Fact]:
    return [
        Fact(label, count, list_url(**conditions, **{name: value}))
        for label, count, value in told
        if count
    ]


@dataclass(frozen=True, slots=True)
class Quote:
    """What an organisation wrote itself, shortened, and how its task stands."""

    organization: str
    text: str
    sent_on: date
    standing: str  # «на приёмке», «исполнено частично»; "" where it is completed
    task: int


@dataclass(frozen=True, slots=True)
class Line:
    """A recommendation: its place on the paper, its figures, what organisations wrote."""

    item: Item
    figures: Figures = field(default_factory=Figures)
    extended: int = 0  # tasks whose day is later than at sending
    extended_to: date | None = None
    quotes: Sequence[Quote] = ()
    reported: int = 0  # organisations that wrote

    @property
    def recommendation(self) -> Recommendation:
        """The recommendation itself."""
        return self.item.recommendation

    @property
    def number(self) -> str:
        """The printed number, as one refers to it; where there is none, the first words."""
        words = Truncator(self.recommendation.text).words(4)
        return self.recommendation.printed_number or f"«{words}»"

    @property
    def text(self) -> list[str]:
        """The paragraphs of the paper, then its sub-items with a dash before each."""
        paragraphs = list(filter(str.strip, self.recommendation.text.splitlines()))
        return [*paragraphs, *(f"– {each}" for each in self.recommendation.subitems)]

    @property
    def deadline(self) -> list[str]:
        """The words of the deadline, the dates they mean, and how far it was extended."""
        words = self.recommendation.deadline_text
        lines = [f"«{words}»"] if words else []
        lines += [dates_of(self.recommendation)] if dates_of(self.recommendation) else []
        if self.extended and self.extended_to:
            later = ngettext(
                "for %(count)s executor until %(date)s",
                "for %(count)s executors until %(date)s",
                self.extended,
            )
            lines.append(
                later % {"count": self.extended, "date": date_format(self.extended_to, "d.m.Y")}
            )
        return lines or [_("no deadline")]

    @property
    def facts(self) -> list[Fact]:
        """The figures that are not empty, in and out of count."""
        key = self.recommendation.pk
        return [
            *self.figures.facts(recommendation=key),
            *self.figures.facts_out_of_count(recommendation=key),
        ]

    @property
    def counted_url(self) -> str:
        """The list of all tasks that count."""
        return list_url(recommendation=self.recommendation.pk, state="counted")

    @property
    def more(self) -> int:
        """How many organisations wrote besides those quoted."""
        return self.reported - len(self.quotes)

    @property
    def mark(self) -> str:
        """The mark of execution: completed, partly (X of N), or not completed."""
        sums = self.figures.breakdown
        if not sums.counted:
            return self._mark_out_of_count()
        if sums.done == sums.counted:
            return pgettext("mark", "completed")
        if sums.done:
            return pgettext("mark", "completed in part, %(done)s of %(total)s") % {
                "done": sums.done,
                "total": sums.counted,
            }
        if sums.waiting == sums.counted:
            return pgettext("mark", "not completed, reports await acceptance")
        if sums.running and not sums.overdue:
            return pgettext("mark", "not completed, not due yet")
        return pgettext("mark", "not completed")

    def _mark_out_of_count(self) -> str:
        if self.recommendation.cancelled_at or self.figures.cancelled:
            return pgettext("mark", "cancelled")
        return pgettext("mark", "not applicable") if self.figures.not_applicable else "–"


@dataclass(frozen=True, slots=True)
class Part:
    """The recommendations to one addressee, under its heading as in the paper."""

    number: str
    heading: str
    lines: list[Line]

    @property
    def figures(self) -> Figures:
        """The sum of the part."""
        return sum((line.figures for line in self.lines), Figures())


@dataclass(frozen=True, slots=True)
class Place:
    """A row of appendix 1: a municipality, or one organisation in it, with its figures."""

    municipality: str
    organization: str  # "" where the row is of the whole municipality
    organizations: int
    breakdown: Breakdown
    conditions: dict[str, Any]  # by which lists are narrowed to it

    @property
    def name(self) -> str:
        """Whose row it is."""
        return self.organization or self.municipality

    @property
    def cells(self) -> list[Fact]:
        """The figures of the row, in the order of ``place_headings``."""
        return [
            Fact(
                heading,
                getattr(self.breakdown, name),
                list_url(**self.conditions, state=name),
            )
            for name, heading in place_headings().items()
        ]


def place_headings() -> dict[str, str]:
    """Return the columns of appendix 1: each figure of a breakdown, which is a state too."""
    return {
        "counted": pgettext("report, column", "Total"),
        "in_time": pgettext("report, column", "Completed in time"),
        "late": pgettext("report, column", "Completed late"),
        "waiting": pgettext("report, column", "Awaiting acceptance"),
        "returned": pgettext("report, column", "Returned"),
        "running": pgettext("report, column", "Not due yet"),
        "overdue": pgettext("report, column", "Overdue"),
        "open_ended": pgettext("report, column", "No deadline"),
    }


@dataclass(frozen=True, slots=True)
class Debtor:
    """A row of appendix 2: an organisation, and what it has not done."""

    municipality: str
    organization: str
    conditions: dict[str, Any]  # by which lists are narrowed to it
    overdue: list[tuple[str, int]]  # printed number, days
    undated: list[str]  # printed numbers

    @property
    def overdue_words(self) -> str:
        """The overdue ones, the longest delay first: «1.2 (12 дней), 2.1 (3 дня)»."""
        return ", ".join(
            f"{number} ({ngettext('%(days)s day', '%(days)s days', days) % {'days': days}})"
            for number, days in sorted(self.overdue, key=lambda each: -each[1])
        )

    @property
    def overdue_url(self) -> str:
        """The list of the overdue ones."""
        return list_url(**self.conditions, state="overdue")

    @property
    def undated_url(self) -> str:
        """The list of those without a deadline."""
        return list_url(**self.conditions, state="undated")

    @property
    def undated_words(self) -> str:
        """Those without a deadline."""
        return ", ".join(self.undated)


@dataclass(frozen=True, slots=True)
class ResolutionReport:
    """The whole report, but for its appendices, which are read when they are written."""

    resolution: Resolution
    on: date
    title: str
    parts: list[Part]
    organizations: int
    debtors: int  # organisations that owe something overdue or without a deadline
    complete: bool  # whether the reader sees all executors
    tasks: TaskQuerySet

    @property
    def figures(self) -> Figures:
        """The sum of all recommendations."""
        return sum((part.figures for part in self.parts), Figures())

    @property
    def recommendations(self) -> int:
        """How many recommendations the paper has."""
        return sum(len(part.lines) for part in self.parts)

    @property
    def facts(self) -> list[Fact]:
        """The parts of all that counts."""
        return self.figures.facts(resolution=self.resolution.slug)

    @property
    def facts_out_of_count(self) -> list[Fact]:
        """What is outside the denominator."""
        return self.figures.facts_out_of_count(resolution=self.resolution.slug)

    @property
    def counted_url(self) -> str:
        """The list of all tasks that count."""
        return list_url(resolution=self.resolution.slug, state="counted")

    @property
    def total(self) -> Place:
        """The sum of appendix 1."""
        sums = self.figures.breakdown
        return Place("", "", self.organizations, sums, {"resolution": self.resolution.slug})


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs the report, and who wrote it; what is empty is left to be written by hand."""

    position: str
    signer: str  # «И. О. Фамилия»
    author: str
    author_position: str
    phone: str
