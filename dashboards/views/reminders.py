"""Reminding of what is overdue: whom a reminder reaches (GET), and the reminding (POST)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.forms import ReminderForm
from dashboards.views.overdue import overdue_filter, url_with
from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization
from organizations.permissions import require
from tasks.filters import list_url
from tasks.permissions import REMINDING_ROLES, may_remind
from tasks.querysets import TaskQuerySet
from tasks.reminders import Addressee, Round, prepare, remind

LONGEST_KEY = 19  # digits; more is no key of the database
NAMED = 10  # how many organisations a message names
SHOWN = 200  # how many organisations the page names


def reminder_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Ask for words and show whom a reminder reaches; then remind, each organisation once a day.

    The address chooses: the conditions of «Просрочено», and organisations ticked there, if any.
    """
    require(may_remind(request.user))
    today = timezone.localdate()
    filterset = overdue_filter(request)
    back = url_with(reverse("dashboards:overdue_list"), filterset.query())
    keys = _ticked(request)
    if not keys and "ticked" in request.GET:
        messages.warning(request, _("No organization was ticked, so nobody is reminded."))
        return redirect(back)
    chosen = _chosen(request, filterset.late(today), keys)
    form = ReminderForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _tell(request, remind(request.user, chosen, form.cleaned_data["words"]))
        return redirect(back)
    found = prepare(request.user, chosen, today)
    context = {
        "form": form,
        "round": found,
        "letters": [
            # All that is overdue there, whatever chose the organisation: so the letter tells of it.
            (each, list_url(state="overdue", executor=each.organization.pk))
            for each in found.reached[:SHOWN]
        ],
        "filter": filterset,
        "back": back,
    }
    return render(request, "dashboards/reminder_create.html", context)


def _ticked(request: AuthenticatedHttpRequest) -> set[int]:
    """Return the keys of the organisations named in the address; a word instead of one is 404."""
    named = request.GET.getlist("executor")
    if not all(key.isascii() and key.isdecimal() and len(key) < LONGEST_KEY for key in named):
        raise Http404
    return set(map(int, named))


def _chosen(request: AuthenticatedHttpRequest, late: TaskQuerySet, keys: set[int]) -> TaskQuerySet:
    """Return the overdue tasks whose executors are to be reminded, or refuse what is not seen."""
    if not keys:
        return late
    seen = Organization.objects.in_reach_of(request.user).filter(pk__in=keys)
    if seen.count() != len(keys):
        raise Http404
    if not seen.filter(request.user.reach.q("", REMINDING_ROLES)).exists():
        raise PermissionDenied(_("You only look at these organizations: others remind them."))
    return late.filter(executor__in=keys)


def _tell(request: AuthenticatedHttpRequest, done: Round) -> None:
    if done.reached:
        said = ngettext(
            "%(count)s organization is reminded; overdue tasks in the letters: %(tasks)s.",
            "%(count)s organizations are reminded; overdue tasks in the letters: %(tasks)s.",
            len(done.reached),
        )
        messages.success(request, said % {"count": len(done.reached), "tasks": done.tasks})
    left: list[tuple[list[Addressee], Any]] = [
        (done.reminded, _("Reminded today already, so left out: %(names)s.")),
        (done.unreachable, _("Left out, because there is nobody to write to: %(names)s.")),
    ]
    for addressees, sentence in left:
        if addressees:
            names = ", ".join(str(each.organization) for each in addressees[:NAMED])
            more = len(addressees) - NAMED
            if more > 0:
                rest = ngettext("and %(count)s more", "and %(count)s more", more)
                names += " " + rest % {"count": more}
            messages.warning(request, sentence % {"names": names})
    if done.is_empty:
        messages.info(request, _("Nothing of this is overdue any more: nobody had to be reminded."))
