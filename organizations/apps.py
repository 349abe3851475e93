"""Who: organisations, groups of them, people and their roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Who: organisations, groups of them, people and their roles."""

    name = "organizations"
    verbose_name = _("Organizations and people")
