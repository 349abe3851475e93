"""A foreign key in an address opens nothing: every address × every persona, from the URL resolver.

Two foreign worlds stand beside the usual one: a school of the same region in another district, and
a third region where nobody of us has a role. Everything in them carries a marker word, and all
their things have the same keys, so that each address can be asked with the key of whatever it is
about, and a new address is asked by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from organizations.models import Membership, Organization, OrganizationGroup, User
from organizations.roles import Role
from organizations.saved_filters import SavedFilter
from organizations.tests.factories import OrganizationFactory, UserFactory
from resolutions.filing import keep
from resolutions.models import Recommendation, Resolution, Section
from resolutions.reading import FOLDER, pasted
from resolutions.recognition.structure import Role as Mark
from resolutions.tests.marked_papers import document_of, marked
from tasks import workflow
from tasks.evidence import store, stored_path
from tasks.models import Evidence, Report, Task, TaskEvent
from tests import test_access as access

pytestmark = pytest.mark.once

NEIGHBOUR, ABROAD, ABROAD_DRAFT, NOWHERE = 900_100, 900_200, 900_300, 999_999
SLUGS = {ABROAD: "elsewhere", ABROAD_DRAFT: "elsewhere-draft", NOWHERE: "nowhere"}
# Each stands in everything of its world, and nowhere else.
MARKERS = {NEIGHBOUR: "потаён", ABROAD: "сокрыт", ABROAD_DRAFT: "сокрыт"}
# Who may know of the neighbour: the region's own coordinator and observer. Of what is abroad: none.
STRANGERS = {
    NEIGHBOUR: [each for each in access.PERSONAS if each not in ("olga", "nina")],
    ABROAD: access.PERSONAS,
    ABROAD_DRAFT: access.PERSONAS,
}
# A link to sign in is followed by people who have not signed in: it answers, and says nothing.
PUBLIC = {"organizations:link_follow"}
ON_EVERY_PAGE = {"csrfmiddlewaretoken", "viewport", "theme", "language", "next"}

world = access.world


@pytest.fixture
def foreign(world) -> SimpleNamespace:
    """What our people must not see, and the people who may."""
    school = place(NEIGHBOUR, Organization.Kind.SCHOOL, world.region.riverside)
    region = place(ABROAD, Organization.Kind.DEPARTMENT, None)
    school_abroad = place(ABROAD_DRAFT, Organization.Kind.SCHOOL, region)
    insiders = {
        "teacher": resident(NEIGHBOUR, school, Role.EXECUTOR),
        "head": resident(ABROAD, region, Role.COORDINATOR, Role.EXECUTOR),
        "pupil": resident(ABROAD_DRAFT, school_abroad, Role.EXECUTOR),
    }
    for key in (ABROAD, ABROAD_DRAFT):
        resolution = Resolution.objects.create(
            pk=key,
            slug=SLUGS[key],
            title=f"Сокрытая резолюция {key}",
            preamble="Сокрытые слова.",
            issuer=region,
            event_date=date(2026, 8, 25),
        )
        section = Section.objects.create(
            pk=key, resolution=resolution, heading="Сокрытым школам", position=1
        )
        section.organizations.add(region, school_abroad)
        Recommendation.objects.create(pk=key, section=section, position=1, text="Сокрытое сделать.")
        document(key, region, insiders["head"])
    Resolution.objects.filter(pk=ABROAD).update(status="ON_CONTROL", sent_at=timezone.now())
    execution(NEIGHBOUR, world.sent_recommendation, school, insiders["teacher"])
    execution(ABROAD, Recommendation.objects.get(pk=ABROAD), region, insiders["head"])
    kept_filter(ABROAD, insiders["head"])
    return SimpleNamespace(insiders=insiders)


def kept_filter(key: int, user: User) -> None:
    SavedFilter.objects.create(
        pk=key, user=user, page="tasks:task_list", name=f"Сокрытый отбор {key}", query="q=тайна"
    )


def place(key: int, kind: str, parent: Organization | None) -> Organization:
    name = f"{MARKERS[key].title()}ная организация {key}"
    made = OrganizationFactory(pk=key, kind=kind, parent=parent, name=name)
    OrganizationGroup.objects.create(pk=key, name=f"{MARKERS[key]}ная группа {key}", owner=made)
    return made


def resident(key: int, at: Organization, *roles: str) -> User:
    user = UserFactory(pk=key, surname=f"{MARKERS[key].title()}ов", email=f"{key}@example.test")
    for number, role in enumerate(roles):
        Membership.objects.create(
            pk=key + number * 50, user=user, organization=at, role=role, since=date(2020, 1, 1)
        )
    return user


def document(key: int, issuer: Organization, person: User) -> None:
    """A paper that is being checked, with its file."""
    marking = marked(("Сокрытым школам:", Mark.ADDRESSEE), ("1. Сокрытое сделать.", Mark.ITEM))
    name = f"Сокрытый документ {key}"
    kept = keep(pasted(name), FOLDER)
    document_of(marking, issuer, person, pk=key, name=f"{name}.txt", sha256=kept)


def execution(key: int, recommendation: Recommendation, at: Organization, author: User) -> None:
    """A task waiting for acceptance, with a report, a file, and words in its story."""
    word = MARKERS[key]
    task = Task.objects.create(pk=key, recommendation=recommendation, executor=at)
    report = Report.objects.create(pk=key, task=task, author=author, for_organization=at)
    kept = store(SimpleUploadedFile(f"{word}.pdf", f"%PDF-1.7 {word}".encode()))
    columns = {"sha256": kept.sha256, "size": kept.size, "content_type": kept.content_type}
    Evidence.objects.create(pk=key, report=report, name=kept.name, added_by=author, **columns)
    sent = TaskEvent(pk=key, task=task, action="ASSIGN", to_status="ASSIGNED", reason=word)
    TaskEvent.objects.bulk_create([sent])
    workflow.report(task, author, Report.Outcome.NOT_APPLICABLE, f"{word}ный отчёт")


def keyed_names() -> Iterator[tuple[str, list[str]]]:
    """Every address that takes a part, with the names of its parts."""
    for name in access.NAMES:
        resolver: Any = get_resolver()
        for part in name.split(":")[:-1]:
            resolver = resolver.namespace_dict[part][1]
        for found in resolver.reverse_dict.getlist(name.rpartition(":")[2]):
            if set(found[0][0][1]) - {"file_format"}:
                yield name, found[0][0][1]


def address_with(name: str, parts: list[str], key: int) -> str | None:
    """The address about the thing with the key; None where there is no such kind of thing."""
    known: dict[str, Any] = {
        "slug": SLUGS.get(key),
        "giver": key,
        "uidb64": urlsafe_base64_encode(force_bytes(key)),
        "token": "no-token",
        "file_format": "xlsx",
    }
    unknown = {each for each in parts if each not in known and not re.search(r"(pk|id)$", each)}
    assert not unknown, f"{name} takes {unknown}: say here what a foreign one is"
    values = {each: known.get(each, key) for each in parts}
    return None if None in values.values() else reverse(name, kwargs=values)


def says(answer: HttpResponse) -> str:
    """All a person can read out of an answer: its body, its file, its headers."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n{content.decode('utf-8', 'replace')}".casefold()


def strangers_to(persona: str) -> list[int]:
    """The keys of what the persona must know nothing of."""
    return [key for key, strangers in STRANGERS.items() if persona in strangers]


def told_in(answer: HttpResponse, keys: list[int]) -> list[str]:
    """What an answer gives away of the worlds of the keys."""
    markers = "|".join({MARKERS[key] for key in keys})
    return re.findall(rf".{{0,50}}(?:{markers}).{{0,20}}", says(answer))[:2] if keys else []


def rows() -> dict[str, list[Any]]:
    """All rows of all tables, but those of sessions and of sign-ins."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models()
        if model._meta.app_label in ("organizations", "resolutions", "tasks")
        and "last_login" not in {each.name for each in model._meta.fields}
    }


def test_a_foreign_key_answers_like_one_that_does_not_exist(world, foreign):
    """Nothing is shown, nothing is done, and nobody can tell whether there is such a thing."""
    before, told, asked = rows(), {}, 0
    for persona in access.PERSONAS:
        client = access.client_of(world, persona)
        refusals = (302, 401, 405) if persona == "anonymous" else (403, 404, 405)
        for name, parts in keyed_names():
            for method in ("get", "post"):
                nowhere = getattr(client, method)(address_with(name, parts, NOWHERE)).status_code
                for key in strangers_to(persona):
                    address = address_with(name, parts, key)
                    met = getattr(client, method)(address) if address else None
                    if met is None:
                        continue
                    asked += 1
                    refused = met.status_code in refusals or name in PUBLIC
                    if told_in(met, [key]) or met.status_code != nowhere or not refused:
                        told[name, persona, method, key] = (met.status_code, nowhere)
    print(asked, "asked")  # noqa: T201
    assert told == {}
    assert rows() == before


def test_the_same_addresses_open_for_those_whose_things_they_are(world, foreign):
    """Else the test above would ask about nothing: a new kind of thing is to be planted here."""
    clients = [Client() for _ in foreign.insiders]
    for client, user in zip(clients, foreign.insiders.values(), strict=True):
        client.force_login(user)

    def opens(name: str, parts: list[str]) -> bool:
        nowhere = address_with(name, parts, NOWHERE)
        for address in (address_with(name, parts, key) for key in STRANGERS):
            for client in clients if address else ():
                for method in ("get", "post"):
                    ask = getattr(client, method)
                    with transaction.atomic():
                        differs = ask(address).status_code != ask(nowhere).status_code
                        transaction.set_rollback(True)
                    if differs:
                        return True
        return name in PUBLIC

    assert [name for name, parts in keyed_names() if not opens(name, parts)] == []


def test_foreign_keys_in_what_is_typed_bring_nothing(world, foreign):
    """Every page that a person may open, and every field of it with foreign keys."""
    told, asked, before = {}, 0, foreign_rows()
    for persona, row, address, client in opened_pages(world):
        keys, page = strangers_to(persona), client.get(address)
        text = "" if page.streaming else page.content.decode("utf-8", "replace")
        fields = set(re.findall(r'name="([a-z][\w-]*)"', text))
        typed = dict.fromkeys(fields - ON_EVERY_PAGE, keys)
        answers = [page]
        if typed:
            asked += len(typed)
            answers += [client.get(address, typed), client.post(address, typed, follow=True)]
        if found := [each for answer in answers for each in told_in(answer, keys)]:
            told[persona, row] = found
        if foreign_rows() != before:
            told[persona, row, "changed"] = foreign_rows()
    print(asked, "asked")  # noqa: T201
    assert asked > 500
    assert told == {}


def test_a_filter_by_a_foreign_key_answers_like_one_by_a_key_that_does_not_exist(world, foreign):
    """Also those that stand in links only, and in no field."""
    differ, asked = {}, 0
    for persona, row, address, client in opened_pages(world):
        filterset = (client.get(address).context or {}).get("filter")
        for name, each in filterset.filters.items() if filterset else ():
            if "queryset" not in each.extra:
                continue
            by_slug = each.extra.get("to_field_name") == "slug"
            keys = [key for key in strangers_to(persona) if key in SLUGS or not by_slug]
            values = [SLUGS[key] if by_slug else str(key) for key in [NOWHERE, *keys]]
            nowhere, *met = (body_of(client.get(address, {name: value}), value) for value in values)
            asked += len(met)
            if any(body != nowhere for body in met):
                differ[persona, row, name] = values
    print(asked, "asked")  # noqa: T201
    assert asked > 100
    assert differ == {}


def opened_pages(world: SimpleNamespace) -> Iterator[tuple[str, str, str, Client]]:
    """Each page with each persona who has signed in; what is done on it is undone."""
    for place, persona in enumerate(access.PERSONAS[1:], start=2):
        client = access.client_of(world, persona)
        for row, address, expected in access.rows(world, "GET"):
            if expected[place] == "200":
                with transaction.atomic():
                    yield persona, row, address, client
                    transaction.set_rollback(True)


def body_of(answer: HttpResponse, value: str) -> str:
    """What the page shows, whatever value was asked about."""
    text = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", answer.content.decode())
    return text.replace(value, "…")


def foreign_rows() -> list[Any]:
    """What was done with the foreign tasks, and with the people and places around them."""
    reported = Task.objects.filter(pk__in=STRANGERS).order_by("pk").values_list()
    events = TaskEvent.objects.filter(task__in=STRANGERS).count()
    people = Membership.objects.filter(organization__in=STRANGERS).order_by("pk").values_list()
    places = Organization.objects.filter(pk__in=STRANGERS).order_by("pk").values_list()
    return [*reported, events, *people, *places]


def test_the_name_of_a_stored_file_helps_nobody(world, foreign):
    """Files have no address of their own: only evidence has, for those who see its task."""
    for evidence in Evidence.objects.exclude(sha256=""):
        path = stored_path(evidence.sha256)
        for persona in access.PERSONAS:
            client = access.client_of(world, persona)
            for address in (f"/{path}", f"/media/{path}", f"/evidence/{evidence.sha256}/"):
                met = client.get(address)
                assert met.status_code in (302, 404), address
                assert "%PDF" not in says(met).upper()
