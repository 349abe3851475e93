"""The picker of organisations: what it offers, what it keeps, what it refuses."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from organizations.forms import GroupForm
from organizations.models import Organization, OrganizationGroup
from organizations.picker import SHOWN, find, offered_to
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory

OPTIONS = reverse("organizations:organization_options")


@pytest.fixture
def group(region) -> OrganizationGroup:
    """A group of a school that Olga sees and one that she does not."""
    group = OrganizationGroup.objects.create(name="Опорные школы", owner=region.department)
    group.members.set([region.school_1, region.other_school])
    return group


def form_of(user, group, **sent):
    data = QueryDict(mutable=True)
    for name, value in {"name": "Опорные школы", "owner": group.owner_id, **sent}.items():
        data.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value])])
    return GroupForm(data, user=user, instance=group)


def test_it_offers_what_the_person_sees(olga, maria, region):
    assert region.school_3 in offered_to(olga)
    assert region.other_school not in offered_to(olga)
    assert region.school_3 not in offered_to(maria)
    assert not offered_to(maria, Role.COORDINATOR).exists()


def test_a_search_says_how_many_more_there_are(olga, region):
    OrganizationFactory.create_batch(30, parent=region.lakeside)
    found, more = find(offered_to(olga), "школа", [])
    assert len(found) == SHOWN
    assert len(found) + more == offered_to(olga).search("школа").count()


def test_what_is_chosen_or_closed_is_not_offered(olga, region):
    region.school_3.closed_on = timezone.localdate()
    region.school_3.save()
    found, _more = find(offered_to(olga), "школа", [str(region.school_1.pk)])
    assert set(found) == {region.school_2, region.boarding_school}


def test_finding_shows_the_form_as_typed_without_errors(olga, region, group):
    form = form_of(
        olga, group, name="", members=[region.school_2.pk], members_q="интернат", find="x"
    )
    assert not form.is_valid()
    assert not form.errors
    drawn = str(form["members"])
    assert region.boarding_school.name in drawn
    assert f'value="{region.school_2.pk}" id="id_members_c{region.school_2.pk}" checked' in drawn


def test_what_lies_beyond_sight_is_neither_named_nor_lost(olga, region, group):
    form = form_of(olga, group, members=[region.school_2.pk])
    assert region.other_school.name not in str(form["members"])
    assert form.is_valid(), form.errors
    form.save()
    assert set(group.members.all()) == {region.school_2, region.other_school}
    assert form_of(olga, group, members=[], kinds=["SCHOOL"], within=region.lakeside.pk).is_valid()


def test_only_what_is_stored_is_kept_never_what_an_address_proposes(olga, region):
    proposed = {"owner": region.other_department.pk, "members": [region.other_school.pk]}
    data = QueryDict(f"name=Опорные&kinds=SCHOOL&within={region.lakeside.pk}")
    form = GroupForm(data, user=olga, initial=proposed)
    assert "owner" in form.errors
    assert not form.cleaned_data["members"]
    assert region.other_school.name not in str(form["members"])


@pytest.mark.parametrize("key", ["junk", "99999999999999999999", "-1", "\x00"])
def test_junk_is_dropped(olga, region, group, key):
    form = form_of(olga, group, members=[region.school_1.pk, key])
    assert form.is_valid(), form.errors
    assert list(form.cleaned_data["members"].filter(parent=region.lakeside)) == [region.school_1]


def test_an_organisation_beyond_sight_cannot_be_chosen_by_its_number(victor, olga, region, group):
    group.members.clear()
    form = form_of(olga, group, members=[region.other_school.pk])
    assert "members" in form.errors
    assert region.other_school.name not in str(form["members"])


def test_ticks_survive_an_error(olga, region, group):
    form = form_of(olga, group, name="", members=[region.school_2.pk])
    assert "name" in form.errors
    assert f'value="{region.school_2.pk}" id="id_members_c{region.school_2.pk}" checked' in str(
        form["members"]
    )


def test_an_empty_picker_asks_the_database_nothing(olga, region, queries_of):
    form = GroupForm(user=olga)
    assert queries_of(lambda: str(form["members"])) == 0


def test_a_picker_costs_the_same_for_3_and_30(olga, region, group, queries_of):
    def count():
        form = form_of(olga, group, members=list(group.members.values_list("pk", flat=True)))
        form.is_valid()
        return queries_of(lambda: str(form["members"]))

    few = count()
    group.members.add(*OrganizationFactory.create_batch(30, parent=region.lakeside))
    assert count() == few == 1


def test_options_while_typing(signed_in, olga, sergey, region):
    asked = {"field": "a-members", "many": "1", "a-members_q": "школа № 2"}
    page = signed_in(olga).get(OPTIONS, {**asked, "a-members": [region.school_1.pk, "junk"]})
    text = page.content.decode()
    assert f'name="a-members" value="{region.school_2.pk}"' in text
    assert f'value="{region.school_1.pk}" id="id_a-members_h{region.school_1.pk}" checked' in text
    assert region.school_2.short_name not in signed_in(sergey).get(OPTIONS, asked).content.decode()


def test_an_option_names_nothing_above_the_readers_reach(signed_in, olga, maria, region, group):
    asked = {"field": "owner", "owner_q": "озёрного"}
    for ticked in ({}, {"owner": region.lakeside.pk}):
        told = [signed_in(each).get(OPTIONS, {**asked, **ticked}) for each in (olga, maria)]
        named = [region.department.name in each.content.decode() for each in told]
        assert named == [True, False]
    drawn = [
        str(form_of(each, group, members=[region.lakeside.pk])["members"]) for each in (olga, maria)
    ]
    assert [region.department.name in each for each in drawn] == [True, False]
    assert region.lakeside.name in drawn[1]


def test_options_hold_to_the_role(signed_in, maria, region):
    asked = {"field": "owner", "owner_q": "школа"}
    client = signed_in(maria)
    assert region.school_1.short_name in client.get(OPTIONS, asked).content.decode()
    narrowed = client.get(OPTIONS, {**asked, "role": "COORDINATOR"}).content.decode()
    assert region.school_1.short_name not in narrowed


def test_options_survive_a_nul(signed_in, olga, region):
    page = signed_in(olga).get(OPTIONS, {"field": "a", "a_q": "инт\x00ернат"})
    assert region.boarding_school.name in page.content.decode()
    found = Organization.objects.search("\x00интернат \x00")
    assert list(found) == [region.boarding_school]


def test_options_refuse_a_strange_field(signed_in, olga):
    assert signed_in(olga).get(OPTIONS, {"field": '"><script>'}).status_code == 400


def test_options_are_quick_in_queries(signed_in, olga, region, queries_of):
    client = signed_in(olga)
    asked = {"field": "members", "many": "1", "members_q": "школа"}
    client.get(OPTIONS, asked)
    few = queries_of(lambda: client.get(OPTIONS, asked))
    OrganizationFactory.create_batch(15, parent=region.lakeside)
    assert queries_of(lambda: client.get(OPTIONS, asked)) == few


def test_the_shortest_name_comes_first(olga, region):
    for number in (125, 1250, 25, 225):
        OrganizationFactory(name=f"Гимназия № {number}", parent=region.riverside)
    found, _more = find(offered_to(olga), "гимназия 25", [])
    assert next(each.name for each in found) == "Гимназия № 25"
