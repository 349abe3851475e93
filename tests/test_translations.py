"""The Russian catalogue is complete; checked without the tools of GNU gettext, so anywhere."""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = settings.BASE_DIR
CATALOGUE = ROOT / "locale/ru/LC_MESSAGES/django.po"
SOURCES = [
    path
    for folder in ("config", "dashboards", "tasks", "resolutions", "organizations")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not {"tests", "migrations"} & set(path.parts)
]
TEMPLATES = [
    path for kind in ("*.html", "*.txt") for path in sorted((ROOT / "templates").rglob(kind))
]
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")
Message = tuple[str | None, str | tuple[str, str]]  # context, text or (one, many)


def messages_of(code: str) -> Iterator[Message]:
    """The messages of calls in Python code."""
    stream = io.BytesIO(code.encode())
    for _line, text, _comments, context in extract(extract_python, stream, KEYWORDS):
        yield context, text


def calls_of(template: str) -> Iterator[str]:
    """What makemessages sees in a template, as calls in Python."""
    code = templatize(template)
    for found in re.finditer(r"\b(?:_|n?p?gettext)\(", code):
        for end in re.finditer(r"\)", code[found.start() :]):
            call = code[found.start() : found.start() + end.end()]
            try:
                ast.parse(call)
            except SyntaxError:
                continue
            yield call
            break


def extracted() -> dict[Message, str]:
    """Every message of the project, with a file it stands in."""
    found = {}
    for path in SOURCES:
        for message in messages_of(path.read_text("utf-8")):
            found[message] = path.relative_to(ROOT).as_posix()
    for path in TEMPLATES:
        for message in messages_of("\n".join(calls_of(path.read_text("utf-8")))):
            found[message] = path.relative_to(ROOT).as_posix()
    return found


@pytest.fixture(scope="module")
def wanted() -> dict[Message, str]:
    return extracted()


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="ru")


def first(message: Message) -> str:
    return message[1] if isinstance(message[1], str) else message[1][0]


def forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


def test_the_messages_of_all_kinds_are_seen():
    code = '_("a"); ngettext("b", "bs", 2); pgettext_lazy("c", "d"); gettext_noop("e")'
    assert set(messages_of(code)) == {(None, "a"), (None, ("b", "bs")), ("c", "d"), (None, "e")}
    template = (
        '{% load i18n %}{% translate "f" %}{% translate "g" context "h" %}{{ x|default:_("i") }}'
        "{% blocktranslate trimmed count n=n %}{{ n }} j"
        "{% plural %}{{ n }} js{% endblocktranslate %}"
    )
    seen = set(messages_of("\n".join(calls_of(template))))
    assert seen == {(None, "f"), ("h", "g"), (None, "i"), (None, ("%(n)s j", "%(n)s js"))}


def test_no_message_is_missing_untranslated_or_doubtful(wanted, catalogue):
    bad = {}
    for message, place in wanted.items():
        entry = catalogue.get(first(message), message[0])
        if entry is None:
            bad[first(message)] = f"missing, {place}"
        elif not all(forms(entry.string)):
            bad[first(message)] = f"untranslated, {place}"
        elif entry.fuzzy:
            bad[first(message)] = f"fuzzy, {place}"
    assert bad == {}


def test_nothing_stands_in_the_catalogue_that_nobody_says(wanted, catalogue):
    said = {(message[0], first(message)) for message in wanted}
    kept = {(entry.context, forms(entry.id)[0]) for entry in catalogue if entry.id}
    assert kept - said == set()
    assert not catalogue.obsolete


def test_placeholders_are_the_same_in_both_languages(catalogue):
    """A name misspelt in a translation would break the page, in Russian only."""
    bad = {}
    for entry in catalogue:
        if entry.id:
            # The singular may say «one» in words; Russian's first form is that of 21, too.
            expected = sorted(PLACEHOLDER.findall(forms(entry.id)[-1]))
            for string in forms(entry.string):
                if string and sorted(PLACEHOLDER.findall(string)) != expected:
                    bad[forms(entry.id)[0]] = string
    assert bad == {}


def test_plural_forms_are_complete(catalogue):
    assert catalogue.num_plurals == 3
    incomplete = [
        entry.id
        for entry in catalogue
        if isinstance(entry.id, tuple) and (len(entry.string) != 3 or not all(entry.string))
    ]
    assert incomplete == []


def test_message_ids_are_english(wanted):
    """What stands in «ёлочки» quotes a column or a paper, which are Russian."""
    plain = [re.sub("«[^»]*»", "", first(each)) for each in wanted]
    assert [each for each in plain if re.search("[А-Яа-яЁё]", each)] == []


def test_translations_keep_the_typography_of_russian(catalogue):
    """«Ёлочки», no three dots, no hyphen between spaces, no empty space at either end."""
    straight = re.compile(r"(?<!=)\"(?!>)[^\"]*\"|\.\.\.| - |“|”")
    bad = [
        string
        for entry in catalogue
        if entry.id
        for string in forms(entry.string)
        if straight.search(re.sub(r"<[^>]*>", "", string))
        or (string != string.strip() and forms(entry.id)[0] == forms(entry.id)[0].strip())
    ]
    assert bad == []


def test_it_compiles_and_counts(catalogue):
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    stream.seek(0)
    compiled = gettext.GNUTranslations(stream)
    days = [
        compiled.ngettext("%(days)s day overdue", "%(days)s days overdue", number)
        for number in (1, 2, 5, 21)
    ]
    assert len(set(days)) == 3
    assert days[0] == days[3]


# Names that are the same in every language, and words that are samples.
UNTRANSLATED = {
    *("English", "Русский", "CSV", "XLSX", "PDF", "DOCX", "ODT", "RTF", "TXT", "SHA", "Esc"),
    *("до", "года"),
}


def shown_words(template: str) -> set[str]:
    """The words of a template that do not go through the catalogue."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}", " ", template, flags=re.DOTALL)
    text = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*block (?:narrow|body)\s*%}.*?endblock", "{%", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<style>.*?</style>", " ", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt|data-label|content)="([^"]*)"', text)
    text = re.sub(r"<meta[^>]*>|<(?:svg|path|defs|pattern|rect|line)[^>]*>", " ", text)
    spoken = [each for each in spoken if each in text]
    text = re.sub(r"<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    return {word for each in (text, *spoken) for word in re.findall(r"[^\W\d_]{2,}", each)}


def test_every_word_of_a_template_goes_through_the_catalogue():
    found = {}
    for path in TEMPLATES:
        words = shown_words(path.read_text("utf-8")) - UNTRANSLATED
        if words:
            found[path.relative_to(ROOT).as_posix()] = words
    assert found == {}
    assert Path(CATALOGUE).exists()
