"""Where everything is. Each app's pages are listed in its own urls.py."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("dashboards.urls")),
    # Before tasks, whose "resolutions/<slug>/" would take "resolutions/add/" for a slug.
    path("", include("resolutions.urls")),
    path("", include("tasks.urls")),
    path("", include("organizations.urls")),
    # Before signing in, too: the switch of the language stands on that page as well.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]

if settings.DEBUG:
    from config.style_guide import style_guide

    urlpatterns.append(path("style-guide/", style_guide, name="style_guide"))

handler403 = "organizations.errors.permission_denied"
