"""The morning letters: what an organisation owes, what a controller has to look after.

The parts are states of ``tasks.progress``, by which pages count and list, so that a number in a
letter is the length of the list it links to. Who has anything to be told is asked when letters are
queued; what it is, when they are delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from organizations.models import Membership, User
from organizations.querysets import MembershipQuerySet
from organizations.roles import Place, Reach, Role
from tasks.filters import OUTSIDE_MUNICIPALITIES, list_url
from tasks.letters import LISTED, Content, Find, Row, absolute, own_page, row_of
from tasks.models import Task, TaskEvent
from tasks.outbox import Letter
from tasks.progress import STATES
from tasks.recipients import reachable

INSERTED = 500
DAY = timedelta(days=1)
AHEAD = timedelta(days=3)
CONTROLLERS = (Role.COORDINATOR, Role.METHODIST)
DEMONSTRATION = Q(recommendation__section__resolution__is_demonstration=True)
Conditions = dict[str, Any]

# The parts of an organisation's digest, as conditions of the list of tasks.
PARTS: dict[str, Callable[[date], Conditions]] = {
    "overdue": lambda _on: {"state": "overdue"},
    "today": lambda on: {"state": "week", "due_from": on, "due_to": on},
    "soon": lambda on: {"state": "week", "due_from": on + DAY, "due_to": on + AHEAD},
    "returned": lambda _on: {"state": "returned"},
    "new": lambda _on: {"state": "new"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter: how many in words, the first of them, how many more, and the list."""

    words: str
    rows: list[Row]
    rest: int
    url: str


@dataclass(frozen=True, slots=True)
class Territory:
    """What is overdue in a municipality, in a controller's letter."""

    name: str
    tasks: int
    organizations: int
    url: str
    invented: bool  # whether any of it is demonstration data


def is_working_day(day: date) -> bool:
    """Tell Monday to Friday from the weekend, until the working calendar knows the days off."""
    return day.isoweekday() <= 5


def queue_digests(day: date) -> int:
    """Queue the letters of that morning; return how many it has, with those queued before.

    The unique key decides: repeated, or run on two machines at once, it adds only what is missing.
    """
    if not is_working_day(day):
        return 0
    _insert(
        Letter(
            key=f"digest:{day}:{executor}",
            kind=Letter.Kind.DIGEST,
            organization_id=executor,
            day=day,
        )
        for executor in executors_to_tell(day)
    )
    _insert(
        Letter(
            key=f"control:{day}:{person}",
            kind=Letter.Kind.CONTROL_DIGEST,
            person_id=person,
            day=day,
        )
        for person in controllers(day).order_by("user").values_list("user", flat=True).distinct()
    )
    kinds = [Letter.Kind.DIGEST, Letter.Kind.CONTROL_DIGEST]
    return Letter.objects.filter(kind__in=kinds, day=day).count()


def executors_to_tell(day: date) -> list[int]:
    """Return the keys of the organisations whose digest would say something, in order.

    Tasks never opened call for a letter on the morning after they came, not every morning since.
    """
    came = TaskEvent.objects.filter(
        task=OuterRef("pk"),
        action__in=[TaskEvent.Action.ASSIGN, TaskEvent.Action.RESTORE],
        happened_at__gte=_start_of(_working_day_before(day)),
    )
    asked = Q(pk__in=[])
    for name in PARTS:
        asked |= part_q(name, day) & Q(Exists(came)) if name == "new" else part_q(name, day)
    tasks = Task.objects.owed().filter(asked, executor__in=reachable(day).values("pk"))
    return list(tasks.order_by("executor").values_list("executor", flat=True).distinct())


def controllers(day: date) -> MembershipQuerySet:
    """Return the roles in which people look after others on that day."""
    roles = Membership.objects.active(day).filter(role__in=CONTROLLERS, user__is_active=True)
    return roles.exclude(user__email="")


def part_q(name: str, on: date) -> Q:
    """Return the condition "the task stands in this part of the digest"."""
    conditions = PARTS[name](on)
    meant = STATES[conditions["state"]](on)
    if "due_from" in conditions:
        meant &= Q(due_on__range=(conditions["due_from"], conditions["due_to"]))
    return meant


def find_digests(letters: Sequence[Letter], _today: date) -> Find:
    """Count the parts of each organisation and look up their first tasks: two queries a day."""
    counts: dict[tuple[date, int], Any] = {}
    first: dict[tuple[date, int, str], list[Task]] = {}
    for day in {letter.day for letter in letters}:
        keys = [letter.organization_id for letter in letters if letter.day == day]
        tasks = Task.objects.owed().filter(executor__in=keys)
        sums: dict[str, Any] = {name: Count("pk", filter=part_q(name, day)) for name in PARTS}
        for row in tasks.order_by().values("executor").annotate(**sums):
            counts[day, row["executor"]] = row
        for task in _first_of_each_part(tasks, day):
            first.setdefault((day, task.executor_id, task.part), []).append(task)

    def find(letter: Letter) -> Content | None:
        executor = letter.organization_id or 0
        numbers = counts.get((letter.day, executor), {})
        found = {
            name: (numbers[name], first.get((letter.day, executor, name), []))
            for name in PARTS
            if numbers.get(name)
        }
        return _digest(letter, found) if found else None

    return find


def _first_of_each_part(tasks: Any, day: date) -> Iterable[Any]:
    order = F("due_on").asc(nulls_last=True), "pk"
    place = Window(RowNumber(), partition_by=[F("executor"), F("part")], order_by=order)
    parts = Case(*(When(part_q(name, day), then=Value(name)) for name in PARTS))
    return (  # type: ignore[no-any-return]
        tasks.annotate(part=parts)
        .filter(part__isnull=False)
        .annotate(place=place)
        .filter(place__lte=LISTED)
        .select_related("recommendation__section__resolution")
        .order_by(*order)
    )


def _digest(letter: Letter, found: dict[str, tuple[int, list[Task]]]) -> Content:
    parts = [
        Part(
            counted(name, count),
            [row_of(task, letter.day) for task in tasks],
            count - len(tasks),
            absolute(list_url(executor=letter.organization_id, **PARTS[name](letter.day))),
        )
        for name, (count, tasks) in found.items()
    ]
    context = {
        "parts": parts,
        "url": own_page(letter),
        "demonstration": any(
            task.recommendation.section.resolution.is_demonstration
            for _count, tasks in found.values()
            for task in tasks
        ),
    }
    subject = ", ".join(part.words for part in parts)
    return Content(f"{subject} – {letter.organization}", "tasks/mail/digest.html", context)


def counted(name: str, count: int) -> str:
    """Return how many tasks stand in a part: «3 задачи просрочены»."""
    words = {
        "overdue": ngettext("%(count)s task overdue", "%(count)s tasks overdue", count),
        "today": ngettext("%(count)s task due today", "%(count)s tasks due today", count),
        "soon": ngettext(
            "%(count)s task due in the next three days",
            "%(count)s tasks due in the next three days",
            count,
        ),
        "returned": ngettext(
            "%(count)s task returned for rework", "%(count)s tasks returned for rework", count
        ),
        "new": ngettext("%(count)s new task", "%(count)s new tasks", count),
    }
    return words[name] % {"count": count}


def find_control_digests(letters: Sequence[Letter], _today: date) -> Find:
    """Give the people of the letters their reach as of the day; then two queries for each."""
    places: dict[tuple[date, int], list[Place]] = {}
    for day in {letter.day for letter in letters}:
        people = [letter.person_id for letter in letters if letter.day == day]
        roles = Membership.objects.active(day).filter(user__in=people).order_by("pk")
        for role in roles.select_related("organization"):
            held = role.organization
            place = Place(role.role, held.pk, held.path, held.kind)
            places.setdefault((day, role.user_id), []).append(place)

    def find(letter: Letter) -> Content | None:
        person = letter.person
        if person is None:
            return None
        person.reach = Reach(tuple(places.get((letter.day, person.pk), ())), letter.day)
        return _control_digest(person, letter.day) if person.reach.has(*CONTROLLERS) else None

    return find


def _control_digest(person: User, day: date) -> Content | None:
    waits = Task.objects.reviewable_by(person).order_by()
    row = waits.aggregate(count=Count("pk"), demonstration=Count("pk", filter=DEMONSTRATION))
    waiting = row["count"]
    territories = _territories(person, day)
    late = sum(each.tasks for each in territories)
    if not waiting and not late:
        return None
    words = []
    if waiting:
        words.append(
            ngettext(
                "%(count)s report awaits acceptance", "%(count)s reports await acceptance", waiting
            )
            % {"count": waiting}
        )
    if late:
        words.append(counted("overdue", late))
    context = {
        "waiting": words[0] if waiting else "",
        "waiting_url": absolute(reverse("tasks:review_queue")),
        "late": words[-1] if late else "",
        "late_url": absolute(reverse("dashboards:overdue_list")),
        "territories": territories[:LISTED],
        "rest": len(territories[LISTED:]),
        "demonstration": row["demonstration"] or any(each.invented for each in territories),
    }
    return Content(", ".join(words), "tasks/mail/control_digest.html", context)


def _territories(person: User, day: date) -> list[Territory]:
    """Sum up what is overdue by municipality, the most first, what stands outside last."""
    field = "executor__municipality"
    rows = (
        Task.objects.visible_to(person)
        .overdue(day)
        .order_by()
        .values(field, f"{field}__short_name", f"{field}__name")
        .annotate(
            tasks=Count("pk"),
            organizations=Count("executor", distinct=True),
            invented=Count("pk", filter=DEMONSTRATION),
        )
    )
    found = []
    for row in sorted(rows, key=lambda each: (each[field] is None, -each["tasks"], each[field])):
        name = row[f"{field}__short_name"] or row[f"{field}__name"] or str(OUTSIDE_MUNICIPALITIES)
        url = list_url(state="overdue", municipality=row[field] or "null")
        found.append(
            Territory(
                name, row["tasks"], row["organizations"], absolute(url), bool(row["invented"])
            )
        )
    return found


def _insert(letters: Iterable[Letter]) -> None:
    Letter.objects.bulk_create(letters, batch_size=INSERTED, ignore_conflicts=True)


def _working_day_before(day: date) -> date:
    before = day - DAY
    while not is_working_day(before):
        before -= DAY
    return before


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
