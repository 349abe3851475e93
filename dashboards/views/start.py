"""Where the day of each person begins."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from dashboards.navigation import start_url
from organizations.http import AuthenticatedHttpRequest


def start(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Send everybody to the page their day begins with."""
    return redirect(start_url(request.user))
