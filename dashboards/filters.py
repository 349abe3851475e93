"""What the dashboards can be filtered by: the same conditions as lists of tasks."""

from __future__ import annotations

from tasks.filters import OfTasks
from tasks.models import Task


class OverdueFilter(OfTasks):
    """One resolution, one municipality."""

    class Meta:
        model = Task
        fields: list[str] = []

    def conditions(self) -> dict[str, str]:
        """Return the conditions set, for links to lists of the same tasks."""
        return {name: self.data.get(name, "") for name in ("resolution", "municipality")}
