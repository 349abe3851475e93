"""What stands on the pages of a .pdf, and what becomes one paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolutions.recognition.readers import Unreadable, read
from resolutions.recognition.readers.hyphens import Hyphens
from resolutions.recognition.readers.pdf_pages import Box, Line, Page, in_order, without_furniture
from resolutions.recognition.readers.pdf_paragraphs import joined

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "documents"
SEED = [line for line in (FOLDER / "seed-salda.txt").read_text("utf-8").split("\n") if line.strip()]


def lines(name: str) -> list[str]:
    return [each.line.strip() for each in read((FOLDER / "pages" / name).read_bytes()) if each.text]


def words(paragraphs: list[str]) -> list[str]:
    return " ".join(paragraphs).split()


class TestFiles:
    def test_running_heads_and_page_numbers_are_dropped_and_nothing_else(self):
        assert lines("heads.pdf") == [line.strip() for line in SEED]

    def test_columns_are_read_one_after_the_other(self):
        found = lines("columns.pdf")
        assert words(found) == words(SEED)
        whole = {line.strip() for line in SEED}
        assert sum(line in whole for line in found) >= 0.9 * len(whole)

    def test_cells_of_a_table_are_not_mixed(self):
        found = lines("table.pdf")
        assert found[:4] == ["Решили:", "№", "Мероприятие", "Срок"]
        assert found.count("до 01.09.2022") == 8
        begun = [line for line in found if line.startswith(("1.", "- "))]
        assert len(begun) == 8

    def test_a_note_is_aside_and_its_sign_is_no_digit_of_the_word(self):
        found = read((FOLDER / "pages" / "notes.pdf").read_bytes())
        assert [(each.text, each.aside) for each in found] == [
            ("Рекомендовать школам принять программу¹ до 1 сентября 2024 г.", ""),
            ("1 Программа принята в 2023 году.", "footnote"),
        ]

    @pytest.mark.parametrize(("name", "kind"), [("scan", "scan"), ("password", "password")])
    def test_refused(self, name, kind):
        with pytest.raises(Unreadable) as refusal:
            lines(f"{name}.pdf")
        assert refusal.value.kind == kind

    def test_a_file_that_is_cut_off_is_not_read_in_part(self):
        data = (FOLDER / "seed-salda.pdf").read_bytes()
        with pytest.raises(Unreadable) as refusal:
            read(data[: len(data) * 9 // 10])
        assert refusal.value.kind == "damaged"


WIDTH = 5.0  # of every letter below
HEIGHT = 10.0
RIGHT = 540.0


def line(text: str, y: float, left: float = 90.0, *, right: float | None = None) -> Line:
    """A line whose letters are all alike; ``right`` stretches it, as justified text is."""
    parts, boxes, at = text.split(), [], left
    natural = len(" ".join(parts)) * WIDTH
    gap = WIDTH
    if right is not None and len(parts) > 1:
        gap += (right - left - natural) / (len(parts) - 1)
    for part in parts:
        boxes.append(Box(at, at + len(part) * WIDTH, y, y + 7))
        at += len(part) * WIDTH + gap
    box = boxes[0].around(boxes[-1])
    return Line(tuple(parts), tuple(boxes), box, HEIGHT, bold=False)


def full(text: str, y: float, left: float = 90.0) -> Line:
    return line(text, y, left, right=RIGHT)


def page(number: int, *found: Line) -> Page:
    return Page(number, 595, 842, found)


def texts(*pages: Page) -> list[str]:
    return [each.text for each in joined([in_order(each) for each in pages])]


class TestFurniture:
    BODY = ("Первая строка", "Вторая строка")

    def body(self) -> tuple[Line, ...]:
        return tuple(line(text, 500 - 14 * at) for at, text in enumerate(self.BODY))

    def kept(self, *pages: Page) -> list[str]:
        return [each.text for found in without_furniture(list(pages)) for each in found.lines]

    @pytest.mark.parametrize("form", ["{}", "- {} -", "Страница {}", "стр. {}", "{} из 3", "{}/3"])
    def test_numbers_that_count_with_the_pages(self, form):
        pages = [page(n, *self.body(), line(form.format(n + 4), 30, 290)) for n in (1, 2, 3)]
        assert self.kept(*pages) == [*self.BODY] * 3

    def test_numbers_that_do_not_count_are_words(self):
        pages = [page(n, *self.body(), line(str(2024 - 7 * n), 30, 290)) for n in (1, 2, 3)]
        assert len(self.kept(*pages)) == 9

    def test_a_number_of_the_text_is_a_word(self):
        """«1.» at the end of a page, where no gap parts it from the text."""
        body = [line(f"строка {at}", 100 - 14 * at) for at in range(5)]
        assert "2" in self.kept(page(1, *body), page(2, *body, line("2", 30)))

    def test_a_line_that_repeats_at_one_place(self):
        pages = [page(n, line(f"Протокол № 5, лист {n}", 800), *self.body()) for n in range(1, 5)]
        assert self.kept(*pages) == [*self.BODY] * 4

    def test_annexes_are_no_running_heads(self):
        pages = [page(n, line(f"Приложение {n}", 800), *self.body()) for n in (1, 2)]
        assert len(self.kept(*pages)) == 6

    def test_a_line_that_repeats_elsewhere_is_kept(self):
        pages = [page(n, line("Срок: 2018 г.", 800 - 9 * n), *self.body()) for n in (1, 2, 3)]
        assert len(self.kept(*pages)) == 9

    def test_a_line_that_repeats_beside_the_text_is_kept(self):
        """A heading of a table on every page: no gap below it."""
        body = (line("Первая строка", 788), line("Вторая строка", 774))
        pages = [page(n, line("Мероприятие", 800), *body) for n in (1, 2)]
        assert len(self.kept(*pages)) == 6

    def test_one_page_has_no_running_head(self):
        assert len(self.kept(page(1, line("Резолюция", 800), *self.body()))) == 3


LONG = "слово " * 14


class TestParagraphs:
    def test_a_word_that_did_not_fit_goes_on(self):
        first = line("а" * 80, 700)
        assert texts(page(1, first, line("длинноеслово дальше", 686))) == [
            f"{'а' * 80} длинноеслово дальше"
        ]

    def test_a_word_that_would_have_fitted_begins_anew(self):
        rows = ["б" * 90, "а" * 84, "Один", "Два"]
        found = texts(page(1, *(line(text, 700 - 14 * at) for at, text in enumerate(rows))))
        assert found == [f"{'б' * 90} {'а' * 84}", "Один", "Два"]

    def test_an_indent_begins_anew(self):
        found = (
            full("Первая " + LONG, 700, 120),
            full(LONG, 686),
            full("Вторая " + LONG, 672, 120),
        )
        assert len(texts(page(1, *found))) == 2

    def test_a_hanging_number_does_not(self):
        found = (full("1. Первая " + LONG, 700), full(LONG, 686, 110), full("2. Вт " + LONG, 672))
        assert len(texts(page(1, *found))) == 2

    def test_a_wider_distance_begins_anew(self):
        rows = [full(LONG, y) for y in (700, 686, 672, 644, 630)]
        assert len(texts(page(1, *rows))) == 2

    def test_a_page_goes_on(self):
        one = page(1, full("Начало " + LONG, 700), full(LONG, 686))
        assert len(texts(one, page(2, full(LONG, 700), line("конец.", 686)))) == 1
        assert len(texts(one, page(2, full("1. Пункт " + LONG, 700)))) == 2

    def test_columns_drawn_across(self):
        """Two columns of prose on the same heights, each line drawn over both."""
        rows = []
        for at in range(10):
            left = line(f"левая{at} " + "слово " * 6, 700 - 14 * at, 50, right=280)
            right = line(f"правая{at} " + "слово " * 6, 700 - 14 * at, 310, right=540)
            rows.append(
                Line(
                    left.words + right.words,
                    left.boxes + right.boxes,
                    left.box.around(right.box),
                    HEIGHT,
                    bold=False,
                )
            )
        found = " ".join(texts(page(1, *rows))).split()
        order = [word for word in found if word != "слово"]
        assert order == [f"левая{at}" for at in range(10)] + [f"правая{at}" for at in range(10)]


class TestHyphens:
    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("развитие образо-", "вания", "развитие образования"),
            ("образо\u00ad", "вания", "образования"),
            ("научно-", "методической", "научно-методической"),
            ("какой-", "либо", "какой-либо"),
            ("Санкт-", "Петербург", "Санкт-Петербург"),
            ("в 2021-", "2022 году", "в 2021-2022 году"),
            ("COVID-", "19", "COVID-19"),
            ("Очно-", "30 человек", "Очно- 30 человек"),
            ("школы –", "детям", "школы – детям"),
            ("школы -", "детям", "школы - детям"),
        ],
    )
    def test_joined(self, before, after, expected):
        assert Hyphens([before, after]).join(before, after) == expected

    def test_the_document_knows_best(self):
        known = Hyphens(
            ["педагогам-психологам", "педагогам-", "психологам", "пресс", "конференция"]
        )
        assert known.join("педагогам-", "психологам") == "педагогам-психологам"
        known = Hyphens(["самоуправление", "само-", "управление"])
        assert known.join("само-", "управление") == "самоуправление"
