"""Documents: uploading or pasting one, those in work, the file as it came, the draft made of it."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.http import AuthenticatedHttpRequest
from organizations.permissions import require
from resolutions.document_forms import DocumentForm
from resolutions.documents import SourceDocument
from resolutions.filing import serve
from resolutions.importing import OutlineError
from resolutions.permissions import may_create_resolutions
from resolutions.reading import path_of, receive
from resolutions.review_page import review_of
from resolutions.reviewing import DocumentChanged, make_draft, set_aside
from resolutions.views.editing import editor_url, seen_version

logger = logging.getLogger(__name__)
PER_PAGE = 30


def document_for(request: AuthenticatedHttpRequest, pk: int) -> SourceDocument:
    """Fetch a document the person may see, which is whoever may work on it; 404 for all others."""
    rows = SourceDocument.objects.editable_by(request.user)
    return get_object_or_404(
        rows.select_related("issuer", "resolution", "uploaded_by", "changed_by"), pk=pk
    )


def document_create(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Take a file or a text, read it, and lead to the page where it is checked."""
    require(may_create_resolutions(request.user))
    sent = request.method == "POST"
    form = DocumentForm(
        request.POST if sent else None, request.FILES if sent else None, person=request.user
    )
    if sent and form.is_valid():
        document, is_new = receive(
            form.cleaned_data["content"], form.cleaned_data["issuer"], request.user
        )
        if not is_new and not document.refusal:
            messages.info(
                request,
                _("This file was uploaded before, as “%(name)s”. Here it is, as far as it has got.")
                % {"name": document.name},
            )
        # A pasted text that cannot be read stays in the form; a file is kept with the reason.
        if not (document.refusal and form.cleaned_data["text"].strip()):
            return redirect(document)
        form.add_error("text", document.refused_because)
    return render(request, "resolutions/document_create.html", {"form": form})


@require_safe
def document_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the documents in work; with ``?aside`` those set aside."""
    require(may_create_resolutions(request.user))
    rows = SourceDocument.objects.editable_by(request.user).in_brief()
    aside = "aside" in request.GET
    shown = rows.filter(resolution=None, set_aside_at__isnull=False) if aside else rows.in_work()
    page = Paginator(shown.select_related("issuer", "changed_by"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "resolutions/document_list.html", {"page": page, "aside": aside})


@require_safe
def document_file(request: AuthenticatedHttpRequest, pk: int) -> FileResponse:
    """Give the document as it came."""
    document = document_for(request, pk)
    try:
        return serve(path_of(document), document.name, document.content_type)
    except FileNotFoundError:
        logger.exception("The file of document %s is not in the store", document.pk)
        raise Http404 from None


@require_POST
def document_set_aside(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take a document out of those in work, or put it back (``back``)."""
    document = document_for(request, pk)
    try:
        set_aside(document, request.user, seen_version(request), "back" not in request.POST)
    except DocumentChanged as news:
        tell(request, news.document)
        return redirect(document)
    if "back" in request.POST:
        return redirect(document)
    messages.success(request, _("“%(name)s” is set aside.") % {"name": document.name})
    return redirect("resolutions:document_list")


@require_POST
def document_draft(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Make the draft, and go on to whom it is sent; a second press leads to the first's draft."""
    document = document_for(request, pk)
    if not document.refusal and review_of(document, request.user, timezone.localdate()).unplaced:
        messages.warning(
            request, _("Some of the text is not placed yet. Say what it is, then make the draft.")
        )
        return redirect(document)
    try:
        resolution = make_draft(document, request.user, seen_version(request))
    except DocumentChanged as news:
        if made := getattr(news.document, "resolution", None):
            return redirect(editor_url(made) if made.is_draft else made)
        tell(request, news.document)
        return redirect(document)
    except OutlineError as refused:
        messages.warning(
            request,
            _("The draft cannot be made: %(reason)s (%(place)s)")
            % {"reason": refused.reason, "place": refused.place},
        )
        return redirect(document)
    messages.success(request, _("The draft is made. Look through it and send it to the executors."))
    return redirect(editor_url(resolution))


def tell(request: AuthenticatedHttpRequest, document: SourceDocument) -> None:
    """Say that somebody changed the document, or made the draft, while the person looked at it."""
    if hasattr(document, "resolution"):
        messages.warning(request, _("The draft of this document has been made already."))
        return
    messages.warning(
        request,
        _("%(who)s has changed this document meanwhile. Here it is as it stands now.")
        % {"who": document.changed_by.get_short_name()},
    )
