"""Millions of rows into tables: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def skip_checks_of_references() -> None:
    """Let PostgreSQL take the rows of this transaction without looking each reference up.

    The generator refers to rows it has stored itself; five references in each of millions of rows
    would take most of the time. Only a superuser may: for others the rows are checked.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if cursor.fetchone() == (True,):
            cursor.execute("SET LOCAL session_replication_role = replica")


def store(model: type[models.Model], columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert the rows, whose values stand in the order of the columns."""
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  # documented API
    names = ", ".join(connection.ops.quote_name(each) for each in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = io.StringIO("".join("\t".join(map(_copied, row)) + "\n" for row in rows))
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)
        else:
            marks = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # own names
            cursor.executemany(statement, [tuple(map(_adapted, row)) for row in rows])


def continue_keys(*tables: type[models.Model]) -> None:
    """Let the database's own counting of keys go on behind the keys given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def analyze() -> None:
    """Let the database look at its tables anew, as its own housekeeping would in an hour."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return str(value).translate(_ESCAPED)
    return value.isoformat() if isinstance(value, date) else str(value)


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, (str, date)) else value
