from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForecastsConfig(AppConfig):
    """What will probably be missed in this shift, learned from finished clocks; nothing else reads its tables."""

    name = "slm.forecasts"
    label = "forecasts"
    verbose_name = _("Forecast")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
