"""Addresses of signing in, the directory, groups, people and invitations."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from organizations import views
from organizations.signing_in import SignInView

app_name = "organizations"

urlpatterns = [
    path("sign-in/", SignInView.as_view(), name="sign_in"),
    path("sign-out/", login_not_required(LogoutView.as_view()), name="sign_out"),
    path("profile/", views.profile, name="profile"),
    path("profile/password/", views.PasswordView.as_view(), name="password_change"),
    path("theme/", views.theme_choose, name="theme_choose"),
    path("filters/save/", views.filter_save, name="filter_save"),
    path("filters/<int:pk>/delete/", views.filter_delete, name="filter_delete"),
    path("organizations/", views.organization_list, name="organization_list"),
    path("organizations/new/", views.organization_create, name="organization_create"),
    path("organizations/import/", views.organization_import, name="organization_import"),
    path(
        "organizations/import/sample/",
        views.organization_import_sample,
        name="organization_import_sample",
    ),
    path("organizations/options/", views.organization_options, name="organization_options"),
    path("organizations/<int:pk>/", views.organization_detail, name="organization_detail"),
    path("organizations/<int:pk>/edit/", views.organization_update, name="organization_update"),
    path(
        "organizations/<int:pk>/history/", views.organization_history, name="organization_history"
    ),
    path("organizations/<int:pk>/invite/", views.membership_create, name="membership_create"),
    path("organizations/<int:pk>/invitations/", views.invitation_sheet, name="invitation_sheet"),
    path("organizations/invitations/", views.invitation_sheet, name="invitation_sheet"),
    path(
        "organizations/memberships/<int:pk>/role/",
        views.membership_update,
        name="membership_update",
    ),
    path("organizations/memberships/<int:pk>/end/", views.membership_end, name="membership_end"),
    path("organizations/memberships/<int:pk>/link/", views.link_issue, name="link_issue"),
    path(
        "link/<int:giver>/<str:uidb64>/<str:token>/",
        views.LinkFollowView.as_view(),
        name="link_follow",
    ),
    path("organizations/groups/", views.group_list, name="group_list"),
    path("organizations/groups/new/", views.group_create, name="group_create"),
    path("organizations/groups/<int:pk>/", views.group_detail, name="group_detail"),
    path("organizations/groups/<int:pk>/edit/", views.group_update, name="group_update"),
]
