"""Acts on a draft: every one claims the draft's next version first, in the same transaction.

Two people may edit one draft. Each page carries the version it was made from; an act that would
overwrite what somebody else has saved since finds no row to claim and raises ChangedMeanwhile. The
same UPDATE refuses a draft that has just been sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organizations.models import User
from resolutions.models import Recommendation, Resolution, Section


class ChangedMeanwhile(Exception):  # noqa: N818  # it is news for a person, not a fault
    """Somebody saved or sent the draft after the page was made; ``resolution`` is as it is now."""

    def __init__(self, resolution: Resolution) -> None:
        super().__init__(resolution.slug)
        self.resolution = resolution


@contextmanager
def editing(resolution: Resolution, person: User, seen_version: int | None) -> Iterator[None]:
    """Claim the next version of a draft; what is done inside is saved with it or not at all.

    ``seen_version`` is the one the person's page was made from, or None for an act that can
    overwrite nothing (adding). Raises ChangedMeanwhile, and then nothing has changed.
    """
    with transaction.atomic():
        claim = Resolution.objects.filter(pk=resolution.pk, status=Resolution.Status.DRAFT)
        if seen_version is not None:
            claim = claim.filter(version=seen_version)
        if not claim.update(version=F("version") + 1, updated_by=person, updated_at=timezone.now()):
            current = Resolution.objects.select_related("updated_by", "issuer")
            raise ChangedMeanwhile(current.get(pk=resolution.pk))
        resolution.refresh_from_db(fields=["version", "updated_by", "updated_at"])
        yield


def date_by_words_again(resolution: Resolution) -> None:
    """Work out anew what the words of deadlines mean, after the day they count from has changed.

    «Текущего года» and the like mean another year then; what a person has set stays.
    """
    by_words = Recommendation.objects.filter(
        section__resolution=resolution, deadline_set_by=Recommendation.DeadlineSetBy.WORDS
    ).exclude(deadline_text="")
    for each in by_words:
        each.date_by_words(resolution.basis_date, repeats=False)
        each.save()


def move_section(section: Section, step: int) -> None:
    """Move a section one place up (-1) or down (1) among its neighbours."""
    _move(list(section.resolution.sections.all()), section, step)


def move_recommendation(recommendation: Recommendation, step: int) -> None:
    """Move a recommendation up or down; past the edge of its section into the neighbouring one."""
    section = recommendation.section
    rows = list(section.recommendations.all())
    if 0 <= rows.index(recommendation) + step < len(rows):
        _move(rows, recommendation, step)
        return
    sections = list(section.resolution.sections.all())
    place = sections.index(section) + step
    if not 0 <= place < len(sections):
        return
    neighbours = list(sections[place].recommendations.all())
    recommendation.section = sections[place]
    recommendation.save(update_fields=["section"])
    place_in_order([recommendation, *neighbours] if step > 0 else [*neighbours, recommendation])


def place_in_order(rows: Sequence[Section | Recommendation]) -> None:
    """Number the rows 1, 2, 3 … as they stand."""
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            row.position = place
            row.save(update_fields=["position"])


def split_text(text: str) -> list[str]:
    """Return the parts of a text between empty lines."""
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return ["\n".join(part).strip() for part in parts if part]


def split(recommendation: Recommendation, parts: Sequence[str]) -> list[Recommendation]:
    """Make one recommendation of each part; the first stays, the others follow it directly.

    What was said of the whole (deadline, responsible, theme, whom it means) is said of each part:
    the person who splits sees it and takes away what does not fit.
    """
    first, *others = parts
    recommendation.text = first
    recommendation.save()
    rows = list(recommendation.section.recommendations.all())
    made = []
    for text in others:
        part = Recommendation.objects.get(pk=recommendation.pk)
        part.pk, part._state.adding = None, True  # noqa: SLF001  # Django's documented way to copy
        part.text, part.printed_number, part.subitems, part.source = text, "", [], []
        part.save()
        for name in ("organizations", "groups", "exclusions"):
            getattr(part, name).set(getattr(recommendation, name).all())
        made.append(part)
    after = rows.index(recommendation) + 1
    place_in_order([*rows[:after], *made, *rows[after:]])
    return made


def next_printed_number(section: Section) -> str:
    """Return the number that follows the section's last one: "1.9" gives "1.10", "3" gives "4".

    A first recommendation continues the section's own number ("2" gives "2.1"), else begins at "1".
    """
    last = section.recommendations.order_by("-position", "-pk").first()
    if last is None:
        return f"{section.printed_number}.1" if section.printed_number else "1"
    head, dot, tail = last.printed_number.rpartition(".")
    return f"{head}{dot}{int(tail) + 1}" if tail.isdecimal() else ""


def _move(
    rows: list[Section] | list[Recommendation], row: Section | Recommendation, step: int
) -> None:
    place = rows.index(row)  # type: ignore[arg-type]
    target = place + step
    if 0 <= target < len(rows):
        rows.insert(target, rows.pop(place))  # type: ignore[arg-type]
        place_in_order(rows)
