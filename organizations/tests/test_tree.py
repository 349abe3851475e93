"""The tree of organisations: one range finds a subtree, and a move takes all below along."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory


def test_a_subtree_is_the_organisation_and_all_below_it(region):
    found = set(Organization.objects.subtree_of(region.lakeside))
    assert found == {region.lakeside, region.school_1, region.school_2, region.kindergarten}


def test_every_organisation_knows_its_municipality(region):
    assert region.school_1.municipality == region.lakeside
    assert region.lakeside.municipality == region.lakeside
    assert region.boarding_school.municipality is None


def test_a_move_takes_the_whole_subtree_along(region):
    region.lakeside.parent = region.other_department
    region.lakeside.save()
    below = set(Organization.objects.subtree_of(region.other_department))
    assert region.school_1 in below
    assert region.school_1 not in Organization.objects.subtree_of(region.department)


def test_a_school_that_becomes_an_authority_is_the_municipality_of_what_is_below(region):
    branch = OrganizationFactory(parent=region.school_1)
    region.school_1.kind = Organization.Kind.MUNICIPAL_AUTHORITY
    region.school_1.save()
    branch.refresh_from_db()
    assert branch.municipality == region.school_1


def test_a_move_with_old_knowledge_takes_the_subtree_from_where_it_stands_now(region):
    """Somebody has moved the authority meanwhile; the one who moves its school has not seen it."""
    club = OrganizationFactory(name="Клуб", parent=region.school_1)
    school = Organization.objects.get(pk=region.school_1.pk)
    region.lakeside.parent = region.other_department
    region.lakeside.save()
    school.parent = region.riverside
    school.save()
    club.refresh_from_db()
    riverside = Organization.objects.get(pk=region.riverside.pk)
    assert club in Organization.objects.subtree_of(riverside)
    assert club.municipality == region.riverside
    assert school in Organization.objects.subtree_of(riverside)


def test_saving_with_old_knowledge_leaves_the_place_as_it_is(region):
    school = Organization.objects.get(pk=region.school_1.pk)
    region.lakeside.parent = region.other_department
    region.lakeside.save()
    school.phone = "2-12-85"
    school.save()
    school.refresh_from_db()
    assert school in Organization.objects.subtree_of(region.other_department)


@pytest.fixture
def chain(db) -> list[Organization]:
    """Thirty-one organisations, each of which answers to the one before."""
    links = [OrganizationFactory()]
    for _number in range(30):
        links.append(OrganizationFactory(parent=links[-1]))
    return links


def test_a_chain_of_more_than_30_levels_is_refused(chain):
    below = OrganizationFactory.build(parent=chain[-1])
    with pytest.raises(ValidationError):
        below.full_clean()
    with pytest.raises(ValidationError):
        below.save()
    assert Organization.objects.count() == 31


def test_what_hangs_below_a_moved_organisation_counts(chain, region):
    region.lakeside.parent = chain[-2]
    with pytest.raises(ValidationError):
        region.lakeside.full_clean()
    with pytest.raises(ValidationError):
        region.lakeside.save()
    region.lakeside.parent = chain[-3]
    region.lakeside.full_clean()
    region.lakeside.save()
    region.school_1.refresh_from_db()
    assert len(region.school_1.path) == len(chain[-1].path)


def test_nothing_can_answer_to_what_is_below_it(region):
    region.department.parent = region.school_1
    with pytest.raises(ValidationError):
        region.department.full_clean()
    with pytest.raises(ValidationError):
        region.department.save()
    region.department.refresh_from_db()
    assert region.department.parent is None


def test_the_database_itself_refuses_an_organisation_answering_to_itself(region):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=region.school_1.pk).update(parent=region.school_1.pk)


def test_a_subtree_costs_one_query_whatever_its_size(region, queries_of):
    def count() -> int:
        return queries_of(lambda: list(Organization.objects.subtree_of(region.lakeside)))

    few = count()
    OrganizationFactory.create_batch(30, parent=region.lakeside)
    assert count() == few == 1
