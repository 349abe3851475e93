"""Whom an addressee may mean: the best few of the directory, offered, never linked by themselves.

An addressee names a body («Институт развития образования») or a class («Общеобразовательные
организации»). A class is a group: one that is there already, or a rule *kinds within the issuer's
territory* that becomes a group when a person chooses it. What was chosen is remembered with the
issuer and offered first when the same addressee is met again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from organizations.folding import fold
from organizations.groups import group_members
from organizations.models import Organization, OrganizationGroup, User
from resolutions.documents import KnownAddressee
from resolutions.recognition.bodies import closeness, kinds_named, stems

OFFERED = 5
# Below this nearness two names have hardly a word in common.
NEAR_ENOUGH = 45.0
_CLASS, _LIKELY_CLASS = 70.0, 95.0
# A class of so many organisations has words of its own; a school in it has too, but is not meant.
_UNLIKELY_BODY = 0.75


@dataclass(frozen=True, slots=True)
class Meant:
    """Organisations and groups, by their keys."""

    organizations: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.organizations or self.groups)

    def as_json(self) -> dict[str, list[int]]:
        """Return it as a document stores it."""
        return {"organizations": list(self.organizations), "groups": list(self.groups)}

    @classmethod
    def of(cls, stored: Mapping[str, list[int]] | None) -> Meant:
        """Return what a document has stored."""
        stored = stored or {}
        return cls(tuple(stored.get("organizations", ())), tuple(stored.get("groups", ())))


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the few that an addressee may mean; ``key`` is what the form sends back."""

    key: str
    name: str
    detail: str = ""  # where it is
    count: int | None = None  # organisations in a group or class
    as_before: bool = False
    nearness: float = field(default=0.0, compare=False)


def addressee_key(nominative: str) -> str:
    """Return the name under which an addressee is remembered."""
    return " ".join(fold(nominative).split())[:1000]


def offers_for(
    nominative: str, collective: bool, *, issuer: Organization, person: User, day: date
) -> list[Offer]:
    """Return the best few that an addressee may mean, the likeliest first; constant queries.

    ``nominative`` is its name, ``collective`` whether it names a class of organisations.
    """
    directory = _Directory(issuer, person, day)
    found = [
        *directory.remembered(nominative),
        *directory.classes(nominative, collective),
        *directory.groups(nominative, collective),
        *directory.bodies(nominative, collective),
    ]
    best = sorted(found, key=lambda each: (not each.as_before, -each.nearness, each.name))
    return best[:OFFERED]


def chosen(key: str, nominative: str, *, issuer: Organization, person: User) -> Meant | None:
    """Return what an offer means, or None for one that is not (or no longer) to be had.

    A class that is chosen becomes a group of the issuer, once.
    """
    kind, _colon, value = key.partition(":")
    if kind == "known":
        return known(issuer, person, [nominative]).get(addressee_key(nominative))
    if kind == "class":
        return _chosen_class(value, issuer, person)
    if not value.isdecimal() or len(value) > 18:
        return None
    if kind == "organization":
        rows = Organization.objects.visible_to(person).filter(pk=value)
        return Meant(organizations=(int(value),)) if rows.exists() else None
    groups = OrganizationGroup.objects.visible_to(person).filter(pk=value)
    return Meant(groups=(int(value),)) if kind == "group" and groups.exists() else None


def known(issuer: Organization, person: User, nominatives: Iterable[str]) -> dict[str, Meant]:
    """Return whom the addressees meant before, by their keys, within the person's sight."""
    rows = KnownAddressee.objects.filter(
        issuer=issuer, name__in={addressee_key(each) for each in nominatives}
    ).prefetch_related("organizations", "groups")
    loaded = list(rows)
    bodies = {each.pk for row in loaded for each in row.organizations.all()}
    groups = {each.pk for row in loaded for each in row.groups.all()}
    seen = set(
        Organization.objects.visible_to(person).filter(pk__in=bodies).values_list("pk", flat=True)
    )
    seen_groups = set(
        OrganizationGroup.objects.visible_to(person)
        .filter(pk__in=groups)
        .values_list("pk", flat=True)
    )
    found = {
        row.name: Meant(
            tuple(each.pk for each in row.organizations.all() if each.pk in seen),
            tuple(each.pk for each in row.groups.all() if each.pk in seen_groups),
        )
        for row in loaded
    }
    return {name: meant for name, meant in found.items() if meant}


def remember(issuer: Organization, person: User, nominative: str, meant: Meant) -> None:
    """Keep whom an addressee means, for the next paper of the issuer."""
    row, _created = KnownAddressee.objects.update_or_create(
        issuer=issuer, name=addressee_key(nominative), defaults={"chosen_by": person}
    )
    row.organizations.set(meant.organizations)
    row.groups.set(meant.groups)


class _Directory:
    """What the issuer's coordinator sees, loaded once: names, kinds, places in the tree."""

    def __init__(self, issuer: Organization, person: User, day: date) -> None:
        self.issuer, self.person, self.day = issuer, person, day
        columns = ("pk", "name", "short_name", "kind", "path", "municipality_id")
        self.rows = list(
            Organization.objects.visible_to(person).open_on(day).order_by().values_list(*columns)
        )
        self.names = {row[0]: row[2] or row[1] for row in self.rows}

    def remembered(self, nominative: str) -> list[Offer]:
        meant = known(self.issuer, self.person, [nominative]).get(addressee_key(nominative))
        if meant is None:
            return []
        names = dict(Organization.objects.in_bulk(meant.organizations))
        groups = OrganizationGroup.objects.in_bulk(meant.groups)
        inside = group_members(groups.values(), self.day)
        everybody = {*meant.organizations}.union(*inside.values())
        named = [*map(str, groups.values()), *map(str, names.values())]
        shown = ", ".join(named[:3]) + (" …" if len(named) > 3 else "")
        return [Offer("known:", shown, count=len(everybody), as_before=True, nearness=200.0)]

    def classes(self, nominative: str, collective: bool) -> list[Offer]:
        kinds = kinds_named(nominative)
        numbered = any(word.isdecimal() for word in stems(nominative))  # «ОО № 17» is one body
        if not kinds or (numbered and not collective):
            return []
        within_pk, within_path, within_name = self._territory(nominative)
        count = sum(
            row[3] in kinds and row[4].startswith(within_path) and row[0] != self.issuer.pk
            for row in self.rows
        )
        if not count:
            return []
        labels = ", ".join(str(Organization.Kind(kind).label).lower() for kind in kinds)
        return [
            Offer(
                f"class:{within_pk}.{','.join(kinds)}",
                _("All within the territory: %(kinds)s") % {"kinds": labels},
                within_name,
                count,
                nearness=_LIKELY_CLASS if collective else _CLASS,
            )
        ]

    def groups(self, nominative: str, collective: bool) -> list[Offer]:
        kinds = set(kinds_named(nominative))
        found = []
        for group in OrganizationGroup.objects.visible_to(self.person).select_related("within"):
            near = closeness(nominative, group.name)
            if kinds and kinds == set(group.kinds):
                near = max(near, _LIKELY_CLASS + 1 if collective else _CLASS + 1)
            if near >= NEAR_ENOUGH:
                found.append((near, group))
        best = sorted(found, key=lambda each: -each[0])[:OFFERED]
        inside = group_members([group for _near, group in best], self.day)
        return [
            Offer(f"group:{group.pk}", group.name, "", len(inside[group.pk]), nearness=near)
            for near, group in best
        ]

    def bodies(self, nominative: str, collective: bool) -> list[Offer]:
        weight = _UNLIKELY_BODY if collective else 1.0
        found = []
        for pk, name, short_name, _kind, _path, municipality in self.rows:
            near = closeness(nominative, name)
            if short_name:
                near = max(near, closeness(nominative, short_name))
            if near * weight >= NEAR_ENOUGH:
                where = self.names.get(municipality, "") if municipality != pk else ""
                found.append(Offer(f"organization:{pk}", name, where, nearness=near * weight))
        return sorted(found, key=lambda each: -each.nearness)[:OFFERED]

    def _territory(self, nominative: str) -> tuple[int, str, str]:
        """Return the municipality that the addressee names («школам Озёрного района»), else all."""
        wanted = stems(nominative)
        authorities = [row for row in self.rows if row[3] == Organization.Kind.MUNICIPAL_AUTHORITY]
        usual = [stems(row[1]) for row in authorities]
        common = frozenset.intersection(*usual) if len(usual) > 1 else stems(_USUAL_AUTHORITY)
        for row, words in zip(authorities, usual, strict=True):
            own = words - common - stems(_USUAL_AUTHORITY)
            if own and own <= wanted:
                return row[0], row[4], row[2] or row[1]
        return self.issuer.pk, self.issuer.path, str(self.issuer)


_USUAL_AUTHORITY = (
    "управление отдел департамент комитет образования администрации муниципального городского "
    "района округа города демонстрационный"
)


def _chosen_class(value: str, issuer: Organization, person: User) -> Meant | None:
    within_pk, _dot, listed = value.partition(".")
    kinds = sorted(set(listed.split(",")) & set(Organization.Kind.values))
    if not kinds or not within_pk.isdecimal() or len(within_pk) > 18:
        return None
    within = Organization.objects.visible_to(person).subtree_of(issuer).filter(pk=within_pk).first()
    if within is None:
        return None
    for group in issuer.owned_groups.filter(within=within, members=None, exclusions=None).order_by(
        "pk"
    ):
        if sorted(group.kinds) == kinds:
            return Meant(groups=(group.pk,))
    labels = ", ".join(str(Organization.Kind(kind).label).lower() for kind in kinds)
    name = f"{labels[:1].upper()}{labels[1:]}: {within}"[:300]
    group, _created = OrganizationGroup.objects.get_or_create(
        owner=issuer, name=name, defaults={"kinds": kinds, "within": within}
    )
    return Meant(groups=(group.pk,))
