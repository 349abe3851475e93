"""Pages of errors: each says what happened and shows a way on, also when nothing works."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path, reverse

from organizations.errors import permission_denied

handler403 = permission_denied


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Отчёт «за школу» отправляет <её> ответственный.")


def refuse_without_a_word(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def misunderstand(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [
    path("refuse/", refuse),
    path("refuse-without-a-word/", refuse_without_a_word),
    path("misunderstand/", misunderstand),
    path("break-down/", break_down),
    path("", include("config.urls")),
]


@pytest.fixture(autouse=True)
def _addresses_that_go_wrong(settings):
    settings.ROOT_URLCONF = __name__


def ways_on(response: HttpResponse) -> set[str]:
    """Where the links of the page's main part lead."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    return set(re.findall(r'href="([^"]+)"', main[0]))


def test_a_refusal_says_why(sergey, signed_in):
    page = signed_in(sergey).get("/refuse/")
    assert page.status_code == 403
    assert "&lt;её&gt; ответственный" in page.content.decode()
    assert {reverse("dashboards:start"), reverse("organizations:profile")} <= ways_on(page)


def test_a_refusal_without_a_reason_is_a_sentence_too(sergey, signed_in):
    page = signed_in(sergey).get("/refuse-without-a-word/")
    note = re.search(r'class="note-box.*?<p>(.*?)</p>', page.content.decode(), re.DOTALL)
    assert note[1].endswith(".")


def test_an_unknown_address_leads_on(sergey, signed_in):
    page = signed_in(sergey).get("/no-such-page/")
    assert page.status_code == 404
    assert reverse("dashboards:start") in ways_on(page)


def test_an_unknown_address_offers_to_sign_in(db):
    assert reverse("organizations:sign_in") in ways_on(Client().get("/no-such-page/"))


def test_what_is_not_hers_looks_like_what_does_not_exist(tamara, region, signed_in):
    """Tamara learns nothing about the school of another district, not even that it exists."""
    client = signed_in(tamara)
    foreign = client.get(reverse("organizations:organization_detail", args=[region.school_1.pk]))
    missing = client.get(reverse("organizations:organization_detail", args=[10**6]))
    pages = [
        re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", each.content.decode())
        for each in (foreign, missing)
    ]
    assert foreign.status_code == missing.status_code == 404
    assert pages[0] == pages[1]


def test_a_request_that_cannot_be_read(sergey, signed_in):
    page = signed_in(sergey).get("/misunderstand/")
    assert page.status_code == 400
    assert ways_on(page) == {reverse("dashboards:start")}


def test_a_stale_form_is_explained(sergey):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sergey)
    page = client.post(reverse("organizations:profile"), {"surname": "Сергеев"})
    assert page.status_code == 403
    assert "<li>" in page.content.decode()
    assert ways_on(page) == {reverse("dashboards:start")}


def test_a_breakdown_is_a_whole_page(sergey, signed_in):
    client = signed_in(sergey)
    client.raise_request_exception = False
    page = client.get("/break-down/")
    assert page.status_code == 500
    assert "<!doctype html>" in page.content.decode()
    assert ways_on(page) == {reverse("dashboards:start")}


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_pages_for_when_nothing_works_need_nothing(name, db):
    """No context, no person, no database: the page must not be a second error."""

    def down(*args: object) -> None:
        raise AssertionError("the database is down")

    with connection.execute_wrapper(down):
        page = render_to_string(name)
    assert "</html>" in page
    assert "<script" not in page
