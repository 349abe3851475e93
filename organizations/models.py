"""Who: organisations in their tree, rules that name sets of them, people and their roles."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from organizations.addresses import address
from organizations.derived import SearchField, SortField
from organizations.identifiers import validate_inn, validate_kpp, validate_ogrn, validate_oktmo
from organizations.logins import UserManager, normalize_login
from organizations.querysets import (
    MembershipQuerySet,
    OrganizationGroupQuerySet,
    OrganizationQuerySet,
)
from organizations.roles import CONTROLLING_ROLES, Place, Reach, Role
from organizations.saved_filters import SavedFilter as SavedFilter  # a model of this app
from organizations.searching import searchable
from organizations.sorting import natural_key
from organizations.tree import DEEPEST, WIDTH, ancestor_ids, replant


class Organization(models.Model):
    """A body that decides, answers or is answered to; closed, never deleted."""

    class Kind(models.TextChoices):
        """What kind of body it is."""

        DEPARTMENT = "DEPARTMENT", _("Regional education authority")
        INSTITUTE = "INSTITUTE", _("Institute of education development")
        MUNICIPAL_AUTHORITY = "MUNICIPAL_AUTHORITY", _("Municipal education authority")
        METHODICAL_SERVICE = "METHODICAL_SERVICE", _("Methodical service")
        SCHOOL = "SCHOOL", _("General education")
        PRESCHOOL = "PRESCHOOL", _("Preschool education")
        SUPPLEMENTARY = "SUPPLEMENTARY", _("Supplementary education")
        VOCATIONAL = "VOCATIONAL", _("Vocational education")
        OTHER = "OTHER", _("Other")

    kind = models.CharField(_("kind"), max_length=32, choices=Kind.choices)
    name = models.CharField(_("official name"), max_length=500, help_text=_("In the nominative."))
    short_name = models.CharField(_("short name"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("answers to"),
        help_text=_("A state school answers to the region, a municipal one to its municipality."),
    )
    inn = models.CharField(_("INN"), max_length=10, blank=True, validators=[validate_inn])
    kpp = models.CharField(_("KPP"), max_length=9, blank=True, validators=[validate_kpp])
    ogrn = models.CharField(_("OGRN"), max_length=13, blank=True, validators=[validate_ogrn])
    oktmo = models.CharField(
        _("OKTMO"),
        max_length=11,
        blank=True,
        validators=[validate_oktmo],
        help_text=_("Where it is: 8 digits for a municipality, 11 for a settlement."),
    )
    code = models.CharField(
        _("own code"),
        max_length=50,
        blank=True,
        help_text=_("The code in your own lists; imports recognise an organisation by it."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=100, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    path = models.CharField(max_length=255, editable=False, default="")
    municipality = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("municipality"),
    )
    search = SearchField()
    sort_key = SortField()

    objects = OrganizationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["path", "municipality", "search", "sort_key"])

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["path"],
                condition=~Q(path=""),
                name="organization_path_unique",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="organization_code_unique",
                violation_error_message=_("There is an organisation with this code already."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="organization_not_its_own_parent",
                violation_error_message=_("An organisation cannot answer to itself."),
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("pk")),
                name="organization_not_its_own_successor",
                violation_error_message=_("An organisation cannot be its own successor."),
            ),
            models.CheckConstraint(
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="organization_closed_after_opened",
                violation_error_message=_("An organisation cannot close before it opens."),
            ),
        ]
        indexes = [
            models.Index(fields=["inn", "kpp"], name="organization_inn_kpp"),
            models.Index(fields=["kind", "path"], name="organization_kind_path"),
            models.Index(fields=["sort_key"], name="organization_sort_key"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, and plant it (and all below it) where its parent stands now.

        Raises ValidationError where the new parent stands below the organisation itself.
        """
        with transaction.atomic():
            paths = Organization.objects.hold_trees(self.pk, self.parent_id)
            self.path = paths.get(self.pk, "")
            if refusal := self._misplaced(paths):
                raise ValidationError(refusal)
            super().save(*args, **kwargs)
            parents = Organization.objects.in_bulk([self.parent_id] if self.parent_id else [])
            below = (
                list(Organization.objects.subtree_of(self).order_by("path")) if self.path else []
            )
            subtree = [self, *(each for each in below if each.pk != self.pk)]
            changed = replant(subtree, parents)
            Organization.objects.bulk_update(changed, ["path", "municipality"], batch_size=500)

    def get_absolute_url(self) -> str:
        """Return the address of the card."""
        return address("organizations:organization_detail", self.pk)

    def clean(self) -> None:
        """Refuse a parent that stands below the organisation itself, or too deep."""
        super().clean()
        if refusal := self._misplaced(Organization.objects.paths_of(self.pk, self.parent_id)):
            raise ValidationError({"parent": refusal})

    def searchable(self) -> str:
        """Return what ``search`` holds."""
        return searchable(self.name, self.short_name, self.code, self.inn, self.ogrn)

    def sortable(self) -> str:
        """Return what ``sort_key`` holds: lists are sorted by the name that they show."""
        return natural_key(str(self))

    def is_open_on(self, day: date) -> bool:
        """Tell whether the organisation has not closed by that day."""
        return self.closed_on is None or self.closed_on > day

    def _misplaced(self, paths: dict[int, str]) -> str:
        above = paths.get(self.parent_id or 0, "")
        if self.pk and self.pk in ancestor_ids(above):
            return str(_("This organisation stands below the one you are editing."))
        stored = paths.get(self.pk or 0, "")
        if stored and stored[:-WIDTH] == above:  # it does not move, nor does what is below
            return ""
        below = Organization.objects.levels_below(stored) if stored else 0
        if len(above) // WIDTH + below > DEEPEST:
            return str(_("There would be more than 30 levels of organisations one above another."))
        return ""


class OrganizationGroup(models.Model):
    """A rule that names a set: kinds within a subtree, with members added and others taken away.

    A rule, not a list: schools open, merge and close while a resolution lives for years.
    """

    name = models.CharField(_("name"), max_length=300)
    owner = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="owned_groups",
        verbose_name=_("kept by"),
        help_text=_("Coordinators over this organisation may edit the group."),
    )
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    within = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("within"),
        help_text=_("The organisation and everything that answers to it."),
    )
    members = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("and also")
    )
    exclusions = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("except")
    )

    objects = OrganizationGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of organizations")
        verbose_name_plural = _("groups of organizations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="organization_group_name_unique",
                violation_error_message=_("There is a group with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse unknown kinds, and kinds without a place: no bounds would mean everybody."""
        super().clean()
        unknown = set(self.kinds) - set(Organization.Kind.values)
        if unknown:
            raise ValidationError(
                {"kinds": _("Unknown kinds: %(kinds)s.") % {"kinds": ", ".join(sorted(unknown))}}
            )
        if self.kinds and not self.within_id:
            raise ValidationError({"within": _("Say within which organisation the kinds count.")})


class User(AbstractBaseUser, PermissionsMixin):
    """A person; deactivated, never deleted."""

    email = models.EmailField(
        _("e-mail"),
        unique=True,
        error_messages={"unique": _("There is a person with this e-mail already.")},
    )
    surname = models.CharField(_("surname"), max_length=100)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    start_role = models.CharField(_("start page"), max_length=20, choices=Role.choices, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    date_joined = models.DateTimeField(_("entered on"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["surname", "name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["surname", "name", "patronymic", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message=_("Type the e-mail in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the login in its one spelling."""
        self.email = normalize_login(self.email)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Check the login in its one spelling."""
        super().clean()
        self.email = normalize_login(self.email)

    def get_full_name(self) -> str:
        """Return «Иванова Анна Петровна»."""
        return " ".join(part for part in (self.surname, self.name, self.patronymic) if part)

    def get_short_name(self) -> str:
        """Return «Иванова А. П.»."""
        initials = [f"{part[0]}." for part in (self.name, self.patronymic) if part]
        return " ".join([self.surname, *initials])

    @cached_property
    def reach(self) -> Reach:
        """Over what the person acts today; read once for each loaded user, so once a request."""
        today = timezone.localdate()
        rows = (
            Membership.objects.filter(user=self)
            .active(today)
            .order_by("pk")
            .values_list("role", "organization_id", "organization__path", "organization__kind")
        )
        return Reach(tuple(Place(*row) for row in rows), today)

    @cached_property
    def places(self) -> list[Organization]:
        """Municipalities and roots of trees over which the person controls, by name.

        Kept counts are found by them (``tasks.counting``), and filters offer them; one query for
        each loaded user, so for a request.
        """
        found = Organization.objects.filter(self.reach.q("", CONTROLLING_ROLES))
        found = found.filter(Q(municipality=F("pk")) | Q(parent=None)).order_by("sort_key", "pk")
        return list(found.only("name", "short_name", "sort_key", "path", "municipality_id"))

    def controlled_places(self, *roles: str) -> list[int]:
        """Return those of ``places`` in reach as one of the roles (keys), else of any."""
        within = tuple(
            place.path for place in self.reach.places if place.role in (roles or CONTROLLING_ROLES)
        )
        return [each.pk for each in self.places if each.path.startswith(within)]


class Membership(models.Model):
    """A person acts in a role over an organisation; ended, never deleted."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day without the role.")
    )

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organization", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                condition=Q(until=None),
                name="membership_one_active",
                violation_error_message=_("This person has this role here already."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="membership_until_after_since",
                violation_error_message=_("A role cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organization}"
