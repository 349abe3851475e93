"""A signed-in person who asks for pages over HTTP, and how long each answer took."""

from __future__ import annotations

import gzip
import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from benchmarks.counting import AT_THE_END, QUERIES, WORKER

_AT_THE_END = re.compile(AT_THE_END.format(r"(\d+)").encode() + b"$")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and in how many milliseconds all of it was there."""

    status: int
    ms: float
    silence_ms: float  # the longest time in which nothing came
    body: bytes
    gzip_bytes: int
    queries: int
    worker: str
    location: str

    @property
    def text(self) -> str:
        """The page itself."""
        return self.body.decode("utf-8", "replace")


class Visitor:
    """One person with one connection, as a browser keeps it."""

    def __init__(self, url: str, email: str) -> None:
        self.host = urlsplit(url).netloc
        self.email = email
        self.connection = HTTPConnection(self.host, timeout=600)
        self.cookies: dict[str, str] = {}

    def sign_in(self, password: str) -> Visitor:
        """Sign in by the form; raises SystemExit where the page comes back."""
        self.get("/sign-in/")
        answer = self.post("/sign-in/", {"username": self.email, "password": password})
        if answer.status != 302:
            reason = "was the load generated with the password?"
            raise SystemExit(f"{self.email} cannot sign in: {reason}")
        return self

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form, with the token against forgery."""
        return self._ask("POST", path, self._signed(fields))

    def upload(self, path: str, fields: dict[str, str], files: str) -> Answer:
        """Send a form that could carry files in one of its fields, and carries none."""
        boundary = uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
        parts = [
            f'{head}{name}"\r\n\r\n{value}\r\n' for name, value in self._signed(fields).items()
        ]
        parts.append(f'{head}{files}"; filename=""\r\nContent-Type: application/octet-stream\r\n')
        body = "".join([*parts, f"\r\n\r\n--{boundary}--\r\n"])
        return self._ask("POST", path, body.encode(), f"multipart/form-data; boundary={boundary}")

    def _signed(self, fields: dict[str, str]) -> dict[str, str]:
        return {**fields, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, str] | bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = kind
        data = urlencode(body) if isinstance(body, dict) else body
        begun = time.perf_counter()
        self.connection.request(method, path, data, headers)
        response = self.connection.getresponse()
        raw, silence = _whole(response, begun)
        ms = (time.perf_counter() - begun) * 1000
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        zipped = response.headers.get("Content-Encoding") == "gzip"
        counted = _AT_THE_END.search(raw)
        return Answer(
            response.status,
            ms,
            silence * 1000,
            gzip.decompress(raw) if zipped else raw,
            len(raw),
            int(counted[1] if counted else response.headers.get(QUERIES, 0)),
            response.headers.get(WORKER, ""),
            response.headers.get("Location", ""),
        )


def _whole(response: HTTPResponse, begun: float) -> tuple[bytes, float]:
    """Read to the end; return also the longest time in which nothing came."""
    parts: list[bytes] = []
    last, silence = begun, 0.0
    while True:
        part = response.read1(1 << 16)
        now = time.perf_counter()
        silence, last = max(silence, now - last), now
        if not part:
            return b"".join(parts), silence
        parts.append(part)


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms, as a browser would send them back."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=.hidden.[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name.group(1)] = value.group(1) if value else ""
    return found
