from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

APPS = ["organization", "grids", "whistle", "command"]


def stream(request) -> dict[str, str]:
    """Where pages hear of changes: the same host, in the embedded default one port higher."""
    if not settings.STREAM_PORT:
        return {"STREAM_URL": settings.STREAM_PATH}
    host = request.get_host().rsplit(":", 1)[0]
    return {"STREAM_URL": f"http://{host}:{settings.STREAM_PORT}{settings.STREAM_PATH}"}


urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="jsi18n"),
]
urlpatterns += [path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")]
if find_spec("govcenter.api"):
    urlpatterns.append(path("api/", include("govcenter.api")))
