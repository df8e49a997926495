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
        # The thresholds before the breach are counted nowhere.
        subscribe("measurement", to=["clock.breached", "clock.corrected"], handler=marks.on_entry)
