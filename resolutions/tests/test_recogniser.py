"""Patterns of resolutions, one by one: each document here is a few lines that show one of them."""

from datetime import date

from resolutions.recognition.assembly import assemble
from resolutions.recognition.recogniser import recognise
from resolutions.recognition.structure import Paragraph
from resolutions.tests.short_papers import HEAD, body, kinds, only_item, outline


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
