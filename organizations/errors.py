"""Error pages that say what to do next. 404 and 500 are plain templates of their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show the sentence of the refusal (``organizations.permissions.require``)."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)
