"""Signing in; a form sent after the session has expired is kept and offered again.

Somebody who typed for an hour presses «Сохранить», and the session is over. The page that asks for
the password carries what was typed in hidden fields; after signing in one button sends it on. The
same where the person has signed in again in another window meanwhile: the form is stale then, and
what was typed is offered with the usual button, never sent by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters


class SignInForm(AuthenticationForm):
    """E-mail and password."""

    error_messages = {
        "invalid_login": _(
            "The e-mail and the password do not match. Check the keyboard layout and CapsLock; a "
            "forgotten password is reissued by the coordinator of your organisation."
        ),
        "inactive": _("This account is deactivated."),
    }


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Closed by default: without a session there is the sign-in page, and nothing typed is lost."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know only the redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Send a reader to the sign-in page; keep what a writer has sent."""
        if request.method == "POST":
            return sign_in_first(request, request.get_full_path(), typed_data(request), 401)
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer a form without a valid token (``CSRF_FAILURE_VIEW``).

    A page of ours that was stale offers what was typed again. A foreign site might as well have
    sent it: its forms are refused without an offer.
    """
    path, data = request.get_full_path(), typed_data(request)
    if request.path == reverse("organizations:sign_in"):
        path = request.POST.get("resume_path", "")
        data = request.POST.get("resume_data", "")
    fields = kept_data(data)
    if not (is_from_here(request) and fields and is_local(path)):
        return render(request, "403_csrf.html", status=403)
    if request.user.is_authenticated:
        return offer_again(request, path, fields, 403)
    return sign_in_first(request, path, data, 403)


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether the browser says that the request comes from a page of this site."""
    origin = request.headers.get("Origin")
    if origin is None:
        parts = urlsplit(request.headers.get("Referer", ""))
        origin = f"{parts.scheme}://{parts.netloc}"
    return origin == f"{request.scheme}://{request.get_host()}"


def is_local(path: str) -> bool:
    """Tell whether the address is a path of this site."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def sign_in_first(request: HttpRequest, path: str, data: str, status: int) -> HttpResponse:
    """Show the sign-in page with what was typed in hidden fields."""
    context = {"form": SignInForm(request), "next": "", "expired": True}
    context |= {"resume_path": path, "resume_data": data}
    return _whole(request, render(request, SignInView.template_name, context, status=status))


def offer_again(
    request: HttpRequest, path: str, fields: list[tuple[str, str]], status: int = 200
) -> HttpResponse:
    """Show a button that sends what was typed to where it was going."""
    context = {"resume_path": path, "fields": fields}
    response = render(request, "organizations/sign_in_resume.html", context, status=status)
    return _whole(request, response)


def _whole(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    # What was typed must not stay in the computer of a library or a staff room.
    add_never_cache_headers(response)
    # htmx would put the page where its target stood, and ignores 4xx: say where it belongs.
    if request.headers.get("HX-Request"):
        response.status_code = 200
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
        response["HX-Reswap"] = "outerHTML"
    return response


def typed_data(request: HttpRequest) -> str:
    """Return the fields of the form as sent, as JSON pairs; files cannot be kept so."""
    pairs = [[name, value] for name, values in request.POST.lists() for value in values]
    return json.dumps(_worth_keeping(pairs), ensure_ascii=False)


def kept_data(text: str) -> list[tuple[str, str]]:
    """Return the pairs of ``typed_data``; anything else gives none."""
    try:
        return [(str(name), str(value)) for name, value in _worth_keeping(json.loads(text))]
    except (ValueError, TypeError):
        return []


def _worth_keeping(pairs: Any) -> list[Any]:
    # A password is never written into a page.
    return [
        (name, value)
        for name, value in pairs
        if name != "csrfmiddlewaretoken" and "password" not in str(name).lower()
    ]


@method_decorator([login_not_required, sensitive_post_parameters("password")], name="dispatch")
class SignInView(LoginView):
    """Signs a person in, and offers the form that the expired session interrupted."""

    template_name = "organizations/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Offer the interrupted form also to those who have signed in elsewhere meanwhile."""
        path, fields = self._interrupted()
        if fields and request.user.is_authenticated:
            return offer_again(request, path, fields)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carry the interrupted form through a mistyped password."""
        kept = {name: self.request.POST.get(name, "") for name in ("resume_path", "resume_data")}
        return super().get_context_data(**{"expired": bool(kept["resume_path"]), **kept, **kwargs})

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in; go on to the page asked for, or show the interrupted form."""
        path, fields = self._interrupted()
        if not fields:
            return super().form_valid(form)
        login(self.request, form.get_user())
        return offer_again(self.request, path, fields)

    def _interrupted(self) -> tuple[str, list[tuple[str, str]]]:
        path = self.request.POST.get("resume_path", "")
        fields = kept_data(self.request.POST.get("resume_data", ""))
        return path, fields if is_local(path) else []
