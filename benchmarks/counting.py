"""Says on each answer how many queries it took, and which worker gave it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, cast

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

QUERIES = "X-Queries"
WORKER = "X-Worker"
# A page that grows has sent its headers before its queries: it says their number at its end.
AT_THE_END = "<!-- queries: {} -->"


class CountingMiddleware:
    """Counts the queries of a request; stands outermost, so that it counts all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and add the number of queries and the worker's process as headers."""
        count = 0

        def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        def counted_lines(lines: Iterator[bytes]) -> Iterator[bytes]:
            with connection.execute_wrapper(counted):
                yield from lines
            yield AT_THE_END.format(count).encode()

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response[QUERIES] = str(count)
        response[WORKER] = str(os.getpid())
        if response.streaming and response["Content-Type"].startswith("text/html"):
            growing = cast(StreamingHttpResponse, response)
            growing.streaming_content = counted_lines(iter(growing))
        return response
