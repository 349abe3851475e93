"""Acts of a review, each under the document's version, and the draft that comes of it.

The words of a document never change. A review changes its marking, one step at a time, and each
step can be undone; whom an addressee means is chosen apart and chosen anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organizations.models import User
from resolutions.documents import SourceDocument
from resolutions.importing import import_outline
from resolutions.matching import Meant, addressee_key, known, remember
from resolutions.models import Recommendation, Resolution
from resolutions.reading import outline_of
from resolutions.recognition.assembly import as_json
from resolutions.recognition.history import Step, first_touched, redo, step_between, undo
from resolutions.recognition.plain import (
    marking_of,
    paragraphs_of,
    plain_marking,
    plain_step,
    step_of,
)
from resolutions.recognition.structure import Marking, Outline

# So far back reaches nobody's memory of what they did.
MOST_STEPS = 200


class DocumentChanged(Exception):  # noqa: N818  # it is news for a person, not a fault
    """Somebody changed the document, or made the draft, after the page was made."""

    def __init__(self, document: SourceDocument) -> None:
        super().__init__(document.pk)
        self.document = document


@contextmanager
def claiming(document: SourceDocument, person: User, seen_version: int) -> Iterator[None]:
    """Claim the document's next version; what is done inside is saved with it or not at all.

    Raises DocumentChanged where the page was stale or a draft has been made, and then nothing has
    changed.
    """
    with transaction.atomic():
        claim = SourceDocument.objects.filter(pk=document.pk, version=seen_version, resolution=None)
        changes = {"changed_by": person, "changed_at": timezone.now()}
        if not claim.update(version=F("version") + 1, **changes):
            found = SourceDocument.objects.select_related("changed_by", "resolution")
            raise DocumentChanged(found.in_brief().get(pk=document.pk))
        # What others saved between the fetching and the claim is what the act is done to.
        document.refresh_from_db()
        yield


def marking_in(document: SourceDocument) -> Marking:
    """Return the document's marking as it is stored."""
    return marking_of(paragraphs_of(document.paragraphs), document.marking)


def perform(
    document: SourceDocument, person: User, seen_version: int, act: Callable[[Marking], Marking]
) -> int:
    """Do an act; return the index of the first piece it changed.

    Raises DocumentChanged, or what the act raises; then nothing is saved.
    """
    with claiming(document, person, seen_version):
        before = marking_in(document)
        after = act(before)
        step = step_between(before, after)
        if after != before:
            document.done = [*document.done, plain_step(step)][-MOST_STEPS:]
            document.undone = []
            _save(document, after)
    return first_touched(step, after)


def step_back(document: SourceDocument, person: User, seen_version: int) -> int | None:
    """Undo the last act; return the index of the first piece changed, None for nothing to undo."""
    return _walk(document, person, seen_version, ("done", "undone"), undo)


def step_on(document: SourceDocument, person: User, seen_version: int) -> int | None:
    """Do again what was undone last; as ``step_back``."""
    return _walk(document, person, seen_version, ("undone", "done"), redo)


def choose(
    document: SourceDocument, person: User, seen_version: int, chosen: Mapping[str, Meant]
) -> None:
    """Say whom addressees (by nominative) mean, and remember it for the issuer's next paper."""
    with claiming(document, person, seen_version):
        for nominative, meant in chosen.items():
            document.audiences[addressee_key(nominative)] = meant.as_json()
            remember(document.issuer, person, nominative, meant)
        document.save(update_fields=["audiences"])


def remembered_for(document: SourceDocument, person: User, outline: Outline) -> dict[str, Meant]:
    """Return the addressees without a choice (by nominative) of whom it is known from before."""
    waiting = [
        each.nominative
        for each in outline.addressees
        if not Meant.of(document.audiences.get(addressee_key(each.nominative)))
    ]
    found = known(document.issuer, person, waiting) if waiting else {}
    return {name: found[key] for name in waiting if (key := addressee_key(name)) in found}


def make_draft(document: SourceDocument, person: User, seen_version: int) -> Resolution:
    """Make the draft of a checked document, with the audiences chosen; once.

    Raises DocumentChanged, or OutlineError where a part of it does not fit a draft.
    """
    with claiming(document, person, seen_version):
        marking = marking_in(document)
        outline = outline_of(marking)
        stem = PurePosixPath(document.name).stem or document.name
        resolution = import_outline(
            {**as_json(outline), "title": outline.title or stem},
            issuer=document.issuer,
            source_document=document,
            updated_by=person,
        )
        placed: list[Recommendation] = []
        sections = resolution.sections.prefetch_related("recommendations")
        for section, addressee in zip(sections, outline.addressees, strict=True):
            meant = Meant.of(document.audiences.get(addressee_key(addressee.nominative)))
            section.organizations.set(meant.organizations)
            section.groups.set(meant.groups)
            rows = section.recommendations.all()
            for each, item in zip(rows, addressee.items, strict=True):
                pieces = [marking.pieces[index] for index in item.pieces]
                each.places = [[piece.paragraph, piece.start, piece.end] for piece in pieces]
                placed.append(each)
        Recommendation.objects.bulk_update(placed, ["places"], batch_size=500)
    return resolution


def set_aside(document: SourceDocument, person: User, seen_version: int, aside: bool) -> None:
    """Take a document out of the list of those in work, or put it back."""
    with claiming(document, person, seen_version):
        document.set_aside_at = timezone.now() if aside else None
        document.save(update_fields=["set_aside_at"])


def _walk(
    document: SourceDocument,
    person: User,
    seen_version: int,
    stacks: tuple[str, str],
    turn: Callable[[Marking, Step], Marking],
) -> int | None:
    source, target = stacks
    with claiming(document, person, seen_version):
        steps: list[Any] = getattr(document, source)
        if not steps:
            return None
        step = step_of(steps[-1])
        setattr(document, target, [*getattr(document, target), steps[-1]])
        setattr(document, source, steps[:-1])
        turned = turn(marking_in(document), step)
        _save(document, turned)
    return first_touched(step, turned)


def _save(document: SourceDocument, marking: Marking) -> None:
    document.marking = plain_marking(marking)
    document.save(update_fields=["marking", "done", "undone"])
