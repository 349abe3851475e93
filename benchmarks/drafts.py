"""Prepares a draft by the application's own models: ``python -m benchmarks.drafts COUNT``.

A process of its own, because the measuring knows no Django: it looks at the server from outside.
Prints the slug of the draft, which has so many recommendations for every organisation that executes
something.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup()

from django.db import transaction  # noqa: E402  # Django is set up first
from django.utils import timezone  # noqa: E402

from organizations.models import Organization  # noqa: E402
from resolutions.models import Recommendation, Resolution, Section  # noqa: E402

TITLE = "Резолюция для измерения отправки (нагрузочные данные)"
TEXT = "Обеспечить повышение квалификации педагогов и представить сведения о его результатах, № {}."


@transaction.atomic
def draft(count: int) -> Resolution:
    """Store a draft of so many recommendations, due in the months to come."""
    kinds = Organization.Kind
    today = timezone.localdate()
    issuer = Organization.objects.get(kind=kinds.DEPARTMENT)
    resolution = Resolution.objects.create(
        title=TITLE, issuer=issuer, event_date=today, is_demonstration=True
    )
    section = Section.objects.create(
        resolution=resolution,
        heading="Образовательным организациям",
        nominative="образовательные организации",
        position=1,
    )
    below = Organization.objects.exclude(kind__in=[kinds.DEPARTMENT, kinds.MUNICIPAL_AUTHORITY])
    section.organizations.set(below)
    rows = [
        Recommendation(
            section=section,
            position=place,
            printed_number=f"1.{place}",
            text=TEXT.format(place),
            deadline_text=f"до {today + timedelta(days=30 + 10 * place):%d.%m.%Y}",
        )
        for place in range(1, count + 1)
    ]
    for each in rows:
        each.date_by_words(today)
    Recommendation.objects.bulk_create(rows)
    return resolution


if __name__ == "__main__":
    print(draft(int(sys.argv[1])).slug)
