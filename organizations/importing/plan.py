"""What an import would do: the dry run that is shown, and that is then performed exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from organizations.importing.directory import Directory
from organizations.importing.values import Problem
from organizations.models import Organization, User
from organizations.roles import Role


class State(StrEnum):
    """What becomes of a row's organisation."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


STATE_LABELS: dict[str, str | Promise] = {
    State.NEW: pgettext_lazy("row of an import", "New"),
    State.CHANGED: pgettext_lazy("row of an import", "Changes"),
    State.UNCHANGED: pgettext_lazy("row of an import", "Unchanged"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: the heading of its column, the value before and the value after, in words."""

    key: str
    heading: str
    old: str
    new: str


@dataclass(slots=True)
class Person:
    """Who answers for the organisation of a row, and in which role.

    ``acts`` says whether they have any role that has not ended, wherever it is.
    """

    email: str
    role: str
    fields: dict[str, str]
    user: User | None = None
    has_role: bool = False
    acts: bool = False

    @property
    def full_name(self) -> str:
        """The name as the file has it: a stored one may be beyond the reader's reach."""
        parts = (self.fields.get(key, "") for key in ("surname", "name", "patronymic"))
        return " ".join(part for part in parts if part)

    @property
    def role_label(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)


@dataclass(slots=True, eq=False)
class Row:
    """One row: what its cells say, which organisation it is, whom it answers to, what changes.

    ``parent`` is set for every new row and for those whose parent the file names: a stored
    organisation, or another row that will be one.
    """

    number: int
    cells: dict[str, str]
    values: dict[str, Any]
    organization: Organization | None = None
    parent: Organization | Row | None = None
    changes: list[Change] = field(default_factory=list)
    person: Person | None = None
    level: int = 0

    def __str__(self) -> str:
        if "name" in self.values or "short_name" in self.values:
            return str(self.values.get("short_name") or self.values["name"])
        return str(self.organization or self.cells.get("code", ""))

    @property
    def is_new(self) -> bool:
        """Tell whether the organisation is not stored yet."""
        return self.organization is None

    @property
    def gives_role(self) -> bool:
        """Tell whether the person of the row gets a role they do not have."""
        return self.person is not None and not self.person.has_role

    @property
    def state(self) -> State:
        """What becomes of the organisation and its person."""
        if self.is_new:
            return State.NEW
        return State.CHANGED if self.changes or self.gives_role else State.UNCHANGED

    @property
    def kind_label(self) -> str:
        """The kind of a new organisation in words."""
        return str(Organization.Kind(self.values["kind"]).label)

    def signature(self) -> list[Any]:
        """Return what storing this row depends on."""
        person = self.person
        parent = self.parent
        known = person and person.user
        return [
            self.number,
            self.organization.pk if self.organization else None,
            [str(parent.number), "row"] if isinstance(parent, Row) else parent and parent.pk,
            [[change.key, change.old, change.new] for change in self.changes],
            [[key, str(value)] for key, value in sorted(self.values.items())],
            person and [person.email, person.role, person.has_role],
            person and known and [known.pk, person.acts],
        ]


@dataclass(slots=True)
class Plan:
    """The whole dry run."""

    directory: Directory
    rows: list[Row]
    problems: list[Problem]
    foreign: list[str]
    missing: list[str]

    def of_state(self, state: State) -> list[Row]:
        """Return the rows with one outcome and without problems, in the order of the file."""
        faulty = {problem.row for problem in self.problems}
        return [row for row in self.rows if row.state == state and row.number not in faulty]

    def new_in_order(self) -> Iterator[list[Row]]:
        """Yield the new rows level by level, so that a parent comes before its children."""
        rows = self.of_state(State.NEW)
        for level in sorted({row.level for row in rows}):
            yield [row for row in rows if row.level == level]

    @property
    def roles_given(self) -> int:
        """How many roles people get."""
        return sum(row.gives_role for row in self.rows)

    @property
    def does_something(self) -> bool:
        """Tell whether storing would change anything."""
        return any(row.state != State.UNCHANGED for row in self.rows)

    @property
    def may_be_stored(self) -> bool:
        """Tell whether there is something to store and nothing against it."""
        return not self.problems and self.does_something

    def fingerprint(self) -> str:
        """Return a digest that changes whenever storing would do something else."""
        text = json.dumps([row.signature() for row in self.rows], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
