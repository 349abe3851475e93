"""The pages on which a controller decides, and what they answer."""

from django.urls import reverse
from django.utils import timezone

from tasks import workflow
from tasks.models import Task


def url(act: str, task: Task) -> str:
    return reverse(f"tasks:task_{act}", args=[task.pk])


def words_for(task: Task, **more: object) -> dict[str, object]:
    """A return as the form sends it."""
    due = workflow.rework_term(task, timezone.localdate())
    last = workflow.last_report(task)
    given = {"reason": "Приложите приказ.", "due_on": f"{due:%d.%m.%Y}"}
    return given | {"report": last.pk if last else ""} | more


def status_of(task: Task) -> str:
    return Task.objects.get(pk=task.pk).status


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]
