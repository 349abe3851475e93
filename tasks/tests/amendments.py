"""What must hold after every amendment of a sent resolution."""

from django.utils import timezone

from resolutions.audiences import audiences_of
from resolutions.models import Resolution
from tasks.models import Task

S = Task.Status


def folded(task: Task) -> str:
    """The status that the events of the task tell, each beginning where the last one ended."""
    status = ""
    for event in task.events.order_by("pk"):
        assert event.from_status == status, event
        status = event.to_status
    return status


def assert_history_tells_all() -> None:
    for task in Task.objects.all():
        assert folded(task) == task.status, task


def meant_and_tasked(resolution: Resolution) -> tuple[dict, dict]:
    """Whom each recommendation means, and who has a task of it that is not cancelled."""
    meant = audiences_of(resolution, timezone.localdate()).recommendations
    tasked: dict[int, set[int]] = {key: set() for key in meant}
    for task in Task.objects.exclude(status=S.CANCELLED):
        tasked[task.recommendation_id].add(task.executor_id)
    return meant, tasked
