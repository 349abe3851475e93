"""Forms of the directory: an organisation's card, a group, a person's roles."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.fields import DayField, IdentifierField
from organizations.identifiers import validate_inn, validate_kpp, validate_ogrn, validate_oktmo
from organizations.logins import normalize_login
from organizations.models import Membership, Organization, OrganizationGroup, User
from organizations.picker import OrganizationField, OrganizationsField, PickingForm, limit
from organizations.querysets import OrganizationQuerySet
from organizations.roles import Role

# What each role lets a person do: beside the choice, and where it is taken away.
ROLE_MEANINGS = {
    Role.COORDINATOR: gettext_lazy(
        "enters and sends resolutions, keeps the directory below, gives roles"
    ),
    Role.METHODIST: gettext_lazy(
        "follows the organisations below, accepts their reports and returns them"
    ),
    Role.OBSERVER: gettext_lazy("sees how it goes at this organisation and below, changes nothing"),
    Role.EXECUTOR: gettext_lazy("answers for this organisation: takes its tasks and reports"),
}
ROLE_LOSSES = {
    Role.COORDINATOR: gettext_lazy(
        "to enter and send resolutions, keep the directory below, give roles"
    ),
    Role.METHODIST: gettext_lazy(
        "to follow the organisations below, accept their reports and return them"
    ),
    Role.OBSERVER: gettext_lazy("to see how it goes at this organisation and below"),
    Role.EXECUTOR: gettext_lazy("to answer for this organisation: take its tasks and report"),
}
ROLE_CHOICES = [
    (role.value, format_lazy("{} – {}", role.label, meaning))
    for role, meaning in ROLE_MEANINGS.items()
]


def layout(*parts: Any) -> FormHelper:
    """Return a helper that draws the parts; the tag <form> and the buttons are the template's."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    helper.layout = Layout(*parts)
    return helper


def abreast(*names: str) -> Row:
    """Return the fields side by side where there is room, the boxes on one line."""
    width = f"col-sm-{12 // len(names)}"
    return Row(*(Column(name, css_class=width) for name in names), css_class="align-items-end")


class OrganizationForm(PickingForm, forms.ModelForm[Organization]):
    """The card of an organisation; of a closed one also since when, and who goes on."""

    parent = OrganizationField(
        label=gettext_lazy("Answers to"),
        help_text=gettext_lazy(
            "A state school answers to the region, a municipal one to its municipality."
        ),
    )
    inn = IdentifierField(label=gettext_lazy("INN"), required=False, validators=[validate_inn])
    kpp = IdentifierField(label=gettext_lazy("KPP"), required=False, validators=[validate_kpp])
    ogrn = IdentifierField(label=gettext_lazy("OGRN"), required=False, validators=[validate_ogrn])
    oktmo = IdentifierField(
        label=gettext_lazy("OKTMO"),
        required=False,
        validators=[validate_oktmo],
        help_text=gettext_lazy("Where it is: 8 digits for a municipality, 11 for a settlement."),
    )
    opened_on = DayField(label=gettext_lazy("Opened on"), required=False)
    closed_on = DayField(
        label=gettext_lazy("Closed on"),
        required=False,
        help_text=gettext_lazy(
            "DD.MM.YYYY, the first day without it. It stays in the resolutions that name it."
        ),
    )
    successor = OrganizationField(
        label=gettext_lazy("Successor"),
        required=False,
        help_text=gettext_lazy("The legal entity that goes on after a merger or a new beginning."),
    )

    class Meta:
        model = Organization
        fields = [
            "kind",
            "name",
            "short_name",
            "parent",
            "inn",
            "kpp",
            "ogrn",
            "oktmo",
            "code",
            "email",
            "phone",
            "opened_on",
            "closed_on",
            "successor",
        ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.twin: Organization | None = None
        self.old_parent_id = self.instance.parent_id
        # A root stays a root: nobody below the administrator plants trees or moves them.
        self.fields["parent"].required = not (self.instance.pk and not self.old_parent_id)
        limit(self, "parent", user, Role.COORDINATOR)
        limit(self, "successor", user)
        for name in ("inn", "kpp", "ogrn", "oktmo"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        parts: list[Any] = ["kind", "name", "short_name", "parent"]
        numbers = (abreast("inn", "kpp", "ogrn"), abreast("oktmo", "code"))
        parts.append(Fieldset(_("Identifiers"), *numbers, css_class="sec"))
        parts.append(Fieldset(_("Contacts"), abreast("email", "phone"), css_class="sec"))
        if self.instance.pk:
            days = abreast("opened_on", "closed_on")
            parts.append(Fieldset(_("Opening and closing"), days, "successor", css_class="sec"))
        else:
            for name in ("opened_on", "closed_on", "successor"):
                del self.fields[name]
        self.helper = layout(*parts)

    def clean(self) -> dict[str, Any]:
        """Keep it in reach, its ИНН with КПП its own, and a successor to those closed."""
        cleaned = cast("dict[str, Any]", super().clean())
        parent = cleaned.get("parent")
        if "parent" in cleaned and not parent and self.old_parent_id:
            self.add_error("parent", _("Without a parent it would be beyond your reach."))
        if cleaned.get("successor") and not cleaned.get("closed_on"):
            self.add_error("closed_on", _("Say since which day it is closed: it has a successor."))
        if not cleaned.get("closed_on"):
            self._refuse_twins(cleaned)
        return cleaned

    def _refuse_twins(self, cleaned: dict[str, Any]) -> None:
        others = Organization.objects.open_on(timezone.localdate()).exclude(pk=self.instance.pk)
        changed = set(self.changed_data)  # what stands twice since before may still be corrected
        if cleaned.get("parent") and cleaned.get("name") and changed & {"name", "parent"}:
            # A form sent twice, by a double click or the button "back", is caught here too.
            same = others.filter(parent=cleaned["parent"], name=cleaned["name"])
            self.twin = same.first()
            if self.twin:
                self.add_error("name", _("An organisation of this name is entered there already."))
        if cleaned.get("inn") and cleaned.get("kpp") and changed & {"inn", "kpp"}:
            same = others.filter(inn=cleaned["inn"], kpp=cleaned["kpp"])
            self._refuse_same_numbers(same)

    def _refuse_same_numbers(self, same: OrganizationQuerySet) -> None:
        seen = same.visible_to(self.user).first()
        self.twin = self.twin or seen
        if seen:
            sentence = _(
                "This INN and KPP belong to “%(name)s”. A branch has the INN of the whole, and a "
                "KPP of its own."
            )
            self.add_error("kpp", sentence % {"name": seen})
        elif same.exists():
            self.add_error("kpp", _("An open organisation beyond your reach has this INN and KPP."))


class GroupForm(PickingForm, forms.ModelForm[OrganizationGroup]):
    """A rule that names a set of organisations."""

    name = forms.CharField(label=pgettext_lazy("group", "Name"), max_length=300)
    owner = OrganizationField(
        label=gettext_lazy("Kept by"),
        help_text=gettext_lazy("Coordinators over this organisation may edit the group."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"),
        choices=Organization.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("All organisations of these kinds, also those that open later."),
    )
    within = OrganizationField(
        label=gettext_lazy("Within"),
        required=False,
        help_text=gettext_lazy(
            "Where the kinds count: the organisation and all that answer to it."
        ),
    )
    members = OrganizationsField(label=gettext_lazy("And also"), required=False)
    exclusions = OrganizationsField(label=gettext_lazy("Except"), required=False)

    class Meta:
        model = OrganizationGroup
        fields = ["name", "kinds", "within", "members", "exclusions", "owner"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "owner", user, Role.COORDINATOR)
        for name in ("within", "members", "exclusions"):
            limit(self, name, user)
        self.helper = layout(
            "name",
            Fieldset(_("By rule"), "kinds", "within", css_class="sec"),
            Fieldset(_("One by one"), "members", "exclusions", css_class="sec"),
            "owner",
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a group that can mean nobody."""
        cleaned = cast("dict[str, Any]", super().clean())
        if not cleaned.get("kinds") and not cleaned.get("members") and not self.errors:
            raise ValidationError(_("Tick a kind or choose organisations: the group means nobody."))
        return cleaned


class InvitationForm(forms.Form):
    """A person and their roles at one organisation; a known e-mail brings the known person."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy(
            "With it the person signs in. If the person is known here already, only the role is "
            "added: the name stays as it is."
        ),
    )
    surname = forms.CharField(label=gettext_lazy("Surname"), max_length=100)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    patronymic = forms.CharField(label=gettext_lazy("Patronymic"), max_length=100, required=False)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=200, required=False)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        names = abreast("surname", "name", "patronymic")
        self.helper = layout("email", names, "position", "roles")

    def clean_email(self) -> str:
        """Return the address in its one spelling; refuse that of a deactivated person."""
        email = normalize_login(self.cleaned_data["email"])
        if User.objects.filter(email=email, is_active=False).exists():
            raise ValidationError(
                _("The account with this e-mail is deactivated. The administrator activates it.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        """Refuse a role that the person has here already."""
        cleaned = cast("dict[str, Any]", super().clean())
        if "email" in cleaned and "roles" in cleaned:
            held = held_roles(self.organization, cleaned["roles"], email=cleaned["email"])
            if held:
                self.add_error("roles", already_held(held))
        return cleaned


class RoleForm(forms.Form):
    """Another role instead of the one a person has."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ROLE_CHOICES, widget=forms.RadioSelect
    )

    def __init__(self, data: Any, *, membership: Membership) -> None:
        super().__init__(data, initial={"role": membership.role})
        self.membership = membership

    def clean_role(self) -> str:
        """Refuse the role that is being changed, and one that the person has here besides."""
        role = str(self.cleaned_data["role"])
        if role == self.membership.role:
            raise ValidationError(_("The person has this role now: choose another."))
        held = held_roles(self.membership.organization, [role], user=self.membership.user)
        if held:
            raise ValidationError(already_held(held))
        return role


def held_roles(organization: Organization, roles: list[str], **person: Any) -> list[str]:
    """Return those of the roles that the person (``user=`` or ``email=``) has here for good."""
    who = Q(user=person["user"]) if "user" in person else Q(user__email=person["email"])
    rows = Membership.objects.filter(who, organization=organization, role__in=roles, until=None)
    return sorted(rows.values_list("role", flat=True))


def already_held(roles: list[str]) -> str:
    """Return the sentence about roles that cannot be given twice."""
    names = ", ".join(str(Role(role).label) for role in roles)
    return _("This person has this role here already: %(roles)s.") % {"roles": names}
