from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulesConfig(AppConfig):
    """Dashboards and measures by mail, when people want them."""

    name = "measurement.schedules"
    label = "schedules"
    verbose_name = _("Scheduled reports of measures")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
