"""The list of organisations, the card, entering, changing and closing, the history."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.history import story_of
from organizations.models import Membership, Organization, User
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory

LIST = reverse("organizations:organization_list")
INN, KPP = "3525000013", "352501001"


def url(name, *args):
    return reverse(f"organizations:{name}", args=args)


def names(response):
    return {each.name for each in response.context["page"]}


def typed(organization, **changes):
    """What the form of a card sends."""
    fields = ("kind", "name", "short_name", "inn", "kpp", "ogrn", "oktmo", "code", "email", "phone")
    data = {field: getattr(organization, field) for field in fields}
    data |= {"parent": organization.parent_id or "", "opened_on": "", "closed_on": ""}
    data["version"] = organization.history.latest().history_id
    return data | changes


# The list


def test_the_coordinator_sees_the_region_and_nothing_of_another(signed_in, olga, region):
    found = names(signed_in(olga).get(LIST))
    assert region.school_3.name in found
    assert region.other_school.name not in found


def test_a_methodist_sees_the_district_only(signed_in, maria, region):
    assert names(signed_in(maria).get(LIST)) == {
        region.lakeside.name,
        region.school_1.name,
        region.school_2.name,
        region.kindergarten.name,
    }


def test_an_executor_sees_the_own_organisation_only(signed_in, sergey, region):
    assert names(signed_in(sergey).get(LIST)) == {region.school_1.name}


def test_search_knows_neither_case_nor_yo(signed_in, olga, region):
    assert names(signed_in(olga).get(LIST, {"q": "елочка САД"})) == {region.kindergarten.name}


def test_the_list_is_narrowed_by_kind_municipality_and_parent(signed_in, olga, region):
    client = signed_in(olga)
    found = client.get(LIST, {"kind": "SCHOOL", "municipality": region.lakeside.pk})
    assert names(found) == {region.school_1.name, region.school_2.name}
    found = client.get(LIST, {"parent": region.riverside.pk})
    assert names(found) == {region.school_3.name}


def test_a_condition_that_makes_no_sense_shows_nothing(signed_in, olga, region):
    assert names(signed_in(olga).get(LIST, {"municipality": region.other_department.pk})) == set()
    assert names(signed_in(olga).get(LIST, {"parent": "9" * 30})) == set()


def test_closed_organisations_are_shown_when_asked_for(signed_in, olga, region):
    region.school_2.closed_on = timezone.localdate()
    region.school_2.save()
    client = signed_in(olga)
    assert region.school_2.name not in names(client.get(LIST))
    assert names(client.get(LIST, {"state": "closed"})) == {region.school_2.name}
    assert region.school_2.name in names(client.get(LIST, {"state": "all"}))


def test_it_is_told_for_whom_nobody_answers(signed_in, olga, sergey, region):
    found = names(signed_in(olga).get(LIST, {"unanswered": "on"}))
    assert region.school_1.name not in found
    assert region.school_2.name in found
    Membership.objects.filter(user=sergey).update(until=timezone.localdate())
    assert region.school_1.name in names(signed_in(olga).get(LIST, {"unanswered": "on"}))


@pytest.mark.parametrize("reason", ["deactivated", "begins later"])
def test_who_cannot_answer_yet_or_any_more_does_not_count(signed_in, olga, sergey, region, reason):
    if reason == "deactivated":
        User.objects.filter(pk=sergey.pk).update(is_active=False)
    else:
        later = timezone.localdate() + timedelta(days=30)
        Membership.objects.filter(user=sergey).update(since=later)
    client = signed_in(olga)
    assert region.school_1.name in names(client.get(LIST, {"unanswered": "on"}))
    (row,) = client.get(LIST, {"q": region.school_1.name}).context["page"]
    assert not row.answered
    assert not client.get(url("organization_detail", region.school_1.pk)).context["answers"]


def test_people_are_counted_once_and_only_while_they_have_a_role(signed_in, olga, pavel, region):
    Membership.objects.filter(user=pavel, role=Role.METHODIST).update(until=timezone.localdate())
    rows = {each.pk: each for each in signed_in(olga).get(LIST).context["page"]}
    assert rows[region.lakeside.pk].people == 1
    assert rows[region.school_2.pk].people is None


def test_only_coordinators_get_the_buttons(signed_in, olga, maria):
    create = url("organization_create")
    assert create in signed_in(olga).get(LIST).content.decode()
    assert create not in signed_in(maria).get(LIST).content.decode()


# The card


def test_a_stranger_gets_no_card(signed_in, tamara, victor, region):
    for person in (tamara, victor):
        client = signed_in(person)
        for name in ("organization_detail", "organization_update", "organization_history"):
            assert client.get(url(name, region.school_1.pk)).status_code == 404


def test_who_sees_but_does_not_coordinate_may_not_change(signed_in, maria, nina, sergey, region):
    for person in (maria, nina, sergey):
        client = signed_in(person)
        card = client.get(url("organization_detail", region.school_1.pk))
        assert card.status_code == 200
        assert url("organization_update", region.school_1.pk) not in card.content.decode()
        assert client.get(url("organization_update", region.school_1.pk)).status_code == 403
        assert client.get(url("organization_create")).status_code == 403


def test_the_card_names_nothing_above_the_readers_reach(signed_in, maria, sergey, olga, region):
    card = url("organization_detail", region.school_1.pk)
    assert signed_in(olga).get(card).context["ancestors"] == [region.department, region.lakeside]
    assert signed_in(maria).get(card).context["ancestors"] == [region.lakeside]
    assert region.lakeside.name not in signed_in(sergey).get(card).content.decode()


def test_the_number_below_is_the_length_of_the_list_it_leads_to(signed_in, olga, region):
    region.school_2.closed_on = timezone.localdate()
    region.school_2.save()
    client = signed_in(olga)
    number = client.get(url("organization_detail", region.lakeside.pk)).context["children"]
    assert number == len(names(client.get(LIST, {"parent": region.lakeside.pk}))) == 2


def test_an_addressee_outside_every_tree_shows_no_people(signed_in, olga, victor, db):
    ministry = OrganizationFactory(kind=Organization.Kind.OTHER, name="Министерство просвещения")
    clerk = UserFactory(surname="Секретарёва")
    Membership.objects.create(user=clerk, organization=ministry, role=Role.EXECUTOR)
    page = signed_in(olga).get(url("organization_detail", ministry.pk))
    assert page.status_code == 200
    assert "Секретарёва" not in page.content.decode()
    history = signed_in(olga).get(url("organization_history", ministry.pk)).content.decode()
    assert "Секретарёва" not in history


def test_a_closed_school_names_its_successor(signed_in, olga, region):
    region.school_2.closed_on, region.school_2.successor = timezone.localdate(), region.school_1
    region.school_2.save()
    client = signed_in(olga)
    context = client.get(url("organization_detail", region.school_2.pk)).context
    assert (context["is_open"], context["successor"]) == (False, region.school_1)
    card = client.get(url("organization_detail", region.school_1.pk))
    assert list(card.context["predecessors"]) == [region.school_2]


# Entering and changing


def test_a_school_is_entered_below_the_own_department(signed_in, olga, region):
    data = {"kind": "SCHOOL", "name": "Новая школа", "parent": region.lakeside.pk}
    data |= {"inn": "35 2500 0013", "kpp": "3525 01 001"}
    response = signed_in(olga).post(url("organization_create"), data)
    school = Organization.objects.get(name="Новая школа")
    assert response.url == school.get_absolute_url()
    assert (school.municipality, school.inn, school.kpp) == (region.lakeside, INN, KPP)


@pytest.mark.parametrize("parent", ["", "other", "junk"])
def test_nothing_is_entered_outside_the_reach(signed_in, olga, region, parent):
    number = Organization.objects.count()
    key = {"other": region.other_department.pk}.get(parent, parent)
    data = {"kind": "SCHOOL", "name": "Чужая школа", "parent": key}
    response = signed_in(olga).post(url("organization_create"), data)
    assert response.status_code == 200
    assert "parent" in response.context["form"].errors
    assert "Чужая школа" in response.content.decode()
    assert Organization.objects.count() == number


def test_an_address_that_proposes_a_parent_beyond_reach_proposes_nothing(signed_in, region):
    coordinator = UserFactory(surname="Районова")
    Membership.objects.create(user=coordinator, organization=region.lakeside, role=Role.COORDINATOR)
    client, number = signed_in(coordinator), Organization.objects.count()
    data = {"kind": "SCHOOL", "name": "Чужая школа"}
    pages = set()
    for key in (region.department.pk, region.other_department.pk, 999_999, "abc", "\x00"):
        address = f"{url('organization_create')}?{urlencode({'parent': key})}"
        page = client.get(address)
        assert page.context["form"]["parent"].value() is None
        pages.add(re.sub("value=.[^ ]{64}.", "", page.content.decode().replace(address, "")))
        assert "parent" in client.post(address, data).context["form"].errors
    assert len(pages) == 1
    assert Organization.objects.count() == number
    page = client.get(url("organization_create"), {"parent": region.school_1.pk})
    assert page.context["form"]["parent"].value() == region.school_1.pk


def test_a_move_out_of_reach_is_refused(signed_in, olga, region):
    client, address = signed_in(olga), url("organization_update", region.school_1.pk)
    for parent in ("", region.other_department.pk):
        response = client.post(address, typed(region.school_1, parent=parent))
        assert "parent" in response.context["form"].errors
    response = client.post(address, typed(region.school_1, parent=region.riverside.pk))
    assert response.status_code == 302
    region.school_1.refresh_from_db()
    assert region.school_1.municipality == region.riverside


def test_the_own_root_stays_where_it_stands(signed_in, region):
    """Of a district's coordinator: what stands above is not theirs to see, nor to change."""
    coordinator = UserFactory(surname="Районова")
    coordinator.set_password("Correct-Horse-9")
    coordinator.save()
    Membership.objects.create(user=coordinator, organization=region.lakeside, role=Role.COORDINATOR)
    client, address = signed_in(coordinator), url("organization_update", region.lakeside.pk)
    assert region.department.name not in client.get(address).content.decode()
    response = client.post(address, typed(region.lakeside, parent="", phone="2-12-85"))
    assert response.status_code == 302
    region.lakeside.refresh_from_db()
    assert (region.lakeside.parent, region.lakeside.phone) == (region.department, "2-12-85")
    response = client.post(address, typed(region.lakeside, parent=region.school_1.pk))
    assert "parent" in response.context["form"].errors


def test_a_move_needs_a_coordinators_reach_on_both_sides(signed_in, olga, region):
    Membership.objects.filter(user=olga).update(organization=region.lakeside)
    Membership.objects.create(user=olga, organization=region.riverside, role=Role.METHODIST)
    response = signed_in(olga).post(
        url("organization_update", region.school_1.pk),
        typed(region.school_1, parent=region.riverside.pk),
    )
    assert "parent" in response.context["form"].errors


def test_an_administrator_without_a_role_sees_an_empty_directory(signed_in, anna, region):
    client = signed_in(anna)
    assert names(client.get(LIST)) == set()
    assert client.get(url("organization_create")).status_code == 403


def test_a_root_remains_a_root(signed_in, olga, region):
    address = url("organization_update", region.department.pk)
    response = signed_in(olga).post(address, typed(region.department, phone="72-00-00"))
    assert response.status_code == 302
    region.department.refresh_from_db()
    assert region.department.parent is None


def test_the_same_inn_and_kpp_twice_are_refused_with_the_other_one_named(signed_in, olga, region):
    region.school_2.inn, region.school_2.kpp = INN, KPP
    region.school_2.save()
    client, address = signed_in(olga), url("organization_update", region.school_1.pk)
    response = client.post(address, typed(region.school_1, inn=INN, kpp=KPP))
    assert "kpp" in response.context["form"].errors
    assert region.school_2.get_absolute_url() in response.content.decode()
    branch = client.post(address, typed(region.school_1, inn=INN, kpp="352502001"))
    assert branch.status_code == 302


def test_a_form_sent_twice_enters_once(signed_in, olga, region):
    client = signed_in(olga)
    data = {"kind": "SCHOOL", "name": "Новая школа", "parent": region.lakeside.pk}
    client.post(url("organization_create"), data)
    again = client.post(url("organization_create"), data)
    assert "name" in again.context["form"].errors
    assert Organization.objects.filter(name="Новая школа").count() == 1
    data["parent"] = region.riverside.pk
    assert client.post(url("organization_create"), data).status_code == 302


def test_the_pair_of_a_closed_organisation_may_be_taken_over(signed_in, olga, region):
    region.school_2.inn, region.school_2.kpp = INN, KPP
    region.school_2.closed_on = timezone.localdate() - timedelta(days=1)
    region.school_2.save()
    address = url("organization_update", region.school_1.pk)
    assert (
        signed_in(olga).post(address, typed(region.school_1, inn=INN, kpp=KPP)).status_code == 302
    )


def test_a_twin_beyond_reach_is_told_of_but_not_named(signed_in, olga, region):
    region.other_school.inn, region.other_school.kpp = INN, KPP
    region.other_school.save()
    address = url("organization_update", region.school_1.pk)
    response = signed_in(olga).post(address, typed(region.school_1, inn=INN, kpp=KPP))
    assert "kpp" in response.context["form"].errors
    assert region.other_school.name not in response.content.decode()


def test_the_same_inn_without_a_kpp_is_a_warning(signed_in, olga, region):
    region.school_2.inn = INN
    region.school_2.save()
    address = url("organization_update", region.school_1.pk)
    response = signed_in(olga).post(address, typed(region.school_1, inn=INN), follow=True)
    assert [each.level_tag for each in response.context["messages"]] == ["success", "warning"]


def test_a_successor_needs_a_day_of_closing(signed_in, olga, region):
    client, address = signed_in(olga), url("organization_update", region.school_2.pk)
    data = typed(region.school_2, successor=region.school_1.pk)
    assert "closed_on" in client.post(address, data).context["form"].errors
    assert client.post(address, data | {"closed_on": "01.09.2026"}).status_code == 302
    region.school_2.refresh_from_db()
    assert region.school_2.successor == region.school_1
    assert f"{region.school_2.closed_on:%d.%m.%Y}" == "01.09.2026"


def test_who_saves_second_is_told_and_overwrites_nothing(signed_in, olga, region):
    client, address = signed_in(olga), url("organization_update", region.school_1.pk)
    stale = typed(region.school_1, email="mine@example.test")
    assert client.post(address, typed(region.school_1, phone="2-12-85")).status_code == 302
    response = client.post(address, stale)
    assert response.status_code == 200
    page = response.content.decode()
    assert "mine@example.test" in page
    assert "2-12-85" in page
    region.school_1.refresh_from_db()
    assert (region.school_1.phone, region.school_1.email) == ("2-12-85", "")
    again = stale | {"version": response.context["version"], "phone": "2-12-85"}
    assert client.post(address, again).status_code == 302


def test_a_search_in_the_form_keeps_what_was_typed_and_saves_nothing(signed_in, olga, region):
    address = url("organization_update", region.school_1.pk)
    data = typed(region.school_1, name="Иначе", inn="123", parent_q="заречн", find="parent")
    response = signed_in(olga).post(address, data)
    page = response.content.decode()
    assert "Иначе" in page
    assert region.riverside.name in page
    assert not response.context["form"].errors
    region.school_1.refresh_from_db()
    assert region.school_1.name != "Иначе"


# The history


def test_the_history_says_what_changed_who_did_it_and_from_what_to_what(signed_in, olga, region):
    client = signed_in(olga)
    client.post(
        url("organization_update", region.school_1.pk),
        typed(region.school_1, parent=region.riverside.pk, kind="PRESCHOOL"),
    )
    entry = client.get(url("organization_history", region.school_1.pk)).context["page"][0]
    assert entry.who == olga
    changes = {(str(each.before), str(each.after)) for each in entry.changes}
    assert (str(region.lakeside), str(region.riverside)) in changes
    assert ("SCHOOL", "PRESCHOOL") not in changes


def test_the_history_does_not_name_what_the_reader_may_not_see(maria, region):
    region.school_1.parent = region.riverside
    region.school_1.save()
    region.school_1.parent = region.lakeside
    region.school_1.save()
    words = str(story_of(region.school_1, maria))
    assert region.lakeside.name in words
    assert region.riverside.name not in words


def test_the_history_tells_of_roles(signed_in, olga, sergey, region):
    role = Membership.objects.get(user=sergey)
    role.until = timezone.localdate()
    role.save()
    page = signed_in(olga).get(url("organization_history", region.school_1.pk)).context["page"]
    told = [entry.what for entry in page if sergey.get_full_name() in entry.what]
    assert len(told) == 2


def test_the_history_does_not_name_doers_beyond_the_readers_reach(
    signed_in, olga, sergey, anna, region
):
    signed_in(olga).post(
        url("organization_update", region.school_1.pk), typed(region.school_1, phone="2-12-85")
    )
    entry = story_of(region.school_1, olga)[0]
    assert (entry.who, entry.by) == (olga, olga.get_short_name())
    page = signed_in(sergey).get(url("organization_history", region.school_1.pk))
    assert page.context["page"][0].who is None
    assert olga.surname not in page.content.decode()
    others = {page.context["page"][0].by}
    region.school_1.history.update(history_user=anna)
    others.add(story_of(region.school_1, sergey)[0].by)
    region.school_1.history.update(history_user=None)
    others.add(story_of(region.school_1, sergey)[0].by)
    assert len(others) == 3


def test_the_history_tells_who_issued_a_link(signed_in, olga, sergey, region):
    client = signed_in(olga)
    client.post(url("link_issue", Membership.objects.get(user=sergey).pk))
    entry = client.get(url("organization_history", region.school_1.pk)).context["page"][0]
    assert entry.who == olga
    assert sergey.get_full_name() in entry.what


# Cost


def test_pages_cost_the_same_for_3_and_for_30(signed_in, olga, sergey, region, queries_of):
    client = signed_in(olga)
    pages = [
        LIST,
        f"{LIST}?unanswered=on&q=школа",
        url("organization_detail", region.school_1.pk),
        url("organization_update", region.school_1.pk),
        url("organization_history", region.school_1.pk),
    ]
    client.get(LIST)
    few = [queries_of(lambda page=page: client.get(page)) for page in pages]
    for _ in range(10):
        OrganizationFactory(parent=region.lakeside)
        OrganizationFactory(successor=region.school_1, parent=region.lakeside)
        person = UserFactory()
        role = Membership.objects.create(
            user=person, organization=region.school_1, role=Role.EXECUTOR
        )
        Membership.objects.create(user=person, organization=region.school_1, role=Role.OBSERVER)
        role.until = timezone.localdate()
        role.save()
        client.post(url("link_issue", role.pk))
        region.school_1.phone += "1"
        region.school_1.save()
    assert [queries_of(lambda page=page: client.get(page)) for page in pages] == few
