"""Letters on sending and on returns, and the outbox that delivers each of them once."""

import smtplib
from datetime import timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from conftest import person
from organizations.models import Membership, Organization
from organizations.roles import Role
from resolutions.models import Recommendation, Resolution
from tasks import workflow
from tasks.assignment import send
from tasks.letters import Writer
from tasks.mail import BATCH, FINDERS, deliver, tell_sent
from tasks.models import Report, Task
from tasks.outbox import LEASE, Letter

SITE = "http://127.0.0.1:8000"


class Faulty(BaseEmailBackend):
    """A mail server that fails as the test says, once for each fault, and works again after."""

    faults: list[Exception] = []

    def send_messages(self, messages):
        if Faulty.faults:
            raise Faulty.faults.pop(0)
        mail.outbox.extend(messages)
        return len(messages)


@pytest.fixture
def server(settings):
    """``server.extend([…])`` lets the mail server fail; what it takes is in ``mail.outbox``."""
    settings.EMAIL_BACKEND = f"{__name__}.Faulty"
    Faulty.faults = []
    return Faulty.faults


@pytest.fixture
def returned(sergey, sent, region, maria):
    """Sergey reported, Maria returned it with a reason; the letters on sending are delivered."""
    deliver()
    mail.outbox.clear()
    task = Task.objects.filter(executor=region.school_1).first()
    workflow.report(task, sergey, Report.Outcome.DONE, "Сделано.")
    workflow.send_back(task, maria, "Приложите <b>приказ</b>.")
    return task


def html_of(message):
    return message.alternatives[0][0]


def letter_to(address):
    (found,) = [each for each in mail.outbox if address in each.to]
    return found


class TestSending:
    def test_each_organisation_gets_one_letter_to_all_who_answer_for_it(
        self, draft, olga, region, sergey, tamara
    ):
        second = person("Second", (region.school_1, Role.EXECUTOR))
        send(draft, olga)
        assert deliver().sent == 2
        assert sorted(each.to for each in mail.outbox) == [
            [second.email, sergey.email],
            [tamara.email],
        ]

    def test_it_says_what_how_many_and_until_when_and_leads_there(
        self, sergey, sent, region, signed_in
    ):
        Recommendation.objects.update(text="Разработать программу.")
        soon = timezone.localdate() + timedelta(days=9)
        Task.objects.filter(recommendation__printed_number="1").update(due_on=soon)
        deliver()
        letter = letter_to(sergey.email)
        assert letter.subject.startswith("2 ")
        assert letter.subject.endswith(f"{soon:%d.%m.%Y}")
        for text in (letter.body, html_of(letter)):
            assert sent.title in text.replace("\xa0", " ")
            assert region.department.name in text.replace("\xa0", " ")
        link = reverse("tasks:task_list") + f"?executor={region.school_1.pk}&resolution={sent.slug}"
        address = next(each for each in letter.body.split() if each.startswith(SITE + link))
        assert signed_in(sergey).get(address).context["page"].paginator.count == 2
        for task in Task.objects.filter(executor=region.school_1):
            assert f"{SITE}{task.get_absolute_url()}\n" in letter.body
            assert f'href="{SITE}{task.get_absolute_url()}"' in html_of(letter)

    def test_the_link_asks_to_sign_in_and_leads_on_to_the_task(self, sergey, sent, region, client):
        deliver()
        path = Task.objects.filter(executor=region.school_1).first().get_absolute_url()
        assert SITE + path in letter_to(sergey.email).body
        assert client.get(path).url == f"{reverse('organizations:sign_in')}?next={path}"

    def test_where_nobody_answers_the_office_gets_it_without_names(self, draft, olga, region):
        Organization.objects.filter(pk=region.school_2.pk).update(email="office@school2.test")
        send(draft, olga)
        assert deliver().sent == 1
        letter = letter_to("office@school2.test")
        assert olga.surname not in letter.body + html_of(letter)

    def test_those_without_any_address_are_counted(self, draft, region, sergey):
        keys = [region.school_1.pk, region.school_2.pk, region.school_3.pk]
        assert tell_sent(draft, keys, timezone.localdate()) == 2
        assert Letter.objects.get().organization == region.school_1

    def test_a_sending_rolled_back_tells_nobody(self, draft, olga, sergey):
        with pytest.raises(RuntimeError), transaction.atomic():
            send(draft, olga)
            raise RuntimeError("the power failed")
        assert not Letter.objects.exists()

    def test_a_history_being_loaded_is_no_news(self, draft, olga, sergey):
        send(draft, olga, at=timezone.now())
        assert not Letter.objects.exists()

    def test_thirty_organisations_cost_as_much_as_three(
        self, draft, region, sergey, queries_of, many_schools
    ):
        today = timezone.localdate()
        few = queries_of(lambda: tell_sent(draft, [region.school_1.pk], today))
        schools = [each.pk for each in many_schools(30)]
        Organization.objects.filter(pk__in=schools).update(email="a@school.test")
        assert queries_of(lambda: tell_sent(draft, schools, today)) == few
        assert Letter.objects.count() >= 30

    def test_a_batch_is_written_with_the_same_number_of_queries(
        self, draft, olga, region, queries_of, many_schools
    ):
        draft.sections.first().organizations.add(*many_schools(20))
        Organization.objects.update(email="a@school.test")
        send(draft, olga)
        letters = Letter.objects.claim(BATCH, timezone.now())

        def write(some):
            writer = Writer(some, timezone.localdate(), FINDERS)
            assert all(writer.write(each) for each in some)

        assert len(letters) == 24
        assert queries_of(lambda: write(letters[:2])) == queries_of(lambda: write(letters))

    def test_the_summary_before_sending_counts_whom_no_letter_reaches(
        self, draft, olga, sergey, signed_in
    ):
        page = signed_in(olga).get(reverse("tasks:resolution_send", args=[draft.slug]))
        assert page.context["without_address"] == 3


class TestReturning:
    def test_the_executor_reads_why_and_until_when(self, returned, sergey, maria):
        deliver()
        letter = letter_to(sergey.email)
        assert letter.subject.endswith(f"{returned.due_on:%d.%m.%Y}")
        assert "Приложите <b>приказ</b>." in letter.body
        assert "Приложите &lt;b&gt;приказ&lt;/b&gt;." in html_of(letter)
        assert maria.get_full_name() in letter.body
        assert SITE + returned.get_absolute_url() in letter.body

    def test_the_office_reads_neither_names_nor_the_reason(self, returned, sergey, maria, region):
        Organization.objects.filter(pk=region.school_1.pk).update(email="office@school1.test")
        Membership.objects.filter(user=sergey).update(until=timezone.localdate())
        deliver()
        letter = letter_to("office@school1.test")
        for text in (letter.body, html_of(letter)):
            assert maria.surname not in text
            assert "Приложите" not in text

    def test_a_return_rolled_back_tells_nobody(self, returned, sergey, maria):
        deliver()
        workflow.report(returned, sergey, Report.Outcome.DONE, "Сделано, приказ приложен.")
        with pytest.raises(RuntimeError), transaction.atomic():
            workflow.send_back(returned, maria, "Ещё раз.")
            raise RuntimeError("the power failed")
        assert Letter.objects.filter(kind=Letter.Kind.RETURNED).count() == 1

    def test_what_was_reported_anew_meanwhile_is_not_told(self, returned, sergey):
        workflow.report(returned, sergey, Report.Outcome.DONE, "Сделано, приказ приложен.")
        assert deliver().not_needed == 1
        assert mail.outbox == []

    def test_of_two_returns_the_last_is_told(self, returned, sergey, maria):
        workflow.report(returned, sergey, Report.Outcome.DONE, "Сделано, приказ приложен.")
        workflow.send_back(returned, maria, "Подпишите приказ.")
        deliver()
        assert "Подпишите приказ." in letter_to(sergey.email).body


class TestWhoeverIsToldIsComputedAtDelivery:
    def test_a_person_whose_role_ended_is_not_told(self, sergey, sent):
        Membership.objects.filter(user=sergey).update(until=timezone.localdate())
        deliver()
        assert mail.outbox == []

    def test_a_deactivated_person_is_not_told(self, sergey, sent):
        sergey.is_active = False
        sergey.save()
        deliver()
        assert mail.outbox == []

    def test_what_was_opened_meanwhile_is_no_news(self, sergey, sent, region):
        first, second = Task.objects.filter(executor=region.school_1)
        workflow.mark_opened(first, sergey)
        deliver()
        assert SITE + first.get_absolute_url() not in letter_to(sergey.email).body
        assert SITE + second.get_absolute_url() in letter_to(sergey.email).body

    def test_what_was_cancelled_meanwhile_is_not_told(self, sergey, sent, olga, region):
        for task in Task.objects.filter(executor=region.school_1):
            workflow.cancel(task, olga, "Ошибка в списке.")
        deliver()
        assert mail.outbox == []


class TestDelivery:
    def test_a_second_run_sends_nothing(self, sergey, sent):
        assert deliver().sent == 1
        assert deliver().sent == 0
        assert Letter.objects.get(recipients=sergey.email).subject == mail.outbox[0].subject

    def test_a_silent_server_loses_nothing_and_ends_the_run(self, sergey, tamara, sent, server):
        server.append(ConnectionRefusedError("no route"))
        done = deliver()
        assert (done.sent, done.put_off) == (0, 1)
        assert isinstance(done.error, ConnectionRefusedError)
        assert deliver().sent == 1  # the one that was not even tried
        Letter.objects.update(send_after=timezone.now())
        assert deliver().sent == 1
        assert sorted(each.to[0] for each in mail.outbox) == [sergey.email, tamara.email]

    def test_a_refused_recipient_does_not_stop_the_others(self, sergey, tamara, sent, server):
        server.append(smtplib.SMTPRecipientsRefused({sergey.email: (550, b"no such user")}))
        done = deliver()
        assert (done.sent, done.put_off, done.error) == (1, 1, None)
        waiting = Letter.objects.get(status=Letter.Status.QUEUED)
        assert "no such user" in waiting.last_error

    def test_one_letter_that_cannot_be_written_does_not_stop_the_others(
        self, sergey, tamara, sent, monkeypatch
    ):
        write = Writer.write

        def break_on_one(self, letter):
            if letter.organization.name.startswith("Школа № 1"):
                raise ValueError("a bad row")
            return write(self, letter)

        monkeypatch.setattr(Writer, "write", break_on_one)
        done = deliver()
        assert (done.sent, done.put_off) == (1, 1)
        assert letter_to(tamara.email)

    def test_waits_grow_and_an_old_letter_is_given_up(self, sergey, sent, server):
        waits = []
        for _round in range(3):
            server.append(smtplib.SMTPDataError(451, b"later"))
            Letter.objects.update(send_after=timezone.now())
            before = timezone.now()
            deliver()
            waits.append(Letter.objects.get().send_after - before)
        assert waits[0] < waits[1] < waits[2]
        server.append(smtplib.SMTPDataError(451, b"later"))
        Letter.objects.update(
            send_after=timezone.now(), created_at=timezone.now() - timedelta(days=4)
        )
        assert deliver().given_up == 1
        assert Letter.objects.get().status == Letter.Status.FAILED
        assert "later" in Letter.objects.get().last_error

    def test_the_administrator_may_have_what_was_given_up_tried_again(self, sergey, sent):
        Letter.objects.update(status=Letter.Status.FAILED)
        call_command("send_letters", stdout=StringIO())
        assert mail.outbox == []
        call_command("send_letters", failed=True, stdout=StringIO())
        assert letter_to(sergey.email)

    def test_cron_hears_of_a_silent_server(self, sergey, sent, server):
        server.append(TimeoutError("30 seconds"))
        with pytest.raises(CommandError, match="30 seconds"):
            call_command("send_letters", stdout=StringIO())

    def test_without_a_mail_server_production_keeps_the_letters(self, sergey, sent, settings):
        settings.PRODUCTION = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        with pytest.raises(CommandError, match="EMAIL_URL"):
            call_command("send_letters")
        assert Letter.objects.get().status == Letter.Status.QUEUED

    def test_after_a_crash_another_run_takes_over_with_the_same_message_id(self, sergey, sent):
        (claimed,) = Letter.objects.claim(BATCH, timezone.now())
        assert deliver().sent == 0  # somebody is at it
        Letter.objects.update(send_after=timezone.now() - LEASE)
        assert deliver().sent == 1
        assert f"<letter-{claimed.pk}-" in mail.outbox[0].extra_headers["Message-ID"]

    def test_whoever_lost_the_claim_writes_nothing(self, sergey, sent):
        (slow,) = Letter.objects.claim(BATCH, timezone.now())
        Letter.objects.update(send_after=timezone.now())
        deliver()
        slow.mark_failed(TimeoutError("too slow"))
        assert Letter.objects.get().status == Letter.Status.SENT

    def test_in_debug_mode_a_letter_goes_out_with_the_commit(
        self, draft, olga, sergey, settings, django_capture_on_commit_callbacks
    ):
        settings.DEBUG = True
        with django_capture_on_commit_callbacks(execute=True):
            send(draft, olga)
            assert mail.outbox == []
        assert letter_to(sergey.email)

    @pytest.mark.django_db(transaction=True)
    def test_two_machines_at_once_deliver_each_letter_once(
        self, draft, olga, many_schools, monkeypatch
    ):
        if connection.vendor == "sqlite":
            pytest.skip("SQLite in memory has one connection; there is nobody else at once.")
        monkeypatch.setattr("tasks.mail.BATCH", 3)
        schools = many_schools(30)
        for number, school in enumerate(schools):
            Organization.objects.filter(pk=school.pk).update(email=f"office{number}@school.test")
        draft.sections.first().organizations.set(schools)
        send(draft, olga)
        together = Barrier(2)
        counts = []

        def run():
            try:
                together.wait(10)
                counts.append(deliver().sent)
            finally:
                connections.close_all()

        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sum(counts) == 30
        assert len({each.to[0] for each in mail.outbox}) == len(mail.outbox) == 30


class TestTheMessage:
    def test_machines_need_not_answer_and_nothing_is_loaded(self, sergey, sent):
        deliver()
        letter = letter_to(sergey.email)
        assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
        for loaded in ("<img", "src=", "url(", "<link", "<script"):
            assert loaded not in html_of(letter)

    def test_hostile_text_stays_text_and_puts_nothing_into_a_header(
        self, draft, olga, sergey, region
    ):
        hostile = "<script>alert(1)</script>{{ settings.SECRET_KEY }}\r\nBcc: all@example.test"
        Resolution.objects.filter(pk=draft.pk).update(title=hostile)
        Recommendation.objects.update(text=hostile, printed_number="1\r\nBcc: b@example.test"[:20])
        Organization.objects.filter(pk=region.school_1.pk).update(short_name=hostile)
        send(draft, olga)
        task = Task.objects.filter(executor=region.school_1).first()
        workflow.report(task, sergey, Report.Outcome.DONE, hostile)
        workflow.send_back(task, olga, hostile)
        assert deliver().sent == 2
        for letter in mail.outbox:
            assert letter.recipients() == [sergey.email]
            assert letter.message()["Bcc"] is None
            assert "<script" not in html_of(letter)
            assert "{{ settings.SECRET_KEY }}" in letter.body

    def test_it_is_in_russian_whatever_language_the_sender_reads(
        self, draft, olga, sergey, signed_in, settings
    ):
        client = signed_in(olga)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        url = reverse("tasks:resolution_send", args=[draft.slug])
        client.post(url, {"shown": client.get(url).context["plan"].fingerprint})
        deliver()
        assert '<html lang="ru">' in html_of(letter_to(sergey.email))


@pytest.mark.ignore_template_errors  # Django's own templates leave variables undefined
def test_the_administration_shows_the_outbox_and_changes_nothing(sergey, sent, anna, signed_in):
    deliver()
    letter = Letter.objects.first()
    address = reverse("admin:tasks_letter_change", args=[letter.pk])
    assert signed_in(anna).post(address, {"status": "QUEUED"}).status_code == 403
