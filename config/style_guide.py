"""Every component of the look on one page, in debug mode; drawn by the same parts as the pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.models import Organization
from resolutions.models import Recommendation, Resolution, Section
from tasks.models import Report, Task
from tasks.progress import Tally

COLOURS = (
    ("sw-ink", "--ink", gettext_lazy("text")),
    ("sw-ink-2", "--ink-2", gettext_lazy("secondary text")),
    ("sw-accent", "--accent", gettext_lazy("links, the main button, focus")),
    ("sw-done", "--done", pgettext_lazy("tasks", "completed")),
    ("sw-reported", "--reported", pgettext_lazy("tasks", "awaiting acceptance")),
    ("sw-progress", "--progress", pgettext_lazy("tasks", "in progress")),
    ("sw-rework", "--rework", pgettext_lazy("tasks", "returned for rework")),
    ("sw-assigned", "--assigned", pgettext_lazy("tasks", "assigned")),
    ("sw-overdue", "--overdue", pgettext_lazy("tasks", "overdue")),
)


class SampleForm(forms.Form):
    """Every kind of field; sent empty, it shows every kind of error."""

    words = forms.CharField(
        label=gettext_lazy("Deadline in words"),
        required=False,
        help_text=gettext_lazy("As in the paper: “by 1 September 2022”."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is returned"),
        help_text=gettext_lazy("The school sees this first."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("What is done"), choices=Report.Outcome.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Organization.Kind.choices)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"),
        choices=Organization.Kind.choices[:3],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = forms.FileField(label=gettext_lazy("File"), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("There are no personal data of pupils here"))


def sample_task(status: str, due_on: date | None) -> Task:
    """A task of nobody, which is never saved."""
    resolution = Resolution(
        slug="sample", title=_("Resolution of the August conference"), sent_at=timezone.now()
    )
    recommendation = Recommendation(
        pk=1,
        section=Section(resolution=resolution),
        printed_number="2.10",
        text=_("Develop a programme of mentoring and include it in the plan of work."),
    )
    done = timezone.localdate() if status in ("COMPLETED", "REPORTED") else None
    return Task(
        pk=1,
        recommendation=recommendation,
        status=status,
        due_on=due_on,
        reported_on=done,
        completed_on=done,
    )


def style_guide(request: HttpRequest) -> HttpResponse:
    """Show the components, each with the words that say when to use it."""
    today = timezone.localdate()
    days = (-12, 0, 1, 3, 60)
    context: dict[str, Any] = {
        "colours": COLOURS,
        "statuses": [sample_task(status, today + timedelta(30)) for status in Task.Status],
        "resolutions": [Resolution(status=status) for status in Resolution.Status],
        "deadlines": [
            *(sample_task("ASSIGNED", today + timedelta(number)) for number in days),
            sample_task("ASSIGNED", None),
            sample_task("COMPLETED", today),
            sample_task("COMPLETED", today - timedelta(4)),
        ],
        "tallies": [
            Tally(completed=12, reported=1, overdue=3, not_applicable=2),
            Tally(completed=7, reported=2, rework=1, in_progress=3, assigned=2),
            Tally(),
        ],
        "cells": [
            Tally(completed=1),
            Tally(in_progress=1),
            Tally(reported=1),
            Tally(rework=1),
            Tally(overdue=1),
            Tally(assigned=1),
        ],
        "late": sample_task("IN_PROGRESS", today - timedelta(12)),
        "soon": sample_task("ASSIGNED", today + timedelta(3)),
        "done": sample_task("COMPLETED", today),
        "form": SampleForm({}),
        "page": Paginator(range(318), 50).get_page(2),
    }
    return render(request, "style_guide.html", context)
