from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AvailabilityConfig(AppConfig):
    """Availability has tables of its own, which nothing else in service level management reads."""

    name = "slm.availability"
    label = "availability"
    verbose_name = _("Availability")

    def ready(self) -> None:
        from audit.subscriptions import subscribe
        from calendars.changes import on_calendar_changed

        from . import (
            measures,
            permissions,  # noqa: F401 - declares the operations
            tasks,
        )

        measures.declare()
        subscribe("availability", to=["agreement.*"], handler=tasks.ring)
        on_calendar_changed(tasks.ring)
