"""The life cycle: what the table allows, what the database refuses, what history remembers."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tasks import workflow
from tasks.models import Report, Task, TaskEvent
from tasks.workflow import TRANSITIONS, Act, Stale

S = Task.Status
A = TaskEvent.Action


def allowed(action: str, before: str, after: str) -> bool:
    return after in TRANSITIONS.get(action, {}).get(before, ())


def put_into(task: Task, status: str) -> Task:
    """Put the row into a status past the workflow, as another process would have left it."""
    Task.objects.filter(pk=task.pk).update(status=status, **dates_for(status))
    task.refresh_from_db()
    return task


def dates_for(status: str) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "reported_on": today if status in (S.COMPLETED, S.REPORTED, S.NOT_APPLICABLE) else None,
        "completed_on": today if status == S.COMPLETED else None,
    }


@pytest.fixture
def task(sent, region) -> Task:
    return Task.objects.get(
        executor=region.school_1, recommendation__text__startswith="Разработать"
    )


@pytest.mark.parametrize("action", A.values)
@pytest.mark.parametrize("before", S.values)
def test_a_step_is_made_exactly_where_the_table_has_it(task, sergey, action, before):
    for after in S.values:
        put_into(task, before)
        events = task.events.count()
        act = Act(action, sergey, after, reason="Так решено.")
        if allowed(action, before, after):
            workflow.perform(task, act, **dates_for(after))
            assert task.events.count() == events + 1
        else:
            with pytest.raises(Stale):
                workflow.perform(task, act, **dates_for(after))
            assert task.events.count() == events
        task.refresh_from_db()
        assert task.status == (after if allowed(action, before, after) else before)


def test_whoever_comes_second_changes_nothing_and_is_told(task, sergey):
    first, second = Task.objects.get(pk=task.pk), Task.objects.get(pk=task.pk)
    workflow.report(first, sergey, Report.Outcome.DONE, "Программа утверждена.")
    with pytest.raises(Stale):
        workflow.report(second, sergey, Report.Outcome.DONE, "И ещё раз.")
    assert Report.objects.filter(task=task).count() == 1
    assert task.events.filter(action=A.REPORT).count() == 1


def test_done_completes_a_task_by_the_organisations_own_word(task, sergey):
    workflow.report(task, sergey, Report.Outcome.DONE, "Программа утверждена.")
    task.refresh_from_db()
    today = timezone.localdate()
    assert (task.status, task.reported_on, task.completed_on) == (S.COMPLETED, today, today)


def test_done_waits_where_a_controller_accepts_reports(task, sergey):
    task.recommendation.acceptance_required = True
    task.recommendation.save()
    workflow.report(task, sergey, Report.Outcome.DONE, "Программа утверждена.")
    task.refresh_from_db()
    assert (task.status, task.completed_on) == (S.REPORTED, None)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Report.Outcome.PARTLY, S.IN_PROGRESS), (Report.Outcome.NOT_APPLICABLE, S.REPORTED)],
)
def test_partly_is_still_owed_and_not_ours_is_always_decided(task, sergey, outcome, status):
    workflow.report(task, sergey, outcome, "Начали.")
    task.refresh_from_db()
    assert task.status == status


def test_history_folds_to_the_status(task, sergey):
    workflow.mark_opened(task, sergey)
    workflow.take(task, sergey)
    workflow.report(task, sergey, Report.Outcome.PARTLY, "Половина готова.")
    workflow.report(task, sergey, Report.Outcome.DONE, "Готово всё.")
    status = ""
    for event in task.events.all():
        assert event.from_status == status
        status = event.to_status
    task.refresh_from_db()
    assert status == task.status == S.COMPLETED


def test_only_the_first_opening_is_recorded(task, sergey):
    assert workflow.mark_opened(task, sergey)
    assert not workflow.mark_opened(Task.objects.get(pk=task.pk), sergey)
    assert task.events.filter(action=A.OPEN).count() == 1


def test_an_opening_never_tells_of_a_status_that_is_gone(task, sergey):
    seen = Task.objects.get(pk=task.pk)
    workflow.take(task, sergey)
    assert not workflow.mark_opened(seen, sergey)
    assert not task.events.filter(action=A.OPEN).exists()


def test_an_empty_report_leaves_nothing_behind(task, sergey):
    with pytest.raises(IntegrityError), transaction.atomic():
        workflow.report(task, sergey, Report.Outcome.DONE, "   ")
    task.refresh_from_db()
    assert task.status == S.ASSIGNED
    assert not task.reports.exists()
    assert not task.events.filter(action=A.REPORT).exists()


def test_history_cannot_be_edited_or_deleted(task):
    event = task.events.get()
    event.reason = "Другое"
    for attempt in (
        event.save,
        event.delete,
        TaskEvent.objects.all().delete,
        lambda: TaskEvent.objects.update(reason="Другое"),
    ):
        with pytest.raises(TypeError):
            attempt()
    assert TaskEvent.objects.get(pk=event.pk).reason == ""


def test_reports_cannot_be_deleted(task, sergey):
    report = workflow.report(task, sergey, Report.Outcome.DONE, "Готово.").report
    for attempt in (report.delete, Report.objects.all().delete):
        with pytest.raises(TypeError):
            attempt()
    assert Report.objects.filter(pk=report.pk).exists()


def test_the_database_refuses_a_second_task_for_the_same_executor(task):
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(recommendation=task.recommendation, executor=task.executor)


@pytest.mark.parametrize(
    "columns",
    [
        {"status": S.COMPLETED},
        {"status": S.COMPLETED, "reported_on": date(2026, 9, 1)},
        {"completed_on": date(2026, 9, 1)},
        {"status": S.REPORTED},
        {"status": S.NOT_APPLICABLE},
        {"status": S.ASSIGNED, "reported_on": date(2026, 9, 1)},
        {"starts_on": date(2026, 9, 2), "due_on": date(2026, 9, 1)},
    ],
)
def test_the_database_refuses_dates_that_contradict_the_status(task, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**columns)


def test_due_today_is_not_overdue_neither_in_python_nor_in_the_database(task):
    due = task.due_on
    for day, late in ((due, False), (due + timedelta(days=1), True)):
        assert task.is_overdue(day) is late
        assert Task.objects.overdue(day).filter(pk=task.pk).exists() is late
    put_into(task, S.COMPLETED)
    assert not task.is_overdue(due + timedelta(days=1))
    assert not Task.objects.overdue(due + timedelta(days=1)).filter(pk=task.pk).exists()
