from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.models import Organization
from resolutions.importing import OutlineError, export_outline, import_outline
from resolutions.models import Recommendation, Resolution
from resolutions.recognition.deadlines import Repeats


def outline(**changes):
    return {
        "title": "Резолюция семинара",
        "date": "2021-08-26",
        "event_kind": "семинар",
        "preamble": ["Участники семинара отметили.", "Участники семинара рекомендуют:"],
        "addressees": [
            {
                "heading": "Школам округа",
                "nominative": "Школы округа",
                "collective": True,
                "source": ["2. Школам округа:"],
                "items": [item(number="2.1"), item(number="2.2", subitems=["первое;", "второе."])],
            }
        ],
        "closing": ["Контроль возложить на оргкомитет."],
        "unplaced": [],
        "problems": [],
    } | changes


def item(**changes):
    return {
        "number": None,
        "text": "Провести педагогический совет.",
        "subitems": [],
        "theme": None,
        "deadline_text": None,
        "start": None,
        "due": None,
        "responsible": None,
    } | changes


def with_item(**changes):
    return outline(addressees=[{"heading": "Школам", "items": [item(**changes)]}])


@pytest.fixture
def department(db):
    return Organization.objects.create(
        kind=Organization.Kind.DEPARTMENT, name="Департамент образования"
    )


def test_an_outline_becomes_a_draft_in_its_own_order(department):
    resolution = import_outline(outline(), issuer=department, slug="seminar", place="г. Вологда")

    assert resolution.is_draft
    assert resolution.slug == "seminar"
    assert resolution.place == "г. Вологда"
    assert resolution.event_date == date(2021, 8, 26)
    assert resolution.preamble == "Участники семинара отметили.\n\nУчастники семинара рекомендуют:"
    section = resolution.sections.get()
    assert (section.printed_number, section.collective) == ("2", True)
    first, second = section.recommendations.all()
    assert (first.printed_number, first.position) == ("2.1", 1)
    assert second.subitems == ["первое;", "второе."]


def test_the_words_of_a_deadline_are_understood_by_the_day_of_the_document(department):
    words = item(deadline_text="до 25 декабря с. г.")
    del words["start"], words["due"]
    addressees = [{"heading": "Школам", "items": [words]}]

    import_outline(outline(addressees=addressees), issuer=department)

    stored = Recommendation.objects.get()
    assert stored.due_on == date(2021, 12, 25)
    assert stored.deadline_set_by == Recommendation.DeadlineSetBy.WORDS


def test_dates_that_the_words_do_not_mean_stay_and_are_a_persons(department):
    import_outline(with_item(deadline_text="к юбилею школы", due="2022-03-01"), issuer=department)

    stored = Recommendation.objects.get()
    assert stored.due_on == date(2022, 3, 1)
    assert stored.deadline_set_by == Recommendation.DeadlineSetBy.PERSON


def test_a_repetition_in_the_words_is_stored(department):
    import_outline(with_item(deadline_text="ежеквартально"), issuer=department)

    assert Recommendation.objects.get().repeats == Repeats.QUARTERLY


@pytest.mark.parametrize(
    ("source", "number"),
    [
        (["1. Школам:"], "1"),
        (["II. Школам:"], "II"),
        (["- 2.1) Школам"], "2.1"),
        (["Школам:"], ""),
        (["3. Рекомендовать Школам усилить работу."], ""),
        ([], ""),
    ],
)
def test_a_section_has_the_number_printed_directly_before_its_heading(department, source, number):
    resolution = import_outline(
        outline(addressees=[{"heading": "Школам", "source": source, "items": []}]),
        issuer=department,
    )

    assert resolution.sections.get().printed_number == number


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ([], "outline"),
        (outline(title=""), "title"),
        (outline(title="а" * 1001), "title"),
        (outline(title=["Резолюция"]), "title"),
        (outline(title="Резо\0люция"), "title"),
        (outline(title="\ud83d"), "title"),
        (outline(date="26.08.2021"), "date"),
        (outline(date="20210826"), "date"),
        (outline(preamble="Одной строкой"), "preamble"),
        (outline(preamble=[1]), "preamble[0]"),
        (outline(addressees=["Школам"]), "addressees[0]"),
        (outline(addressees=[{"heading": " ", "items": []}]), "addressees[0].heading"),
        (
            outline(addressees=[{"heading": "Школам", "collective": "да"}]),
            "addressees[0].collective",
        ),
        (with_item(text=""), "addressees[0].items[0].text"),
        (with_item(number="1" * 21), "addressees[0].items[0].number"),
        (with_item(subitems=[None]), "addressees[0].items[0].subitems[0]"),
        (with_item(start="2022-02-30"), "addressees[0].items[0].start"),
        (with_item(start="2022-02-02", due="2022-02-01"), "addressees[0].items[0].due"),
    ],
)
def test_a_bad_outline_is_refused_with_the_place_and_nothing_is_stored(department, bad, place):
    with pytest.raises(OutlineError) as refused:
        import_outline(bad, issuer=department)

    assert refused.value.place == place
    assert place in str(refused.value)
    assert not Resolution.objects.exists()


def test_a_typed_draft_is_exported_without_sources(draft):
    exported = export_outline(draft)

    assert exported["date"] == "2026-08-25"
    assert exported["preamble"] == ["Участники конференции рекомендуют:"]
    first, second = exported["addressees"]
    assert "source" not in first
    assert [each["number"] for each in first["items"]] == ["1", "2"]
    assert first["items"][0]["due"] == "2026-10-01"
    assert second["heading"] == "Управлению образования Озёрного района"


def test_an_event_without_a_day_is_exported_with_the_day_of_the_document(draft):
    draft.event_date, draft.document_date = None, date(2026, 9, 1)

    assert export_outline(draft)["date"] == "2026-09-01"


def test_the_export_costs_the_same_for_more_sections(draft, queries_of):
    few = queries_of(lambda: export_outline(draft))
    for position in range(3, 12):
        section = draft.sections.create(heading=f"Адресату {position}", position=position)
        section.recommendations.create(text="Ещё одно.", position=1)

    assert queries_of(lambda: export_outline(draft)) == few


words = st.text("абвгдеёжзАБВ «»№-–.:;,()123\u00a0", min_size=1, max_size=30).map(str.strip)
texts = words.filter(bool)
short = st.none() | texts
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@st.composite
def items(draw):
    start, due = draw(st.tuples(st.none() | days, st.none() | days))
    if start and due and due < start:
        start, due = due, start
    source = draw(st.lists(texts, max_size=2))
    return item(
        number=draw(st.sampled_from([None, "1", "1.10", "а", "IV"])),
        text=draw(texts),
        subitems=draw(st.lists(texts, max_size=2)),
        theme=draw(short),
        deadline_text=draw(short | st.sampled_from(["до 1 сентября 2022 г.", "постоянно"])),
        start=start and start.isoformat(),
        due=due and due.isoformat(),
        responsible=draw(short),
        **({"source": source} if source else {}),
    )


@st.composite
def addressees(draw):
    source = draw(st.lists(texts, max_size=2))
    return {
        "heading": draw(texts),
        "nominative": draw(words),
        "collective": draw(st.booleans()),
        **({"source": source} if source else {}),
        "items": draw(st.lists(items(), max_size=3)),
    }


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.fixed_dictionaries(
        {
            "title": texts,
            "date": st.none() | days.map(date.isoformat),
            "event_kind": short,
            "preamble": st.lists(texts, max_size=3),
            "addressees": st.lists(addressees(), max_size=3),
            "closing": st.lists(texts, max_size=2),
            "unplaced": st.just([]),
            "problems": st.just([]),
        }
    )
)
def test_what_is_imported_comes_back_equal(department, generated):
    resolution = import_outline(generated, issuer=department)

    stored = Resolution.objects.get(pk=resolution.pk)
    assert export_outline(stored) == generated
