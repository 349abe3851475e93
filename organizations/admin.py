"""Administration of the directory: organisations, groups, people, and who acts for whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from organizations.models import Membership, Organization, OrganizationGroup, SavedFilter, User

admin.site.site_header = admin.site.site_title = _("Resolutions")
admin.site.index_title = _("Administration")
# Rights come from roles in organisations; Django's own groups of permissions would be a second way.
admin.site.unregister(Group)
# Django's Russian puts the name of a thing in the wrong case («Выберите организация»). Our own
# catalogue is asked first: listed here, its sentences get there and are said otherwise.
DJANGO_SENTENCES = (
    *(gettext_noop("Select %s to change"), gettext_noop("Select %s to view")),
    *(gettext_noop("Add %s"), gettext_noop("Add %(name)s"), gettext_noop("Change %s")),
    *(gettext_noop("View %s"), gettext_noop("Add another %(verbose_name)s")),
    *(gettext_noop("View history: %s"), gettext_noop("Change history: %s")),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
    gettext_noop("The %(name)s “%(obj)s” was deleted successfully."),
)


class NeverDeleted:
    """For what is ended, closed or deactivated instead: there is no deleting, of many neither."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class BriefTitles:
    """Pages of things named by a whole paragraph, which would run under the buttons."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Quote the beginning under the title."""
        context["subtitle"] = context["subtitle"] and Truncator(context["subtitle"]).words(9)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc, no-any-return]


class DatedHistoryAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # untyped
    """Shows who changed what and when; history is for reading, no version is brought back."""

    object_history_list_template = "admin/object_history_list.html"

    def get_urls(self) -> list[Any]:
        """Leave out the library's page of a version: saving it would bring old values back."""
        return super(SimpleHistoryAdmin, self).get_urls()  # type: ignore[no-any-return]

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say on the page of the history that it is for reading."""
        return True


def matches_word(fields: str, word: str) -> Q:
    """Match a word in any of the fields; SQLite knows no case of Cyrillic, so both are tried."""
    found = Q()
    word = word.replace("\0", "")  # which PostgreSQL refuses
    for field in fields.split():
        found |= Q(**{f"{field}__icontains": word}) | Q(**{f"{field}__contains": word.capitalize()})
    return found


class MembershipInline(NeverDeleted, admin.TabularInline[Membership, Any]):
    """Who acts for whom; a role is added here and ended on its own page."""

    model = Membership
    extra = 0
    show_change_link = True
    fields = ("user", "organization", "role", "since", "until")
    autocomplete_fields = ("user", "organization")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Bring the names along, whatever the number of rows."""
        return super().get_queryset(request).select_related("user", "organization")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a choice of a person in every row would cost a query in every row."""
        return False


class YesNoFilter(admin.SimpleListFilter):
    """A question with two answers, put to a method of the QuerySet that pages use too."""

    def chosen(self, queryset: Any) -> QuerySet[Any]:
        """Return the rows for which the answer is yes."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two answers."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Keep the rows with the answer asked for."""
        if self.value() not in ("yes", "no"):
            return None
        chosen = self.chosen(queryset)
        return chosen if self.value() == "yes" else queryset.exclude(pk__in=chosen.values("pk"))


class OpenFilter(YesNoFilter):
    """Open today."""

    title = pgettext_lazy("organization", "open")
    parameter_name = "open"

    def chosen(self, queryset: Any) -> QuerySet[Any]:
        """Return those open today."""
        return queryset.open_on(timezone.localdate())  # type: ignore[no-any-return]


class InForceFilter(YesNoFilter):
    """In force today."""

    title = _("in force")
    parameter_name = "in_force"

    def chosen(self, queryset: Any) -> QuerySet[Any]:
        """Return those in force today."""
        return queryset.active(timezone.localdate())  # type: ignore[no-any-return]


@admin.register(Organization)
class OrganizationAdmin(NeverDeleted, DatedHistoryAdmin):
    """Organisations: closed, never deleted."""

    list_display = ("name", "kind", "parent", "municipality", "inn", "closed_on")
    list_filter = ("kind", OpenFilter, ("municipality", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent", "municipality")
    search_fields = ("search",)
    search_help_text = _("Part of a name, own code, INN or OGRN.")
    show_full_result_count = False
    autocomplete_fields = ("parent", "successor")
    readonly_fields = ("municipality", "place_in_tree")
    inlines = (MembershipInline,)
    fieldsets = (
        (
            None,
            {"fields": ("kind", "name", "short_name", "parent", "municipality", "place_in_tree")},
        ),
        (_("Identifiers"), {"fields": ("code", "inn", "kpp", "ogrn", "oktmo")}),
        (_("Contacts"), {"fields": ("email", "phone")}),
        (_("Dates"), {"fields": ("opened_on", "closed_on", "successor")}),
    )

    @admin.display(description=_("place in the tree"), empty_value="–")
    def place_in_tree(self, obj: Organization) -> str:
        """Show the keys of those above and its own, as computed on saving."""
        return obj.path

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        """Bring along what the page of one organisation names."""
        queryset: QuerySet[Organization] = super().get_queryset(request)
        return queryset.select_related("parent", "municipality", "successor")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Search as the pages do: without case, «ё» as «е»."""
        return queryset.search(search_term), False


class GroupForm(forms.ModelForm[OrganizationGroup]):
    """The kinds as a choice instead of their stored list."""

    kinds = forms.MultipleChoiceField(
        label=_("kinds"),
        choices=Organization.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(OrganizationGroup)
class OrganizationGroupAdmin(NeverDeleted, admin.ModelAdmin[OrganizationGroup]):
    """Rules that name sets of organisations; never deleted, because resolutions name them."""

    form = GroupForm
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "owner", "kinds", "within", "members", "exclusions"),
                "description": _(
                    "A group is not deleted: resolutions address it, and would be left without "
                    "their executors. Rename one that is no longer needed."
                ),
            },
        ),
    )
    list_display = ("name", "owner", "within")
    list_filter = (("owner", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("owner", "within")
    search_fields = ("name",)
    show_full_result_count = False
    autocomplete_fields = ("owner", "within", "members", "exclusions")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OrganizationGroup], search_term: str
    ) -> tuple[QuerySet[OrganizationGroup], bool]:
        """Search without the case of Cyrillic letters."""
        for word in search_term.split():
            queryset = queryset.filter(matches_word("name", word))
        return queryset, False


class PersonCreationForm(AdminUserCreationForm[User]):
    """A new person; the e-mail is the login."""

    class Meta:
        model = User
        fields = ("email", "surname", "name", "patronymic", "position")
        field_classes: dict[str, type[forms.Field]] = {}


class PersonChangeForm(UserChangeForm[User]):
    """A person with the password shown as set or not."""

    class Meta:
        model = User
        fields = "__all__"  # the fieldsets of the administration choose
        field_classes: dict[str, type[forms.Field]] = {}


@admin.register(User)
class PersonAdmin(NeverDeleted, DjangoUserAdmin[User]):
    """People: deactivated, never deleted."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ("email", "surname", "name", "patronymic", "position", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "memberships__role")
    search_fields = ("email", "surname", "name", "patronymic")
    ordering = ("surname", "name", "patronymic", "pk")
    filter_horizontal = ()
    show_full_result_count = False
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "password", "is_active")}),
        (_("Name"), {"fields": ("surname", "name", "patronymic", "position")}),
        (_("Administration"), {"fields": ("is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "surname", "name", "patronymic", "position")}),
        (_("Password"), {"fields": ("usable_password", "password1", "password2")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Find people by the beginning or any part of names and e-mail, without case."""
        for word in search_term.split():
            queryset = queryset.filter(matches_word("email surname name patronymic", word))
        return queryset, False


@admin.register(Membership)
class MembershipAdmin(NeverDeleted, DatedHistoryAdmin):
    """Who acts for whom in which role: ended by a day, never deleted."""

    list_display = ("user", "role", "organization", "since", "until")
    list_filter = ("role", InForceFilter)
    list_select_related = ("user", "organization")
    search_fields = ("user__surname", "organization__search")
    search_help_text = _("Part of a person's name or e-mail, or of an organisation's name.")
    show_full_result_count = False
    autocomplete_fields = ("user", "organization")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep a role what it was given as: another one is another membership."""
        return ("user", "organization", "role") if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Bring the names along."""
        queryset: QuerySet[Membership] = super().get_queryset(request)
        return queryset.select_related("user", "organization")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Find by the person or by the organisation."""
        for word in search_term.split():
            place = Organization.objects.search(word)
            queryset = queryset.filter(
                matches_word("user__email user__surname user__name", word)
                | Q(organization__in=place)
            )
        return queryset, False


@admin.register(SavedFilter)
class SavedFilterAdmin(admin.ModelAdmin[SavedFilter]):
    """People's own filters: to look at, and to delete; they are kept on the lists themselves."""

    list_display = ("name", "user", "page", "query")
    list_filter = ("page",)
    list_select_related = ("user",)
    search_fields = ("name", "user__email", "user__surname")
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Find by the name of the filter or by its owner."""
        for word in search_term.split():
            queryset = queryset.filter(matches_word("name user__email user__surname", word))
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a filter is kept where its list shows what it finds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: it would find something else under the name that its owner knows."""
        return False
