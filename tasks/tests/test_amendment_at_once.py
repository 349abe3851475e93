"""Two people at once: one act, no open task left behind, nothing done twice."""

from datetime import date
from threading import Barrier, Event, Thread
from time import monotonic, sleep

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction

from conftest import somebody_waits
from organizations.models import User
from resolutions.models import Recommendation, Resolution
from tasks import workflow
from tasks.amendment.acts import OPEN, NothingToDo, ShownOtherwise, carry_out, preview
from tasks.amendment.audience import Enlargement, Place
from tasks.amendment.control import OffControl
from tasks.amendment.deadlines import Extension
from tasks.amendment.recommendations import Cancellation
from tasks.models import Report, Task, TaskEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _several_connections():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; there is nobody else at once.")


def at_once(*acts) -> list[str]:
    """Do all of it together; return what came of each: "done" or the name of the refusal."""
    together = Barrier(len(acts))
    outcomes = []

    def press(act):
        try:
            together.wait(10)
            act()
            outcomes.append("done")
        except (NothingToDo, ShownOtherwise, PermissionDenied, workflow.Stale) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_two_coordinators_extend_once(sent, olga):
    recommendation = Recommendation.objects.get(text__startswith="Разработать")
    act = Extension(recommendation, date(2031, 1, 1))
    seen = preview(act).fingerprint

    def press():
        carry_out(act, User.objects.get(pk=olga.pk), "Просили.", seen=seen)

    assert at_once(press, press) == ["NothingToDo", "done"]
    assert TaskEvent.objects.filter(action="EXTEND").count() == 3


def test_two_coordinators_add_a_school_once(sent, olga, region):
    def press():
        act = Enlargement(Place(Resolution.objects.get(pk=sent.pk)), (region.boarding_school,))
        carry_out(act, User.objects.get(pk=olga.pk), "Пропустили.")

    assert at_once(press, press) == ["NothingToDo", "done"]
    assert Task.objects.filter(executor=region.boarding_school).count() == 3


@pytest.mark.parametrize("_time", range(3))
def test_a_return_never_leaves_an_open_task_off_control(sent, olga, sergey, region, _time):
    task = Task.objects.filter(executor=region.school_1).first()
    workflow.report(task, sergey, Report.Outcome.DONE, "Готово.")

    def off():
        act = OffControl(Resolution.objects.get(pk=sent.pk), olga)
        carry_out(act, User.objects.get(pk=olga.pk), "Снята с контроля.")

    def back():
        done = Task.objects.get(pk=task.pk)
        workflow.send_back(done, User.objects.get(pk=olga.pk), "Приложите приказ.")

    outcomes = at_once(off, back)
    assert "done" in outcomes
    assert Resolution.objects.get(pk=sent.pk).status == "OFF_CONTROL"
    assert not Task.objects.filter(status__in=OPEN).exists()


@pytest.mark.parametrize("_time", range(3))
def test_a_return_never_leaves_an_open_task_in_a_cancelled_recommendation(
    sent, olga, sergey, region, _time
):
    task = Task.objects.filter(executor=region.school_1).first()
    workflow.report(task, sergey, Report.Outcome.DONE, "Готово.")

    def cancel():
        act = Cancellation(Recommendation.objects.get(pk=task.recommendation_id))
        carry_out(act, User.objects.get(pk=olga.pk), "Утратила силу.")

    def back():
        done = Task.objects.get(pk=task.pk)
        workflow.send_back(done, User.objects.get(pk=olga.pk), "Приложите приказ.")

    assert "done" in at_once(cancel, back)
    assert Recommendation.objects.get(pk=task.recommendation_id).cancelled_at is not None
    there = Task.objects.filter(recommendation=task.recommendation_id)
    assert not there.filter(status__in=OPEN).exists()


def test_a_report_at_the_same_moment_is_told_rightly(sent, olga, sergey, region):
    task = Task.objects.filter(executor=region.school_1).first()

    def off():
        act = OffControl(Resolution.objects.get(pk=sent.pk), olga)
        carry_out(act, User.objects.get(pk=olga.pk), "Снята с контроля.")

    def report():
        mine = Task.objects.get(pk=task.pk)
        workflow.report(mine, User.objects.get(pk=sergey.pk), Report.Outcome.DONE, "Готово.")

    assert "done" in at_once(off, report)
    assert not Task.objects.filter(status__in=OPEN).exists()
    for each in Task.objects.all():
        status = ""
        for event in each.events.order_by("pk"):
            assert event.from_status == status
            status = event.to_status
        assert status == each.status


def test_a_report_that_is_being_stored_and_an_amendment_do_not_wait_crosswise(
    sent, olga, sergey, region
):
    """The amendment holds the resolution and waits for the task; the report must still end.

    Its count of tasks refers to the resolution, and PostgreSQL looks for that at the very end.
    """
    task = Task.objects.filter(executor=region.school_1).first()
    reported = Event()

    def report():
        mine = Task.objects.get(pk=task.pk)
        with transaction.atomic():
            workflow.report(mine, User.objects.get(pk=sergey.pk), Report.Outcome.DONE, "Готово.")
            reported.set()
            ends = monotonic() + 10
            while not somebody_waits() and monotonic() < ends:
                sleep(0.01)
            assert somebody_waits()

    def off():
        assert reported.wait(10)
        act = OffControl(Resolution.objects.get(pk=sent.pk), olga)
        carry_out(act, User.objects.get(pk=olga.pk), "Снята с контроля.")

    assert at_once(report, off) == ["done", "done"]
    assert Task.objects.get(pk=task.pk).status == Task.Status.COMPLETED
