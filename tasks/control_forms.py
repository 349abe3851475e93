"""What a controller says with a decision: why, and by when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.fields import DayField
from tasks import workflow
from tasks.forms import LONGEST
from tasks.models import Report, Task

# What controllers write most often; the organisation reads the sentences of those ticked.
PHRASES = {
    "evidence": gettext_lazy("Attach the document that proves the execution."),
    "details": gettext_lazy("Write what exactly was done and when."),
    "unreadable": gettext_lazy("The file does not open: attach it once more."),
    "other": gettext_lazy("The report is about something else than the recommendation."),
    "personal": gettext_lazy("Take the personal data of pupils out of the report."),
    "applicable": gettext_lazy("The recommendation concerns your organization: carry it out."),
}


class ReasonForm(forms.Form):
    """Why a task is cancelled or restored; the organisation reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The organization reads it in the history of the task."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why in a sentence.")},
    )


class ReturnForm(forms.Form):
    """What is to be mended in a report, and by when."""

    phrases = forms.MultipleChoiceField(
        label=gettext_lazy("What is to be mended"),
        choices=list(PHRASES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("Not needed where the phrases above say it all."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    due_on = DayField(
        label=gettext_lazy("Mend by"),
        error_messages={"required": gettext_lazy("Say by when the report is to be mended.")},
    )

    def __init__(self, data: Any = None, *, task: Task, today: date) -> None:
        super().__init__(data, initial={"due_on": workflow.rework_term(task, today)})
        self.task, self.today = task, today
        last = workflow.last_report(task)
        denied = last is not None and last.outcome == Report.Outcome.NOT_APPLICABLE
        # Offered, not demanded: what was ticked is taken, though another report has come since.
        self.fields["phrases"].widget.choices = [
            (key, words) for key, words in PHRASES.items() if denied or key != "applicable"
        ]

    def clean_due_on(self) -> date:
        """Refuse a day that is past, or before the task even begins."""
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise ValidationError(_("This day is past: give the organization some time."))
        if self.task.starts_on and due_on < self.task.starts_on:
            raise ValidationError(
                _("The task begins on %(day)s only.") % {"day": f"{self.task.starts_on:%d.%m.%Y}"}
            )
        return due_on

    def clean(self) -> dict[str, Any]:
        """Put the ticked phrases and the own words together into one reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        said = [str(PHRASES[key]) for key in cleaned.get("phrases", [])]
        said.append(cleaned.get("reason", "").strip())
        cleaned["whole_reason"] = "\n".join(filter(None, said))
        if not cleaned["whole_reason"] and not self.errors.get("reason"):
            self.add_error("reason", _("Tick a phrase or say in a sentence what is to be mended."))
        return cleaned
