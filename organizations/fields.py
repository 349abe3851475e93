"""Fields of forms, typed as people type them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

# Days that people mean: the oldest schools were founded under Peter the Great.
EARLIEST, LATEST = date(1700, 1, 1), date(2200, 1, 1)
_SELECTED = SafeString(" selected")
_INPUTS = frozenset(
    f"django/forms/widgets/{each}.html" for each in ("text", "number", "date", "hidden", "checkbox")
)


class DayField(forms.DateField):
    """A day typed as ДД.ММ.ГГГГ in either language of the interface."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(
            format="%d.%m.%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}
        )
        kwargs.setdefault("widget", widget)
        kwargs.setdefault("help_text", _("DD.MM.YYYY"))
        super().__init__(input_formats=["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        """Return the day; «31.12.9999» is a way of saying "never", and no day."""
        day: date | None = super().to_python(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


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


class PlainInputs(TemplatesSetting):
    """Draws a form's inputs as the templates of Django do; those are three for each input."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Draw an input here, all else by its template."""
        if template_name not in _INPUTS:
            return super().render(template_name, context, request)
        widget = context["widget"]
        attributes = {"name": widget["name"], "value": widget["value"], **widget["attrs"]}
        return format_html('<input type="{}"{}>', widget["type"], flatatt(attributes))


class _OfferedRows(ModelChoiceIterator):  # type: ignore[misc]  # the library has no types
    """What a field offers: nothing, none of them, and its rows."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        for row in self.field.rows:
            yield self.choice(row)


class OfferedField(ModelChoiceField):  # type: ignore[misc]  # the library has no types
    """A choice among few rows, which the page offers: one query finds, names and draws them."""

    iterator = _OfferedRows

    def __init__(self, *args: Any, called: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_from_instance = called

    @cached_property
    def rows(self) -> list[Any]:
        """The rows; a form's copy of the field shares those that are read already."""
        return list(self.queryset)

    def to_python(self, value: Any) -> Any:
        """Return the row chosen; what is not offered makes no sense."""
        if value in self.empty_values:
            return None
        if self.null_label is not None and value == self.null_value:
            return value
        meta = self.queryset.model._meta  # noqa: SLF001  # public
        key = meta.get_field(self.to_field_name) if self.to_field_name else meta.pk
        try:
            wanted = key.to_python(value)
            return next(row for row in self.rows if getattr(row, key.attname) == wanted)
        except (ValidationError, StopIteration):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from None


class IdentifierField(forms.CharField):
    """An identifier, pasted as it comes: with spaces, in small letters."""

    def to_python(self, value: Any) -> str:
        """Return it without spaces, in capitals."""
        return "".join((super().to_python(value) or "").split()).upper()
