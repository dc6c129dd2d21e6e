from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhistleConfig(AppConfig):
    name = "whistle"
    verbose_name = _("Orders and whistles")

    def ready(self) -> None:
        from whistle import actions, inputs, labels, many, supervision_inputs  # noqa: F401  hang on the flows
