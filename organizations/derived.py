"""Columns that follow from the others of their row, filled on every insert and save of the row.

The fields fill themselves: saving and storing in bulk (``bulk_create``) alike cannot forget them.
What updates columns by a statement (``update``, ``bulk_update``, ``update_fields``) has to name
them itself.
"""

from __future__ import annotations

from typing import Any, Protocol, cast

from django.db import models

from organizations.sorting import LONGEST

_Deconstructed = tuple[str, str, list[Any], dict[str, Any]]


class Searched(Protocol):
    """A row that can be searched for."""

    def searchable(self) -> str:
        """Return what the column for search holds (``organizations.searching``)."""


class Sorted(Protocol):
    """A row that stands in lists by its name."""

    def sortable(self) -> str:
        """Return the text by which the row is sorted (``organizations.sorting``)."""


class SearchField(models.TextField[str, str]):
    """The text in which searches look; the row says by ``searchable()`` what it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"editable": False, "default": "", **kwargs})

    def deconstruct(self) -> _Deconstructed:
        """For migrations it is a plain text: their rows have no methods."""
        name, _path, args, kwargs = super().deconstruct()
        return cast("_Deconstructed", (name, "django.db.models.TextField", args, kwargs))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002
        """Fill the column of the row and return its value."""
        value = cast(Searched, model_instance).searchable()
        setattr(model_instance, self.attname, value)
        return value


class SortField(models.CharField[str, str]):
    """The text by which rows are sorted; the row says by ``sortable()`` what it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"editable": False, "default": "", "max_length": LONGEST, **kwargs})

    def deconstruct(self) -> _Deconstructed:
        """For migrations it is a plain text: their rows have no methods."""
        name, _path, args, kwargs = super().deconstruct()
        return cast("_Deconstructed", (name, "django.db.models.CharField", args, kwargs))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002
        """Fill the column of the row and return its value."""
        value = cast(Sorted, model_instance).sortable()
        setattr(model_instance, self.attname, value)
        return value
