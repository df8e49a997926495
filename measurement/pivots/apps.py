from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PivotsConfig(AppConfig):
    """Tables of a measure: one dimension down, another or the time across."""

    name = "measurement.pivots"
    label = "pivots"
    verbose_name = _("Tables of measures")

    def ready(self) -> None:
        from ..schedules import sources
        from . import mailed

        sources.register(mailed.SOURCE)
