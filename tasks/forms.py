"""What an organisation says of a task, and what it attaches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.evidence import ACCEPTED, EXTENSIONS, LARGEST, MEGABYTE, MOST_FILES
from tasks.models import Report

LONGEST = 10_000  # letters; longer things are documents, not words about them
LONGEST_LINK = 1000  # as Evidence.link
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)  # "school.ru:8080" has none


class MultipleFileInput(forms.ClearableFileInput):
    """Several files at once, as Django documents it."""

    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Gives the files as they came: ``tasks.evidence`` judges each, and keeps the good ones."""

    widget = MultipleFileInput

    def clean(
        self,
        data: Any,
        initial: Any = None,  # noqa: ARG002  # as Django calls it
    ) -> list[UploadedFile[bytes]]:
        """Return the files, an empty list where there are none."""
        return [each for each in data or [] if each]


class LinksField(forms.CharField):
    """Links, a line each; a list of addresses. One without a scheme is taken for https."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the addresses, each once, in their order."""
        lines = (line.strip() for line in str(value or "").splitlines())
        whole = (line if _SCHEME.match(line) else f"https://{line}" for line in lines if line)
        return list(dict.fromkeys(whole))

    def validate(self, value: list[str]) -> None:
        """Check nothing more: an empty list is no mistake."""

    def run_validators(self, value: list[str]) -> None:
        """Name every line that is no address of a page."""
        bad = [each for each in value if not is_address(each)]
        if bad:
            sentence = gettext("“%(link)s” is no address of a page: it begins with https://.")
            raise ValidationError([sentence % {"link": each[:200]} for each in bad])


def is_address(link: str) -> bool:
    """Tell whether a browser may be led there: http or https, and short enough to be kept."""
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        return False
    return len(link) <= LONGEST_LINK


class ReportForm(forms.Form):
    """What was done, a few sentences about it, files and links.

    For a draft (``sending=False``) nothing is required.
    """

    outcome = forms.ChoiceField(
        label=_("What is done"),
        choices=Report.Outcome.choices,
        widget=forms.RadioSelect,
        initial=Report.Outcome.DONE,
        error_messages={"required": _("Choose what you report.")},
    )
    text = forms.CharField(
        label=_("The result in brief"),
        help_text=_("Two or three sentences: what was done, when, by which document."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say in a sentence or two what was done.")},
    )
    files = MultipleFileField(  # type: ignore[assignment]  # Django takes fields off the class
        label=_("Files"),
        required=False,
        widget=MultipleFileInput(attrs={"accept": EXTENSIONS}),
    )
    links = LinksField(
        label=_("Links"),
        help_text=_("If the document is on a site already; one address a line."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "url", "placeholder": "https://"}),
    )

    def __init__(self, *args: Any, sending: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = self.fields["outcome"].required = sending
        self.fields["files"].help_text = gettext(
            "%(kinds)s; up to %(size)s MB each, %(count)s files and links in all."
        ) % {"kinds": ACCEPTED, "size": LARGEST // MEGABYTE, "count": MOST_FILES}

    def typed(self, name: str) -> str:
        """Return what was typed into a field, also where it is refused."""
        return str(self.data.get(name, "")).replace("\0", "").strip()

    def add_problems(self, name: str, sentences: Sequence[str]) -> None:
        """Add what is wrong with single files or links, found when they were kept."""
        if sentences:
            self.add_error(name, ValidationError(list(sentences)))

    def good_links(self) -> list[str]:
        """Return the addresses among the lines, also where others are refused."""
        return [each for each in LinksField().to_python(self.typed("links")) if is_address(each)]
