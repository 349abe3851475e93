"""Forms of documents: what is uploaded or pasted, and whom an addressee means."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, OrganizationGroup, User
from organizations.picker import limit
from resolutions.documents import SourceDocument
from resolutions.forms import MeantFields
from resolutions.matching import Meant
from resolutions.permissions import issuers_for
from resolutions.reading import ACCEPTED_SUFFIXES, pasted
from resolutions.recognition.readers.refusals import MAX_BYTES

MEGABYTE = 1024 * 1024


class DocumentForm(forms.Form):
    """A file or a text; cleaned, ``content`` is the file to keep."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # an empty one is answered with more than a field's refusal
        help_text=_("DOCX, PDF, ODT, RTF, DOC or TXT, as it came."),
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED_SUFFIXES), "autofocus": True}),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        help_text=_("Copied from a letter or a site. Each paragraph on its own line."),
        widget=forms.Textarea(attrs={"rows": 8, "class": "serif"}),
    )
    issuer = forms.ModelChoiceField(label=_("Issuer"), queryset=Organization.objects.none())

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issuers = issuers_for(person).order_by("path")
        self.fields["issuer"].queryset = issuers  # type: ignore[attr-defined]
        last = SourceDocument.objects.filter(uploaded_by=person, issuer__in=issuers)
        latest = last.in_brief().select_related("issuer").order_by("-pk").first()
        self.fields["issuer"].initial = latest.issuer if latest else issuers.first()

    def clean_file(self) -> File[bytes] | None:
        """Refuse what is larger than any resolution before it is kept."""
        upload: File[bytes] | None = self.cleaned_data["file"]
        if upload is not None and upload.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Leave only the resolution in it."),
                params={"limit": MAX_BYTES // MEGABYTE},
            )
        return upload

    def clean(self) -> dict[str, Any]:
        """Take the file or the text, not both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload, text = cleaned.get("file"), cleaned.get("text", "")
        if upload and text.strip():
            self.add_error("file", _("A file and a text: choose one of them. The text is kept."))
        elif not upload and not text.strip() and "file" not in self.errors:
            self.add_error("file", _("Choose a file or paste a text."))
        cleaned["content"] = upload or pasted(text)
        return cleaned


class AddresseeForm(MeantFields):
    """Whom an addressee means, where none of the offers fits: any groups and organisations."""

    def __init__(self, *args: Any, person: User, meant: Meant, **kwargs: Any) -> None:
        kwargs["initial"] = {"groups": meant.groups, "organizations": meant.organizations}
        super().__init__(*args, **kwargs)
        groups = OrganizationGroup.objects.visible_to(person)
        self.fields["groups"].queryset = groups  # type: ignore[attr-defined]
        limit(self, "organizations", person)

    def meant(self) -> Meant:
        """Return what was chosen."""
        return Meant(
            tuple(each.pk for each in self.cleaned_data["organizations"]),
            tuple(each.pk for each in self.cleaned_data["groups"]),
        )

    def clean(self) -> dict[str, Any]:
        """Nobody is no choice."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("organizations") and not cleaned.get("groups"):
            raise forms.ValidationError(_("Tick a group or find organisations."))
        return cleaned
