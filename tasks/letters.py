"""How a letter is written: when it is delivered, for a batch of letters at once.

A batch costs the same number of queries for one letter and for fifty (but for controllers, each of
whom has a reach of their own). What each kind says is found by a *finder*: those of sending and
returning are in ``tasks.mail``, those of the mornings in ``tasks.digest``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from tasks.models import Task
from tasks.outbox import Letter
from tasks.recipients import Recipients, recipients_of
from tasks.templatetags.deadlines import due_words

LISTED = 10
GAPS = re.compile(r"\n\s*\n")  # what conditions of a template leave behind


@dataclass(frozen=True, slots=True)
class Content:
    """What one letter says: its subject, its template (the text beside it ends in .txt)."""

    subject: str
    template: str
    context: dict[str, Any]


# Gives the content of one letter of a batch, None where there is nothing to tell any more.
Find = Callable[[Letter], Content | None]
Finder = Callable[[Sequence[Letter], date], Find]


@dataclass(frozen=True, slots=True)
class Words:
    """A letter ready to go."""

    to: list[str]
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Row:
    """A task in a letter: its number, the beginning of its text, its deadline, its page."""

    number: str
    text: str
    due: str
    url: str


class Writer:
    """Writes the letters of one batch."""

    def __init__(
        self, letters: Sequence[Letter], today: date, finders: Mapping[str, Finder]
    ) -> None:
        organizations = [each.organization for each in letters if each.organization]
        self._recipients = recipients_of(organizations, today)
        self._finds = {
            kind: finders[kind]([each for each in letters if each.kind == kind], today)
            for kind in {each.kind for each in letters}
        }

    def write(self, letter: Letter) -> Words | None:
        """Return the words of the letter, None where there is nothing or nobody to tell."""
        to = self._recipients_of(letter)
        if to is None:
            return None
        content = self._finds[letter.kind](letter)
        if content is None:
            return None
        # A header is one line, whatever a title or a name holds.
        subject = " ".join(content.subject.split())
        context = {
            **content.context,
            "subject": subject,
            "letter": letter,
            "personal": to.personal,
            "site": settings.SITE_URL,
            "language": settings.LANGUAGE_CODE,
        }
        text = render_to_string(content.template.removesuffix(".html") + ".txt", context)
        html = render_to_string(content.template, context)
        return Words(to.addresses, subject, GAPS.sub("\n\n", text).strip() + "\n", html)

    def _recipients_of(self, letter: Letter) -> Recipients | None:
        if letter.organization_id:
            return self._recipients.get(letter.organization_id)
        person = letter.person
        return Recipients([person.email], True) if person and person.is_active else None


def absolute(path: str) -> str:
    """Return the whole address of a page: a letter is read far from the site."""
    return f"{settings.SITE_URL}{path}"


def own_page(letter: Letter) -> str:
    """Return the whole address of «Моя организация»."""
    return absolute(f"{reverse('tasks:my_organization')}?organization={letter.organization_id}")


def row_of(task: Task, today: date) -> Row:
    """Show a task in a letter."""
    due = due_words(task, today).words
    if task.due_on is not None:
        due = f"{due} ({task.due_on:%d.%m.%Y})"
    recommendation = task.recommendation
    text = Truncator(" ".join(recommendation.text.split())).chars(160)
    return Row(recommendation.printed_number, text, due, absolute(task.get_absolute_url()))
