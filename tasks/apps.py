"""What is done: a task for every organisation a recommendation means."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    """What is done: a task for every organisation a recommendation means."""

    name = "tasks"
    verbose_name = _("Tasks")
