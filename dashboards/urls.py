"""Addresses of this app's pages."""

from django.urls import path

from dashboards import views

app_name = "dashboards"

urlpatterns = [
    path("", views.start, name="start"),
    path("overdue/", views.overdue_list, name="overdue_list"),
]
