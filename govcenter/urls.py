from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from govcenter.health import healthz

APPS = ["organization", "command", "grids", "whistle"]


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("django-admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
urlpatterns += [path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")]
if find_spec("govcenter.api"):
    urlpatterns.append(path("api/", include("govcenter.api")))
