"""Kill the sending of a resolution in the middle, and press it twice at once, twenty times.

Run by hand, or by CI with fewer ROUNDS, on PostgreSQL in a database of its own:

    DATABASE_URL=postgres://postgres@127.0.0.1/postgres python -m tests.crash_sending

A killed sending leaves all tasks or none, and the repeat completes it; of two that start together
one sends and the other is told so. Ends with a non-zero status where that does not hold.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import psycopg2
from psycopg2 import sql

ROUNDS = int(os.environ.get("ROUNDS", "20"))
SCHOOLS = 300
RECOMMENDATIONS = 10
DATABASE = "resolutions_crash_sending"


def child(slug: str) -> None:
    """Send the resolution in this process, and say how it went by the exit status."""
    from organizations.models import User  # noqa: PLC0415  # Django is set up by the caller
    from resolutions.models import Resolution  # noqa: PLC0415
    from tasks.assignment import AlreadySent, send  # noqa: PLC0415

    try:
        send(Resolution.objects.get(slug=slug), User.objects.get())
    except AlreadySent:
        sys.exit(3)


def start(slug: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.crash_sending", slug])  # noqa: S603


def draft() -> str:
    """Enter a draft for all schools; return its slug."""
    from organizations.models import Organization  # noqa: PLC0415
    from resolutions.models import Recommendation, Resolution, Section  # noqa: PLC0415

    issuer = Organization.objects.get(kind=Organization.Kind.DEPARTMENT)
    resolution = Resolution.objects.create(title="Проверка", issuer=issuer)
    section = Section.objects.create(resolution=resolution, heading="Школам", position=1)
    section.organizations.set(Organization.objects.filter(kind=Organization.Kind.SCHOOL))
    for place in range(RECOMMENDATIONS):
        Recommendation.objects.create(section=section, text="Сделать.", position=place)
    return resolution.slug


def made(slug: str) -> tuple[int, int, str]:
    """Return how many tasks and events there are, and the status of the resolution."""
    from resolutions.models import Resolution  # noqa: PLC0415
    from tasks.models import Task, TaskEvent  # noqa: PLC0415

    of = {"recommendation__section__resolution__slug": slug}
    events = TaskEvent.objects.filter(**{f"task__{name}": value for name, value in of.items()})
    status = Resolution.objects.get(slug=slug).status
    return Task.objects.filter(**of).count(), events.count(), status


def check(slug: str, *, complete: bool) -> bool:
    """Fail unless there is everything or nothing; return whether there is everything."""
    everything = (SCHOOLS * RECOMMENDATIONS, SCHOOLS * RECOMMENDATIONS, "ON_CONTROL")
    found = made(slug)
    if found not in ([everything] if complete else [everything, (0, 0, "DRAFT")]):
        sys.exit(f"{slug}: {found}")
    return found == everything


def killed_rounds() -> int:
    """Kill twenty sendings at different moments; return how many died before the end."""
    slug = draft()
    begun = time.monotonic()
    start(slug).wait()
    whole = time.monotonic() - begun
    check(slug, complete=True)
    died = 0
    for _round in range(ROUNDS):
        slug = draft()
        process = start(slug)
        time.sleep(whole * random.uniform(0.4, 1.0))  # noqa: S311
        process.send_signal(signal.SIGKILL)
        died += process.wait() == -signal.SIGKILL
        time.sleep(0.2)  # the server notices that its client is gone
        if not check(slug, complete=False) and start(slug).wait():
            sys.exit(f"{slug}: the repeat failed")
        check(slug, complete=True)
    return died


def double_rounds() -> None:
    """Start two sendings together twenty times: one sends, the other is told."""
    for _round in range(ROUNDS):
        slug = draft()
        statuses = sorted(process.wait() for process in [start(slug), start(slug)])
        if statuses != [0, 3]:
            sys.exit(f"{slug}: {statuses}")
        check(slug, complete=True)


def prepare() -> None:
    """Fill the new database: one department, its schools, one person."""
    from django.core.management import call_command  # noqa: PLC0415

    from organizations.models import Organization, User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    kinds = Organization.Kind
    department = Organization.objects.create(kind=kinds.DEPARTMENT, name="Департамент")
    for number in range(SCHOOLS):
        Organization.objects.create(kind=kinds.SCHOOL, name=f"Школа {number}", parent=department)
    User.objects.create_user("olga@example.test", surname="О", name="О")


def main() -> None:
    """Run both kinds of rounds in a database of their own."""
    address = os.environ["DATABASE_URL"]
    with_own = address.rsplit("/", 1)[0] + f"/{DATABASE}"
    server = psycopg2.connect(address)
    server.autocommit = True
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
    server.cursor().execute(drop)
    server.cursor().execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    os.environ["DATABASE_URL"] = with_own
    try:
        set_up()
        prepare()
        died = killed_rounds()
        double_rounds()
        from django.db import connection  # noqa: PLC0415

        connection.close()
        message = f"{ROUNDS} killed ({died} before the end), {ROUNDS} doubled: all or nothing, once"
        print(message)  # noqa: T201
    finally:
        server.cursor().execute(drop)


def set_up() -> None:
    """Start Django on the database of DATABASE_URL."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        set_up()
        child(sys.argv[1])
    else:
        main()
