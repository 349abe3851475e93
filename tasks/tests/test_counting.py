"""The counts kept beside the tasks are the counted truth, whoever changes the tasks and how."""

import threading
from datetime import date, timedelta
from io import StringIO
from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from conftest import person
from organizations.models import Membership, Organization
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from tasks import workflow
from tasks.counting import CompletionCount, TaskCount, holds_for, recount
from tasks.models import Report, Task
from tasks.progress import OUT_OF_COUNT, SEGMENTS, STATES
from tasks.triggers import install, remove

pytestmark = pytest.mark.django_db
TRIGGERS = {f"tasks_count_on_{each}" for each in ("insert", "update", "delete", "move")}
RESOLUTION = "recommendation__section__resolution"
COLUMNS = ("recommendation", "status", "due_on", "late", "opened")


def place_of(organization):
    return organization.municipality_id or int(organization.path[:7])


def truth():
    """What ``kept`` has to say: counts of tasks, and of what was completed when, or not yet."""
    rows = Task.objects.order_by().values(*COLUMNS, "executor", RESOLUTION)
    places = {each.pk: place_of(each) for each in Organization.objects.exclude(path="")}
    found = {}
    for row in rows.annotate(count=Count("pk")):
        key = (*(row[name] for name in COLUMNS), row[RESOLUTION], places[row["executor"]])
        found[key] = found.get(key, 0) + row["count"]
    meant = Task.objects.exclude(status__in=OUT_OF_COUNT)
    for resolution, executor, day in meant.values_list(RESOLUTION, "executor", "completed_on"):
        key = (resolution, places[executor], day and day.replace(day=1))
        found[key] = found.get(key, 0) + 1
    return found


def kept():
    rows = TaskCount.objects.exclude(n=0).values_list(*COLUMNS, "resolution", "executor", "n")
    completed = CompletionCount.objects.exclude(n=0)
    completed = completed.values_list("resolution", "executor", "month", "n")
    return {row[:-1]: row[-1] for row in (*rows, *completed)}


def test_the_counts_follow_a_task_through_its_life(sent, olga, maria, sergey, region):
    assert kept() == truth() != {}
    task = Task.objects.filter(executor=region.school_1).first()
    workflow.mark_opened(task, sergey)
    assert kept() == truth()
    workflow.take(task, sergey)
    workflow.report(task, sergey, Report.Outcome.DONE, "Сделано.")
    assert kept() == truth()
    workflow.send_back(task, maria, "Приложите план.")
    assert kept() == truth()
    workflow.cancel(task, olga, "Не относится.")
    assert kept() == truth()


def test_the_counts_move_with_an_organization_to_another_municipality(sent, region):
    before = kept()
    region.school_1.parent = region.riverside
    region.school_1.save()
    assert kept() == truth() != before


def test_what_was_completed_is_counted_by_month_and_moves_with_its_organization(sent, region):
    days = (date(2025, 1, 31), date(2025, 2, 1), date(2025, 2, 28))
    for task, day in zip(Task.objects.order_by("executor", "pk"), days, strict=False):
        Task.objects.filter(pk=task.pk).update(
            status="COMPLETED", reported_on=day, completed_on=day
        )
    months = CompletionCount.objects.exclude(n=0).order_by("month")
    assert dict(months.values_list("month").annotate(Sum("n"))) == {
        date(2025, 1, 1): 1,
        date(2025, 2, 1): 2,
        None: Task.objects.count() - 3,
    }
    Task.objects.filter(completed_on=days[0]).update(completed_on=date(2025, 3, 1))
    assert kept() == truth()
    region.school_1.parent = region.riverside
    region.school_1.save()
    assert kept() == truth()
    Task.objects.filter(completed_on=days[1]).update(
        status="REWORK", reported_on=None, completed_on=None
    )
    assert kept() == truth()
    recount()
    assert kept() == truth()


def test_a_new_parent_of_a_whole_municipality_changes_no_count_of_it(sent, region):
    before = kept()
    above = OrganizationFactory(kind=Organization.Kind.DEPARTMENT, parent=region.department)
    region.lakeside.parent = above
    region.lakeside.save()
    assert kept() == truth() == before


def test_an_act_that_fails_leaves_no_count_behind(sent):
    before = kept()
    with pytest.raises(RuntimeError), transaction.atomic():
        Task.objects.update(due_on=date(2030, 1, 1))
        assert kept() != before
        raise RuntimeError
    assert kept() == truth() == before


def test_many_tasks_changed_and_deleted_in_one_statement(sent):
    Task.objects.update(due_on=None)
    assert kept() == truth()
    Task.objects.update(status="COMPLETED", reported_on="2026-01-02", completed_on="2026-01-02")
    assert kept() == truth()
    Task.objects.filter(events=None)._raw_delete("default")
    assert kept() == truth()


def test_every_state_and_segment_means_the_same_of_counts_and_of_tasks(sent):
    today = timezone.localdate()
    tasks = list(Task.objects.all())
    days = [None, *(today + timedelta(days=each) for each in (-9, -1, 0, 1, 7, 8, 30))]
    fates = list(product(Task.Status.values, days, (False, True)))
    for task, (status, due, late) in zip(_multiplied(tasks, len(fates)), fates, strict=True):
        reported = status in ("COMPLETED", "REPORTED", "NOT_APPLICABLE")
        day = (due or today) + timedelta(days=1 if late else 0)
        task.status, task.due_on = status, due
        task.reported_on = day if reported else None
        task.completed_on = day if status == "COMPLETED" else None
        task.opened_at = timezone.now() if late else None
        task.save()
    assert kept() == truth()
    for name, meant in {**STATES, **SEGMENTS}.items():
        counted = TaskCount.objects.filter(meant(today)).aggregate(n=Sum("n"))["n"] or 0
        assert counted == Task.objects.filter(meant(today)).count(), name
        assert counted, f"{name}: nothing was compared"


def _multiplied(tasks, count):
    first = tasks[0]
    while len(tasks) < count:
        school = OrganizationFactory(parent=first.executor.parent)
        tasks.append(Task.objects.create(recommendation=first.recommendation, executor=school))
    return tasks[:count]


def test_counting_anew_finds_what_was_stored_past_the_triggers(sent):
    TaskCount.objects.update(n=7)
    assert kept() != truth()
    recount()
    assert kept() == truth()


def test_the_triggers_are_there_after_all_migrations_and_can_be_made_anew(sent):
    """SQLite drops the triggers of a table that a migration rebuilds: none may be missing."""
    assert triggers() == TRIGGERS
    install(connection)
    assert triggers() == TRIGGERS
    Task.objects.update(due_on=date(2031, 1, 1))
    assert kept() == truth()


def triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'tasks_count%'")
        return {name for (name,) in cursor.fetchall()}


def test_whole_places_are_those_of_a_region_or_a_municipality(region, olga, maria, sergey):
    assert holds_for(olga)
    assert holds_for(maria)
    assert not holds_for(sergey)  # an executor: the organisation alone
    service = OrganizationFactory(kind=Organization.Kind.METHODICAL_SERVICE, parent=region.lakeside)
    tutor = person("tutor@example.test")
    Membership.objects.create(user=tutor, organization=service, role=Role.METHODIST)
    assert not holds_for(tutor)  # a part of a municipality


@pytest.mark.django_db(transaction=True)
def test_a_migration_may_rebuild_the_tables_between_taking_the_triggers_away_and_making_them(sent):
    phone, period = Organization._meta.get_field("phone"), Task._meta.get_field("period")
    for model, old in ((Organization, phone), (Task, period)):
        longer = old.clone()
        longer.max_length = old.max_length + 1
        longer.set_attributes_from_name(old.name)
        remove(connection)
        with connection.schema_editor() as editor:
            editor.alter_field(model, old, longer)
            editor.alter_field(model, longer, old)
        install(connection)
        assert triggers() == TRIGGERS
    Task.objects.update(due_on=date(2032, 1, 1))
    assert kept() == truth()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time.")
def test_a_task_that_changes_while_its_organization_moves_is_counted_once(sent, region):
    task = Task.objects.filter(executor=region.school_1).first()
    changed, moved = threading.Event(), threading.Event()

    def report():
        with transaction.atomic():
            Task.objects.filter(pk=task.pk).update(status="IN_PROGRESS")
            changed.set()
            moved.wait(1)  # the move waits for this transaction, so this is not set before its end
        connection.close()

    def move():
        changed.wait()
        school = Organization.objects.get(pk=region.school_1.pk)
        school.parent = region.riverside
        school.save()
        moved.set()
        connection.close()

    both = [threading.Thread(target=report), threading.Thread(target=move)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert kept() == truth()


def test_what_was_stored_past_the_triggers_is_counted_anew_by_command(sent):
    TaskCount.objects.update(n=5)  # as loaddata leaves it, which stores counts and tasks alike
    CompletionCount.objects.create(
        resolution=sent, executor=sent.issuer, month=date(2026, 1, 1), n=3
    )
    assert kept() != truth()
    call_command("recount", stdout=StringIO())
    assert kept() == truth()
