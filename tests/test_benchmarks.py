"""The benchmarks stay runnable: each page answers, each limit runs, the kept counts are checked."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks.facts import Facts, facts_of
from benchmarks.pages import PAGES
from benchmarks.reporting import LIMIT, TEXT
from benchmarks.subjects import email_of
from benchmarks.table import growth, table
from benchmarks.truth import differences
from organizations.models import User
from tasks.counting import TaskCount
from tasks.models import Report, Task

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="The limits are written for PostgreSQL."
    ),
]


@pytest.fixture
def facts(monkeypatch) -> Facts:
    """The region of a hundred organisations, seen through the connection of the test."""
    call_command("generate_load", organizations=100, tasks=2000)

    class Shared:
        """The test's transaction, for those who would open a connection of their own."""

        def __enter__(self):
            return connection.cursor()

        def __exit__(self, *_fault):
            return None

    for module in ("benchmarks.facts", "benchmarks.truth"):
        monkeypatch.setattr(f"{module}.transaction", lambda _address: Shared())
    return facts_of("")


def test_every_page_answers_and_every_limit_runs(client, facts):
    for page in PAGES:
        client.force_login(User.objects.get(email=email_of(page.person, facts)))
        response = client.get(page.address(facts), follow=True)
        assert response.status_code == 200, page.key
        with connection.cursor() as cursor:
            cursor.execute(page.limit, facts.values())
            assert cursor.fetchall(), page.key


def test_the_limit_of_a_report_does_what_the_report_does(facts):
    task = Task.objects.owed().filter(executor=facts.executor).first()
    user = User.objects.get(email=facts.executor_email)
    with connection.cursor() as cursor:
        cursor.execute(LIMIT, {"task": task.pk, "author": user.pk, "text": TEXT})
    task.refresh_from_db()
    assert task.status == Task.Status.COMPLETED
    report = Report.objects.get(task=task, text=TEXT)
    assert task.events.get(report=report).action == "REPORT"


def test_a_wrong_count_is_found(facts):
    assert {wrong for _kept, wrong in differences("").values()} == {0}
    count = TaskCount.objects.filter(n__gt=0).first()
    TaskCount.objects.filter(pk=count.pk).update(n=count.n + 1)
    assert differences("")["tasks_taskcount"][1] == 2  # what is kept, and what is true


def test_growth_compares_the_first_size_with_the_last():
    page = {
        "page": "P1", "title": "t", "p50_ms": 10.0, "p95_ms": 20.0, "limit_ms": 1.0, "queries": 3,
        "bytes": 5, "gzip_bytes": 2, "cpu_ms": 8.0, "database_cpu_ms": 2.0, "p50_of_4_ms": 30.0,
        "p95_of_4_ms": 40.0, "memory_mb": 90.0, "silence_ms": 10.0, "loop_ms": 50.0, "more": {},
    }  # fmt: skip
    small = {"tasks": 10_000, "python": "3", "database": "PostgreSQL", "pages": [page]}
    large = {**small, "tasks": 100_000, "pages": [{**page, "p50_ms": 15.0}]}
    assert "10,000 tasks" in table(small)
    assert "| P1 | 10 | 15 | 1.5 |" in growth([small, large])
