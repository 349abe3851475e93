"""Olga enters a resolution by forms: add, edit, move, split, remove; nothing typed is lost."""

import re
from datetime import date

import pytest
from django.urls import reverse

from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation, Resolution, Section


def editor_url(name, resolution, *args):
    return reverse(f"resolutions:{name}", args=[resolution.slug, *args])


def head_fields(resolution, **changes):
    return {
        "title": resolution.title,
        "issuer": resolution.issuer_id,
        "event_kind": resolution.event_kind,
        "event_date": "25.08.2026",
        "version": resolution.version,
        **changes,
    }


def recommendation_fields(each, **changes):
    return {
        "printed_number": each.printed_number,
        "text": each.text,
        "deadline_text": each.deadline_text,
        "deadline_set_by": each.deadline_set_by,
        "repeats": each.repeats,
        "section": each.section_id,
        "version": each.section.resolution.version,
        **changes,
    }


@pytest.fixture
def first(draft) -> Recommendation:
    return Recommendation.objects.get(
        section__resolution=draft, printed_number="1", section__position=1
    )


def test_olga_enters_a_small_resolution_from_nothing(region, olga, signed_in):
    client = signed_in(olga)
    client.post(
        reverse("resolutions:resolution_create"),
        {"title": "Резолюция семинара", "issuer": region.department.pk, "event_date": "29.11.2025"},
    )
    resolution = Resolution.objects.get()
    assert (resolution.event_date, resolution.status) == (date(2025, 11, 29), "DRAFT")
    response = client.post(
        editor_url("section_create", resolution),
        {
            "heading": "Общеобразовательным организациям",
            "organizations": [region.school_1.pk, region.school_2.pk],
            "version": 1,
            "add_recommendation": "1",
        },
    )
    section = Section.objects.get()
    assert response.url == editor_url("recommendation_create", resolution, section.pk)
    client.post(
        response.url,
        {
            "printed_number": "1",
            "text": "Продолжить работу.",
            "subitems": "первое;\n\n второе.",
            "deadline_text": "в течение 2026 года",
            "deadline_set_by": "WORDS",
            "repeats": "NONE",
            "section": section.pk,
        },
    )
    each = Recommendation.objects.get()
    assert (each.starts_on, each.due_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert each.subitems == ["первое;", "второе."]
    assert set(section.organizations.all()) == {region.school_1, region.school_2}


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("resolution_update", {"title": ""}, "title"),
        ("section_create", {"heading": ""}, "heading"),
    ],
)
def test_an_empty_title_or_heading_is_refused_and_the_rest_stays(
    draft, olga, signed_in, name, fields, field
):
    data = {**head_fields(draft, place="г. Вологда"), "nominative": "Школы", **fields}
    response = signed_in(olga).post(editor_url(name, draft), data)
    form = response.context["opened"].form
    assert field in form.errors
    assert {"г. Вологда", "Школы"} & {value for _name, value in form.data.items()}
    draft.refresh_from_db()
    assert (draft.title, draft.version, draft.sections.count()) == (
        "Резолюция областной конференции",
        1,
        2,
    )


def test_a_recommendation_without_text_is_refused(draft, first, olga, signed_in):
    response = signed_in(olga).post(
        editor_url("recommendation_update", draft, first.pk),
        recommendation_fields(first, text="  ", responsible="Иванова А. П."),
    )
    assert "text" in response.context["opened"].form.errors
    assert "Иванова А. П." in response.content.decode()


def test_a_due_date_before_the_start_is_refused_with_what_was_typed(draft, first, olga, signed_in):
    response = signed_in(olga).post(
        editor_url("recommendation_update", draft, first.pk),
        recommendation_fields(
            first, deadline_set_by="PERSON", starts_on="02.10.2026", due_on="01.10.2026"
        ),
    )
    assert "due_on" in response.context["opened"].form.errors
    assert "02.10.2026" in response.content.decode()
    first.refresh_from_db()
    assert first.due_on == date(2026, 10, 1)
    assert first.starts_on is None


def test_a_person_overrules_the_words_and_it_is_recorded(draft, first, olga, signed_in):
    url = editor_url("recommendation_update", draft, first.pk)
    client = signed_in(olga)
    client.post(url, recommendation_fields(first, deadline_set_by="PERSON", due_on="15.10.2026"))
    first.refresh_from_db()
    assert (first.due_on, first.deadline_set_by) == (date(2026, 10, 15), "PERSON")
    assert first.deadline_text == "до 1 октября 2026 г."
    draft.refresh_from_db()
    first.section.resolution.refresh_from_db()
    client.post(url, recommendation_fields(first, deadline_set_by="WORDS", version=draft.version))
    first.refresh_from_db()
    assert (first.due_on, first.deadline_set_by) == (date(2026, 10, 1), "WORDS")


def test_words_that_repeat_are_recorded_and_a_person_may_say_otherwise(
    draft, first, olga, signed_in
):
    url = editor_url("recommendation_update", draft, first.pk)
    client = signed_in(olga)
    client.post(url, recommendation_fields(first, deadline_text="ежеквартально"))
    first.refresh_from_db()
    assert (first.repeats, first.due_on) == ("QUARTERLY", None)
    draft.refresh_from_db()
    client.post(
        url,
        recommendation_fields(
            first, deadline_text="ежеквартально", repeats="NONE", version=draft.version
        ),
    )
    first.refresh_from_db()
    assert first.repeats == "NONE"


def test_a_choice_of_repetition_outlives_later_saves_and_leaves_with_its_words(
    draft, first, olga, signed_in
):
    client = signed_in(olga)
    url = editor_url("recommendation_update", draft, first.pk)

    def save(**changes):
        first.section.resolution.refresh_from_db()
        client.post(url, recommendation_fields(first, **changes))
        first.refresh_from_db()
        return first.repeats

    assert save(deadline_text="ежемесячно") == "MONTHLY"
    assert save(repeats="NONE") == "NONE"
    assert save(responsible="Иванова А. П.") == "NONE"
    assert save(deadline_text="ежеквартально") == "QUARTERLY"
    assert save(deadline_text="до 1 июня 2026 г.") == "NONE"


def test_a_recommendation_sent_twice_is_added_once(draft, first, olga, signed_in):
    client = signed_in(olga)
    url = editor_url("recommendation_create", draft, first.section_id)
    data = recommendation_fields(first, printed_number="3", text="Новая.\r\nВ две строки.")
    client.post(url, data)
    client.post(url, data)
    assert Recommendation.objects.filter(printed_number="3").count() == 1


def test_a_folded_date_that_makes_no_sense_does_not_matter_to_the_words(
    draft, first, olga, signed_in
):
    signed_in(olga).post(
        editor_url("recommendation_update", draft, first.pk),
        recommendation_fields(first, due_on="вчера", text="Сохранено."),
    )
    first.refresh_from_db()
    assert (first.text, first.due_on) == ("Сохранено.", date(2026, 10, 1))


def test_a_school_that_issued_a_draft_stays_its_issuer(draft, olga, region, signed_in):
    Resolution.objects.filter(pk=draft.pk).update(issuer=region.school_1)
    signed_in(olga).post(
        editor_url("resolution_update", draft), head_fields(draft, issuer=region.school_1.pk)
    )
    draft.refresh_from_db()
    assert (draft.issuer, draft.version) == (region.school_1, 2)


def test_words_of_this_year_follow_the_document_when_its_date_is_corrected(
    draft, first, olga, signed_in
):
    Recommendation.objects.filter(pk=first.pk).update(deadline_text="до 25 декабря с. г.")
    signed_in(olga).post(
        editor_url("resolution_update", draft), head_fields(draft, event_date="25.08.2024")
    )
    first.refresh_from_db()
    assert first.due_on == date(2024, 12, 25)


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(
    draft, first, olga, region, signed_in
):
    data = recommendation_fields(first)
    url = editor_url("recommendation_update", draft, first.pk)
    signed_in(olga).post(url, {**data, "text": "Первая правка."})
    response = signed_in(olga).post(url, {**data, "text": "Вторая правка."})
    page = response.content.decode()
    assert response.context["opened"].changed_meanwhile
    assert "Вторая правка." in page  # what the second typed is in the form
    first.refresh_from_db()
    assert first.text == "Первая правка."
    # A second press keeps the second one knowingly: the page carries the version it showed.
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    signed_in(olga).post(url, {**data, "text": "Вторая правка.", "version": version})
    first.refresh_from_db()
    assert first.text == "Вторая правка."


def test_a_text_typed_into_a_removed_recommendation_is_offered_as_a_new_one(
    draft, first, olga, signed_in
):
    data = recommendation_fields(first, text="Долго набирали этот текст.")
    key = first.pk
    first.delete()
    response = signed_in(olga).post(editor_url("recommendation_update", draft, key), data)
    assert "Долго набирали этот текст." in response.content.decode()
    action = response.context["opened"].action
    signed_in(olga).post(action, data)
    assert Recommendation.objects.filter(text="Долго набирали этот текст.").count() == 1


def test_a_draft_sent_meanwhile_takes_no_edit_and_shows_the_text(draft, first, olga, signed_in):
    Resolution.objects.filter(pk=draft.pk).update(status="ON_CONTROL", sent_at=draft.created_at)
    client = signed_in(olga)
    url = editor_url("recommendation_update", draft, first.pk)
    response = client.post(url, recommendation_fields(first, text="Набрано, пока направляли."))
    assert response.context["opened"].changed_meanwhile
    assert "Набрано, пока направляли." in response.content.decode()
    first.refresh_from_db()
    assert first.text == "Разработать программу наставничества."
    assert client.get(url).status_code == 403


def order_of(resolution):
    return list(
        Recommendation.objects.filter(section__resolution=resolution)
        .order_by("section__position", "position")
        .values_list("text", flat=True)
    )


def test_recommendations_move_within_and_between_sections(draft, first, olga, signed_in):
    client = signed_in(olga)
    url = editor_url("recommendation_move", draft, first.pk)

    def move(direction):
        draft.refresh_from_db()
        client.post(url, {"direction": direction, "version": draft.version})
        return order_of(draft)

    one, two, three = order_of(draft)
    assert move("down") == [two, one, three]
    assert move("down") == [two, one, three]  # now the first of the next section
    first.refresh_from_db()
    assert first.section.position == 2
    assert move("up") == [two, one, three]
    first.refresh_from_db()
    assert first.section.position == 1
    assert move("up") == [one, two, three]
    assert move("up") == [one, two, three]  # nowhere to go


def test_sections_move_and_a_stale_press_moves_nothing(draft, olga, signed_in):
    client = signed_in(olga)
    last = draft.sections.last()
    url = editor_url("section_move", draft, last.pk)
    client.post(url, {"direction": "up", "version": 1})
    assert draft.sections.first() == last
    client.post(url, {"direction": "up", "version": 1})
    client.post(url, {"direction": "down", "version": "nonsense"})
    assert draft.sections.first() == last


def test_a_text_is_split_where_an_empty_line_stands(draft, first, olga, region, signed_in):
    first.organizations.add(region.school_1)
    signed_in(olga).post(
        editor_url("recommendation_update", draft, first.pk),
        recommendation_fields(
            first,
            text="Первое.\n\nВторое.\n \nТретье.",
            organizations=[region.school_1.pk],
            split="1",
        ),
    )
    assert order_of(draft)[:4] == ["Первое.", "Второе.", "Третье.", "Вести работу с родителями."]
    second = Recommendation.objects.get(text="Второе.")
    assert second.due_on == date(2026, 10, 1)
    assert list(second.organizations.all()) == [region.school_1]


def test_split_without_an_empty_line_says_what_to_do(draft, first, olga, signed_in):
    response = signed_in(olga).post(
        editor_url("recommendation_update", draft, first.pk),
        recommendation_fields(first, split="1"),
    )
    assert "text" in response.context["opened"].form.errors
    assert len(order_of(draft)) == 3


def test_removing_asks_first_and_then_removes(draft, first, olga, signed_in):
    client = signed_in(olga)
    url = editor_url("recommendation_delete", draft, first.pk)
    client.get(url)
    assert len(order_of(draft)) == 3
    client.post(url, {"version": draft.version})
    assert len(order_of(draft)) == 2
    draft.refresh_from_db()
    section = draft.sections.first()
    client.post(editor_url("section_delete", draft, section.pk), {"version": draft.version})
    assert len(order_of(draft)) == 1


def test_a_draft_is_deleted_and_a_sent_resolution_never(draft, olga, signed_in):
    url = editor_url("resolution_delete", draft)
    signed_in(olga).post(url, {"version": 0})
    assert Resolution.objects.exists()
    signed_in(olga).post(url, {"version": draft.version})
    assert not Resolution.objects.exists()


def test_the_number_that_follows_is_offered(draft, first, olga, signed_in):
    first.section.recommendations.filter(printed_number="2").update(printed_number="1.9")
    response = signed_in(olga).get(editor_url("recommendation_create", draft, first.section_id))
    assert response.context["opened"].form.initial["printed_number"] == "1.10"


def test_what_was_typed_survives_an_expired_session(draft, first, olga, client):
    url = editor_url("recommendation_update", draft, first.pk)
    data = recommendation_fields(first, text="Набрано за час.")
    page = client.post(url, data)
    assert page.status_code == 401
    kept = {name: page.context[name] for name in ("resume_path", "resume_data")}
    page = client.post(
        reverse("organizations:sign_in"),
        {"username": olga.email, "password": "Correct-Horse-9", **kept},
    )
    client.post(page.context["resume_path"], dict(page.context["fields"]))
    first.refresh_from_db()
    assert first.text == "Набрано за час."


def test_the_page_costs_the_same_for_more_rows(draft, first, olga, region, signed_in, queries_of):
    client = signed_in(olga)
    url = editor_url("resolution_update", draft)

    def cost():
        return queries_of(lambda: client.get(url))

    few = cost()
    for number in range(12):
        section = Section.objects.create(
            resolution=draft, heading=f"Адресату {number}", position=number + 3
        )
        section.organizations.set(OrganizationFactory.create_batch(3, parent=region.lakeside))
        for place in range(3):
            each = Recommendation.objects.create(section=section, text="Сделать.", position=place)
            each.exclusions.add(region.school_1)
    assert cost() == few
