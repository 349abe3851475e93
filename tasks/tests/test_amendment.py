"""After sending: what changes, for whom, with which events, and what is left alone."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organizations.models import User
from resolutions.models import Recommendation, Resolution
from tasks import bulk, workflow
from tasks.amendment.acts import NothingToDo, ShownOtherwise, carry_out, preview
from tasks.amendment.audience import Enlargement, Place, Withdrawal
from tasks.amendment.control import CANCEL, OffControl, OnControl
from tasks.amendment.deadlines import Correction, Extension
from tasks.amendment.recommendations import Addition, Cancellation, Restoration, Rewording
from tasks.bulk import Why
from tasks.models import Report, Task, TaskEvent
from tasks.tests.amendments import assert_history_tells_all, meant_and_tasked

S = Task.Status
A = TaskEvent.Action


class TestManyAtOnce:
    """The set-based step is the step of the workflow."""

    def test_a_step_does_to_each_what_perform_does_to_one(self, recommendation, olga, task_of):
        one, *others = Task.objects.filter(recommendation=recommendation).order_by("pk")
        why = Why(olga, "Снята с контроля.")
        act = workflow.Act(A.CANCEL, olga, S.CANCELLED, reason=why.reason, at=why.at)
        workflow.perform(one, act, reported_on=None)
        bulk.step([each.pk for each in others], why, A.CANCEL, S.CANCELLED, reported_on=None)
        events = TaskEvent.objects.filter(action=A.CANCEL).order_by("pk")
        told = {
            tuple(
                value
                for name, value in each.items()
                if name not in ("id", "task_id", "for_organization_id")
            )
            for each in events.values()
        }
        assert len(told) == 1
        assert all(each.for_organization_id == each.task.executor_id for each in events)
        rows = Task.objects.filter(recommendation=recommendation).values_list(
            "status", "reported_on", "completed_on", "due_on"
        )
        assert len(rows) == 3
        assert len(set(rows)) == 1
        assert_history_tells_all()

    def test_a_task_that_is_elsewhere_stops_all(
        self, recommendation, olga, sergey, task_of, region
    ):
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        keys = list(Task.objects.values_list("pk", flat=True))
        with pytest.raises(workflow.Stale), bulk.transaction.atomic():
            bulk.step(keys, Why(olga, "Ошибка."), A.CANCEL, S.CANCELLED)
        assert not Task.objects.filter(status=S.CANCELLED).exists()
        assert not TaskEvent.objects.filter(action=A.CANCEL).exists()

    def test_keys_beyond_one_statement_are_parted(self, recommendation, olga, monkeypatch):
        monkeypatch.setattr(bulk, "CHUNK", 2)
        keys = list(Task.objects.values_list("pk", flat=True))
        bulk.step(keys, Why(olga, "Всё."), A.CANCEL, S.CANCELLED, reported_on=None)
        assert Task.objects.filter(status=S.CANCELLED).count() == len(keys) == 7
        assert_history_tells_all()


class TestExtension:
    LATER = date(2027, 3, 1)

    def test_moves_the_day_of_those_who_owe_and_keeps_the_first_one(
        self, recommendation, olga, sergey, region, task_of
    ):
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        act = Extension(recommendation, self.LATER, today=date(2026, 9, 1))
        done = carry_out(act, olga, "Ждём приказа министерства.")
        assert done.count == 2
        moved = task_of(region.school_2)
        assert (moved.due_on, moved.original_due_on) == (self.LATER, date(2026, 10, 1))
        assert task_of(region.school_1).due_on == date(2026, 10, 1)
        event = moved.events.get(action=A.EXTEND)
        assert (event.due_before, event.due_after) == (date(2026, 10, 1), self.LATER)
        assert (event.actor, event.reason) == (olga, "Ждём приказа министерства.")
        recommendation.refresh_from_db()
        assert recommendation.due_on == date(2026, 10, 1)
        assert_history_tells_all()

    def test_for_one_organisation_leaves_the_others(self, recommendation, olga, region, task_of):
        chosen = frozenset({region.school_3.pk})
        carry_out(Extension(recommendation, self.LATER, chosen, date(2026, 9, 1)), olga, "Ремонт.")
        assert task_of(region.school_3).due_on == self.LATER
        assert task_of(region.school_1).due_on == date(2026, 10, 1)

    @pytest.mark.parametrize("due_on", [date(2026, 10, 1), date(2026, 9, 30), date(2026, 9, 1)])
    def test_is_later_than_today_and_than_the_day_before(self, recommendation, olga, due_on):
        with pytest.raises(NothingToDo):
            carry_out(Extension(recommendation, due_on, today=date(2026, 9, 1)), olga, "Так.")
        assert not TaskEvent.objects.filter(action=A.EXTEND).exists()

    def test_a_second_press_finds_nothing_to_do(self, recommendation, olga):
        act = Extension(recommendation, self.LATER, today=date(2026, 9, 1))
        seen = preview(act).fingerprint
        carry_out(act, olga, "Просили.", seen=seen)
        with pytest.raises(NothingToDo):
            carry_out(act, olga, "Просили.", seen=seen)
        assert TaskEvent.objects.filter(action=A.EXTEND).count() == 3

    def test_never_does_anything_but_what_was_shown(
        self, recommendation, olga, sergey, region, task_of
    ):
        act = Extension(recommendation, self.LATER, today=date(2026, 9, 1))
        seen = preview(act)
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        with pytest.raises(ShownOtherwise) as news:
            carry_out(act, olga, "Просили.", seen=seen.fingerprint)
        assert (seen.count, news.value.preview.count) == (3, 2)
        assert not TaskEvent.objects.filter(action=A.EXTEND).exists()


class TestCorrection:
    def test_changes_both_days_of_all_that_follow_the_paper(
        self, recommendation, olga, sergey, region, task_of
    ):
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        carry_out(Correction(recommendation, "до 1 ноября 2026 г."), olga, "Срок прочитан неверно.")
        right = date(2026, 11, 1)
        for school in (region.school_1, region.school_2, region.school_3):
            task = task_of(school)
            assert task.due_on == task.original_due_on == right
            event = task.events.get(action=A.CORRECT)
            assert (event.due_before, event.due_after) == (date(2026, 10, 1), right)
        recommendation.refresh_from_db()
        assert (recommendation.deadline_text, recommendation.due_on) == (
            "до 1 ноября 2026 г.",
            right,
        )
        assert recommendation.history.first().history_user == olga
        assert recommendation.history.first().history_change_reason == "Срок прочитан неверно."
        assert_history_tells_all()

    def test_leaves_and_names_what_was_changed_one_by_one(
        self, recommendation, olga, region, task_of
    ):
        later = date(2027, 3, 1)
        one = frozenset({region.school_3.pk})
        carry_out(Extension(recommendation, later, one, date(2026, 9, 1)), olga, "Ремонт.")
        done = carry_out(Correction(recommendation, "до 1 ноября 2026 г."), olga, "Неверно.")
        assert [row.executor for row in done.part("apart").rows] == [region.school_3.pk]
        task = task_of(region.school_3)
        assert (task.due_on, task.original_due_on) == (later, date(2026, 10, 1))
        assert not task.events.filter(action=A.CORRECT).exists()

    def test_an_extension_to_the_very_day_still_counts_as_one_by_one(
        self, recommendation, olga, region, task_of
    ):
        day = date(2026, 11, 1)
        one = frozenset({region.school_3.pk})
        carry_out(Extension(recommendation, day, one, date(2026, 9, 1)), olga, "Ремонт.")
        carry_out(Correction(recommendation, "до 1 ноября 2026 г."), olga, "Неверно.")
        done = carry_out(Correction(recommendation, "до 2 ноября 2026 г."), olga, "Опять неверно.")
        assert [row.executor for row in done.part("apart").rows] == [region.school_3.pk]

    def test_takes_a_deadline_away_and_gives_one(self, recommendation, olga, region, task_of):
        carry_out(Correction(recommendation, ""), olga, "В тексте срока нет.")
        task = task_of(region.school_1)
        assert (task.due_on, task.original_due_on) == (None, None)
        start, due = date(2026, 12, 1), date(2026, 12, 31)
        carry_out(Correction(recommendation, "", True, start, due), olga, "Срок назван устно.")
        task = task_of(region.school_1)
        assert (task.starts_on, task.due_on, task.original_due_on) == (start, due, due)
        events = task.events.filter(action=A.CORRECT).order_by("pk")
        assert [(each.due_before, each.due_after) for each in events] == [
            (date(2026, 10, 1), None),
            (None, due),
        ]

    def test_of_the_words_alone_touches_no_task(self, recommendation, olga):
        carry_out(Correction(recommendation, "к 1 октября 2026 г."), olga, "Опечатка.")
        recommendation.refresh_from_db()
        assert recommendation.deadline_text == "к 1 октября 2026 г."
        assert not TaskEvent.objects.filter(action=A.CORRECT).exists()
        with pytest.raises(NothingToDo):
            carry_out(Correction(recommendation, "к 1 октября 2026 г."), olga, "Опечатка.")


class TestRecommendations:
    def test_a_slip_is_put_right_and_those_who_work_on_it_are_told(
        self, recommendation, olga, sergey, region, task_of
    ):
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        act = Rewording(recommendation, "Разработать программы наставничества.")
        carry_out(act, olga, "Опечатка.")
        recommendation.refresh_from_db()
        assert recommendation.text == "Разработать программы наставничества."
        assert not task_of(region.school_1).events.filter(action=A.REWORD).exists()
        assert TaskEvent.objects.filter(action=A.REWORD, reason="Опечатка.").count() == 2
        assert [each.text for each in recommendation.history.all()][:2] == [
            "Разработать программы наставничества.",
            "Разработать программу наставничества.",
        ]
        with pytest.raises(NothingToDo):
            carry_out(act, olga, "Опечатка.")

    def test_cancelled_with_its_open_tasks_and_restored_with_exactly_these(
        self, recommendation, olga, sergey, region, task_of
    ):
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        workflow.cancel(task_of(region.school_2), olga, "Школа на ремонте.")
        done = carry_out(Cancellation(recommendation), olga, "Утратила силу.")
        assert [row.executor for row in done.part("cancelled").rows] == [region.school_3.pk]
        assert [row.executor for row in done.part("finished").rows] == [region.school_1.pk]
        with pytest.raises(NothingToDo):
            carry_out(Cancellation(recommendation), olga, "Ещё раз.")
        carry_out(Restoration(recommendation), olga, "Отменена по ошибке.")
        assert task_of(region.school_3).status == S.ASSIGNED
        assert task_of(region.school_2).status == S.CANCELLED
        assert task_of(region.school_1).status == S.COMPLETED
        with pytest.raises(NothingToDo):
            carry_out(Restoration(recommendation), olga, "Ещё раз.")
        assert_history_tells_all()

    def test_a_new_one_goes_to_whom_its_section_means(self, sent, olga, region):
        section = sent.sections.first()
        new = Recommendation(section=section, text="Провести День наставника.", printed_number="3")
        new.date_by_person(None, date(2027, 1, 15))
        act = Addition(new)
        assert preview(act).count == 3
        carry_out(act, olga, "Пропущена при вводе.")
        stored = section.recommendations.get(printed_number="3")
        tasks = Task.objects.filter(recommendation=stored)
        assert {each.executor for each in tasks} == {
            region.school_1,
            region.school_2,
            region.school_3,
        }
        assert {each.due_on for each in tasks} == {date(2027, 1, 15)}
        assert stored.pk == section.recommendations.last().pk
        meant, tasked = meant_and_tasked(sent)
        assert meant == tasked
        again = Recommendation(section=section, text=new.text, printed_number="3")
        with pytest.raises(NothingToDo):
            carry_out(Addition(again), olga, "Пропущена при вводе.")
        assert_history_tells_all()

    def test_a_new_one_does_not_go_to_who_was_withdrawn_from_its_section(
        self, sent, recommendation, olga, region, task_of
    ):
        """School 1 was withdrawn and had one thing done; school 2 was an exception of one alone."""
        section = sent.sections.first()
        other = section.recommendations.exclude(pk=recommendation.pk).get()
        other.tasks.filter(executor=region.school_1).update(
            status=S.COMPLETED, reported_on=date(2026, 1, 1), completed_on=date(2026, 1, 1)
        )
        carry_out(Withdrawal(Place(sent, section), (region.school_1,)), olga, "Закрыта на ремонт.")
        place = Place(sent, recommendation=recommendation)
        carry_out(Withdrawal(place, (region.school_2,)), olga, "Уже провела.")
        new = Recommendation(section=section, text="Провести День наставника.", printed_number="3")
        act = Addition(new)
        assert preview(act).notes == (
            "1 организация отозвана из этого раздела: новой задачи она не получит.",
        )
        carry_out(act, olga, "Пропущена при вводе.")
        assert {each.executor for each in new.tasks.all()} == {region.school_2, region.school_3}
        meant, tasked = meant_and_tasked(sent)
        assert meant == tasked

    def test_a_new_one_may_mean_somebody_else(self, sent, olga, region):
        section = sent.sections.first()
        new = Recommendation(section=section, text="Садам: провести День наставника.")
        carry_out(Addition(new, (region.kindergarten,)), olga, "Пропущена.")
        assert {each.executor for each in new.tasks.all()} == {region.kindergarten}
        with pytest.raises(NothingToDo):
            other = Recommendation(section=section, text="Никому.")
            act = Addition(other, (region.kindergarten,), exclusions=(region.kindergarten,))
            carry_out(act, olga, "Пропущена.")


class TestControl:
    @pytest.fixture
    def various(self, sent, region, sergey, tamara, pavel, task_of, recommendation) -> None:
        """One task waits, one is said not to concern the school, one is done, four are owed."""
        Recommendation.objects.update(acceptance_required=True)
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        workflow.report(task_of(region.school_3), tamara, Report.Outcome.NOT_APPLICABLE, "Не наше.")
        Recommendation.objects.update(acceptance_required=False)
        own = Task.objects.get(executor=region.lakeside)
        workflow.report(own, pavel, Report.Outcome.DONE, "Проведён.")

    def test_every_open_task_is_decided_in_one_act(self, sent, olga, various, region, task_of):
        done = carry_out(OffControl(sent, olga), olga, "Снята с контроля.")
        assert {each.name: len(each.rows) for each in done.parts} == {
            "accepted": 1,
            "agreed": 1,
            "cancelled_owed": 4,
        }
        assert not Task.objects.filter(status__in=("ASSIGNED", "IN_PROGRESS", "REWORK", "REPORTED"))
        accepted = task_of(region.school_1)
        assert (accepted.status, accepted.completed_on) == (S.COMPLETED, timezone.localdate())
        event = accepted.events.get(action=A.ACCEPT)
        assert event.report == accepted.reports.get()
        assert task_of(region.school_3).status == S.NOT_APPLICABLE
        sent.refresh_from_db()
        assert sent.status == Resolution.Status.OFF_CONTROL
        last = sent.history.first()
        assert (last.status, last.history_user, last.history_change_reason) == (
            "OFF_CONTROL",
            olga,
            "Снята с контроля.",
        )
        assert_history_tells_all()

    def test_reports_may_be_cancelled_instead(self, sent, olga, various):
        carry_out(OffControl(sent, olga, CANCEL), olga, "Резолюция утратила силу.")
        assert Task.objects.filter(status=S.CANCELLED).count() == 6
        assert_history_tells_all()

    def test_nobody_accepts_reports_of_their_own_organisation(self, sent, various, region, sergey):
        sergey.memberships.create(organization=region.department, role="COORDINATOR")
        sergey = User.objects.get(pk=sergey.pk)
        with pytest.raises(NothingToDo):
            carry_out(OffControl(sent, sergey), sergey, "Снята с контроля.")
        sent.refresh_from_db()
        assert sent.status == Resolution.Status.ON_CONTROL
        carry_out(OffControl(sent, sergey, CANCEL), sergey, "Снята с контроля.")

    def test_nothing_is_amended_any_more(self, sent, olga, recommendation, region, task_of):
        carry_out(OffControl(sent, olga), olga, "Снята с контроля.")
        for act in (
            OffControl(sent, olga),
            Cancellation(recommendation),
            Extension(recommendation, date(2030, 1, 1)),
            Enlargement(Place(sent), (region.boarding_school,)),
        ):
            with pytest.raises(PermissionDenied):
                carry_out(act, olga, "Ещё.")

    def test_put_back_on_control_with_the_tasks_that_went_with_it(
        self, sent, olga, various, region, task_of
    ):
        workflow.cancel(task_of(region.school_2), olga, "Ремонт.")
        before = dict(Task.objects.values_list("pk", "status"))
        carry_out(OffControl(sent, olga, CANCEL), olga, "По ошибке.")
        carry_out(OnControl(sent), olga, "Сняли не ту.")
        after = dict(Task.objects.values_list("pk", "status"))
        changed = {key for key in before if before[key] != after[key]}
        assert {before[key] for key in changed} == {S.REPORTED}
        assert {after[key] for key in changed} == {S.ASSIGNED}
        with pytest.raises(PermissionDenied):
            carry_out(OnControl(sent), olga, "Ещё раз.")
        assert_history_tells_all()


@pytest.mark.parametrize("who", ["maria", "sergey", "pavel", "nina", "victor", "anna"])
def test_only_a_coordinator_of_the_issuer_amends(request, sent, who, recommendation):
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        carry_out(Cancellation(recommendation), person, "Хочу.")
    assert not TaskEvent.objects.filter(action=A.CANCEL).exists()


def test_an_amendment_needs_a_reason(recommendation, olga):
    with pytest.raises(ValueError, match="reason"):
        carry_out(Cancellation(recommendation), olga, "  ")


def test_a_preview_writes_nothing_and_says_what_the_act_does(sent, olga, region, recommendation):
    acts = (
        Extension(recommendation, date(2030, 1, 1)),
        Correction(recommendation, "до 1 ноября 2026 г."),
        Rewording(recommendation, "Иначе."),
        Enlargement(Place(sent), (region.boarding_school,)),
        Withdrawal(Place(sent), (region.school_1,)),
        Cancellation(recommendation),
        Restoration(recommendation),
        OffControl(sent, olga),
    )
    for act in acts:
        before = list(Task.objects.order_by("pk").values()), TaskEvent.objects.count()
        shown = preview(act)
        assert (list(Task.objects.order_by("pk").values()), TaskEvent.objects.count()) == before
        assert carry_out(act, olga, "Причина.", seen=shown.fingerprint).parts == shown.parts
