"""What the page of a draft shows: sections and recommendations in order, whom each means, a sum.

The page is one: with no form open it is an overview, and any one thing on it opens as a form in its
place (``Opened``), with or without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.forms import Form, ModelForm
from django.utils import timezone

from organizations.models import User
from resolutions.audiences import audiences_of, has_own_audience
from resolutions.drafting import next_printed_number
from resolutions.forms import RecommendationForm
from resolutions.models import Recommendation, Resolution, Section


@dataclass(frozen=True, slots=True)
class Opened:
    """The one form that is open: ``kind`` head, section or recommendation; no key: a new one."""

    kind: str
    form: ModelForm[Any] | Form
    action: str
    key: int | None = None
    section_key: int | None = None  # where a new recommendation goes
    changed_meanwhile: bool = False


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation with the number of organisations it means."""

    recommendation: Recommendation
    executors: int
    own_audience: bool


@dataclass(frozen=True, slots=True)
class SectionRows:
    """A section with the number of organisations it means, and its rows."""

    section: Section
    executors: int
    rows: list[RecommendationRow]

    @property
    def tasks(self) -> int:
        """How many tasks sending makes of the section."""
        return sum(row.executors for row in self.rows)


@dataclass(frozen=True, slots=True)
class Summary:
    """What sending would do, in numbers."""

    tasks: int
    organizations: int
    recommendations: int
    with_due_date: int
    meaning_nobody: int


@dataclass(frozen=True, slots=True)
class Editor:
    """The whole page."""

    resolution: Resolution
    sections: list[SectionRows]
    summary: Summary
    opened: Opened | None = None
    themes: list[str] = field(default_factory=list)


def editor(resolution: Resolution, opened: Opened | None = None, day: date | None = None) -> Editor:
    """Gather the page in a constant number of queries."""
    meant = audiences_of(resolution, day or timezone.localdate())
    sections = [
        SectionRows(
            section,
            len(meant.sections.get(section.pk, ())),
            [
                RecommendationRow(
                    each, len(meant.recommendations.get(each.pk, ())), has_own_audience(each)
                )
                for each in section.recommendations.all()
            ],
        )
        for section in resolution.sections.prefetch_related(
            "recommendations__organizations", "recommendations__groups"
        )
    ]
    rows = [row for section in sections for row in section.rows]
    summary = Summary(
        tasks=sum(row.executors for row in rows),
        organizations=len(meant.everybody),
        recommendations=len(rows),
        with_due_date=sum(row.recommendation.due_on is not None for row in rows),
        meaning_nobody=sum(not row.executors for row in rows),
    )
    return Editor(resolution, sections, summary, opened, _themes(rows))


def new_recommendation_form(section: Section, person: User) -> RecommendationForm:
    """Return an empty form that already knows its section and the number that follows."""
    return RecommendationForm(
        person=person,
        resolution=section.resolution,
        initial={"section": section, "printed_number": next_printed_number(section)},
    )


def _themes(rows: Iterable[RecommendationRow]) -> list[str]:
    return sorted({row.recommendation.theme for row in rows if row.recommendation.theme})
