"""A signed-in person who asks for pages over HTTP, and how long each answer took."""

from __future__ import annotations

import gzip
import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from benchmarks.counting import QUERIES


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and in how many milliseconds all of it was there."""

    status: int
    ms: float
    body: bytes
    gzip_bytes: int
    queries: int
    location: str

    @property
    def text(self) -> str:
        """The page itself."""
        return self.body.decode("utf-8", "replace")


class Visitor:
    """One person with one connection, as a browser keeps it."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.connection = HTTPConnection(self.host, timeout=300)
        self.cookies: dict[str, str] = {}

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form; raises SystemExit where the page comes back."""
        self.get("/sign-in/")
        answer = self.post("/sign-in/", {"username": email, "password": password})
        if answer.status != 302:
            raise SystemExit(f"{email} cannot sign in: was the load generated with the password?")

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form, with the token against forgery."""
        given = {**fields, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, urlencode(given))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        raw = response.read()
        ms = (time.perf_counter() - begun) * 1000
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        zipped = response.headers.get("Content-Encoding") == "gzip"
        return Answer(
            response.status,
            ms,
            gzip.decompress(raw) if zipped else raw,
            len(raw),
            int(response.headers.get(QUERIES, 0)),
            response.headers.get("Location", ""),
        )


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms, as a browser would send them back."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=.hidden.[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name.group(1)] = value.group(1) if value else ""
    return found
