"""«Информация об исполнении резолюции»: page, print view and files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from dashboards.exports import DOCX, XLSX, send_file, write_xlsx
from dashboards.report.content import Place, ResolutionReport, Signature, place_headings
from dashboards.report.document import write_docx
from dashboards.report.form import ReportForm
from dashboards.report.reading import (
    debtors_of,
    municipality_places,
    organization_places,
    report_of,
)
from dashboards.report.wording import (
    debtor_headings,
    debtors_note,
    lead_of,
    mark_headings,
    places_heading,
)
from dashboards.report.workbook import sheets_of
from organizations.http import AuthenticatedHttpRequest
from organizations.models import User
from resolutions.models import Resolution
from tasks.visibility import visible_sent_resolutions

# Rows of each appendix on the page; print and files have all of them.
SHOWN = 50


def resolution_report(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Show the report on a resolution that was sent, within the reader's reach."""
    form, report = _prepared(request, slug)
    printing = "print" in request.GET
    limit = None if printing else SHOWN
    places = list(islice(_places(form, report), limit))
    context = {
        "form": form,
        "report": report,
        "resolution": report.resolution,
        "lead": lead_of(report),
        "signature": _signature(form, request.user),
        "printing": printing,
        "by_organization": form.by_organization,
        "places_heading": places_heading(by_organization=form.by_organization),
        "places": places,
        "debtors": list(islice(debtors_of(report), limit)),
        "more_places": form.by_organization and report.organizations > len(places),
        "more_debtors": not printing and report.debtors > SHOWN,
        "mark_headings": mark_headings(),
        "place_headings": place_headings().values(),
        "debtor_headings": debtor_headings(),
        "debtors_note": debtors_note(),
    }
    return render(request, "dashboards/resolution_report.html", context)


def resolution_report_file(
    request: AuthenticatedHttpRequest, slug: str, file_format: str
) -> HttpResponseBase:
    """Save the report as DOCX or XLSX."""
    form, report = _prepared(request, slug)
    name = _("Report on the execution, %(title)s, %(day)s") % {
        "title": Truncator(report.resolution.title).chars(60, truncate=""),
        "day": f"{report.on:%d.%m.%Y}",
    }
    if file_format == XLSX:
        return send_file(lambda stream: write_xlsx(sheets_of(report), stream), XLSX, name)
    places, signature = _places(form, report), _signature(form, request.user)
    return send_file(lambda stream: write_docx(report, places, signature, stream), DOCX, name)


def _prepared(request: AuthenticatedHttpRequest, slug: str) -> tuple[ReportForm, ResolutionReport]:
    resolution: Resolution = get_object_or_404(
        visible_sent_resolutions(request.user).select_related("issuer"), slug=slug
    )
    return ReportForm(request.GET), report_of(resolution, request.user, timezone.localdate())


def _places(form: ReportForm, report: ResolutionReport) -> Iterator[Place]:
    if form.by_organization:
        return organization_places(report)
    return municipality_places(report)


def _signature(form: ReportForm, author: User) -> Signature:
    """Return who signs as typed, and the reader as whoever made the report."""
    typed = form.typed
    return Signature(
        typed["position"], typed["signer"], author.get_full_name(), author.position, typed["phone"]
    )
