"""The database that is measured: made for the run where none is given, and dropped afterwards."""

from __future__ import annotations

import os
import signal
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
    with made(tasks) as address:
        yield address


@contextmanager
def made(tasks: int) -> Iterator[str]:
    """Make a database on the local PostgreSQL, fill it, give its address, and drop it.

    Also where the run is told to end before its time.
    """
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(1))
    with at_once(LOCAL) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    address = LOCAL.rsplit("/", 1)[0] + f"/{NAME}"
    try:
        fill(address, tasks)
        yield address
    finally:
        with at_once(LOCAL) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def fill(address: str, tasks: int) -> float:
    """Migrate a database and generate the tasks in it; return the seconds the tasks took."""
    _manage(address, "migrate", "--verbosity=0")
    begun = time.perf_counter()
    _manage(address, "generate_load", f"--tasks={tasks}", f"--password={PASSWORD}")
    vacuum(address)
    return time.perf_counter() - begun


def vacuum(address: str, *tables: str) -> None:
    """Let the database clean up, as its own housekeeping would some minutes later."""
    with at_once(address) as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")


def connect(address: str) -> connection:
    """Open a plain connection: what the limits are measured through."""
    return psycopg2.connect(address.replace("postgres://", "postgresql://", 1))


@contextmanager
def transaction(address: str) -> Iterator[Any]:
    """Give a cursor whose statements are committed together."""
    opened = connect(address)
    try:
        with opened, opened.cursor() as cursor:
            yield cursor
    finally:
        opened.close()


@contextmanager
def at_once(address: str) -> Iterator[Any]:
    """Give a cursor whose statements stand by themselves."""
    opened = connect(address)
    opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    try:
        with opened.cursor() as cursor:
            yield cursor
    finally:
        opened.close()


def limit_ms(address: str, statement: str, values: Mapping[str, Any], times: int = 7) -> float:
    """Return the median of milliseconds in which one statement gives all of its rows.

    Without PostgreSQL's compilation of expressions: for statements of some ten milliseconds it
    costs more than they do.
    """
    opened = connect(address)
    took = []
    with opened, opened.cursor() as cursor:
        cursor.execute("SET jit = off")
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


def environment(address: str) -> dict[str, str]:
    """Return the environment of a process of the application on this database."""
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }


def _manage(address: str, *words: str) -> None:
    if not urlsplit(address).path.strip("/"):
        raise SystemExit("DATABASE_URL names no database.")
    subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "manage.py", *words],
        check=True,
        env=environment(address),
        stdout=subprocess.DEVNULL,
    )
