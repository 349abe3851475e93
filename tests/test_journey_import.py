"""Olga loads 300 schools with their heads from a file, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from organizations.models import Membership, Organization
from organizations.tests.spreadsheets import csv_text, school, xlsx

pytestmark = pytest.mark.journey

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def choose(opened: Page, name: str, kind: str, data: bytes) -> None:
    """Choose a file and look at what loading it would do."""
    opened.goto(reverse("organizations:organization_import"))
    opened.locator("#id_file").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    opened.locator("form[enctype] .btn-primary").click()
    opened.wait_for_url(lambda url: "upload=" in url)


def test_olga_corrects_a_table_and_loads_300_schools(page, olga, region):
    opened = page(olga)
    rows = [school(number) for number in range(300)]
    wrong = [*rows[:150], school(150, Вид="Звездолёт"), *rows[151:]]
    choose(opened, "schools.xlsx", XLSX, xlsx(wrong))
    problem = opened.locator("#rows tbody tr")
    expect(problem).to_have_count(1)
    expect(problem).to_contain_text("152")
    expect(problem).to_contain_text("Звездолёт")
    expect(opened.locator("[name=fingerprint]")).to_have_count(0)

    choose(opened, "schools.xlsx", XLSX, xlsx(rows))
    expect(opened.locator(".figures a").first).to_have_text("300")
    expect(opened.locator("#rows tbody tr")).to_have_count(50)
    opened.locator("form:has([name=fingerprint]) .btn-primary").dblclick()
    opened.wait_for_url(lambda url: "upload=" not in url)
    assert Organization.objects.filter(code__startswith="S-").count() == 300
    assert Membership.objects.filter(organization__code__startswith="S-").count() == 300


def test_the_same_table_again_offers_nothing_to_load_on_a_phone_without_scripts(page, olga, region):
    phone = page(olga, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    data = csv_text([school(1), school(2)]).encode("cp1251")
    choose(phone, "schools.csv", "text/csv", data)
    phone.locator("form:has([name=fingerprint]) .btn-primary").click()
    phone.wait_for_url(lambda url: "upload=" not in url)
    assert Organization.objects.filter(code__startswith="S-").count() == 2

    choose(phone, "schools.csv", "text/csv", data)
    expect(phone.locator("[name=fingerprint]")).to_have_count(0)
    expect(phone.locator("#main .note-ok")).to_be_visible()
