"""Fields of forms, typed as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

_SELECTED = SafeString(" selected")


class DayField(forms.DateField):
    """A day typed as ДД.ММ.ГГГГ in either language of the interface."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(
            format="%d.%m.%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}
        )
        kwargs.setdefault("widget", widget)
        kwargs.setdefault("help_text", _("DD.MM.YYYY"))
        super().__init__(input_formats=["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"], **kwargs)


class PlainSelect(forms.Select):
    """A list of choices without groups.

    Django draws each option by two templates: the sixty resolutions and municipalities of a filter
    took 20 ms of each page.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: object = None,  # noqa: ARG002  # Django's own signature
    ) -> SafeString:
        """Draw the select; one pass over the choices."""
        chosen = self.format_value(value)
        keys = ((("" if key is None else str(key)), label) for key, label in self.choices)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, _SELECTED if key in chosen else "", label) for key, label in keys),
        )
        given = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, given, options)


class IdentifierField(forms.CharField):
    """An identifier, pasted as it comes: with spaces, in small letters."""

    def to_python(self, value: Any) -> str:
        """Return it without spaces, in capitals."""
        return "".join((super().to_python(value) or "").split()).upper()
