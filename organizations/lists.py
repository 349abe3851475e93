"""What every list shares: conditions and order in the address, and what is said of them.

A list is a page with a ``ListFilter``. Its conditions are shown as chips, each of which can be
taken off; its order is chosen by the heads of its columns, or in the form where a narrow screen
shows no heads; where it names its page (``kept_for``), people keep their own filters of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Case, F, IntegerField, OrderBy, QuerySet, Value, When
from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from organizations.fields import OfferedField, PlainInputs, PlainSelect
from organizations.http import AuthenticatedHttpRequest
from organizations.saved_filters import SavedFilter

LONGEST_QUERY = 200  # signs of typed words; more are no words to look for
_SHOWN = 70  # signs of a condition's value
NAMES = ("name", "short_name")  # the columns of an organisation that a list of choices shows

Column = str | OrderBy
# The lists of which people may keep filters, by the names of their addresses.
KEEPING: dict[str, type[ListFilter]] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a list: its words in the form, and the columns, down to a unique one."""

    label: str | Promise
    columns: tuple[Column, ...]


def both_ways(
    name: str,
    labels: tuple[str | Promise, str | Promise],
    first: str | Case,
    *then: Column,
    nullable: bool = False,
) -> dict[str, Order]:
    """Return the two orders of a column, "name" and "-name"; ties are broken alike in both.

    What has no value stands last, whichever way a nullable column is sorted.
    """
    last = True if nullable else None
    column = F(first) if isinstance(first, str) else first
    return {
        name: Order(labels[0], (column.asc(nulls_last=last), *then)),
        f"-{name}": Order(labels[1], (column.desc(nulls_last=last), *then)),
    }


def in_turn(column: str, values: Iterable[str]) -> Case:
    """Return what sorts a column in the order of the values, not of their letters."""
    turns = [When(**{column: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*turns, output_field=IntegerField())


class SortFilter(django_filters.ChoiceFilter):  # type: ignore[misc]  # the library has no types
    """The order of a list; the first of the orders holds where none is asked for."""

    def __init__(self, orders: dict[str, Order]) -> None:
        self.orders = orders
        self.default, *others = orders
        super().__init__(
            label=_("Order"),
            empty_label=orders[self.default].label,
            choices=[(name, orders[name].label) for name in others],
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> SortFilter:
        """Share the orders, which nobody changes: every page copies its filter."""
        return copy(self)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Sort the rows."""
        return qs.order_by(*self.orders[value or self.default].columns)


class OfferedFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]  # no types
    """A choice among few rows, read once; ``called`` says what each is called."""

    field_class = OfferedField

    @cached_property
    def field(self) -> Any:
        """The field, of which forms take copies; the library puts its query together each time."""
        return super().field


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force: its name, its value in words ("" for a tick), the list without it."""

    label: str
    words: str
    url: str


class ListFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """A filter of what one person sees; with a condition that makes no sense the list is empty.

    An ignored condition would show more than was asked for, under the same heading. The words come
    first, the order last; what a field means is said by its label alone.
    """

    request: AuthenticatedHttpRequest
    # The name of the list's address, where people may keep filters of it.
    kept_for: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Note the lists of which filters can be kept, so that what is kept can be checked."""
        super().__init_subclass__(**kwargs)
        if "kept_for" in vars(cls):
            KEEPING[cls.kept_for] = cls

    def __init__(
        self, request: HttpRequest, queryset: QuerySet[Any], data: QueryDict | None = None
    ) -> None:
        super().__init__(request.GET if data is None else data, queryset, request=request)
        for name, each in self.filters.items():
            # Of what nobody has chosen or can choose here, the choices are not put together: 4 ms.
            hidden = each.extra.get("widget") is forms.HiddenInput
            if hidden and hasattr(each, "queryset") and not self.data.get(name):
                each.queryset = SavedFilter.objects.none()

    def get_form_class(self) -> type[forms.Form]:
        """Give the controls the classes of the look."""
        form_class: type[forms.Form] = super().get_form_class()
        form_class.default_renderer = PlainInputs
        rest = [name for name in form_class.base_fields if name not in ("q", "sort")]
        form_class.field_order = ["q", *rest, "sort"]
        for field in form_class.base_fields.values():
            field.help_text = ""
            if type(field.widget) is forms.Select:
                field.widget = PlainSelect(choices=field.widget.choices)
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            if isinstance(field.widget, forms.CheckboxInput):
                kind = "form-check-input"
            field.widget.attrs["class"] = kind
        return form_class

    @property
    def qs(self) -> QuerySet[Any]:
        """The rows that meet every condition; none where a condition makes no sense."""
        rows: QuerySet[Any] = super().qs if self.form.is_valid() else self.queryset.none()
        return rows

    @property
    def is_narrowed(self) -> bool:
        """Whether any condition is set, so that an empty list says something about it."""
        return any(self.data.get(name) for name in self.filters if name != "sort")

    @cached_property
    def chips(self) -> list[Chip]:
        """The conditions in force, in words; none where one of them makes no sense."""
        return list(self._chips()) if self.form.is_valid() else []

    @cached_property
    def kept_query(self) -> str:
        """The conditions and the order as an address holds them, without what is no filter."""
        pairs = ((name, self.data.get(name, "").strip()) for name in self.filters)
        return urlencode([(name, value) for name, value in pairs if value])

    @cached_property
    def saved(self) -> list[SavedFilter]:
        """The person's own filters of this list, by name; one query."""
        return list(SavedFilter.objects.filter(user=self.request.user, page=self.kept_for))

    @property
    def sorted_by(self) -> str:
        """The name of the order in force ("-due"), "" where the list knows but one."""
        sort = self.filters.get("sort")
        if not isinstance(sort, SortFilter) or not self.form.is_valid():
            return ""
        return self.form.cleaned_data["sort"] or sort.default

    def sort_url(self, name: str) -> str:
        """Return the address of the list in the other direction of a column, else in its first."""
        sort: SortFilter = self.filters["sort"]
        ways = [way for way in sort.orders if way.removeprefix("-") == name]
        at = ways.index(self.sorted_by) + 1 if self.sorted_by in ways else 0
        wanted = ways[at % len(ways)]
        return self._address(sort=None if wanted == sort.default else wanted)

    def _chips(self) -> Iterator[Chip]:
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if name != "sort" and value not in (None, "", False):
                words = "" if value is True else _in_words(field, value)
                label = capfirst(str(field.label or name))
                yield Chip(label, words, self._address(**{name: None}))

    def _address(self, **changes: str | None) -> str:
        # Of the address at hand, not of the filter alone: a page may have conditions of its own.
        query = QueryDict(mutable=True)
        for name, values in self.request.GET.lists():
            if name != "page" and name not in changes and any(values):
                query.setlist(name, values)
        for name, value in changes.items():
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path


def words_filter(label: str | Promise, method: str) -> Any:
    """Return the filter by typed words; ``method`` names the one that looks for them."""
    return django_filters.CharFilter(label=label, method=method, max_length=LONGEST_QUERY)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    if isinstance(field, forms.ModelChoiceField):
        # A text stands for "none of them"; the filter has its words.
        none = getattr(field, "null_label", value)
        known = none if isinstance(value, str) else field.label_from_instance(value)
        return Truncator(str(known)).chars(_SHOWN)
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}  # type: ignore[misc,union-attr]
        return labels.get(str(value), str(value))
    return Truncator(str(value)).chars(_SHOWN)
