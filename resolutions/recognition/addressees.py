"""Whom a heading means: where its words end, its nominative, and whether it names a class.

The head-phrase rule: an addressee is one or more head phrases («Управлению», «муниципальным
органам», «педагогу-психологу») in the dative, each with its dependents in other cases
(«образования города», «по УВР», ««Лицей № 8»», «Сычёвой Л.Л.» agrees with its head). Only head
phrases change from the dative to the nominative; all else stays to the letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from resolutions.recognition.vocabulary import (
    ADVERBIALS,
    BODIES,
    CLASSES,
    JOINTS,
    KNOWN,
    PREPOSITIONS,
    SHORTENED,
    STOP_WORDS,
    WITHIN_NAMES,
)
from resolutions.recognition.words import (
    Reading,
    is_abbreviation,
    is_finite,
    is_infinitive,
    is_surely_dative,
    nominative_of,
    readings,
)

_TOKEN = re.compile(
    r"(?P<quoted>«[^»]*(?:«[^»]*»[^»]*)*»|“[^”]*”|\"[^\"]*\")"
    r"|(?P<bracket>\([^()]*\))"
    r"|(?P<initials>[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?)"
    r"|(?P<word>[^\W\d_](?:[^\W\d_]|[-‐‑](?=[^\W\d_]))*\.?)"
    r"|(?P<number>№{1,2}\s*\d+[^\W\d_]?|[IVXLC]+|\d+(?:[-–—]\d+)?)"
    r"|(?P<mark>[^\s\w])"
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """An addressee as read from a text."""

    end: int  # where its words end in the text
    nominative: str
    collective: bool
    sure: bool  # no word of the head may be another case


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def read_addressee(text: str, start: int = 0, *, case: str = "datv") -> Addressee | None:
    """Read the addressee whose first word stands at an offset of a text.

    Args:
        text: a heading or sentence.
        start: where the addressee begins.
        case: "datv" («Рекомендовать главам»), or "accs" («Просить Государственную Думу»).

    Returns:
        Where its words end, without what is no part of a name (a deadline, «при …», a verb); its
        nominative up to there; None when no addressee begins there.
    """
    if not _may_begin(text, start, case):
        return None
    tokens = _tokens(text, start)
    reader = _Phrase(tokens, case)
    count = reader.read()
    if not count or not reader.heads:
        return None
    end = tokens[count - 1].end
    return Addressee(
        end=end,
        nominative=_written(text, start, end, reader.changed),
        collective=any(head.plural for head in reader.heads) or reader.is_class,
        sure=reader.sure,
    )


def _may_begin(text: str, start: int, case: str) -> bool:
    """Tell by the first word alone that nothing begins here: most lines are no addressees."""
    first = _TOKEN.match(text, start)
    if first is None or first.lastgroup != "word":
        return first is not None and first.lastgroup == "number"
    if is_infinitive(first[0]):
        return False  # «вести» is no dative of «весть» where actions are expected
    if first[0].lower() in SHORTENED:
        return True
    return is_abbreviation(first[0]) or bool(_Phrase([], case).in_case(first[0]))


def nominative_heading(heading: str) -> tuple[str, bool]:
    """Return the nominative of a whole heading, and whether it names a class of bodies.

    A heading that is no dative (a column «Исполнитель») stays as it is.
    """
    tokens = _tokens(heading, 0)
    for case in ("datv", "accs"):
        reader = _Phrase(tokens, case, whole=True)
        reader.read()
        if reader.heads:
            collective = any(head.plural for head in reader.heads) or reader.is_class
            return _written(heading, 0, len(heading), reader.changed), collective
    return heading, _names_class(tokens)


def _names_class(tokens: list[_Token]) -> bool:
    """Tell whether a nominative names a class: its first noun is in the plural."""
    for token in tokens:
        if token.kind != "word":
            return False
        found = [r for r in readings(token.text.split("-")[0].lower()) if r.case == "nomn"]
        nouns = [r for r in found if not r.describes]
        if nouns or not found:
            return bool(nouns) and nouns[0].plural
    return False


def _tokens(text: str, start: int) -> list[_Token]:
    tokens = []
    for found in _TOKEN.finditer(text, start, start + 600):
        kind = found.lastgroup or "mark"
        tokens.append(_Token(kind, found[0], found.start(), found.end()))
    return tokens


def _written(text: str, start: int, end: int, changed: dict[tuple[int, int], str]) -> str:
    parts, at = [], start
    for (begin, stop), word in sorted(changed.items()):
        parts += [text[at:begin], word]
        at = stop
    written = re.sub(r"\s+", " ", "".join([*parts, text[at:end]])).strip(" ,;:–—-")
    return written[:1].upper() + written[1:]


# Surnames that no dictionary has, by their endings in the dative.
_SURNAMES = (
    *(("овой", "ова"), ("евой", "ева"), ("ёвой", "ёва"), ("иной", "ина"), ("ыной", "ына")),
    *(("ской", "ская"), ("цкой", "цкая"), ("ову", "ов"), ("еву", "ев"), ("ёву", "ёв")),
    *(("ину", "ин"), ("ыну", "ын"), ("скому", "ский"), ("цкому", "цкий")),
)


def _surname(word: str) -> tuple[Reading, ...]:
    """Read «Рыбиной» as a surname in the dative."""
    for ending, nominative in _SURNAMES:
        if word[:1].isupper() and word.lower().endswith(ending) and len(word) > len(ending) + 1:
            name = word[: -len(ending)].lower() + nominative
            gender = "femn" if name.endswith(("а", "я")) else "masc"
            return (Reading(name, "NOUN", "datv", False, gender, True, True, name, 0.1),)
    return ()


class _Phrase:
    """A cursor over the tokens of an addressee."""

    def __init__(self, tokens: list[_Token], case: str, *, whole: bool = False) -> None:
        self.tokens, self.case, self.whole = tokens, case, whole
        self.changed: dict[tuple[int, int], str] = {}
        self.heads: list[Reading] = []
        self.sure = True
        self.is_class = False
        self.after_preposition = False

    def read(self) -> int:
        """Read as far as the addressee goes; return the number of its tokens."""
        at = self.head(0)
        end = at
        while 0 < at < len(self.tokens):
            further = self.dependent(at)
            if not further:
                break
            at = further
            if self.tokens[at - 1].text not in (",", "-", "–", "—", "и", "или", "/"):
                end = at
        return end

    # A head phrase: adjectives, then the noun; or an abbreviation.

    def head(self, at: int) -> int:
        """Read a head phrase; return the index behind it, 0 if none begins here."""
        first = at
        while at < len(self.tokens) and at - first < 6:
            token = self.tokens[at]
            if token.kind == "number" and at == first:
                at += 1
                continue
            if token.kind != "word" or token.text.lower() in PREPOSITIONS:
                return 0
            if self.abbreviation(at):
                return at + 1
            found = self.in_case(token.text)
            if not found:
                return 0
            noun = next((r for r in found if not r.describes or self.is_noun_here(r, at)), None)
            is_adjective = any(r.describes for r in found) and self.continues(at + 1)
            if noun is not None and not is_adjective:
                return self.take_head(first, at, noun)
            at += 1
            if at < len(self.tokens) and self.tokens[at].text in (",", "и"):
                at += 1  # «муниципальным и государственным органам»
        return 0

    def is_noun_here(self, reading: Reading, at: int) -> bool:
        """Tell whether an adjective stands for a person: «заведующим», «учащимся»."""
        if not reading.describes or self.continues(at + 1):
            return False
        ends = at + 1 >= len(self.tokens) or self.tokens[at + 1].kind != "word"
        if ends or reading.part == "PRTF":
            return True
        following = readings(self.tokens[at + 1].text.lower())
        return bool(following) and not following[0].describes

    def continues(self, at: int) -> bool:
        """Tell whether an adjective's noun may still follow."""
        if at < len(self.tokens) and self.tokens[at].text in (",", "и"):
            at += 1
        if at >= len(self.tokens) or self.tokens[at].kind != "word":
            return False
        return bool(self.in_case(self.tokens[at].text)) or (
            is_abbreviation(self.tokens[at].text) and not self.tokens[at].text.istitle()
        )

    def abbreviation(self, at: int) -> bool:
        """Take «МБОУ» or «зам.» for a head."""
        written = self.tokens[at].text
        word = written.rstrip(".")
        if written.lower() not in SHORTENED:
            if not is_abbreviation(written):
                return False
            if word.isupper() and self.in_case(word) and len(word) > 4:
                return False  # a whole heading in capitals
            following = self.tokens[at + 1].kind if at + 1 < len(self.tokens) else ""
            named = following in ("quoted", "number")
            self.is_class |= word in CLASSES and not named
            self.sure &= named or bool(self.heads) or word in KNOWN
        self.heads.append(Reading(word, "NOUN", self.case, False, "", False, False, word, 1.0))
        return True

    def take_head(self, first: int, last: int, noun: Reading) -> int:
        for at in range(first, last + 1):
            token = self.tokens[at]
            if token.kind == "word" and self.in_case(token.text):
                self.change(token, noun)
        self.heads.append(noun)
        head = self.tokens[last].text
        self.sure &= is_surely_dative(self.tokens[first].text) or is_surely_dative(head)
        return last + 1

    def in_case(self, word: str) -> list[Reading]:
        """Return the readings of a word, or of the parts of «педагогу-психологу», in the case."""
        parts = re.split(r"[-‐‑]", word.rstrip("."))
        if word.lower() in PREPOSITIONS:
            return []
        known = readings(parts[-1].lower())
        if self.case == "datv" and word[:1].isupper() and not any(map(self.fits, known)):
            known = _surname(parts[-1])
        if self.case == "accs" and not parts[-1].lower().endswith(("у", "ю")):
            return []  # other accusatives may be the nominative, and stay as they are
        found = [r for r in known if self.fits(r)]
        if len(parts) > 1 and not found:
            found = [r for r in readings(parts[0].lower()) if self.fits(r)]
        masculine_first = ("masc", "femn", "", "neut")
        return sorted(
            found,
            key=lambda r: (r.surname, r.describes and masculine_first.index(r.gender), -r.score),
        )

    def fits(self, reading: Reading) -> bool:
        if self.case == "datv":
            return reading.case == "datv"
        return reading.case == "accs" and reading.gender == "femn"

    def change(self, token: _Token, head: Reading) -> None:
        written = []
        for part in re.split(r"([-‐‑])", token.text):
            found = [r for r in readings(part.lower()) if self.fits(r)] or list(_surname(part))
            agreeing = [r for r in found if r.plural == head.plural] or found
            same = [r for r in agreeing if r.plural or r.gender == head.gender] or agreeing
            written.append(nominative_of(part, same[0]) if same else part)
        self.changed[token.start, token.end] = "".join(written)

    # What follows a head: dependents, or another head.

    def dependent(self, at: int) -> int:
        """Read one dependent, or a joint with the next head; return the index behind, else 0."""
        token = self.tokens[at]
        if token.kind in ("quoted", "number", "bracket"):
            return at + 1
        if token.kind == "initials":
            return at + 1
        if token.kind == "mark":
            return self.joint(at)
        return self.word(at)

    def joint(self, at: int) -> int:
        mark = self.tokens[at].text
        if mark in "%/":
            return at + 1
        if mark not in ",-–—" or at + 1 >= len(self.tokens):
            return 0
        following = self.tokens[at + 1]
        if following.kind == "word" and self.may_be_head(at + 1, apposition=True):
            return self.head(at + 1)
        if mark == "," and following.kind == "number":
            return at + 2
        if mark == "," and following.kind == "word" and self.participle(following):
            return at + 2
        if mark == "," and (self.whole or following.text in ("а", "также", "в", "входящим")):
            return at + 1
        return at + 1 if self.whole else 0

    def participle(self, token: _Token) -> bool:
        """Turn «осуществляющим» with its head: it agrees with it."""
        found = [r for r in self.in_case(token.text) if r.part == "PRTF"]
        if found and self.heads:
            self.change(token, self.heads[-1])
        return bool(found)

    def word(self, at: int) -> int:
        token, word = self.tokens[at], self.tokens[at].text.lower()
        if word in JOINTS:
            return self.after_joint(at)
        if is_infinitive(word) or word in STOP_WORDS:
            return at + 1 if self.whole and not is_infinitive(word) else 0
        if word in PREPOSITIONS:
            return self.prepositional(at)
        if not self.whole and is_finite(word):
            return 0
        follows_initials = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "initials"
        if follows_initials and self.in_case(token.text):
            self.surname(token)
        elif self.tokens[at - 1].end in {end for _, end in self.changed} and self.apposes(token):
            self.change(token, self.heads[-1])  # «учителям предметникам»
        elif not self.whole and not readings(word) and not is_abbreviation(token.text):
            return 0  # an adverb ends the name: «ежегодно», «повсеместно»
        return at + 1

    def apposes(self, token: _Token) -> bool:
        """Tell whether a noun stands beside its head in the same case."""
        found = self.in_case(token.text) if is_surely_dative(token.text) else []
        return bool(found) and found[0].animate and found[0].plural == self.heads[-1].plural

    def surname(self, token: _Token) -> None:
        names = [r for r in self.in_case(token.text) if r.surname] or list(_surname(token.text))
        if names and self.case == "datv":
            self.changed[token.start, token.end] = nominative_of(token.text, names[0])

    def after_joint(self, at: int) -> int:
        following = at + 1
        while following < len(self.tokens) and self.tokens[following].text in JOINTS:
            following += 1
        if following >= len(self.tokens):
            return 0
        if self.may_be_head(following) and (end := self.head(following)):
            self.after_preposition = False
            return end
        return following if not is_infinitive(self.tokens[following].text) else 0

    def may_be_head(self, at: int, *, apposition: bool = False) -> bool:
        """Tell whether another head phrase begins here, and not a dependent in the same case."""
        token = self.tokens[at]
        found = self.in_case(token.text) if token.kind == "word" else []
        if not found:
            return is_abbreviation(token.text) and not self.after_preposition
        lemmas = {r.lemma for r in found}
        follows = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if found[0].describes and follows is not None and follows.kind == "word":
            lemmas |= {r.lemma for r in self.in_case(follows.text)}
        is_body = bool(lemmas & (BODIES | {head.lemma for head in self.heads}))
        if self.after_preposition:
            return is_body or (is_surely_dative(token.text) and (apposition or found[0].animate))
        return is_body or is_surely_dative(token.text) or found[0].animate

    def prepositional(self, at: int) -> int:
        """Read the preposition of a dependent («по УВР», «в Южном округе»), or end the name."""
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if self.whole:
            self.after_preposition = True
            return at + 1
        if following is None or following.kind == "number":
            return 0
        if following.text.lower() in STOP_WORDS | ADVERBIALS:
            return 0
        if self.tokens[at].text.lower() not in WITHIN_NAMES:
            return 0
        self.after_preposition = True
        return at + 2 if following.kind in ("word", "quoted") else 0
