"""Loading organisations from a table: the file, the dry run, and then exactly what it showed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from organizations.http import AuthenticatedHttpRequest
from organizations.importing.checking import check
from organizations.importing.columns import COLUMNS
from organizations.importing.keeping import forget, keep, kept
from organizations.importing.plan import STATE_LABELS, Plan, State
from organizations.importing.sample import sample_csv, sample_xlsx
from organizations.importing.storing import store
from organizations.importing.tables import MAX_BYTES, Table, TableError, read_table
from organizations.models import Organization
from organizations.permissions import may_create_organizations, require
from organizations.roles import Role

PER_PAGE = 50
_PROBLEMS = "problems"
_LABELS: dict[str, str | Promise] = {**STATE_LABELS, _PROBLEMS: gettext_lazy("Errors")}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(forms.Form):
    """The file; its cleaned value is the table that was read from it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX or CSV, up to 10 MB and 20,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Table:
        """Read the table, whatever the name of the file says."""
        upload = self.cleaned_data["file"]
        try:
            # One byte more than the limit is enough to tell that it is exceeded.
            return read_table(upload.read(MAX_BYTES + 1))
        except TableError as error:
            raise forms.ValidationError(error.sentence) from error


def organization_import(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Take a file, show what loading it would do, and do that when it is confirmed."""
    require(may_create_organizations(request.user))
    if request.method == "POST" and "upload" in request.POST:
        return _store(request)
    if request.method != "POST" and "upload" in request.GET:
        return _dry_run(request)
    sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if sent else ImportForm()
    if sent and form.is_valid() and (plan := _checked(form, request)):
        key = keep(form.cleaned_data["file"], request.user)
        return redirect(_dry_run_url(key, _first_list(plan)))
    context = {
        "form": form,
        "columns": COLUMNS,
        "kinds": [choice.label for choice in Organization.Kind],
        "roles": [choice.label for choice in Role],
    }
    return render(request, "organizations/organization_import.html", context)


@require_safe
def organization_import_sample(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Give the sample to fill in: XLSX, or CSV by ``?format=csv``."""
    require(may_create_organizations(request.user))
    if request.GET.get("format") == "csv":
        content, kind, ending = sample_csv(), "text/csv; charset=utf-8", "csv"
    else:
        content, kind, ending = sample_xlsx(), _XLSX, "xlsx"
    name = f"organizations.{ending}"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def _checked(form: ImportForm, request: AuthenticatedHttpRequest) -> Plan | None:
    try:
        return check(form.cleaned_data["file"], request.user)
    except TableError as error:
        form.add_error("file", forms.ValidationError(error.sentence))
        return None


def _dry_run(request: AuthenticatedHttpRequest) -> HttpResponse:
    key = request.GET["upload"]
    table = kept(key, request.user)
    if table is None:
        return _no_longer_kept(request)
    return _show(request, key, check(table, request.user))


def _store(request: AuthenticatedHttpRequest) -> HttpResponse:
    key = request.POST["upload"]
    table = kept(key, request.user)
    if table is None:
        return _no_longer_kept(request)
    plan, done = store(table, request.user, request.POST.get("fingerprint", ""))
    if not done:
        if plan.may_be_stored:
            changed = _(
                "Nothing has been loaded: the directory has changed since you looked. This is what "
                "loading the table would do now."
            )
            messages.warning(request, changed)
        return redirect(_dry_run_url(key, _first_list(plan)))
    forget(key, request.user)
    messages.success(request, _done(plan))
    return redirect("organizations:organization_import")


def _no_longer_kept(request: AuthenticatedHttpRequest) -> HttpResponse:
    messages.info(
        request,
        _("This table is not kept any more: it has been loaded, or a day has passed since."),
    )
    return redirect("organizations:organization_import")


def _done(plan: Plan) -> str:
    new, changed = (len(plan.of_state(state)) for state in (State.NEW, State.CHANGED))
    parts = [
        ngettext("%(count)d organisation added", "%(count)d organisations added", new)
        % {"count": new},
        ngettext("%(count)d changed", "%(count)d changed", changed) % {"count": changed},
        ngettext("%(count)d role given", "%(count)d roles given", plan.roles_given)
        % {"count": plan.roles_given},
    ]
    return _("The table is loaded: %(what)s.") % {"what": ", ".join(parts)}


def _first_list(plan: Plan) -> str:
    """Return the list to look at first: what is wrong, else what is new, else what changes."""
    if plan.problems:
        return _PROBLEMS
    return next((state for state in State if plan.of_state(state)), State.NEW)


def _dry_run_url(key: str, shown: str) -> str:
    return f"{reverse('organizations:organization_import')}?upload={key}&show={shown}"


def _figures(plan: Plan) -> list[tuple[str, str | Promise, int]]:
    """Return the lists there are, with their lengths: three, the worst first."""
    figures = [(state.value, _LABELS[state], len(plan.of_state(state))) for state in State]
    if plan.problems:
        return [(_PROBLEMS, _LABELS[_PROBLEMS], len(plan.problems)), *figures[:2]]
    return figures


def _show(request: AuthenticatedHttpRequest, key: str, plan: Plan) -> HttpResponse:
    shown = request.GET.get("show", "")
    if shown not in {*State, _PROBLEMS}:
        shown = _first_list(plan)
    items: list[Any] = plan.problems if shown == _PROBLEMS else plan.of_state(State(shown))
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "plan": plan,
        "upload": key,
        "fingerprint": plan.fingerprint(),
        "shown": shown,
        "page": page,
        "heading": _LABELS[shown],
        "figures": _figures(plan),
        "rows_with_problems": len({problem.row for problem in plan.problems}),
    }
    return render(request, "organizations/organization_import_check.html", context)
