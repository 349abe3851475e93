"""Lists: which lines are items, which are parts of them, and where a list ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from resolutions.recognition.headings import begins_with_action
from resolutions.recognition.marks import Mark, follows, read_mark
from resolutions.recognition.signs import ENDED, is_signature, mark_alone
from resolutions.recognition.strands import Strand
from resolutions.recognition.structure import Problem, Role


@dataclass(frozen=True, slots=True)
class Placed:
    """A strand with its role; None: text of no list, before or behind the recommendations."""

    strand: Strand
    role: Role | None
    block: bool = False
    spans: tuple[tuple[int, int, Role], ...] = ()


@dataclass(slots=True)
class Block:
    """The list that is open."""

    headed: bool = False  # an addressee stands over it
    heading: Mark | None = None
    items: int = 0
    mark: Mark | None = None  # of its last item
    level: int = 0  # how deep its last item stands
    open: bool = False  # the last item announces sub-items, «…:»
    sub: Mark | None = None  # of the last sub-item
    in_subs: bool = False
    last: str = ""  # the last text


@dataclass(slots=True)
class Lists:
    """The strands placed so far, and the list that is open."""

    levels: Sequence[int]  # of the paragraphs, by index
    placed: list[Placed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    block: Block = field(default_factory=Block)
    started: bool = False  # a recommendation has occurred
    awaiting: bool = False  # «Срок:» and its words on the next line

    def put(
        self,
        strand: Strand,
        role: Role | None,
        *,
        block: bool = False,
        spans: Iterable[tuple[int, int, Role]] = (),
    ) -> None:
        """Place a strand, and remember its words."""
        self.placed.append(Placed(strand, role, block, tuple(spans)))
        self.awaiting = False
        if role not in (Role.DEADLINE, Role.RESPONSIBLE, None):
            self.block.last = strand.text.rstrip()

    def doubt(self, strand: Strand, kind: str, message: str) -> None:
        """Remember a doubt with its place."""
        self.problems.append(Problem(strand.paragraph, kind, message))

    def end(self) -> None:
        """Close the open list."""
        self.block = Block()

    def listed(self, strand: Strand, following: str) -> bool:
        """Items and sub-items of the open list, and what goes on with them."""
        block, mark = self.block, read_mark(strand.text)
        if not block.headed and not block.items:
            return False
        if mark is not None:
            return self.marked(strand, mark)
        if block.items == 0:
            self.item(strand, None)
            return True
        if mark_alone(block.last) or self.goes_on(strand, following):
            self.put(strand, Role.CONTINUATION)
            return True
        return self.unmarked(strand)

    def item(
        self, strand: Strand, mark: Mark | None, spans: Iterable[tuple[int, int, Role]] = ()
    ) -> None:
        """Begin an item."""
        block = self.block
        block.items += 1
        block.mark, block.level = mark, self.level(strand)
        block.open = strand.text.rstrip().endswith(":")
        block.sub, block.in_subs = None, False
        self.started = True
        self.put(strand, Role.ITEM, spans=spans)
        if mark is not None and mark.repaired:
            message = f"Номер исправлен на {mark.number}: в документе опечатка."
            self.doubt(strand, "number-repaired", message)

    def subitem(self, strand: Strand, mark: Mark | None) -> bool:
        """Begin a sub-item."""
        self.block.sub, self.block.in_subs = mark, True
        self.put(strand, Role.SUBITEM)
        return True

    def governs(self, mark: Mark | None, text: str) -> bool:
        """Tell whether the heading of the open list governs a line with such a mark."""
        block = self.block
        if not block.headed:
            return False
        if mark is None or block.heading is None or not mark.levels:
            return mark is not None or block.mark is None or begins_with_action(text)
        if mark.style != block.heading.style:
            if _is_next_point(mark, block):
                return False
            return mark.style[0] != "roman" and not (
                mark.style[0] == block.heading.style[0] == "decimal"
                and len(mark.levels) < len(block.heading.levels)
            )
        if block.items and block.mark is not None and block.mark.style == mark.style:
            return follows(mark, block.mark)
        return mark.levels[-1] == 1 and block.items == 0

    def marked(self, strand: Strand, mark: Mark) -> bool:
        """Place a line with a mark: item, sub-item, or the end of the list."""
        block = self.block
        if block.headed and not self.governs(mark, strand.text):
            return False
        if block.headed and block.items == 0:
            self.item(strand, mark)
            return True
        if block.mark is None:
            return self.marked_among_plain(strand, mark)
        if mark.style == block.mark.style:
            if self.is_nested(strand, mark):
                return self.subitem(strand, mark)
            if not block.headed:
                return False  # the next point of a protocol has to name its own addressee
            self.item(strand, mark)
            return True
        return self.other_style(strand, mark)

    def marked_among_plain(self, strand: Strand, mark: Mark) -> bool:
        """Place a marked line behind items without marks."""
        if self.block.open or not self.block.headed:
            return self.subitem(strand, mark) if mark.number is None or self.block.open else False
        self.item(strand, mark)
        return True

    def is_nested(self, strand: Strand, mark: Mark) -> bool:
        """Tell whether a line marked like the items is yet a part of the last one."""
        block = self.block
        if block.mark is None or mark.number is not None:
            return block.open and mark.levels[-1:] == (1,) and block.mark is not None and (
                block.mark.levels[-1:] != (1,)
            ) and block.mark.levels[:-1] == mark.levels[:-1]  # fmt: skip
        text = strand.text[mark.end :]
        deeper = self.level(strand) > self.block.level
        acts = begins_with_action(text)
        return block.open and (deeper or (not acts and not block.last.endswith(".")))

    def other_style(self, strand: Strand, mark: Mark) -> bool:
        """Place a line of another list than the items': below them, beside them, or outside."""
        block = self.block
        ranks = ("roman", "decimal", "letter", "bullet")
        own, other = (block.mark.style if block.mark else ("bullet",)), mark.style
        if block.in_subs and block.sub is not None and block.sub.style == other:
            return self.subitem(strand, mark)
        if own[0] == other[0] == "decimal":
            return self.other_decimal(strand, mark)
        if own[0] == other[0] == "bullet":
            is_sub = block.open or self.level(strand) > self.block.level
            return self.subitem(strand, mark) if is_sub else self.further_item(strand, mark)
        if ranks.index(other[0]) > ranks.index(own[0]):
            return self.subitem(strand, mark)
        if block.headed and begins_with_action(strand.text[mark.end :]):
            return self.further_item(strand, mark)
        return False

    def other_decimal(self, strand: Strand, mark: Mark) -> bool:
        """«1)» below «4.», «1.1.1» below «1.1», or «2)» after «1.» by carelessness."""
        block = self.block
        own = block.mark
        if own is None or len(mark.levels) > len(own.levels):
            return self.subitem(strand, mark)
        if len(mark.levels) < len(own.levels):
            return self.further_item(strand, mark) if block.open is False and block.headed else (
                self.subitem(strand, mark)
            )  # fmt: skip
        if follows(mark, own) and not block.open:
            return self.further_item(strand, mark)
        return self.subitem(strand, mark)

    def further_item(self, strand: Strand, mark: Mark) -> bool:
        """Take a line for an item of the same list though it is marked in another way."""
        if not self.block.headed:
            return False
        self.item(strand, mark)
        return True

    def unmarked(self, strand: Strand) -> bool:
        """Place a line without a mark behind items."""
        block, text = self.block, strand.text.strip()
        acts = begins_with_action(text)
        expects = block.open and (not block.in_subs or block.last.endswith((";", ",")))
        if block.mark is not None:
            if expects and (block.sub is None):
                return self.subitem(strand, None)
            return False
        if not block.headed:
            return self.subitem(strand, None) if expects and not acts else False
        if acts:
            self.item(strand, None)
            return True
        if expects and block.sub is None:
            return self.subitem(strand, None)
        if text[:1].islower() and text.endswith((";", ".")):
            self.item(strand, None)
            return True
        return False

    def goes_on(self, strand: Strand, following: str) -> bool:
        """Tell whether a line without a mark goes on with the last one."""
        block, text = self.block, strand.text.strip()
        if ENDED.search(block.last):
            further = read_mark(following)
            in_list = (
                further is not None
                and block.mark is not None
                and bool(further.levels)
                and further.style == block.mark.style
                and follows(further, block.mark)
            )
            return in_list and not block.open and not is_signature(text)
        return text[:1].islower() and (block.mark is not None or not begins_with_action(text))

    def level(self, strand: Strand) -> int:
        """Return how deep a strand stands: its list level, else its indentation."""
        indent = len(strand.text) - len(strand.text.lstrip())
        return self.levels[strand.paragraph] * 100 + indent


def follows_on(text: str, block: Block) -> bool:
    """Tell whether a line is the next item of a list."""
    mark = read_mark(text)
    return mark is not None and block.mark is not None and follows(mark, block.mark)


def _is_next_point(mark: Mark, block: Block) -> bool:
    """Tell whether «4)» is the point behind «3.»: closed carelessly, and no item of its list."""
    heading = block.heading
    if heading is None or heading.style[:2] != mark.style[:2] or not follows(mark, heading):
        return False
    return block.mark is not None and block.mark.style != mark.style
