"""The course of a document: what each strand is, judged by itself and by what stands before it.

A state machine over strands. ``Block`` is the list that is open: whose it is, how its items are
marked, whether the last of them announces sub-items. A strand that belongs to no list is text;
whether that is preamble or closing is seen at the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from resolutions.recognition.headings import (
    Heading,
    addressee_in_prose,
    begins_with_action,
    heading_of,
    led_heading,
    prose_addressee,
    sentence_addressee,
)
from resolutions.recognition.lists import Block, Lists, Placed, follows_on
from resolutions.recognition.marks import read_mark
from resolutions.recognition.mentions import label_numbers, says_when
from resolutions.recognition.signs import (
    ANNEX,
    CLOSING,
    ENDED,
    PAGE_NUMBER,
    PROTOCOL,
    THEME,
    clauses,
    is_signature,
    looks_like_item,
)
from resolutions.recognition.strands import Strand
from resolutions.recognition.structure import Role
from resolutions.recognition.tails import is_labelled, labelled


@dataclass(slots=True)
class Course(Lists):
    """Goes over the strands once; ``placed`` and ``problems`` are the result."""

    strands: Sequence[Strand] = ()
    signed: bool = False
    annexed: bool = False
    told_of: int = 0  # sentences with their own addressee so far
    opened: bool = False  # the text before announced a list, «… рекомендуют:»
    later: str = ""  # the text after the next

    def step(self, at: int) -> None:
        """Place one strand."""
        strand = self.strands[at]
        self.opened = at > 0 and self.strands[at - 1].text.rstrip().endswith(":")
        self.later = self.strands[at + 2].text if at + 2 < len(self.strands) else ""
        following = self.strands[at + 1].text if at + 1 < len(self.strands) else ""
        for attempt in (
            self.page_number,
            self.behind_end,
            self.protocol,
            self.labels,
            self.heading,
            self.closing,
            self.theme,
            self.sentence,
            self.prose,
            self.listed,
        ):
            if attempt(strand, following):
                break
        else:
            self.text(strand, following)

    # Attempts, in the order of trying: each returns whether it has placed the strand.

    def page_number(self, strand: Strand, _following: str) -> bool:
        """Let a page's number go on with whatever it interrupts."""
        if not PAGE_NUMBER.fullmatch(strand.text) or not self.placed:
            return False
        self.placed.append(Placed(strand, Role.CONTINUATION))
        return True

    def behind_end(self, strand: Strand, following: str) -> bool:
        """Behind the signature all is closing, unless a new list begins; an annex is to the end."""
        if self.started and not self.annexed and ANNEX.match(strand.text):
            self.annexed = not begins_with_action(strand.text)
        heading = heading_of(strand.text) if self.signed and not self.annexed else None
        if heading and heading.colon and heading.sure and looks_like_item(following):
            self.signed = False
        if not (self.annexed or self.signed):
            return False
        self.end()
        self.put(strand, None)
        return True

    def protocol(self, strand: Strand, _following: str) -> bool:
        """«СЛУШАЛИ:» and «РЕШИЛИ:» end what was before."""
        if not PROTOCOL.match(strand.text):
            return False
        self.end()
        self.put(strand, None)
        return True

    def labels(self, strand: Strand, following: str) -> bool:
        """«Срок: …», «Ответственный: …», and deadlines that stand over their items."""
        block, text = self.block, strand.text
        if not (block.headed or block.items):
            return False
        if self.awaiting and read_mark(text) is None and not is_labelled(text):
            self.put(strand, Role.CONTINUATION)
            return True
        if is_labelled(text):
            governs = block.items == 0 or label_numbers(text) is not None
            for part in labelled(text):
                self.put(strand.part(part.start, part.end), part.role, block=governs)
            self.awaiting = bool(re.search(r"[:–—-]\s*$", text)) and bool(following)
            return True
        return self.bare_term(strand, following)

    def bare_term(self, strand: Strand, following: str) -> bool:
        """«До 1 июня 2023 года:» over its items, or «2018 г.» under one."""
        text = strand.text.strip()
        mark = read_mark(text)
        if (mark is not None and mark.number) or not says_when(text):
            return False
        # «До 1 декабря 2022 года», with a capital and over actions, is a subhead.
        over = bool(re.match(r"(?:До|К|В|Во|С|По|Не)\s", text)) and looks_like_item(following)
        governs = text.endswith(":") or self.block.items == 0 or over
        self.put(strand, Role.DEADLINE, block=governs)
        return True

    def heading(self, strand: Strand, following: str) -> bool:
        """An addressee over its items."""
        found = heading_of(strand.text)
        if found is None or not self.is_heading(found, strand.text, following):
            led = led_heading(strand.text)
            if led is None or not looks_like_item(following):
                return False
            found = led
        mark = read_mark(strand.text)
        self.block = Block(headed=True, heading=mark)
        self.started = True
        spans = [] if found.start < 60 and not found.verb else [(found.start, found.end)]
        self.put(strand, Role.ADDRESSEE, spans=[(*s, Role.ADDRESSEE) for s in spans])
        if not found.sure and not found.colon:
            self.doubt(strand, "heading-not-sure", "Возможно, это не адресат: проверьте.")
        return True

    def is_heading(self, found: Heading, text: str, following: str) -> bool:
        """Tell whether an addressee's words are a heading here."""
        mark = read_mark(text)
        if text.rstrip().endswith((";", ",")) or text[found.behind :].strip(" ."):
            return False
        if self.block.open and mark is not None and not found.colon and mark.style[0] != "decimal":
            return False  # «направить отчёты: – управлению образования»
        if found.colon and found.sure:
            return True
        if looks_like_item(following):
            return True
        # A subhead may stand between: «I. Отделу образования», «Кадры», «1. Провести …».
        subhead = len(following) < 90 and not ENDED.search(following) and following[:1].isupper()
        return subhead and (found.sure or found.marked) and looks_like_item(self.later)

    def closing(self, strand: Strand, _following: str) -> bool:
        """Signatures, «Резолюция принята», «Контроль … возложить»."""
        text = strand.text
        mark = read_mark(text)
        body = text[mark.end :] if mark else text
        signed = mark is None and is_signature(body)
        if not signed and not CLOSING.match(body):
            return False
        self.signed = self.started and signed
        if mark is None or not self.block.headed:
            self.end()
        self.put(strand, None)
        return True

    def theme(self, strand: Strand, following: str) -> bool:
        """A subhead: «Направление 1. Кадры», «Качество»."""
        text = strand.text.strip()
        followed = looks_like_item(following) or heading_of(following) is not None
        if not followed or len(text) > 120 or begins_with_action(text):
            return False
        if THEME.match(text):
            self.block = Block(headed=self.block.headed, heading=self.block.heading)
        elif not self.is_plain_theme(text, following):
            return False
        self.put(strand, Role.THEME)
        self.block.open = False
        return True

    def is_plain_theme(self, text: str, following: str) -> bool:
        """Tell whether a short line over marked items is a subhead."""
        if not self.block.headed or read_mark(text) or not text[:1].isupper():
            return False
        marked = read_mark(following)
        settled = self.block.items == 0 or bool(ENDED.search(self.block.last))
        return (
            marked is not None
            and marked.number is not None
            and settled
            and not self.block.open
            and len(text.split()) <= 9
            and not ENDED.search(text)
        )

    def sentence(self, strand: Strand, _following: str) -> bool:
        """«3. Руководителям школ усилить контроль»: the addressee is in the sentence."""
        mark = read_mark(strand.text)
        if self.governs(mark, strand.text):
            return False
        found = sentence_addressee(strand.text)
        if found is None:
            return False
        addressee, start = found
        if mark is None and strand.text.lstrip()[:1].islower():
            in_list = self.told_of > 0 or self.opened
            if not (in_list and addressee.sure) or prose_addressee(strand.text):
                return False
        self.told_of += 1
        self.block = Block()
        self.item(strand, mark, spans=[(start, addressee.end, Role.ADDRESSEE)])
        return True

    def prose(self, strand: Strand, _following: str) -> bool:
        """«обратиться в … с предложением внести …, а также разработать …»."""
        mark = read_mark(strand.text)
        if self.block.headed or (mark is not None and mark.number):
            return False
        found = prose_addressee(strand.text)
        if found is None:
            return self.told(strand) if mark is None else False
        start, end, behind = found
        self.block = Block()
        self.started = True
        spans = [(start, end, Role.ADDRESSEE)]
        self.put(strand.part(0, behind), Role.ADDRESSEE, spans=spans)
        for clause in strand.part(behind, len(strand.text)).cut(
            clauses(strand.part(behind, len(strand.text)).text)
        ):
            self.put(clause, Role.ITEM)
        self.block = Block(items=1, last=strand.text)
        return True

    def told(self, strand: Strand) -> bool:
        """«Форум рекомендует директорам школ усилить …»."""
        found = addressee_in_prose(strand.text)
        if found is None or strand.text.rstrip().endswith(":"):
            return False
        self.block = Block()
        self.item(strand, None, spans=[(*found, Role.ADDRESSEE)])
        return True

    # Text.

    def text(self, strand: Strand, following: str) -> None:
        """Place what belongs to no list; a point without an addressee is a doubt."""
        mark = read_mark(strand.text)
        body = strand.text[mark.end :] if mark else strand.text
        if self.started and begins_with_action(body):
            message = "Похоже на рекомендацию, но не видно, кому она адресована."
            self.doubt(strand, "item-without-addressee", message)
        if mark is None or not self.block.headed or not follows_on(following, self.block):
            self.end()
        self.put(strand, None)


def settle(placed: Sequence[Placed]) -> list[Placed]:
    """Say of the text of no list whether it is preamble or closing: before or behind the last."""
    body = (Role.ADDRESSEE, Role.ITEM, Role.SUBITEM, Role.THEME)
    last = max((i for i, each in enumerate(placed) if each.role in body), default=-1)
    return [
        each
        if each.role is not None
        else replace(each, role=Role.PREAMBLE if i < last or last < 0 else Role.CLOSING)
        for i, each in enumerate(placed)
    ]
