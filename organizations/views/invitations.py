"""Links with which people set their passwords: giving one, a printed sheet of many, following."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from organizations.invitations import LinkTokens, issue_links, never_signed_in, send_link
from organizations.models import Membership, Organization, User
from organizations.names import named_for, shown_as
from organizations.permissions import (
    may_create_organizations,
    may_edit_organization,
    may_issue_link,
    require,
)
from organizations.roles import Role

PAGE = 50


@require_POST
@never_cache
def link_issue(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Give a person a link: show it once, or send it by e-mail. ``pk`` is of their membership."""
    seen = Membership.objects.visible_to(request.user).select_related("user", "organization")
    membership = get_object_or_404(seen, pk=pk)
    require(may_edit_organization(request.user, membership.organization))
    require(may_issue_link(request.user, membership.user))
    (link,) = issue_links(request.user, [membership.user], request)
    if "send" not in request.POST:
        # Shown in answer to the POST and nowhere else: a link has no place in an address.
        name = shown_as(membership.user, named_for(request.user, [membership.user_id]))
        context = {"link": link, "membership": membership, "person": name, "site": site_of(request)}
        return render(request, "organizations/link_issue.html", context)
    try:
        send_link(link, request.user, site_of(request))
    except (SMTPException, OSError):
        messages.error(
            request,
            _("The letter could not be sent. Issue the link and copy or print it instead."),
        )
    else:
        messages.success(
            request, _("The link is sent to %(email)s.") % {"email": membership.user.email}
        )
    return redirect(f"{membership.organization.get_absolute_url()}#people")


@never_cache
def invitation_sheet(request: AuthenticatedHttpRequest, pk: int | None = None) -> HttpResponse:
    """Say who has never signed in here and below; when asked, make a sheet with a link for each.

    Without ``pk`` at the first organisation that the person coordinates.
    """
    if pk is None:
        require(may_create_organizations(request.user))
        places = request.user.reach.places
        place = next(each for each in places if each.role == Role.COORDINATOR)
        return redirect("organizations:invitation_sheet", pk=place.organization_id)
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    require(may_edit_organization(request.user, organization))
    people = never_signed_in(request.user, organization)
    context: dict[str, Any] = {"organization": organization, "site": site_of(request)}
    if request.method == "POST":
        links = issue_links(request.user, sorted(people, key=_place), request)
        return render(request, "organizations/invitation_print.html", {**context, "links": links})
    today = timezone.localdate()
    below = Organization.objects.subtree_of(organization).open_on(today)
    context["page"] = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context["organizations"] = below.count()
    return render(request, "organizations/invitation_sheet.html", context)


def _place(person: User) -> tuple[str, str, str]:
    """Sort the sheets as they are handed out: by municipality, organisation, person."""
    organization = min(person.memberships.all(), key=lambda each: each.pk).organization
    return str(organization.municipality or ""), organization.name, person.get_full_name()


def site_of(request: HttpRequest) -> str:
    """Return the address of this site, as people type it."""
    return request.build_absolute_uri("/")


@method_decorator(login_not_required, name="dispatch")
class LinkFollowView(PasswordResetConfirmView):
    """Sets the password of whoever holds a living link, signs in and opens the start page."""

    template_name = "organizations/link_follow.html"
    success_url = reverse_lazy("dashboards:start")
    post_reset_login = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Check tokens of the giver named in the address."""
        super().setup(request, *args, **kwargs)
        self.token_generator = LinkTokens(kwargs["giver"])

    def get_user(self, uidb64: str) -> User | None:
        """Return the person, if the giver might still give them a link."""
        person = super().get_user(uidb64)
        giver = User.objects.filter(pk=self.kwargs["giver"], is_active=True).first()
        if not (isinstance(person, User) and giver and may_issue_link(giver, person)):
            return None
        return person
