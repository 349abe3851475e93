"""A request whose person is known, so that views type-check."""

from django.http import HttpRequest

from organizations.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """What every view behind the sign-in receives."""

    user: User  # anonymous people never get here
