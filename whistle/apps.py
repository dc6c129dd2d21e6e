from django.apps import AppConfig


class WhistleConfig(AppConfig):
    name = "whistle"

    def ready(self) -> None:
        from whistle import actions, inputs, labels  # noqa: F401  hang on the flows
