"""A form sent too late: the session has ended, or another window has signed in anew meanwhile."""

import pytest
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD

HERE = {"origin": "http://testserver"}
PROFILE = reverse("organizations:profile")
SIGN_IN = reverse("organizations:sign_in")
TYPED = {"surname": "Сергеева", "new_password1": "Secret-Horse-7", "csrfmiddlewaretoken": "stale"}


@pytest.fixture
def browser() -> Client:
    """A browser in which tokens of forms are checked."""
    return Client(enforce_csrf_checks=True, headers=HERE)


def token(browser, address=SIGN_IN) -> str:
    """The token of the form on a page opened now."""
    return str(browser.get(address).context["csrf_token"])


def sign_in(browser, user) -> None:
    data = {"username": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token(browser)}
    assert browser.post(SIGN_IN, data).status_code == 302


def kept(page) -> dict[str, str]:
    return {name: page.context[name] for name in ("resume_path", "resume_data")}


def is_stored(page) -> bool:
    return "no-store" not in page["Cache-Control"]


def test_what_was_typed_goes_on_where_another_window_signed_in_first(browser, sergey):
    expired = browser.post(PROFILE, TYPED | {"csrfmiddlewaretoken": token(browser)})
    assert (expired.status_code, is_stored(expired)) == (401, False)
    stale = str(expired.context["csrf_token"])
    sign_in(browser, sergey)
    data = {"username": sergey.email, "password": PASSWORD, "csrfmiddlewaretoken": stale}
    offered = browser.post(SIGN_IN, data | kept(expired))
    assert (offered.context["resume_path"], is_stored(offered)) == (PROFILE, False)
    assert offered.context["fields"] == [("surname", "Сергеева")]
    assert f'action="{PROFILE}"' in offered.content.decode()


def test_with_a_token_that_is_still_good_too(browser, sergey, signed_in):
    data = {"resume_path": PROFILE, "resume_data": '[["surname", "Сергеева"]]'}
    page = signed_in(sergey).post(SIGN_IN, data)
    assert page.context["fields"] == [("surname", "Сергеева")]
    assert not is_stored(page)
    assert signed_in(sergey).post(SIGN_IN, {}).status_code == 302


def test_a_stale_form_of_ours_is_offered_again_by_a_button(browser, sergey):
    sign_in(browser, sergey)
    page = browser.post(PROFILE, TYPED)
    assert (page.status_code, is_stored(page)) == (403, False)
    assert page.context["fields"] == [("surname", "Сергеева")]
    assert "Secret-Horse-7" not in page.content.decode()
    by_address = Client(enforce_csrf_checks=True)
    by_address.force_login(sergey)
    old_browser = {"referer": f"http://testserver{PROFILE}"}
    assert by_address.post(PROFILE, TYPED, headers=old_browser).context["fields"]


def test_a_stale_form_of_nobody_leads_to_the_sign_in_page(browser, sergey):
    page = browser.post(PROFILE, TYPED)
    assert page.context["resume_path"] == PROFILE
    assert "Secret-Horse-7" not in page.content.decode()
    data = {"username": sergey.email, "password": PASSWORD, **kept(page)}
    stale_again = browser.post(SIGN_IN, data | {"csrfmiddlewaretoken": "stale"})
    assert kept(stale_again) == kept(page)
    data["csrfmiddlewaretoken"] = str(stale_again.context["csrf_token"])
    assert browser.post(SIGN_IN, data).context["fields"] == [("surname", "Сергеева")]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.test"},
        {"origin": "null", "referer": "http://testserver/"},
        {"referer": "https://elsewhere.test/http://testserver/"},
        {},
    ],
)
def test_a_form_that_may_be_of_a_foreign_site_is_refused_without_an_offer(sergey, headers):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sergey)
    page = browser.post(PROFILE, TYPED, headers=headers)
    assert page.status_code == 403
    assert "Сергеева" not in page.content.decode()


@pytest.mark.parametrize("path", ["https://elsewhere.test/", "//elsewhere.test/", "profile/", ""])
def test_nothing_is_sent_on_to_a_foreign_site(browser, sergey, path):
    sign_in(browser, sergey)
    data = {"resume_path": path, "resume_data": '[["surname", "Сергеева"]]'}
    assert browser.post(SIGN_IN, data).templates[0].name == "403_csrf.html"
    data["csrfmiddlewaretoken"] = token(browser, PROFILE)
    assert browser.post(SIGN_IN, data).status_code == 302


def test_htmx_shows_the_offer_instead_of_the_page(browser, sergey):
    sign_in(browser, sergey)
    page = browser.post(PROFILE, TYPED, headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Retarget"]) == (200, "#main")
