"""What controllers do: accept, return, cancel, restore; each act once, by those who may."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from resolutions.models import Resolution
from tasks import workflow
from tasks.models import Report, Task, TaskEvent
from tasks.review import decide
from tasks.tests.control_pages import status_of, told, url, words_for

S = Task.Status
A = TaskEvent.Action


@pytest.fixture
def task(sent, region, sergey) -> Task:
    """School 1's task; its report waits for a controller."""
    sent.acceptance_required = True
    sent.save()
    task = Task.objects.get(
        executor=region.school_1, recommendation__text__startswith="Разработать"
    )
    workflow.report(task, sergey, Report.Outcome.DONE, "Программа утверждена.")
    return Task.objects.get(pk=task.pk)


@pytest.fixture
def own_task(sent, region, pavel) -> Task:
    """The report of Lakeside's authority itself, of whose people Pavel is one."""
    sent.acceptance_required = True
    sent.save()
    task = Task.objects.get(executor=region.lakeside)
    workflow.report(task, pavel, Report.Outcome.DONE, "Мониторинг проведён.")
    return Task.objects.get(pk=task.pk)


@pytest.fixture
def not_ours(sent, region, sergey) -> Task:
    """School 1 says that the recommendation does not concern it."""
    task = Task.objects.get(executor=region.school_1, recommendation__text__startswith="Вести")
    workflow.report(task, sergey, Report.Outcome.NOT_APPLICABLE, "У нас нет таких классов.")
    return Task.objects.get(pk=task.pk)


class TestWhoDecides:
    @pytest.mark.parametrize(
        ("name", "answer", "after"),
        [
            ("olga", 302, S.COMPLETED),
            ("maria", 302, S.COMPLETED),
            ("pavel", 302, S.COMPLETED),
            ("nina", 403, S.REPORTED),
            ("sergey", 403, S.REPORTED),
            ("tamara", 404, S.REPORTED),
            ("victor", 404, S.REPORTED),
            ("anna", 404, S.REPORTED),
        ],
    )
    def test_a_school_is_accepted_by_its_methodist_and_the_issuer(
        self, task, signed_in, request, name, answer, after
    ):
        client = signed_in(request.getfixturevalue(name))
        assert client.post(url("accept", task)).status_code == answer
        assert status_of(task) == after

    @pytest.mark.parametrize(
        ("name", "answer", "after"),
        [
            ("olga", 302, S.REWORK),
            ("maria", 302, S.REWORK),
            ("nina", 403, S.REPORTED),
            ("sergey", 403, S.REPORTED),
            ("victor", 404, S.REPORTED),
        ],
    )
    def test_the_same_people_return_it(self, task, signed_in, request, name, answer, after):
        client = signed_in(request.getfixturevalue(name))
        assert client.post(url("return", task), words_for(task)).status_code == answer
        assert status_of(task) == after

    @pytest.mark.parametrize("name", ["pavel", "maria"])
    def test_a_municipality_is_accepted_from_above_only(self, own_task, signed_in, request, name):
        """Pavel answers for it himself; Maria follows what is below it."""
        client = signed_in(request.getfixturevalue(name))
        for act, words in (("accept", {}), ("return", words_for(own_task))):
            response = client.post(url(act, own_task), words)
            assert response.status_code == 403
            assert response.context["reason"]
        assert status_of(own_task) == S.REPORTED
        page = client.get(own_task.get_absolute_url())
        assert page.context["control"].refusal  # why there is no button
        assert url("accept", own_task) not in page.content.decode()

    def test_the_issuer_accepts_the_municipality(self, own_task, signed_in, olga):
        signed_in(olga).post(url("accept", own_task))
        assert status_of(own_task) == S.COMPLETED

    @pytest.mark.parametrize(
        ("name", "answer"),
        [("olga", 302), ("maria", 403), ("sergey", 403), ("nina", 403), ("victor", 404)],
    )
    def test_only_a_coordinator_cancels_and_restores(self, task, signed_in, request, name, answer):
        client = signed_in(request.getfixturevalue(name))
        response = client.post(url("cancel", task), {"reason": "Школа закрыта."})
        assert response.status_code == answer
        assert (status_of(task) == S.CANCELLED) is (answer == 302)
        Task.objects.filter(pk=task.pk).update(status=S.CANCELLED, reported_on=None)
        response = client.post(url("restore", task), {"reason": "Школа снова открыта."})
        assert response.status_code == answer
        assert (status_of(task) == S.ASSIGNED) is (answer == 302)

    @pytest.mark.parametrize("act", ["accept", "return", "cancel", "restore"])
    def test_nothing_is_changed_in_a_resolution_off_control(self, task, signed_in, olga, act):
        Resolution.objects.update(status=Resolution.Status.OFF_CONTROL)
        response = signed_in(olga).post(url(act, task), words_for(task))
        assert response.status_code == 403
        assert response.context["reason"]
        assert status_of(task) == S.REPORTED


class TestPageOfTheTask:
    """What the page offers is what may be done now."""

    def acts(self, client, task) -> set[str]:
        page = client.get(task.get_absolute_url()).content.decode()
        return {a for a in ("accept", "return", "cancel", "restore") if url(a, task) in page}

    def test_acts_follow_the_status(self, task, signed_in, olga):
        client = signed_in(olga)
        assert self.acts(client, task) == {"accept", "return", "cancel"}
        client.post(url("accept", task))
        assert self.acts(client, task) == {"return"}
        client.post(url("return", task), words_for(task))
        assert self.acts(client, task) == {"cancel"}
        client.post(url("cancel", task), {"reason": "Не нужно."})
        assert self.acts(client, task) == {"restore"}

    def test_a_methodist_decides_on_reports_only(self, task, signed_in, maria):
        assert self.acts(signed_in(maria), task) == {"accept", "return"}

    @pytest.mark.parametrize("name", ["nina", "sergey"])
    def test_others_are_offered_nothing(self, task, signed_in, request, name):
        client = signed_in(request.getfixturevalue(name))
        assert self.acts(client, task) == set()
        assert client.get(task.get_absolute_url()).context["control"].refusal == ""

    def test_the_page_has_one_main_button(self, task, signed_in, olga):
        page = signed_in(olga).get(task.get_absolute_url()).content.decode()
        assert page.count("btn-primary") == 1

    def test_a_report_not_ours_is_agreed_to(self, not_ours, signed_in, maria):
        client = signed_in(maria)
        assert client.get(not_ours.get_absolute_url()).context["control"].agrees
        client.post(url("accept", not_ours))
        assert status_of(not_ours) == S.NOT_APPLICABLE
        assert self.acts(client, not_ours) == {"return"}  # a second thought


class TestReworkTerm:
    """A return says by when: the due day, or five working days when there is none ahead."""

    @pytest.mark.parametrize(
        ("today", "due_on", "term"),
        [
            (date(2026, 9, 7), date(2026, 9, 20), date(2026, 9, 20)),  # ahead: kept
            (date(2026, 9, 7), date(2026, 9, 7), date(2026, 9, 7)),  # today is not past
            (date(2026, 9, 7), date(2026, 9, 6), date(2026, 9, 14)),  # Monday → Monday
            (date(2026, 9, 9), date(2026, 9, 1), date(2026, 9, 16)),  # Wednesday → Wednesday
            (date(2026, 9, 11), date(2026, 9, 1), date(2026, 9, 18)),  # Friday → Friday
            (date(2026, 9, 12), date(2026, 9, 1), date(2026, 9, 18)),  # Saturday → Friday
            (date(2026, 9, 13), None, date(2026, 9, 18)),  # Sunday → Friday
            (date(2026, 9, 7), None, date(2026, 9, 14)),
        ],
    )
    def test_term(self, task, today, due_on, term):
        task.due_on = due_on
        assert workflow.rework_term(task, today) == term

    def test_the_term_is_never_before_the_start(self, task):
        task.due_on, task.starts_on = None, date(2026, 12, 1)
        assert workflow.rework_term(task, date(2026, 9, 7)) == date(2026, 12, 1)

    def test_the_form_offers_the_term_and_takes_another(self, task, signed_in, maria, day):
        client = signed_in(maria)
        form = client.get(url("return", task)).context["form"]
        assert form["due_on"].value() == workflow.rework_term(task, timezone.localdate())
        client.post(url("return", task), words_for(task, due_on=f"{day(30):%d.%m.%Y}"))
        task.refresh_from_db()
        assert (task.status, task.due_on) == (S.REWORK, day(30))
        event = task.events.get(action=A.RETURN)
        assert (event.due_after, event.reason) == (day(30), "Приложите приказ.")

    def test_a_due_day_ahead_stays(self, task, signed_in, maria, day):
        Task.objects.filter(pk=task.pk).update(due_on=day(10))
        task.refresh_from_db()
        signed_in(maria).post(url("return", task), words_for(task))
        task.refresh_from_db()
        assert task.due_on == day(10)
        assert task.events.get(action=A.RETURN).due_after is None

    @pytest.mark.parametrize("wrong", ["", "31.02.2027", "yesterday"])
    def test_a_day_that_cannot_be_is_refused_and_the_words_stay(
        self, task, signed_in, maria, day, wrong
    ):
        wrong = f"{day(-1):%d.%m.%Y}" if wrong == "yesterday" else wrong
        response = signed_in(maria).post(url("return", task), words_for(task, due_on=wrong))
        assert response.context["form"].errors.keys() == {"due_on"}
        assert "Приложите приказ." in response.content.decode()
        assert status_of(task) == S.REPORTED

    def test_a_day_before_the_start_is_refused(self, task, signed_in, maria, day):
        Task.objects.filter(pk=task.pk).update(starts_on=day(20), due_on=None)
        response = signed_in(maria).post(
            url("return", task), words_for(task, due_on=f"{day(19):%d.%m.%Y}")
        )
        assert response.context["form"].errors.keys() == {"due_on"}


class TestReturn:
    def test_a_reason_is_needed(self, task, signed_in, maria):
        response = signed_in(maria).post(url("return", task), words_for(task, reason="  "))
        assert response.context["form"].errors.keys() == {"reason"}
        assert status_of(task) == S.REPORTED

    def test_a_phrase_is_reason_enough_and_own_words_come_after_it(self, task, signed_in, maria):
        signed_in(maria).post(
            url("return", task), words_for(task, phrases=["evidence", "details"], reason="Спасибо!")
        )
        lines = task.events.get(action=A.RETURN).reason.splitlines()
        assert len(lines) == 3
        assert lines[-1] == "Спасибо!"

    def test_a_return_reopens_a_completed_task(self, task, signed_in, maria):
        client = signed_in(maria)
        client.post(url("accept", task))
        client.post(url("return", task), words_for(task))
        task.refresh_from_db()
        assert (task.status, task.reported_on, task.completed_on) == (S.REWORK, None, None)
        assert task.is_owed()

    @pytest.mark.parametrize("status", [S.ASSIGNED, S.REWORK, S.CANCELLED])
    def test_what_waits_for_nobody_is_not_returned(self, task, signed_in, maria, status):
        Task.objects.filter(pk=task.pk).update(status=status, reported_on=None)
        client = signed_in(maria)
        assert client.get(url("return", task)).status_code == 302
        response = client.post(url("return", task), words_for(task))
        assert response.status_code == 409
        assert "Приложите приказ." in response.content.decode()
        assert status_of(task) == status


class TestTwice:
    """A double click, and two controllers at once."""

    def test_a_second_click_accepts_nothing_more(self, task, signed_in, maria):
        client = signed_in(maria)
        for _click in range(2):
            response = client.post(url("accept", task), follow=True)
        assert len(told(response)) == 1
        assert task.events.filter(action=A.ACCEPT).count() == 1

    def test_a_second_click_returns_nothing_more(self, task, signed_in, maria):
        client, words = signed_in(maria), words_for(task)
        first = client.post(url("return", task), words)
        second = client.post(url("return", task), words)
        assert (first.status_code, second.status_code) == (302, 302)
        assert task.events.filter(action=A.RETURN).count() == 1

    @pytest.mark.parametrize(("act", "event"), [("cancel", A.CANCEL), ("restore", A.RESTORE)])
    def test_a_second_click_cancels_and_restores_nothing_more(
        self, task, signed_in, olga, act, event
    ):
        if act == "restore":
            workflow.cancel(task, olga, "Не нужно.")
        client = signed_in(olga)
        for _click in range(2):
            assert client.post(url(act, task), {"reason": "Так решено."}).status_code == 302
        assert task.events.filter(action=event).count() == 1

    def test_the_second_controller_is_told_and_changes_nothing(self, task, signed_in, olga, maria):
        seen = signed_in(maria)
        page = seen.get(task.get_absolute_url())
        assert url("accept", task) in page.content.decode()
        signed_in(olga).post(url("return", task), words_for(task))
        response = seen.post(url("accept", task), follow=True)
        assert told(response)
        assert status_of(task) == S.REWORK
        assert not task.events.filter(action=A.ACCEPT).exists()

    def test_the_second_controllers_words_stay_on_the_page(self, task, signed_in, olga, maria):
        words = words_for(task)
        signed_in(olga).post(url("accept", task))
        Task.objects.filter(pk=task.pk).update(
            status=S.CANCELLED, reported_on=None, completed_on=None
        )
        response = signed_in(maria).post(url("return", task), words)
        assert response.status_code == 409
        assert "Приложите приказ." in response.content.decode()

    def test_two_reading_the_same_row_make_one_step(self, task, olga, maria):
        """Both have the task in hand as it was; the database lets one of them through."""
        mine, hers = Task.objects.get(pk=task.pk), Task.objects.get(pk=task.pk)
        workflow.accept(mine, olga)
        with pytest.raises(workflow.Stale):
            workflow.send_back(hers, maria, "Приложите приказ.")
        assert task.events.filter(action__in=[A.ACCEPT, A.RETURN]).count() == 1

    @pytest.mark.parametrize("act", ["accept", "return"])
    def test_a_report_that_nobody_has_read_is_not_decided(
        self, task, signed_in, maria, sergey, act
    ):
        """The school recalls its report and sends another one while the page is open."""
        words = words_for(task)
        workflow.recall(task, sergey)
        workflow.report(
            task, sergey, Report.Outcome.DONE, "Ещё не утверждена, отправили по ошибке."
        )
        response = signed_in(maria).post(url(act, task), words, follow=True)
        assert status_of(task) == S.REPORTED
        assert not task.events.filter(action__in=[A.ACCEPT, A.RETURN]).exists()
        assert "ошибке" in response.content.decode()
        if act == "return":
            assert "Приложите приказ." in response.content.decode()

    def test_an_act_on_another_report_is_undone_whole(self, task, maria):
        with pytest.raises(workflow.Stale):
            decide(task, "0", lambda: workflow.accept(task, maria))
        assert status_of(task) == S.REPORTED
        assert not task.events.filter(action=A.ACCEPT).exists()


class TestCancelAndRestore:
    def test_a_reason_is_needed(self, task, signed_in, olga):
        response = signed_in(olga).post(url("cancel", task), {"reason": " "})
        assert response.context["form"].errors
        assert status_of(task) == S.REPORTED

    def test_a_cancelled_task_leaves_every_count_and_comes_back(self, task, signed_in, olga, sent):
        client = signed_in(olga)
        before = client.get(sent.get_absolute_url()).context["paper"].tally
        client.post(url("cancel", task), {"reason": "Школа закрыта."})
        after = client.get(sent.get_absolute_url()).context["paper"].tally
        assert (after.total, after.cancelled) == (before.total - 1, 1)
        assert task.events.get(action=A.CANCEL).reason == "Школа закрыта."
        client.post(url("restore", task), {"reason": "Открыта снова."})
        assert client.get(sent.get_absolute_url()).context["paper"].tally.total == before.total

    def test_a_completed_task_is_not_cancelled(self, task, signed_in, olga):
        client = signed_in(olga)
        client.post(url("accept", task))
        assert client.get(url("cancel", task)).status_code == 302
        assert client.post(url("cancel", task), {"reason": "Всё же."}).status_code == 409
        assert status_of(task) == S.COMPLETED

    def test_a_task_past_its_day_is_overdue_as_soon_as_it_is_back(self, task, signed_in, olga, day):
        workflow.cancel(task, olga, "Не нужно.")
        Task.objects.filter(pk=task.pk).update(due_on=day(-1))
        client = signed_in(olga)
        assert f"{day(-1):%d.%m.%Y}" in client.get(url("restore", task)).content.decode()
        client.post(url("restore", task), {"reason": "Нужно."})
        task.refresh_from_db()
        assert task.is_overdue(day(0))
        assert task.due_on == timezone.localdate() - timedelta(days=1)
