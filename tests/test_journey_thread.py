"""A thread to its end in a browser: sent, opened, reported, and seen by who follows it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.models import Report, Task

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 360, "height": 780}}


@pytest.fixture
def late(sent, region):
    """Sergey's school is twelve days late with its programme, and nobody with anything else."""
    Task.objects.update(due_on=None)
    tasks = Task.objects.filter(
        executor=region.school_1, recommendation__text__startswith="Разработать"
    )
    tasks.update(due_on=timezone.localdate() - timedelta(days=12))
    return tasks.get()


def test_a_school_marks_its_task_done_on_a_phone(page, sergey, late):
    school = page(sergey, **PHONE)
    row = school.locator(".task-late")
    assert "12" in row.locator(".due").inner_text()
    row.locator(".btn").click()
    school.locator("#id_text").fill("Программа утверждена приказом № 8.")
    school.locator("form:has(#id_text) .actions .btn-primary").click()
    school.wait_for_url(f"**{late.get_absolute_url()}")
    late.refresh_from_db()
    assert late.status == Task.Status.COMPLETED
    assert school.locator(".story > li").count() == 3  # sent, opened, reported
    sideways = school.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not sideways


def test_a_methodist_finds_who_is_late_with_what(page, maria, late, region):
    methodist = page(maria)
    assert methodist.url.endswith("/overdue/")
    figure = methodist.locator("[data-figure=overdue]").first
    assert figure.inner_text() == "1"
    row = methodist.locator("tr", has=methodist.locator(".late"))
    assert region.school_1.short_name in methodist.locator(".t-org").inner_text().replace(
        "\u00a0", " "
    )
    row.locator("a").first.click()
    methodist.wait_for_url(f"**{late.get_absolute_url()}")
    assert methodist.locator("form:has(textarea)").count() == 0
    methodist.go_back()
    methodist.locator("[data-figure=overdue]").first.click()
    methodist.wait_for_url("**/tasks/?*")
    assert methodist.locator("tbody tr").count() == 1


def test_a_coordinator_sends_and_the_school_sees_it_at_once(page, olga, sergey, draft):
    coordinator = page(olga)
    coordinator.goto(draft.get_absolute_url())
    coordinator.locator("main .btn-primary").click()
    coordinator.wait_for_url("**/send/")
    coordinator.locator("main .btn-primary").dblclick()
    coordinator.wait_for_url(f"**{draft.get_absolute_url()}")
    assert Task.objects.count() == 7
    assert coordinator.locator(".figure").inner_text().endswith("7")
    school = page(sergey)
    assert school.locator(".task").count() == 2


def test_a_report_is_written_and_sent_by_keyboard_alone(page, sergey, late):
    school = page(sergey)
    keyboard = school.keyboard
    keyboard.press("Tab")
    assert school.evaluate("document.activeElement.className") == "skip"
    keyboard.press("Enter")
    _tab_to(school, ".task-late .btn")
    keyboard.press("Enter")
    school.wait_for_url("**/report/")
    _tab_to(school, "textarea")
    keyboard.type("Программа утверждена.")
    _tab_to(school, "form:has(textarea) button[type=submit]")
    keyboard.press("Enter")
    school.wait_for_url(f"**{late.get_absolute_url()}")
    assert Report.objects.get().text == "Программа утверждена."


def _tab_to(opened, selector):
    """Press Tab until the focus is there, and see that it can be seen."""
    for _ in range(60):
        opened.keyboard.press("Tab")
        if opened.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert opened.evaluate(outline) != "none"
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_a_filter_narrows_the_list_without_leaving_the_page(page, olga, late):
    coordinator = page(olga)
    coordinator.goto("/tasks/")
    assert coordinator.locator("tbody tr").count() == 7
    coordinator.locator("[name=state]").select_option("overdue")
    coordinator.locator("tbody tr").nth(1).wait_for(state="detached")
    assert "state=overdue" in coordinator.url
    assert coordinator.locator("tbody tr").count() == 1


def test_the_thread_needs_no_script(page, sergey, late):
    school = page(sergey, java_script_enabled=False)
    school.locator(".task-late .btn").click()
    school.locator("#id_text").fill("Готово.")
    school.locator("form:has(#id_text) .actions .btn-primary").click()
    late.refresh_from_db()
    assert late.status == Task.Status.COMPLETED


def test_printing_shows_the_whole_text(page, olga, sent):
    sent.preamble = "\n\n".join(["Длинный абзац преамбулы. " * 40, "Рекомендуют:"])
    sent.save()
    coordinator = page(olga)
    coordinator.goto(sent.get_absolute_url())
    folded = coordinator.locator("details.fold p")
    assert not folded.is_visible()
    coordinator.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    coordinator.emulate_media(media="print")
    assert folded.is_visible()
    assert not coordinator.locator(".masthead").is_visible()
