from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExplorerConfig(AppConfig):
    """Looking into a measure: control charts, comparisons, what happened beside it, and files of it."""

    name = "measurement.explorer"
    label = "explorer"
    verbose_name = _("Explorer of measures")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
