"""Fields of forms, typed as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A day typed as ДД.ММ.ГГГГ in either language of the interface."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(
            format="%d.%m.%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}
        )
        kwargs.setdefault("widget", widget)
        kwargs.setdefault("help_text", _("DD.MM.YYYY"))
        super().__init__(input_formats=["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"], **kwargs)


class IdentifierField(forms.CharField):
    """An identifier, pasted as it comes: with spaces, in small letters."""

    def to_python(self, value: Any) -> str:
        """Return it without spaces, in capitals."""
        return "".join((super().to_python(value) or "").split()).upper()
