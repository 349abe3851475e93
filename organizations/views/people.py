"""People of an organisation: inviting, changing a role, ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.forms import ROLE_LOSSES, InvitationForm, RoleForm
from organizations.http import AuthenticatedHttpRequest
from organizations.invitations import change_role, end_role, invite
from organizations.models import Membership, Organization
from organizations.names import named_for, shown_as
from organizations.permissions import may_edit_membership, may_edit_organization, require
from organizations.querysets import MembershipQuerySet
from organizations.roles import Role


def membership_create(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Invite a person to the organisation in one or several roles."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    require(may_edit_organization(request.user, organization))
    form = InvitationForm(
        request.POST or None, organization=organization, initial={"roles": [Role.EXECUTOR]}
    )
    if request.method == "POST" and form.is_valid():
        names = ("surname", "name", "patronymic", "position")
        person, needs_link = invite(
            organization,
            form.cleaned_data["email"],
            form.cleaned_data["roles"],
            **{name: form.cleaned_data[name] for name in names},
        )
        if needs_link:
            text = _("%(person)s is entered. Now issue a link: with it the password is set.")
        else:
            text = _("%(person)s is known here already by this e-mail, and has the role now.")
        name = shown_as(person, named_for(request.user, [person.pk]))
        messages.success(request, text % {"person": name})
        return redirect(f"{organization.get_absolute_url()}#people")
    context = {"form": form, "organization": organization}
    return render(request, "organizations/membership_create.html", context)


def membership_update(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Give the person another role here: the one they have ends today."""
    membership = get_object_or_404(_memberships(request), pk=pk)
    require(may_edit_membership(request.user, membership))
    form = RoleForm(request.POST or None, membership=membership)
    if request.method == "POST" and form.is_valid():
        if change_role(membership, form.cleaned_data["role"]):
            messages.success(request, _("The role is changed."))
        else:
            messages.warning(request, _("Somebody has ended this role already."))
        return redirect(f"{membership.organization.get_absolute_url()}#people")
    context = {"form": form, "membership": membership, "person": _name(request, membership)}
    return render(request, "organizations/membership_update.html", context)


def membership_end(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask, with what will be lost; then end the role as of today."""
    membership = get_object_or_404(_memberships(request), pk=pk)
    require(may_edit_membership(request.user, membership))
    if request.method == "POST":
        if end_role(membership):
            messages.success(request, _("The role is ended."))
        else:
            messages.warning(request, _("Somebody has ended this role already."))
        return redirect(f"{membership.organization.get_absolute_url()}#people")
    others = Membership.objects.answering(timezone.localdate()).filter(
        organization=membership.organization
    )
    context = {
        "membership": membership,
        "person": _name(request, membership),
        "loss": ROLE_LOSSES[Role(membership.role)],
        "leaves_nobody": membership.role == Role.EXECUTOR
        and not others.exclude(user=membership.user).exists(),
    }
    return render(request, "organizations/membership_end.html", context)


def _memberships(request: AuthenticatedHttpRequest) -> MembershipQuerySet:
    return Membership.objects.visible_to(request.user).select_related("user", "organization")


def _name(request: AuthenticatedHttpRequest, membership: Membership) -> str:
    return shown_as(membership.user, named_for(request.user, [membership.user_id]))
