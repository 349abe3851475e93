"""What can be said of the one piece that is looked at: its role, its words, whom it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from organizations.models import User
from resolutions.document_forms import AddresseeForm
from resolutions.documents import SourceDocument
from resolutions.matching import Meant, Offer, addressee_key, offers_for
from resolutions.recognition.acts import line_of
from resolutions.recognition.deadlines import understand
from resolutions.recognition.structure import Addressee, Item, Role
from resolutions.review_page import (
    ROLE_LABELS,
    Doubt,
    Review,
    Row,
    TreeSection,
    pieces_of,
    steps_from,
)
from resolutions.wording import RULE_LABELS

# The roles a person gives, each with the key that gives it.
ROLE_KEYS = (
    (Role.ADDRESSEE, "1"),
    (Role.ITEM, "2"),
    (Role.SUBITEM, "3"),
    (Role.CONTINUATION, "4"),
    (Role.DEADLINE, "5"),
    (Role.RESPONSIBLE, "6"),
    (Role.THEME, "7"),
    (Role.PREAMBLE, "8"),
    (Role.CLOSING, "9"),
    (Role.SET_ASIDE, "0"),
)
_PREVIEW = 4
_MOST_SPLITS = 1_000  # offered of one piece; behind the last the piece can be split again
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Choice:
    """A role to give."""

    role: Role
    label: str | Promise
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class Inspector:
    """The panel of the piece that is looked at."""

    row: Row
    choices: list[Choice]
    steps: dict[str, bool]
    splits: list[tuple[int, str]]
    doubts: list[Doubt]
    doubt_number: int | None
    shown_doubts: list[tuple[int, Doubt]]
    previous: Doubt | None
    following: Doubt | None
    block: bool
    item: Item | None = None
    explained: str | Promise = ""
    has_addressee_words: bool = False
    section: TreeSection | None = None
    offers: list[Offer] = field(default_factory=list)
    form: AddresseeForm | None = None


def inspector(
    document: SourceDocument,
    review: Review,
    row: Row,
    person: User,
    form: AddresseeForm | None = None,
) -> Inspector:
    """Gather the panel; for an addressee with the best of the directory, in constant queries."""
    marking = review.marking
    shown, here = review.doubts_around(row.place)
    addressee, item = _belongs(review, row.index)
    more: dict[str, Any] = {}
    if addressee is not None and row.index in pieces_of(addressee):
        more = _whom(document, review, addressee, person, form)
    words = (item and item.deadline_text) or ""
    meant = understand(words, document_date=review.outline.date)
    return Inspector(
        row=row,
        choices=[Choice(role, ROLE_LABELS[role], key, role is row.role) for role, key in ROLE_KEYS],
        steps=steps_from(row.role),
        splits=list(_splits(line_of(marking, marking.pieces[row.index]), row.start)),
        doubts=[each for each in review.doubts if each.place == row.place],
        doubt_number=None if here is None else here + 1,
        shown_doubts=shown,
        previous=review.beside(row, -1),
        following=review.beside(row, 1),
        block=marking.pieces[row.index].block,
        item=item,
        explained=RULE_LABELS[meant.rule] if words else "",
        has_addressee_words=any(
            span.role is Role.ADDRESSEE
            and span.paragraph == marking.pieces[row.index].paragraph
            and row.role is not Role.ADDRESSEE
            for span in marking.spans
        ),
        **more,
    )


def _belongs(review: Review, index: int) -> tuple[Addressee | None, Item | None]:
    for addressee in review.outline.addressees:
        for item in addressee.items:
            if index in item.pieces:
                return addressee, item
        if index in addressee.pieces:
            return addressee, None
    return None, None


def _whom(
    document: SourceDocument,
    review: Review,
    addressee: Addressee,
    person: User,
    form: AddresseeForm | None,
) -> dict[str, Any]:
    key = addressee_key(addressee.nominative)
    sections = [each for each in review.sections if addressee_key(each.nominative) == key]
    meant = Meant.of(document.audiences.get(key))
    return {
        "section": sections[0] if sections else None,
        "offers": offers_for(
            addressee.nominative,
            addressee.collective,
            issuer=document.issuer,
            person=person,
            day=timezone.localdate(),
        ),
        "form": form or AddresseeForm(person=person, meant=meant),
    }


def _splits(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the places before each word but the first, each with the words that follow."""
    words = list(islice(_WORD.finditer(text), _MOST_SPLITS))
    for at, word in enumerate(words[1:], start=1):
        last = words[min(at + _PREVIEW, len(words)) - 1]
        yield start + word.start(), text[word.start() : last.end()]
