from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "measurement"

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
