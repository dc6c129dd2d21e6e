from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule


class AdminConfig(SimpleAdminConfig):
    """The admin without django-leaflet's form widgets, which need GDAL on the machine."""

    default = False

    def ready(self) -> None:
        super().ready()
        for app in apps.get_app_configs():
            if app.name != "leaflet" and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
