"""The project's settings, made quick and quiet for tests."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("DATA_KEY", "only-for-tests-" + "y" * 40)
os.environ.setdefault("GOVCENTER_DATA", f"{tempfile.gettempdir()}/govcenter-tests-{os.getuid()}")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("HTTPS", "false")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from govcenter.settings import *  # noqa: E402, F403
from govcenter.settings import PLAIN_FILES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": LOCAL, "process": LOCAL}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
GROUND_CHECK_SECONDS = 0
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {"BACKEND": PLAIN_FILES}
