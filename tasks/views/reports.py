"""Reporting: what an organisation's own people say of a task, and take back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from organizations.permissions import require
from tasks import reporting, workflow
from tasks.evidence import store_all
from tasks.forms import ReportForm
from tasks.models import Report, Task
from tasks.permissions import may_recall, may_report
from tasks.reporting import Outcome, Submission, draft_of, links_of, token_of
from tasks.views.tasks import shown_of


def task_report(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """The executor's people say what was done; once, however often the button is pressed."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    require(may_report(request.user, task))
    if request.method == "POST":
        return _receive(request, task)
    if not task.is_owed():
        messages.info(request, _nothing_owed(task))
        return redirect(task)
    workflow.mark_opened(task, request.user)
    draft = draft_of(task)
    return _page(request, ReportForm(initial=_typed_before(draft)), Outcome(task, draft))


@require_POST
def task_recall(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """The executor's people take their report back, and go on writing."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    require(may_recall(request.user, task))
    try:
        workflow.recall(task, request.user)
    except workflow.Stale as reason:
        messages.warning(request, str(reason))
        return redirect(task)
    messages.success(
        request, _("The report is recalled. Its text and files are here as a draft: correct them.")
    )
    return redirect("tasks:task_report", pk=task.pk)


def _receive(request: AuthenticatedHttpRequest, task: Task) -> HttpResponse:
    sending = not {"draft", "remove"} & request.POST.keys()
    form = ReportForm(request.POST, request.FILES, sending=sending)
    form.is_valid()
    stored, refused = store_all(form.cleaned_data.get("files", []))
    form.add_problems("files", refused)
    outcome = form.typed("outcome")
    given = Submission(
        author=request.user,
        outcome=outcome if outcome in Report.Outcome.values else "",
        text=form.typed("text"),
        files=stored,
        links=form.good_links(),
        removed=request.POST.get("remove", ""),
        seen=request.POST.get("seen", ""),
        complete=not form.errors,
        send=sending,
    )
    result = reporting.receive(task, given)
    if result.sent_before:
        messages.info(request, _("This report is sent already; nothing was sent twice."))
        return redirect(task)
    if result.sent:
        messages.success(request, _reported(result.task))
        return redirect(task)
    for name, sentences in result.problems.items():
        form.add_problems(name, sentences)
    if form.errors or result.news:
        return _page(request, form, result)
    page = reverse("tasks:task_report", args=[task.pk])
    if given.removed:
        return redirect(f"{page}#div_id_files")
    messages.success(request, _kept(result.draft))
    return redirect(page)


def _page(request: AuthenticatedHttpRequest, form: ReportForm, result: Outcome) -> HttpResponse:
    task, draft = result.task, result.draft
    attached = list(draft.evidence.attached()) if draft else []
    context = {
        **shown_of(task),
        "form": form,
        "draft": draft,
        "attached": [each for each in attached if each.sha256],
        "seen": token_of(task, draft),
        "news": result.news,
        "other_text": _others_words(form, draft) if draft and result.news else "",
    }
    status = 409 if result.news else 200
    return render(request, "tasks/task_report.html", context, status=status)


def _others_words(form: ReportForm, draft: Report) -> str:
    """Return a colleague's words and links, where those in the fields are others."""
    links = links_of(draft)
    if draft.text == form.typed("text") and set(links) == set(form.good_links()):
        return ""
    return "\n".join(filter(None, [draft.text, *links]))


def _typed_before(draft: Report | None) -> dict[str, str]:
    if draft is None:
        return {}
    return {
        "outcome": draft.outcome or Report.Outcome.DONE,
        "text": draft.text,
        "links": "\n".join(links_of(draft)),
    }


def _kept(draft: Report | None) -> str:
    if draft is None:
        return _("There is nothing in the draft yet: write a text or choose a file.")
    return _("The draft is saved at %(time)s.") % {"time": f"{timezone.localtime():%H:%M}"}


def _nothing_owed(task: Task) -> str:
    return _("Nothing is to be reported on this task: it is “%(status)s”.") % {
        "status": task.get_status_display()
    }


def _reported(task: Task) -> str:
    if task.status == Task.Status.COMPLETED:
        return _(
            "The report is sent, the task is completed. You can recall it until the end of the day."
        )
    if task.status == Task.Status.REPORTED:
        return _("The report is sent and waits for acceptance.")
    return _("The report is sent, the task stays in progress.")
