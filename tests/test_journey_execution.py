"""From a letter to a decided resolution, in a browser: a school, a municipality, the department."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from conftest import PASSWORD
from tasks import workflow
from tasks.assignment import send
from tasks.mail import deliver
from tasks.models import Evidence, Report, Task

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


class Hand:
    """A person's hand on a page: counts what it does."""

    def __init__(self, opened: Page) -> None:
        self.opened = opened
        self.taps = self.keys = self.letters = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def write(self, what: Locator, words: str) -> None:
        """Tap into the field and type."""
        self.tap(what)
        what.press_sequentially(words)
        self.letters += len(words)

    def press(self, key: str) -> None:
        self.opened.keyboard.press(key)
        self.keys += 1

    def fits(self) -> None:
        """Nothing has to be pushed sideways on the screen."""
        assert not self.opened.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ), self.opened.url


def photo(opened: Page) -> bytes:
    """A real picture, such as a camera gives."""
    return opened.screenshot(type="jpeg", quality=60)


def task_of(organization, begins: str) -> Task:
    return Task.objects.get(executor=organization, recommendation__text__startswith=begins)


def arrive(opened: Page, address: str) -> None:
    """Wait for a page; its address may be a part of another's ("?next=…")."""
    opened.wait_for_url(lambda url: urlsplit(url).path == address)


def go_on(opened: Page, address: str, click: Locator) -> None:
    """Press, and wait for the page that comes."""
    click.click()
    arrive(opened, address)


def test_a_school_goes_from_the_letter_to_a_sent_report_with_a_photo(
    page, live_server, settings, draft, olga, sergey, region
):
    """On a phone; the letter's own link, the sign-in, the form, the camera's picture."""
    settings.SITE_URL = live_server.url
    send(draft, olga)
    deliver()
    task = task_of(region.school_1, "Разработать")
    letter = next(each for each in mail.outbox if each.to == [sergey.email])
    link = re.search(rf"\S+{task.get_absolute_url()}", letter.body).group()
    school = page(**PHONE)
    hand = Hand(school)

    begun = timezone.now()
    hand.taps += 1  # on the link in the letter
    school.goto(re.sub(r"^https?://[^/]+", live_server.url, link))
    hand.fits()
    hand.write(school.locator("#id_username"), sergey.email)
    hand.write(school.locator("#id_password"), PASSWORD)
    hand.press("Enter")
    arrive(school, task.get_absolute_url())
    hand.fits()
    hand.tap(school.locator(f"main a[href='{reverse('tasks:task_report', args=[task.pk])}']"))
    arrive(school, reverse("tasks:task_report", args=[task.pk]))
    hand.fits()
    expect(school.locator("[name=outcome][value=DONE]")).to_be_checked()
    hand.write(school.locator("[name=text]"), "Программа утверждена приказом № 8.")
    picture = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo(school)}
    with school.expect_file_chooser() as chooser:
        hand.tap(school.locator("[name=files]"))
    chooser.value.set_files(picture)
    hand.taps += 1  # on the picture
    hand.tap(school.locator("form[enctype] .actions .btn-primary"))
    arrive(school, task.get_absolute_url())
    hand.fits()
    took = (timezone.now() - begun).total_seconds()
    print(  # noqa: T201  # what the path costs, for whoever asks
        f"{hand.taps} taps, {hand.keys} keys and {hand.letters} letters; "
        f"{took:.1f} s without the person"
    )

    task.refresh_from_db()
    assert task.status == Task.Status.COMPLETED
    kept = Evidence.objects.get(report__task=task)
    assert (kept.content_type, kept.size) == ("image/jpeg", len(picture["buffer"]))
    assert kept.report.text == "Программа утверждена приказом № 8."
    school.locator(f"a[href='{reverse('tasks:evidence_file', args=[kept.pk])}']").first.wait_for()
    assert (hand.taps, hand.keys) == (8, 1)


def test_a_municipality_reports_and_accepts_but_not_its_own(page, sent, sergey, pavel, region):
    """Pavel answers for the authority and follows its schools: two hats, one person."""
    sent.acceptance_required = True
    sent.save()
    own, of_school = task_of(region.lakeside, "Провести"), task_of(region.school_1, "Разработать")
    workflow.report(of_school, sergey, Report.Outcome.DONE, "Программа утверждена.")
    municipality = page(pavel)

    municipality.goto(reverse("tasks:my_organization"))
    municipality.locator(f"a[href='{reverse('tasks:task_report', args=[own.pk])}']").click()
    municipality.locator("[name=text]").fill("Мониторинг проведён.")
    send_button = municipality.locator("form[enctype] .actions .btn-primary")
    go_on(municipality, own.get_absolute_url(), send_button)
    own.refresh_from_db()
    assert own.status == Task.Status.REPORTED
    accept = f"form[action^='{reverse('tasks:task_accept', args=[own.pk])}']"
    assert municipality.locator(accept).count() == 0

    municipality.goto(reverse("tasks:review_queue"))
    row = municipality.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Программа утверждена.")
    row.locator("a.btn").click()
    municipality.locator(
        f"form[action^='{reverse('tasks:task_accept', args=[of_school.pk])}'] button"
    ).click()
    expect(municipality.locator(".empty")).to_be_visible()
    of_school.refresh_from_db()
    own.refresh_from_db()
    assert (of_school.status, own.status) == (Task.Status.COMPLETED, Task.Status.REPORTED)
    # Neither by an address typed by hand.
    municipality.goto(reverse("tasks:task_return", args=[own.pk]))
    assert municipality.locator("form textarea").count() == 0


def test_the_department_returns_accepts_corrects_adds_and_closes(
    page, sent, olga, sergey, tamara, region
):
    sent.acceptance_required = True
    sent.save()
    task = task_of(region.school_1, "Разработать")
    recommendation = task.recommendation
    workflow.report(task, sergey, Report.Outcome.DONE, "Делаем.")
    department, school = page(olga), page(sergey)

    # A return, with words.
    department.goto(task.get_absolute_url())
    department.locator(f"a[href^='{reverse('tasks:task_return', args=[task.pk])}']").click()
    department.locator("[name=reason]").fill("Приложите приказ.")
    department.locator("form:has([name=reason]) .btn-primary").click()
    department.wait_for_url(lambda address: "/return/" not in address)
    task.refresh_from_db()
    assert task.status == Task.Status.REWORK

    # The school reads them and reports anew.
    school.goto(reverse("tasks:my_organization"))
    expect(school.locator(".quote")).to_contain_text("Приложите приказ.")
    school.locator(f"a[href='{reverse('tasks:task_report', args=[task.pk])}']").click()
    school.locator("[name=text]").fill("Программа утверждена приказом № 8.")
    go_on(school, task.get_absolute_url(), school.locator("form[enctype] .actions .btn-primary"))

    # Acceptance.
    department.goto(task.get_absolute_url())
    department.locator(
        f"form[action^='{reverse('tasks:task_accept', args=[task.pk])}'] button"
    ).click()
    department.wait_for_load_state()
    task.refresh_from_db()
    assert task.status == Task.Status.COMPLETED
    assert task.reports.count() == 2

    # A deadline that was misread: for those who have not reported.
    others = Task.objects.filter(recommendation=recommendation).exclude(pk=task.pk)
    assert set(others.values_list("due_on", flat=True)) == {date(2026, 10, 1)}
    department.goto(reverse("tasks:recommendation_correct", args=[recommendation.pk]))
    department.locator("[name=deadline_text]").fill("до 1 ноября 2026 г.")
    agree(department, "Опечатка при наборе.")
    dates = set(others.values_list("due_on", "original_due_on"))
    assert dates == {(date(2026, 11, 1), date(2026, 11, 1))}

    # One more organisation.
    department.goto(reverse("tasks:audience_add", args=[sent.slug]))
    department.locator("[name=where]").select_option(f"r{recommendation.pk}")
    department.locator("[name=organizations_q]").press_sequentially("интернат")
    department.locator(f"[name=organizations][value='{region.boarding_school.pk}']").check()
    agree(department, "Тоже участвует.")
    added = Task.objects.get(executor=region.boarding_school)
    assert (added.recommendation, added.due_on) == (recommendation, date(2026, 11, 1))

    # All off control: what was open is decided in the same act.
    department.goto(reverse("tasks:resolution_off_control", args=[sent.slug]))
    agree(department, "Работа завершена.")
    sent.refresh_from_db()
    assert sent.status == sent.Status.OFF_CONTROL
    assert set(Task.objects.values_list("status", flat=True)) == {"COMPLETED", "CANCELLED"}
    department.goto(task.get_absolute_url())
    assert department.locator("main form, main a[href$='/return/']").count() == 0
    school.goto(task.get_absolute_url())
    assert school.locator("main form").count() == 0


def agree(opened: Page, reason: str) -> None:
    """Say why, look at what will change, and confirm; twice, as an impatient hand does."""
    opened.locator("[name=reason]").fill(reason)
    opened.locator("main form .btn-primary[type=submit]").first.click()
    confirm = opened.locator("[name=confirm]")
    expect(opened.locator("[data-part]").first).to_be_visible()
    confirm.dblclick()
    confirm.wait_for(state="detached")
    opened.wait_for_load_state()
