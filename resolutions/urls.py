"""Addresses of documents under review and of drafts: a page each, and the acts on it."""

from django.urls import path

from resolutions import views

app_name = "resolutions"

_DRAFT = "resolutions/<slug:slug>/"
_DOCUMENT = "documents/<int:pk>/"

urlpatterns = [
    path("documents/", views.document_list, name="document_list"),
    path("documents/add/", views.document_create, name="document_create"),
    path(_DOCUMENT, views.document_review, name="document_review"),
    path(f"{_DOCUMENT}act/", views.document_act, name="document_act"),
    path(f"{_DOCUMENT}audience/", views.document_audience, name="document_audience"),
    path(f"{_DOCUMENT}draft/", views.document_draft, name="document_draft"),
    path(f"{_DOCUMENT}file/", views.document_file, name="document_file"),
    path(f"{_DOCUMENT}set-aside/", views.document_set_aside, name="document_set_aside"),
    path("resolutions/add/", views.resolution_create, name="resolution_create"),
    path("resolutions/deadline-meaning/", views.deadline_preview, name="deadline_preview"),
    path("resolutions/audience-meaning/", views.audience_preview, name="audience_preview"),
    path(f"{_DRAFT}edit/", views.resolution_update, name="resolution_update"),
    path(f"{_DRAFT}delete/", views.resolution_delete, name="resolution_delete"),
    path(f"{_DRAFT}sections/add/", views.section_create, name="section_create"),
    path(f"{_DRAFT}sections/<int:pk>/", views.section_update, name="section_update"),
    path(f"{_DRAFT}sections/<int:pk>/move/", views.section_move, name="section_move"),
    path(f"{_DRAFT}sections/<int:pk>/delete/", views.section_delete, name="section_delete"),
    path(
        f"{_DRAFT}sections/<int:pk>/recommendations/add/",
        views.recommendation_create,
        name="recommendation_create",
    ),
    path(
        f"{_DRAFT}recommendations/<int:pk>/",
        views.recommendation_update,
        name="recommendation_update",
    ),
    path(
        f"{_DRAFT}recommendations/<int:pk>/move/",
        views.recommendation_move,
        name="recommendation_move",
    ),
    path(
        f"{_DRAFT}recommendations/<int:pk>/delete/",
        views.recommendation_delete,
        name="recommendation_delete",
    ),
]
