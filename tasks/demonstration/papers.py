"""Papers of the demonstration: which outline, issued by whom, and whom each section means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from organizations.models import Organization, OrganizationGroup
from resolutions.importing import import_outline
from resolutions.models import Recommendation, Resolution
from tasks.demonstration.directory import REGION, TOWN

K = Organization.Kind


@dataclass(frozen=True, slots=True)
class Group:
    """A rule that names a set of organisations within those that answer to ``owner``."""

    name: str
    owner: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One resolution; ``sent_on`` is a day, or days from today, or None for a draft.

    ``sections`` say whom each section means: a group, or an organisation by its code; ``own`` the
    same for recommendations that mean somebody else, by "section.place". ``accepted`` are sections
    and recommendations ("2", "3.5") whose reports a controller accepts.
    """

    slug: str
    issuer: str
    sections: tuple[Group | str, ...]
    sent_on: date | int | None
    own: dict[str, str] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()
    columns: dict[str, Any] = field(default_factory=dict)
    # By when everything was decided, and the paper was taken off control; None: it goes on.
    ends_on: date | None = None


SCHOOLS = Group("Общеобразовательные организации области", REGION, (K.SCHOOL,))
AUTHORITIES = Group(
    "Органы управления образованием муниципальных районов и округов",
    REGION,
    (K.MUNICIPAL_AUTHORITY,),
)
TOWN_ORGANIZATIONS = Group(
    "Образовательные организации городского округа",
    TOWN,
    (K.SCHOOL, K.PRESCHOOL, K.SUPPLEMENTARY),
)

PAPERS = (
    Paper(
        "seed-vologda",
        REGION,
        (REGION, f"{REGION}-80", AUTHORITIES, SCHOOLS),
        sent_on=date(2017, 12, 5),
        # The paper gives no year: its model was tried in 2017, its deadlines are in 2018.
        columns={"event_date_words": "29 ноября"},
        ends_on=date(2019, 1, 31),
    ),
    Paper(
        "seed-salda",
        TOWN,
        (TOWN, TOWN_ORGANIZATIONS),
        sent_on=date(2021, 8, 30),
        own={"1.3": f"{TOWN}-17"},
        columns={
            "event_date_words": "26 августа 2021г.",
            "document_date": date(2021, 8, 26),
            "place": "г. Верхняя Салда",
        },
        ends_on=date(2023, 1, 31),
    ),
    Paper(
        "demo-mentoring",
        REGION,
        (REGION, AUTHORITIES, SCHOOLS),
        sent_on=-40,
        accepted=("2", "3.5", "3.6"),
    ),
    Paper("demo-reading", REGION, (AUTHORITIES, SCHOOLS), sent_on=None),
)


def missing_papers() -> list[Paper]:
    """Return the papers never loaded here: a draft that a visitor deleted stays deleted."""
    slugs = [paper.slug for paper in PAPERS]
    met = set(Resolution.history.filter(slug__in=slugs).values_list("slug", flat=True))
    return [paper for paper in PAPERS if paper.slug not in met]


def load_draft(paper: Paper, organizations: dict[str, Organization], today: date) -> Resolution:
    """Store a paper as a draft, with the groups and organisations it means."""
    resolution = import_outline(
        read_outline(paper.slug, today),
        issuer=organizations[paper.issuer],
        slug=paper.slug,
        is_demonstration=True,
        **paper.columns,
    )
    for section, meant in zip(resolution.sections.all(), paper.sections, strict=True):
        if isinstance(meant, Group):
            section.groups.add(_stored_group(meant, organizations[meant.owner]))
        else:
            section.organizations.add(organizations[meant])
    for place, code in paper.own.items():
        section_place, position = place.split(".")
        Recommendation.objects.get(
            section__resolution=resolution,
            section__position=section_place,
            position=position,
        ).organizations.add(organizations[code])
    for each in Recommendation.objects.filter(section__resolution=resolution).select_related(
        "section"
    ):
        section_place = str(each.section.position)
        if {section_place, f"{section_place}.{each.position}"} & set(paper.accepted):
            each.acceptance_required = True
            each.save(update_fields=["acceptance_required"])
    return resolution


def read_outline(slug: str, today: date) -> dict[str, Any]:
    """Read a stored outline; «{day+4}» in it is the day four days from today, in words."""
    path = Path(settings.BASE_DIR) / "fixtures" / "outlines" / f"{slug}.json"

    def day(found: re.Match[str]) -> str:
        moved = today + timedelta(days=int(found["days"]))
        if found["form"] == "iso":
            return moved.isoformat()
        with translation.override("ru"):
            return date_format(moved, "j E Y г.")

    text = re.sub(r"\{(?P<form>day|iso)(?P<days>[+-]\d+)\}", day, path.read_text("utf-8"))
    outline: dict[str, Any] = json.loads(text)
    return outline


def _stored_group(group: Group, owner: Organization) -> OrganizationGroup:
    stored, _ = OrganizationGroup.objects.get_or_create(
        name=group.name, owner=owner, defaults={"kinds": list(group.kinds), "within": owner}
    )
    return stored
