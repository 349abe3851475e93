"""Which resolutions a person sees.

It stands here and not with the resolutions, because an executor sees a resolution through tasks.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from organizations.models import User
from organizations.roles import CONTROLLING_ROLES
from resolutions.models import Resolution, ResolutionQuerySet
from tasks.counting import countable
from tasks.progress import resolution_of


def visible_resolutions(user: User) -> ResolutionQuerySet:
    """Return what the person may read whole; figures on it stay within their own reach.

    Those whose issuer the person controls (drafts: coordinates), and those sent of which the
    person sees a task.
    """
    return Resolution.objects.issued_within_reach_of(user) | visible_sent_resolutions(user)


def visible_sent_resolutions(user: User) -> ResolutionQuerySet:
    """Return those of ``visible_resolutions`` that can have tasks."""
    own = countable(user)
    own = own.filter(**{resolution_of(own): OuterRef("pk")})
    issued = user.reach.q("issuer", CONTROLLING_ROLES)
    return Resolution.objects.exclude(status=Resolution.Status.DRAFT).filter(
        issued | Q(Exists(own))
    )
