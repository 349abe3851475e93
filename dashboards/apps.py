"""How it goes: pages that read and own no data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """How it goes: pages that read and own no data."""

    name = "dashboards"
    verbose_name = _("Dashboards")
