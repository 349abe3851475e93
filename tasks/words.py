"""Words typed over a list of tasks: which recommendations and which executors each of them finds.

Two short tables are searched, not the tasks, of which there may be a million. What is asked of the
tasks are keys: a condition by keys is met through an index, and the database knows how many rows it
means. Where no word names an executor, kept counts answer too (``tasks.counting``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from organizations.querysets import OrganizationQuerySet
from organizations.searching import conditions
from resolutions.models import Recommendation

# More keys than these are no help to an index, and make a statement long.
MANY = 300


@dataclass(frozen=True, slots=True)
class Word:
    """What one word finds: keys, or the rows themselves where they are many."""

    recommendations: Sequence[int] | QuerySet[Any]
    executors: Sequence[int] | QuerySet[Any]
    names_executors: bool

    @property
    def q(self) -> Q:
        """The condition on a task: its recommendation is found, or its executor."""
        return Q(recommendation__in=self.recommendations) | Q(executor__in=self.executors)


def found_by(query: str, executors: OrganizationQuerySet) -> list[Word]:
    """Look each word of a query up, among the executors given; two queries, however many words."""
    asked = conditions(query)
    texts = _found(Recommendation.objects.all(), asked)
    names = _found(executors, asked)
    return [
        Word(text, name, not isinstance(name, list) or bool(name))
        for text, name in zip(texts, names, strict=True)
    ]


def _found(rows: QuerySet[Any], asked: Sequence[Q]) -> list[list[int] | QuerySet[Any]]:
    """Return for each condition the keys of the rows that meet it, or those rows where many do."""
    if not asked:
        return []
    marks = {
        f"by_{number}": ExpressionWrapper(condition, output_field=BooleanField())
        for number, condition in enumerate(asked)
    }
    marked: Any = rows.filter(reduce(or_, asked)).annotate(**marks).order_by()
    keys: list[list[int]] = [[] for _condition in asked]
    for key, *meets in marked.values_list("pk", *marks):
        for own, is_met in zip(keys, meets, strict=True):
            if is_met:
                own.append(key)
    return [
        rows.filter(condition).order_by().values("pk") if len(own) > MANY else own
        for own, condition in zip(keys, asked, strict=True)
    ]
