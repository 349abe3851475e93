"""Names are sorted as people count, and lists as their heads say."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from organizations.models import Organization
from organizations.sorting import LONGEST, natural_key
from organizations.tests.factories import OrganizationFactory

LIST = reverse("organizations:organization_list")


@given(st.integers(0, 10**8 - 1), st.integers(0, 10**8 - 1))
def test_numbers_are_sorted_by_their_value(one, other):
    first, second = natural_key(f"Школа № {one}"), natural_key(f"Школа № {other}")
    assert (first < second) is (one < other)


@given(st.text(max_size=600))
def test_the_key_is_made_of_any_name_and_fits_its_column(name):
    assert len(natural_key(name)) <= LONGEST


def test_case_quotation_marks_and_yo_do_not_matter():
    assert natural_key("МБОУ «Ёлочка» № 05") == natural_key('мбоу "елочка" №5')


@pytest.fixture
def lists(region, olga, signed_in):
    """Read the names in the list that an address shows."""

    def names(**conditions: str) -> list[str]:
        rows = signed_in(olga).get(LIST, conditions).context["page"]
        return [str(each) for each in rows]

    return names


def test_number_ten_stands_after_number_two(region, lists):
    for number in (10, 2, 1, 21):
        OrganizationFactory(name=f"Лицей № {number}", short_name="", parent=region.lakeside)
    ascending = ["Лицей № 1", "Лицей № 2", "Лицей № 10", "Лицей № 21"]
    assert lists(q="лицей") == ascending
    assert lists(q="лицей", sort="-name") == ascending[::-1]


def test_the_name_that_is_shown_is_the_one_that_sorts(region, lists):
    OrganizationFactory(name="Аграрный лицей", short_name="Я-лицей", parent=region.lakeside)
    OrganizationFactory(name="Ядерный лицей", short_name="А-лицей", parent=region.lakeside)
    assert lists(q="лицей") == ["А-лицей", "Я-лицей"]


def test_ties_are_broken_by_name_in_both_directions(region, lists):
    ascending = lists(sort="municipality", kind="SCHOOL")
    assert ascending.index("Школа № 1") + 1 == ascending.index("Школа № 2")
    descending = lists(sort="-municipality", kind="SCHOOL")
    assert descending.index("Школа № 1") + 1 == descending.index("Школа № 2")
    # What stands outside municipalities is last, whichever way the list is turned.
    assert ascending[-1] == descending[-1] == "Школа-интернат № 4"


def test_a_new_name_finds_its_place(region, lists):
    school = Organization.objects.get(name="Школа № 2 Озёрного района")
    school.short_name = "А"
    school.save()
    assert lists(kind="SCHOOL")[0] == "А"


def test_heads_say_how_the_list_is_sorted_and_lead_to_the_other_way(region, olga, signed_in):
    client = signed_in(olga)
    page = client.get(LIST, {"kind": "SCHOOL", "page": "1"}).content.decode()
    assert (
        f'aria-sort="ascending"><a class="sorter" href="{LIST}?kind=SCHOOL&amp;sort=-name"' in page
    )
    page = client.get(LIST, {"kind": "SCHOOL", "sort": "-name"}).content.decode()
    assert f'aria-sort="descending"><a class="sorter" href="{LIST}?kind=SCHOOL"' in page
    assert page.count("aria-sort") == 1
    assert f'href="{LIST}?kind=SCHOOL&amp;sort=kind"' in page
