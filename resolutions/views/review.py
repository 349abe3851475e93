"""Checking how a document was read: the page, its acts, whom the addressees mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from organizations.http import AuthenticatedHttpRequest
from resolutions.document_forms import AddresseeForm
from resolutions.documents import SourceDocument
from resolutions.inspector import inspector
from resolutions.matching import Meant, addressee_key, chosen
from resolutions.reading import outline_of
from resolutions.recognition import acts
from resolutions.recognition.acts import Impossible, Reason
from resolutions.recognition.structure import Marking, Role
from resolutions.review_page import place_of, problems_in, review_of
from resolutions.reviewing import (
    DocumentChanged,
    choose,
    marking_in,
    perform,
    remembered_for,
    step_back,
    step_on,
)
from resolutions.views.documents import document_for, tell
from resolutions.views.editing import seen_version

REASONS = {
    Reason.NO_SUCH_PLACE: gettext_lazy("This cannot be done at this place."),
    Reason.NOTHING_BEFORE: gettext_lazy("Nothing stands before the first paragraph."),
    Reason.NO_STEP: gettext_lazy("There is no step further on this ladder."),
    Reason.NO_WORDS: gettext_lazy("These words do not stand in the paragraph: copy them from it."),
}
LONGEST_WORDS = 500  # letters of a deadline, a responsible, an addressee
_PLACE = re.compile(r"[0-9]{1,6}-[0-9]{1,7}")
_NUMBER = re.compile(r"[0-9]{1,7}")


@require_safe
def document_review(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show the paper beside what becomes of it; ``?at=`` names the piece that is looked at."""
    document = document_for(request, pk)
    return _page(request, document)


def _page(
    request: AuthenticatedHttpRequest,
    document: SourceDocument,
    form: AddresseeForm | None = None,
    place: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {"document": document}
    if document.refusal:
        return render(request, "resolutions/document_refused.html", context)
    review = review_of(document, request.user, timezone.localdate())
    asked = place or request.GET.get("at", "")
    row = review.at(asked if _PLACE.fullmatch(asked) else "")
    made = getattr(document, "resolution", None)
    panel = row and inspector(document, review, row, request.user, form)
    known = (panel and panel.item and panel.item.deadline_text) or ""
    context |= {
        "review": review,
        "made": made,
        "row": row,
        "inspector": panel,
        "words": request.GET.get("words", "")[:LONGEST_WORDS] or known,
        # One piece after another is looked at: the page need not come whole each time.
        "only_inspector": request.htmx.target == "inspector",  # type: ignore[attr-defined]
    }
    return render(request, "resolutions/document_review.html", context)


@require_POST
def document_act(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Do one act of the review, save it, and show the page anew."""
    document = document_for(request, pk)
    name, _colon, value = request.POST.get("act", "").partition(":")
    index = _number(request, "piece")
    place, more = request.POST.get("place", ""), {}
    try:
        if name == "undo":
            touched = step_back(document, request.user, seen_version(request))
        elif name == "redo":
            touched = step_on(document, request.user, seen_version(request))
        else:
            act = _act(request, name, value, index)
            touched = perform(document, request.user, seen_version(request), act)
        place = _place_after(document, name, touched, index)
    except DocumentChanged as news:
        tell(request, news.document)
    except Impossible as refused:
        messages.warning(request, str(REASONS[refused.reason]))
        if refused.reason is Reason.NO_WORDS:
            more = {"words": request.POST.get("words", "")[:LONGEST_WORDS]}
    return _shown_at(document, place, **more)


@require_POST
def document_audience(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say whom an addressee means: one of the offers, one's own choice, or all as last time."""
    document = document_for(request, pk)
    place = request.POST.get("place", "")
    outline = outline_of(marking_in(document))
    nominative = request.POST.get("nominative", "")
    if "all" in request.POST:
        meant = remembered_for(document, request.user, outline)
    elif addressee_key(nominative) not in {addressee_key(a.nominative) for a in outline.addressees}:
        messages.warning(request, _("There is no such addressee any more."))
        return _shown_at(document, place)
    elif offer := request.POST.get("offer"):
        found = chosen(offer, nominative, issuer=document.issuer, person=request.user)
        if found is None:
            messages.warning(request, _("This is no longer to be chosen. Choose again."))
            return _shown_at(document, place)
        meant = {nominative: found}
    else:
        before = Meant.of(document.audiences.get(addressee_key(nominative)))
        form = AddresseeForm(request.POST, person=request.user, meant=before)
        if not form.is_valid():
            return _page(request, document, form, place)
        meant = {nominative: form.meant()}
    try:
        choose(document, request.user, seen_version(request), meant)
    except DocumentChanged as news:
        tell(request, news.document)
    return _shown_at(document, place)


def _act(
    request: AuthenticatedHttpRequest, name: str, value: str, index: int
) -> Callable[[Marking], Marking]:
    """Return the act that a button of the page names."""
    if name == "role" and value in Role.__members__:
        return lambda marking: acts.set_role(marking, index, Role(value))
    if name == "words" and value in (Role.DEADLINE, Role.RESPONSIBLE, Role.ADDRESSEE):
        return lambda marking: _mark(request, marking, index, Role(value))
    if name == "split":
        return lambda marking: acts.split(marking, index, _number(request, "at"))
    if name == "settle":
        return lambda marking: _settle(marking, value)
    if name == "block":
        return lambda marking: acts.set_block(marking, index, value == "1")
    plain: dict[str, Callable[[Marking], Marking]] = {
        "merge": lambda marking: acts.merge_with_previous(marking, index),
        "promote": lambda marking: acts.promote(marking, index),
        "demote": lambda marking: acts.demote(marking, index),
        "undated": lambda marking: acts.without_deadline(marking, index),
        "unmark": lambda marking: acts.unmark_words(marking, index, Role.ADDRESSEE),
        "aside": acts.set_aside_unplaced,
    }
    if name in plain:
        return plain[name]
    raise Impossible(Reason.NO_SUCH_PLACE)


def _mark(request: AuthenticatedHttpRequest, marking: Marking, index: int, role: Role) -> Marking:
    """Mark the words of the form, where they were selected if the page says that."""
    words = request.POST.get("words", "")[:LONGEST_WORDS]
    start, end = acts.find_words(marking, index, words, _number(request, "from"))
    return acts.mark_words(marking, index, start, end, role)


def _settle(marking: Marking, value: str) -> Marking:
    problems = problems_in(marking, outline_of(marking))
    if not _NUMBER.fullmatch(value) or int(value) >= len(problems):
        raise Impossible(Reason.NO_SUCH_PLACE)
    return acts.settle(marking, problems[int(value)])


def _number(request: AuthenticatedHttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if _NUMBER.fullmatch(text) else -1


def _place_after(document: SourceDocument, name: str, touched: int | None, index: int) -> str:
    """Return where the eye goes on: at the piece acted on, or where undoing changed something."""
    pieces = marking_in(document).pieces
    at = touched if name in ("undo", "redo", "merge", "aside") else index
    if at is None or not pieces:
        return ""
    return place_of(pieces[max(0, min(at, len(pieces) - 1))])


def _shown_at(document: SourceDocument, place: str, **more: str) -> HttpResponse:
    url = document.get_absolute_url()
    if not _PLACE.fullmatch(place):
        return redirect(url)
    return redirect(f"{url}?{urlencode({'at': place, **more})}#at-{place}")
