"""The settings of a server that is measured: as in production, with its queries counted."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as _MIDDLEWARE
from config.settings import STORAGES as _STORAGES

DEBUG = False
MIDDLEWARE = ["benchmarks.counting.CountingMiddleware", *_MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Collected for each run into a folder of its own (benchmarks.server).
STATIC_ROOT = Path(os.environ.get("BENCHMARK_STATIC", "staticfiles"))
WHITENOISE_USE_FINDERS = False
STORAGES = {
    **_STORAGES,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    },
}
