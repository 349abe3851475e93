"""A resolution as the document it is: its own order and wording, with marks in the margin.

What the paper says stands in ``Passage``, ``Item`` and ``Block``; what is done stands beside it in
tallies, counted within the reader's reach.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, prefetch_related_objects
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from resolutions.drafting import split_text
from resolutions.models import Recommendation, Resolution, Section
from tasks.counting import countable
from tasks.models import Task
from tasks.progress import Tally, resolution_of, tallies_by

LONG_PREAMBLE = 700  # letters; about half a screen
MANY = 5000  # tasks of a section, a tenth of a region's: their executors are told apart at once
_RECOMMENDATIONS = "sections__recommendations"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, parted where the words of the deadline stand in it."""

    before: str
    words: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A recommendation on the paper, and the mark beside it."""

    recommendation: Recommendation
    number: str
    passages: list[Passage]
    subitems: list[Passage]
    own_lines: list[Passage]  # «Срок: …», «Ответственный: …», where the text itself is silent
    theme: str  # where it begins
    tally: Tally = field(default_factory=Tally)
    task: Task | None = None  # where the reader sees exactly one


@dataclass(frozen=True, slots=True)
class Block:
    """A section on the paper, and how it goes with all of it."""

    section: Section
    number: str
    heading: str
    items: list[Item]
    tally: Tally
    executors: int


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the tasks within somebody's reach are, by recommendation and section keys."""

    tallies: Mapping[int, Tally] = field(default_factory=dict)
    single: Mapping[int, Task] = field(default_factory=dict)
    executors: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole document."""

    kind: str  # «Резолюция», the first word of the title where it is that
    title: str
    folded: list[str]
    preamble: list[str]
    blocks: list[Block]
    closing: list[str]
    tally: Tally


def marks_of(resolution: Resolution, reader: User, on: date) -> Marks:
    """Count the tasks of a resolution that the reader sees; six queries at most, however many."""
    prefetch_related_objects([resolution], _RECOMMENDATIONS)
    tasks = Task.objects.visible_to(reader)
    counted = countable(reader)
    counted = counted.filter(**{resolution_of(counted): resolution})
    tallies = tallies_by("recommendation", counted, on)
    alone = [key for key, tally in tallies.items() if tally.everything == 1]
    single = tasks.filter(recommendation__in=alone).select_related("executor")
    return Marks(
        tallies,
        {task.recommendation_id: task for task in single},
        _executors(resolution, tallies, reader),
    )


def _executors(
    resolution: Resolution, tallies: Mapping[int, Tally], reader: User
) -> dict[int, int]:
    """Return how many organisations have tasks of each section (by its key), the cancelled aside.

    In a wide section each organisation is asked for, which is a look into the index of pairs: 6 ms
    for a region, where telling the executors of 50,000 tasks apart takes 15. In the others, of
    which a paper may have dozens, the executors of their few tasks are told apart.
    """
    tasks = Task.objects.order_by()
    running = tasks.exclude(status=Task.Status.CANCELLED)
    wide: dict[str, Count] = {}
    narrow: list[int] = []
    for section in resolution.sections.all():
        keys = [each.pk for each in section.recommendations.all()]
        total = sum((tallies.get(key, Tally()) for key in keys), Tally())
        if total.everything <= MANY:
            narrow.append(section.pk)
            continue
        own = tasks.filter(recommendation__section=section)
        if total.cancelled:
            # That index does not know how a task stands, so another one is looked into: 19 ms;
            # of recommendations by their keys, without which it takes 77.
            own = running.filter(recommendation__in=keys)
        wide[str(section.pk)] = Count("pk", filter=Exists(own.filter(executor=OuterRef("pk"))))
    pairs = (
        running.visible_to(reader)
        .filter(recommendation__section__in=narrow)
        .values_list("recommendation__section", "executor")
        .distinct()
    )
    found = dict(Counter(section for section, _executor in pairs))
    if wide:
        counts = Organization.objects.in_reach_of(reader).order_by().aggregate(**wide)
        found.update((int(key), count) for key, count in counts.items())
    return found


def paper_of(resolution: Resolution, marks: Marks) -> Paper:
    """Lay the resolution out; two queries where its sections are not read already."""
    prefetch_related_objects([resolution], _RECOMMENDATIONS)
    blocks = [_block(section, marks) for section in resolution.sections.all()]
    kind, title = _parted_title(resolution.title)
    # Place and day stand above the text; where the paper gives them a line, it is not shown twice.
    above = (resolution.place, resolution.event_date_words)
    preamble = [each for each in split_text(resolution.preamble) if each not in above]
    folded: list[str] = []
    if sum(map(len, preamble)) > LONG_PREAMBLE and len(preamble) > 1:
        *folded, last = preamble  # the last paragraph leads over to the addressees
        preamble = [last]
    total = sum((block.tally for block in blocks), Tally())
    return Paper(kind, title, folded, preamble, blocks, split_text(resolution.closing), total)


def passage_of(text: str, words: str) -> Passage | None:
    """Part a text at the words, whatever spaces are between them; None where they do not occur."""
    if not words.strip():
        return None
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    found = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    if found is None:
        return None
    return Passage(text[: found.start()], found[0], text[found.end() :])


def passages_of(recommendation: Recommendation) -> tuple[list[Passage], list[Passage], bool]:
    """Return the paragraphs and sub-items, and whether the deadline's words were among them."""
    words = recommendation.deadline_text
    marked = False
    result: list[list[Passage]] = []
    for texts in (recommendation.text.splitlines(), recommendation.subitems):
        passages = []
        for text in filter(str.strip, texts):
            passage = None if marked else passage_of(text, words)
            marked = marked or passage is not None
            passages.append(passage or Passage(text))
        result.append(passages)
    return result[0], result[1], marked


def own_lines_of(recommendation: Recommendation, *, with_deadline: bool) -> list[Passage]:
    """Return the lines for deadline and responsible, as printed where the source has them."""
    lines = []
    if with_deadline and recommendation.deadline_text:
        label = _("Deadline: ")
        printed = _printed_line(recommendation, r"\W*срок", recommendation.deadline_text)
        lines.append(printed or Passage(label, recommendation.deadline_text))
    if recommendation.responsible and recommendation.responsible not in recommendation.text:
        printed = _printed_line(recommendation, r"\W*ответствен", recommendation.responsible)
        said = _("Responsible: %(who)s") % {"who": recommendation.responsible}
        lines.append(
            Passage(printed.before + printed.words + printed.after) if printed else Passage(said)
        )
    return lines


def _printed_line(recommendation: Recommendation, label: str, words: str) -> Passage | None:
    for line in recommendation.source:
        if re.match(label, line, re.IGNORECASE) and (passage := passage_of(line, words)):
            return passage
    return None


def _block(section: Section, marks: Marks) -> Block:
    items: list[Item] = []
    theme = ""
    for each in section.recommendations.all():
        passages, subitems, marked = passages_of(each)
        items.append(
            Item(
                each,
                _printed_number(each.printed_number, each.source),
                passages,
                subitems,
                own_lines_of(each, with_deadline=not marked),
                theme=each.theme if each.theme != theme else "",
                tally=marks.tallies.get(each.pk, Tally()),
                task=marks.single.get(each.pk),
            )
        )
        theme = each.theme
    colon = ":" if not section.source or section.source[-1].rstrip().endswith(":") else ""
    return Block(
        section,
        _printed_number(section.printed_number, section.source),
        section.heading.rstrip(":") + colon,
        items,
        sum((item.tally for item in items), Tally()),
        marks.executors.get(section.pk, 0),
    )


def _printed_number(number: str, source: list[str]) -> str:
    """Return the number with the sign behind it: «2.10.», «а)», as the source has it."""
    if not number:
        return ""
    found = re.match(rf"\W*{re.escape(number)}([.)])", source[0]) if source else None
    return number + (found[1] if found else ".")


def _parted_title(title: str) -> tuple[str, str]:
    first, _space, rest = title.partition(" ")
    return (first, rest) if rest and first.casefold() == "резолюция" else ("", title)
