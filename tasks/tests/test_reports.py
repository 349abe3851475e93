"""From «Отчитаться» to a sent report: refusals, double presses, colleagues, recall."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from tasks import workflow
from tasks.models import Evidence, Report, Task
from tasks.reporting import draft_of
from tasks.tests import papers
from tasks.tests.papers import upload
from tasks.tests.report_pages import TEXT, attached, form, typed_on


@pytest.fixture
def recall_url(task) -> str:
    return reverse("tasks:task_recall", args=[task.pk])


class TestOutcomes:
    @pytest.mark.parametrize(
        ("outcome", "acceptance", "status"),
        [
            ("DONE", False, "COMPLETED"),
            ("DONE", True, "REPORTED"),
            ("PARTLY", False, "IN_PROGRESS"),
            ("PARTLY", True, "IN_PROGRESS"),
            ("NOT_APPLICABLE", False, "REPORTED"),
        ],
    )
    def test_each_leads_where_its_words_say(
        self, task, signed_in, sergey, report_url, state, outcome, acceptance, status
    ):
        task.recommendation.acceptance_required = acceptance
        task.recommendation.save()
        client = signed_in(sergey)
        response = client.post(report_url, typed_on(client, report_url, outcome=outcome))
        assert response.url == task.get_absolute_url()
        assert state() == status
        sent = Report.objects.get()
        assert (sent.outcome, sent.text, sent.author) == (outcome, TEXT, sergey)

    def test_the_consequence_of_done_depends_on_acceptance(
        self, task, signed_in, sergey, report_url
    ):
        client = signed_in(sergey)
        own_word = client.get(report_url).content
        task.recommendation.acceptance_required = True
        task.recommendation.save()
        assert client.get(report_url).content != own_word

    def test_with_several_files_and_links(self, signed_in, sergey, report_url):
        files = [upload("Приказ.pdf", papers.PDF), upload("снимок.heic", papers.HEIC)]
        links = (
            "https://school.example/order\r\n\r\nшкола.рф/программа\nhttps://school.example/order"
        )
        signed_in(sergey).post(report_url, form(files=files, links=links))
        assert sorted(attached(Report.objects.exclude(sent_at=None).get())) == [
            "https://school.example/order",
            "https://школа.рф/программа",
            "Приказ.pdf",
            "снимок.heic",
        ]

    def test_is_told_on_the_page_of_the_task_with_its_files(
        self, task, signed_in, sergey, olga, report_url
    ):
        files = [upload("Приказ.pdf", papers.PDF)]
        signed_in(sergey).post(report_url, form(files=files, links="https://school.example/order"))
        for user in (sergey, olga):
            page = signed_in(user).get(task.get_absolute_url()).content.decode()
            for each in Evidence.objects.exclude(sha256=""):
                assert reverse("tasks:evidence_file", args=[each.pk]) in page
            assert 'href="https://school.example/order"' in page


class TestTwice:
    @pytest.mark.parametrize("outcome", Report.Outcome.values)
    def test_a_double_click_reports_once(self, signed_in, sergey, report_url, task, outcome):
        client = signed_in(sergey)
        fields = typed_on(client, report_url, outcome=outcome)
        for _ in range(2):
            files = [upload("Приказ.pdf", papers.PDF)]
            assert client.post(report_url, {**fields, "files": files}).url == str(
                task.get_absolute_url()
            )
        assert attached(Report.objects.get()) == ["Приказ.pdf"]
        assert task.events.filter(action="REPORT").count() == 1

    def test_a_second_report_with_the_same_words_is_one_where_the_first_was_seen(
        self, signed_in, sergey, report_url, task
    ):
        client = signed_in(sergey)
        for _ in range(2):
            client.post(report_url, typed_on(client, report_url, outcome="PARTLY"))
        assert task.events.filter(action="REPORT").count() == 2

    def test_a_returned_report_is_sent_again_with_the_same_words(
        self, signed_in, sergey, olga, report_url, task, state
    ):
        client = signed_in(sergey)
        client.post(report_url, form())
        workflow.send_back(Task.objects.get(pk=task.pk), olga, "Приложите приказ.")
        client.post(report_url, typed_on(client, report_url))
        assert state() == "COMPLETED"

    def test_the_same_words_from_an_old_page_are_told_of_the_return(
        self, signed_in, sergey, olga, report_url, task, state
    ):
        client = signed_in(sergey)
        fields = typed_on(client, report_url)
        client.post(report_url, fields)
        workflow.send_back(Task.objects.get(pk=task.pk), olga, "Приложите приказ.")
        assert client.post(report_url, fields).status_code == 409
        assert state() == "REWORK"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outcome", ["DONE", "PARTLY"])
def test_two_presses_at_the_same_moment_are_one_report(
    task, signed_in, sergey, report_url, outcome
):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; there is nobody else at once.")
    fields = typed_on(signed_in(sergey), report_url, outcome=outcome)
    clients = [signed_in(sergey) for _ in range(2)]
    together = Barrier(2)
    answers = []

    def press(client):
        try:
            together.wait(10)
            files = [upload("Приказ.pdf", papers.PDF)]
            answers.append(client.post(report_url, {**fields, "files": files}).status_code)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert attached(Report.objects.get()) == ["Приказ.pdf"]
    assert task.events.filter(action="REPORT").count() == 1


class TestMeanwhile:
    def test_the_task_is_cancelled_and_nothing_typed_is_lost(
        self, signed_in, sergey, olga, report_url, task, state
    ):
        client = signed_in(sergey)
        fields = typed_on(client, report_url, files=[upload("Приказ.pdf", papers.PDF)])
        workflow.cancel(Task.objects.get(pk=task.pk), olga, "Повторяет другую.")
        response = client.post(report_url, fields)
        assert response.status_code == 409
        assert olga.get_short_name() in response.context["news"]
        assert TEXT in response.content.decode()
        assert state() == "CANCELLED"
        draft = draft_of(task)
        assert (draft.text, attached(draft)) == (TEXT, ["Приказ.pdf"])
        assert TEXT in client.get(task.get_absolute_url()).content.decode()
        assert TEXT not in signed_in(olga).get(task.get_absolute_url()).content.decode()
        # Restored, it is there to be sent.
        workflow.restore(Task.objects.get(pk=task.pk), olga, "Всё же нужна.")
        client.post(report_url, typed_on(client, report_url))
        assert state() == "COMPLETED"

    def test_a_colleague_has_completed_it(self, signed_in, sergey, galina, report_url, task):
        fields = typed_on(signed_in(sergey), report_url)
        signed_in(galina).post(report_url, form(text="Уже сделано."))
        response = signed_in(sergey).post(report_url, fields)
        assert response.status_code == 409
        assert galina.get_short_name() in response.context["news"]
        assert Report.objects.exclude(sent_at=None).get().text == "Уже сделано."
        assert draft_of(task).text == TEXT

    def test_a_colleague_has_reported_in_part_and_it_is_looked_at_first(
        self, signed_in, sergey, galina, report_url, task, state
    ):
        fields = typed_on(signed_in(sergey), report_url)
        signed_in(galina).post(report_url, form(outcome="PARTLY", text="Половина."))
        told = signed_in(sergey).post(report_url, fields)
        assert (told.status_code, state()) == (409, "IN_PROGRESS")
        signed_in(sergey).post(report_url, {**fields, "seen": told.context["seen"]})
        assert state() == "COMPLETED"

    @pytest.mark.parametrize("seen", ["", "nonsense", "9999999.", "."])
    def test_a_page_of_nowhere_is_told_or_sent_but_never_breaks(
        self, signed_in, sergey, report_url, seen
    ):
        response = signed_in(sergey).post(report_url, form(seen=seen))
        assert response.status_code in (302, 409)

    def test_null_bytes_break_nothing(self, signed_in, sergey, report_url, task, state):
        response = signed_in(sergey).post(report_url, form(text="Текст\x00."))
        assert response.status_code == 200
        assert state() == "ASSIGNED"
        assert draft_of(task).text == "Текст."  # PostgreSQL keeps no null bytes


class TestRecall:
    def test_on_the_same_day_brings_text_and_files_back(
        self, signed_in, sergey, report_url, recall_url, task, state
    ):
        client = signed_in(sergey)
        files = [upload("Приказ.pdf", papers.PDF)]
        client.post(report_url, form(files=files, links="https://school.example/order"))
        assert client.get(task.get_absolute_url()).context["may_recall"]
        assert client.post(recall_url).url == report_url
        assert state() == "ASSIGNED"
        draft = draft_of(task)
        assert draft.text == TEXT
        assert sorted(attached(draft)) == ["https://school.example/order", "Приказ.pdf"]
        # The same words may be sent again, and the file is kept with both reports.
        client.post(report_url, typed_on(client, report_url, text=TEXT, links=""))
        assert state() == "COMPLETED"
        assert [len(attached(each)) for each in Report.objects.order_by("pk")] == [2, 1]

    def test_pressed_twice_recalls_once(self, signed_in, sergey, report_url, recall_url, task):
        client = signed_in(sergey)
        client.post(report_url, form())
        for _ in range(2):
            assert client.post(recall_url).status_code == 302
        assert task.events.filter(action="RECALL").count() == 1

    def test_is_over_with_the_day_and_the_page_says_so(
        self, signed_in, sergey, recall_url, task, state
    ):
        yesterday = timezone.now() - timedelta(days=1)
        workflow.report(task, sergey, "DONE", TEXT, at=yesterday)
        client = signed_in(sergey)
        page = client.get(task.get_absolute_url()).context
        assert not page["may_recall"]
        assert page["why_not"]
        client.post(recall_url)
        assert state() == "COMPLETED"

    def test_what_waits_can_be_recalled_on_another_day_too(
        self, signed_in, sergey, recall_url, task, state
    ):
        last_week = timezone.now() - timedelta(days=7)
        workflow.report(task, sergey, "NOT_APPLICABLE", TEXT, at=last_week)
        client = signed_in(sergey)
        assert client.get(task.get_absolute_url()).context["may_recall"]
        client.post(recall_url)
        assert state() == "ASSIGNED"

    @pytest.mark.parametrize(
        ("outcome", "accepted"), [("DONE", "COMPLETED"), ("NOT_APPLICABLE", "NOT_APPLICABLE")]
    )
    def test_not_after_acceptance_even_on_the_same_day(
        self, signed_in, sergey, olga, recall_url, task, state, outcome, accepted
    ):
        task.recommendation.acceptance_required = True
        task.recommendation.save()
        workflow.report(task, sergey, outcome, TEXT)
        workflow.accept(Task.objects.get(pk=task.pk), olga)
        client = signed_in(sergey)
        page = client.get(task.get_absolute_url()).context
        assert (page["may_recall"], bool(page["why_not"])) == (False, True)
        client.post(recall_url)
        assert state() == accepted

    def test_by_a_controller_or_a_stranger_is_refused(
        self, signed_in, sergey, olga, tamara, recall_url, task
    ):
        workflow.report(task, sergey, "DONE", TEXT)
        assert signed_in(olga).post(recall_url).status_code == 403
        assert signed_in(tamara).post(recall_url).status_code == 404
        assert not signed_in(olga).get(task.get_absolute_url()).context["may_recall"]


class TestStory:
    def test_is_told_newest_first_with_words_reasons_and_dates(
        self, task, signed_in, sergey, olga, day
    ):
        workflow.take(Task.objects.get(pk=task.pk), sergey)
        workflow.report(Task.objects.get(pk=task.pk), sergey, "DONE", TEXT)
        Task.objects.filter(pk=task.pk).update(due_on=day(-2))
        workflow.send_back(Task.objects.get(pk=task.pk), olga, "Нет приказа.", due_on=day(5))
        page = signed_in(olga).get(task.get_absolute_url())
        actions = [event.action for event in page.context["events"]]
        assert actions == ["RETURN", "REPORT", "TAKE", "ASSIGN"]
        story = page.content.decode().partition('class="story"')[2]
        places = [story.index(words) for words in ("Нет приказа.", TEXT)]
        assert places == sorted(places)
        for date in (day(-2), day(5)):
            assert f"{date:%d.%m.%Y}" in story

    def test_a_returned_task_shows_the_reviewers_last_words_in_its_row(
        self, task, signed_in, sergey, olga
    ):
        for reason in ("Нет приказа.", "Приказ прошлогодний."):
            workflow.report(Task.objects.get(pk=task.pk), sergey, "DONE", reason)
            workflow.send_back(Task.objects.get(pk=task.pk), olga, reason)
        page = signed_in(sergey).get(reverse("tasks:my_organization")).content.decode()
        assert page.count('class="quote"') == 1
        assert olga.surname in page
        assert "Приказ" in page.partition('class="quote"')[2].partition("</p>")[0]
        for url in (task.get_absolute_url(), reverse("tasks:task_report", args=[task.pk])):
            assert signed_in(sergey).get(url).context["returned"].reason == "Приказ прошлогодний."

    def test_costs_the_same_with_one_report_and_with_thirty(
        self, task, signed_in, sergey, olga, report_url, queries_of
    ):
        client = signed_in(sergey)

        def once(number: int) -> None:
            files = [upload(f"{number}-{each}.pdf", papers.PDF + b"%d" % each) for each in (1, 2)]
            fields = typed_on(client, report_url, outcome="DONE", text=f"Часть {number}.")
            client.post(report_url, {**fields, "files": files})
            workflow.send_back(Task.objects.get(pk=task.pk), olga, f"Ещё {number}.")
            client.post(report_url, {**fields, "draft": "1", "text": f"{number}", "files": files})

        once(0)
        urls = [task.get_absolute_url(), report_url, reverse("tasks:my_organization")]
        few = [queries_of(lambda url=url: client.get(url)) for url in urls]
        for number in range(1, 10):
            once(number)
        assert [queries_of(lambda url=url: client.get(url)) for url in urls] == few
