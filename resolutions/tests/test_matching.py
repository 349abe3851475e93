"""Whom an addressee may mean: names of papers against names of the directory."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import person
from organizations.models import Organization, OrganizationGroup
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.matching import OFFERED, Meant, chosen, known, offers_for, remember
from resolutions.recognition.bodies import ABBREVIATIONS, closeness, kinds_named

K = Organization.Kind
DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Общеобразовательные организации", ["SCHOOL"]),
        ("Руководители школ", ["SCHOOL"]),
        ("МБОУ", ["SCHOOL"]),
        ("ДОУ", ["PRESCHOOL"]),
        ("Заведующие детскими садами", ["PRESCHOOL"]),
        ("Дошкольные образовательные организации", ["PRESCHOOL"]),
        ("Школы и детские сады", ["PRESCHOOL", "SCHOOL"]),
        ("Руководители учреждений дополнительного образования", ["SUPPLEMENTARY"]),
        ("Детско-юношеские спортивные школы", ["SUPPLEMENTARY"]),
        ("ОМСУ", ["MUNICIPAL_AUTHORITY"]),
        (
            "Органы местного самоуправления, осуществляющие управление в сфере образования "
            "муниципальных районов и городских округов",
            ["MUNICIPAL_AUTHORITY"],
        ),
        ("Педагогические колледжи", ["VOCATIONAL"]),
        ("Институты развития образования", ["INSTITUTE"]),
        ("Муниципальные методические службы", ["METHODICAL_SERVICE"]),
        ("Образовательные организации городского округа", ["SCHOOL", "PRESCHOOL", "SUPPLEMENTARY"]),
        ("Департамент образования области", []),
        ("Министерство финансов", []),
        ("Родители", []),
    ],
)
def test_a_class_names_kinds_of_the_directory(name, kinds):
    assert sorted(kinds_named(name)) == sorted(kinds)


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("МБОУ СОШ № 17", "Средняя школа № 17", "Средняя школа № 1"),
        ("ОО № 17", "Школа № 17", "Школа № 171"),
        ("Департамент образования области", "Департамент образования Вологодской области",
         "Управление образования города Вологды"),
        ("Вологодский ИРО", "Вологодский институт развития образования",
         "Департамент образования Вологодской области"),
        ("Детский сад «Ёлочка»", "детский сад Елочка", "детский сад Рябинка"),
    ],
)  # fmt: skip
def test_a_name_is_nearer_to_its_body_than_to_a_neighbour(one, near, far):
    assert closeness(one, near) > closeness(one, far)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_can_be_compared(one, other):
    assert 0 <= closeness(one, other) <= 100
    assert closeness(one, other) == pytest.approx(closeness(other, one))
    assert set(kinds_named(one)) <= set(K.values)


def test_abbreviations_are_written_as_they_are_looked_up():
    assert all(word == word.casefold() and "ё" not in word for word in ABBREVIATIONS)


def best(region, olga, nominative, collective=False):
    return offers_for(nominative, collective, issuer=region.department, person=olga, day=DAY)


def test_a_body_is_offered_first_by_its_name(region, olga):
    for nominative, body in (
        ("Институт развития образования", region.institute),
        ("Управление образования Озёрного района", region.lakeside),
        ("Департамент образования области", region.department),
        ("Школа-интернат № 4", region.boarding_school),
    ):
        assert best(region, olga, nominative)[0].key == f"organization:{body.pk}"


def test_a_class_within_a_named_municipality_counts_its_own(region, olga):
    whole = best(region, olga, "Общеобразовательные организации", True)[0]
    assert (whole.key, whole.count) == (f"class:{region.department.pk}.SCHOOL", 4)
    lake = best(region, olga, "Школы Озёрного района", True)[0]
    assert (lake.key, lake.count) == (f"class:{region.lakeside.pk}.SCHOOL", 2)


def test_a_group_of_these_kinds_comes_before_the_bare_class(region, olga):
    group = OrganizationGroup.objects.create(
        name="Школы области", owner=region.department, kinds=["SCHOOL"], within=region.department
    )
    offers = best(region, olga, "Общеобразовательные организации", True)
    assert (offers[0].key, offers[0].count) == (f"group:{group.pk}", 4)


def test_at_most_five_are_offered_and_nothing_beyond_sight(region, olga):
    OrganizationFactory.create_batch(30, parent=region.lakeside)
    region.school_1.closed_on = date(2026, 1, 1)
    region.school_1.save()
    offers = best(region, olga, "Школа № 1")
    keys = {each.key for each in offers}
    assert len(offers) <= OFFERED
    assert f"organization:{region.school_1.pk}" not in keys  # closed
    foreign = best(region, olga, "Школа другой области")
    assert f"organization:{region.other_school.pk}" not in {each.key for each in foreign}


def test_what_is_remembered_is_the_issuers_own_and_within_sight(region, olga, victor):
    meant = Meant(organizations=(region.lakeside.pk, region.school_3.pk))
    remember(region.department, olga, "Пилотные  Школы", meant)
    name = "пилотные школы"
    assert known(region.department, olga, [name]) == {name: meant}
    assert known(region.other_department, victor, [name]) == {}
    assert known(region.department, victor, [name]) == {}
    district = person("Lakesider", (region.lakeside, Role.COORDINATOR))
    partly = known(region.department, district, [name])[name]
    assert partly.organizations == (region.lakeside.pk,)


def test_a_choice_made_anew_replaces_the_old_one(region, olga):
    for school in (region.school_1, region.school_2):
        remember(region.department, olga, "Школа", Meant(organizations=(school.pk,)))
    assert chosen("known:", "Школа", issuer=region.department, person=olga) == Meant(
        organizations=(region.school_2.pk,)
    )


def test_more_organisations_cost_no_more_queries(region, olga, queries_of):
    def cost() -> int:
        return queries_of(lambda: best(region, olga, "Общеобразовательные организации", True))

    best(region, olga, "Школы", True)
    few = cost()
    OrganizationFactory.create_batch(40, parent=region.lakeside)
    assert cost() == few
