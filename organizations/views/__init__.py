"""Pages of the directory, one module for each noun."""

from organizations.views.filters import filter_delete, filter_save
from organizations.views.groups import group_create, group_detail, group_list, group_update
from organizations.views.importing import organization_import, organization_import_sample
from organizations.views.invitations import LinkFollowView, invitation_sheet, link_issue
from organizations.views.options import organization_options
from organizations.views.organizations import (
    organization_create,
    organization_detail,
    organization_history,
    organization_list,
    organization_update,
)
from organizations.views.people import membership_create, membership_end, membership_update
from organizations.views.profile import PasswordView, profile, theme_choose

__all__ = [
    "LinkFollowView",
    "PasswordView",
    "filter_delete",
    "filter_save",
    "group_create",
    "group_detail",
    "group_list",
    "group_update",
    "invitation_sheet",
    "link_issue",
    "membership_create",
    "membership_end",
    "membership_update",
    "organization_create",
    "organization_detail",
    "organization_history",
    "organization_import",
    "organization_import_sample",
    "organization_list",
    "organization_options",
    "organization_update",
    "profile",
    "theme_choose",
]
