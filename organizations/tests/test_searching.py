"""Search: a word is found in every form, whatever its case, with «ё» or «е», on every database."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pymorphy3 import MorphAnalyzer

from organizations.models import Organization
from organizations.searching import conditions, searchable
from organizations.tests.factories import OrganizationFactory

MORPHOLOGY = MorphAnalyzer(lang="ru")
WORDS = [
    *("школа", "ребёнок", "учитель", "педагог", "методический", "цифровой", "наставничество"),
    *("программа", "сад", "мероприятие", "объединение", "ёлочка", "конкурс", "квалификация"),
    *("общеобразовательный", "район", "интернат", "работать", "учёба"),
]
FORMS = [sorted({form.word for form in MORPHOLOGY.parse(word)[0].lexeme}) for word in WORDS]
# Two forms of one word.
PAIRS = st.sampled_from(FORMS).flatmap(lambda forms: st.tuples(*[st.sampled_from(forms)] * 2))


def disguised(word: str, capitals: list[bool], dots: list[bool]) -> str:
    """The word in some other case, some of its «ё» written as «е»."""
    signs = []
    for place, sign in enumerate(word):
        written = "е" if sign == "ё" and dots[place % len(dots)] else sign
        signs.append(written.upper() if capitals[place % len(capitals)] else written)
    return "".join(signs)


def stands_in(text: str, query: str) -> bool:
    """Ask the database, as the pages do."""
    Organization.objects.update(search=searchable(text))
    return Organization.objects.filter(*conditions(query)).exists()


FLAGS = st.lists(st.booleans(), min_size=1, max_size=6)


@pytest.fixture
def one(db):
    return OrganizationFactory()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(PAIRS, FLAGS, FLAGS, FLAGS)
@example(("школы", "школа"), [False], [False], [False])
@example(("школа", "школы"), [True], [False], [False])
@example(("детей", "ребёнок"), [False], [True], [False])
def test_any_form_of_a_word_finds_any_other(one, pair, capitals, dots, others):
    written, asked = pair
    text = f"Разное: {disguised(written, capitals, dots)}, и прочее."
    assert stands_in(text, disguised(asked, others, dots))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="абвгдеёжзийкло", min_size=3, max_size=12), FLAGS, FLAGS)
def test_words_that_no_dictionary_knows_are_found_as_written(one, word, capitals, dots):
    assert stands_in(f"«{word}»", disguised(word, capitals, dots))


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Школа № 2", "школы 2", True),
        ("Школа № 12", "школа 2", False),
        ("Школа № 2", "школа №2", True),
        ("Школа №2", "№ 2", True),
        ("Школа № 12", "№2", False),
        ("Школа № 299", "29", False),
        ("ИНН 3525012345", "3525", True),
        ("План на 2026/27 год", "2026", True),
        ("п. 2.10", "2.10", True),
        ("п. 2.10", "2.10.", True),
        ("п. 12.10", "2.10", False),
        ("Школа-интернат", "школы-интерната", True),
        ("Школа — интернат", "школой - интернатом", True),
        ("Детский сад «Ёлочка»", "сады елочки", True),
        ("Детский сад «Ёлочка»", "«ёлочка»,", True),
        ("общеобразовательные", "образовательн", True),  # a part of a word
        ("Гимназия", "школа", False),
        ("Гимназия", "-", False),
        ("Заём 100%", "100%", True),
        ("Заём 1000", "100%", False),
        ("a_b", "a_b", True),
        ("axb", "a_b", False),
        ("Мой район", "МОИ\u0306 район", True),  # «й» of two signs, as some programs save it
    ],
)
def test_what_finds_what(one, text, query, found):
    assert stands_in(text, query) is found


def test_every_word_has_to_be_found(one):
    assert stands_in("Сельская школа", "школы сельские")
    assert not stands_in("Сельская школа", "школы городские")


def test_a_query_of_blanks_and_nul_narrows_nothing(one):
    assert conditions(" \0 ") == []


def test_the_column_is_filled_whichever_way_a_row_is_stored(db):
    saved = OrganizationFactory(name="Лицей № 7", short_name="")
    Organization.objects.bulk_create([Organization(kind="SCHOOL", name="Лицей № 8")])
    assert Organization.objects.search("лицеи").count() == 2
    assert list(Organization.objects.search("лицею 7")) == [saved]
    saved.name = "Прогимназия"
    saved.save()
    assert not Organization.objects.search("лицей 7").exists()
