"""The database that is measured: made for the run where none is given, and dropped afterwards."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
NAME = "resolutions_benchmark"
PASSWORD = "Load-Test-Only-7"  # noqa: S105  # of generated people in a database of their own


@contextmanager
def prepared(tasks: int) -> Iterator[str]:
    """Give the address of a database with so many tasks.

    That of DATABASE_URL is used as it is; without one a database is made, filled and dropped.
    """
    given = os.environ.get("DATABASE_URL", "")
    if given:
        yield given
        return
    with _administration() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    address = LOCAL.rsplit("/", 1)[0] + f"/{NAME}"
    try:
        fill(address, tasks)
        yield address
    finally:
        with _administration() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def fill(address: str, tasks: int) -> float:
    """Migrate a database and generate the tasks in it; return the seconds the tasks took."""
    _manage(address, "migrate", "--verbosity=0")
    begun = time.perf_counter()
    _manage(address, "generate_load", f"--tasks={tasks}", f"--password={PASSWORD}")
    with connect(address) as opened:
        opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        opened.cursor().execute("VACUUM ANALYZE")
    return time.perf_counter() - begun


def connect(address: str) -> connection:
    """Open a plain connection: what the limits are measured through."""
    return psycopg2.connect(address.replace("postgres://", "postgresql://", 1))


def limit_ms(address: str, statement: str, values: Mapping[str, Any], times: int = 7) -> float:
    """Return the median of milliseconds in which one statement gives all of its rows."""
    opened = connect(address)
    took = []
    with opened, opened.cursor() as cursor:
        for _time in range(times):
            begun = time.perf_counter()
            cursor.execute(statement, values)
            cursor.fetchall()
            took.append((time.perf_counter() - begun) * 1000)
    opened.close()
    return statistics.median(took)


def version(address: str) -> str:
    """Return which PostgreSQL it is."""
    opened = connect(address)
    found = f"PostgreSQL {opened.server_version // 10000}.{opened.server_version % 10000}"
    opened.close()
    return found


@contextmanager
def _administration() -> Iterator[Any]:
    opened = connect(LOCAL)
    opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    with opened.cursor() as cursor:
        yield cursor
    opened.close()


def _manage(address: str, *words: str) -> None:
    if not urlsplit(address).path.strip("/"):
        raise SystemExit("DATABASE_URL names no database.")
    subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "manage.py", *words],
        check=True,
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.DEVNULL,
    )
