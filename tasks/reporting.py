"""Writing a report: what was typed and uploaded is kept in a draft until it is sent.

Everything that one press of a button brings is a ``Submission``; ``receive`` takes it while the
task is held, so that a second press, a colleague or a controller waits, and is then told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from tasks import workflow
from tasks.evidence import MOST_FILES, StoredFile, no_room
from tasks.models import Evidence, Report, Task, TaskEvent

A = TaskEvent.Action
# What a person has to know before they send what they wrote earlier.
_NEWS = (A.REPORT, A.RECALL, A.RETURN, A.CANCEL, A.RESTORE, A.REWORD)


@dataclass(frozen=True, slots=True)
class Submission:
    """What the form brought: words, files kept already, links; which page it was typed on."""

    author: User
    outcome: str
    text: str
    files: list[StoredFile] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    removed: str = ""
    seen: str = ""
    complete: bool = True  # nothing in the form is to be put right
    send: bool = True


@dataclass(slots=True)
class Outcome:
    """What became of a submission; ``problems`` are sentences by the field of the form."""

    task: Task
    draft: Report | None = None
    sent: bool = False
    sent_before: bool = False
    problems: dict[str, list[str]] = field(default_factory=dict)
    news: str = ""

    @property
    def refused(self) -> bool:
        """Whether something has to be put right or looked at."""
        return bool(self.problems or self.news)


def draft_of(task: Task) -> Report | None:
    """Return the report that is being written, with what is attached to it."""
    return task.reports.filter(sent_at=None).select_related("author").first()


def token_of(task: Task, draft: Report | None) -> str:
    """Name the state in which a page shows a task: its last news, words and links of the draft."""
    last = _last_news(task)
    return f"{last.pk if last else 0}.{_digest(draft)}"


def links_of(draft: Report) -> list[str]:
    """Return the links of a draft: a line each in the form, as much its words as the text is."""
    links = draft.evidence.attached().exclude(link="").order_by("pk")
    return list(links.values_list("link", flat=True))


def receive(task: Task, given: Submission) -> Outcome:
    """Keep what was given in the draft, and send it where that is asked and nothing stands against.

    The task is read again and held to the end: whoever comes second meets what the first has done.
    """
    with transaction.atomic():
        held = Task.objects.for_list().select_for_update(of=("self",), no_key=True).get(pk=task.pk)
        result = Outcome(held)
        if given.send and _says_the_same(held, given):
            result.sent_before = True
            return result
        draft = draft_of(held)
        result.news = _news(held, draft, given)
        result.draft = _keep(held, draft, given, result)
        if given.send and given.complete and not result.refused:
            workflow.report(held, given.author, given.outcome, given.text)
            result.sent = True
    return result


def _keep(task: Task, draft: Report | None, given: Submission, result: Outcome) -> Report | None:
    if draft is None:
        if not (given.text or given.files or given.links):
            return None
        draft = Report(task=task, for_organization=task.executor)
    stopped = _written_by_another(draft, given)
    if not stopped:
        draft.text, draft.outcome, draft.author = given.text, given.outcome, given.author
        draft.save()
    _attach(draft, given, result, with_links=not stopped)
    return draft


def _attach(draft: Report, given: Submission, result: Outcome, *, with_links: bool) -> None:
    """Take out what is to be removed, add what is new; the same file or link is kept once.

    Without ``with_links`` a colleague's links stay as they are; files are kept in any case.
    """
    kept = draft.evidence.attached()
    if given.removed.isdecimal():
        kept.filter(pk=given.removed).exclude(sha256="").update(removed_at=timezone.now())
    links = given.links if with_links else []
    if with_links:
        kept.exclude(link="").exclude(link__in=links).update(removed_at=timezone.now())
    known = {each.sha256 or each.link for each in kept.all()}
    room = MOST_FILES - len(known)
    new: list[tuple[str, str, Evidence]] = []
    for link in links:
        new.append(("links", link, Evidence(link=link)))
    for file in given.files:
        evidence = Evidence(
            name=file.name, sha256=file.sha256, size=file.size, content_type=file.content_type
        )
        new.append(("files", file.name, evidence))
    for place, name, evidence in new:
        if (address := evidence.sha256 or evidence.link) in known:
            continue
        if room <= 0:
            result.problems.setdefault(place, []).append(no_room(name))
            continue
        evidence.report, evidence.added_by = draft, given.author
        evidence.save()
        known.add(address)
        room -= 1


def _says_the_same(task: Task, given: Submission) -> bool:
    """Whether the last report has these words already: a double click or a repeated request.

    Where the report was on the page when the words were typed, they are meant as a new one.
    """
    last = workflow.last_report(task)
    if last is None or (last.text, last.outcome) != (given.text, given.outcome):
        return False
    news = _last_news(task)
    if news is None or news.action != A.REPORT:
        return False
    return not (task.is_owed() and given.seen.startswith(f"{news.pk}."))


def _last_news(task: Task) -> TaskEvent | None:
    news = task.events.filter(action__in=_NEWS).select_related("actor")
    return news.order_by("-happened_at", "-pk").first()


def _news(task: Task, draft: Report | None, given: Submission) -> str:
    """Return what the person has to know before anything is sent, "" where all is as they saw."""
    last = _last_news(task)
    if not task.is_owed() and last is not None:
        words = _(
            "The report is not sent: meanwhile the task became “%(status)s” (%(who)s, %(when)s). "
            "What you wrote is kept."
        )
        return words % {"status": task.get_status_display(), **_when_and_who(last)}
    event = given.seen.partition(".")[0]
    if last is not None and event and event != str(last.pk):
        words = _(
            "While you were writing, something happened with the task: %(what)s (%(who)s, "
            "%(when)s). Look at it below, and send the report if it still holds."
        )
        return words % {"what": last.get_action_display(), **_when_and_who(last)}
    if draft is not None and _written_by_another(draft, given):
        return _("While you were writing, %(who)s saved another text in the draft.") % {
            "who": draft.author.get_short_name()
        }
    return ""


def _written_by_another(draft: Report, given: Submission) -> bool:
    """Whether the draft holds a colleague's words or links that were not on the person's page."""
    if draft.pk is None or not given.seen or draft.author_id == given.author.pk:
        return False
    same = draft.text == given.text and set(links_of(draft)) == set(given.links)
    return not same and given.seen.partition(".")[2] != _digest(draft)


def _when_and_who(event: TaskEvent) -> dict[str, str]:
    moment = timezone.localtime(event.happened_at)
    who = event.actor.get_short_name() if event.actor else "–"
    return {"who": who, "when": f"{moment:%d.%m.%Y, %H:%M}"}


def _digest(draft: Report | None) -> str:
    if draft is None:
        return ""
    return sha256(repr((draft.text, sorted(links_of(draft)))).encode()).hexdigest()[:16]
