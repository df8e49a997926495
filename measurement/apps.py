from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "measurement"

    def ready(self) -> None:
        from audit.subscriptions import subscribe
        from records.events import observe

        from . import (
            marks,
            permissions,  # noqa: F401 - declares the operations
        )

        observe(marks.on_event)
        subscribe("measurement", to=["clock.*"], handler=marks.on_entry)
