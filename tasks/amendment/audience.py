"""Whom a sent resolution goes to: organisations added, organisations withdrawn.

Afterwards ``audiences_of`` means whom the tasks mean: what was added or taken away is recorded in
the organisations, groups and exclusions of the section or the recommendation, and where their
rules alone would give another set, the recommendation's own lists make up the difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.groups import group_members
from organizations.models import Organization, OrganizationGroup
from resolutions.audiences import audiences_of, has_own_audience
from resolutions.models import Recommendation, Resolution, Section
from tasks.amendment.acts import FINISHED, OPEN, Amendment, Preview, Row, part, present
from tasks.bulk import Why, assign, step
from tasks.models import Task, TaskEvent
from tasks.querysets import TaskQuerySet

S = Task.Status
A = TaskEvent.Action


@dataclass(frozen=True)
class Place:
    """Where in a resolution: one recommendation, or a section, or (neither) the whole."""

    resolution: Resolution
    section: Section | None = None
    recommendation: Recommendation | None = None

    def recommendations(self) -> list[Recommendation]:
        """Return the recommendations there, in the order of the paper, with whom they name."""
        found = Recommendation.objects.filter(section__resolution=self.resolution)
        if self.recommendation:
            found = found.filter(pk=self.recommendation.pk)
        elif self.section:
            found = found.filter(section=self.section)
        names = ("organizations", "groups")
        sections = (f"section__{name}" for name in names)
        return list(
            found.select_related("section")
            .prefetch_related(*names, *sections)
            .order_by("section__position", "section__pk", "position", "pk")
        )


@dataclass(frozen=True)
class Withdrawal(Amendment):
    """Organisations that the recommendations there no longer mean."""

    place: Place
    organizations: tuple[Organization, ...]
    day: date = field(default_factory=timezone.localdate)

    def paper(self) -> Resolution:
        """Return the resolution they are withdrawn from."""
        return self.place.resolution

    def scope(self) -> TaskQuerySet:
        """Their tasks there."""
        there = [each.pk for each in self.place.recommendations()]
        return Task.objects.filter(recommendation__in=there, executor__in=self.organizations)

    def weigh(self, rows: list[Row]) -> Preview:
        """Part the open tasks from the finished ones."""
        cancelled = [row for row in rows if row.status in OPEN]
        return Preview(
            present(
                part("cancelled", cancelled),
                part("finished", (row for row in rows if row.status in FINISHED), changes=False),
            ),
            refusal="" if cancelled else _("These organizations have no open task there."),
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Cancel what is open; the recommendations mean these organisations no longer."""
        cancelled = preview.part("cancelled")
        step(cancelled.keys, why, A.CANCEL, S.CANCELLED, reported_on=None)
        gone = cancelled.by_recommendation()
        meant = audiences_of(self.paper(), self.day).recommendations
        record(
            self.paper(), {key: meant[key] - executors for key, executors in gone.items()}, self.day
        )


@dataclass(frozen=True)
class Enlargement(Amendment):
    """Organisations that the recommendations there mean from now on.

    Each gets the task it lacks, never a second one. One that was cancelled is restored only where
    ``restore`` asks for it. In a section or a whole resolution, recommendations with executors of
    their own are passed over: an organisation added to «schools» is not «school № 17».
    """

    place: Place
    organizations: tuple[Organization, ...]
    groups: tuple[OrganizationGroup, ...] = ()
    restore: bool = False
    day: date = field(default_factory=timezone.localdate)

    def paper(self) -> Resolution:
        """Return the resolution they are added to."""
        return self.place.resolution

    def scope(self) -> TaskQuerySet:
        """Their tasks there."""
        there = [each.pk for each in self.targets()]
        return Task.objects.filter(recommendation__in=there, executor__in=self.chosen())

    def targets(self) -> list[Recommendation]:
        """Return the recommendations that the organisations are added to."""
        found = [each for each in self.place.recommendations() if each.cancelled_at is None]
        if self.place.recommendation:
            return found
        return [each for each in found if _follows_its_section(each)]

    def chosen(self) -> set[int]:
        """Return the keys of the organisations, those of the groups included, closed ones not."""
        named = {each.pk for each in self.organizations if each.is_open_on(self.day)}
        return named.union(*group_members(self.groups, self.day).values())

    def weigh(self, rows: list[Row]) -> Preview:
        """Part the tasks that are missing, cancelled and there already."""
        targets, chosen = self.targets(), sorted(self.chosen())
        there = {(row.recommendation, row.executor) for row in rows}
        created = [
            Row(None, each.pk, key, "", each.due_on)
            for each in targets
            for key in chosen
            if (each.pk, key) not in there
        ]
        cancelled = [row for row in rows if row.status == S.CANCELLED]
        changed = [*created, *(cancelled if self.restore else ())]
        return Preview(
            present(
                part("created", created),
                part(
                    "restored" if self.restore else "left_cancelled",
                    cancelled,
                    changes=self.restore,
                ),
                part("there", (row for row in rows if row.status != S.CANCELLED), changes=False),
            ),
            (self.restore,),
            "" if changed else self._refusal(chosen, targets, cancelled),
            self._notes(targets),
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Create and restore the tasks, and record whom the recommendations mean now."""
        targets = {each.pk: each for each in self.targets()}
        chosen = self.chosen()
        meant = audiences_of(self.paper(), self.day).recommendations
        for key, executors in preview.part("created").by_recommendation().items():
            assign(targets[key], executors, why)
        step(preview.part("restored").keys, why, A.RESTORE, S.ASSIGNED)
        left = preview.part("left_cancelled").by_recommendation()
        for key in targets:
            meant[key] = (meant[key] | chosen) - left.get(key, set())
        for owner in self._owners(targets.values()):
            owner.organizations.add(*self.organizations)
            owner.groups.add(*self.groups)
            owner.exclusions.remove(*chosen)
        record(self.paper(), meant, self.day)

    def _owners(self, targets: Iterable[Recommendation]) -> list[Section | Recommendation]:
        """Return where a reader looks for the names: the sections, and who names bodies itself."""
        owners: dict[tuple[str, int], Section | Recommendation] = {}
        for each in targets:
            if self.place.recommendation and not has_own_audience(each):
                _take_over(each)
            if self.place.recommendation or has_own_audience(each):
                owners["recommendation", each.pk] = each
            else:
                owners["section", each.section_id] = each.section
        return list(owners.values())

    def _refusal(
        self, chosen: Collection[int], targets: Collection[object], cancelled: Collection[object]
    ) -> str:
        if not targets:
            return _("No recommendation there takes further organizations.")
        if not chosen:
            return _("The groups and organizations chosen mean nobody who is open today.")
        if cancelled:
            return _("All of them have these tasks; the cancelled ones stay as they are.")
        return _("All of them have these tasks already.")

    def _notes(self, targets: Collection[Recommendation]) -> tuple[str, ...]:
        taken = {each.pk for each in targets}
        passed = [each for each in self.place.recommendations() if each.pk not in taken]
        own = [each for each in passed if each.cancelled_at is None]
        cancelled = [each for each in passed if each.cancelled_at is not None]
        notes = []
        if own:
            notes.append(
                ngettext(
                    "%(count)s recommendation has executors of its own and is passed over: "
                    "%(names)s.",
                    "%(count)s recommendations have executors of their own and are passed over: "
                    "%(names)s.",
                    len(own),
                )
                % {"count": len(own), "names": _names(own)}
            )
        if cancelled:
            notes.append(
                ngettext(
                    "%(count)s recommendation is cancelled and is passed over: %(names)s.",
                    "%(count)s recommendations are cancelled and are passed over: %(names)s.",
                    len(cancelled),
                )
                % {"count": len(cancelled), "names": _names(cancelled)}
            )
        return tuple(notes)


def withdrawn_from(section: Section) -> set[int]:
    """Return the organisations (by key) that a section means no longer; three queries.

    A withdrawal stands with the recommendations that were there. Who was withdrawn from all of
    them that follow the section, but for what was finished before, was withdrawn from the section.
    Who was an exception from the beginning never had a task: that says nothing of the section.
    """
    found = section.recommendations.filter(cancelled_at=None)
    followers = {
        each.pk: {one.pk for one in each.exclusions.all()}
        for each in found.prefetch_related("organizations", "groups", "exclusions")
        if not has_own_audience(each)
    }
    excluded = set().union(*followers.values())
    tasks = Task.objects.filter(recommendation__in=followers, executor__in=excluded)
    rows = tasks.values_list("recommendation", "executor", "status")
    status = {(recommendation, executor): each for recommendation, executor, each in rows}

    def is_through(recommendation: int, key: int) -> bool:
        return key in followers[recommendation] or status.get((recommendation, key)) in FINISHED

    return {
        key
        for (recommendation, key), each in status.items()
        if each == S.CANCELLED
        and key in followers[recommendation]
        and all(is_through(other, key) for other in followers)
    }


def record(resolution: Resolution, wanted: Mapping[int, set[int]], day: date) -> None:
    """Make the recommendations (by key) mean exactly the organisations wanted, whatever the rules.

    Who is meant too much becomes an exception; who is missing is no exception any more, and is
    named where no rule means them.
    """
    surplus = _difference(audiences_of(resolution, day).recommendations, wanted)
    for each in Recommendation.objects.filter(pk__in=surplus):
        each.exclusions.add(*surplus[each.pk])
    lacking = _missing(resolution, wanted, day)
    for each in Recommendation.objects.filter(pk__in=lacking):
        each.exclusions.remove(*lacking[each.pk])
    lacking = _missing(resolution, wanted, day)
    for each in Recommendation.objects.filter(pk__in=lacking).select_related("section"):
        if not has_own_audience(each):
            _take_over(each)
        each.organizations.add(*lacking[each.pk])


def _missing(
    resolution: Resolution, wanted: Mapping[int, set[int]], day: date
) -> dict[int, set[int]]:
    return _difference(wanted, audiences_of(resolution, day).recommendations)


def _difference(more: Mapping[int, set[int]], less: Mapping[int, set[int]]) -> dict[int, set[int]]:
    return {key: more[key] - less[key] for key in more if key in less and more[key] - less[key]}


def _take_over(each: Recommendation) -> None:
    """Name itself whom its section names: what is added next would else replace them."""
    each.organizations.add(*each.section.organizations.all())
    each.groups.add(*each.section.groups.all())
    each.exclusions.add(*each.section.exclusions.all())


def _follows_its_section(each: Recommendation) -> bool:
    """Whether it names nobody itself, or all whom its section names and perhaps others."""
    if not has_own_audience(each):
        return True
    section = each.section
    return has_own_audience(section) and all(
        {one.pk for one in getattr(section, name).all()}
        <= {one.pk for one in getattr(each, name).all()}
        for name in ("organizations", "groups")
    )


def _names(recommendations: Iterable[Recommendation]) -> str:
    listed = [each.printed_number or each.text[:40] for each in recommendations]
    return ", ".join(listed[:10]) + ("…" if len(listed) > 10 else "")
