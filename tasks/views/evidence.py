"""Evidence files: served to those who see the task, as what they are, and never run."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organizations.http import AuthenticatedHttpRequest
from resolutions.filing import serve
from tasks.evidence import SHOWN_IN_BROWSER, stored_path
from tasks.models import Evidence

logger = logging.getLogger(__name__)


@require_safe
def evidence_file(request: AuthenticatedHttpRequest, pk: int) -> FileResponse:
    """Serve a file; pictures may be shown by the browser, everything else is only saved."""
    files = Evidence.objects.visible_to(request.user).exclude(sha256="")
    evidence = get_object_or_404(files, pk=pk)
    shown = evidence.content_type in SHOWN_IN_BROWSER
    try:
        return serve(
            stored_path(evidence.sha256), evidence.name, evidence.content_type, shown=shown
        )
    except FileNotFoundError:
        logger.exception("The file of evidence %s is not in the store", evidence.pk)
        raise Http404 from None
