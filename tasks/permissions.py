"""What a person may do with resolutions and tasks; every refusal carries its sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from organizations.models import User
from organizations.permissions import Denied, Permission
from organizations.roles import Role
from resolutions.models import Resolution
from tasks.models import Task

REMINDING_ROLES = (Role.COORDINATOR, Role.METHODIST)
BEYOND_REACH = _("This organization is beyond your reach.")
RECOMMENDATION_CANCELLED = _(
    "The recommendation is cancelled: its tasks come back when the recommendation is restored."
)
FINISHED_STAYS = _("The recommendation is cancelled: what is finished in it stays as it is.")


def may_send(user: User, resolution: Resolution) -> Permission:
    """A coordinator with the issuer in reach edits the draft and sends it."""
    if user.reach.covers(resolution.issuer, Role.COORDINATOR):
        return True
    return Denied(_("Only a coordinator of the organization that issued the resolution sends it."))


def may_report(user: User, task: Task) -> Permission:
    """Those who answer for the executor report; a controller never reports in its name."""
    if user.reach.covers(task.executor, Role.EXECUTOR):
        return True
    return Denied(
        _("Only those who answer for the executor report on this task: %(name)s.")
        % {"name": task.executor}
    )


def may_take(user: User, task: Task) -> Permission:
    """The same people say that work has begun."""
    if user.reach.covers(task.executor, Role.EXECUTOR):
        return True
    return Denied(
        _("Only those who answer for the executor take this task to work: %(name)s.")
        % {"name": task.executor}
    )


def may_recall(user: User, task: Task) -> Permission:
    """The executor's people take their own report back."""
    return may_report(user, task)


def may_run(user: User, resolution: Resolution) -> Permission:
    """A coordinator of the issuer amends, cancels, restores, extends and takes off control."""
    if not user.reach.covers(resolution.issuer, Role.COORDINATOR):
        return Denied(_("Only a coordinator of the issuer may do this."))
    if resolution.status != Resolution.Status.ON_CONTROL:
        return Denied(_("The resolution is not on control: nothing is changed in it."))
    return True


def may_cancel(user: User, task: Task) -> Permission:
    """A coordinator of the issuer cancels a single task that they see."""
    if not user.reach.covers(task.executor):
        return Denied(BEYOND_REACH)
    return may_run(user, task.recommendation.section.resolution)


def may_restore(user: User, task: Task) -> Permission:
    """The same people bring it back, unless the whole recommendation is cancelled."""
    permission = may_cancel(user, task)
    if permission and task.recommendation.cancelled_at is not None:
        return Denied(RECOMMENDATION_CANCELLED)
    return permission


def may_keep_queue(user: User) -> Permission:
    """Those who decide on reports have the queue «На приёмке», be it empty."""
    if user.reach.has(Role.COORDINATOR, Role.METHODIST):
        return True
    return Denied(_("Coordinators and methodists accept reports and return them."))


def may_review(user: User, task: Task) -> Permission:
    """A coordinator of the issuer, or a methodist above the executor, accepts and returns.

    Nobody reviews a report that they do not see (``Task.objects.visible_to``), nor one of an
    organisation for which they answer themselves.
    """
    if not user.reach.covers(task.executor):
        return Denied(BEYOND_REACH)
    if user.reach.covers(task.executor, Role.EXECUTOR):
        return Denied(_("You answer for this organisation yourself: another controller decides."))
    if task.recommendation.section.resolution.status != Resolution.Status.ON_CONTROL:
        return Denied(_("The resolution is not on control: nothing is changed in it."))
    issuer = task.recommendation.section.resolution.issuer
    if user.reach.covers(issuer, Role.COORDINATOR):
        return True
    if user.reach.covers(task.executor, Role.METHODIST, below_only=True):
        return True
    return Denied(
        _("A coordinator of the issuer decides, or a methodist who follows this organisation.")
    )


def may_return(user: User, task: Task) -> Permission:
    """The same people return a report, unless the whole recommendation is cancelled."""
    permission = may_review(user, task)
    if permission and task.recommendation.cancelled_at is not None:
        return Denied(FINISHED_STAYS)
    return permission


def may_remind(user: User) -> Permission:
    """Coordinators and methodists remind the organisations within that reach; observers look."""
    if user.reach.has(*REMINDING_ROLES):
        return True
    return Denied(_("Coordinators and methodists send reminders; you may look and print."))
