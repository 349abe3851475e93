"""Groups of organisations: rules that name a set, with what they mean today."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.forms import GroupForm
from organizations.groups import group_members
from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization, OrganizationGroup
from organizations.permissions import may_create_groups, may_edit_group, require
from organizations.roles import Role

PAGE = 50


def group_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the groups kept within the reader's reach, each with how many it means today.

    The number is that of the organisations the reader sees, like the list it leads to; who may
    change the rule sees besides how many there are in all.
    """
    rows = OrganizationGroup.objects.visible_to(request.user).select_related("owner", "within")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    meant = group_members(page.object_list, timezone.localdate())
    visible = Organization.objects.visible_to(request.user)
    seen = set(visible.filter(pk__in=set().union(*meant.values())).values_list("pk", flat=True))
    context = {
        "page": page,
        "groups": [
            (
                group,
                len(meant[group.pk] & seen),
                len(meant[group.pk]) if may_edit_group(request.user, group) else None,
                kind_labels(group),
            )
            for group in page
        ],
        "may_create": bool(may_create_groups(request.user)),
    }
    return render(request, "organizations/group_list.html", context)


def group_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show the rule of a group and the organisations it means today."""
    visible = OrganizationGroup.objects.visible_to(request.user)
    group = get_object_or_404(visible.select_related("owner", "within"), pk=pk)
    meant = group_members([group], timezone.localdate())[group.pk]
    seen = Organization.objects.visible_to(request.user)
    rows = seen.filter(pk__in=meant).select_related("municipality", "parent")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    may_edit = bool(may_edit_group(request.user, group))
    context = {
        "group": group,
        "kinds": kind_labels(group),
        "number": page.paginator.count,
        "whole": len(meant) if may_edit else None,
        "page": page,
        "members": seen.filter(pk__in=group.members.values("pk")),
        "exclusions": seen.filter(pk__in=group.exclusions.values("pk")),
        "within_seen": seen.filter(pk=group.within_id or 0).exists(),
        "may_edit": may_edit,
    }
    return render(request, "organizations/group_detail.html", context)


def group_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Make a group; it is kept by the first organisation that the person coordinates."""
    require(may_create_groups(request.user))
    place = next(each for each in request.user.reach.places if each.role == Role.COORDINATOR)
    initial = {"owner": place.organization_id, "within": place.organization_id}
    form = GroupForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        group = form.save()
        messages.success(request, _("The group is made."))
        return redirect("organizations:group_detail", pk=group.pk)
    return render(request, "organizations/group_create.html", {"form": form})


def group_update(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change the rule; resolutions that are sent already keep the tasks they made."""
    visible = OrganizationGroup.objects.visible_to(request.user)
    group = get_object_or_404(visible.select_related("owner"), pk=pk)
    require(may_edit_group(request.user, group))
    name = group.name
    form = GroupForm(request.POST or None, instance=group, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organizations:group_detail", pk=pk)
    return render(
        request, "organizations/group_update.html", {"form": form, "name": name, "pk": pk}
    )


def kind_labels(group: OrganizationGroup) -> list[str]:
    """Return the kinds of the rule in words."""
    return [str(Organization.Kind(kind).label) for kind in group.kinds]
