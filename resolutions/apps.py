"""What was decided: resolutions, sections, recommendations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResolutionsConfig(AppConfig):
    """What was decided: resolutions, sections, recommendations."""

    name = "resolutions"
    verbose_name = _("Resolutions")
