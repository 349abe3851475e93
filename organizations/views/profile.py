"""A person's own page: name, start page, password, and the theme of the pages."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Membership, User
from organizations.roles import Role

YEAR = 365 * 24 * 3600


class ProfileForm(forms.ModelForm[User]):
    """What a person may change about themselves; the e-mail is the login and stays."""

    class Meta:
        model = User
        fields = ["surname", "name", "patronymic", "position", "start_role"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        held = self.instance.reach.roles()
        choices = [("", _("By my first role"))]
        choices += [(role.value, str(role.label)) for role in Role if role in held]
        self.fields["start_role"] = forms.ChoiceField(
            label=_("Start page"), choices=choices, required=False
        )


def profile(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show and change one's own name, position and start page."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        # Not all of the row: a password taken away meanwhile (``invite``) must not come back.
        form.instance.save(update_fields=ProfileForm.Meta.fields)
        messages.success(request, _("Saved."))
        return redirect("organizations:profile")
    memberships = (
        Membership.objects.filter(user=request.user)
        .active(timezone.localdate())
        .select_related("organization")
    )
    return render(request, "organizations/profile.html", {"form": form, "memberships": memberships})


@require_POST
@login_not_required
def theme_choose(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie; without one the pages follow the system."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    theme = request.POST.get("theme", "")
    if theme in ("light", "dark"):
        response.set_cookie(
            "theme", theme, max_age=YEAR, samesite="Lax", secure=settings.PRODUCTION, httponly=True
        )
    else:
        response.delete_cookie("theme")
    return response


class PasswordView(SuccessMessageMixin[PasswordChangeForm], PasswordChangeView):
    """Change one's own password; other browsers of the person are signed out."""

    template_name = "organizations/password_change.html"
    success_url = reverse_lazy("organizations:profile")
    success_message = gettext_lazy("The password is changed.")
