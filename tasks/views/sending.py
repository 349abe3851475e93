"""The sending of many tasks, told while it goes on: a page that grows, without any script.

A page that asked for progress would need the progress stored outside the transaction, which SQLite
cannot do: it has one writer. Here the answer to the button itself is the progress: a line for each
recommendation, and at the end what came of it. The transaction stays one.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from organizations.http import AuthenticatedHttpRequest
from resolutions.drafting import ChangedMeanwhile
from resolutions.models import Resolution
from tasks.assignment import AlreadySent, NotSendable, sending

# What takes longer than about a second.
MANY = 5_000
MARKER = "<!-- progress -->"


def is_long(request: AuthenticatedHttpRequest) -> bool:
    """Tell whether so many tasks were shown that the person is told how far it is."""
    count = request.POST.get("tasks", "")
    return count.isdecimal() and len(count) < 10 and int(count) > MANY


def send_and_tell(
    request: AuthenticatedHttpRequest, resolution: Resolution
) -> StreamingHttpResponse:
    """Answer with a page that grows while the resolution is being sent."""
    context = {"resolution": resolution, "marker": MARKER, "count": int(request.POST["tasks"])}
    page = render_to_string("tasks/resolution_sending.html", context, request)
    above, below = page.split(MARKER)
    language = translation.get_language()
    lines = _told(above, _lines(request, resolution), below, language)
    response = StreamingHttpResponse(lines)
    # Neither the compression nor a proxy may keep the lines until there are enough of them.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store"
    return response


def _told(above: str, lines: Iterator[str], below: str, language: str) -> Iterator[str]:
    try:
        yield above
        with translation.override(language):
            for line in lines:  # noqa: UP028  # "yield from" would end them with the reader
                yield line
        yield below
    finally:
        # The reader has left before the end: what was begun is finished all the same.
        with translation.override(language):
            for _line in lines:
                pass


def _lines(request: AuthenticatedHttpRequest, resolution: Resolution) -> Iterator[str]:
    created = 0
    refused = ""
    reasons: list[str] = []
    try:
        for progress in sending(resolution, request.user, shown=request.POST.get("shown", "")):
            created = progress.created
            yield render_to_string("tasks/_sending_line.html", {"progress": progress})
    except AlreadySent:
        refused = "sent"
    except ChangedMeanwhile:
        refused = "changed"
    except NotSendable as refusal:
        refused, reasons = "faulty", refusal.reasons
    context = {"resolution": resolution, "created": created, "refused": refused, "reasons": reasons}
    yield render_to_string("tasks/_sending_end.html", context)
