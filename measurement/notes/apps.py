from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotesConfig(AppConfig):
    """What people know of the days of a measure: a new shift plan, a move, a strike."""

    name = "measurement.notes"
    label = "kpi_notes"
    verbose_name = _("Notes on measures")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
