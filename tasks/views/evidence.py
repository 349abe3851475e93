"""Evidence files: served to those who see the task, as what they are, and never run."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organizations.http import AuthenticatedHttpRequest
from tasks.evidence import SHOWN_IN_BROWSER, stored_path
from tasks.models import Evidence

logger = logging.getLogger(__name__)


@require_safe
def evidence_file(request: AuthenticatedHttpRequest, pk: int) -> FileResponse:
    """Serve a file; pictures may be shown by the browser, everything else is only saved."""
    files = Evidence.objects.visible_to(request.user).exclude(sha256="")
    evidence = get_object_or_404(files, pk=pk)
    try:
        content = default_storage.open(stored_path(evidence.sha256))
    except FileNotFoundError:
        logger.exception("The file of evidence %s is not in the store", evidence.pk)
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=evidence.content_type not in SHOWN_IN_BROWSER,
        filename=evidence.name,
        content_type=evidence.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
