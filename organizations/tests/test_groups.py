"""Groups of organisations: who sees and edits them, whom they mean."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Membership, OrganizationGroup
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory

LIST = reverse("organizations:group_list")


def url(name, *args):
    return reverse(f"organizations:group_{name}", args=args)


@pytest.fixture
def schools(region) -> OrganizationGroup:
    """All schools of the region but school 2, and the institute."""
    group = OrganizationGroup.objects.create(
        name="Школы области", owner=region.department, kinds=["SCHOOL"], within=region.department
    )
    group.members.add(region.institute)
    group.exclusions.add(region.school_2)
    return group


def sent(group, **changes):
    data = {
        "name": group.name,
        "owner": group.owner_id,
        "kinds": group.kinds,
        "within": group.within_id or "",
        "members": [each.pk for each in group.members.all()],
        "exclusions": [each.pk for each in group.exclusions.all()],
    }
    return data | changes


def test_a_group_is_a_rule_and_means_what_opens_later_too(signed_in, olga, region, schools):
    client = signed_in(olga)
    context = client.get(url("detail", schools.pk)).context
    expected = {region.school_1, region.school_3, region.boarding_school, region.institute}
    assert set(context["page"]) == expected
    assert context["number"] == 4
    opened = OrganizationFactory(parent=region.riverside)
    assert opened in client.get(url("detail", schools.pk)).context["page"]
    opened.closed_on = timezone.localdate()
    opened.save()
    assert opened not in client.get(url("detail", schools.pk)).context["page"]


def test_the_number_in_the_list_is_that_of_the_card(signed_in, olga, schools):
    client = signed_in(olga)
    ((group, number, whole, _kinds),) = client.get(LIST).context["groups"]
    assert (group, number) == (schools, client.get(url("detail", schools.pk)).context["number"])
    assert number == whole


def test_a_group_is_seen_by_those_who_see_its_keeper(
    signed_in, nina, maria, victor, region, schools
):
    assert signed_in(nina).get(url("detail", schools.pk)).status_code == 200
    for stranger in (maria, victor):
        assert signed_in(stranger).get(url("detail", schools.pk)).status_code == 404
        assert signed_in(stranger).get(LIST).context["groups"] == []


def test_members_beyond_the_readers_sight_are_neither_counted_nor_named(
    signed_in, maria, region, schools
):
    schools.owner = region.lakeside
    schools.save()
    client = signed_in(maria)
    page = client.get(url("detail", schools.pk))
    assert list(page.context["page"]) == [region.school_1]
    assert (page.context["number"], page.context["whole"]) == (1, None)
    ((_group, number, whole, _kinds),) = client.get(LIST).context["groups"]
    assert (number, whole) == (1, None)
    for hidden in (region.school_3, region.institute, region.department):
        assert hidden.name not in page.content.decode()


def test_who_may_change_the_rule_sees_how_many_it_means_in_all(signed_in, maria, region, schools):
    schools.owner = region.lakeside
    schools.save()
    Membership.objects.filter(user=maria).update(role=Role.COORDINATOR)
    client = signed_in(maria)
    context = client.get(url("detail", schools.pk)).context
    assert (context["number"], context["whole"]) == (1, 4)
    ((_group, number, whole, _kinds),) = client.get(LIST).context["groups"]
    assert (number, whole) == (1, 4)


def test_a_group_is_never_deleted(signed_in, anna, draft, schools):
    """Not by the administrator either: sections of resolutions would be left without executors."""
    section = draft.sections.first()
    section.groups.add(schools)
    client = signed_in(anna)
    admin_of_groups = "admin:organizations_organizationgroup"
    client.post(reverse(f"{admin_of_groups}_delete", args=[schools.pk]), {"post": "yes"})
    action = {"action": "delete_selected", "_selected_action": schools.pk, "post": "yes"}
    client.post(reverse(f"{admin_of_groups}_changelist"), action)
    assert list(section.groups.all()) == [schools]
    page = client.get(reverse(f"{admin_of_groups}_change", args=[schools.pk]))
    assert page.status_code == 200
    assert not page.context["has_delete_permission"]
    assert page.context["adminform"].fieldsets[0][1]["description"]


def test_only_a_coordinator_over_the_keeper_edits(signed_in, nina, maria, victor, region, schools):
    assert signed_in(nina).get(url("update", schools.pk)).status_code == 403
    assert signed_in(nina).post(url("create"), {}).status_code == 403
    assert signed_in(victor).post(url("update", schools.pk), sent(schools)).status_code == 404


def test_a_group_is_made(signed_in, olga, region):
    data = {"name": "Опорные", "owner": region.department.pk, "kinds": ["SCHOOL", "PRESCHOOL"]}
    data |= {"within": region.lakeside.pk, "members": [region.school_3.pk]}
    response = signed_in(olga).post(url("create"), data)
    group = OrganizationGroup.objects.get()
    assert response.url == url("detail", group.pk)
    assert (group.kinds, group.within) == (["SCHOOL", "PRESCHOOL"], region.lakeside)
    assert list(group.members.all()) == [region.school_3]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kinds": [], "members": [], "within": ""}, "__all__"),
        ({"within": ""}, "within"),
        ({"kinds": ["PALACE"]}, "kinds"),
        ({"name": ""}, "name"),
        ({"owner": ""}, "owner"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(signed_in, olga, schools, changes, field):
    response = signed_in(olga).post(url("create"), sent(schools, name="Иные") | changes)
    assert field in response.context["form"].errors
    assert OrganizationGroup.objects.count() == 1


def test_a_name_is_given_once_by_one_keeper(signed_in, olga, schools):
    response = signed_in(olga).post(url("create"), sent(schools))
    assert response.context["form"].errors
    assert OrganizationGroup.objects.count() == 1


def test_a_keeper_beyond_reach_is_refused(signed_in, olga, region, schools):
    data = sent(schools, owner=region.other_department.pk)
    response = signed_in(olga).post(url("update", schools.pk), data)
    assert "owner" in response.context["form"].errors


def test_a_rule_is_changed(signed_in, olga, region, schools):
    data = sent(schools, exclusions=[], kinds=["PRESCHOOL"])
    assert signed_in(olga).post(url("update", schools.pk), data).status_code == 302
    found = signed_in(olga).get(url("detail", schools.pk)).context["page"]
    assert set(found) == {region.kindergarten, region.institute}


def test_pages_cost_the_same_for_3_and_for_30(signed_in, olga, region, schools, queries_of):
    client = signed_in(olga)
    pages = [LIST, url("detail", schools.pk), url("update", schools.pk)]
    client.get(LIST)
    few = [queries_of(lambda page=page: client.get(page)) for page in pages]
    for number in range(15):
        group = OrganizationGroup.objects.create(
            name=f"Группа {number}", owner=region.lakeside, kinds=["SCHOOL"], within=region.lakeside
        )
        added = OrganizationFactory(parent=region.lakeside)
        group.members.add(added)
        schools.members.add(added)
        schools.exclusions.add(OrganizationFactory(parent=region.riverside))
    assert [queries_of(lambda page=page: client.get(page)) for page in pages] == few
