"""What a form means is shown to Olga before she saves it: dates of words, bodies of an audience."""

from django.urls import reverse


def test_the_words_are_explained_while_they_are_typed(olga, signed_in):
    response = signed_in(olga).get(
        reverse("resolutions:deadline_preview"), {"deadline_text": "до 2023 года"}
    )
    assert "31.12.2022" in response.content.decode()
    offered = signed_in(olga).get(
        reverse("resolutions:deadline_preview"),
        {"deadline_text": "до 1 сентября", "basis": "2026-10-05"},
    )
    assert "01.09.2027" in offered.content.decode()
    nonsense = signed_in(olga).get(
        reverse("resolutions:deadline_preview"), {"deadline_text": "x" * 999, "basis": "?"}
    )
    assert nonsense.status_code == 200


def test_the_audience_is_counted_while_it_is_ticked(draft, olga, region, signed_in):
    url = reverse("resolutions:audience_preview")
    own = signed_in(olga).post(url, {"organizations": [region.school_1.pk, region.school_2.pk]})
    assert own.context["count"] == 2
    less = signed_in(olga).post(
        url, {"organizations": [region.school_1.pk], "exclusions": [region.school_1.pk]}
    )
    assert less.context["count"] == 0
    as_section = signed_in(olga).post(
        url, {"section": draft.sections.first().pk, "exclusions": [region.school_1.pk]}
    )
    assert as_section.context["count"] == 2
    assert as_section.context["inherited"]


def test_the_audience_preview_tells_nothing_beyond_reach(draft, victor, region, signed_in):
    url = reverse("resolutions:audience_preview")
    answer = signed_in(victor).post(
        url, {"organizations": [region.school_1.pk], "section": draft.sections.first().pk}
    )
    assert answer.context["count"] == 0
