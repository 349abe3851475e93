"""Filters of lists that people keep for themselves under names."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_NAME = 100
MOST = 50  # for each person and list: more are found no quicker than set anew


class SavedFilter(models.Model):
    """The conditions of a list, kept by a person under a name; nobody else sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="saved_filters",
        verbose_name=_("person"),
    )
    page = models.CharField(_("list"), max_length=100, help_text=_("The name of its address."))
    name = models.CharField(pgettext_lazy("filter", "name"), max_length=LONGEST_NAME)
    query = models.TextField(_("conditions"), help_text=_("As in the address of the list."))

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_filter_name_unique",
                violation_error_message=_("You have a filter with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the list under these conditions."""
        return f"{reverse(self.page)}?{self.query}"
