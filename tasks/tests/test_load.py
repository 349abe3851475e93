"""The invented region for measuring: as big as asked, the same for the same seed, consistent."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.test import Client
from django.urls import reverse

from organizations.models import Membership, Organization, User
from resolutions.models import Recommendation, Resolution, Section
from tasks.counting import CompletionCount, TaskCount
from tasks.models import Report, Task, TaskEvent
from tasks.progress import STATES

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
SIZE = {"organizations": 60, "tasks": 2400, "day": DAY}


def generate(**changed):
    call_command("generate_load", **{**SIZE, **changed})


def rows():
    columns = ("recommendation__text", "executor__code", "status", "due_on", "reported_on")
    return list(Task.objects.order_by("pk").values_list(*columns))


def test_it_is_as_big_as_asked_and_shared_out_as_the_yardstick_says():
    generate()
    today = Task.objects.aggregate(
        tasks=Count("pk"),
        done=Count("pk", filter=Q(status="COMPLETED")),
        overdue=Count("pk", filter=STATES["overdue"](DAY)),
    )
    assert today["tasks"] == 2400
    assert Recommendation.objects.count() == 40
    assert 0.66 < today["done"] / 2400 < 0.74
    assert 0.07 < today["overdue"] / 2400 < 0.13
    assert Organization.objects.exclude(path="").count() == 60 + 28 + 1


def test_the_same_seed_gives_the_same_region_and_another_seed_another():
    found = {}
    for number, seed in enumerate((1, 1, 2)):
        generate(seed=seed)
        found[number] = rows()
        _empty()
    assert found[0] == found[1] != found[2]


def _empty():
    TaskEvent._base_manager.all()._raw_delete("default")
    Report._base_manager.all()._raw_delete("default")
    Task._base_manager.all()._raw_delete("default")
    for kept in (TaskCount, CompletionCount):
        kept.objects.all()._raw_delete("default")
    Section.organizations.through.objects.all().delete()
    for model in (Recommendation, Section, Resolution, Membership):
        model.objects.all()._raw_delete("default")
    User.objects.all()._raw_delete("default")
    Organization.objects.order_by("-path")._raw_delete("default")


def test_the_events_of_each_task_lead_to_its_status():
    generate()
    last = TaskEvent.objects.filter(task=OuterRef("pk")).order_by("-happened_at", "-pk")
    told = Task.objects.annotate(told=Subquery(last.values("to_status")[:1]))
    assert told.exclude(status=F("told")).count() == 0
    reported = Task.objects.filter(status__in=["COMPLETED", "REPORTED", "NOT_APPLICABLE"])
    assert reported.filter(reports=None).count() == 0
    assert TaskEvent.objects.filter(action="RETURN", reason="").count() == 0


def test_what_is_off_control_has_no_open_task():
    generate()
    decided = Task.objects.filter(recommendation__section__resolution__status="OFF_CONTROL")
    assert decided.exists()
    assert not decided.owed().exists()


def test_one_can_sign_in_with_the_password_given_and_report():
    generate(password="Correct-Horse-9")
    client = Client()
    assert client.login(username="executor-1@load.test", password="Correct-Horse-9")
    assert client.get(reverse("tasks:my_organization")).status_code == 200
    task = Task.objects.owed().filter(executor__code="НАГРУЗКА-1").first()
    page = client.get(reverse("tasks:task_report", args=[task.pk]))
    answer = client.post(
        reverse("tasks:task_report", args=[task.pk]),
        {"seen": page.context["seen"], "outcome": "DONE", "text": "Сделано, приказ издан."},
    )
    assert answer.status_code == 302
    task.refresh_from_db()
    assert task.status == "COMPLETED"


def test_a_second_run_and_a_production_server_are_refused(settings):
    generate()
    with pytest.raises(CommandError, match="already"):
        generate()
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        generate()
