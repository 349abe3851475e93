"""Whom each row answers to: a stored organisation within reach, or another row of the file."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.importing.columns import BY_KEY
from organizations.importing.directory import Directory, name_key
from organizations.importing.plan import Change, Row
from organizations.importing.values import Problem
from organizations.models import Organization
from organizations.tree import DEEPEST, ancestor_ids

Node: TypeAlias = Organization | Row
_HEADING = BY_KEY["parent"].heading
_PAIR = re.compile(r"(\d{10})\D+(\d{4}[\dA-Z]{2}\d{3})")


class Parents:
    """Finds the parents of rows among the rows themselves and the directory."""

    def __init__(self, directory: Directory, rows: list[Row]) -> None:
        self.directory = directory
        self.row_of = {row.organization.pk: row for row in rows if row.organization}
        self.by_code: dict[str, Row] = {}
        self.by_pair: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.by_name: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            cells = row.cells
            if "code" in cells:
                self.by_code.setdefault(cells["code"], row)
            self.by_pair[cells.get("inn", ""), cells.get("kpp", "")].append(row)
            for key in ("name", "short_name"):
                self.by_name[name_key(cells.get(key, ""))].append(row)

    def settle(self, row: Row) -> Problem | None:
        """Set the row's parent, and its change where the stored one is another."""
        text = row.values.get("parent", "")
        if not text:
            return self._settle_by_default(row)
        me = node_of(row)
        if row.organization and self._is_stored_parent(row.organization, text):
            return None
        found = self._find(text)
        others = [node for node in found if node is not me]
        if not others:
            return _problem(row, text, ITSELF if found else UNKNOWN)
        if len(others) > 1:
            return _problem(row, text, SEVERAL)
        row.parent = others[0]
        if row.organization and row.parent is not self._stored_parent(row.organization):
            old = self._stored_parent(row.organization)
            row.changes.append(Change("parent", _HEADING, str(old or ""), str(row.parent)))
        return None

    def measure(self, row: Row) -> Problem | None:
        """Set how deep the row stands; refuse a ring, and a depth that no region has."""
        me = node_of(row)
        node: Node | None = self._parent_of(me)
        top: Node | None = None
        met: set[int] = set()
        while node is not None and id(node) not in met:
            if node is me:
                return _problem(row, row.cells.get("parent", ""), RING)
            met.add(id(node))
            top, node = node, self._parent_of(node)
        row.level = len(met)
        if isinstance(top, Organization):
            row.level += len(ancestor_ids(top.path)) - 1
        if row.level > DEEPEST and node is None:
            return _problem(row, row.cells.get("parent", ""), TOO_DEEP)
        return None

    def _settle_by_default(self, row: Row) -> Problem | None:
        if row.is_new and "parent" not in row.cells:
            row.parent = self.directory.own
            if row.parent is None:
                return _problem(row, "", NO_PARENT)
        return None

    def _is_stored_parent(self, organization: Organization, text: str) -> bool:
        # The one organisation a coordinator may name beyond reach: whom their own answers to now.
        parent = self.directory.above.get(organization.parent_id or 0)
        names = (parent.code, parent.name, parent.short_name) if parent else ()
        return name_key(text) in {name_key(name) for name in names if name}

    def _stored_parent(self, organization: Organization) -> Organization | None:
        return self.directory.organizations.get(organization.parent_id or 0)

    def _parent_of(self, node: Node) -> Node | None:
        if isinstance(node, Row):
            return node.parent
        row = self.row_of.get(node.pk)
        return row.parent if row and row.parent else self._stored_parent(node)

    def _find(self, text: str) -> list[Node]:
        by_code = self.by_code.get(text) or self.directory.by_code.get(text)
        if by_code is not None:
            return [node_of(by_code)]
        pair = _PAIR.search(text)
        if pair:
            key = (pair[1], pair[2])
            return _once([*self.by_pair.get(key, []), *self.directory.by_pair.get(key, [])])
        name = name_key(text)
        return _once([*self.by_name.get(name, []), *self.directory.by_name.get(name, [])])


def node_of(each: Node) -> Node:
    """Return the stored organisation a row is, else the row."""
    return each.organization or each if isinstance(each, Row) else each


def _once(found: list[Node]) -> list[Node]:
    return list({id(node_of(each)): node_of(each) for each in found}.values())


def _problem(row: Row, text: str, message: str | Promise) -> Problem:
    return Problem(row.number, _HEADING, text, message)


UNKNOWN = _(
    "No organisation within your reach, and no row of this file, has this code or name, or this "
    "INN with this KPP."
)
SEVERAL = _("Several organisations are called so: give the code.")
ITSELF = _("An organisation cannot answer to itself.")
RING = _("By this table the organisation stands, through others, below itself.")
TOO_DEEP = _("There are more than 30 levels of organisations above this one.")
NO_PARENT = _("You coordinate several organisations: say to which of them this one answers.")
