"""Amendments in the words of the interface: what each page says, and what becomes of the tasks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True, slots=True)
class Words:
    """What the page of an amendment says; ``alone`` is its button where no task changes."""

    title: str | Promise
    lead: str | Promise
    button: str | Promise
    done: str | Promise
    alone: str | Promise = ""
    grave: bool = False

    def verb(self, count: int) -> str:
        """Return the button with the number of tasks."""
        if not count and self.alone:
            return str(self.alone)
        return str(self.button % {"count": count})

    def report(self, count: int) -> str:
        """Say what was done."""
        return str(self.done % {"count": count})


EXTEND = Words(
    title=_("Extend the due date"),
    lead=_(
        "The organizations get more time; the first due date stays beside the new one. If the "
        "deadline in the paper was misread, correct it instead: then the first one changes too."
    ),
    button=ngettext_lazy(
        "Extend the due date of %(count)d task", "Extend the due date of %(count)d tasks", "count"
    ),
    done=ngettext_lazy(
        "The due date of %(count)d task is extended.",
        "The due date of %(count)d tasks is extended.",
        "count",
    ),
)
CORRECT = Words(
    title=_("Correct the deadline"),
    lead=_(
        "For a deadline that was misread or mistyped: the right date takes the place of the wrong "
        "one everywhere, in finished tasks too. To give more time, extend the due date instead: "
        "then the first date stays on record."
    ),
    button=ngettext_lazy(
        "Correct the deadline of %(count)d task",
        "Correct the deadline of %(count)d tasks",
        "count",
    ),
    done=ngettext_lazy(
        "The deadline is corrected, with %(count)d task.",
        "The deadline is corrected, with %(count)d tasks.",
        "count",
    ),
    alone=_("Correct the deadline"),
)
REWORD = Words(
    title=_("Correct the text"),
    lead=_(
        "For slips of the pen. What the executors are asked to do stays the same; if it does not, "
        "cancel the recommendation and add a new one. The former text is kept."
    ),
    button=ngettext_lazy(
        "Correct the text of %(count)d task", "Correct the text of %(count)d tasks", "count"
    ),
    done=ngettext_lazy(
        "The text is corrected, with %(count)d task.",
        "The text is corrected, with %(count)d tasks.",
        "count",
    ),
    alone=_("Correct the text"),
)
CANCEL = Words(
    title=_("Cancel the recommendation"),
    lead=_(
        "Nobody has to carry it out any more: its open tasks are cancelled and leave every count. "
        "What is finished stays. It can be restored with the same tasks."
    ),
    button=ngettext_lazy(
        "Cancel the recommendation and %(count)d task",
        "Cancel the recommendation and %(count)d tasks",
        "count",
    ),
    done=ngettext_lazy(
        "The recommendation is cancelled, and %(count)d task with it.",
        "The recommendation is cancelled, and %(count)d tasks with it.",
        "count",
    ),
    alone=_("Cancel the recommendation"),
    grave=True,
)
RESTORE = Words(
    title=_("Restore the recommendation"),
    lead=_("The tasks that were cancelled with it come back as newly assigned."),
    button=ngettext_lazy(
        "Restore the recommendation and %(count)d task",
        "Restore the recommendation and %(count)d tasks",
        "count",
    ),
    done=ngettext_lazy(
        "The recommendation is restored, and %(count)d task with it.",
        "The recommendation is restored, and %(count)d tasks with it.",
        "count",
    ),
    alone=_("Restore the recommendation"),
)
ADD = Words(
    title=_("Add a recommendation"),
    lead=_(
        "It takes its place at the end of the section, and its tasks are sent to the executors at "
        "once."
    ),
    button=ngettext_lazy(
        "Add the recommendation and send %(count)d task",
        "Add the recommendation and send %(count)d tasks",
        "count",
    ),
    done=ngettext_lazy(
        "The recommendation is added, %(count)d task is sent.",
        "The recommendation is added, %(count)d tasks are sent.",
        "count",
    ),
)
ENLARGE = Words(
    title=_("Add executors"),
    lead=_(
        "Each organization gets the tasks that it lacks, with the due dates of the "
        "recommendations; nobody gets a task twice."
    ),
    button=ngettext_lazy("Send %(count)d more task", "Send %(count)d more tasks", "count"),
    done=ngettext_lazy("%(count)d more task is sent.", "%(count)d more tasks are sent.", "count"),
)
WITHDRAW = Words(
    title=_("Withdraw executors"),
    lead=_(
        "Their open tasks are cancelled and leave every count; what they have finished stays. "
        "They can be added again."
    ),
    button=ngettext_lazy("Cancel %(count)d task", "Cancel %(count)d tasks", "count"),
    done=ngettext_lazy("%(count)d task is cancelled.", "%(count)d tasks are cancelled.", "count"),
    grave=True,
)
OFF_CONTROL = Words(
    title=_("Take off control"),
    lead=_(
        "The resolution is finished: nobody reports on it any more. Every task that is still open "
        "is decided now, all of them at once; nothing in it can be changed afterwards until it is "
        "put back on control."
    ),
    button=ngettext_lazy(
        "Take off control and decide %(count)d task",
        "Take off control and decide %(count)d tasks",
        "count",
    ),
    done=ngettext_lazy(
        "The resolution is off control; %(count)d open task is decided.",
        "The resolution is off control; %(count)d open tasks are decided.",
        "count",
    ),
    alone=_("Take off control"),
)
ON_CONTROL = Words(
    title=_("Put back on control"),
    lead=_(
        "For a resolution taken off control too early: the tasks cancelled by that act come back "
        "as newly assigned. Reports accepted by it stay accepted."
    ),
    button=ngettext_lazy(
        "Put back on control with %(count)d task",
        "Put back on control with %(count)d tasks",
        "count",
    ),
    done=ngettext_lazy(
        "The resolution is on control again, with %(count)d task.",
        "The resolution is on control again, with %(count)d tasks.",
        "count",
    ),
    alone=_("Put back on control"),
)

# What happens to the tasks of a part, as its heading in the preview.
HEADINGS = {
    "extended": ngettext_lazy(
        "%(count)d task gets the new due date", "%(count)d tasks get the new due date", "count"
    ),
    "later": ngettext_lazy(
        "%(count)d task is due later anyway", "%(count)d tasks are due later anyway", "count"
    ),
    "undated": ngettext_lazy(
        "%(count)d task has no due date to extend",
        "%(count)d tasks have no due date to extend",
        "count",
    ),
    "reported_or_done": ngettext_lazy(
        "%(count)d task is reported on or decided already",
        "%(count)d tasks are reported on or decided already",
        "count",
    ),
    "corrected": ngettext_lazy(
        "%(count)d open task gets the right dates",
        "%(count)d open tasks get the right dates",
        "count",
    ),
    "corrected_closed": ngettext_lazy(
        "%(count)d finished task gets the right dates too",
        "%(count)d finished tasks get the right dates too",
        "count",
    ),
    "apart": ngettext_lazy(
        "%(count)d task was given a date of its own before, and keeps it",
        "%(count)d tasks were given dates of their own before, and keep them",
        "count",
    ),
    "reworded": ngettext_lazy(
        "%(count)d open task: a note stands in its history",
        "%(count)d open tasks: a note stands in their history",
        "count",
    ),
    "cancelled": ngettext_lazy(
        "%(count)d task that is owed or in review is cancelled",
        "%(count)d tasks that are owed or in review are cancelled",
        "count",
    ),
    "cancelled_owed": ngettext_lazy(
        "%(count)d task still owed is cancelled",
        "%(count)d tasks still owed are cancelled",
        "count",
    ),
    "cancelled_reported": ngettext_lazy(
        "%(count)d task waiting for acceptance is cancelled",
        "%(count)d tasks waiting for acceptance are cancelled",
        "count",
    ),
    "finished": ngettext_lazy(
        "%(count)d finished task stays as it is",
        "%(count)d finished tasks stay as they are",
        "count",
    ),
    "restored": ngettext_lazy(
        "%(count)d cancelled task comes back as assigned",
        "%(count)d cancelled tasks come back as assigned",
        "count",
    ),
    "otherwise_cancelled": ngettext_lazy(
        "%(count)d task was cancelled by another act and stays cancelled",
        "%(count)d tasks were cancelled by other acts and stay cancelled",
        "count",
    ),
    "left_cancelled": ngettext_lazy(
        "%(count)d task was cancelled before and stays cancelled",
        "%(count)d tasks were cancelled before and stay cancelled",
        "count",
    ),
    "created": ngettext_lazy("%(count)d new task is sent", "%(count)d new tasks are sent", "count"),
    "there": ngettext_lazy(
        "%(count)d task is there already", "%(count)d tasks are there already", "count"
    ),
    "accepted": ngettext_lazy(
        "%(count)d report is accepted, its task completed",
        "%(count)d reports are accepted, their tasks completed",
        "count",
    ),
    "agreed": ngettext_lazy(
        "%(count)d task is agreed not to concern its organization",
        "%(count)d tasks are agreed not to concern their organizations",
        "count",
    ),
    "own": ngettext_lazy(
        "%(count)d report of your own organization waits for another controller",
        "%(count)d reports of your own organization wait for another controller",
        "count",
    ),
}
