"""Pages of resolutions on control, of tasks, and of an organisation's own work."""

from tasks.views.amendment import (
    audience_add,
    audience_withdraw,
    recommendation_add,
    recommendation_cancel,
    recommendation_correct,
    recommendation_extend,
    recommendation_restore,
    recommendation_reword,
    resolution_off_control,
    resolution_on_control,
)
from tasks.views.control import task_accept, task_cancel, task_restore, task_return
from tasks.views.evidence import evidence_file
from tasks.views.executors import organization_tasks
from tasks.views.organization import my_organization
from tasks.views.recommendation_list import recommendation_list
from tasks.views.recommendations import recommendation_detail
from tasks.views.reports import task_recall, task_report
from tasks.views.resolutions import resolution_detail, resolution_list, resolution_send
from tasks.views.review import review_accept, review_queue
from tasks.views.tasks import task_detail, task_list, task_take

__all__ = [
    "audience_add",
    "audience_withdraw",
    "evidence_file",
    "my_organization",
    "organization_tasks",
    "recommendation_add",
    "recommendation_cancel",
    "recommendation_correct",
    "recommendation_detail",
    "recommendation_extend",
    "recommendation_list",
    "recommendation_restore",
    "recommendation_reword",
    "resolution_detail",
    "resolution_list",
    "resolution_off_control",
    "resolution_on_control",
    "resolution_send",
    "review_accept",
    "review_queue",
    "task_accept",
    "task_cancel",
    "task_detail",
    "task_list",
    "task_recall",
    "task_report",
    "task_restore",
    "task_return",
    "task_take",
]
