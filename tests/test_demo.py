"""The demonstration loads whole, may be repeated, and never puts a real body in a bad light."""

import importlib.util
import json
import re
from collections import Counter
from datetime import date, timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import F, Q
from django.test import TestCase, override_settings
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from organizations.models import Membership, Organization, OrganizationGroup, User
from organizations.roles import Role
from resolutions.importing import export_outline
from resolutions.models import Recommendation, Resolution
from resolutions.recognition.deadlines import understand
from tasks.assignment import send
from tasks.demonstration.directory import ACCOUNTS, PASSWORD, is_invented
from tasks.demonstration.papers import PAPERS, read_outline
from tasks.models import Evidence, Report, Task, TaskEvent
from tasks.workflow import report

SEEDS = ("seed-vologda", "seed-salda")
CORPUS = Path(settings.BASE_DIR).parent / "shared" / "corpus"
# A status, a figure or a bar of tasks, a task, a report, or what was attached to it.
SHOWS_EXECUTION = re.compile(
    r'class="(?:st |bar |tally|figure|task )|href="/(?:tasks|evidence)/\d+/'
)
REAL = ~Q(executor__name__contains="(демонстрационн")


def load(url="http://127.0.0.1:8000/"):
    out = StringIO()
    call_command("load_demo", url=url, stdout=out)
    return out.getvalue()


def counts():
    """How many rows every table has: sign-ins and histories too."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def kind_of(address):
    """The name of a page; none for the administration, and for drafts: nobody executes them."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return ""
    return "" if match.app_names[:1] in (["admin"], ["resolutions"]) else match.view_name


def words(*texts):
    return Counter(word for text in texts for word in re.findall(r"\w+", text.casefold()))


class DemonstrationTest(TestCase):
    """One load for all these tests: each of them is rolled back to it."""

    @classmethod
    def setUpTestData(cls):
        cls.media = cls.enterClassContext(TemporaryDirectory())
        with override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], MEDIA_ROOT=cls.media
        ):
            cls.printed = load("http://127.0.0.1:8001/")

    def test_the_papers_are_there_sent_or_as_a_draft(self):
        statuses = dict(Resolution.objects.values_list("slug", "status"))

        assert statuses == {
            "seed-vologda": Resolution.Status.OFF_CONTROL,
            "seed-salda": Resolution.Status.OFF_CONTROL,
            "demo-mentoring": Resolution.Status.ON_CONTROL,
            "demo-reading": Resolution.Status.DRAFT,
        }
        assert all(Resolution.objects.values_list("is_demonstration", flat=True))
        assert Recommendation.objects.filter(section__resolution__slug="seed-vologda").count() == 12
        assert Recommendation.objects.filter(section__resolution__slug="seed-salda").count() == 25

    def test_the_command_says_how_to_sign_in(self):
        assert "http://127.0.0.1:8001/" in self.printed
        for account in ACCOUNTS:
            assert f"{account.login}@demo.test" in self.printed
        assert PASSWORD in self.printed

    def test_every_account_signs_in_and_has_its_roles(self):
        for account in ACCOUNTS:
            answer = self.client.post(
                reverse("organizations:sign_in"),
                {"username": f"{account.login}@demo.test", "password": PASSWORD},
            )
            assert answer.status_code == 302, account.login
            user = User.objects.get(pk=self.client.session["_auth_user_id"])
            assert user.reach.roles() == {role for _code, role in account.places}
            assert user.is_superuser == (not account.places)
            self.client.logout()

    def test_nobody_else_can_sign_in(self):
        logins = [f"{account.login}@demo.test" for account in ACCOUNTS]
        others = User.objects.exclude(email__in=logins)

        assert others
        assert not any(user.has_usable_password() for user in others)

    def test_a_second_load_changes_nothing(self):
        before = counts()

        load()

        assert counts() == before

    def test_what_people_did_survives_the_second_load(self):
        school = User.objects.get(email="school@demo.test")
        owed = Task.objects.filter(executor__memberships__user=school).owed()
        task = owed.get(recommendation__printed_number="3.1")
        report(task, school, Report.Outcome.DONE, "Сделано нами.")
        school.set_password("another-password")
        school.save()
        ended = Membership.objects.get(user__email="observer@demo.test")
        ended.until = timezone.localdate()
        ended.save()
        Organization.objects.filter(code="ДЕМО-35-17-02").update(name="Новое имя")
        OrganizationGroup.objects.filter(name__startswith="Образовательные").update(name="Наши")
        Resolution.objects.get(slug="demo-reading").delete()
        before = counts()

        load()

        assert counts() == before
        task.refresh_from_db()
        assert task.status == Task.Status.COMPLETED
        assert User.objects.get(pk=school.pk).check_password("another-password")
        assert not User.objects.get(email="observer@demo.test").reach.places
        assert Organization.objects.get(code="ДЕМО-35-17-02").name == "Новое имя"

    def test_a_draft_sent_by_a_visitor_stays_sent(self):
        draft = Resolution.objects.get(slug="demo-reading")
        send(draft, User.objects.get(email="coordinator@demo.test"))
        before = counts()

        load()

        assert counts() == before

    def test_no_real_body_is_or_will_be_late(self):
        draft = Resolution.objects.get(slug="demo-reading")
        send(draft, User.objects.get(email="coordinator@demo.test"))
        dated = Task.objects.filter(REAL, due_on__isnull=False)

        assert dated.filter(status=Task.Status.COMPLETED).count() > 30
        assert not dated.owed()
        assert not dated.filter(reported_on__gt=F("due_on"))

    def test_no_real_body_was_ever_put_right(self):
        bad = ("RETURN", "CANCEL", "RECALL")

        assert not Task.objects.filter(REAL, status__in=["REWORK", "CANCELLED", "NOT_APPLICABLE"])
        assert not Task.objects.filter(REAL, events__action__in=bad)

    def test_the_real_papers_are_finished_and_everything_in_them_was_in_time(self):
        for slug in SEEDS:
            tasks = Task.objects.filter(recommendation__section__resolution__slug=slug)
            off_control = Resolution.objects.get(slug=slug).history.filter(status="OFF_CONTROL")
            gone = off_control.earliest("history_date").history_date

            assert set(tasks.values_list("status", flat=True)) <= {"COMPLETED", "NOT_APPLICABLE"}
            assert tasks.filter(reported_on=None).count() == 0
            assert not tasks.filter(reported_on__gt=F("due_on"))
            assert not TaskEvent.objects.filter(task__in=tasks, happened_at__gte=gone)
            assert gone.year < 2024
            reports = Report.objects.filter(task__in=tasks).values_list("text", flat=True)
            assert all(text.endswith("Демонстрационная запись.") for text in reports)
        agreed = TaskEvent.objects.filter(to_status="NOT_APPLICABLE", action="ACCEPT")
        assert agreed.filter(task__recommendation__section__resolution__slug="seed-salda").exists()

    def test_what_a_real_body_is_said_to_have_done_is_marked_as_invented(self):
        reports = Report.objects.filter(
            ~Q(for_organization__name__contains="(демонстрационн")
        ).values_list("text", flat=True)

        assert reports
        assert all(text.endswith("Демонстрационная запись.") for text in reports)

    def test_every_school_and_kindergarten_says_that_it_is_invented(self):
        kinds = Organization.Kind
        for organization in Organization.objects.filter(
            kind__in=[kinds.SCHOOL, kinds.PRESCHOOL, kinds.SUPPLEMENTARY]
        ):
            assert is_invented(organization)
            assert "(демонстрационн" in str(organization)

    def test_the_pages_are_alive(self):
        today = timezone.localdate()
        tasks = Task.objects.filter(recommendation__section__resolution__slug="demo-mentoring")
        statuses = set(tasks.values_list("status", flat=True))
        school = tasks.filter(executor__memberships__user__email="school@demo.test")

        assert statuses == set(Task.Status.values)
        assert tasks.overdue(today).count() >= 5
        assert tasks.overdue(today).filter(opened_at=None).exists()
        assert tasks.filter(reported_on__gt=F("due_on")).exists()
        assert tasks.filter(reported_on__lte=F("due_on")).exists()
        assert tasks.owed().filter(opened_at=None, due_on=None).exists()
        assert tasks.filter(reports__outcome="PARTLY", status="IN_PROGRESS").exists()
        assert tasks.filter(events__action="RECALL", reports__sent_at=None).exists()
        for returned in tasks.filter(status="REWORK"):
            assert returned.events.filter(action="RETURN").exclude(reason="").exists()
            assert returned.due_on >= today
        assert school.overdue(today).exists()
        assert school.owed().filter(due_on=today).exists()
        assert school.owed().filter(due_on__gt=today).exists()
        assert school.filter(status="COMPLETED").exists()
        municipality = tasks.filter(
            executor__memberships__user__email="municipality@demo.test",
            executor__memberships__role=Role.EXECUTOR,
        )
        assert municipality.owed().exists()
        follows = User.objects.get(email="municipality@demo.test")
        outcomes = Report.objects.filter(task__in=Task.objects.reviewable_by(follows))
        assert set(outcomes.values_list("outcome", flat=True)) == {"DONE", "NOT_APPLICABLE"}

    def test_some_reports_bring_a_file_that_opens(self):
        self.client.force_login(User.objects.get(email="coordinator@demo.test"))
        kept = Evidence.objects.all()

        assert {each.content_type for each in kept} == {"application/pdf", "image/png"}
        assert all(is_invented(each.report.for_organization) for each in kept)
        with override_settings(MEDIA_ROOT=self.media):
            for each in kept:
                answer = self.client.get(reverse("tasks:evidence_file", args=[each.pk]))
                content = b"".join(answer.streaming_content)
                assert answer.status_code == 200
                assert len(content) == each.size

    def test_nothing_happened_in_the_future_nor_before_the_sending(self):
        assert not TaskEvent.objects.filter(happened_at__gt=timezone.now()).exists()
        assert not TaskEvent.objects.filter(
            happened_at__lt=F("task__recommendation__section__resolution__sent_at")
        ).exists()

    def test_the_events_of_a_task_lead_from_status_to_status(self):
        for task in Task.objects.prefetch_related("events"):
            status, moment = "", None
            for event in sorted(task.events.all(), key=lambda each: each.pk):
                assert event.from_status == status
                assert moment is None or event.happened_at > moment
                status, moment = event.to_status, event.happened_at
            assert status == task.status

    def test_every_page_that_shows_execution_says_that_it_is_invented(self):
        """From the start page of each account through every kind of page that it links to."""
        silent = {}
        for account in ACCOUNTS:
            self.client.force_login(User.objects.get(email=f"{account.login}@demo.test"))
            met = Counter()
            draft = reverse("tasks:resolution_detail", args=["demo-reading"])
            waiting, known = ["/"], {"/", draft}
            while waiting:
                answer = self.client.get(waiting.pop(0), follow=True)
                kind = answer.resolver_match.view_name
                met[kind] += 1
                if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                    continue
                page = answer.content.decode()
                if SHOWS_EXECUTION.search(page) and 'id="demonstration"' not in page:
                    silent[account.login, kind] = answer.request["PATH_INFO"]
                for address in map(unescape, re.findall(r'href="(/[^"#]*)"', page)):
                    kind = kind_of(address)
                    if kind and address not in known and met[kind] < 4:
                        met[kind] += 1
                        known.add(address)
                        waiting.append(address)
        assert sorted(map(str, silent.items())) == []

    def test_every_word_of_the_real_papers_is_stored(self):
        for slug in SEEDS:
            document = Path(settings.BASE_DIR) / "fixtures" / "documents" / f"{slug}.txt"
            resolution = Resolution.objects.get(slug=slug)
            sections = resolution.sections.prefetch_related("recommendations")
            stored = words(resolution.title, resolution.preamble, resolution.closing)
            shown = stored.copy()
            for section in sections:
                stored += words(*section.source)
                shown += words(section.printed_number, section.heading)
                for each in section.recommendations.all():
                    stored += words(*each.source)
                    shown += words(each.printed_number, each.text, *each.subitems)
                    if each.deadline_text not in each.text:
                        shown += words("Срок", each.deadline_text)
            wanted = words(document.read_text("utf-8"))
            assert wanted - stored == Counter()
            # Also in the columns that pages show, not only in the kept source.
            assert wanted - shown == Counter()

    def test_the_real_papers_come_out_as_they_went_in(self):
        for slug in SEEDS:
            outline = read_outline(slug, timezone.localdate())
            assert export_outline(Resolution.objects.get(slug=slug)) == outline
        dates = dict(Resolution.objects.values_list("slug", "event_date"))
        assert dates["seed-vologda"] == date(2017, 11, 29)
        assert dates["seed-salda"] == date(2021, 8, 26)

    def test_the_page_shows_the_place_and_the_day_of_a_paper_once(self):
        self.client.force_login(User.objects.get(email="coordinator@demo.test"))
        page = self.client.get(reverse("tasks:resolution_detail", args=["seed-salda"]))
        shown = page.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")

        assert shown.count("г. Верхняя Салда") == 1
        assert len(re.findall(r"26 августа 2021 ?г\.", shown)) == 1

    def test_the_item_to_one_school_is_sent_to_that_school_alone(self):
        executors = Task.objects.filter(
            recommendation__section__resolution__slug="seed-salda",
            recommendation__printed_number="1.3",
        ).values_list("executor__name", flat=True)

        assert list(executors) == ["ОО № 17 (демонстрационная)"]

    def test_the_vologda_authorities_are_twenty_eight(self):
        tasks = Task.objects.filter(
            recommendation__section__resolution__slug="seed-vologda",
            recommendation__section__position=3,
            recommendation__position=1,
        )

        assert tasks.count() == 28

    def test_the_stored_papers_equal_careful_reading(self):
        if not CORPUS.exists():
            self.skipTest("The outlines made by careful reading are not beside the project.")
        spec = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
        score = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(score)
        for slug in SEEDS:
            gold = json.loads((CORPUS / "gold" / f"{slug}.json").read_text("utf-8"))
            found = export_outline(Resolution.objects.get(slug=slug))
            tally = score.compare(gold, found)
            raw = (CORPUS / "raw" / f"{slug}.txt").read_text("utf-8")
            assert score.coverage(raw, found) == (1, 1)
            # The day of the Vologda seminar has its year from a person, not from the paper.
            assert {
                name: tally.value(name)
                for name in score.MEASURES
                if name != "head" and tally.value(name) not in (1, None)
            } == {}


def test_production_refuses_known_passwords(db, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError):
        load()

    assert not User.objects.exists()


@pytest.mark.parametrize("offset", range(0, 400, 9))
def test_the_words_of_moving_deadlines_are_understood_on_any_day(offset):
    today = date(2027, 12, 1) + timedelta(days=offset)
    for paper in PAPERS:
        if paper.slug in SEEDS:
            continue
        raw = (Path(settings.BASE_DIR) / "fixtures" / "outlines" / f"{paper.slug}.json").read_text(
            "utf-8"
        )
        template = json.loads(raw)
        moved = read_outline(paper.slug, today)
        assert moved["date"] < today.isoformat()
        for section, moved_section in zip(template["addressees"], moved["addressees"], strict=True):
            for item, moved_item in zip(section["items"], moved_section["items"], strict=True):
                days = re.findall(r"\{day([+-]\d+)\}", item["deadline_text"] or "")
                meant = understand(moved_item["deadline_text"] or "", document_date=today)
                found = [day for day in (meant.starts_on, meant.due_on) if day]
                assert found == [today + timedelta(days=int(each)) for each in days]
