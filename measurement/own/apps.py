from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OwnConfig(AppConfig):
    """Measures that people make from what is counted anyway."""

    name = "measurement.own"
    label = "own_kpis"
    verbose_name = _("Own measures")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
