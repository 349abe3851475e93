"""The rows of a table, kept between the dry run and the loading: in files, for their owner alone.

They hold names and addresses of people, so they are deleted once loaded, and after a day anyhow.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from organizations.importing.tables import Table
from organizations.models import User

FOLDER = "imports"
KEPT_FOR = timedelta(days=1)


def keep(table: Table, user: User) -> str:
    """Keep the table for its owner; return the key under which it is found again."""
    delete_old()
    content = json.dumps(table.rows, ensure_ascii=False).encode()
    key = hashlib.sha256(content).hexdigest()
    # Anew even if it is there: its day begins again.
    forget(key, user)
    default_storage.save(_name(key, user), ContentFile(content))
    return key


def kept(key: str, user: User) -> Table | None:
    """Return the person's own table, or None where there is none any more."""
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        return None
    try:
        with default_storage.open(_name(key, user)) as file:
            rows = json.load(file)
    except FileNotFoundError:
        return None
    return Table([(number, cells) for number, cells in rows])


def forget(key: str, user: User) -> None:
    """Delete a table that has been loaded."""
    default_storage.delete(_name(key, user))


def delete_old() -> None:
    """Delete the tables, of everybody, that nobody has loaded within a day."""
    if not default_storage.exists(FOLDER):
        return
    oldest = timezone.now() - KEPT_FOR
    for owner in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{owner}")[1]:
            path = f"{FOLDER}/{owner}/{name}"
            if default_storage.get_modified_time(path) < oldest:
                default_storage.delete(path)


def _name(key: str, user: User) -> str:
    return f"{FOLDER}/{user.pk}/{key}.json"
