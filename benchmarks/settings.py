"""The settings of a server that is measured: without debugging, with its queries counted."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as _MIDDLEWARE

DEBUG = False
MIDDLEWARE = ["benchmarks.counting.CountingMiddleware", *_MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
