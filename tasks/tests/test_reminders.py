"""Reminders: one letter a day to an organisation, whoever presses, and its mark on every task."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from conftest import person
from organizations.models import Membership, Organization, User
from organizations.roles import Role
from tasks import workflow
from tasks.mail import deliver
from tasks.models import Report, Task, TaskEvent
from tasks.outbox import Letter
from tasks.reminders import prepare, remind

A = TaskEvent.Action


def names(addressees) -> list[str]:
    return [str(each.organization) for each in addressees]


def late_of(today):
    return Task.objects.overdue(today)


@pytest.fixture
def late(sent, region, sergey, tamara, today):
    """All of the two districts' schools are late by 12 days; of school 2 nobody can be told."""
    Task.objects.exclude(executor=region.lakeside).update(due_on=today - timedelta(days=12))
    deliver()
    mail.outbox.clear()
    return sent


class TestWhomItReaches:
    def test_those_in_reach_who_have_an_address_and_are_late(self, late, maria, region, today):
        found = prepare(maria, late_of(today), today)
        assert names(found.reached) == ["Школа № 1"]
        assert names(found.unreachable) == ["Школа № 2"]
        assert (found.tasks, found.addresses, found.watched) == (2, 1, 0)
        (one,) = found.reached
        assert (one.tasks, one.days, one.personal) == (2, 12, True)

    def test_who_is_late_with_nothing_gets_nothing(self, late, maria, region, today):
        Task.objects.filter(executor=region.school_1).update(due_on=today)
        assert names(prepare(maria, late_of(today), today).reached) == []

    def test_the_mailbox_of_an_office_is_an_address(self, late, maria, region, today):
        Organization.objects.filter(pk=region.school_2.pk).update(email="office@school2.test")
        found = prepare(maria, late_of(today), today)
        assert [each.personal for each in found.reached] == [True, False]

    def test_what_a_person_only_looks_at_is_counted_and_left_alone(self, late, region, today):
        both = person("Both", (region.department, Role.OBSERVER), (region.lakeside, Role.METHODIST))
        found = remind(both, late_of(today))
        assert (names(found.reached), found.watched) == (["Школа № 1"], 1)
        assert Letter.objects.filter(kind="REMINDER").get().organization == region.school_1

    @pytest.mark.parametrize("name", ["nina", "sergey", "anna"])
    def test_neither_observers_nor_executors_remind(self, late, today, request, name):
        with pytest.raises(PermissionDenied) as refusal:
            remind(request.getfixturevalue(name), late_of(today))
        assert str(refusal.value)
        assert not TaskEvent.objects.filter(action=A.REMIND).exists()

    def test_a_stranger_reminds_nobody(self, late, victor, today):
        assert remind(victor, late_of(today)).is_empty
        assert not Letter.objects.filter(kind="REMINDER").exists()


class TestReminding:
    def test_it_marks_every_overdue_task_and_changes_nothing_else(
        self, late, maria, region, sergey, today
    ):
        before = list(Task.objects.order_by("pk").values())
        remind(maria, late_of(today), "  Ждём отчёта до среды. ")
        events = TaskEvent.objects.filter(action=A.REMIND)
        assert {each.task.executor for each in events} == {region.school_1}
        assert events.count() == 2
        for each in events:
            assert (each.actor, each.for_organization) == (maria, region.school_1)
            assert each.from_status == each.to_status == each.task.status
            assert each.reason == "Ждём отчёта до среды."
        assert list(Task.objects.order_by("pk").values()) == before

    def test_the_letter_is_of_the_organisation_and_not_of_the_filter(
        self, late, maria, region, today
    ):
        """One a day is enough, so that it tells of everything that is late."""
        one = late_of(today).filter(executor=region.school_1)[:1]
        found = remind(maria, Task.objects.filter(pk__in=list(one.values_list("pk", flat=True))))
        assert found.tasks == 2
        assert TaskEvent.objects.filter(action=A.REMIND).count() == 2

    def test_a_second_press_finds_all_of_them_reminded(self, late, maria, today):
        remind(maria, late_of(today))
        again = remind(maria, late_of(today), "Ещё раз.")
        assert (names(again.reached), names(again.reminded)) == ([], ["Школа № 1"])
        assert again.reminded[0].reminded.event.actor == maria
        assert Letter.objects.filter(kind="REMINDER").count() == 1
        assert not TaskEvent.objects.filter(action=A.REMIND, reason="Ещё раз.").exists()

    def test_another_person_on_the_same_day_reminds_only_the_others(
        self, late, maria, olga, region, today
    ):
        remind(maria, late_of(today))
        found = remind(olga, late_of(today))
        assert (names(found.reached), names(found.reminded)) == (["Школа № 3"], ["Школа № 1"])
        assert Letter.objects.filter(kind="REMINDER").count() == 2

    def test_tomorrow_is_another_day(self, late, maria, today):
        remind(maria, late_of(today))
        remind(maria, late_of(today), at=timezone.now() + timedelta(days=1))
        assert Letter.objects.filter(kind="REMINDER").count() == 2

    def test_three_hundred_organisations_cost_as_much_as_three(
        self, late, maria, region, today, queries_of, many_schools
    ):
        for school in many_schools(2):
            Organization.objects.filter(pk=school.pk).update(email="a@school.test")
        recommendation = Task.objects.filter(executor=region.school_1).first().recommendation

        def add(schools):
            tasks = [
                Task(
                    recommendation=recommendation, executor=school, due_on=today - timedelta(days=3)
                )
                for school in schools
            ]
            Task.objects.bulk_create(tasks)

        add(Organization.objects.filter(email="a@school.test"))
        assert maria.reach  # read once a request, so not counted
        few = queries_of(lambda: remind(maria, late_of(today)))
        assert Letter.objects.filter(kind="REMINDER").count() == 3
        Organization.objects.filter(pk__in=[each.pk for each in many_schools(300)]).update(
            email="b@school.test"
        )
        add(Organization.objects.filter(email="b@school.test"))
        assert queries_of(lambda: remind(maria, late_of(today))) == few
        assert Letter.objects.filter(kind="REMINDER").count() == 303
        assert TaskEvent.objects.filter(action=A.REMIND).count() == 304

    def test_all_or_nothing(self, late, maria, region, today):
        """A letter of that name stands there, as if from another machine: nothing is half done."""
        Letter.objects.create(
            key=f"reminder:{region.school_1.pk}:{today}",
            kind=Letter.Kind.RETURNED,
            organization=region.school_1,
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            remind(maria, late_of(today))
        assert not TaskEvent.objects.filter(action=A.REMIND).exists()


class TestLetter:
    def letter(self) -> mail.EmailMultiAlternatives:
        deliver()
        (message,) = mail.outbox
        return message

    def test_it_lists_what_is_overdue_says_who_and_in_what_words(
        self, late, maria, region, sergey, today, signed_in
    ):
        Task.objects.filter(executor=region.school_1, recommendation__printed_number="2").update(
            due_on=today - timedelta(days=1)
        )
        remind(maria, late_of(today), "Ждём <b>отчёта</b>.")
        letter = self.letter()
        assert letter.to == [sergey.email]
        assert letter.subject == "Напоминание: просрочены 2 задачи"
        html = letter.alternatives[0][0]
        for text in (letter.body, html.replace("\xa0", " ")):
            assert maria.get_full_name() in text
            assert "просрочено на 12 дней" in text.replace("\xa0", " ")
            assert "просрочено на 1 день" in text.replace("\xa0", " ")
        assert "Ждём <b>отчёта</b>." in letter.body
        assert "Ждём &lt;b&gt;отчёта&lt;/b&gt;." in html
        address = next(word for word in letter.body.split() if "state=overdue" in word)
        assert signed_in(sergey).get(address).context["page"].paginator.count == 2

    def test_an_office_gets_the_words_without_names(self, late, maria, region, sergey, today):
        Membership.objects.filter(user=sergey).update(until=today)
        Organization.objects.filter(pk=region.school_1.pk).update(email="office@school1.test")
        remind(maria, late_of(today), "Ждём отчёта.")
        letter = self.letter()
        assert letter.to == ["office@school1.test"]
        for text in (letter.body, letter.alternatives[0][0]):
            assert maria.surname not in text
            assert "Ждём отчёта." in text

    def test_ten_are_listed_and_the_rest_is_counted(self, late, maria, region, sergey, today):
        task = Task.objects.filter(executor=region.school_1).first()
        for number in range(10):
            Task.objects.create(
                recommendation=task.recommendation,
                executor=task.executor,
                period=str(number),
                due_on=today - timedelta(days=2),
            )
        remind(maria, late_of(today))
        letter = self.letter()
        assert letter.subject == "Напоминание: просрочено 12 задач"
        assert "и ещё 2" in letter.body
        assert letter.body.count("/tasks/") == 10 + 1

    def test_who_has_reported_meanwhile_gets_none(self, late, maria, region, sergey, today):
        remind(maria, late_of(today))
        for task in Task.objects.filter(executor=region.school_1):
            workflow.report(task, sergey, Report.Outcome.DONE, "Готово.")
        assert deliver().not_needed == 1
        assert mail.outbox == []

    def test_a_batch_is_written_with_the_same_number_of_queries(
        self, late, maria, olga, today, queries_of
    ):
        from_maria = Task.objects.filter(executor__short_name="Школа № 1")
        remind(maria, from_maria)
        few = queries_of(deliver)
        remind(olga, late_of(today), at=timezone.now() + timedelta(days=1))
        Letter.objects.filter(kind="REMINDER", status="QUEUED").update(send_after=timezone.now())
        assert Letter.objects.filter(kind="REMINDER", status="QUEUED").count() == 2
        # each letter's own row is written once more; its words cost nothing more
        assert queries_of(deliver) == few + 1
        assert len(mail.outbox) == 3


def test_the_story_folds_with_reminders_in_it(late, maria, olga, region, sergey, today):
    task = Task.objects.filter(executor=region.school_1).first()
    workflow.mark_opened(task, sergey)
    remind(maria, late_of(today))
    workflow.take(task, sergey)
    remind(maria, late_of(today), at=timezone.now() + timedelta(days=1))
    status = ""
    for event in task.events.order_by("pk"):
        assert event.from_status == status
        status = event.to_status
    task.refresh_from_db()
    assert status == task.status == Task.Status.IN_PROGRESS


@pytest.mark.parametrize("page", ["task", "organization"])
def test_who_reminded_and_when_is_seen(late, maria, sergey, region, today, signed_in, page):
    remind(maria, late_of(today), "Ждём отчёта до среды.")
    task = Task.objects.filter(executor=region.school_1).first()
    address = (
        task.get_absolute_url() if page == "task" else f"/organizations/{task.executor_id}/tasks/"
    )
    for reader in (maria, sergey):
        text = signed_in(reader).get(address).content.decode().replace("\xa0", " ")
        assert maria.get_short_name() in text
        assert "Ждём отчёта до среды." in text
        assert f"{today:%d.%m.%Y}" in text


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture(autouse=True)
    def _several_connections(self):
        if connection.vendor == "sqlite":
            pytest.skip("SQLite in memory has one connection; there is nobody else at once.")

    @pytest.mark.parametrize("_time", range(3))
    def test_two_people_and_a_report_give_one_letter_and_a_story_that_folds(
        self, late, maria, olga, sergey, region, today, _time
    ):
        acts = [
            lambda: remind(User.objects.get(pk=maria.pk), late_of(today)),
            lambda: remind(User.objects.get(pk=olga.pk), late_of(today)),
            lambda: workflow.take(
                Task.objects.filter(executor=region.school_1).first(),
                User.objects.get(pk=sergey.pk),
            ),
        ]
        together, failed = Barrier(len(acts)), []

        def press(act):
            try:
                together.wait(10)
                act()
            except Exception as error:
                failed.append(error)
            finally:
                connections.close_all()

        threads = [Thread(target=press, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failed == []
        letters = Letter.objects.filter(kind="REMINDER").values_list("organization", flat=True)
        assert sorted(letters) == sorted([region.school_1.pk, region.school_3.pk])
        for task in Task.objects.filter(executor__in=[region.school_1, region.school_3]):
            assert task.events.filter(action=A.REMIND).count() == 1
            status = ""
            for event in task.events.order_by("pk"):
                assert event.from_status == status
                status = event.to_status
            assert status == task.status
