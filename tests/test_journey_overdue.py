"""The methodist's morning by the keyboard alone: who is late, remind them, a paper for Monday."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from conftest import person
from organizations.roles import Role
from tasks.mail import deliver
from tasks.models import Task, TaskEvent
from tasks.outbox import Letter

pytestmark = pytest.mark.journey

LONGEST_WAY = 150  # stops of the Tab key


@pytest.fixture
def late(sent, sergey, region):
    """Both schools of Lakeside are late by 12 days; nobody of the second has an address."""
    due_on = timezone.localdate() - timedelta(days=12)
    Task.objects.exclude(executor=region.lakeside).update(due_on=due_on)
    person("Second", (region.school_2, Role.EXECUTOR))
    return sent


def tab_to(opened: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    wanted = f"document.activeElement && document.activeElement.matches({selector!r})"
    for _stop in range(LONGEST_WAY):
        opened.keyboard.press(key)
        if opened.evaluate(wanted):
            return
    pytest.fail(f"No Tab leads to {selector}.")


def test_late_schools_are_seen_at_once_and_reminded_without_a_mouse(page, late, maria, region):
    opened = page(maria)
    # The start page answers: who, with what, since when, have they opened it.
    assert opened.url.endswith(reverse("dashboards:overdue_list"))
    content = opened.locator("#list")
    for words in ("Школа № 1", "Разработать", "12 дней", "Не открывали"):
        expect(content).to_contain_text(words.replace(" ", "\u00a0"), use_inner_text=True)

    tab_to(opened, f"input[name=executor][value='{region.school_1.pk}']")
    opened.keyboard.press("Space")
    tab_to(opened, "button[name=ticked]", "Shift+Tab")
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"**{reverse('dashboards:reminder_create')}?**")
    expect(opened.locator("[data-count]")).to_have_attribute("data-count", "1")
    tab_to(opened, "[name=words]")
    opened.keyboard.type("Ждём отчёта до среды.")
    tab_to(opened, "form .btn-primary")
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"**{reverse('dashboards:overdue_list')}")
    expect(opened.locator("#messages")).to_contain_text("1")
    assert Letter.objects.filter(kind="REMINDER").get().organization == region.school_1

    # All the rest, and the one already reminded is left out.
    tab_to(opened, "a.btn-primary[href*='remind']")
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"**{reverse('dashboards:reminder_create')}*")
    expect(opened.locator("[data-left=reminded]")).to_be_visible()
    tab_to(opened, "form .btn-primary")
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"**{reverse('dashboards:overdue_list')}")
    assert Letter.objects.filter(kind="REMINDER").count() == 2
    assert TaskEvent.objects.filter(action="REMIND").count() == 4
    deliver()
    assert sum("Напоминание" in each.subject for each in mail.outbox) == 2


def test_the_paper_for_monday_takes_two_clicks(page, late, maria):
    opened = page(maria)
    opened.add_init_script("window.print = () => { document.title = 'printed' }")
    opened.locator(f"a[href^='{reverse('dashboards:overdue_print')}']").click()
    opened.locator("[data-print]").click()
    expect(opened).to_have_title("printed")
    opened.emulate_media(media="print")
    shown = "getComputedStyle(document.querySelector({!r})).display"
    assert opened.evaluate(shown.format("table thead")) == "table-header-group"
    assert opened.evaluate(shown.format(".masthead")) == "none"
    assert opened.evaluate(shown.format("[data-print]")) == "none"
    paper = opened.pdf(prefer_css_page_size=True)
    width, height = map(float, paper.split(b"/MediaBox [0 0 ")[1].split(b"]")[0].split())
    assert (round(width), round(height)) == (842, 595)  # A4 across


def test_filtering_keeps_the_conditions_of_reminders_and_paper(page, late, maria, region):
    opened = page(maria)
    opened.locator("[name=organization]").fill("№ 1")
    opened.locator("[name=organization]").press("Enter")
    expect(opened.locator("[data-figure=overdue]").first).to_have_text("2")
    for name in ("reminder_create", "overdue_print"):
        link = opened.locator(f"a.btn[href^='{reverse(f'dashboards:{name}')}?']").first
        assert "organization=" in link.get_attribute("href")
    opened.locator("a.btn-primary[href*='remind']").click()
    expect(opened.locator("[data-count]")).to_have_attribute("data-count", "1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_for_axe_to_find_and_no_sideways_scroll(page, late, maria, scheme):
    opened = page(maria, color_scheme=scheme)
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name in ("overdue_list", "overdue_print", "reminder_create"):
        opened.goto(reverse(f"dashboards:{name}"))
        for width in (360, 768, 1440):
            opened.set_viewport_size({"width": width, "height": 900})
            assert opened.evaluate(beyond) <= 0, (name, width)
            found = Axe().run(opened).response["violations"]
            assert [(each["id"], each["nodes"]) for each in found] == [], (name, width)
