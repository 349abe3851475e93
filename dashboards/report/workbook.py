"""The report as XLSX: a sheet for the recommendations, one for each appendix."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboards.report.content import Place, ResolutionReport, place_headings
from dashboards.report.reading import debtors_of, municipality_places, organization_places
from dashboards.report.wording import (
    debtor_headings,
    debtors_note,
    lead_of,
    mark_headings,
    more_words,
    places_heading,
    quote_source,
    sums_in_words,
)
from dashboards.tables import Column, Row, Table, demonstration_notice


def sheets_of(report: ResolutionReport) -> list[Table]:
    """Return the tables of the workbook; the rows of the appendices are read when written."""
    notes = [" ".join(lead_of(report)), sums_in_words(report)]
    invented = [demonstration_notice()] if report.resolution.is_demonstration else []
    return [
        Table(
            report.title,
            [*invented, *notes],
            _mark_columns(),
            list(_mark_rows(report)),
            sheet=pgettext("sheet", "Execution"),
        ),
        _places(report, by_organization=False, invented=invented),
        _places(report, by_organization=True, invented=invented),
        Table(
            _("Who has not executed the recommendations"),
            [report.title, *invented, debtors_note()],
            [
                Column(_("Municipality"), width=40),
                Column(_("Organization"), width=50),
                Column(debtor_headings()[0], width=40),
                Column(debtor_headings()[1], width=40),
            ],
            (
                (
                    each.municipality,
                    each.organization,
                    each.overdue_words or None,
                    each.undated_words or None,
                )
                for each in debtors_of(report)
            ),
            sheet=pgettext("sheet", "Not executed"),
        ),
    ]


def _mark_columns() -> list[Column]:
    number, content, deadline, _executors, information, mark = mark_headings()
    return [
        Column(_("Addressee"), width=24),
        Column(number, width=6),
        Column(content, width=46),
        Column(deadline, width=22),
        Column(_("Date"), "date", 11),
        *(Column(heading, "number", 12) for heading in place_headings().values()),
        Column(pgettext("report, column", "Not applicable"), "number", 12),
        Column(pgettext("report, column", "Cancelled"), "number", 12),
        Column(information, width=46),
        Column(mark, width=18),
    ]


def _mark_rows(report: ResolutionReport) -> Iterator[Row]:
    for part in report.parts:
        for line in part.lines:
            place = Place("", "", 0, line.figures.breakdown, {})
            said = [f"«{quote.text}» – {quote_source(quote)}" for quote in line.quotes]
            said += [more_words(line)] if line.more else []
            yield (
                part.heading.rstrip(":"),
                line.recommendation.printed_number or None,
                "\n".join(line.text),
                "\n".join(line.deadline),
                line.recommendation.due_on,
                *(cell.count for cell in place.cells),
                line.figures.not_applicable,
                line.figures.cancelled,
                "\n".join(said) or None,
                line.mark,
            )


def _places(report: ResolutionReport, *, by_organization: bool, invented: list[str]) -> Table:
    """Return a sheet of appendix 1; its share is a number, so that it can be sorted by."""
    heading = places_heading(by_organization=by_organization)
    whose = Column(pgettext("report, column", "Organizations"), "number", 13)
    if by_organization:
        whose = Column(_("Organization"), width=50)
    places = organization_places(report) if by_organization else municipality_places(report)
    return Table(
        heading,
        [report.title, *invented],
        [
            Column(_("Municipality"), width=44),
            whose,
            *(Column(heading, "number", 12) for heading in place_headings().values()),
            Column(_("Completed, %"), "percent", 12),
        ],
        (_place_row(place.municipality, place) for place in places),
        [_place_row(_("Total"), report.total)],
        sheet=heading,
    )


def _place_row(municipality: str, place: Place) -> Row:
    sums = place.breakdown
    return (
        municipality,
        place.organization or place.organizations,
        *(cell.count for cell in place.cells),
        sums.done / sums.counted if sums.counted else None,
    )
