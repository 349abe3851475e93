"""The words that the report has in common on a page, on paper and in a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboards.report.content import Fact, Line, Quote, ResolutionReport
from tasks.breakdown import Breakdown


def mark_headings() -> list[str]:
    """Return the headings of the table of recommendations."""
    return [
        _("№"),
        _("Content of the recommendation"),
        _("Deadline"),
        pgettext("report, column", "Executors"),
        _("Information on the execution"),
        _("Mark of execution"),
    ]


def debtor_headings() -> list[str]:
    """Return the headings of appendix 2, after that of the organisation."""
    return [
        pgettext("report, column", "Overdue: items"),
        pgettext("report, column", "Without a deadline, not completed: items"),
    ]


def places_heading(*, by_organization: bool) -> str:
    """Return the heading of appendix 1."""
    if by_organization:
        return _("Execution by organization")
    return _("Execution by municipality")


def lead_of(report: ResolutionReport) -> list[str]:
    """Return the sentences above the table: what was sent to whom, whose figures these are."""
    sent = report.resolution.sent_at
    items = ngettext(
        "The resolution holds %(count)s recommendation",
        "The resolution holds %(count)s recommendations",
        report.recommendations,
    ) % {"count": report.recommendations}
    addressees = ngettext(
        "to %(count)s addressee", "to %(count)s addressees", len(report.parts)
    ) % {"count": len(report.parts)}
    executors = ngettext(
        "They were sent to %(count)s executor on %(date)s.",
        "They were sent to %(count)s executors on %(date)s.",
        report.organizations,
    ) % {"count": report.organizations, "date": date_format(timezone.localdate(sent), "d.m.Y")}
    sentences = [f"{items} {addressees}.", executors]
    if not report.complete:
        sentences.append(
            _("Figures count only the organizations within the reach of whoever made the report.")
        )
    return sentences


def done_words(breakdown: Breakdown) -> str:
    """Return «исполнено 165 из 215 (76 %)»."""
    return _("completed %(done)s of %(total)s (%(percent)s %%)") % {
        "done": breakdown.done,
        "total": breakdown.counted,
        "percent": breakdown.percent_done,
    }


def facts_in_words(facts: Sequence[Fact]) -> str:
    """Return «в срок – 150; на приёмке – 10»."""
    return "; ".join(f"{fact.label} – {fact.count}" for fact in facts)


def sums_in_words(report: ResolutionReport) -> str:
    """Return the sentence of the sums: completed of all, the parts, what is out of count."""
    figures = report.figures
    if not figures.everything:
        return _("None of the tasks is within reach.")
    told = [capfirst(f"{done_words(figures.breakdown)}: {facts_in_words(report.facts)}.")]
    if out := report.facts_out_of_count:
        told.append(_("Out of count: %(facts)s.") % {"facts": facts_in_words(out)})
    return " ".join(told)


def debtors_note() -> str:
    """Return what appendix 2 leaves out."""
    return _(
        "Organizations that owe what is overdue, or what has no deadline. What is not due yet "
        "and what awaits acceptance is not listed."
    )


def more_words(line: Line) -> str:
    """Return «и ещё 12»: who wrote besides those quoted; "" where nobody did."""
    if not line.more:
        return ""
    words = ngettext("and %(count)s more", "and %(count)s more", line.more)
    return words % {"count": line.more}


def quote_source(quote: Quote) -> str:
    """Return who wrote what is quoted, when, and how the task stands where it is not completed."""
    words = f"{quote.organization}, {date_format(quote.sent_on, 'd.m.Y')}"
    return f"{words} ({quote.standing})" if quote.standing else words
