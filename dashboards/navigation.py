"""The one navigation: what a person's roles open, in the order of their work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import User
from organizations.roles import CONTROLLING_ROLES, Role
from tasks.review import waiting_number


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation."""

    url: str
    label: str | Promise
    current: bool
    count: int = 0  # what waits there for the person


# (URL name, label, roles that see it)
PAGES = (
    ("tasks:my_organization", _("My tasks"), (Role.EXECUTOR,)),
    ("dashboards:overview", _("Overview"), CONTROLLING_ROLES),
    ("dashboards:overdue_list", _("Overdue"), CONTROLLING_ROLES),
    ("tasks:review_queue", _("Awaiting acceptance"), (Role.COORDINATOR, Role.METHODIST)),
    ("tasks:resolution_list", _("Resolutions"), tuple(Role)),
    ("tasks:task_list", _("Tasks"), CONTROLLING_ROLES),
    ("organizations:organization_list", _("Organizations"), tuple(Role)),
    ("dashboards:summary", pgettext_lazy("of execution", "Summary"), CONTROLLING_ROLES),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the links of the navigation, where it begins, the theme chosen."""
    theme = request.COOKIES.get("theme", "")
    context: dict[str, Any] = {"theme": theme if theme in ("light", "dark") else "", "nav": []}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return context
    # Lazy: the administration and bare pages have no navigation, and pay for no count.
    context["nav"] = SimpleLazyObject(lambda: entries_of(user, request.path))
    # Not the bare address, which would ask who it is once more to lead there: 6 ms.
    context["start"] = SimpleLazyObject(lambda: start_url(user))
    return context


def entries_of(user: User, path: str) -> list[Entry]:
    """Return the links of the navigation on one page; three queries at most, for who decides."""
    held = user.reach.roles()
    found = [(name, reverse(name), label) for name, label, roles in PAGES if held & set(roles)]
    best = max((url for _name, url, _label in found if path.startswith(url)), key=len, default="")
    return [
        Entry(
            url,
            label,
            url == best,
            waiting_number(user) if name == "tasks:review_queue" else 0,
        )
        for name, url, label in found
    ]


def start_url(user: User) -> str:
    """Return the address of the start page: the one chosen, else that of the first role held."""
    held = user.reach.roles()
    if not held:
        return reverse("admin:index") if user.is_staff else reverse("organizations:profile")
    role = user.start_role if user.start_role in held else next(r for r in Role if r in held)
    return reverse(
        {
            Role.COORDINATOR: "dashboards:overview",
            Role.METHODIST: "dashboards:overdue_list",
            Role.OBSERVER: "dashboards:overview",
            Role.EXECUTOR: "tasks:my_organization",
        }[Role(role)]
    )
