"""What an organisation's own people do: see what is owed, open, take, report."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSWORD
from organizations.models import Membership
from organizations.roles import Role
from tasks import workflow
from tasks.models import Report, Task
from tasks.templatetags.deadlines import due_words

MY = "/my/"


WORDS = {"outcome": "DONE", "text": "Программа утверждена приказом № 8."}


class TestMyOrganization:
    def shelves(self, client, **conditions):
        context = client.get(MY, conditions).context
        return {shelf.part.name: shelf for shelf in context["shelves"]}, context

    @pytest.mark.parametrize(
        ("due", "opened", "shelf"),
        [
            (-1, False, "overdue"),
            (0, False, "week"),
            (7, True, "week"),
            (8, False, "new"),
            (8, True, "underway"),
            (None, False, "new"),
            (None, True, "underway"),
        ],
    )
    def test_each_owed_task_stands_in_one_section(
        self, task, signed_in, sergey, day, due, opened, shelf
    ):
        Task.objects.exclude(pk=task.pk).update(status="CANCELLED")
        Task.objects.filter(pk=task.pk).update(
            due_on=None if due is None else day(due), opened_at=timezone.now() if opened else None
        )
        shelves, context = self.shelves(signed_in(sergey))
        assert list(shelves) == [shelf]
        assert context["owed"] == 1

    @pytest.mark.parametrize(
        ("due", "shelf"), [(-1, "overdue"), (3, "returned"), (None, "returned")]
    )
    def test_what_was_returned_stands_apart_unless_it_is_overdue(
        self, task, signed_in, sergey, day, due, shelf
    ):
        Task.objects.exclude(pk=task.pk).update(status="CANCELLED")
        Task.objects.filter(pk=task.pk).update(
            status="REWORK", due_on=None if due is None else day(due)
        )
        assert list(self.shelves(signed_in(sergey))[0]) == [shelf]

    def test_reported_and_completed_stand_below_and_are_not_owed(self, task, signed_in, sergey):
        workflow.report(task, sergey, "DONE", "Готово.")
        other = Task.objects.visible_to(sergey).exclude(pk=task.pk).get()
        workflow.report(other, sergey, "NOT_APPLICABLE", "Таких классов нет.")
        shelves, context = self.shelves(signed_in(sergey))
        assert list(shelves) == ["reported", "completed"]
        assert context["owed"] == 0

    def test_every_number_is_the_length_of_the_list_it_opens(
        self, task, signed_in, sergey, numbers_of, day
    ):
        Task.objects.filter(pk=task.pk).update(due_on=day(-3))
        client = signed_in(sergey)
        numbers = numbers_of(client.get(MY))
        assert len(numbers) >= 3
        for address, number in numbers:
            assert client.get(address).context["page"].paginator.count == number, address

    def test_a_long_section_shows_its_beginning_and_the_way_to_the_whole(
        self, task, signed_in, sergey, queries_of
    ):
        Task.objects.update(due_on=None)
        client = signed_in(sergey)
        few = queries_of(lambda: client.get(MY))
        Task.objects.bulk_create(
            [
                Task(recommendation=task.recommendation, executor=task.executor, period=f"{number}")
                for number in range(40)
            ]
        )
        assert queries_of(lambda: client.get(MY)) == few
        shelf = self.shelves(client)[0]["new"]
        assert (len(shelf.rows), shelf.count) == (10, 42)
        assert client.get(shelf.url).context["page"].paginator.count == 42

    def test_what_only_waits_or_is_done_shows_less_the_newest_done_first(
        self, task, signed_in, sergey, day
    ):
        Task.objects.exclude(pk=task.pk).update(status="CANCELLED")
        for status, back in (("REPORTED", 0), ("COMPLETED", 20)):
            Task.objects.bulk_create(
                Task(
                    recommendation=task.recommendation,
                    executor=task.executor,
                    period=f"{status} {number}",
                    status=status,
                    reported_on=day(-back - number),
                    completed_on=day(-number) if status == "COMPLETED" else None,
                )
                for number in range(8)
            )
        shelves = self.shelves(signed_in(sergey))[0]
        reported, completed = shelves["reported"], shelves["completed"]
        assert (len(reported.rows), reported.count) == (5, 8)
        assert (len(completed.rows), completed.count) == (5, 8)
        assert [row.task.completed_on for row in completed.rows] == [day(-n) for n in range(5)]

    def test_who_answers_for_several_chooses_among_them(self, sent, signed_in, pavel, region):
        Membership.objects.create(user=pavel, organization=region.school_2, role=Role.EXECUTOR)
        client = signed_in(pavel)
        assert client.get(MY).context["organization"] == region.lakeside
        chosen = client.get(MY, {"organization": region.school_2.pk})
        assert chosen.context["organization"] == region.school_2
        for foreign in (region.school_1.pk, "nonsense"):
            assert client.get(MY, {"organization": foreign}).status_code == 404

    def test_who_answers_for_none_is_told_so(self, sent, signed_in, olga):
        assert signed_in(olga).get(MY).context["organization"] is None


class TestOpening:
    def test_by_the_executors_own_people_is_recorded_once(self, task, signed_in, sergey):
        for _ in range(2):
            signed_in(sergey).get(task.get_absolute_url())
        task.refresh_from_db()
        assert task.opened_at is not None
        assert task.events.filter(action="OPEN").count() == 1

    def test_the_form_of_the_report_is_an_opening_too(self, task, signed_in, sergey, report_url):
        signed_in(sergey).get(report_url)
        assert task.events.filter(action="OPEN", actor=sergey).exists()

    def test_by_a_controller_leaves_no_trace(self, task, signed_in, maria, olga):
        for user in (maria, olga):
            signed_in(user).get(task.get_absolute_url())
        task.refresh_from_db()
        assert task.opened_at is None


class TestReporting:
    def test_completes_the_task_and_tells_the_story(self, task, signed_in, sergey, report_url):
        response = signed_in(sergey).post(report_url, WORDS, follow=True)
        assert response.redirect_chain == [(task.get_absolute_url(), 302)]
        task.refresh_from_db()
        assert task.status == "COMPLETED"
        assert WORDS["text"].split()[0] in response.content.decode()

    @pytest.mark.parametrize(
        "fields",
        [
            {"outcome": "DONE", "text": ""},
            {"outcome": "DONE", "text": "   \n "},
            {"outcome": "DONE", "text": "а" * 10_001},
            {"outcome": "", "text": "Сделано."},
            {"outcome": "NONSENSE", "text": "Сделано."},
            {"text": "Сделано."},
            {},
        ],
    )
    def test_a_form_with_a_mistake_keeps_what_was_typed_and_changes_nothing(
        self, task, signed_in, sergey, report_url, fields
    ):
        response = signed_in(sergey).post(report_url, fields)
        assert response.status_code == 200
        assert response.context["form"].errors
        assert fields.get("text", "").strip() in response.content.decode()
        task.refresh_from_db()
        assert task.status == "ASSIGNED"
        assert not task.reports.exclude(sent_at=None).exists()

    def test_a_double_click_reports_once(self, task, signed_in, sergey, report_url):
        for _ in range(2):
            response = signed_in(sergey).post(report_url, WORDS, follow=True)
            assert response.redirect_chain == [(task.get_absolute_url(), 302)]
        assert Report.objects.count() == 1

    def test_a_second_tab_keeps_its_words_and_is_told_that_it_is_late(
        self, task, signed_in, sergey, report_url
    ):
        client = signed_in(sergey)
        client.post(report_url, WORDS)
        response = client.post(report_url, {"outcome": "DONE", "text": "Другие слова."})
        assert response.status_code == 409
        assert "Другие слова." in response.content.decode()
        assert response.context["news"]
        assert Report.objects.exclude(sent_at=None).get().text == WORDS["text"]
        assert Report.objects.get(sent_at=None).text == "Другие слова."

    def test_the_form_of_a_finished_task_leads_to_the_task(
        self, task, signed_in, sergey, report_url
    ):
        workflow.report(task, sergey, "DONE", "Готово.")
        response = signed_in(sergey).get(report_url, follow=True)
        assert response.redirect_chain == [(task.get_absolute_url(), 302)]

    def test_a_session_that_ended_while_typing_loses_nothing(self, task, sergey, report_url):
        client = Client()
        expired = client.post(report_url, WORDS)
        assert expired.status_code == 401
        kept = {name: expired.context[name] for name in ("resume_path", "resume_data")}
        offered = client.post(
            reverse("organizations:sign_in"),
            {"username": sergey.email, "password": PASSWORD, **kept},
        )
        assert offered.context["resume_path"] == report_url
        client.post(report_url, dict(offered.context["fields"]))
        assert Report.objects.get().text == WORDS["text"]
        task.refresh_from_db()
        assert task.status == "COMPLETED"


class TestTaking:
    def test_a_task_is_taken_once(self, task, signed_in, sergey):
        url = reverse("tasks:task_take", args=[task.pk])
        client = signed_in(sergey)
        for _ in range(2):
            assert client.post(url).status_code == 302
        task.refresh_from_db()
        assert task.status == "IN_PROGRESS"
        assert task.events.filter(action="TAKE").count() == 1

    def test_a_link_takes_nothing(self, task, signed_in, sergey):
        assert signed_in(sergey).get(reverse("tasks:task_take", args=[task.pk])).status_code == 405

    def test_a_stranger_finds_no_task_and_a_controller_is_refused(
        self, task, signed_in, tamara, maria
    ):
        url = reverse("tasks:task_take", args=[task.pk])
        assert signed_in(tamara).post(url).status_code == 404
        assert signed_in(maria).post(url).status_code == 403


def test_a_task_costs_the_same_with_a_short_story_and_a_long_one(
    task, signed_in, sergey, queries_of, report_url
):
    client = signed_in(sergey)
    client.get(task.get_absolute_url())
    workflow.report(Task.objects.get(pk=task.pk), sergey, "PARTLY", "Начали.")
    urls = [task.get_absolute_url(), report_url]
    few = [queries_of(lambda url=url: client.get(url)) for url in urls]
    for number in range(30):
        workflow.report(Task.objects.get(pk=task.pk), sergey, "PARTLY", f"Часть {number}.")
    assert [queries_of(lambda url=url: client.get(url)) for url in urls] == few


@pytest.mark.parametrize(
    ("due", "days_late", "css"),
    [
        (-12, 12, "due-late"),
        (-1, 1, "due-late"),
        (0, 0, "due-soon"),
        (1, 0, "due-soon"),
        (7, 0, "due-soon"),
        (8, 0, ""),
        (None, 0, "due-none"),
    ],
)
def test_a_deadline_in_words(today, day, due, days_late, css):
    words = due_words(Task(due_on=None if due is None else day(due)), today)
    assert (words.days_late, words.css) == (days_late, css)


def test_a_finished_task_says_whether_it_was_in_time(today, day):
    for reported, css in ((0, "c-done"), (-1, "c-done"), (2, "due-none")):
        task = Task(status="COMPLETED", due_on=today, reported_on=day(reported))
        assert due_words(task, day(30)).css == css
