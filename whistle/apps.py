from django.apps import AppConfig


class WhistleConfig(AppConfig):
    name = "whistle"

    def ready(self) -> None:
        from whistle import actions  # noqa: F401  hangs the rules on the flows
