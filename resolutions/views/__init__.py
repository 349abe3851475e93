"""Pages of documents and drafts: reading a paper, entering a resolution and its parts."""

from resolutions.views.documents import (
    document_create,
    document_draft,
    document_file,
    document_list,
    document_set_aside,
)
from resolutions.views.drafts import resolution_create, resolution_delete, resolution_update
from resolutions.views.previews import audience_preview, deadline_preview
from resolutions.views.recommendations import (
    recommendation_create,
    recommendation_delete,
    recommendation_move,
    recommendation_update,
)
from resolutions.views.review import document_act, document_audience, document_review
from resolutions.views.sections import (
    section_create,
    section_delete,
    section_move,
    section_update,
)

__all__ = [
    "audience_preview",
    "deadline_preview",
    "document_act",
    "document_audience",
    "document_create",
    "document_draft",
    "document_file",
    "document_list",
    "document_review",
    "document_set_aside",
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
