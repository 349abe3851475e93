"""Letters: what is told when tasks are sent and returned, and the delivery of all of them.

Queueing is one INSERT in the transaction of the act itself: what is rolled back is not told.
Delivering is ``manage.py send_letters``, every minute; in debug mode right after the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resolutions.models import Resolution
from tasks.digest import find_control_digests, find_digests
from tasks.filters import list_url
from tasks.letters import LISTED, Content, Find, Finder, Words, Writer, absolute, own_page, row_of
from tasks.models import Task, TaskEvent
from tasks.outbox import LEASE, Letter
from tasks.recipients import reachable

BATCH = 50
# The list of what a letter on sending tells, as conditions.
UNSEEN = {"state": "owed", "unopened": "on"}
INSERTED = 500
# The fault of one letter: the others are tried. Any other error of the connection ends the run.
OF_ONE_LETTER = (SMTPRecipientsRefused, SMTPDataError, SMTPSenderRefused)


def tell_sent(resolution: Resolution, organizations: Iterable[int], day: date) -> int:
    """Queue a letter to each of the organisations (by key); return how many have no address.

    At most one a day on one resolution, however many acts add to it.
    """
    keys = set(organizations)
    told = keys.intersection(reachable(day).values_list("pk", flat=True))
    Letter.objects.bulk_create(
        [
            Letter(
                key=f"sent:{resolution.pk}:{organization}:{day}",
                kind=Letter.Kind.SENT,
                organization_id=organization,
                resolution=resolution,
            )
            for organization in sorted(told)
        ],
        batch_size=INSERTED,
        ignore_conflicts=True,
    )
    deliver_soon()
    return len(keys - told)


def tell_returned(event: TaskEvent) -> None:
    """Queue a letter on a return to the executor."""
    Letter.objects.bulk_create(
        [
            Letter(
                key=f"returned:{event.pk}",
                kind=Letter.Kind.RETURNED,
                organization_id=event.task.executor_id,
                event=event,
            )
        ],
        ignore_conflicts=True,
    )
    deliver_soon()


def find_sent(letters: Sequence[Letter], today: date) -> Find:
    """Look up the tasks of each organisation in the resolution that nobody there has seen yet."""
    tasks: dict[tuple[int | None, int | None], list[Task]] = {}
    unseen = Task.objects.owed().filter(
        opened_at=None,
        executor__in=[each.organization_id for each in letters],
        recommendation__section__resolution__in=[each.resolution_id for each in letters],
    )
    for task in unseen.select_related("recommendation__section"):
        key = task.recommendation.section.resolution_id, task.executor_id
        tasks.setdefault(key, []).append(task)

    def find(letter: Letter) -> Content | None:
        own = tasks.get((letter.resolution_id, letter.organization_id), [])
        return _sent(letter, own, today) if own else None

    return find


def _sent(letter: Letter, tasks: list[Task], today: date) -> Content:
    days = [task.due_on for task in tasks if task.due_on and task.due_on >= today]
    subject = ngettext("%(count)s new recommendation", "%(count)s new recommendations", len(tasks))
    words = {"count": str(len(tasks))}
    if days:
        subject = ngettext(
            "%(count)s new recommendation, nearest due date %(day)s",
            "%(count)s new recommendations, nearest due date %(day)s",
            len(tasks),
        )
        words["day"] = f"{min(days):%d.%m.%Y}"
    resolution = letter.resolution
    slug = resolution.slug if resolution else ""
    context = {
        "resolution": resolution,
        "rows": [row_of(task, today) for task in tasks[:LISTED]],
        "rest": len(tasks[LISTED:]),
        "url": absolute(list_url(executor=letter.organization_id, resolution=slug, **UNSEEN)),
        "own_url": own_page(letter),
    }
    return Content(subject % words, "tasks/mail/sent.html", context)


def find_returned(letters: Sequence[Letter], today: date) -> Find:
    """Look up which of the returns is the last word on its task, with the executor to act on it."""
    keys = [each.event.task_id for each in letters if each.event]
    returns = TaskEvent.objects.filter(task__in=keys, action=TaskEvent.Action.RETURN)
    last = set(returns.order_by().values("task").annotate(n=Max("pk")).values_list("n", flat=True))

    def find(letter: Letter) -> Content | None:
        event = letter.event
        if event is None or event.pk not in last or event.task.status != Task.Status.REWORK:
            return None
        return _returned(event, today)

    return find


def _returned(event: TaskEvent, today: date) -> Content:
    task = event.task
    recommendation = task.recommendation
    subject = _("Recommendation returned for rework")
    if number := recommendation.printed_number:
        subject = _("Recommendation %(number)s returned for rework") % {"number": number}
    if task.due_on:
        subject += ", " + _("due %(date)s") % {"date": f"{task.due_on:%d.%m.%Y}"}
    row = row_of(task, today)
    context = {
        "event": event,
        "rows": [row],
        "url": row.url,
        "resolution": recommendation.section.resolution,
    }
    return Content(subject, "tasks/mail/returned.html", context)


def find_reminders(letters: Sequence[Letter], today: date) -> Find:
    """Look up what is overdue at each organisation, by the query of the page: two queries."""
    keys = [each.organization_id for each in letters]
    late = Task.objects.overdue(today).filter(executor__in=keys)
    counts = dict(late.order_by().values_list("executor").annotate(Count("pk")))
    order = F("due_on").asc(), "pk"
    place = Window(RowNumber(), partition_by=F("executor"), order_by=order)
    tasks: dict[int, list[Task]] = {}
    first = late.annotate(place=place).filter(place__lte=LISTED).order_by(*order)
    for task in first.select_related("recommendation__section__resolution"):
        tasks.setdefault(task.executor_id, []).append(task)

    def find(letter: Letter) -> Content | None:
        executor = letter.organization_id or 0
        if executor not in counts:
            return None  # everything is reported on meanwhile
        return _reminder(letter, tasks[executor], counts[executor], today)

    return find


def _reminder(letter: Letter, first: list[Task], count: int, today: date) -> Content:
    subject = ngettext(
        "Reminder: %(count)s task overdue", "Reminder: %(count)s tasks overdue", count
    )
    context = {
        "event": letter.event,
        "rows": [row_of(task, today) for task in first],
        "rest": count - len(first),
        "url": absolute(list_url(executor=letter.organization_id, state="overdue")),
        "own_url": own_page(letter),
        "demonstration": any(
            task.recommendation.section.resolution.is_demonstration for task in first
        ),
    }
    return Content(subject % {"count": count}, "tasks/mail/reminder.html", context)


FINDERS: dict[str, Finder] = {
    Letter.Kind.SENT: find_sent,
    Letter.Kind.RETURNED: find_returned,
    Letter.Kind.REMINDER: find_reminders,
    Letter.Kind.DIGEST: find_digests,
    Letter.Kind.CONTROL_DIGEST: find_control_digests,
}


@dataclass(slots=True)
class Delivered:
    """What a run did, and the error of the mail server that ended it."""

    sent: int = 0
    not_needed: int = 0
    put_off: int = 0
    given_up: int = 0
    error: Exception | None = None


def deliver_soon() -> None:
    """In debug mode deliver after the commit, so that a letter is seen where it was caused."""
    if settings.DEBUG:
        transaction.on_commit(lambda: deliver(batches=1), robust=True)


def deliver(batches: int | None = None) -> Delivered:
    """Deliver the letters that wait, batch by batch (all of them, when no number is given).

    Safe to run at once on several machines. A letter that fails is put off; the rest go on, unless
    the mail server itself does not answer. After a crash between the server's word and our note of
    it a letter goes out again with the same Message-ID, which mail programs take for one.
    """
    done = Delivered()
    left = batches
    connection = get_connection()
    try:
        with translation.override(settings.LANGUAGE_CODE):
            while left != 0 and done.error is None:
                claimed_at = timezone.now()
                letters = Letter.objects.claim(BATCH, claimed_at)
                if not letters:
                    break
                _deliver_batch(letters, connection, claimed_at, done)
                left = left - 1 if left else None
    finally:
        _hang_up(connection)
    return done


def _deliver_batch(
    letters: Sequence[Letter], connection: Any, claimed_at: datetime, done: Delivered
) -> None:
    writer = Writer(letters, timezone.localdate(claimed_at), FINDERS)
    for letter in letters:
        if done.error is not None or timezone.now() > claimed_at + LEASE / 2:
            letter.put_back()
        elif letter.is_too_late(timezone.now()):
            letter.give_up()
            done.given_up += 1
        else:
            _deliver_one(letter, writer, connection, done)


def _deliver_one(letter: Letter, writer: Writer, connection: Any, done: Delivered) -> None:
    try:
        words = writer.write(letter)
        if words is None:
            letter.mark_not_needed()
            done.not_needed += 1
            return
        connection.send_messages([message_of(letter, words)])
    except Exception as error:  # one bad row never stops the run
        if isinstance(error, OSError) and not isinstance(error, OF_ONE_LETTER):
            done.error = error
        _hang_up(connection)  # what is left of it may be of no use to the next letter
        given_up = letter.mark_failed(error)
        done.given_up += given_up
        done.put_off += not given_up
    else:
        letter.mark_sent(words.to, words.subject)
        done.sent += 1


def message_of(letter: Letter, words: Words) -> EmailMultiAlternatives:
    """Return the message; answers by machines are not wanted (RFC 3834)."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=words.to,
        headers={
            "Message-ID": f"<letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(words.html, "text/html")
    return message


def _hang_up(connection: Any) -> None:
    with suppress(OSError):
        connection.close()
