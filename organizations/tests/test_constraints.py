"""What the database itself refuses, whoever writes: organisations, groups, people, memberships."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from organizations.models import Membership, Organization, OrganizationGroup, User
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory


def refused(act, constraint: str) -> None:
    """The database refuses the act and names the constraint (SQLite names what is not unique)."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def says(obj, words: str) -> None:
    """A form would say the same in a sentence."""
    with pytest.raises(ValidationError) as caught:
        obj.full_clean()
    assert words in str(caught.value.messages)


class TestOrganization:
    @pytest.fixture
    def school(self, db) -> Organization:
        return OrganizationFactory(code="S-1")

    def update(self, school, **values):
        return lambda: Organization.objects.filter(pk=school.pk).update(**values)

    def test_own_codes_are_unique_and_empty_ones_are_not_compared(self, school):
        OrganizationFactory(code="")
        OrganizationFactory(code="")
        refused(lambda: OrganizationFactory(code="S-1"), "code")

    def test_branches_share_their_inn(self, school):
        OrganizationFactory(inn="7707083893")
        assert OrganizationFactory(inn="7707083893").pk

    def test_two_places_in_the_tree_are_never_the_same(self, school):
        refused(self.update(OrganizationFactory(), path=school.path), "path")

    def test_none_answers_to_itself(self, school):
        refused(self.update(school, parent=school), "organization_not_its_own_parent")

    def test_none_succeeds_itself(self, school):
        refused(self.update(school, successor=school), "organization_not_its_own_successor")

    def test_none_closes_before_it_opens(self, school):
        dates = {"opened_on": date(2020, 9, 1), "closed_on": date(2020, 8, 31)}
        refused(self.update(school, **dates), "organization_closed_after_opened")
        self.update(school, opened_on=date(2020, 9, 1), closed_on=date(2020, 9, 1))()

    def test_a_ring_of_answering_is_refused(self, school):
        below = OrganizationFactory(parent=school)
        school.parent = below
        with pytest.raises(ValidationError):
            school.full_clean()
        with pytest.raises(ValidationError):
            school.save()

    @pytest.mark.parametrize(
        ("field", "wrong", "right"),
        [
            ("inn", "7707083894", "7707083893"),
            ("inn", "770708389", "7707083893"),
            ("ogrn", "1027700132196", "1027700132195"),
            ("kpp", "77360100A", "773601001"),
            ("kpp", "77360", "7736AZ001"),
            ("oktmo", "123456789", "19701000"),
            ("oktmo", "1970100a", "19701000001"),
        ],
    )
    def test_identifiers_are_checked(self, school, field, wrong, right):
        setattr(school, field, wrong)
        with pytest.raises(ValidationError) as caught:
            school.full_clean()
        assert set(caught.value.message_dict) == {field}
        setattr(school, field, right)
        school.full_clean()

    def test_what_is_referred_to_cannot_go(self, school):
        OrganizationFactory(parent=school)
        with pytest.raises(ProtectedError):
            school.delete()


class TestGroup:
    def test_names_are_unique_with_each_keeper(self, region):
        def make(owner):
            return OrganizationGroup.objects.create(name="Школы", owner=owner)

        make(region.department)
        make(region.lakeside)
        refused(lambda: make(region.department), "name")

    def test_a_rule_without_bounds_would_mean_everybody(self, region):
        group = OrganizationGroup(name="Все", owner=region.department, kinds=["SCHOOL"])
        with pytest.raises(ValidationError) as caught:
            group.full_clean()
        assert set(caught.value.message_dict) == {"within"}

    def test_an_unknown_kind_is_refused(self, region):
        group = OrganizationGroup(
            name="Лицеи", owner=region.department, within=region.department, kinds=["LYCEUM"]
        )
        says(group, "LYCEUM")


class TestUser:
    def test_an_address_is_one_login_in_any_case(self, db):
        UserFactory(email="Olga@Example.test")
        refused(lambda: UserFactory(email="OLGA@example.TEST"), "email")

    def test_no_way_leads_capitals_into_a_login(self, db):
        person = UserFactory()
        refused(
            lambda: User.objects.filter(pk=person.pk).update(email="Capital@example.test"),
            "user_email_lower_case",
        )

    def test_a_login_is_found_as_typed(self, db):
        person = UserFactory(email="olga@example.test")
        assert User.objects.get_by_natural_key(" Olga@Example.test ") == person

    def test_a_person_with_a_role_cannot_go(self, olga):
        with pytest.raises(ProtectedError):
            olga.delete()


class TestMembership:
    def give(self, user, organization, role=Role.EXECUTOR, **dates):
        dates = {"since": date(2026, 1, 1), **dates}
        return Membership.objects.create(user=user, organization=organization, role=role, **dates)

    def test_a_role_is_held_once_at_a_time(self, sergey, region):
        refused(lambda: self.give(sergey, region.school_1), "membership_one_active|organization_id")

    def test_a_role_that_ended_can_be_given_again(self, sergey, region):
        sergey.memberships.update(until=date(2026, 1, 1))
        self.give(sergey, region.school_1)
        assert sergey.memberships.count() == 2

    def test_several_roles_at_one_place_are_fine(self, sergey, region):
        assert self.give(sergey, region.school_1, Role.METHODIST).pk

    def test_a_role_cannot_end_before_it_begins(self, sergey, region):
        refused(
            lambda: self.give(sergey, region.school_2, until=date(2025, 12, 31)),
            "membership_until_after_since",
        )

    def test_the_day_of_the_end_is_the_first_without_the_role(self, sergey, region):
        membership = self.give(sergey, region.school_2, until=date(2026, 6, 1))
        active = Membership.objects.active
        assert membership not in active(date(2025, 12, 31))
        assert membership in active(date(2026, 1, 1))
        assert membership in active(date(2026, 5, 31))
        assert membership not in active(date(2026, 6, 1))
