"""What the database itself refuses, whoever writes: resolutions, sections, recommendations."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from resolutions.models import Recommendation, Resolution, Section


def refused(act, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


class TestResolution:
    def update(self, resolution, **values):
        return lambda: Resolution.objects.filter(pk=resolution.pk).update(**values)

    def test_it_has_a_title(self, draft):
        refused(self.update(draft, title=""), "resolution_has_title")

    def test_it_is_sent_exactly_when_it_is_no_draft(self, draft):
        refused(self.update(draft, status="ON_CONTROL"), "resolution_sent_unless_draft")
        refused(self.update(draft, sent_at=timezone.now()), "resolution_sent_unless_draft")
        self.update(draft, status="ON_CONTROL", sent_at=timezone.now())()

    def test_its_address_is_its_own(self, draft, region):
        refused(
            lambda: Resolution.objects.create(
                title="Другая", issuer=region.department, slug=draft.slug
            ),
            "slug",
        )

    def test_a_draft_goes_with_its_parts(self, draft):
        draft.delete()
        assert not Section.objects.exists()
        assert not Recommendation.objects.exists()

    def test_what_was_sent_stays(self, draft):
        Resolution.objects.filter(pk=draft.pk).update(status="ARCHIVED", sent_at=timezone.now())
        draft.refresh_from_db()
        with pytest.raises(ValidationError):
            draft.delete()
        assert Recommendation.objects.exists()

    def test_its_issuer_and_addressees_stay(self, draft, region):
        with pytest.raises(ProtectedError):
            region.department.delete()


class TestParts:
    def test_a_section_says_whom_it_addresses(self, draft):
        refused(lambda: draft.sections.update(heading=""), "section_has_heading")

    def test_a_recommendation_says_something(self, draft):
        refused(lambda: Recommendation.objects.update(text=""), "recommendation_has_text")

    def test_it_is_not_due_before_it_starts(self, draft):
        refused(
            lambda: Recommendation.objects.update(
                starts_on=date(2026, 10, 2), due_on=date(2026, 10, 1)
            ),
            "recommendation_due_after_start",
        )
        Recommendation.objects.update(starts_on=date(2026, 10, 1), due_on=date(2026, 10, 1))

    def test_a_start_without_an_end_is_fine(self, draft):
        Recommendation.objects.update(starts_on=date(2026, 10, 1), due_on=None)
        assert Recommendation.objects.filter(due_on=None).exists()

    def test_numbers_are_text_and_positions_make_the_order(self, draft):
        """«1.10» follows «1.9»; two of one number are legal, papers have them."""
        section = draft.sections.last()
        section.recommendations.all().delete()
        for position, number in enumerate(["1.9", "1.10", "1.10"], start=1):
            Recommendation.objects.create(
                section=section, printed_number=number, position=position, text="Сделать."
            )
        numbers = [each.printed_number for each in section.recommendations.all()]
        assert numbers == ["1.9", "1.10", "1.10"]
