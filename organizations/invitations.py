"""Inviting people, changing and ending their roles, and the links with which they set a password.

A link needs no e-mail: it can be sent, printed or told. It is Django's own one-time token for a
new password, so it dies when the password is set, when the person signs in, and after
``PASSWORD_RESET_TIMEOUT``. The giver is part of it: it opens only as long as the giver might issue
it anew, so that a role given later elsewhere does not come along with an old link.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from organizations.models import Membership, Organization, User
from organizations.permissions import people_to_invite

NO_SIGN_IN = Q(last_login=None) | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
# As Django's own log says what was added; the administration translates it when shown.
LINK_ISSUED: list[dict[str, Any]] = [{"added": {"name": "sign-in link", "object": "-"}}]


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens of links given by one person."""

    key_salt = "organizations.invitations.LinkTokens"

    def __init__(self, giver_id: int) -> None:
        super().__init__()
        self.giver_id = giver_id

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{self.giver_id}"


@dataclass(frozen=True, slots=True)
class Link:
    """An address with which one person sets a password, until the day it still works."""

    person: User
    address: str
    until: date


def invite(
    organization: Organization, email: str, roles: Iterable[str], **names: str
) -> tuple[User, bool]:
    """Give a person roles at the organisation; return them and whether they need a link now.

    A person known by the e-mail keeps their names: they are not the inviter's to change.
    """
    with transaction.atomic():
        person, is_new = User.objects.get_or_create(email=email, defaults=names)
        held = Membership.objects.filter(user=person).not_ended(timezone.localdate())
        needs_link = is_new or loses_password(person, acts=held.exists())
        if needs_link:
            person.set_unusable_password()
            person.save(update_fields=["password"])
        for role in roles:
            give_role(person, organization, role)
    return person, needs_link


def loses_password(person: User, *, acts: bool) -> bool:
    """Tell whether a role given now takes the known person's password (and sessions) away.

    Anybody's e-mail can be invited, and whoever follows the link sets the password: a coordinator
    elsewhere could have done it for themselves and ended the role. So the password of somebody
    without any role (``acts``) proves nothing, and a new link does. Administrators keep theirs.
    """
    return not (acts or person.is_staff or person.is_superuser)


def change_role(membership: Membership, role: str) -> bool:
    """End the role and give the other instead, as of today; False where it has ended already."""
    with transaction.atomic():
        if not end_role(membership):
            return False
        give_role(membership.user, membership.organization, role)
        return True


def give_role(person: User, organization: Organization, role: str) -> None:
    """Give a person a role for good; nothing happens where somebody was faster."""
    Membership.objects.get_or_create(user=person, organization=organization, role=role, until=None)


def end_role(membership: Membership) -> bool:
    """End the role as of today; False where somebody was faster."""
    today = timezone.localdate()
    with transaction.atomic():
        held = Membership.objects.not_ended(today).filter(pk=membership.pk)
        current = held.select_for_update(no_key=True).first()
        if current is None:
            return False
        # A role that would begin later never began: its end may not stand before its beginning.
        current.until = max(today, current.since)
        current.save()
        return True


def never_signed_in(giver: User, organization: Organization) -> QuerySet[User]:
    """Return those here and below who never came in, and whom the giver may invite."""
    today = timezone.localdate()
    below = Organization.objects.subtree_of(organization)
    roles = Membership.objects.not_ended(today).filter(organization__in=below)
    return (
        people_to_invite(giver)
        .filter(NO_SIGN_IN, pk__in=roles.values("user"))
        .prefetch_related(
            Prefetch(
                "memberships",
                Membership.objects.not_ended(today).select_related("organization__municipality"),
            )
        )
        .order_by("surname", "name", "patronymic", "pk")
    )


def issue_links(giver: User, people: Iterable[User], request: HttpRequest) -> list[Link]:
    """Make a link for each, and record who gave it to whom; the caller has checked rights."""
    tokens = LinkTokens(giver.pk)
    until = timezone.localdate() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    links = []
    for person in people:
        parts = [giver.pk, urlsafe_base64_encode(force_bytes(person.pk)), tokens.make_token(person)]
        path = reverse("organizations:link_follow", args=parts)
        links.append(Link(person, request.build_absolute_uri(path), until))
    LogEntry.objects.log_actions(
        giver.pk, [link.person for link in links], CHANGE, change_message=LINK_ISSUED
    )
    return links


def links_issued(people: Iterable[int]) -> QuerySet[LogEntry]:
    """Return the records of links given to the people (by their keys): who, to whom, when."""
    return LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User),
        object_id__in=[str(key) for key in people],
        change_message=json.dumps(LINK_ISSUED),
    ).select_related("user")


def send_link(link: Link, giver: User, site: str) -> None:
    """Send the link to the person by e-mail."""
    context = {"link": link, "giver": giver, "site": site}
    send_mail(
        subject=_("Your link to set a password in “Resolutions”"),
        message=render_to_string("organizations/mail/invitation.txt", context),
        from_email=None,
        recipient_list=[link.person.email],
    )
