"""A browser for the journeys: the system's own Chromium, people sign in by the real form.

``page(sergey)`` opens a new browser context signed in as that person and gives its page; keyword
arguments are those of Playwright's ``new_context`` (``viewport``, ``color_scheme``,
``java_script_enabled`` …). ``page()`` gives somebody who has not signed in.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from conftest import PASSWORD
from organizations.models import User

RESULTS = Path(__file__).resolve().parent.parent / "test-results"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember that the test failed, so that ``page`` takes pictures before it closes."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Journeys walk on a database in a file, as installations do.

    A SQLite database in memory is one connection shared by the server's threads and the test,
    and its tables lock each other out ("database table is locked").
    """
    default = connections["default"]
    if request.config.option.markexpr == "journey" and default.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "journeys.sqlite3"
        default.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine, one for all journeys."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("There is no chromium on this machine, and REQUIRE_BROWSER is set.")
        pytest.skip("There is no chromium on this machine: the journeys are not walked.")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's event loop runs in this thread, and Django would take it for async code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            yield opened
            opened.close()


@pytest.fixture
def page(
    browser: Browser, live_server: Any, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open pages as different people; a failing test leaves their pictures in test-results/.

    A script's error or anything that the Content-Security-Policy blocks fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(message: Any) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(user: User | None = None, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="ru-RU", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        opened = context.new_page()
        opened.on("console", hear)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        if user is not None:
            sign_in(opened, user)
        return opened

    yield open_page
    if request.node.stash.get(FAILED, True):
        RESULTS.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name)
        for number, each in enumerate((p for c in contexts for p in c.pages), start=1):
            each.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
    for context in contexts:
        context.close()
    assert not complaints, complaints


def sign_in(opened: Page, user: User) -> None:
    """Sign in as a person does: type the e-mail and the password, press Enter."""
    opened.goto(reverse("organizations:sign_in"))
    opened.locator("#id_username").fill(user.email)
    opened.locator("#id_password").fill(PASSWORD)
    opened.locator("#id_password").press("Enter")
    opened.wait_for_url(lambda url: reverse("organizations:sign_in") not in url)
