"""Addresses of this app's pages."""

from django.urls import path

from tasks import views

app_name = "tasks"

urlpatterns = [
    path("my/", views.my_organization, name="my_organization"),
    path("review/", views.review_queue, name="review_queue"),
    path("review/accept/", views.review_accept, name="review_accept"),
    path("recommendations/", views.recommendation_list, name="recommendation_list"),
    path("recommendations/<int:pk>/", views.recommendation_detail, name="recommendation_detail"),
    path("organizations/<int:pk>/tasks/", views.organization_tasks, name="organization_tasks"),
    path("resolutions/", views.resolution_list, name="resolution_list"),
    path("resolutions/<slug:slug>/", views.resolution_detail, name="resolution_detail"),
    path("resolutions/<slug:slug>/send/", views.resolution_send, name="resolution_send"),
    path(
        "resolutions/<slug:slug>/off-control/",
        views.resolution_off_control,
        name="resolution_off_control",
    ),
    path(
        "resolutions/<slug:slug>/on-control/",
        views.resolution_on_control,
        name="resolution_on_control",
    ),
    path("resolutions/<slug:slug>/executors/add/", views.audience_add, name="audience_add"),
    path(
        "resolutions/<slug:slug>/executors/withdraw/",
        views.audience_withdraw,
        name="audience_withdraw",
    ),
    path(
        "resolutions/<slug:slug>/recommendations/add/",
        views.recommendation_add,
        name="recommendation_add",
    ),
    path(
        "recommendations/<int:pk>/extend/",
        views.recommendation_extend,
        name="recommendation_extend",
    ),
    path(
        "recommendations/<int:pk>/correct/",
        views.recommendation_correct,
        name="recommendation_correct",
    ),
    path(
        "recommendations/<int:pk>/reword/",
        views.recommendation_reword,
        name="recommendation_reword",
    ),
    path(
        "recommendations/<int:pk>/cancel/",
        views.recommendation_cancel,
        name="recommendation_cancel",
    ),
    path(
        "recommendations/<int:pk>/restore/",
        views.recommendation_restore,
        name="recommendation_restore",
    ),
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/<int:pk>/", views.task_detail, name="task_detail"),
    path("tasks/<int:pk>/report/", views.task_report, name="task_report"),
    path("tasks/<int:pk>/recall/", views.task_recall, name="task_recall"),
    path("evidence/<int:pk>/", views.evidence_file, name="evidence_file"),
    path("tasks/<int:pk>/take/", views.task_take, name="task_take"),
    path("tasks/<int:pk>/accept/", views.task_accept, name="task_accept"),
    path("tasks/<int:pk>/return/", views.task_return, name="task_return"),
    path("tasks/<int:pk>/cancel/", views.task_cancel, name="task_cancel"),
    path("tasks/<int:pk>/restore/", views.task_restore, name="task_restore"),
]
