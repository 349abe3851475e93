"""Deadlines in the words of the interface: «через 3 дня», «просрочено на 12 дней»."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from organizations.templatetags.look import day, filled, icon, typo
from resolutions.models import Recommendation
from resolutions.recognition.deadlines import Repeats
from resolutions.wording import REPEATS_LABELS
from tasks.models import Task
from tasks.paper import Passage
from tasks.progress import SOON

register = template.Library()


@dataclass(frozen=True, slots=True)
class DueWords:
    """How a deadline is shown: its icon, class and words, and the days since it passed."""

    icon: str
    css: str
    words: str
    days_late: int = 0


def due_words(task: Task, today: date) -> DueWords:
    """Say what the deadline of a task means today."""
    if not task.is_owed():
        return _words_when_done(task)
    if task.due_on is None:
        return DueWords("dash-lg", "due-none", _("no deadline"))
    days = (task.due_on - today).days
    if days < 0:
        late = ngettext("%(days)s day overdue", "%(days)s days overdue", -days)
        return DueWords("exclamation-triangle-fill", "due-late", late % {"days": -days}, -days)
    if days == 0:
        return DueWords("calendar-event", "due-soon", _("due today"))
    if days == 1:
        return DueWords("clock", "due-soon", _("due tomorrow"))
    words = ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    if days <= SOON.days:
        return DueWords("clock", "due-soon", words)
    return DueWords("calendar3", "", words)


def _words_when_done(task: Task) -> DueWords:
    if task.due_on is None:
        return DueWords("dash-lg", "due-none", _("no deadline"))
    due = {"date": day(task.due_on)}
    if task.status not in (Task.Status.COMPLETED, Task.Status.REPORTED):
        return DueWords("calendar3", "due-none", _("due %(date)s") % due)
    if task.reported_on is None or task.reported_on <= task.due_on:
        return DueWords("check-lg", "c-done", _("in time, due %(date)s") % due)
    days = (task.reported_on - task.due_on).days
    late = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return DueWords("exclamation-triangle-fill", "due-none", late)


@register.simple_tag
def deadline(task: Task) -> SafeString:
    """Show what the deadline of a task means today."""
    return deadline_on(task, timezone.localdate())


def deadline_on(task: Task, today: date) -> SafeString:
    """Show what the deadline of a task means on a day, which is the same for all of a list."""
    due = due_words(task, today)
    return filled(
        '<span class="due {}">{}<span>{}</span></span>', due.css, icon(due.icon), typo(due.words)
    )


@register.simple_tag
def paper_deadline(recommendation: Recommendation) -> SafeString:
    """Show the deadline that a recommendation sets all its executors."""
    start, due = recommendation.starts_on, recommendation.due_on
    if due:
        found = ("", "calendar3", _("due %(date)s") % {"date": day(due)})
    elif start:
        found = ("", "play", _("in force from %(date)s") % {"date": day(start)})
    else:
        found = (" due-none", "dash-lg", _("no deadline"))
    css, picture, words = found
    return filled('<span class="due{}">{}<span>{}</span></span>', css, icon(picture), words)


@register.filter
def dated(task: Task) -> str:
    """Return the days of a task beside its deadline: «до 01.09.2026», «поступила 12.05.2026»."""
    due = day(task.due_on)
    if task.is_finished():
        done = day(task.completed_on)
        return done if due else f"{done}, " + _("no deadline")
    if not due:
        received = task.recommendation.section.resolution.sent_at
        return _("received %(date)s") % {"date": day(received and timezone.localtime(received))}
    if task.is_overdue(timezone.localdate()):
        return _("was due %(date)s") % {"date": due}
    if task.status == Task.Status.REWORK:
        return _("to be put right by %(date)s") % {"date": due}
    if task.original_due_on and task.original_due_on != task.due_on:
        return f"{due}, " + _("at first %(date)s") % {"date": day(task.original_due_on)}
    return due


@register.filter
def delay(task: Task) -> str:
    """Return how late an overdue task is: «12 дней»."""
    days = -(task.due_on - timezone.localdate()).days if task.due_on else 0
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@register.filter
def dates_of(recommendation: Recommendation) -> str:
    """Return the dates that the words of a deadline mean: «по 31.12.2022»; "" where none."""
    start, due = recommendation.starts_on, recommendation.due_on
    if start and due:
        if start == due:
            return day(due)
        first = f"{start:%d.%m}" if start.year == due.year else day(start)
        return f"{first}–{day(due)}"
    if due:
        return pgettext("deadline", "by %(date)s") % {"date": day(due)}
    if start:
        return pgettext("deadline", "from %(date)s") % {"date": day(start)}
    return ""


@register.filter
def rhythm(recommendation: Recommendation) -> str:
    """Return how often it is wanted: «ежеквартально», "" where once."""
    if recommendation.repeats == Repeats.NONE:
        return ""
    return str(REPEATS_LABELS[Repeats(recommendation.repeats)])


@register.simple_tag
def passage(part: Passage, recommendation: Recommendation) -> SafeString:
    """Show a paragraph of the paper with the words of its deadline marked, and what they mean."""
    if not part.words:
        return filled("{}{}", typo(part.before), typo(part.after))
    meant = ", ".join(filter(None, (dates_of(recommendation), rhythm(recommendation))))
    told = '<span class="dl-date"><span class="visually-hidden">{} </span>{}</span>'
    return filled(
        '{}<mark class="mark-dl">{}</mark>{}{}',
        typo(part.before),
        typo(part.words),
        filled(told, _("that is,"), meant) if meant else "",
        typo(part.after),
    )
