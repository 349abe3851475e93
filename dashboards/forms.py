"""What a controller says with a reminder."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReminderForm(forms.Form):
    """Words of one's own; without them the letter says what is overdue, and that is enough."""

    words = forms.CharField(
        label=_("In your own words"),
        help_text=_(
            "Stands at the head of each letter and in the history of the tasks. May stay empty: "
            "the letter lists what is overdue in any case."
        ),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
