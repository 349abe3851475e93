"""From a dropped file to sent tasks, with a wrong heading and a wrong deadline put right."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from resolutions.documents import SourceDocument
from resolutions.models import Recommendation, Resolution
from resolutions.recognition.structure import Role
from resolutions.reviewing import marking_in
from tasks.models import Task

pytestmark = pytest.mark.journey

HEADING = "Школы и лицеи области"
ITEM = (
    "1. Подготовить методические материалы до 1 октября 2026 г., "
    "а курсы провести не позднее 1 декабря 2026 г."
)
RIGHT = "не позднее 1 декабря 2026 г."
PAPER = (
    "Резолюция областного семинара «Наставничество в школе»",
    "25 августа 2026 года участники семинара рекомендуют:",
    "Институту развития образования:",
    ITEM,
    "2. Обобщить опыт наставников.",
    HEADING,  # no dative, no colon: only a person knows that it begins a section
    "1. Разработать программу наставничества.",
    "Срок: до 1 ноября 2026 г.",
    "2. Вести работу с родителями.",
    "Контроль за выполнением резолюции возложить на оргкомитет.",
)
DESK = {"viewport": {"width": 1440, "height": 900}}


class Hand:
    """A person's hand: counts what it does."""

    def __init__(self, opened: Page) -> None:
        self.opened = opened
        self.clicks = self.keys = self.letters = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.opened.keyboard.press(key)
            self.keys += 1

    def write(self, words: str) -> None:
        self.opened.keyboard.type(words)
        self.letters += len(words)

    def tab_to(self, what: Locator) -> None:
        """Press Tab until the keyboard stands there."""
        for _each in range(80):
            if what.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError("the keyboard does not reach it")


def paper() -> bytes:
    document = docx.Document()
    for line in PAPER:
        document.add_paragraph(line)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def drop(opened: Page, content: bytes) -> None:
    """Let go of a file over the field, as a mouse does that carries it from a folder."""
    opened.locator("[data-drop-hint]").first.wait_for()  # shown by the script that takes the file
    opened.evaluate(
        """([text]) => {
            const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], "Резолюция.docx"));
            const field = document.querySelector("[data-drop]");
            for (const name of ["dragenter", "dragover", "drop"]) {
                const options = { bubbles: true, cancelable: true, dataTransfer: carried };
                field.dispatchEvent(new DragEvent(name, options));
            }
        }""",
        [base64.b64encode(content).decode()],
    )


def row_of(opened: Page, text: str) -> Locator:
    """The piece of the paper that begins so; spaces of any width."""
    index = next(at for at, line in enumerate(PAPER) if line.startswith(text))
    return opened.locator(f"#at-{index}-0")


def looked_at(opened: Page, text: str) -> None:
    """Wait until the panel is that of the piece."""
    place = row_of(opened, text).get_attribute("id").removeprefix("at-")
    expect(opened.locator("#inspector")).to_have_attribute("data-at", place)


def saved(opened: Page, check: Callable[[], bool]) -> None:
    """Wait until the server has saved what was done."""
    for _each in range(100):
        if check():
            return
        opened.wait_for_timeout(50)
    raise AssertionError("not saved")


def role_of(text: str) -> Role:
    marking = marking_in(SourceDocument.objects.get())
    index = next(at for at, line in enumerate(PAPER) if line.startswith(text))
    return next(each.role for each in marking.pieces if each.paragraph == index)


def chosen() -> int:
    return len(SourceDocument.objects.get().audiences)


def check_result(region) -> None:
    resolution = Resolution.objects.get()
    assert resolution.status == Resolution.Status.ON_CONTROL
    sections = [each.heading for each in resolution.sections.all()]
    assert sections == ["Институту развития образования", HEADING]
    first = Recommendation.objects.get(text__startswith="Подготовить")
    assert (first.deadline_text, str(first.due_on)) == (RIGHT, "2026-12-01")
    # Two recommendations to the institute, two to each of the region's four schools.
    assert Task.objects.count() == 2 + 2 * 4
    assert {each.executor for each in Task.objects.filter(recommendation=first)} == {
        region.institute
    }


def select_by_mouse(opened: Page, row: Locator, words: str) -> None:
    """Draw the mouse over the words of a piece."""
    box = row.evaluate(
        """(row, words) => {
            const text = row.lastElementChild;
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            const nodes = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
            const whole = nodes.map((node) => node.data).join("").replaceAll("\\u00a0", " ");
            const from = whole.indexOf(words);
            const place = (offset) => {
                for (const node of nodes) {
                    if (offset <= node.length) return [node, offset];
                    offset -= node.length;
                }
                return null;
            };
            const edge = (first, last) => {
                const range = document.createRange();
                range.setStart(...place(first));
                range.setEnd(...place(last));
                const found = range.getClientRects();
                return found[found.length - 1];
            };
            const first = edge(from + 0, from + 1);
            const last = edge(from + words.length - 1, from + words.length);
            return [first.left, first.top, last.right, last.top, first.height / 2];
        }""",
        words,
    )
    left, top, right, bottom, half = box
    opened.mouse.move(left + 0.5, top + half)
    opened.mouse.down()
    opened.mouse.move((left + right) / 2, (top + bottom) / 2 + half, steps=4)
    opened.mouse.move(right - 0.5, bottom + half, steps=4)
    opened.mouse.up()


def test_olga_goes_from_a_dropped_file_to_sent_tasks_by_mouse(page, olga, region):
    opened = page(olga, **DESK)
    hand = Hand(opened)
    opened.goto(reverse("tasks:resolution_list"))
    hand.click(opened.locator(f"a[href='{reverse('resolutions:document_create')}']").first)
    drop(opened, paper())
    hand.clicks += 1
    hand.click(opened.locator("form[data-reading] .btn-primary"))
    opened.locator("#inspector").wait_for()

    assert role_of(HEADING) is not Role.ADDRESSEE
    hand.click(row_of(opened, HEADING))
    looked_at(opened, HEADING)
    hand.click(opened.locator("#inspector [data-key=Digit1]"))
    saved(opened, lambda: role_of(HEADING) is Role.ADDRESSEE)
    expect(opened.locator("[data-pane=outline] li.head")).to_have_count(2)

    hand.click(row_of(opened, ITEM))
    looked_at(opened, ITEM)
    select_by_mouse(opened, row_of(opened, ITEM), RIGHT)
    hand.clicks += 1
    expect(opened.locator("#review-words")).to_have_value(RIGHT)
    hand.click(opened.locator("#act-words"))
    expect(opened.locator("[data-pane=outline] li[data-to='3-0']")).to_contain_text("01.12.2026")

    for number, (place, offer) in enumerate((("2-0", "organization:"), ("5-0", "class:")), start=1):
        hand.click(opened.locator(f"#doubts a[data-at='{place}']").first)
        expect(opened.locator("#inspector")).to_have_attribute("data-at", place)
        hand.click(opened.locator(f"#inspector [name=offer][value^='{offer}']").first)
        saved(opened, lambda number=number: chosen() == number)
    expect(opened.locator("#doubts nav")).to_have_count(0)

    hand.click(opened.locator("[data-key='Shift+Enter']"))
    hand.click(opened.locator("a.btn-primary[href$='/send/']"))
    hand.click(opened.locator("#main form button.btn-primary"))
    opened.wait_for_url(lambda url: "send" not in url)
    check_result(region)
    print(f"by mouse: {hand.clicks} clicks")  # noqa: T201  # what the path costs
    assert hand.clicks == 15


def test_olga_goes_the_same_way_by_keyboard_alone(page, olga, region):
    opened = page(olga, **DESK)
    hand = Hand(opened)
    opened.goto(reverse("resolutions:document_create"))
    hand.tab_to(opened.locator("[name=file]"))
    # The system's own window for files opens by a key and is not the page's: the file is given.
    opened.locator("[name=file]").set_input_files(
        {"name": "Резолюция.docx", "mimeType": "application/octet-stream", "buffer": paper()}
    )
    hand.tab_to(opened.locator("form[data-reading] .btn-primary"))
    hand.press("Enter")
    opened.locator("#inspector").wait_for()

    hand.tab_to(opened.locator(".pane-source .p-on a.role"))
    assert opened.locator("[data-pane] p a.role[tabindex='0']").count() == 1
    for _each in range(len(PAPER)):
        if row_of(opened, HEADING).evaluate("row => row.classList.contains('p-on')"):
            break
        hand.press("ArrowDown")
    hand.press("1")
    saved(opened, lambda: role_of(HEADING) is Role.ADDRESSEE)
    looked_at(opened, HEADING)
    expect(row_of(opened, HEADING).locator("a.role")).to_be_focused()

    hand.press("ArrowUp", "ArrowUp")
    looked_at(opened, ITEM)
    # From the last word leftwards: six words are the deadline.
    hand.press(*["ArrowLeft"] * 6, *["Shift+ArrowRight"] * 5)
    expect(opened.locator("#review-words")).to_have_value(RIGHT)
    hand.press("d")
    expect(opened.locator("[data-pane=outline] li[data-to='3-0']")).to_contain_text("01.12.2026")

    for number, place in enumerate(("2-0", "5-0"), start=1):
        hand.press("Shift+N" if number == 1 else "n")
        expect(opened.locator("#inspector")).to_have_attribute("data-at", place)
        expect(opened.locator("#offer-1")).to_be_visible()
        hand.press("Shift+Digit1")
        saved(opened, lambda number=number: chosen() == number)
        expect(row_of(opened, PAPER[int(place[0])]).locator("a.role")).to_be_focused()
    hand.press("Shift+Enter")
    send = opened.locator("a.btn-primary[href$='/send/']")
    send.wait_for()
    hand.tab_to(send)
    hand.press("Enter")
    confirm = opened.locator("#main form button.btn-primary")
    confirm.wait_for()
    hand.tab_to(confirm)
    hand.press("Enter")
    opened.wait_for_url(lambda url: "send" not in url)
    check_result(region)
    print(f"by keyboard: {hand.keys} keys, {hand.letters} letters")  # noqa: T201


@pytest.mark.parametrize("width", [360, 1440])
def test_the_same_without_scripts_and_no_findings_of_axe(page, olga, region, width):
    plain = page(olga, java_script_enabled=False, viewport={"width": width, "height": 800})
    plain.goto(reverse("resolutions:document_create"))
    plain.locator("[name=file]").set_input_files(
        {"name": "Резолюция.docx", "mimeType": "application/octet-stream", "buffer": paper()}
    )
    plain.locator("form[data-reading] .btn-primary").click()
    row_of(plain, HEADING).locator("a.role").click()
    plain.locator("#inspector [data-key=Digit1]").click()
    assert role_of(HEADING) is Role.ADDRESSEE
    row_of(plain, ITEM).locator("a.role").click()
    plain.locator("#review-words").fill(RIGHT)
    plain.locator("#review-words").press("Enter")
    plain.locator("#act-undo").click()
    plain.locator("#review-at").select_option(str(ITEM.index("а курсы")))
    plain.locator("#act-split").click()
    assert len(marking_in(SourceDocument.objects.get()).pieces) == len(PAPER) + 1

    seen = page(olga, viewport={"width": width, "height": 800})
    for address in (
        SourceDocument.objects.get().get_absolute_url(),
        f"{SourceDocument.objects.get().get_absolute_url()}?at=2-0",
        reverse("resolutions:document_create"),
        reverse("resolutions:document_list"),
    ):
        seen.goto(address)
        assert not seen.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ), address
        found = Axe().run(seen).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], address
