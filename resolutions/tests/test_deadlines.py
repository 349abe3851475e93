"""The words of a deadline and what they mean: the table «Deadlines» of the design, row by row."""

import json
from datetime import date
from pathlib import Path

import pytest

from resolutions.recognition.deadlines import (
    Deadline,
    Precision,
    Repeats,
    Rule,
    phrase_at,
    understand,
)

DOCUMENT_DATE = date(2021, 8, 26)
GOLD = Path(__file__).parents[3] / "shared" / "corpus" / "gold"
LAST_DAY = "2022-12-31"


def meaning(words: str) -> tuple[str | None, str | None, str]:
    """The start, the due day and the rule, in a form that is easy to read in a table."""
    found = understand(words, document_date=DOCUMENT_DATE)
    return (
        found.starts_on.isoformat() if found.starts_on else None,
        found.due_on.isoformat() if found.due_on else None,
        found.rule.value,
    )


TABLE_OF_THE_DESIGN = [
    # 2018 г. · 2018 год · в 2018 году · в течение 2018 года · в теч. 2018 г.
    ("2018 г.", "2018-01-01", "2018-12-31", Rule.WHOLE_PERIOD),
    ("2018 год", "2018-01-01", "2018-12-31", Rule.WHOLE_PERIOD),
    ("в 2018 году", "2018-01-01", "2018-12-31", Rule.WHOLE_PERIOD),
    ("в течение 2018 года", "2018-01-01", "2018-12-31", Rule.WHOLE_PERIOD),
    ("в теч. 2018 г.", "2018-01-01", "2018-12-31", Rule.WHOLE_PERIOD),
    # до / не позднее / к 1 сентября 2022 г. · bare
    ("до 1 сентября 2022 г.", None, "2022-09-01", Rule.DAY_INCLUSIVE),
    ("не позднее 1 сентября 2022 г.", None, "2022-09-01", Rule.DAY_INCLUSIVE),
    ("к 1 сентября 2022 г.", None, "2022-09-01", Rule.DAY_INCLUSIVE),
    ("01.09.2022", None, "2022-09-01", Rule.DAY_BARE),
    # до 2023 года · до декабря 2022 г.
    ("до 2023 года", None, LAST_DAY, Rule.DAY_BEFORE_PERIOD),
    ("до декабря 2022 г.", None, "2022-11-30", Rule.DAY_BEFORE_PERIOD),
    # не позднее / к декабрю 2022 г. · до конца / к концу 2022 года · … включительно
    ("не позднее декабря 2022 г.", None, LAST_DAY, Rule.END_OF_PERIOD),
    ("к декабрю 2022 г.", None, LAST_DAY, Rule.END_OF_PERIOD),
    ("до конца 2022 года", None, LAST_DAY, Rule.END_OF_PERIOD),
    ("к концу 2022 года", None, LAST_DAY, Rule.END_OF_PERIOD),
    ("до 2022 года включительно", None, LAST_DAY, Rule.END_OF_PERIOD),
    # с 01.09.2021 года · (начиная) с 2020 года
    ("с 01.09.2021 года", "2021-09-01", None, Rule.FROM_DAY),
    ("с 2020 года", "2020-01-01", None, Rule.FROM_PERIOD),
    ("начиная с 2020 года", "2020-01-01", None, Rule.FROM_PERIOD),
    # с 1 марта по 31 мая 2024 г. · декабрь 2020 – январь 2021 · 2018-2020 гг.
    ("с 1 марта по 31 мая 2024 г.", "2024-03-01", "2024-05-31", Rule.RANGE),
    ("декабрь 2020 – январь 2021", "2020-12-01", "2021-01-31", Rule.RANGE),
    ("2018-2020 гг.", "2018-01-01", "2020-12-31", Rule.RANGE),
    # 2021-2022 учебный год · в 2021/22 уч. году
    ("2021-2022 учебный год", "2021-09-01", "2022-08-31", Rule.SCHOOL_YEAR),
    ("в 2021/22 уч. году", "2021-09-01", "2022-08-31", Rule.SCHOOL_YEAR),
    # I / II полугодие 2019/2020 учебного года
    ("I полугодие 2019/2020 учебного года", "2019-09-01", "2019-12-31", Rule.SCHOOL_HALF_YEAR),
    ("II полугодие 2019/2020 учебного года", "2020-01-01", "2020-08-31", Rule.SCHOOL_HALF_YEAR),
    # I квартал 2022 · I полугодие 2024 · сентябрь 2022
    ("I квартал 2022", "2022-01-01", "2022-03-31", Rule.WHOLE_PERIOD),
    ("I полугодие 2024", "2024-01-01", "2024-06-30", Rule.WHOLE_PERIOD),
    ("сентябрь 2022", "2022-09-01", "2022-09-30", Rule.WHOLE_PERIOD),
    # до начала 2022/2023 учебного года
    ("до начала 2022/2023 учебного года", None, "2022-08-31", Rule.BEFORE_SCHOOL_YEAR),
    # до 25 декабря с. г. (текущего года)
    ("до 25 декабря с. г.", None, "2021-12-25", Rule.THIS_YEAR),
    ("до 25 декабря текущего года", None, "2021-12-25", Rule.THIS_YEAR),
    # the row of words without dates
    ("постоянно", None, None, Rule.REPEATED),
    ("еженедельно", None, None, Rule.REPEATED),
    ("ежемесячно", None, None, Rule.REPEATED),
    ("ежеквартально", None, None, Rule.REPEATED),
    ("раз в полугодие", None, None, Rule.REPEATED),
    ("раз в четверть", None, None, Rule.REPEATED),
    ("ежегодно до 1 июня", None, None, Rule.REPEATED),
    ("в течение года", None, None, Rule.PERIOD_WITHOUT_YEAR),
    ("весь период", None, None, Rule.PERIOD_WITHOUT_YEAR),
    ("до 1 сентября", None, None, Rule.DAY_WITHOUT_YEAR),
    ("в течение 3 дней после проведения", None, None, Rule.RELATIVE),
    # both at once; two-digit years
    ("1 июня 2022 г., далее – ежеквартально", None, "2022-06-01", Rule.DAY_BARE),
    ("до 15.09.18", None, "2018-09-15", Rule.DAY_INCLUSIVE),
]

WORDS_OF_OTHER_DOCUMENTS = [
    ("до 01 сентября 2024", None, "2024-09-01", Rule.DAY_INCLUSIVE),
    ("не позднее 3 квартала 2022 года", None, "2022-09-30", Rule.END_OF_PERIOD),
    ("во II полугодии 2023 г.", "2023-07-01", "2023-12-31", Rule.WHOLE_PERIOD),
    ("во второй половине 2023 г.", "2023-07-01", "2023-12-31", Rule.WHOLE_PERIOD),
    ("в I-II кварталах 2024", "2024-01-01", "2024-06-30", Rule.RANGE),
    ("I, II и III кварталы 2022", "2022-01-01", "2022-09-30", Rule.RANGE),
    ("с 1 квартала 2022", "2022-01-01", None, Rule.FROM_PERIOD),
    ("до II квартала 2022 г.", None, "2022-03-31", Rule.DAY_BEFORE_PERIOD),
    ("до конца текущего года", None, "2021-12-31", Rule.THIS_YEAR),
    ("25 декабря т. г.", None, "2021-12-25", Rule.THIS_YEAR),
    ("в январе следующего года", "2022-01-01", "2022-01-31", Rule.NEXT_YEAR),
    ("август–сентябрь 2021 г.", "2021-08-01", "2021-09-30", Rule.RANGE),
    ("2018, 2019 гг.", "2018-01-01", "2019-12-31", Rule.RANGE),
    ("2018 и 2019 годы", "2018-01-01", "2019-12-31", Rule.RANGE),
    ("2021-2022 гг.", "2021-01-01", "2022-12-31", Rule.RANGE),
    ("2018-20 гг.", "2018-01-01", "2020-12-31", Rule.RANGE),
    ("с 2018 по 2020 год", "2018-01-01", "2020-12-31", Rule.RANGE),
    ("с 2018 до 2020 года", "2018-01-01", "2019-12-31", Rule.RANGE),
    ("с 1 по 15 марта 2024", "2024-03-01", "2024-03-15", Rule.RANGE),
    ("в период с 1 по 15 марта 2024 г.", "2024-03-01", "2024-03-15", Rule.RANGE),
    ("1-15 марта 2024 г.", "2024-03-01", "2024-03-15", Rule.RANGE),
    ("1-15.03.2024", "2024-03-01", "2024-03-15", Rule.RANGE),
    ("01.03-15.03.2024", "2024-03-01", "2024-03-15", Rule.RANGE),
    ("с 1 сентября с. г. по 1 декабря с. г.", "2021-09-01", "2021-12-01", Rule.THIS_YEAR),
    ("не ранее 1 сентября 2022", "2022-09-01", None, Rule.FROM_DAY),
    ("до 2022/2023 уч. года", None, "2022-08-31", Rule.BEFORE_SCHOOL_YEAR),
    ("до конца 2022/2023 уч. года", None, "2023-08-31", Rule.END_OF_PERIOD),
    ("1998/1999 учебный год", "1998-09-01", "1999-08-31", Rule.SCHOOL_YEAR),
    ("1999/2000 учебный год", "1999-09-01", "2000-08-31", Rule.SCHOOL_YEAR),
    ("21/22 уч. год", "2021-09-01", "2022-08-31", Rule.SCHOOL_YEAR),
    ("на 2022 год", "2022-01-01", LAST_DAY, Rule.WHOLE_PERIOD),
    ("февраль 2024", "2024-02-01", "2024-02-29", Rule.WHOLE_PERIOD),
    # labels, brackets, punctuation, glued and look-alike letters
    ("в срок до 20.12.2023 г.", None, "2023-12-20", Rule.DAY_INCLUSIVE),
    ("Срок: до 20.12.2023 г.;", None, "2023-12-20", Rule.DAY_INCLUSIVE),
    ("(срок – до 1 мая 2022 г.)", None, "2022-05-01", Rule.DAY_INCLUSIVE),
    ("Срок исполнения: до 01.09.2021г.", None, "2021-09-01", Rule.DAY_INCLUSIVE),
    ("c 01.09.2021", "2021-09-01", None, Rule.FROM_DAY),  # a Latin letter
    ("П квартал 2022", "2022-04-01", "2022-06-30", Rule.WHOLE_PERIOD),
    ("ІV кв. 2022", "2022-10-01", LAST_DAY, Rule.WHOLE_PERIOD),
    ("Ⅱ полугодие 2022", "2022-07-01", LAST_DAY, Rule.WHOLE_PERIOD),
    ("до 1-го сентября 2022-го года", None, "2022-09-01", Rule.DAY_INCLUSIVE),
    ("2022-09-01", None, "2022-09-01", Rule.DAY_BARE),
    ("ДО 1 СЕНТЯБРЯ 2022 Г.", None, "2022-09-01", Rule.DAY_INCLUSIVE),
    ("к маю 2022", None, "2022-05-31", Rule.END_OF_PERIOD),
]

WORDS_WITHOUT_A_DATE = [
    ("в двухнедельный срок", Rule.RELATIVE),
    ("в 10-дневный срок", Rule.RELATIVE),
    ("в течение месяца", Rule.RELATIVE),
    ("в течение 3 лет", Rule.RELATIVE),
    ("не позднее чем за 10 дней до начала", Rule.RELATIVE),
    ("2 недели", Rule.RELATIVE),
    ("к началу учебного года", Rule.PERIOD_WITHOUT_YEAR),
    ("до конца учебного года", Rule.PERIOD_WITHOUT_YEAR),
    ("в течение учебного года", Rule.PERIOD_WITHOUT_YEAR),
    ("первый квартал", Rule.PERIOD_WITHOUT_YEAR),
    ("март – апрель", Rule.PERIOD_WITHOUT_YEAR),
    ("с 1 по 15 марта", Rule.PERIOD_WITHOUT_YEAR),
    ("с 1 сентября", Rule.DAY_WITHOUT_YEAR),
]

TRAPS = [
    "весна 2022",
    "в конце декабря 2022",
    "по мере необходимости",
    "31.02.2022",
    "31 февраля",
    "45.13.2020",
    "29.02.2023",
    "5 квартал 2022",
    "0 квартал 2022",
    "III полугодие 2022",
    "III полугодие 2019/2020 учебного года",
    "1 квартал 2021/2022 учебного года",
    "2021-2023 учебный год",
    "2021-2023 учебный год, 2022 год",
    "2022 учебный год",
    "2021-2022",  # calendar years, or a school year?
    "2021-2022 г.",
    "с 31 мая по 1 марта 2024",
    "с 2022 до 2022 года",
    "2020-2018 гг.",
    "с 1 сентября 2021 г. по 31 мая",
    "сентябрь – 2022 год",
    "с 1 марта по 1 апреля по 1 мая 2022 г.",
    "март – январь – май 2022",
    "январь, март 2022",
    "I и III кварталы 2022",
    "1 - март 2022",
    "до 1 июня, 1 декабря 2022",
    "до 1-15 марта 2022",
    "1 сентября 2022 г., 15 ноября 2022 г.",
    "до 1 сентября 2022 г. – проект, до 1 декабря 2022 г. – отчёт",
    "до 12.00 01.09.2022",
    "в 1 сентября 2022",
    "3 раза в год",
    "1-2 раза в год",
    "несколько раз в год",
    "Указ от 21 июля 2020 г. № 474",
    "программа на 2016-2020 гг.",
    "до 1 сентября 20222",
    "до 1 сентября 0022 года",
]

REPETITIONS = [
    ("постоянно", Repeats.CONSTANT),
    ("на постоянной основе", Repeats.CONSTANT),
    ("еженедельно", Repeats.WEEKLY),
    ("каждую неделю", Repeats.WEEKLY),
    ("ежемесячно", Repeats.MONTHLY),
    ("не реже, чем 1 раз в месяц", Repeats.MONTHLY),
    ("до 15 числа каждого месяца", Repeats.MONTHLY),
    ("ежеквартально", Repeats.QUARTERLY),
    ("раз в квартал", Repeats.QUARTERLY),
    ("не реже 1 раза в четверть", Repeats.SCHOOL_QUARTER),
    ("раз в учебную четверть", Repeats.SCHOOL_QUARTER),
    ("раз в полугодие", Repeats.HALF_YEARLY),
    ("два раза в год", Repeats.HALF_YEARLY),
    ("ежегодно", Repeats.YEARLY),
    ("1 раз в год", Repeats.YEARLY),
    ("не реже одного раза в год", Repeats.YEARLY),
    ("до 1 сентября ежегодно", Repeats.YEARLY),
    ("Ежегодно, по итогам года", Repeats.YEARLY),
]


@pytest.mark.parametrize(
    ("words", "starts_on", "due_on", "rule"),
    [pytest.param(*row, id=row[0]) for row in TABLE_OF_THE_DESIGN + WORDS_OF_OTHER_DOCUMENTS],
)
def test_words_mean(words: str, starts_on: str | None, due_on: str | None, rule: Rule) -> None:
    assert meaning(words) == (starts_on, due_on, rule)


@pytest.mark.parametrize(
    ("words", "rule"), [pytest.param(*row, id=row[0]) for row in WORDS_WITHOUT_A_DATE]
)
def test_words_are_understood_but_give_no_date(words: str, rule: Rule) -> None:
    assert meaning(words) == (None, None, rule)
    assert understand(words).understood


@pytest.mark.parametrize("words", TRAPS)
def test_a_date_that_would_be_a_guess_stays_words(words: str) -> None:
    assert understand(words, document_date=DOCUMENT_DATE) == Deadline(words)
    assert not understand(words).understood


@pytest.mark.parametrize("words", ["", "   ", "—", "Срок:", "( )", "\u00a0"])
def test_nothing_written_is_no_words(words: str) -> None:
    assert understand(words) == Deadline(words.strip(), rule=Rule.NO_WORDS)


@pytest.mark.parametrize(
    ("words", "repeats"), [pytest.param(*row, id=row[0]) for row in REPETITIONS]
)
def test_repetition_gives_a_rhythm_and_no_date(words: str, repeats: Repeats) -> None:
    found = understand(words, document_date=DOCUMENT_DATE)
    assert (found.repeats, found.rule) == (repeats, Rule.REPEATED)
    assert (found.starts_on, found.due_on, found.precision) == (None, None, Precision.NONE)


@pytest.mark.parametrize(
    ("words", "starts_on", "due_on", "repeats"),
    [
        ("1 июня 2022 г., далее – ежегодно до 10 июня", None, "2022-06-01", Repeats.YEARLY),
        ("ежегодно, начиная с 2022 года", "2022-01-01", None, Repeats.YEARLY),
        ("с 2022 года ежегодно до 1 июня", "2022-01-01", None, Repeats.YEARLY),
        ("до 1 сентября 2022 г. (постоянно)", None, "2022-09-01", Repeats.CONSTANT),
        ("ежемесячно в течение 2022 года", "2022-01-01", LAST_DAY, Repeats.MONTHLY),
        ("с 1 мая 2021 г. ежемесячно до 31 мая 2022 г.", "2021-05-01", "2022-05-31", "MONTHLY"),
        ("до 1 мая 2021 г., ежегодно, до 1 мая 2022 г.", None, None, Repeats.YEARLY),
    ],
)
def test_repetition_beside_a_date(
    words: str, starts_on: str | None, due_on: str | None, repeats: Repeats
) -> None:
    assert meaning(words)[:2] == (starts_on, due_on)
    assert understand(words).repeats == repeats


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        ("до 1 сентября 2022", Precision.DAY),
        ("до сентября 2022", Precision.MONTH),
        ("III кв. 2022", Precision.QUARTER),
        ("II полугодие 2022", Precision.HALF_YEAR),
        ("с 2022 года", Precision.YEAR),
        ("2021/2022 уч. г.", Precision.SCHOOL_YEAR),
        ("январь-март 2022", Precision.RANGE),
        ("до 1 сентября", Precision.NONE),
    ],
)
def test_precision_says_how_exact_the_words_are(words: str, precision: Precision) -> None:
    assert understand(words).precision is precision


@pytest.mark.parametrize(
    ("words", "document_date", "offered"),
    [
        ("до 1 сентября", date(2021, 8, 26), date(2021, 9, 1)),
        ("до 1 сентября", date(2021, 9, 1), date(2022, 9, 1)),
        ("1 сентября", date(2021, 12, 31), date(2022, 9, 1)),
        ("ежегодно до 1 июня", date(2021, 8, 26), date(2022, 6, 1)),
        ("до 15.09", date(2021, 8, 26), date(2021, 9, 15)),
        ("29 февраля", date(2096, 2, 29), date(2104, 2, 29)),
        ("до 1 сентября", date(9999, 12, 31), None),
        ("с 1 сентября", date(2021, 8, 26), None),  # a beginning is not due
        ("до 1 сентября", None, None),
        ("до 1 сентября 2022 г.", date(2021, 8, 26), None),
    ],
)
def test_a_day_without_year_is_offered_not_applied(
    words: str, document_date: date | None, offered: date | None
) -> None:
    assert understand(words, document_date=document_date).offered_due_on == offered


@pytest.mark.parametrize("words", ["до 25 декабря с. г.", "в текущем учебном году"])
def test_this_year_needs_the_date_of_the_document(words: str) -> None:
    assert understand(words) == Deadline(words, rule=Rule.DOCUMENT_UNDATED)


@pytest.mark.parametrize(
    ("document_date", "school_year_begins"),
    [
        (date(2021, 9, 1), date(2021, 9, 1)),
        (date(2022, 5, 31), date(2021, 9, 1)),
        (date(2022, 6, 1), None),  # the ended school year, or the coming one?
        (date(2022, 8, 31), None),
    ],
)
def test_current_school_year_is_not_guessed_in_summer(
    document_date: date, school_year_begins: date | None
) -> None:
    found = understand("в текущем учебном году", document_date=document_date)
    assert found.starts_on == school_year_begins
    assert found.rule is (Rule.THIS_YEAR if school_year_begins else Rule.PERIOD_WITHOUT_YEAR)


@pytest.mark.parametrize("document_date", [date.min, date.max])
@pytest.mark.parametrize("words", ["до текущего года", "в следующем году", "до 1 мая с. г."])
def test_ends_of_the_calendar_raise_nothing(words: str, document_date: date) -> None:
    assert understand(words, document_date=document_date).words == words


def test_phrase_inside_a_sentence_ends_where_it_ends() -> None:
    sentence = "Провести в срок до 15.09.18 мониторинг, а в III квартале 2019 г. – семинар."
    for words in ("до 15.09.18", "в III квартале 2019 г."):
        start = sentence.index(words)
        found = phrase_at(sentence, start)
        assert found is not None
        deadline, end = found
        assert (deadline.words, end) == (words, start + len(words))
        assert deadline == understand(words)
    assert phrase_at(sentence) is None
    assert phrase_at("– 2022 год") is None


def test_every_deadline_of_the_gold() -> None:
    if not GOLD.is_dir():
        pytest.skip(f"the corpus of documents is not beside the project: no {GOLD}")
    checked = 0
    for path in sorted(GOLD.glob("*.json")):
        outline = json.loads(path.read_text(encoding="utf-8"))
        day = outline["date"] and date.fromisoformat(outline["date"])
        for item in (item for block in outline["addressees"] for item in block["items"]):
            if item["deadline_text"] is None:
                continue
            found = understand(item["deadline_text"], document_date=day)
            due = [found.starts_on and str(found.starts_on), found.due_on and str(found.due_on)]
            assert due == [item["start"], item["due"]], (path.name, found)
            assert found.understood, (path.name, found)
            checked += 1
    assert checked > 0
