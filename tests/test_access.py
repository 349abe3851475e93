"""Who may open what: every address of the site × every persona, generated from the URL resolver.

A new address without a row here fails the build, and so does a row without an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from conftest import person
from organizations.invitations import LinkTokens
from organizations.models import Membership, OrganizationGroup, SavedFilter, User
from organizations.roles import Role
from resolutions.models import Recommendation, Resolution, Section
from resolutions.reading import pasted, receive
from tasks.assignment import send
from tasks.evidence import store
from tasks.models import Evidence, Report, Task

PERSONAS = ("anonymous", "olga", "maria", "sergey", "tamara", "pavel", "nina", "victor", "anna")

# An address may have several rows, told apart by the word after its name: what it is opened for.
# GET rows are pages, POST rows are acts that refuse GET.
ROWS = {
    #                                                  ano olg mar ser tam pav nin vic ann
    "dashboards:due_grid":                      " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:due_grid_export":               " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:resolution_matrix":             " GET 302 200 200 200 200 200 200 404 404",
    "dashboards:resolution_matrix draft":       " GET 302 404 404 404 404 404 404 404 404",
    "dashboards:resolution_matrix_export":      " GET 302 200 200 200 200 200 200 404 404",
    "dashboards:resolution_matrix_export draft": "GET 302 404 404 404 404 404 404 404 404",
    "dashboards:overdue_list":                  " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:organization_export":           " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:overdue_export":                " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:recommendation_executors":      " GET 302 200 200 200 200 200 200 404 404",
    "dashboards:recommendation_export":         " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:resolution_export":             " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:resolution_report":             " GET 302 200 200 200 200 200 200 404 404",
    "dashboards:resolution_report draft":       " GET 302 404 404 404 404 404 404 404 404",
    "dashboards:resolution_report_file":        " GET 302 200 200 200 200 200 200 404 404",
    "dashboards:resolution_report_file draft":  " GET 302 404 404 404 404 404 404 404 404",
    "dashboards:task_export":                   " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:overdue_print":                 " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:reminder_create":               " GET 302 200 200 403 403 200 403 200 403",
    "dashboards:overview":                      " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:start":                         " GET 302 302 302 302 302 302 302 302 302",
    "dashboards:summary":                       " GET 302 200 200 200 200 200 200 200 200",
    "dashboards:summary_export":                " GET 302 200 200 200 200 200 200 200 200",
    "organizations:filter_delete":              "POST 401 302 404 404 404 404 404 404 404",
    "organizations:filter_save":                "POST 401 404 404 404 404 404 404 404 404",
    "organizations:group_create":               " GET 302 200 403 403 403 403 403 200 403",
    "organizations:group_detail":               " GET 302 200 404 404 404 404 200 404 404",
    "organizations:group_list":                 " GET 302 200 200 200 200 200 200 200 200",
    "organizations:group_update":               " GET 302 200 404 404 404 404 403 404 404",
    "organizations:invitation_sheet":           " GET 302 200 403 403 404 403 403 404 404",
    "organizations:invitation_sheet all":       " GET 302 302 403 403 403 403 403 302 403",
    "organizations:link_follow":                " GET 200 200 200 200 200 200 200 200 200",
    "organizations:link_follow valid":          " GET 302 302 302 302 302 302 302 302 302",
    "organizations:link_issue":                 "POST 401 200 403 403 404 403 403 404 404",
    "organizations:membership_create":          " GET 302 200 403 403 404 403 403 404 404",
    "organizations:membership_end":             " GET 302 200 403 403 404 403 403 404 404",
    "organizations:membership_update":          " GET 302 200 403 403 404 403 403 404 404",
    "organizations:organization_create":        " GET 302 200 403 403 403 403 403 200 403",
    "organizations:organization_detail":        " GET 302 200 200 200 404 200 200 404 404",
    "organizations:organization_history":       " GET 302 200 200 200 404 200 200 404 404",
    "organizations:organization_import":        " GET 302 200 403 403 403 403 403 200 403",
    "organizations:organization_import_sample": " GET 302 200 403 403 403 403 403 200 403",
    "organizations:organization_list":          " GET 302 200 200 200 200 200 200 200 200",
    "organizations:organization_options":       " GET 302 400 400 400 400 400 400 400 400",
    "organizations:organization_update":        " GET 302 200 403 403 404 403 403 404 404",
    "organizations:password_change":            " GET 302 200 200 200 200 200 200 200 200",
    "organizations:profile":                    " GET 302 200 200 200 200 200 200 200 200",
    "organizations:sign_in":                    " GET 200 302 302 302 302 302 302 302 302",
    "organizations:sign_out":                   "POST 302 302 302 302 302 302 302 302 302",
    "organizations:theme_choose":               "POST 302 302 302 302 302 302 302 302 302",
    "resolutions:audience_preview":             "POST 401 200 403 403 403 403 403 200 403",
    "resolutions:deadline_preview":             " GET 302 200 200 200 200 200 200 200 200",
    "resolutions:document_act":                 "POST 401 302 404 404 404 404 404 404 404",
    "resolutions:document_audience":            "POST 401 302 404 404 404 404 404 404 404",
    "resolutions:document_create":              " GET 302 200 403 403 403 403 403 200 403",
    "resolutions:document_draft":               "POST 401 302 404 404 404 404 404 404 404",
    "resolutions:document_file":                " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:document_list":                " GET 302 200 403 403 403 403 403 200 403",
    "resolutions:document_review":              " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:document_set_aside":           "POST 401 302 404 404 404 404 404 404 404",
    "resolutions:recommendation_create":        " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:recommendation_delete":        " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:recommendation_move":          "POST 401 302 404 404 404 404 404 404 404",
    "resolutions:recommendation_update":        " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:resolution_create":            " GET 302 200 403 403 403 403 403 200 403",
    "resolutions:resolution_delete":            " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:resolution_delete sent":       " GET 302 403 404 404 404 404 403 404 404",
    "resolutions:resolution_update":            " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:resolution_update sent":       " GET 302 403 404 404 404 404 403 404 404",
    "resolutions:section_create":               " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:section_delete":               " GET 302 200 404 404 404 404 404 404 404",
    "resolutions:section_move":                 "POST 401 302 404 404 404 404 404 404 404",
    "resolutions:section_update":               " GET 302 200 404 404 404 404 404 404 404",
    "set_language":                             "POST 302 302 302 302 302 302 302 302 302",
    "tasks:evidence_file":                      " GET 302 200 200 200 404 200 200 404 404",
    "tasks:evidence_file draft":                " GET 302 404 404 200 404 404 404 404 404",
    "tasks:audience_add":                       " GET 302 200 403 403 403 403 403 404 404",
    "tasks:audience_withdraw":                  " GET 302 200 403 403 403 403 403 404 404",
    "tasks:my_organization":                    " GET 302 200 200 200 200 200 200 200 200",
    "tasks:organization_tasks":                 " GET 302 200 200 200 404 200 200 404 404",
    "tasks:recommendation_detail":              " GET 302 200 200 200 200 200 200 404 404",
    "tasks:recommendation_detail draft":        " GET 302 404 404 404 404 404 404 404 404",
    "tasks:resolution_detail":                  " GET 302 200 200 200 200 200 200 404 404",
    "tasks:resolution_detail draft":            " GET 302 200 404 404 404 404 404 404 404",
    "tasks:recommendation_add":                 " GET 302 200 403 403 403 403 403 404 404",
    "tasks:recommendation_cancel":              " GET 302 200 403 403 403 403 403 404 404",
    "tasks:recommendation_correct":             " GET 302 200 403 403 403 403 403 404 404",
    "tasks:recommendation_extend":              " GET 302 200 403 403 403 403 403 404 404",
    "tasks:recommendation_list":                " GET 302 200 200 200 200 200 200 200 200",
    "tasks:recommendation_restore":             " GET 302 200 403 403 403 403 403 404 404",
    "tasks:recommendation_reword":              " GET 302 200 403 403 403 403 403 404 404",
    "tasks:resolution_list":                    " GET 302 200 200 200 200 200 200 200 200",
    "tasks:resolution_off_control":             " GET 302 200 403 403 403 403 403 404 404",
    "tasks:resolution_on_control":              " GET 302 302 403 403 403 403 403 404 404",
    "tasks:resolution_send":                    " GET 302 302 403 403 403 403 403 404 404",
    "tasks:resolution_send draft":              " GET 302 200 404 404 404 404 404 404 404",
    "tasks:review_accept":                      "POST 401 302 302 403 403 302 403 302 403",
    "tasks:review_queue":                       " GET 302 200 200 403 403 200 403 200 403",
    "tasks:task_accept":                        "POST 401 302 302 403 404 302 403 404 404",
    "tasks:task_cancel":                        " GET 302 200 403 403 404 403 403 404 404",
    "tasks:task_detail":                        " GET 302 200 200 200 404 200 200 404 404",
    "tasks:task_list":                          " GET 302 200 200 200 200 200 200 200 200",
    "tasks:task_recall":                        "POST 401 403 403 302 404 403 403 404 404",
    "tasks:task_report":                        " GET 302 403 403 200 404 403 403 404 404",
    "tasks:task_restore":                       " GET 302 302 403 403 404 403 403 404 404",
    "tasks:task_restore cancelled":             " GET 302 200 403 403 404 403 403 404 404",
    "tasks:task_return":                        " GET 302 302 302 403 404 302 403 404 404",
    "tasks:task_return reported":               " GET 302 200 200 403 404 200 403 404 404",
    "tasks:task_take":                          "POST 401 403 403 302 404 403 403 404 404",
}  # fmt: skip

# The first opening of a task by its own executor is noted; no other page writes.
MAY_WRITE = {"tasks:task_detail", "tasks:task_report"}


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Walk the resolver: the names of all our addresses. The administration has its own test."""
    for each in patterns:
        if isinstance(each, URLResolver):
            if each.namespace != "admin":
                inner = f"{each.namespace}:" if each.namespace else ""
                yield from addresses(each.url_patterns, prefix + inner)
        elif isinstance(each, URLPattern) and each.name != "style_guide":  # in debug mode only
            assert each.name, f"{each.pattern} has no name"
            yield prefix + each.name


NAMES = sorted(set(addresses(get_resolver().url_patterns)))


@pytest.fixture
def world(draft, region, olga, maria, sergey, tamara, pavel, nina, victor, anna):
    """Everything an address can be about: a sent resolution with its tasks, and a draft."""
    send(draft, olga)
    entered = Resolution.objects.create(title="Черновик", issuer=region.department)
    section = Section.objects.create(resolution=entered, heading="Школам", position=1)
    section.organizations.add(region.school_1)
    recommendation = Recommendation.objects.create(section=section, position=1, text="Сделать.")
    people = {"olga": olga, "maria": maria, "sergey": sergey, "tamara": tamara}
    people |= {"pavel": pavel, "nina": nina, "victor": victor, "anna": anna}
    task = Task.objects.filter(executor=region.school_1).first()
    another = {"recommendation": task.recommendation, "executor": task.executor}
    return SimpleNamespace(
        people=people,
        region=region,
        draft=entered,
        sent=Resolution.objects.get(pk=draft.pk),
        section=section,
        recommendation=recommendation,
        sent_recommendation=Recommendation.objects.filter(section__resolution=draft).first(),
        task=task,
        reported=Task.objects.create(
            **another, period="1", status="REPORTED", reported_on=timezone.localdate()
        ),
        cancelled=Task.objects.create(**another, period="2", status="CANCELLED"),
        evidence=evidence_of(task, sergey, timezone.now()),
        draft_evidence=evidence_of(task, sergey, None),
        document=receive(pasted("Резолюция\n1. Сделать."), region.department, olga)[0],
        kept_filter=SavedFilter.objects.create(
            user=olga, page="tasks:task_list", name="Мои", query="state=owed"
        ),
        group=OrganizationGroup.objects.create(name="Школы", owner=region.department),
        membership=Membership.objects.get(user=sergey),
        invited=person("Invited", (region.school_2, Role.EXECUTOR)),
    )


def evidence_of(task: Task, author: User, sent_at: datetime | None) -> Evidence:
    """A file of a report that is sent, or of a draft."""
    report = Report.objects.create(
        task=task,
        author=author,
        for_organization=task.executor,
        outcome="PARTLY",
        text="Начали.",
        sent_at=sent_at,
    )
    kept = store(SimpleUploadedFile("Приказ.pdf", b"%PDF-1.7"))
    return Evidence.objects.create(
        report=report,
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        content_type=kept.content_type,
        added_by=author,
    )


def arguments(world: SimpleNamespace, name: str, what: str) -> dict[str, Any]:
    """What stands for the parts of the address: by the noun of its name, or by the row's word."""
    app, _, rest = name.rpartition(":")
    editing = app == "resolutions"
    sent = not editing and what != "draft"
    things = {
        "section": world.section,
        "recommendation": world.sent_recommendation if sent else world.recommendation,
        "task": {"reported": world.reported, "cancelled": world.cancelled}.get(what, world.task),
        "evidence": world.draft_evidence if what == "draft" else world.evidence,
        "organization": world.region.school_1,
        "invitation": world.region.school_1,
        "membership": world.membership,
        "link": world.membership,
        "group": world.group,
        "document": world.document,
        "filter": world.kept_filter,
    }
    giver = world.people["olga"].pk
    token = LinkTokens(giver).make_token(world.invited) if what == "valid" else "no-token"
    uid = urlsafe_base64_encode(force_bytes(world.invited.pk))
    known = {"giver": giver, "uidb64": uid, "token": token, "file_format": "xlsx"}
    # What is added stands in the address of that to which it is added.
    things |= {
        "membership_create": world.region.school_1,
        "recommendation_create": world.section,
    }
    thing = things.get(rest, things.get(rest.partition("_")[0]))
    draft = what == "draft" or (editing and what != "sent")
    return known | {
        "slug": (world.draft if draft else world.sent).slug,
        "pk": getattr(thing, "pk", None),
    }


def address_of(world: SimpleNamespace, name: str, what: str = "") -> str:
    """The address with the parts its pattern asks for; the longest of several of one name."""
    possible = get_resolver()
    for part in name.split(":")[:-1]:
        possible = possible.namespace_dict[part][1]
    found = possible.reverse_dict.getlist(name.rpartition(":")[2])
    wanted = sorted((each[0][0][1] for each in found), key=len)[0 if what == "all" else -1]
    known = arguments(world, name, what)
    return reverse(name, kwargs={key: known[key] for key in wanted})


def client_of(world: SimpleNamespace, persona: str, **options: Any) -> Client:
    client = Client(**options)
    if persona != "anonymous":
        client.force_login(world.people[persona])
    return client


def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Stand between a page and the database: sessions may be written, nothing else."""
    writes = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    assert not writes or "django_session" in sql, f"a GET wrote: {sql[:200]}"
    return execute(sql, params, many, context)


def answers(world: SimpleNamespace, method: str, address: str, may_write: bool) -> list[str]:
    """The statuses for all personas, as a row of the table; each begins from the same world."""
    statuses = []
    for persona in PERSONAS:
        with transaction.atomic():
            client = client_of(world, persona)
            if method == "GET" and not may_write:
                with connection.execute_wrapper(refuse_writes):
                    answer = client.get(address)
            else:
                answer = getattr(client, method.lower())(address)
            statuses.append(str(answer.status_code))
            transaction.set_rollback(True)
    return [method, *statuses]


def test_every_address_has_a_row_and_every_row_an_address():
    described = {key.partition(" ")[0] for key in ROWS}
    assert sorted(set(NAMES) - described) == []
    assert sorted(described - set(NAMES)) == []


def rows(world: SimpleNamespace, method: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """The table: key, address and expected statuses of all rows (of one method)."""
    for key, row in ROWS.items():
        name, _, what = key.partition(" ")
        if method in row:
            yield key, address_of(world, name, what), row.split()


def test_each_persona_meets_what_the_table_says(world):
    met = {}
    for key, address, expected in rows(world):
        may_write = key.partition(" ")[0] in MAY_WRITE
        got = answers(world, expected[0], address, may_write)
        if got != expected:
            met[key] = " ".join(got)
    assert met == {}


# A form sent after the resolution has gone out is answered by its page with what was typed, of
# which nothing is saved (resolutions/tests/test_editor.py); a refusal would lose the text.
ANSWERED_WITH_THE_PAGE = {("resolutions:resolution_update sent", "olga")}


def test_who_may_not_open_a_form_may_not_send_it_either(world):
    sent = {}
    for key, address, expected in rows(world, "GET"):
        for persona, status in zip(PERSONAS, expected[1:], strict=True):
            if status in ("403", "404"):
                answer = client_of(world, persona).post(address)
                late = (key, persona) in ANSWERED_WITH_THE_PAGE
                if answer.status_code not in (200 if late else int(status), 405):
                    sent[key, persona] = answer.status_code
    assert sent == {}


def test_an_act_refuses_to_be_a_link(world):
    """A link can be followed by a mail scanner; Django's switch of language then only leads on."""
    olga = client_of(world, "olga")
    answered = {key: olga.get(address).status_code for key, address, _row in rows(world, "POST")}
    assert answered.pop("set_language") == 302
    assert set(answered.values()) == {405}


def test_a_task_is_marked_as_opened_once(world):
    client = client_of(world, "sergey")
    address = address_of(world, "tasks:task_detail")
    client.get(address)
    assert world.task.events.count() == 2  # sent, opened
    with connection.execute_wrapper(refuse_writes):
        client.get(address)


def test_nothing_is_sent_without_the_token_of_a_form(world):
    """A foreign page cannot send our forms, whoever is signed in."""
    sent = {}
    for persona in ("anonymous", "olga"):
        client = client_of(world, persona, enforce_csrf_checks=True)
        for key, address, _row in rows(world):
            answer = client.post(address)
            if "403_csrf.html" not in {template.name for template in answer.templates}:
                sent[key, persona] = answer.status_code
    assert sent == {}


def test_the_administration_is_for_administrators(world):
    pages = [reverse("admin:index")]
    for model in admin.site._registry:
        pages.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    for page in pages:
        assert answers(world, "GET", page, False) == ["GET", *["302"] * 8, "200"]


def test_a_deactivated_person_is_signed_out_at_once(world):
    client = client_of(world, "olga")
    User.objects.filter(pk=world.people["olga"].pk).update(is_active=False)
    answer = client.get(reverse("organizations:profile"))
    assert answer["Location"].startswith(reverse("organizations:sign_in"))
