"""Every page of the site in a browser, as each role of the demonstration sees it.

The list is closed: an address of the resolver that is neither a page here nor said to be none
fails. On each page of each role: one first heading, no sideways scroll on a phone and a tablet,
no more than 150 KB to fetch; nothing for axe to find on a wide light screen and on a narrow dark
one. axe looks once a row, with the eyes of the first who opens the page.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import get_resolver, reverse
from playwright.sync_api import Page

from conftest import PASSWORD
from organizations.models import Membership, Organization, OrganizationGroup, User
from resolutions.models import Recommendation, Resolution, Section
from resolutions.reading import pasted, receive
from tasks.demonstration.directory import REGION, SCHOOL
from tasks.models import Task
from tests.test_access import NAMES
from tests.test_access import ROWS as ACCESS

pytestmark = pytest.mark.journey

ROLES = ("coordinator", "methodist", "school", "observer", "municipality")
HEAVIEST = 150 * 1024  # bytes as a server with gzip sends them

# Who opens the page; "x" for each who is given it. An address may have several rows, told apart by
# the word after its name, when the page looks otherwise to another person or of another thing.
PAGES: dict[str, str] = {
    #                                         coo met sch obs mun
    "dashboards:due_grid":                    "x   x   x   x   x",
    "dashboards:overdue_list":                "x   x   x   x   x",
    "dashboards:overdue_print":               "x   x   x   x   x",
    "dashboards:overview":                    "x   x   x   x   x",
    "dashboards:reminder_create":             "x   x   .   .   x",
    "dashboards:resolution_matrix":           "x   x   x   x   x",
    "dashboards:resolution_report":           "x   x   x   x   x",
    "dashboards:summary":                     "x   x   x   x   x",
    "organizations:group_create":             "x   .   .   .   .",
    "organizations:group_detail":             "x   x   .   x   .",
    "organizations:group_list":               "x   x   x   x   x",
    "organizations:group_update":             "x   .   .   .   .",
    "organizations:invitation_sheet":         "x   .   .   .   .",
    "organizations:membership_create":        "x   .   .   .   .",
    "organizations:membership_end":           "x   .   .   .   .",
    "organizations:membership_update":        "x   .   .   .   .",
    "organizations:organization_create":      "x   .   .   .   .",
    "organizations:organization_detail":      "x   x   x   x   x",
    "organizations:organization_history":     "x   x   x   x   x",
    "organizations:organization_import":      "x   .   .   .   .",
    "organizations:organization_list":        "x   x   x   x   x",
    "organizations:organization_update":      "x   .   .   .   .",
    "organizations:password_change":          "x   x   x   x   x",
    "organizations:profile":                  "x   x   x   x   x",
    "resolutions:document_create":            "x   .   .   .   .",
    "resolutions:document_list":              "x   .   .   .   .",
    "resolutions:document_review":            "x   .   .   .   .",
    "resolutions:recommendation_create":      "x   .   .   .   .",
    "resolutions:recommendation_delete":      "x   .   .   .   .",
    "resolutions:recommendation_update":      "x   .   .   .   .",
    "resolutions:resolution_create":          "x   .   .   .   .",
    "resolutions:resolution_delete":          "x   .   .   .   .",
    "resolutions:resolution_update":          "x   .   .   .   .",
    "resolutions:section_create":             "x   .   .   .   .",
    "resolutions:section_delete":             "x   .   .   .   .",
    "resolutions:section_update":             "x   .   .   .   .",
    "tasks:audience_add":                     "x   .   .   .   .",
    "tasks:audience_withdraw":                "x   .   .   .   .",
    "tasks:my_organization":                  "x   x   .   x   x",
    "tasks:my_organization own":              ".   .   x   .   .",
    "tasks:organization_tasks":               "x   x   x   x   x",
    "tasks:recommendation_add":               "x   .   .   .   .",
    "tasks:recommendation_cancel":            "x   .   .   .   .",
    "tasks:recommendation_correct":           "x   .   .   .   .",
    "tasks:recommendation_detail":            "x   x   x   x   x",
    "tasks:recommendation_extend":            "x   .   .   .   .",
    "tasks:recommendation_list":              "x   x   x   x   x",
    "tasks:recommendation_restore":           "x   .   .   .   .",
    "tasks:recommendation_reword":            "x   .   .   .   .",
    "tasks:resolution_detail":                "x   x   x   x   x",
    "tasks:resolution_detail draft":          "x   .   .   .   .",
    "tasks:resolution_list":                  "x   x   x   x   x",
    "tasks:resolution_off_control":           "x   .   .   .   .",
    "tasks:resolution_send draft":            "x   .   .   .   .",
    "tasks:review_queue":                     "x   x   .   .   x",
    "tasks:task_cancel":                      "x   .   .   .   .",
    "tasks:task_detail":                      "x   x   .   x   x",
    "tasks:task_detail own":                  ".   .   x   .   .",
    "tasks:task_list":                        "x   x   x   x   x",
    "tasks:task_report":                      ".   .   x   .   .",
    "tasks:task_restore":                     "x   .   .   .   .",
    "tasks:task_return":                      "x   x   .   .   x",
}  # fmt: skip
# Opened by whoever has not signed in.
DOORS = {"organizations:sign_in", "organizations:link_follow"}
# Files, parts of pages, and addresses that only lead on.
NO_PAGES = {
    "dashboards:due_grid_export",
    "dashboards:organization_export",
    "dashboards:overdue_export",
    "dashboards:recommendation_executors",
    "dashboards:recommendation_export",
    "dashboards:resolution_export",
    "dashboards:resolution_matrix_export",
    "dashboards:resolution_report_file",
    "dashboards:start",
    "dashboards:summary_export",
    "dashboards:task_export",
    "organizations:organization_import_sample",
    "organizations:organization_options",
    "resolutions:deadline_preview",
    "resolutions:document_file",
    "tasks:evidence_file",
    "tasks:resolution_on_control",
}
# What refuses GET.
ACTS = {key.partition(" ")[0] for key, row in ACCESS.items() if row.startswith("POST")}


def world() -> dict[str, Any]:
    """What the addresses are about: by the name of the address or the noun it begins with."""
    school = Organization.objects.get(code=SCHOOL)
    sent = Resolution.objects.get(slug="demo-mentoring")
    draft = Resolution.objects.get(slug="demo-reading")
    section = Section.objects.filter(resolution=draft).first()
    tasks = Task.objects.filter(recommendation__section__resolution=sent)
    district = tasks.filter(executor__path__startswith=school.parent.path)
    region = Organization.objects.get(code=REGION)
    coordinator = User.objects.get(email="coordinator@demo.test")
    paper = pasted("Резолюция\nШколам:\n1. Вести работу с родителями до 1 октября 2026 г.")
    return {
        "slug": {"tasks": sent.slug, "dashboards": sent.slug, "resolutions": draft.slug},
        "section": section,
        "recommendation": {
            "tasks": Recommendation.objects.filter(section__resolution=sent).first(),
            "resolutions": Recommendation.objects.filter(section=section).first(),
        },
        "recommendation_create": section,
        "task": tasks.filter(executor=school, status=Task.Status.IN_PROGRESS).first(),
        "task_return": district.filter(status=Task.Status.REPORTED).first(),
        "task_restore": tasks.filter(status=Task.Status.CANCELLED).first(),
        "organization": school,
        "invitation": school,
        "membership": Membership.objects.filter(organization=school).first(),
        "membership_create": school,
        "group": OrganizationGroup.objects.filter(owner=region).first(),
        "document": receive(paper, region, coordinator)[0],
    }


def address_of(things: dict[str, Any], name: str, what: str) -> str:
    """The address of a row; the longest, where a name has several."""
    app, _, rest = name.rpartition(":")
    patterns = get_resolver().namespace_dict[app][1].reverse_dict.getlist(rest)
    wanted = max((each[0][0][1] for each in patterns), key=len)
    thing = things.get(rest, things.get(rest.partition("_")[0]))
    thing = thing.get(app) if isinstance(thing, dict) else thing
    slug = things["slug"].get("resolutions" if what == "draft" else app)
    known = {"pk": getattr(thing, "pk", None), "slug": slug}
    known |= {"giver": 1, "uidb64": "MQ", "token": "no-token"}
    return reverse(name, kwargs={key: known[key] for key in wanted})


@dataclass
class Seen:
    """What the walk has met: findings by page and role, what each page weighs, files it knows."""

    findings: dict[str, list[str]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    loads: int = 0

    def note(self, where: str, finding: str) -> None:
        self.findings.setdefault(where, []).append(finding)


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def weigh(opened: Page, document: bytes, seen: Seen) -> int:
    """Bytes to fetch for the page and all that it refers to, packed; nothing is cached."""
    names = "performance.getEntriesByType('resource').map(each => each.name)"
    files = set(opened.evaluate(names))
    for each in files - set(seen.files):
        seen.files[each] = packed(opened.request.get(each).body())
    return packed(document) + sum(seen.files[each] for each in files)


def fits(opened: Page, width: int) -> bool:
    opened.set_viewport_size({"width": width, "height": 800})
    return bool(opened.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def axe_findings(opened: Page) -> list[str]:
    """What axe finds on a wide light screen and on a narrow dark one."""
    found = []
    for width, scheme in ((1440, "light"), (360, "dark")):
        opened.set_viewport_size({"width": width, "height": 900})
        opened.emulate_media(color_scheme=scheme)
        for each in Axe().run(opened).response["violations"]:
            places = [node["html"][:160] for node in each["nodes"][:3]]
            found.append(f"{each['id']} at {width} {scheme}: {places}")
    opened.emulate_media(color_scheme="light")
    return found


def look(opened: Page, address: str, where: str, seen: Seen, with_axe: bool) -> None:
    opened.set_viewport_size({"width": 360, "height": 800})
    answer = opened.goto(address)
    seen.loads += 1
    if answer.status != 200 or not opened.url.endswith(address):
        seen.note(where, f"answers {answer.status} at {opened.url}")
        return
    weight = seen.weights[where] = weigh(opened, answer.body(), seen)
    if weight > HEAVIEST:
        seen.note(where, f"weighs {weight} bytes")
    if (heads := opened.locator("h1").count()) != 1:
        seen.note(where, f"has {heads} first headings")
    for width in (360, 768):
        if not fits(opened, width):
            seen.note(where, f"scrolls sideways at {width}")
    for finding in axe_findings(opened) if with_axe else []:
        seen.note(where, finding)


def rows(role: str) -> Iterator[tuple[str, str, bool]]:
    """Name, word and whether this role is the first to open it, of each page of the role."""
    place = ROLES.index(role)
    for key, row in PAGES.items():
        marks = row.split()
        if marks[place] == "x":
            name, _, what = key.partition(" ")
            yield name, what, marks.index("x") == place


def test_every_address_is_a_page_here_or_said_to_be_none():
    pages = {key.partition(" ")[0] for key in PAGES}
    assert sorted(set(NAMES) - pages - DOORS - NO_PAGES - ACTS) == []
    assert sorted((pages | DOORS | NO_PAGES) - set(NAMES)) == []


def test_every_page_of_every_role_is_in_order(page):
    call_command("load_demo", url="http://127.0.0.1/")
    things, seen = world(), Seen()
    # Colours that fade from one scheme to the other would be measured half way.
    still = {"reduced_motion": "reduce"}
    stranger = page(**still)
    for name in sorted(DOORS):
        look(stranger, address_of(things, name, ""), f"nobody: {name}", seen, with_axe=True)
    for role in ROLES:
        person = User.objects.get(email=f"{role}@demo.test")
        person.set_password(PASSWORD)  # the longer one, by which all journeys sign in
        person.save()
        opened = page(person, **still)
        for name, what, first in rows(role):
            where = f"{role}: {name} {what}".strip()
            look(opened, address_of(things, name, what), where, seen, with_axe=first)
        opened.context.close()
    heaviest = sorted(seen.weights.items(), key=lambda each: -each[1])[:5]
    print(seen.loads, "pages;", heaviest)  # noqa: T201  # the weights, for whoever asks
    told = [f"{where}: {each}" for where, found in seen.findings.items() for each in found]
    assert told == [], "\n".join(told)
