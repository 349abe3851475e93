"""The tree of organisations as materialised paths: one range finds a subtree of any size.

A path is the organisation's ancestors and itself, seven digits each. Digits only, because they sort
alike under every collation of PostgreSQL and on SQLite, so that a range needs no special column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from organizations.models import Organization

WIDTH = 7
# How many may stand above an organisation. A path of 255 signs holds 36 levels.
DEEPEST = 30


def path_segment(pk: int) -> str:
    """Return an organisation's own part of its path."""
    return f"{pk:0{WIDTH}d}"


def subtree_bounds(path: str) -> tuple[str, str]:
    """Return the half-open range of paths of a node and everything below it.

    Raises ValueError for an empty path: the range of nothing would be a range of everything.
    """
    if not path:
        raise ValueError("An organisation without a path has no subtree yet.")
    return path, path[:-WIDTH] + f"{int(path[-WIDTH:]) + 1:0{WIDTH}d}"


def ancestor_ids(path: str) -> list[int]:
    """Return the keys on a path from the root to the organisation itself."""
    return [int(path[start : start + WIDTH]) for start in range(0, len(path), WIDTH)]


def replant(
    organizations: list[Organization], planted: dict[int, Organization]
) -> list[Organization]:
    """Give each organisation its path and its municipality; return those that changed.

    ``organizations`` is in an order in which a parent comes before its children; ``planted`` holds,
    by key, the parents that are not among them. Nothing is saved.
    """
    from_key = dict(planted)
    changed = []
    for organization in organizations:
        parent = from_key[organization.parent_id] if organization.parent_id else None
        path = (parent.path if parent else "") + path_segment(organization.pk)
        if organization.kind == organization.Kind.MUNICIPAL_AUTHORITY:
            municipality_id: int | None = organization.pk
        else:
            municipality_id = parent.municipality_id if parent else None
        if (organization.path, organization.municipality_id) != (path, municipality_id):
            organization.path, organization.municipality_id = path, municipality_id
            changed.append(organization)
        from_key[organization.pk] = organization
    return changed
