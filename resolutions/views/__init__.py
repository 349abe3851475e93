"""Pages of drafts: entering a resolution, its sections, its recommendations."""

from resolutions.views.drafts import resolution_create, resolution_delete, resolution_update
from resolutions.views.previews import audience_preview, deadline_preview
from resolutions.views.recommendations import (
    recommendation_create,
    recommendation_delete,
    recommendation_move,
    recommendation_update,
)
from resolutions.views.sections import (
    section_create,
    section_delete,
    section_move,
    section_update,
)

__all__ = [
    "audience_preview",
    "deadline_preview",
    "recommendation_create",
    "recommendation_delete",
    "recommendation_move",
    "recommendation_update",
    "resolution_create",
    "resolution_delete",
    "resolution_update",
    "section_create",
    "section_delete",
    "section_move",
    "section_update",
]
