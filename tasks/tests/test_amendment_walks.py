"""Any amendments in any order, with executors at work in between: what must hold, holds."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from organizations.models import OrganizationGroup
from resolutions.audiences import audiences_of
from resolutions.models import Recommendation, Resolution
from tasks import workflow
from tasks.amendment.acts import OPEN, NothingToDo, carry_out, preview
from tasks.amendment.audience import Enlargement, Place, Withdrawal
from tasks.amendment.control import ACCEPT, CANCEL, OffControl, OnControl
from tasks.amendment.deadlines import Correction, Extension
from tasks.amendment.recommendations import Addition, Cancellation, Restoration, Rewording
from tasks.models import Report, Task

S = Task.Status
WORDS = ("", "до 1 ноября 2026 г.", "до 1 декабря 2026 г.", "в течение 2027 года", "постоянно")
START = timezone.now() - timedelta(days=30)

number = st.integers(0, 5)
some = st.sets(st.integers(0, 3), min_size=1, max_size=3).map(sorted)
perhaps = st.one_of(st.just([]), some)
ENLARGE = st.tuples(st.just("enlarge"), number, some, st.booleans(), st.booleans())
WITHDRAW = st.tuples(st.just("withdraw"), number, some)
STEPS = st.one_of(
    *[ENLARGE, WITHDRAW] * 3,
    st.tuples(st.just("cancel"), number),
    st.tuples(st.just("restore"), number),
    st.tuples(st.just("extend"), number, st.integers(1, 900), perhaps),
    st.tuples(st.just("correct"), number, st.sampled_from(WORDS)),
    st.tuples(st.just("reword"), number, st.sampled_from(("Раз.", "Два."))),
    st.tuples(st.just("add"), number, perhaps, st.booleans()),
    st.tuples(st.just("off"), st.sampled_from((ACCEPT, CANCEL))),
    st.tuples(st.just("report"), number, st.sampled_from(Report.Outcome.values)),
    st.tuples(st.just("take"), number),
    st.tuples(st.sampled_from(("return", "recall", "bring back")), number),
)


class Walk:
    """One resolution, organisations that it may go to, and a coordinator."""

    def __init__(self, resolution, region, olga):
        self.resolution, self.olga = resolution, olga
        self.pool = [region.school_1, region.school_2, region.boarding_school, region.kindergarten]
        self.schools = OrganizationGroup.objects.create(
            name="Школы", owner=region.department, within=region.department, kinds=["SCHOOL"]
        )
        self.moment = START

    def recommendation(self, at):
        rows = Recommendation.objects.filter(section__resolution=self.resolution).order_by("pk")
        rows = list(rows.select_related("section__resolution__issuer"))
        return rows[at % len(rows)]

    def place(self, at):
        if at == 0:
            return Place(self.resolution)
        each = self.recommendation(at)
        if at % 2:
            return Place(self.resolution, recommendation=each)
        return Place(self.resolution, section=each.section)

    def amendment(self, kind, *said):
        organizations = tuple(
            self.pool[at] for part in said if isinstance(part, list) for at in part
        )
        match kind, *said:
            case "enlarge", at, _, grouped, restore:
                groups = (self.schools,) if grouped else ()
                return Enlargement(self.place(at), organizations, groups, restore)
            case "withdraw", at, _:
                return Withdrawal(self.place(at), organizations)
            case "cancel", at:
                return Cancellation(self.recommendation(at))
            case "restore", at:
                return Restoration(self.recommendation(at))
            case "extend", at, days, _:
                chosen = frozenset(each.pk for each in organizations)
                day = timezone.localdate() + timedelta(days=days)
                return Extension(self.recommendation(at), day, chosen)
            case "correct", at, words:
                return Correction(self.recommendation(at), words)
            case "reword", at, text:
                return Rewording(self.recommendation(at), text)
            case "add", at, _, dated:
                section = self.recommendation(at).section
                new = Recommendation(section=section, text=f"Новая {self.moment}.")
                new.date_by_person(None, date(2027, 1, 15) if dated else None)
                return Addition(new, organizations)
            case "off", decision:
                return OffControl(self.resolution, self.olga, decision)
        return OnControl(self.resolution)

    def step(self, kind, *said):
        self.moment += timedelta(minutes=1)
        self.resolution.refresh_from_db()
        if kind in ("report", "take"):
            self.work(kind, *said)
            return
        if kind in ("return", "recall", "bring back"):
            self.reopen(kind, *said)
            return
        act = self.amendment(kind, *said)
        before = {task.pk: task.status for task in Task.objects.all()}
        shown = preview(act)
        try:
            with transaction.atomic():
                seen = shown.fingerprint
                carry_out(act, self.olga, "Причина.", seen=seen, at=self.moment)
        except (NothingToDo, PermissionDenied):
            assert {task.pk: task.status for task in Task.objects.all()} == before

    def work(self, kind, at, outcome=""):
        tasks = list(Task.objects.order_by("pk"))
        task = tasks[at * 7 % len(tasks)]
        to_status = S.IN_PROGRESS if kind == "take" else workflow.status_after_report(task, outcome)
        changes = {}
        report = None
        if kind == "report":
            day = timezone.localdate()
            report = Report.objects.create(
                task=task,
                outcome=outcome,
                text="Сделано.",
                author=self.olga,
                for_organization=task.executor,
                sent_at=self.moment,
            )
            changes["reported_on"] = day if to_status in (S.REPORTED, S.COMPLETED) else None
            changes["completed_on"] = day if to_status == S.COMPLETED else None
        action = workflow.A.TAKE if kind == "take" else workflow.A.REPORT
        act = workflow.Act(action, self.olga, to_status, report=report, at=self.moment)
        try:
            with transaction.atomic():
                workflow.perform(task, act, **changes)
        except workflow.Stale:
            return

    def reopen(self, kind, at):
        """A return, a recall, or one task brought back: by way of ``perform``, without its page.

        A task cancelled alone is brought back where its recommendation is cancelled only: elsewhere
        a single restoration is somebody's word against the audience, and meant to be.
        """
        tasks = list(Task.objects.for_list().order_by("pk"))
        task = tasks[at * 7 % len(tasks)]
        to_status, changes = S.ASSIGNED, {}
        if kind != "bring back":
            changes = {"reported_on": None, "completed_on": None}
        if kind == "return":
            to_status = S.REWORK
            changes["due_on"] = workflow.rework_term(task, timezone.localdate(self.moment))
        if kind == "recall":
            steps = task.events.filter(action__in=workflow.TRANSITIONS)
            last = steps.order_by("-happened_at", "-pk").first()
            to_status = last.from_status if last else ""
        if kind == "bring back" and task.recommendation.cancelled_at is None:
            return
        action = {"return": workflow.A.RETURN, "recall": workflow.A.RECALL}.get(kind)
        act = workflow.Act(
            action or workflow.A.RESTORE, self.olga, to_status, "Причина.", at=self.moment
        )
        before = task.status
        try:
            with transaction.atomic():
                workflow.perform(task, act, **changes)
        except workflow.Stale:
            task.refresh_from_db()
            assert task.status == before

    def check(self):
        self.resolution.refresh_from_db()
        tasks = Task.objects.prefetch_related("events")
        for task in tasks:
            status, due = "", None
            for event in sorted(task.events.all(), key=lambda event: event.pk):
                assert event.from_status == status
                status = event.to_status
                due = (event.due_after,) if event.due_before or event.due_after else due
            assert status == task.status
            assert due is None or due == (task.due_on,)
        pairs = [(task.recommendation_id, task.executor_id, task.period) for task in tasks]
        assert len(pairs) == len(set(pairs))
        if self.resolution.status == Resolution.Status.OFF_CONTROL:
            assert not any(task.status in OPEN for task in tasks)
            return
        meant = audiences_of(self.resolution, timezone.localdate()).recommendations
        for each in Recommendation.objects.filter(pk__in=meant):
            own = [task for task in tasks if task.recommendation_id == each.pk]
            if each.cancelled_at:
                assert not any(task.status in OPEN for task in own)
            else:
                live = {task.executor_id for task in own if task.status != S.CANCELLED}
                assert meant[each.pk] == live


@pytest.fixture
def walk(sent, region, olga) -> Walk:
    return Walk(sent, region, olga)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=8, max_size=16))
@example([("withdraw", 0, [0, 2, 3]), ("enlarge", 0, [0, 2, 3], False, True)])
@example([("withdraw", 1, [0]), ("enlarge", 2, [0, 2], True, False), ("withdraw", 0, [2])])
@example(
    [
        ("cancel", 0),
        ("enlarge", 2, [2], False, False),
        ("enlarge", 0, [3], False, False),
        ("restore", 0),
    ]
)
@example([("cancel", 0), ("restore", 0), ("extend", 0, 900, []), ("correct", 0, WORDS[1])])
@example([("report", 0, "DONE"), ("cancel", 0), ("return", 0), ("cancel", 0)])
@example([("report", 0, "DONE"), ("cancel", 0), ("recall", 0), ("restore", 0), ("recall", 0)])
@example([("cancel", 0), ("bring back", 0), ("restore", 0)])
@example([("report", 0, "NOT_APPLICABLE"), ("report", 1, "DONE"), ("off", CANCEL), ("off", ACCEPT)])
def test_any_walk_keeps_what_must_hold(walk, steps):
    with transaction.atomic():
        walk.moment = START
        for step in steps:
            walk.step(*step)
            walk.check()
            if step[0] == "off":
                walk.step("on")
                walk.check()
        transaction.set_rollback(True)
