"""Olga says whom the addressees of a checked paper mean, and makes the draft of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from organizations.models import OrganizationGroup
from resolutions.models import Resolution
from resolutions.recognition.structure import Role
from resolutions.tests.marked_papers import ROWS, document_of, marked, post, roles, told

SCHOOLS = "Общеобразовательные организации"


class TestWhomAddresseesMean:
    def offers(self, desk, document, place="2-0"):
        page = desk.get(f"{document.get_absolute_url()}?at={place}")
        return page.context["inspector"].offers

    def test_nothing_is_linked_by_itself(self, document, desk):
        assert self.offers(desk, document)
        post(desk, document, "draft")
        sections = Resolution.objects.get().sections.all()
        assert not any(each.organizations.exists() or each.groups.exists() for each in sections)

    def test_a_class_becomes_a_group_of_the_issuer_once(self, document, desk, region):
        offer = next(each for each in self.offers(desk, document) if each.key.startswith("class:"))
        assert offer.count == 4
        for _twice in range(2):
            answer = post(desk, document, "audience", offer=offer.key, nominative=SCHOOLS)
        group = OrganizationGroup.objects.get()
        assert (group.kinds, group.within, group.owner) == (
            ["SCHOOL"],
            region.department,
            region.department,
        )
        section = answer.context["review"].sections[0]
        assert (section.chosen, section.organizations) == (True, 4)
        assert answer.context["review"].tasks == 8

    def test_a_choice_is_remembered_and_offered_first_next_time(self, document, desk, region, olga):
        offer = self.offers(desk, document, "5-0")[0]
        assert offer.key == f"organization:{region.institute.pk}"
        nominative = "Институт развития образования"
        post(desk, document, "audience", offer=offer.key, nominative=nominative)
        again = document_of(marked(*ROWS, ("конец", Role.CLOSING)), region.department, olga)
        first = self.offers(desk, again, "5-0")[0]
        assert (first.as_before, first.count) == (True, 1)
        assert not desk.get(again.get_absolute_url()).context["review"].sections[1].chosen
        answer = post(desk, again, "audience", all="1")
        assert answer.context["review"].sections[1].chosen

    def test_others_are_chosen_by_hand(self, document, desk, region):
        chosen = [region.school_1.pk, region.kindergarten.pk]
        answer = post(
            desk, document, "audience", organizations=chosen, nominative=SCHOOLS, place="2-0"
        )
        assert answer.context["review"].sections[0].organizations == 2
        answer = post(desk, document, "audience", nominative=SCHOOLS, place="2-0")
        assert answer.context["inspector"].form.errors  # nobody is no choice
        assert answer.context["row"].place == "2-0"

    @pytest.mark.parametrize("offer", ["group:1", "organization:x", "class:1.KING", "known:", "?"])
    def test_what_was_not_offered_cannot_be_chosen(self, document, desk, offer):
        assert told(post(desk, document, "audience", offer=offer, nominative=SCHOOLS)) == [
            "warning"
        ]
        document.refresh_from_db()
        assert document.audiences == {}

    def test_organisations_beyond_sight_cannot_be_chosen(self, document, desk, region):
        foreign = region.other_school.pk
        for data in (
            {"offer": f"organization:{foreign}"},
            {"offer": f"class:{region.other_department.pk}.SCHOOL"},
            {"organizations": [foreign]},
        ):
            post(desk, document, "audience", nominative=SCHOOLS, **data)
        document.refresh_from_db()
        assert document.audiences == {}
        assert not OrganizationGroup.objects.exists()


class TestTheDraft:
    def test_it_holds_the_paper_its_audiences_and_the_places_in_it(self, document, desk, region):
        meant = [region.school_1.pk, region.school_2.pk]
        post(desk, document, "audience", organizations=meant, nominative=SCHOOLS)
        answer = post(desk, document, "draft")
        resolution = Resolution.objects.get()
        assert resolution.source_document == document
        assert answer.redirect_chain[-1][0] == reverse(
            "resolutions:resolution_update", args=[resolution.slug]
        )
        schools = resolution.sections.first()
        assert set(schools.organizations.all()) == {region.school_1, region.school_2}
        first, second = schools.recommendations.all()
        assert (first.due_on, second.due_on) == (date(2026, 10, 1), None)
        assert (first.place_in_source, second.place_in_source) == ("3-0", "4-0")
        link = f"{document.get_absolute_url()}?at=3-0#at-3-0"
        assert link in answer.content.decode()
        assert 'id="at-3-0"' in desk.get(link).content.decode()

    def test_a_double_press_makes_one_draft_and_leads_to_it(self, document, desk):
        first = post(desk, document, "draft", version=1)
        second = post(desk, document, "draft", version=1)
        assert Resolution.objects.count() == 1
        assert second.redirect_chain[-1] == first.redirect_chain[-1]

    def test_after_it_the_marking_is_as_it_was(self, document, desk):
        post(desk, document, "draft")
        assert told(post(desk, document, act="role:CLOSING", piece=4)) == ["warning"]
        assert roles(document)[4] is Role.ITEM
        page = desk.get(document.get_absolute_url())
        assert page.context["review"].doubts == []  # nothing is asked any more
        assert 'name="act"' not in page.content.decode()

    def test_when_the_draft_is_deleted_the_document_is_in_work_again(self, document, desk):
        post(desk, document, "draft")
        Resolution.objects.get().delete()
        assert document.get_absolute_url() in desk.get("/documents/").content.decode()
        post(desk, document, "draft")
        assert Resolution.objects.count() == 1

    def test_a_part_that_does_not_fit_is_named_and_nothing_is_made(self, region, olga, desk):
        rows = (ROWS[0], (f"{'Школам и садам ' * 90}:", Role.ADDRESSEE), ROWS[3])
        long = document_of(marked(*rows), region.department, olga)
        assert told(post(desk, long, "draft")) == ["warning"]
        assert not Resolution.objects.exists()
        long.refresh_from_db()
        assert long.version == 1

    def test_a_paper_without_a_title_takes_the_name_of_its_file(self, region, olga, desk):
        untitled = document_of(marked(*ROWS[1:]), region.department, olga)
        post(desk, untitled, "draft")
        assert Resolution.objects.get().title == "Резолюция семинара"
