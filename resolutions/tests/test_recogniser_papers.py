"""Patterns of whole papers: tables, what is no recommendation, the head, markings put together."""

from datetime import date

from resolutions.recognition.assembly import as_json, assemble
from resolutions.recognition.recogniser import recognise
from resolutions.recognition.structure import Cell, Marking, Outline, Paragraph, Piece, Role
from resolutions.tests.short_papers import HEAD, kinds, outline


class TestTables:
    ROWS = (("Кому", "Что сделать", "Когда"), ("Школам", "Провести смотр", "до 30.04.2023"))

    def check(self, found: Outline) -> None:
        [addressee] = found.addressees
        [item] = addressee.items
        assert (addressee.heading, item.text) == ("Школам", "Провести смотр")
        assert (item.deadline_text, item.due) == ("до 30.04.2023", date(2023, 4, 30))

    def test_of_cells(self):
        cells = [
            Paragraph(text, cell=Cell(0, row, column))
            for row, texts in enumerate(self.ROWS)
            for column, text in enumerate(texts)
        ]
        self.check(assemble(recognise(cells)))

    def test_of_bars(self):
        self.check(outline("\n".join("| " + " | ".join(row) + " |" for row in self.ROWS)))

    def test_of_tabs(self):
        self.check(outline("\n".join("\t".join(row) for row in self.ROWS)))

    def test_of_columns_that_became_lines(self):
        text = "Мероприятие\nИсполнители\nСрок\n1.\nПровести смотр\nШколы\nмарт 2023 г."
        [addressee] = outline(HEAD + text).addressees
        assert (addressee.heading, addressee.items[0].number) == ("Школы", "1")
        assert addressee.items[0].due == date(2023, 3, 31)

    def test_an_empty_cell_means_the_same_addressee(self):
        rows = [*self.ROWS, ("-//-", "Провести слёт", "2023 год"), ("", "Быть", "постоянно")]
        found = outline("\n".join("| " + " | ".join(row) + " |" for row in rows))
        assert [(a.heading, len(a.items)) for a in found.addressees] == [("Школам", 3)]

    def test_under_an_addressee_the_responsible_are_responsible(self):
        text = (
            "Школам:\n| Мероприятие | Срок | Ответственный |\n"
            "| Провести смотр | 2023 год | Лось Е.В. |"
        )
        [addressee] = outline(HEAD + text).addressees
        assert (addressee.heading, addressee.items[0].responsible) == ("Школам", "Лось Е.В.")

    def test_with_a_column_for_each_both_are_read(self):
        rows = (
            ("Исполнитель", "Мероприятие", "Срок", "Ответственный"),
            ("Школы", "Провести смотр", "2023 год", "Лось Е.В."),
        )
        [addressee] = outline("\n".join("| " + " | ".join(row) + " |" for row in rows)).addressees
        assert (addressee.heading, addressee.items[0].responsible) == ("Школы", "Лось Е.В.")

    def test_without_an_addressee_the_responsible_are_the_addressees(self):
        text = "| Мероприятие | Срок | Ответственный |\n| Провести смотр | 2023 год | Школы |"
        [addressee] = outline(HEAD + text).addressees
        assert (addressee.heading, addressee.items[0].responsible) == ("Школы", None)


class TestWhatIsNoItem:
    def test_lists_of_the_preamble(self):
        found = outline(
            "РЕШЕНИЕ совета\nСовет отмечает:\n1. Рост результатов.\n2. Снижение.\nСовет решил:\n"
            "Школам:\n1. Провести смотр."
        )
        assert len(found.addressees) == 1
        assert "1. Рост результатов." in found.preamble

    def test_agenda_signatures_and_annexes(self):
        found = outline(
            "ПРОТОКОЛ совещания\nПовестка дня:\n1. Об итогах года.\n2. О школах.\nРЕШИЛИ:\n"
            "1. Школам провести смотр.\nПредседатель                      Л.Д. Баранова\n"
            "Приложение\nСписок\n1. Котов К.К.\n2. Школам № 5:\n1) быть"
        )
        assert [len(each.items) for each in found.addressees] == [1]
        assert "1. Об итогах года." in found.preamble
        assert found.closing[0].startswith("Председатель")
        assert "1. Котов К.К." in found.closing

    def test_control_and_publication(self):
        found = outline(
            HEAD + "Школам:\n1. Провести смотр.\n2. Контроль за исполнением возложить на отдел."
        )
        assert len(found.addressees[0].items) == 1

    def test_a_footnote_stays_visible_until_a_person_places_it(self):
        paragraphs = [
            Paragraph("Школам:"),
            Paragraph("1. Провести смотр."),
            Paragraph("Положение прилагается.", aside="footnote"),
        ]
        found = assemble(recognise(paragraphs))
        assert found.unplaced == ("Положение прилагается.",)
        assert "aside" in kinds(found)

    def test_themes_stand_over_their_items(self):
        found = outline(
            HEAD
            + "Направление 1. Кадры\nШколам\n1.1. Ждать.\n"
            + "Направление 2. Питание\nШколам\n2.1. Быть."
        )
        assert [item.theme for each in found.addressees for item in each.items] == [
            "Направление 1. Кадры",
            "Направление 2. Питание",
        ]


class TestHeadOfThePaper:
    def test_day_and_kind(self):
        found = outline(
            "ПРОТОКОЛ № 2\nсовещания директоров школ\nот 21 сентября 2022 года\nШколам:\n1. Быть."
        )
        assert (found.date, found.event_kind) == (date(2022, 9, 21), "совещание")

    def test_the_last_day_of_several(self):
        found = outline("Резолюция форума\n(22–24 октября 2019 года, г. Озёрск)\nШколам:\n1. Быть.")
        assert found.date == date(2019, 10, 24)

    def test_the_day_of_a_law_is_not_the_events(self):
        found = outline(
            "Резолюция форума\nОбсудив Указ Президента от 7 мая 2018 года № 204, решили:\n"
            "Школам:\n1. Быть."
        )
        assert found.date is None


class TestMarkings:
    def marking(self, text: str) -> Marking:
        return recognise([Paragraph(line) for line in (HEAD + text).split("\n")])

    def test_what_a_person_changes_is_assembled_anew(self):
        marking = self.marking("Школам:\n1. Провести смотр.\nОбеспечение участия в слёте.")
        last = marking.pieces[-1]
        assert last.role is Role.CLOSING
        changed = (*marking.pieces[:-1], Piece(last.paragraph, last.start, last.end, Role.ITEM))
        found = assemble(Marking(marking.paragraphs, changed))
        assert [item.text for item in found.addressees[0].items] == [
            "Провести смотр.",
            "Обеспечение участия в слёте.",
        ]

    def test_an_item_over_which_nobody_stands_is_not_placed(self):
        paragraphs = (Paragraph("Провести смотр."),)
        found = assemble(Marking(paragraphs, (Piece(0, 0, 15, Role.ITEM),)))
        assert found.unplaced == ("Провести смотр.",)
        assert "item-without-addressee" in kinds(found)

    def test_a_number_alone_is_nobodys_heading(self):
        marking = self.marking("Школам:\n1. Провести смотр.\n2.")
        last = marking.pieces[-1]
        changed = (
            *marking.pieces[:-1],
            Piece(last.paragraph, last.start, last.end, Role.ADDRESSEE),
        )
        found = assemble(Marking(marking.paragraphs, changed))
        assert found.unplaced == ("2.",)
        assert "heading-empty" in kinds(found)

    def test_the_json_tells_lines_from_one(self):
        found = as_json(outline(HEAD + "Школам:\n1. Провести смотр.\nСрок: по готовности"))
        assert found["problems"][0]["line"] == 7
        assert found["date"] == "2022-05-05"
