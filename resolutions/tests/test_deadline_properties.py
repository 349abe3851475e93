"""What holds for every deadline: no text breaks it, and no spelling changes its dates."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from resolutions.recognition.deadlines import Precision, phrase_at, understand

Forms = tuple[str, str, str, str]  # nominative, genitive, dative, prepositional («в …»)
Period = tuple[Forms, date, date]

MONTHS = [
    ("январь", "января", "январю", "январе", "янв."),
    ("февраль", "февраля", "февралю", "феврале", "февр."),
    ("март", "марта", "марту", "марте", "мар."),
    ("апрель", "апреля", "апрелю", "апреле", "апр."),
    ("май", "мая", "маю", "мае", "май"),
    ("июнь", "июня", "июню", "июне", "июн."),
    ("июль", "июля", "июлю", "июле", "июл."),
    ("август", "августа", "августу", "августе", "авг."),
    ("сентябрь", "сентября", "сентябрю", "сентябре", "сент."),
    ("октябрь", "октября", "октябрю", "октябре", "окт."),
    ("ноябрь", "ноября", "ноябрю", "ноябре", "нояб."),
    ("декабрь", "декабря", "декабрю", "декабре", "дек."),
]
ROMAN = {1: ("1", "I", "І", "1-й"), 2: ("2", "II", "П", "ІІ"), 3: ("3", "III", "Ш", "3-й")}
ROMAN[4] = ("4", "IV", "ІV", "4-й")
VOCABULARY = (
    "до с по к в во не позднее начиная конца начала включительно течение весь период срок 1 2 31"
    " 15 29 2021 2022 22 01.09.2022 31.02.21 01.09 I П IV сентября май февраля янв. квартал кв."
    " полугодие учебный уч. год года г. гг. г.г. с. г. текущего следующего раз в неделю каждый"
    " ежегодно постоянно далее – - / , . : ; ( ) дней после недели — двухнедельный"
)

years = st.integers(2001, 2098)
dates = st.dates(date(2001, 1, 1), date(2098, 12, 31))
texts = st.text() | st.lists(st.sampled_from(VOCABULARY.split())).map(" ".join)


def year_words(year: int) -> st.SearchStrategy[str]:
    """The year as it follows a month or a part: with its word or without, glued, of two digits."""
    full = st.sampled_from([f"{year}", f"{year} г.", f"{year}г.", f"{year} года", f"{year}г"])
    return full | st.sampled_from([f"{year % 100:02} г.", f"{year % 100:02}г."])


@st.composite
def day_words(draw: st.DrawFn) -> tuple[str, date]:
    day = draw(dates)
    numeric = (f"{day:%d.%m.%Y}", f"{day:%d.%m.%y}", f"{day.day}.{day.month}.{day.year}")
    spelled = f"{draw(st.sampled_from([f'{day.day}', f'{day:%d}', f'{day.day}-го']))} "
    spelled += draw(st.sampled_from([MONTHS[day.month - 1][1], MONTHS[day.month - 1][4]]))
    words = draw(st.sampled_from(numeric) | year_words(day.year).map(lambda y: f"{spelled} {y}"))
    return words, day


@st.composite
def months(draw: st.DrawFn) -> Period:
    year, month = draw(years), draw(st.integers(1, 12))
    written, forms = draw(year_words(year)), MONTHS[month - 1]
    if draw(st.booleans()) and month != 5:
        forms = (forms[4],) * 5
    nominative, genitive, dative, prepositional = (f"{form} {written}" for form in forms[:4])
    last = date(year, month, monthrange(year, month)[1])
    return (nominative, genitive, dative, prepositional), date(year, month, 1), last


@st.composite
def parts(draw: st.DrawFn) -> Period:
    """Quarters and half-years."""
    year, length = draw(years), draw(st.sampled_from([3, 6]))
    number = draw(st.integers(1, 12 // length))
    names = {
        3: [("квартал", "квартала", "кварталу", "квартале"), ("кв.",) * 4],
        6: [("полугодие", "полугодия", "полугодию", "полугодии"), ("полуг.",) * 4],
    }
    numeral, written = draw(st.sampled_from(ROMAN[number])), draw(year_words(year))
    forms = draw(st.sampled_from(names[length]))
    nominative, genitive, dative, prepositional = (f"{numeral} {f} {written}" for f in forms)
    last_month = number * length
    last = date(year, last_month, monthrange(year, last_month)[1])
    first = date(year, last_month - length + 1, 1)
    return (nominative, genitive, dative, prepositional), first, last


@st.composite
def calendar_years(draw: st.DrawFn) -> Period:
    year = draw(years)
    forms = [("год", "года", "году", "году"), ("г.",) * 4]
    nominative, genitive, dative, prepositional = draw(st.sampled_from(forms))
    space = draw(st.sampled_from([" ", ""]))
    written = [f"{year}{space}{f}" for f in (nominative, genitive, dative, prepositional)]
    return (written[0], written[1], written[2], written[3]), date(year, 1, 1), date(year, 12, 31)


@st.composite
def school_years(draw: st.DrawFn) -> Period:
    year = draw(years)
    second = draw(st.sampled_from([f"{year + 1}", f"{(year + 1) % 100:02}"]))
    sign = draw(st.sampled_from(["-", "–", "/", " - ", " – ", "—"]))
    forms = [
        ("учебный год", "учебного года", "учебному году", "учебном году"),
        ("уч. год", "уч. года", "уч. году", "уч. году"),
        ("уч.г.",) * 4,
        ("уч. г.",) * 4,
    ]
    written = [f"{year}{sign}{second} {form}" for form in draw(st.sampled_from(forms))]
    first, last = date(year, 9, 1), date(year + 1, 8, 31)
    return (written[0], written[1], written[2], written[3]), first, last


periods = months() | parts() | calendar_years() | school_years()


@st.composite
def spelled(draw: st.DrawFn, words: str) -> str:
    """The same words as another hand types them: case, spaces, labels, end of the line."""
    changes: list[Callable[[str], str]] = [str.strip, str.upper, str.capitalize]
    change = draw(st.sampled_from(changes))
    space = draw(st.sampled_from([" ", "\u00a0", "  ", "\u202f", " \n"]))
    before = draw(st.sampled_from(["", "Срок: ", "срок – ", "(", "в срок ", "Срок исполнения: "]))
    behind = draw(st.sampled_from(["", ".", ";", ")", " ", ","]))
    return before + change(words).replace(" ", space) + behind


@given(texts, st.none() | st.dates())
@example("ͺ", None)  # becomes a space and a mark when it is composed
@example("до с. г.", date.min)
@example("9" * 5000 + " мая 2022", None)
def test_no_text_breaks_it_and_its_words_are_kept(text: str, day: date | None) -> None:
    found = understand(text, document_date=day)
    assert found.words == text.strip()
    assert found.dated == (found.precision is not Precision.NONE)
    assert not (found.dated and found.offered_due_on)
    if found.starts_on and found.due_on:
        assert found.starts_on <= found.due_on
    if found.offered_due_on:
        assert day is not None
        assert found.offered_due_on > day


@given(texts, st.integers(0, 20))
def test_a_phrase_lies_inside_its_text(text: str, start: int) -> None:
    found = phrase_at(text, start)
    if found is not None:
        deadline, end = found
        assert start < end <= len(text)
        assert deadline.words == text[start:end].strip()


@given(day_words(), st.data())
def test_a_day_and_its_preposition(named: tuple[str, date], data: st.DataObject) -> None:
    words, day = named
    due = data.draw(st.sampled_from(["", "до ", "к ", "не позднее ", "не позже ", "по "]))
    found = understand(data.draw(spelled(f"{due}{words}")))
    assert (found.starts_on, found.due_on, found.precision) == (None, day, Precision.DAY)
    begins = data.draw(st.sampled_from(["с ", "начиная с ", "не ранее "]))
    found = understand(data.draw(spelled(f"{begins}{words}")))
    assert (found.starts_on, found.due_on) == (day, None)


@given(periods, st.data())
def test_a_period_and_its_preposition(period: Period, data: st.DataObject) -> None:
    (nominative, genitive, dative, prepositional), first, last = period
    before = first - timedelta(days=1)
    expected = {
        nominative: (first, last),
        f"в {prepositional}": (first, last),
        f"в течение {genitive}": (first, last),
        f"в теч. {genitive}": (first, last),
        f"до {genitive}": (None, before),
        f"до начала {genitive}": (None, before),
        f"к началу {genitive}": (None, before),
        f"до {genitive} включительно": (None, last),
        f"до конца {genitive}": (None, last),
        f"к концу {genitive}": (None, last),
        f"не позднее {genitive}": (None, last),
        f"к {dative}": (None, last),
        f"с {genitive}": (first, None),
        f"начиная с {genitive}": (first, None),
    }
    words = data.draw(st.sampled_from(list(expected)))
    found = understand(data.draw(spelled(words)))
    assert (found.starts_on, found.due_on) == expected[words]


@given(day_words(), day_words(), st.data())
def test_a_range_of_days(
    one: tuple[str, date], other: tuple[str, date], data: st.DataObject
) -> None:
    (first_words, first), (last_words, last) = one, other
    joined = data.draw(
        st.sampled_from([f"с {first_words} по {last_words}", f"{first_words} – {last_words}"])
    )
    found = understand(data.draw(spelled(joined)))
    if last < first:
        assert not found.understood
    else:
        assert (found.starts_on, found.due_on) == (first, last)
        assert found.precision is Precision.RANGE


@given(periods, st.data())
def test_spelling_never_changes_the_meaning(period: Period, data: st.DataObject) -> None:
    words = f"до {period[0][1]}"
    other = data.draw(spelled(words))
    assert replace(understand(other), words=words) == understand(words)


@given(st.integers(1, 12), st.integers(32, 99), years)
def test_an_impossible_day_is_not_understood(month: int, day: int, year: int) -> None:
    for words in (f"{day:02}.{month:02}.{year}", f"до {day} {MONTHS[month - 1][1]} {year} г."):
        assert not understand(words).understood
