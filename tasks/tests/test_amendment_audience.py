"""Whom a sent resolution goes to: organisations added and withdrawn."""

from datetime import date

import pytest

from organizations.models import OrganizationGroup
from tasks import workflow
from tasks.amendment.acts import NothingToDo, carry_out
from tasks.amendment.audience import Enlargement, Place, Withdrawal
from tasks.amendment.recommendations import Cancellation, Restoration
from tasks.models import Report, Task, TaskEvent
from tasks.tests.amendments import assert_history_tells_all, meant_and_tasked

S = Task.Status
A = TaskEvent.Action


class TestAudience:
    def test_a_school_added_to_one_recommendation_joins_those_of_the_section(
        self, sent, recommendation, olga, region, task_of
    ):
        act = Enlargement(Place(sent, recommendation=recommendation), (region.boarding_school,))
        assert carry_out(act, olga, "Пропустили.").count == 1
        task = task_of(region.boarding_school)
        assert (task.status, task.due_on) == (S.ASSIGNED, recommendation.due_on)
        assert task.events.get().reason == "Пропустили."
        meant, tasked = meant_and_tasked(sent)
        assert meant == tasked
        assert len(meant[recommendation.pk]) == 4
        with pytest.raises(NothingToDo):
            carry_out(act, olga, "Пропустили.")
        assert Task.objects.count() == 8

    def test_a_school_added_to_a_section_gets_all_its_recommendations(
        self, sent, olga, region, recommendation
    ):
        section = sent.sections.first()
        only = section.recommendations.last()
        only.organizations.add(region.school_2)
        act = Enlargement(Place(sent, section), (region.boarding_school,))
        done = carry_out(act, olga, "Пропустили.")
        assert done.part("created").by_recommendation() == {
            recommendation.pk: {region.boarding_school.pk}
        }
        assert len(done.notes) == 1
        assert region.boarding_school in section.organizations.all()

    def test_a_group_brings_those_who_have_no_task_yet(self, sent, olga, region, recommendation):
        schools = OrganizationGroup.objects.create(
            name="Школы", owner=region.department, within=region.department, kinds=["SCHOOL"]
        )
        act = Enlargement(Place(sent, sent.sections.first()), (), (schools,))
        done = carry_out(act, olga, "Всем школам.")
        assert set(done.part("created").executors) == {region.boarding_school.pk}
        assert len(done.part("there").rows) == 6
        meant, tasked = meant_and_tasked(sent)
        assert meant == tasked

    def test_a_withdrawn_school_is_meant_no_more_and_keeps_what_it_finished(
        self, sent, olga, sergey, region, recommendation, task_of
    ):
        workflow.report(task_of(region.school_1), sergey, Report.Outcome.DONE, "Готово.")
        done = carry_out(Withdrawal(Place(sent), (region.school_1,)), olga, "Школа закрывается.")
        assert (done.count, len(done.part("finished").rows)) == (1, 1)
        assert task_of(region.school_1).status == S.COMPLETED
        meant, tasked = meant_and_tasked(sent)
        assert meant == tasked
        with pytest.raises(NothingToDo):
            carry_out(Withdrawal(Place(sent), (region.school_1,)), olga, "Школа закрывается.")
        assert_history_tells_all()

    @pytest.mark.parametrize("restore", [True, False])
    def test_a_cancelled_task_comes_back_only_if_asked(
        self, sent, olga, region, recommendation, task_of, restore
    ):
        schools = OrganizationGroup.objects.create(
            name="Школы", owner=region.department, within=region.department, kinds=["SCHOOL"]
        )
        carry_out(Withdrawal(Place(sent), (region.school_1,)), olga, "Ремонт.")
        act = Enlargement(Place(sent, sent.sections.first()), (), (schools,), restore)
        carry_out(act, olga, "Всем школам.")
        expected = S.ASSIGNED if restore else S.CANCELLED
        assert task_of(region.school_1).status == expected
        assert Task.objects.filter(executor=region.school_1).count() == 2
        meant, tasked = meant_and_tasked(sent)
        assert meant == tasked
        assert_history_tells_all()

    def test_a_cancelled_recommendation_takes_nobody_in(self, sent, olga, region, recommendation):
        carry_out(Cancellation(recommendation), olga, "Утратила силу.")
        carry_out(
            Enlargement(Place(sent, sent.sections.first()), (region.boarding_school,)), olga, "Да."
        )
        assert not recommendation.tasks.filter(executor=region.boarding_school).exists()
        carry_out(Restoration(recommendation), olga, "По ошибке.")
        meant, tasked = meant_and_tasked(sent)
        assert meant == tasked

    def test_a_closed_school_gets_nothing(self, sent, olga, region):
        region.boarding_school.closed_on = date(2020, 1, 1)
        region.boarding_school.save()
        with pytest.raises(NothingToDo):
            carry_out(Enlargement(Place(sent), (region.boarding_school,)), olga, "Пропустили.")
