"""Deciding on a task: never without a reason, out of sight, past a cancellation or an extension."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from resolutions.models import Recommendation
from tasks import workflow
from tasks.amendment.acts import carry_out
from tasks.amendment.deadlines import Extension
from tasks.amendment.recommendations import Cancellation, Restoration
from tasks.bulk import Why, step
from tasks.models import Report, Task, TaskEvent
from tasks.permissions import FINISHED_STAYS, may_cancel, may_restore, may_review
from tasks.workflow import Stale

S = Task.Status
A = TaskEvent.Action


@pytest.fixture
def done(task, sergey) -> Task:
    """The same task, completed by the school's own word."""
    workflow.report(task, sergey, Report.Outcome.DONE, "Программа утверждена.")
    return Task.objects.get(pk=task.pk)


class TestReasons:
    @pytest.mark.parametrize("reason", ["", " \n "])
    @pytest.mark.parametrize("act", ["send_back", "cancel", "restore"])
    def test_whoever_undoes_something_says_why(self, task, done, olga, reason, act):
        status = {"send_back": S.COMPLETED, "cancel": S.IN_PROGRESS, "restore": S.CANCELLED}[act]
        if status != S.COMPLETED:
            Task.objects.filter(pk=task.pk).update(
                status=status, reported_on=None, completed_on=None
            )
        task.refresh_from_db()
        with pytest.raises(ValueError, match="reason"):
            getattr(workflow, act)(task, olga, reason)
        task.refresh_from_db()
        assert task.status == status
        assert not task.events.filter(action__in=TaskEvent.NEED_REASON).exists()

    def test_nor_can_many_be_cancelled_without_a_word(self, task, olga):
        with pytest.raises(ValueError, match="reason"):
            step([task.pk], Why(olga, " "), A.CANCEL, S.CANCELLED)
        task.refresh_from_db()
        assert task.status == S.ASSIGNED

    @pytest.mark.parametrize("action", TaskEvent.NEED_REASON)
    def test_the_database_itself_refuses_it(self, task, action):
        event = {"task": task, "action": action, "from_status": "ASSIGNED", "to_status": "ASSIGNED"}
        with pytest.raises(IntegrityError), transaction.atomic():
            TaskEvent.objects.create(**event)
        TaskEvent.objects.create(**event, reason="Так решено.")

    def test_what_needs_no_reason_needs_none(self, task, sergey):
        assert workflow.take(task, sergey).reason == ""

    def test_a_reason_is_kept_without_the_spaces_around_it(self, task, olga):
        assert workflow.cancel(task, olga, "  Школа закрыта.\n").reason == "Школа закрыта."


class TestSight:
    """A department issued it, a school of another region carries it out: out of Olga's sight."""

    @pytest.fixture
    def foreign(self, sent, task, region) -> Task:
        return Task.objects.create(
            recommendation=task.recommendation,
            executor=region.other_school,
            status=S.REPORTED,
            reported_on=timezone.localdate(),
        )

    def test_pages_and_the_life_cycle_answer_alike(self, foreign, olga, signed_in):
        client = signed_in(olga)
        for act in ("accept", "return", "cancel"):
            address = reverse(f"tasks:task_{act}", args=[foreign.pk])
            assert client.post(address, {"reason": "Так."}).status_code == 404
        for act, words in (("accept", ()), ("send_back", ("Так.",)), ("cancel", ("Так.",))):
            with pytest.raises(PermissionDenied) as refusal:
                getattr(workflow, act)(foreign, olga, *words)
            assert str(refusal.value)
        assert not Task.objects.reviewable_by(olga).filter(pk=foreign.pk).exists()
        foreign.refresh_from_db()
        assert foreign.status == S.REPORTED

    @pytest.mark.parametrize("name", ["olga", "maria", "pavel", "nina", "victor", "sergey", "anna"])
    def test_nobody_may_decide_on_what_they_do_not_see(self, foreign, task, request, name):
        user = request.getfixturevalue(name)
        for each in (foreign, task):
            seen = Task.objects.visible_to(user).filter(pk=each.pk).exists()
            for may in (may_review, may_cancel, may_restore):
                assert seen or not may(user, each)


class TestCancelledRecommendation:
    @pytest.fixture
    def cancelled(self, task, olga) -> Task:
        carry_out(Cancellation(task.recommendation), olga, "Утратила силу.")
        return Task.objects.select_related("recommendation").get(pk=task.pk)

    def test_one_of_its_tasks_does_not_come_back_alone(self, cancelled, olga, signed_in):
        with pytest.raises(PermissionDenied, match="рекомендаци"):
            workflow.restore(cancelled, olga, "Всё же нужна.")
        address = reverse("tasks:task_restore", args=[cancelled.pk])
        for answer in (
            signed_in(olga).get(address),
            signed_in(olga).post(address, {"reason": "Всё же нужна."}),
        ):
            assert answer.status_code == 403
        cancelled.refresh_from_db()
        assert cancelled.status == S.CANCELLED

    def test_its_page_says_why_the_act_is_not_offered(self, cancelled, olga, maria, signed_in):
        address = reverse("tasks:task_restore", args=[cancelled.pk])
        page = signed_in(olga).get(cancelled.get_absolute_url())
        assert address not in page.content.decode()
        assert page.context["control"].refusal == str(may_restore(olga, cancelled).reason)
        assert signed_in(maria).get(cancelled.get_absolute_url()).context["control"].refusal == ""

    def test_nor_by_whoever_read_it_before(self, task, olga):
        before = Task.objects.select_related("recommendation").get(pk=task.pk)
        carry_out(Cancellation(task.recommendation), olga, "Утратила силу.")
        before.status = S.CANCELLED
        with pytest.raises(Stale, match="рекомендаци"):
            workflow.restore(before, olga, "Всё же нужна.")

    def test_what_is_finished_in_it_is_not_opened_again(self, done, olga, maria, sergey, signed_in):
        """School 1 has reported; the recommendation is cancelled over it, and nobody owes it."""
        carry_out(Cancellation(done.recommendation), olga, "Утратила силу.")
        now = Task.objects.get(pk=done.pk)
        with pytest.raises(PermissionDenied) as refusal:
            workflow.send_back(now, maria, "Приложите приказ.")
        assert str(refusal.value) == str(FINISHED_STAYS)
        with pytest.raises(Stale) as refusal:
            workflow.recall(now, sergey)
        assert str(refusal.value) == str(FINISHED_STAYS)
        address = reverse("tasks:task_return", args=[done.pk])
        words = {"reason": "Приложите приказ.", "due_on": "01.10.2031"}
        assert signed_in(maria).get(address).status_code == 403
        assert signed_in(maria).post(address, words).status_code == 403
        signed_in(sergey).post(reverse("tasks:task_recall", args=[done.pk]))
        done.refresh_from_db()
        assert (done.status, done.reports.count()) == (S.COMPLETED, 1)

    def test_nor_are_the_acts_offered(self, done, olga, maria, sergey, signed_in, queries_of):
        client, address = signed_in(maria), done.get_absolute_url()
        offered = queries_of(lambda: client.get(address))
        carry_out(Cancellation(done.recommendation), olga, "Утратила силу.")
        page = client.get(address)
        assert reverse("tasks:task_return", args=[done.pk]) not in page.content.decode()
        assert page.context["control"].refusal == str(FINISHED_STAYS)
        assert queries_of(lambda: client.get(address)) <= offered
        own = signed_in(sergey).get(address).context
        assert (own["may_recall"], own["why_not"]) == (False, str(FINISHED_STAYS))

    def test_nor_is_it_by_whoever_read_it_before(self, done, olga, maria, sergey):
        before = [Task.objects.for_list().get(pk=done.pk) for _each in range(2)]
        carry_out(Cancellation(done.recommendation), olga, "Утратила силу.")
        with pytest.raises(Stale, match=str(FINISHED_STAYS)):
            workflow.send_back(before[0], maria, "Приложите приказ.")
        with pytest.raises(Stale, match=str(FINISHED_STAYS)):
            workflow.recall(before[1], sergey)
        done.refresh_from_db()
        assert done.status == S.COMPLETED
        assert not done.events.filter(action__in=[A.RETURN, A.RECALL]).exists()

    def test_once_the_recommendation_is_restored_it_is_returned(self, done, olga, maria):
        carry_out(Cancellation(done.recommendation), olga, "Утратила силу.")
        carry_out(Restoration(done.recommendation), olga, "Рано отменили.")
        workflow.send_back(Task.objects.get(pk=done.pk), maria, "Приложите приказ.")
        done.refresh_from_db()
        assert done.status == S.REWORK

    def test_a_report_that_waits_is_cancelled_with_it_and_comes_back_unreported(
        self, task, olga, sergey
    ):
        workflow.report(task, sergey, Report.Outcome.NOT_APPLICABLE, "Нет таких классов.")
        carry_out(Cancellation(task.recommendation), olga, "Утратила силу.")
        task.refresh_from_db()
        assert (task.status, task.reported_on) == (S.CANCELLED, None)
        with pytest.raises(Stale):
            workflow.recall(task, sergey)
        carry_out(Restoration(task.recommendation), olga, "Рано отменили.")
        task.refresh_from_db()
        assert task.status == S.ASSIGNED

    def test_what_waits_in_it_from_earlier_days_is_still_accepted(self, task, olga, sergey):
        """Reopened before that was refused, and reported again: somebody has to decide."""
        workflow.report(task, sergey, Report.Outcome.NOT_APPLICABLE, "Нет таких классов.")
        Recommendation.objects.filter(pk=task.recommendation_id).update(cancelled_at=timezone.now())
        workflow.accept(Task.objects.get(pk=task.pk), olga)
        task.refresh_from_db()
        assert task.status == S.NOT_APPLICABLE

    def test_with_the_recommendation_it_does(self, cancelled, olga):
        carry_out(Restoration(cancelled.recommendation), olga, "Рано отменили.")
        cancelled.refresh_from_db()
        assert cancelled.status == S.ASSIGNED

    def test_a_task_cancelled_alone_comes_back_alone(self, task, olga):
        workflow.cancel(task, olga, "Школа закрыта.")
        workflow.restore(Task.objects.get(pk=task.pk), olga, "Открыта снова.")
        task.refresh_from_db()
        assert task.status == S.ASSIGNED


class TestReworkTerm:
    def test_a_return_does_not_undo_an_extension_made_meanwhile(self, done, olga, maria):
        """The due day has passed, so Maria gives five days; Olga has just given half a year."""
        Task.objects.filter(pk=done.pk).update(due_on=date(2020, 10, 1))
        read = Task.objects.get(pk=done.pk)
        extended = timezone.localdate() + timedelta(days=180)
        Task.objects.filter(pk=done.pk).update(due_on=extended)
        with pytest.raises(Stale):
            workflow.send_back(read, maria, "Приложите приказ.")
        again = Task.objects.get(pk=done.pk)
        assert (again.status, again.due_on) == (S.COMPLETED, extended)
        workflow.send_back(again, maria, "Приложите приказ.")
        again.refresh_from_db()
        assert (again.status, again.due_on) == (S.REWORK, extended)

    def test_nor_one_given_to_a_task_without_a_day(self, done, maria):
        Task.objects.filter(pk=done.pk).update(due_on=None)
        read = Task.objects.get(pk=done.pk)
        Task.objects.filter(pk=done.pk).update(due_on=date(2031, 1, 1))
        with pytest.raises(Stale):
            workflow.send_back(read, maria, "Приложите приказ.")

    def test_a_task_without_a_day_gets_one_by_a_return(self, done, maria):
        Task.objects.filter(pk=done.pk).update(due_on=None)
        event = workflow.send_back(Task.objects.get(pk=done.pk), maria, "Приложите приказ.")
        assert event.due_before is None
        assert event.due_after == Task.objects.get(pk=done.pk).due_on is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="nobody else is there at once")
@pytest.mark.parametrize("_time", range(3))
def test_a_return_and_an_extension_at_once_leave_a_story_that_folds(
    sent, olga, maria, sergey, region, _time
):
    """Whichever comes first: the days in the events lead to the day of the task."""
    recommendation = Recommendation.objects.get(text__startswith="Разработать")
    task = Task.objects.get(recommendation=recommendation, executor=region.school_1)
    workflow.report(task, sergey, Report.Outcome.DONE, "Готово.")
    Task.objects.filter(recommendation=recommendation).update(due_on=date(2020, 1, 1))
    together, errors = Barrier(2), []

    def extend():
        carry_out(
            Extension(recommendation, date(2031, 1, 1)), User.objects.get(pk=olga.pk), "Ждём."
        )

    def give_back():
        read = Task.objects.get(pk=task.pk)
        workflow.send_back(read, User.objects.get(pk=maria.pk), "Приложите приказ.")

    def press(act):
        try:
            together.wait(10)
            act()
        except Stale:
            pass
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=[act]) for act in (extend, give_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    due = date(2020, 1, 1)
    for event in task.events.order_by("pk").exclude(due_before=None):
        assert event.due_before == due
        due = event.due_after
    task.refresh_from_db()
    assert task.due_on == due
