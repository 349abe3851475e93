"""Documents for tests of the review: what was read is said by the test, not recognised."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from organizations.models import Organization, User
from resolutions.documents import SourceDocument
from resolutions.recognition.plain import plain_marking, plain_paragraphs
from resolutions.recognition.structure import Marking, Paragraph, Piece, Problem, Role, Span
from resolutions.reviewing import marking_in

ITEM = "1. Провести семинар до 1 октября 2026 г. в каждой школе."
WORDS = "до 1 октября 2026 г."
ROWS = (
    ("Резолюция областного семинара", Role.TITLE),
    ("Участники семинара рекомендуют:", Role.PREAMBLE),
    ("Общеобразовательным организациям:", Role.ADDRESSEE),
    (ITEM, Role.ITEM),
    ("2. Вести работу с родителями.", Role.ITEM),
    ("Институту развития образования:", Role.ADDRESSEE),
    ("1. Подготовить методические материалы.", Role.ITEM),
    ("Срок: 2027 год", Role.DEADLINE),
)


def marked(*rows: tuple[str, Role], problems: tuple[Problem, ...] = ()) -> Marking:
    """Return a marking of one piece a paragraph; «до 1 октября 2026 г.» is marked as a deadline."""
    spans = [
        Span(at, text.index(WORDS), text.index(WORDS) + len(WORDS), Role.DEADLINE)
        for at, (text, _role) in enumerate(rows)
        if WORDS in text
    ]
    spans += [
        Span(at, len("Срок: "), len(text), Role.DEADLINE)
        for at, (text, role) in enumerate(rows)
        if role is Role.DEADLINE
    ]
    return Marking(
        tuple(Paragraph(text) for text, _role in rows),
        tuple(Piece(at, 0, len(text), role) for at, (text, role) in enumerate(rows)),
        tuple(spans),
        problems,
    )


def document_of(
    marking: Marking, issuer: Organization, person: User, **columns: Any
) -> SourceDocument:
    """Store a marking as a document that somebody uploaded."""
    text = "\n".join(each.text for each in marking.paragraphs).encode()
    usual = {
        "name": "Резолюция семинара.docx",
        "size": len(text),
        "content_type": "text/plain",
        "sha256": hashlib.sha256(text).hexdigest(),
        "issuer": issuer,
        "paragraphs": plain_paragraphs(marking.paragraphs),
        "marking": plain_marking(marking),
        "uploaded_by": person,
        "changed_by": person,
    }
    return SourceDocument.objects.create(**usual | columns)


def post(client: Client, document: SourceDocument, name: str = "act", **data: Any) -> HttpResponse:
    """Send a form of the page as it stands now; a stale one says its own version."""
    document.refresh_from_db()
    data = {"version": document.version, **data}
    url = reverse(f"resolutions:document_{name}", args=[document.pk])
    return client.post(url, data, follow=True)


def roles(document: SourceDocument) -> list[Role]:
    """Return the roles of the pieces as they are stored now."""
    document.refresh_from_db()
    return [each.role for each in marking_in(document).pieces]


def told(answer: HttpResponse) -> list[str]:
    """Return the kinds of the messages that a page shows."""
    return [each.level_tag for each in answer.context["messages"]]
