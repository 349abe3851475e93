"""The stored organisations as an import sees them: those within a coordinator's reach."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.folding import fold
from organizations.models import Organization, User
from organizations.roles import Role

# An ИНН together with a КПП.
Pair = tuple[str, str]
T = TypeVar("T")
# SQLite takes some hundreds of parameters in one statement.
_BATCH = 500


class UnrecognisedError(Exception):
    """It is not clear, or not permitted to know, which organisation a row means."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)


class Directory:
    """Organisations within the person's reach as coordinator, by key, code, ИНН + КПП and names."""

    def __init__(self, user: User, codes: Collection[str], pairs: Collection[Pair]) -> None:
        reachable = Organization.objects.in_reach_of(user, Role.COORDINATOR)
        self.organizations = {each.pk: each for each in reachable.order_by("pk")}
        self.by_code: dict[str, Organization] = {}
        self.by_pair: dict[Pair, list[Organization]] = defaultdict(list)
        self.by_name: dict[str, list[Organization]] = defaultdict(list)
        for each in self.organizations.values():
            self._index(each)
        outer = {each.parent_id for each in self.organizations.values() if each.parent_id}
        # The parents beyond reach: needed to plant what is below them, never shown.
        self.above = Organization.objects.in_bulk(outer - self.organizations.keys())
        self.own = self._only_place(user)
        self._foreign_codes, self._foreign_pairs = self._taken_beyond_reach(codes, pairs)

    def recognise(self, code: str, pair: Pair | None) -> Organization | None:
        """Return the stored organisation with this code, else with this ИНН + КПП, else None.

        Raises UnrecognisedError where several are meant, or one beyond reach.
        """
        found = self.by_code.get(code) if code else None
        if code in self._foreign_codes or (pair in self._foreign_pairs and not found):
            raise UnrecognisedError(UNREACHABLE)
        if pair is None or (found and pair == (found.inn, found.kpp)):
            return found
        return self._recognise_by_pair(found, code, pair)

    def _recognise_by_pair(
        self, found: Organization | None, code: str, pair: Pair
    ) -> Organization | None:
        same = self.by_pair.get(pair, [])
        if found and (pair in self._foreign_pairs):
            raise UnrecognisedError(UNREACHABLE)
        if found:
            if same:
                raise UnrecognisedError(
                    _("The code means «%(one)s», but this INN with this KPP means «%(other)s».")
                    % {"one": found, "other": same[0]}
                )
            return found
        if len(same) > 1:
            raise UnrecognisedError(
                _("Several organisations have this INN and this KPP: give the code of one of them.")
            )
        if same and code and same[0].code:
            raise UnrecognisedError(
                _(
                    "The organisation with this INN and this KPP, «%(name)s», has the code "
                    "%(code)s. Correct the code here or on its card."
                )
                % {"name": same[0], "code": same[0].code}
            )
        return same[0] if same else None

    def _index(self, organization: Organization) -> None:
        if organization.code:
            self.by_code[organization.code] = organization
        if organization.inn and organization.kpp:
            self.by_pair[organization.inn, organization.kpp].append(organization)
        for name in {name_key(organization.name), name_key(organization.short_name)} - {""}:
            self.by_name[name].append(organization)

    def _only_place(self, user: User) -> Organization | None:
        places = {p.organization_id for p in user.reach.places if p.role == Role.COORDINATOR}
        return self.organizations.get(places.pop()) if len(places) == 1 else None

    def _taken_beyond_reach(
        self, codes: Collection[str], pairs: Collection[Pair]
    ) -> tuple[set[str], set[Pair]]:
        foreign_codes: set[str] = set()
        for batch in in_batches(codes):
            found = Organization.objects.filter(code__in=batch).values_list("pk", "code")
            foreign_codes |= {code for pk, code in found if pk not in self.organizations}
        foreign_pairs: set[Pair] = set()
        for batch in in_batches({inn for inn, _kpp in pairs}):
            rows = Organization.objects.filter(inn__in=batch).values_list("pk", "inn", "kpp")
            foreign_pairs |= {(inn, kpp) for pk, inn, kpp in rows if pk not in self.organizations}
        return foreign_codes, foreign_pairs


UNREACHABLE = _(
    "You cannot load this organisation: its code, or its INN with its KPP, is taken beyond your "
    "reach. Check them; if they are right, turn to the administrator of the system."
)


def name_key(name: str) -> str:
    """Return a name as it is compared: words without case, quotation marks and signs."""
    return re.sub(r"[\W_]+", " ", fold(name)).strip()


def in_batches(items: Collection[T]) -> Iterator[list[T]]:
    """Yield the items in lists a database takes in one question."""
    everything = list(items)
    for start in range(0, len(everything), _BATCH):
        yield everything[start : start + _BATCH]
