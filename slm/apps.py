from django.apps import AppConfig


class SlmConfig(AppConfig):
    name = "slm"

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
