"""The letters of the morning: what they say, to whom, when, and that nobody gets two."""

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from threading import Barrier, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from conftest import person
from organizations.models import Membership, Organization
from organizations.roles import Role
from resolutions.models import Resolution
from tasks import digest, workflow
from tasks.assignment import send
from tasks.digest import executors_to_tell, queue_digests
from tasks.mail import deliver
from tasks.models import Report, Task
from tasks.outbox import Letter

MONDAY = date(2026, 8, 31)
NUMBERED_LINK = re.compile(r"(\d+)[^\n]*\n(http\S+/tasks/\?\S+)")


@pytest.fixture
def any_day_works(monkeypatch):
    """Pages know only the real today, which may be a Sunday."""
    monkeypatch.setattr(digest, "is_working_day", lambda _day: True)


@pytest.fixture
def quiet(sergey, sent):
    """Tasks are sent and seen long ago, due in a year: nothing to tell anybody."""
    Letter.objects.all().delete()
    long_ago = timezone.now() - timedelta(days=100)
    Task.objects.update(due_on=timezone.localdate() + timedelta(days=400), opened_at=long_ago)
    return sent


@pytest.fixture
def own(quiet, region):
    """The two tasks of Sergey's school."""
    return list(Task.objects.filter(executor=region.school_1).order_by("pk"))


def morning(day, *addresses):
    """Queue and deliver the letters of the day; return those to the addresses, in their order."""
    mail.outbox.clear()
    queue_digests(day)
    deliver()
    found = {each.to[0]: each for each in mail.outbox}
    return [found.get(address) for address in addresses]


def due(task, day):
    Task.objects.filter(pk=task.pk).update(due_on=day)


def returned_by(maria, sergey, task):
    workflow.report(task, sergey, Report.Outcome.DONE, "Сделано.")
    workflow.send_back(task, maria, "Приложите приказ.")
    Letter.objects.all().delete()


def states_in(letter):
    """The parts of the letter, by the conditions of the lists they link to."""
    return [
        tuple(parse_qs(urlsplit(link).query)["state"])
        for _n, link in NUMBERED_LINK.findall(letter.body)
    ]


class TestWhatAnOrganisationReads:
    def test_its_numbers_are_the_lengths_of_the_lists_they_open(
        self, maria, sergey, own, sent, region, signed_in, any_day_works, day, today
    ):
        recommendation = own[0].recommendation
        for period, days in [("a", -12), ("b", -1), ("c", 0), ("d", 1), ("e", 3), ("f", 4)]:
            Task.objects.create(
                recommendation=recommendation,
                executor=region.school_1,
                period=period,
                due_on=day(days),
            )
        due(own[0], None)
        Task.objects.filter(pk=own[0].pk).update(opened_at=None)
        returned_by(maria, sergey, own[1])
        (letter,) = morning(today, sergey.email)
        links = NUMBERED_LINK.findall(letter.body)
        assert [int(number) for number, _link in links] == [2, 1, 2, 1, 1]
        client = signed_in(sergey)
        for number, link in links:
            assert client.get(link).context["page"].paginator.count == int(number), link
        shelves = {s.part.name: s.count for s in client.get("/my/").context["shelves"]}
        assert shelves["overdue"] == 2
        assert shelves["returned"] == 1
        assert shelves["new"] == 1
        assert shelves["week"] == 1 + 2 + 1  # one of them is due after the three days

    def test_the_text_and_the_page_of_the_letter_say_the_same(self, sergey, own, settings):
        due(own[0], MONDAY - timedelta(days=12))
        (letter,) = morning(MONDAY, sergey.email)
        page = letter.alternatives[0][0]
        links = {each.rstrip(".,") for each in re.findall(r"http\S+", letter.body)}
        in_page = re.findall(r'href="([^"]+)"', page)
        assert links - {settings.SITE_URL} == {each.replace("&amp;", "&") for each in in_page}

    def test_due_today_is_today_and_not_overdue(self, sergey, own):
        due(own[0], MONDAY)
        (letter,) = morning(MONDAY, sergey.email)
        assert states_in(letter) == [("week",)]
        assert f"due_from={MONDAY}&due_to={MONDAY}" in letter.body

    def test_the_day_after_it_is_overdue(self, sergey, own):
        due(own[0], MONDAY)
        (letter,) = morning(MONDAY + timedelta(days=1), sergey.email)
        assert states_in(letter) == [("overdue",)]

    def test_in_three_days_is_told_and_in_four_not_yet(self, sergey, own):
        due(own[0], MONDAY + timedelta(days=4))
        assert morning(MONDAY, sergey.email) == [None]
        (letter,) = morning(MONDAY + timedelta(days=1), sergey.email)
        assert states_in(letter) == [("week",)]

    def test_a_long_list_is_cut_and_its_rest_counted(self, sergey, own, region):
        Task.objects.bulk_create(
            [
                Task(
                    recommendation=own[0].recommendation,
                    executor=region.school_1,
                    period=str(number),
                    due_on=MONDAY - timedelta(days=number + 1),
                )
                for number in range(13)
            ]
        )
        (letter,) = morning(MONDAY, sergey.email)
        assert NUMBERED_LINK.findall(letter.body)[0][0] == "13"
        oldest = Task.objects.get(period="12")
        newest = Task.objects.get(period="0")
        assert f"{oldest.get_absolute_url()}\n" in letter.body
        assert f"{newest.get_absolute_url()}\n" not in letter.body

    def test_new_ones_call_for_a_letter_on_the_next_working_morning_only(self, sergey, draft, olga):
        send(draft, olga, at=datetime(2026, 8, 29, 12, tzinfo=UTC))  # a Saturday
        assert states_in(*morning(MONDAY, sergey.email)) == [("new",)]
        assert morning(MONDAY + timedelta(days=2), sergey.email) == [None]


class TestWhatAControllerReads:
    def test_its_numbers_are_those_of_the_pages(
        self, olga, maria, sergey, tamara, own, region, signed_in, any_day_works, day, today
    ):
        Resolution.objects.update(acceptance_required=True)
        workflow.report(
            Task.objects.for_list().get(pk=own[0].pk), sergey, Report.Outcome.DONE, "Сделано."
        )
        late = Task.objects.filter(executor__in=[region.school_2, region.school_3])
        late.update(due_on=day(-5))
        for reader, overdue in ((olga, 4), (maria, 2)):
            (letter,) = morning(today, reader.email)
            client = signed_in(reader)
            queue = client.get(reverse("tasks:review_queue"))
            assert queue.context["page"].paginator.count == 1
            assert reverse("tasks:review_queue") in letter.body
            figures = client.get(reverse("dashboards:overdue_list")).context["figures"]
            assert figures.overdue == overdue
            territories = re.findall(r"– .*: (\d+) .*\n +(http\S+)", letter.body)
            assert sum(int(number) for number, _link in territories) == overdue
            for number, link in territories:
                assert client.get(link).context["page"].paginator.count == int(number)
            Letter.objects.all().delete()

    def test_a_stranger_and_an_observer_get_nothing(self, victor, nina, own):
        due(own[0], MONDAY - timedelta(days=1))
        assert morning(MONDAY, victor.email, nina.email) == [None, None]

    def test_nobody_is_asked_to_accept_the_own_report(self, pavel, region, quiet):
        task = Task.objects.for_list().get(executor=region.lakeside)
        workflow.report(task, pavel, Report.Outcome.NOT_APPLICABLE, "Не наше.")
        assert morning(MONDAY, pavel.email) == [None]

    def test_a_role_that_ended_is_told_nothing(self, maria, own):
        due(own[0], MONDAY - timedelta(days=1))
        queue_digests(MONDAY)
        Membership.objects.filter(user=maria).update(until=MONDAY)
        deliver()
        assert [each for each in mail.outbox if maria.email in each.to] == []


class TestWhen:
    def test_nothing_to_tell_no_letter(self, sergey, olga, maria, quiet):
        queue_digests(MONDAY)
        deliver()
        assert mail.outbox == []
        assert not Letter.objects.filter(kind=Letter.Kind.DIGEST).exists()

    @pytest.mark.parametrize("weekend", [date(2026, 8, 29), date(2026, 8, 30)])
    def test_no_letters_on_a_weekend(self, sergey, own, weekend):
        due(own[0], weekend)
        call_command("send_digest", day=weekend, stdout=StringIO())
        assert not Letter.objects.exists()

    def test_run_twice_it_tells_once(self, sergey, own):
        due(own[0], MONDAY)
        for _run in range(2):
            call_command("send_digest", "--day", str(MONDAY), stdout=StringIO())
            call_command("send_letters", stdout=StringIO())
        assert len(mail.outbox) == 1

    def test_a_run_that_broke_is_completed_by_the_next(self, sergey, tamara, own, region):
        Task.objects.update(due_on=MONDAY)
        queue_digests(MONDAY)
        Letter.objects.filter(organization=region.school_3).delete()
        assert morning(MONDAY, tamara.email) != [None]
        assert len(mail.outbox) == 2

    def test_what_was_done_meanwhile_is_not_told(self, sergey, own):
        due(own[0], MONDAY)
        queue_digests(MONDAY)
        workflow.report(own[0], sergey, Report.Outcome.DONE, "Сделано.")
        deliver()
        assert mail.outbox == []

    def test_yesterdays_letter_is_not_delivered_today(self, sergey, own):
        due(own[0], MONDAY)
        queue_digests(MONDAY)
        Letter.objects.update(created_at=timezone.now() - timedelta(hours=13))
        assert deliver().sent == 0
        assert not Letter.objects.exclude(status=Letter.Status.FAILED).exists()

    def test_letters_of_long_ago_are_forgotten(self, sergey, own):
        due(own[0], MONDAY)
        queue_digests(MONDAY)
        Letter.objects.update(created_at=timezone.now() - timedelta(days=31))
        call_command("send_digest", day=MONDAY + timedelta(days=1), stdout=StringIO())
        assert not Letter.objects.filter(day=MONDAY).exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_machines_at_once_tell_once(self, sergey, tamara, maria, own):
        if connection.vendor == "sqlite":
            pytest.skip("SQLite in memory has one connection; there is nobody else at once.")
        Task.objects.update(due_on=MONDAY - timedelta(days=1))
        together = Barrier(2)

        def run():
            try:
                together.wait(10)
                queue_digests(MONDAY)
                deliver()
            finally:
                connections.close_all()

        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        told = sorted(each.to[0] for each in mail.outbox)
        expected = [each.email for each in (sergey, tamara, maria)]
        assert told == sorted([*expected, "olgina@example.test"])


class TestWhom:
    def test_all_who_answer_share_one_letter(self, sergey, own, region):
        second = person("Second", (region.school_1, Role.EXECUTOR))
        due(own[0], MONDAY)
        morning(MONDAY)
        (letter,) = mail.outbox
        assert sorted(letter.to) == sorted([second.email, sergey.email])

    def test_without_any_address_none_is_queued(self, quiet, region):
        Task.objects.filter(executor=region.school_2).update(due_on=MONDAY)
        assert executors_to_tell(MONDAY) == []
        Organization.objects.filter(pk=region.school_2.pk).update(email="office@school2.test")
        assert executors_to_tell(MONDAY) == [region.school_2.pk]

    def test_a_person_whose_role_ended_gets_nothing(self, sergey, own):
        due(own[0], MONDAY)
        queue_digests(MONDAY)
        Membership.objects.filter(user=sergey).update(until=timezone.localdate())
        deliver()
        assert mail.outbox == []

    def test_thirty_organisations_cost_as_much_as_three(
        self, sergey, own, region, queries_of, many_schools
    ):
        due(own[0], MONDAY)
        few = queries_of(lambda: queue_digests(MONDAY))
        schools = many_schools(30)
        Organization.objects.update(email="office@school.test")
        Task.objects.bulk_create(
            [
                Task(recommendation=own[0].recommendation, executor=school, due_on=MONDAY)
                for school in schools
            ]
        )
        assert queries_of(lambda: queue_digests(MONDAY)) == few
        letters = list(Letter.objects.all())
        assert len(letters) >= 31
        some = [each for each in letters if each.organization_id]
        found = []
        few = queries_of(lambda: found.append(digest.find_digests(some[:3], MONDAY)))
        assert queries_of(lambda: found.append(digest.find_digests(some, MONDAY))) == few
        assert all(found[1](each) for each in some)
