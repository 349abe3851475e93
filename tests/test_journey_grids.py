"""The grids by keyboard alone, as a methodist walks them; nothing for axe to find."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tasks.models import Task

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def due(sent, region):
    """School 1 is late with «1» and has «2» without a day, school 2 has «1» in a month."""
    today = timezone.localdate()
    first = Task.objects.filter(recommendation__printed_number="1")
    first.filter(executor=region.school_1).update(due_on=today - timedelta(days=40))
    first.filter(executor=region.school_2).update(due_on=today + timedelta(days=40))
    return sent


def focused(opened: Page) -> str:
    """What a screen reader says of the link that has the focus."""
    label: str = opened.evaluate(
        "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    )
    return label.replace("\u00a0", " ")


def press(opened: Page, *keys: str) -> str:
    for key in keys:
        opened.keyboard.press(key)
    return focused(opened)


def in_view(opened: Page) -> bool:
    """Whether the focused cell lies beside the head, the first column and the last row."""
    return bool(
        opened.evaluate(
            """() => {
              const box = document.activeElement.getBoundingClientRect();
              const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
              return document.activeElement.contains(document.elementFromPoint(x, y));
            }"""
        )
    )


def fits(opened: Page) -> bool:
    return bool(
        opened.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def test_a_methodist_walks_from_cell_to_cell_and_opens_what_is_late(page, due, maria):
    opened = page(maria)
    opened.goto(reverse("dashboards:due_grid"))
    grid = opened.locator("table[data-grid]")
    expect(grid.locator("a[tabindex='0']")).to_have_count(1)  # one stop for Tab
    grid.locator("a[tabindex='0']").focus()
    assert focused(opened).endswith("Управление образования Озёрного района: просрочено 1")
    assert "Без срока." in press(opened, "End")
    assert focused(opened).endswith("назначено 2")
    assert press(opened, "Home") == "Управление образования Озёрного района"
    # down the first column, over the authority and school 1, then back up
    assert press(opened, "ArrowDown", "ArrowDown") == "Школа № 1"
    assert press(opened, "ArrowRight").endswith("Школа № 1: просрочено 1")
    assert in_view(opened)
    # the cell below is empty: the arrow stays where it is
    assert press(opened, "ArrowDown").endswith("просрочено 1")
    expect(grid.locator("a[tabindex='0']")).to_have_count(1)
    label = focused(opened)
    opened.keyboard.press("Enter")
    opened.wait_for_url(lambda url: reverse("tasks:task_list") in url)
    expect(opened.locator("[data-count]")).to_have_attribute("data-count", "1")
    assert "просрочено 1" in label


def test_the_arrows_still_work_when_the_filter_has_replaced_the_grid(page, due, olga, region):
    opened = page(olga)
    opened.goto(reverse("dashboards:due_grid"))
    with opened.expect_response(lambda answer: "by=quarter" in answer.url):
        opened.locator("#id_by").select_option("quarter")
    grid = opened.locator("table[data-grid][data-ready]")
    expect(grid.locator("thead")).to_contain_text("кв.")
    grid.locator("td a").first.focus()
    before = focused(opened)
    assert press(opened, "Control+End") != before
    assert press(opened, "Control+Home") == "Управление образования Заречного округа"


def test_a_grid_of_a_resolution_opens_the_task(page, due, maria, region):
    opened = page(maria)
    opened.goto(reverse("dashboards:resolution_matrix", args=[due.slug]))
    opened.locator("table[data-grid] a[tabindex='0']").focus()
    assert press(opened, "Control+Home") == "Рекомендация 1"
    label = press(opened, "ArrowDown", "ArrowDown", "ArrowDown")
    assert label == "Рекомендация 1. Школа № 2: назначено"
    label = press(opened, "ArrowUp")
    assert label == "Рекомендация 1. Школа № 1: просрочено на 40 дней"
    opened.keyboard.press("Enter")
    task = Task.objects.get(executor=region.school_1, recommendation__printed_number="1")
    opened.wait_for_url(f"**{task.get_absolute_url()}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_nothing_for_axe_to_find_and_no_sideways_scroll(page, due, olga, scheme, options):
    opened = page(olga, color_scheme=scheme, **options)
    for address in (
        reverse("dashboards:due_grid"),
        reverse("dashboards:due_grid") + "?due_from=nonsense",
        reverse("dashboards:resolution_matrix", args=[due.slug]),
    ):
        opened.goto(address)
        found = Axe().run(opened)
        assert found.violations_count == 0, found.generate_report()
        assert fits(opened), address


def test_cells_are_links_without_javascript(page, due, maria):
    opened = page(maria, java_script_enabled=False)
    opened.goto(reverse("dashboards:due_grid"))
    expect(opened.locator("[data-keys]")).to_be_hidden()
    opened.get_by_label("Школа № 1: просрочено 1").click()
    expect(opened.locator("[data-count]")).to_have_attribute("data-count", "1")
