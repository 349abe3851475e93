"""Organisations: the list, the card, entering and changing it, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.forms import OrganizationForm
from organizations.history import Entry, save_unless_changed, story_of, version_of
from organizations.http import AuthenticatedHttpRequest
from organizations.listing import organizations_listed, with_people
from organizations.models import Membership, Organization, User
from organizations.names import named_for, shown_as
from organizations.paging import page_of
from organizations.permissions import (
    Permission,
    may_create_organizations,
    may_edit_membership,
    may_edit_organization,
    people_to_invite,
    require,
)
from organizations.picker import keys, offered_to
from organizations.roles import CONTROLLING_ROLES, Role
from organizations.tree import ancestor_ids

PAGE = 50


def organization_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the organisations that the reader sees, narrowed by the filters."""
    found = organizations_listed(request)
    rows = with_people(found.qs.select_related("municipality"), request.user)
    places = [each for each in request.user.reach.places if each.role == Role.COORDINATOR]
    context = {
        "filter": found,
        "page": page_of(request, rows),
        "under": found.form.cleaned_data.get("parent") if found.form.is_valid() else None,
        "may_create": bool(may_create_organizations(request.user)),
        "controls": request.user.reach.has(*CONTROLLING_ROLES),
        "place": places[0].organization_id if places else None,
    }
    return render(request, "organizations/organization_list.html", context)


def organization_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show the card: the facts, the people, what stands above and below."""
    organization = get_object_or_404(
        Organization.objects.visible_to(request.user).select_related("municipality"), pk=pk
    )
    visible = Organization.objects.visible_to(request.user)
    today = timezone.localdate()
    above = ancestor_ids(organization.path)[:-1]
    related = visible.in_bulk([*above, organization.successor_id or 0])
    in_reach = request.user.reach.covers(organization)
    roles = _roles(organization) if in_reach else []
    named = named_for(request.user, [each.user_id for each in roles])
    rows = [
        PersonRow(each, shown_as(each.user, named), each.user_id in named, request.user)
        for each in roles
    ]
    active = [row for row in rows if row.is_active(today)]
    context = {
        "organization": organization,
        "ancestors": [related[key] for key in above if key in related],
        "successor": related.get(organization.successor_id or 0),
        "predecessors": visible.filter(successor=organization),
        "children": visible.open_on(today).filter(parent=organization).count(),
        "is_open": organization.is_open_on(today),
        "in_reach": in_reach,
        "active": active,
        "ended": [row for row in rows if row not in active],
        "answers": organization.memberships.answering(today).exists(),
        "may_edit": bool(may_edit_organization(request.user, organization)),
        "linkable": set(
            people_to_invite(request.user)
            .filter(memberships__in=[each.pk for each in roles])
            .values_list("pk", flat=True)
        ),
    }
    return render(request, "organizations/organization_detail.html", context)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a role on the card, as its reader may know them and change it."""

    membership: Membership
    name: str
    is_named: bool
    reader: User

    def is_active(self, day: date) -> bool:
        """Tell whether the role has not ended by that day."""
        return self.membership.until is None or self.membership.until > day

    @property
    def may_change(self) -> Permission:
        """Whether the reader may change or end the role, else why not."""
        return may_edit_membership(self.reader, self.membership)


def organization_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Enter an organisation below one that the person coordinates."""
    require(may_create_organizations(request.user))
    below = keys([request.GET.get("parent", "")])
    parent = offered_to(request.user, Role.COORDINATOR).filter(pk__in=below).first()
    form = OrganizationForm(request.POST or None, user=request.user, initial={"parent": parent})
    if request.method == "POST" and form.is_valid():
        organization = form.save()
        messages.success(request, _("Entered in the directory."))
        _tell_of_namesakes(request, organization)
        return redirect(organization)
    return render(request, "organizations/organization_create.html", {"form": form})


def organization_update(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change the card; whoever saves second is told what the first one changed."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    require(may_edit_organization(request.user, organization))
    name = str(organization)
    form = OrganizationForm(request.POST or None, instance=organization, user=request.user)
    version = _version_sent(request) if request.method == "POST" else version_of(organization)
    others: list[Entry] = []
    if request.method == "POST" and form.is_valid():
        if save_unless_changed(form, version):
            messages.success(request, _("Saved."))
            _tell_of_namesakes(request, organization)
            return redirect(organization)
        others = story_of(organization, request.user, after=version)
        version = version_of(organization)
    context = {"form": form, "name": name, "pk": pk, "version": version, "others": others}
    return render(request, "organizations/organization_update.html", context)


def organization_history(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show what changed in the card and in the roles, who did it and when."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    in_reach = request.user.reach.covers(organization)
    story = story_of(organization, request.user, with_roles=in_reach)
    context = {
        "organization": organization,
        "page": Paginator(story, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "organizations/organization_history.html", context)


def _roles(organization: Organization) -> list[Membership]:
    rows = organization.memberships.select_related("user")
    return list(rows.order_by("user__surname", "user__name", "user__patronymic", "user", "pk"))


def _version_sent(request: AuthenticatedHttpRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() else 0


def _tell_of_namesakes(request: AuthenticatedHttpRequest, organization: Organization) -> None:
    """Tell of others with the same ИНН where a КПП is missing: it may be entered twice."""
    if not organization.inn:
        return
    same = Organization.objects.visible_to(request.user).open_on(timezone.localdate())
    same = same.filter(inn=organization.inn).exclude(pk=organization.pk)
    if organization.kpp:
        same = same.filter(kpp="")
    other = same.first()
    if other:
        messages.warning(
            request,
            _(
                "“%(name)s” has the same INN. If it is the same organisation, close one of the "
                "two; if it is a branch, fill in the KPP of both."
            )
            % {"name": other},
        )
