"""Choosing organisations in a form where there may be thousands: ticks, and a search for more.

A list of 2,500 options is no choice. The picker shows what is chosen as ticked boxes (radio buttons
where one is chosen) and a search box that finds more, at most ``SHOWN`` at a time. Without
JavaScript the button «Find» sends the whole form, which comes back with everything typed and the
finds below; with htmx they come while one types, from ``organizations:organization_options``.

How a form uses it, with any prefix, any number of pickers, ModelForms and formsets too::

    class AudienceForm(PickingForm, forms.ModelForm[Section]):
        organizations = OrganizationsField(label=_("Organizations"), required=False)
        owner = OrganizationField(label=_("Kept by"))

        def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            limit(self, "organizations", user)
            limit(self, "owner", user, Role.COORDINATOR)

The view stays as any other (``if request.method == "POST" and form.is_valid()``): a form sent by
the button «Find» is never valid, shows no errors and keeps what was typed. A field without
``limit`` offers nothing. What is stored already and lies beyond the person's sight is neither named
nor lost: the field counts it, and gives it back among the cleaned organisations. Only what stands
in the saved ``form.instance`` is kept so: an ``initial`` may come from an address, so from anybody.

Costs: no query for an empty picker, one for what is chosen, two more for a search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Length
from django.forms.models import model_to_dict
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from organizations.models import Organization, User
from organizations.querysets import OrganizationQuerySet

# So many finds are read at a glance; more than that wants another word in the search.
SHOWN = 20
FIND = "find"
_KEY = re.compile(r"[0-9]{1,18}")


def offered_to(user: User, *roles: str) -> OrganizationQuerySet:
    """Return what a picker offers: those in reach in the roles, or all that the person sees."""
    found = Organization.objects.all()
    return found.in_reach_of(user, *roles) if roles else found.visible_to(user)


def as_options(offered: OrganizationQuerySet, user: User) -> OrganizationQuerySet:
    """Bring along what stands beside a name; the parent only where the person sees it."""
    seen = Organization.objects.visible_to(user).filter(pk=OuterRef("parent"))
    return offered.annotate(parent_seen=Exists(seen)).select_related("municipality", "parent")


def find(
    offered: OrganizationQuerySet, text: str, chosen: Iterable[str]
) -> tuple[list[Organization], int]:
    """Return the first open organisations found by the words, and how many more there are.

    Those in ``chosen`` (keys) are left out: they stand in the form already. For a page of
    ``as_options``.
    """
    rows = offered.open_on(timezone.localdate()).search(text).exclude(pk__in=list(chosen))
    if text.strip():
        # Who seeks «25» means «Школа № 25», which is shorter than «Школа № 125».
        rows = rows.order_by(Length("name"), "name", "pk")
    found = list(rows[: SHOWN + 1])
    more = rows.count() - SHOWN if len(found) > SHOWN else 0
    return found[:SHOWN], more


def keys(values: Iterable[object]) -> list[str]:
    """Return those of the values that can be keys: a form may be sent by anybody's hand."""
    return [str(value) for value in values if _KEY.fullmatch(str(value))]


class OrganizationPicker(forms.Widget):
    """Ticked organisations, a search box, and what it found."""

    many = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.offered: OrganizationQuerySet = Organization.objects.none()
        self.roles: tuple[str, ...] = ()
        self.kept: frozenset[int] = frozenset()
        self.text: str | None = None
        self.label = ""

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any],  # noqa: ARG002  # Django's own signature, as below
        name: str,
    ) -> Any:
        """Return the ticked keys (one key or None for a single choice); note what is sought."""
        text = str(data.get(f"{name}_q", ""))
        # «Find» of one picker is pressed by the key Enter of another: each goes by its own box.
        self.text = text if FIND in data and (text or data[FIND] == name) else None
        values = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name) or []
        found = keys(values if isinstance(values, (list, tuple)) else [values])
        if self.many:
            return found
        return found[-1] if found else None

    def value_omitted_from_data(self, *args: Any) -> bool:  # noqa: ARG002
        """Say no: boxes without a tick send nothing."""
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:  # noqa: ARG002
        """Return the search box: that is where a click on the label leads."""
        return f"{id_}_q" if id_ else ""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: object = None,  # noqa: ARG002
    ) -> SafeString:
        """Draw the picker (``components/organization_picker.html``)."""
        context = self.picture(name, value, attrs)
        drawn = render_to_string("components/organization_picker.html", context)
        return mark_safe(drawn)  # noqa: S308  # the template has escaped

    def picture(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the template."""
        given = value if isinstance(value, (list, tuple)) else [value]
        ticked = keys(each for each in given if each)
        chosen: list[Organization] = []
        if ticked:
            chosen = list(self.offered.filter(pk__in=ticked))
        found, more = find(self.offered, self.text, ticked) if self.text is not None else ([], 0)
        both = {**self.attrs, **(attrs or {})}
        address: dict[str, Any] = {"field": name, "many": int(self.many), "role": list(self.roles)}
        return {
            "id": both.get("id") or f"id_{name}",
            "css": both.get("class", ""),
            "name": name,
            "label": self.label,
            "many": self.many,
            "required": self.is_required,
            "chosen": chosen,
            "kept": len(self.kept),
            "sought": self.text is not None,
            "text": self.text or "",
            "found": found,
            "more": more,
            "url": f"{reverse('organizations:organization_options')}?{urlencode(address, True)}",
        }


class OneOrganizationPicker(OrganizationPicker):
    """The same with radio buttons."""

    many = False


class OrganizationsField(forms.ModelMultipleChoiceField[Organization]):
    """Any number of organisations."""

    widget = OrganizationPicker

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organization.objects.none(), **kwargs)

    def clean(self, value: Any) -> QuerySet[Organization]:
        """Return the chosen ones, with those that the person may not see and did not choose."""
        kept = cast(OrganizationPicker, self.widget).kept
        if kept and not value:
            return Organization.objects.filter(pk__in=kept)
        chosen = super().clean(value)
        if not kept:
            return chosen
        return Organization.objects.filter(pk__in={*kept, *(each.pk for each in chosen)})


class OrganizationField(forms.ModelChoiceField[Organization]):
    """One organisation."""

    widget = OneOrganizationPicker

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organization.objects.none(), **kwargs)

    def clean(self, value: Any) -> Organization | None:
        """Return the chosen one, or the one that the person may not see and did not change."""
        kept = cast(OrganizationPicker, self.widget).kept
        if kept and not value:
            return Organization.objects.get(pk=next(iter(kept)))
        return cast("Organization | None", super().clean(value))


class PickingForm(forms.BaseForm):
    """A form with pickers: sent by «Find» it is shown again as typed, neither checked nor saved."""

    @property
    def is_finding(self) -> bool:
        """Whether the person pressed «Find», not «Save»."""
        return self.is_bound and FIND in self.data

    def full_clean(self) -> None:
        """Check nothing while the person is still looking for organisations."""
        if self.is_finding:
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        """Tell whether the form may be saved."""
        return not self.is_finding and super().is_valid()


def limit(form: forms.BaseForm, name: str, user: User, *roles: str) -> None:
    """Let a picker of the form offer what the person sees, or has in reach in one of the roles.

    Called after the form's own ``__init__``. What is stored already and not offered is kept.
    """
    field = cast("OrganizationsField | OrganizationField", form.fields[name])
    widget = cast(OrganizationPicker, field.widget)
    field.queryset = offered_to(user, *roles)
    widget.offered = as_options(offered_to(user, *roles), user)
    widget.roles, widget.label = roles, str(field.label or "")
    before = _stored(form, name)
    if before:
        seen = set(widget.offered.filter(pk__in=before).values_list("pk", flat=True))
        widget.kept = before - seen


def _stored(form: forms.BaseForm, name: str) -> frozenset[int]:
    instance = getattr(form, "instance", None)
    if not isinstance(instance, Model) or instance.pk is None:
        return frozenset()
    value = model_to_dict(instance, fields=[name]).get(name)
    given = value if isinstance(value, list) else [value]
    return frozenset(
        each.pk if isinstance(each, Organization) else each for each in given if each is not None
    )
