"""Patterns of resolutions, one by one: each document here is a few lines that show one of them."""

from datetime import date

from resolutions.recognition.assembly import as_json, assemble
from resolutions.recognition.recogniser import recognise
from resolutions.recognition.structure import Cell, Marking, Outline, Paragraph, Piece, Role

HEAD = "РЕЗОЛЮЦИЯ\nфорума «Школа»\n5 мая 2022 года\nУчастники рекомендуют:\n"


def outline(text: str) -> Outline:
    return assemble(recognise([Paragraph(line) for line in text.split("\n")]))


def body(text: str) -> list[tuple[str, list[tuple[str | None, str]]]]:
    """Return headings, each with the numbers and texts of its items."""
    found = outline(HEAD + text).addressees
    return [(each.heading, [(item.number, item.text) for item in each.items]) for each in found]


def only_item(text: str):
    [addressee] = outline(HEAD + text).addressees
    [item] = addressee.items
    return item


def kinds(found: Outline) -> list[str]:
    return [problem.kind for problem in found.problems]


class TestHeadings:
    def test_with_a_colon(self):
        assert body("Школам района:\n1. Провести смотр.") == [
            ("Школам района", [("1", "Провести смотр.")])
        ]

    def test_without_a_colon_before_items(self):
        assert body("Школам района\n1. Провести смотр.")[0][0] == "Школам района"

    def test_numbered_roman_and_upper_case(self):
        found = body("I. ОТДЕЛУ ОБРАЗОВАНИЯ:\n1) Провести смотр;\nII. ШКОЛАМ:\n1) Принять участие.")
        assert [heading for heading, _ in found] == ["ОТДЕЛУ ОБРАЗОВАНИЯ", "ШКОЛАМ"]

    def test_behind_a_verb(self):
        found = body(
            "Рекомендовать главам районов:\n- провести смотр;\nПросить Законодательное Собрание"
            " края:\n- принять закон."
        )
        assert [heading for heading, _ in found] == [
            "главам районов",
            "Законодательное Собрание края",
        ]

    def test_at_the_end_of_a_sentence(self):
        found = body("Для этого главам районных администраций необходимо:\n- провести анализ;")
        assert found == [("главам районных администраций", [(None, "провести анализ;")])]

    def test_at_the_end_of_the_words_that_lead_in(self):
        text = "Участники форума рекомендуют Министерству образования области:\n- открыть классы."
        assert body(text)[0][0] == "Министерству образования области"

    def test_towards_somebody(self):
        assert body("К главам регионов:\n- установить выплаты.")[0][0] == "главам регионов"

    def test_a_person_in_brackets_is_no_part_of_it(self):
        assert body("Отделу образования (Ильина О.С.):\n1. Провести смотр.")[0][0] == (
            "Отделу образования"
        )

    def test_several_bodies_in_one(self):
        [found] = outline(
            HEAD + "Отделу образования и комитету по спорту:\n1. Провести смотр."
        ).addressees
        assert found.nominative == "Отдел образования и комитет по спорту"
        assert found.collective is False

    def test_with_its_actions_in_the_same_paragraph(self):
        assert body("Школам: провести смотр; принять участие в слёте.") == [
            ("Школам", [(None, "провести смотр;"), (None, "принять участие в слёте.")])
        ]

    def test_with_the_part_of_the_paper_before_it(self):
        assert body("Раздел I. Школам\n1. Провести смотр.")[0][0] == "Школам"

    def test_an_action_is_no_addressee(self):
        [(_, items)] = body("Школам:\n1.1. Ждать.\n1.2. Вести журнал.\n1.3. Помочь.")
        assert len(items) == 3

    def test_the_same_addressee_later_is_another_entry(self):
        found = body(
            "Школам:\n1. Провести смотр.\nОтделу образования:\n1. Помочь.\nШколам:\n1. Быть."
        )
        assert [heading for heading, _ in found] == ["Школам", "Отделу образования", "Школам"]

    def test_a_bullet_with_a_dative_is_no_heading(self):
        [(_, items)] = body("Школам:\n1. Направить отчёты:\n- отделу образования;\n- методистам.")
        assert len(items) == 1

    def test_a_verdict_about_participants_is_no_heading(self):
        found = outline("РЕЗОЛЮЦИЯ форума\nУчастникам было предложено обсудить итоги.")
        assert found.addressees == ()
        assert kinds(found) == ["no-addressees"]


class TestAddresseesInSentences:
    def test_the_sentence_stays_whole(self):
        assert body("3. Рекомендовать руководителям школ усилить контроль.") == [
            (
                "руководителям школ",
                [("3", "Рекомендовать руководителям школ усилить контроль.")],
            )
        ]

    def test_it_ends_before_what_is_no_part_of_the_name(self):
        found = body("1. Управлению образования до 1 июня 2022 г. совместно с ИМЦ провести смотр.")
        assert found[0][0] == "Управлению образования"

    def test_a_person_of_a_surname_that_no_dictionary_has(self):
        [found] = outline(HEAD + "1. Рыбиной Е.А. провести мастер-класс.").addressees
        assert (found.heading, found.nominative) == ("Рыбиной Е.А.", "Рыбина Е.А.")

    def test_under_a_heading_it_belongs_to_the_heading(self):
        found = body("1. Отделу образования:\n1.1. Рекомендовать школам провести смотр.")
        assert [heading for heading, _ in found] == ["Отделу образования"]

    def test_prose_gives_each_action(self):
        found = body(
            "обратиться в Министерство просвещения с предложением внести изменения в отчётность, а"
            " также разработать профессиональный стандарт;"
        )
        assert found == [
            (
                "Министерство просвещения",
                [
                    (None, "внести изменения в отчётность,"),
                    (None, "разработать профессиональный стандарт;"),
                ],
            )
        ]

    def test_points_without_an_addressee_are_no_items(self):
        text = "РЕШИЛИ:\n1.1. Информацию принять к сведению.\n1.2. Школам провести смотр."
        [found] = outline(HEAD + text).addressees
        assert [item.number for item in found.items] == ["1.2"]

    def test_a_point_without_an_addressee_is_a_doubt(self):
        found = outline(HEAD + "1. Школам провести смотр.\n2. Создать рабочую группу.")
        assert "item-without-addressee" in kinds(found)
        assert any("рабочую группу" in line for line in found.closing)


class TestNumbers:
    def test_an_evident_slip_is_repaired_and_reported(self):
        found = outline(HEAD + "1. Школам:\n1.1. Провести смотр.\n1,2. Принять участие.")
        second = found.addressees[0].items[1]
        assert (second.number, second.source) == ("1.2", ("1,2. Принять участие.",))
        assert kinds(found) == ["number-repaired"]

    def test_behind_a_dash(self):
        [(_, items)] = body("2. Школам:\n- 2.1. Провести смотр.\n- 2.10. Принять участие.")
        assert [number for number, _ in items] == ["2.1", "2.10"]

    def test_closed_in_another_way_it_is_still_the_next_point(self):
        found = body("3. Школам:\n- провести смотр;\n4) Методисту помочь школам.")
        assert [heading for heading, _ in found] == ["Школам", "Методисту"]

    def test_without_a_dot(self):
        [(_, items)] = body("Школам\n1 провести смотр\n2 принять участие")
        assert [number for number, _ in items] == ["1", "2"]

    def test_letters(self):
        [(_, items)] = body("2. Школам:\nа) провести смотр;\nб) принять участие.")
        assert [number for number, _ in items] == ["а", "б"]

    def test_automatic_numbers_count_as_typed_ones(self):
        paragraphs = [
            Paragraph("Школам:"),
            Paragraph("Провести смотр.", number="1."),
            Paragraph("Принять участие.", number="2."),
        ]
        [found] = assemble(recognise(paragraphs)).addressees
        assert [(item.number, item.text) for item in found.items] == [
            ("1", "Провести смотр."),
            ("2", "Принять участие."),
        ]

    def test_a_number_alone_in_its_line(self):
        assert body("3.\nШколам провести смотр.")[0][1] == [("3", "Школам провести смотр.")]

    def test_the_next_point_on_the_level_of_the_heading_is_not_its_item(self):
        found = outline(HEAD + "1. Школам:\n1.1. Провести смотр.\n2. Создать рабочую группу.")
        assert [item.number for item in found.addressees[0].items] == ["1.1"]


class TestSubitems:
    def test_bullets_under_a_colon(self):
        item = only_item("Школам:\n1. Создать банк практик:\n- уроков;\n- классных часов.")
        assert item.subitems == ("уроков;", "классных часов.")

    def test_numbers_of_another_kind(self):
        item = only_item("Школам:\n1. Разработать программы:\n1) для детей;\n2) для родителей.")
        assert item.subitems == ("для детей;", "для родителей.")

    def test_bullets_of_the_same_kind_that_stand_deeper(self):
        [(_, items)] = body("Школам:\n- составить маршруты:\n  o до школы;\n- провести смотр.")
        assert len(items) == 2

    def test_lines_without_marks_that_are_no_actions(self):
        item = only_item("Школам:\nпредусмотреть меры, в том числе:\nвыплаты молодым;\nжильё.")
        assert item.subitems == ("выплаты молодым;", "жильё.")


class TestLines:
    def test_lines_of_a_typewriter_page_are_put_together(self):
        text = (
            "     Школам Лесогорского муниципального района Озёрной области:\n"
            "     1. Обновить  содержание  программ  с  учётом  интересов\n"
            "детей и потребностей рынка труда, опираясь на опыт школ\n"
            "Лесогорска и других городов области, а также на  результаты\n"
            "независимой оценки качества образования.\n"
            "     2. Провести смотр в\n"
            "Лесогорске в срок до  1\n"
            "октября 2022 года и подвести итоги на  заседании  районного\n"
            "методического совета.\n"
        )
        [found] = outline(HEAD + text).addressees
        assert len(found.items) == 2
        assert found.items[0].text.startswith(
            "Обновить содержание программ с учётом интересов детей"
        )
        assert found.items[1].deadline_text == "до 1 октября 2022 года"

    def test_words_broken_at_the_end_of_a_line_are_made_whole(self):
        text = (
            "      1. Департаменту образования Приозёр-\n"
            "ской области организовать конкурс  школь-\n"
            "ных музеев и закрыть детский дом-\n"
            "интернат не позднее 20 августа 2023 года.\n"
        )
        [found] = outline(HEAD + text).addressees
        assert found.heading == "Департаменту образования Приозёрской области"
        assert "школьных музеев" in found.items[0].text
        assert "детский дом-интернат" in found.items[0].text
        assert found.items[0].deadline_text == "не позднее 20 августа 2023 года"

    def test_a_page_number_is_nobodys_words(self):
        item = only_item("Школам:\n1. Провести\n- 2 -\nсмотр песни.")
        assert "- 2 -" in item.source
        assert "2" not in item.text

    def test_a_document_in_one_line(self):
        found = outline(
            "Решение совещания по питанию 5 мая 2022 года Участники совещания, заслушав доклады,"
            " решили: Школам: 1. Провести смотр столовых. 2. Оборудовать буфеты до 01.09.2022."
            " Отделу образования: 1. Усилить контроль. Решение принято единогласно."
        )
        assert found.date == date(2022, 5, 5)
        assert [(a.heading, len(a.items)) for a in found.addressees] == [
            ("Школам", 2),
            ("Отделу образования", 1),
        ]
        assert found.closing == ("Решение принято единогласно.",)


class TestDeadlinesAndResponsible:
    def test_lines_of_their_own(self):
        item = only_item("Школам:\n1. Провести смотр.\nСрок: 2022 г.\nОтветственный: Лось Е.В.")
        assert (item.deadline_text, item.due) == ("2022 г.", date(2022, 12, 31))
        assert item.responsible == "Лось Е.В."
        assert item.text == "Провести смотр."

    def test_a_label_and_its_words_on_the_next_line(self):
        assert only_item("Школам:\n1. Провести смотр.\nСрок:\n2022 г.").due == date(2022, 12, 31)

    def test_behind_the_full_stop(self):
        item = only_item("1. Школам провести смотр. Отв. – Лось Е.В., срок – 30.09.2022.")
        assert (item.text, item.responsible) == ("Школам провести смотр.", "Лось Е.В.")
        assert item.due == date(2022, 9, 30)

    def test_in_brackets_with_the_responsible(self):
        item = only_item("1. Школам провести смотр (отв.: Лось Е.В., срок: до 10.09.2022).")
        assert (item.text, item.responsible) == ("Школам провести смотр", "Лось Е.В.")
        assert item.due == date(2022, 9, 10)

    def test_one_bracket_among_other_sentences_stays_in_its_sentence(self):
        [(_, items)] = body("Школам:\n1. Провести смотр (до 10.09.2022).\n2. Ждать.\n3. Помочь.")
        assert items[0][1] == "Провести смотр (до 10.09.2022)."

    def test_over_the_items(self):
        found = outline(
            HEAD + "Школам:\nДо 1 июня 2023 года:\n1. Ждать.\n2. Помочь.\nВ 2024 году:\n3. Быть."
        )
        items = found.addressees[0].items
        assert [item.due for item in items] == [
            date(2023, 6, 1),
            date(2023, 6, 1),
            date(2024, 12, 31),
        ]
        assert "До 1 июня 2023 года:" in items[0].source
        assert "До 1 июня 2023 года:" not in items[1].source

    def test_for_the_items_it_names(self):
        text = "Школам:\n1. Ждать.\n2. Помочь.\n3. Быть.\nСрок исполнения пунктов 2, 3: 2023 год"
        items = outline(HEAD + text).addressees[0].items
        assert [item.deadline_text for item in items] == [None, "2023 год", "2023 год"]

    def test_the_responsible_for_the_items_it_names(self):
        text = "Школам:\n1. Ждать.\n2. Помочь.\nОтветственный по пунктам 1-2: Лось Е.В."
        items = outline(HEAD + text).addressees[0].items
        assert [item.responsible for item in items] == ["Лось Е.В.", "Лось Е.В."]

    def test_with_a_capital_and_over_actions_it_is_a_subhead(self):
        text = "Школам\nпровести смотр;\nДо 1 декабря 2022 года\nсоставить отчёт;"
        items = outline(HEAD + text).addressees[0].items
        assert [item.deadline_text for item in items] == [None, "До 1 декабря 2022 года"]

    def test_in_the_sentence(self):
        item = only_item("Школам:\n1. Провести не позднее декабря 2022 года смотр песни.")
        assert (item.deadline_text, item.due) == (
            "не позднее декабря 2022 года",
            date(2022, 12, 31),
        )

    def test_dates_in_names_are_none(self):
        for words in (
            "Реализовать программу «Школа на 2022-2026 годы».",
            "Учесть расходы при формировании бюджета на 2023 год.",
            "Исполнить Указ Президента от 7 мая 2018 года № 204.",
            "Учесть положения плана развития района до 2030 года.",
            "Учесть итоги 2021-2022 учебного года.",
            "Составить прогноз кадров на период до 2030 года.",
        ):
            assert only_item(f"Школам:\n1. {words}").deadline_text is None, words

    def test_a_day_of_the_past_is_none(self):
        item = only_item("Школам:\n1. Учесть результаты апробации в 2017 году.")
        assert item.deadline_text is None

    def test_a_rhythm(self):
        assert only_item("Школам:\n1. Ежеквартально проводить смотр.").deadline_text == (
            "Ежеквартально"
        )

    def test_days_after_an_event_are_kept_as_words(self):
        item = only_item("1. Школам разместить итоги в течение 3 дней после проведения слёта.")
        assert item.deadline_text == "в течение 3 дней после проведения слёта"
        assert (item.start, item.due) == (None, None)

    def test_two_deadlines_are_a_doubt(self):
        found = outline(
            HEAD + "Школам:\n1. Провести до 1 июня 2022 г. смотр и до 1 мая 2023 г. слёт."
        )
        assert kinds(found) == ["several-deadlines"]

    def test_words_that_are_not_understood_are_a_doubt(self):
        found = outline(HEAD + "Школам:\n1. Провести смотр.\nСрок: по готовности")
        assert kinds(found) == ["deadline-not-understood"]
        assert found.addressees[0].items[0].deadline_text == "по готовности"


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
