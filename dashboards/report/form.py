"""What is asked before the report is printed; all of it stands in the address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboards.report.printing import printable

BY_MUNICIPALITY, BY_ORGANIZATION = "municipality", "organization"


class ReportForm(forms.Form):
    """Who signs, and how fine appendix 1 is; nothing is stored."""

    by = forms.ChoiceField(
        label=_("Appendix 1"),
        choices=[
            (BY_MUNICIPALITY, _("by municipality")),
            (BY_ORGANIZATION, _("by organization")),
        ],
        required=False,
    )
    position = forms.CharField(label=_("Signed by: position"), max_length=200, required=False)
    signer = forms.CharField(
        label=_("Signed by: initials and surname"), max_length=100, required=False
    )
    phone = forms.CharField(label=_("Telephone of the author"), max_length=50, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "by" else "form-control"

    @property
    def by_organization(self) -> bool:
        """Whether appendix 1 is by organisation; by municipality unless asked otherwise."""
        self.is_valid()
        return bool(self.cleaned_data.get("by") == BY_ORGANIZATION)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed for the signature; "" where nothing was, or too much."""
        self.is_valid()
        names = ("position", "signer", "phone")
        # Word pastes a soft line break as a sign of control, which no document may hold.
        return {name: printable(self.cleaned_data.get(name) or "") for name in names}
