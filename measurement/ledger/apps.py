from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """What measures said when a day or a month was over, and every figure that was told in its place later."""

    name = "measurement.ledger"
    label = "kpi_ledger"
    verbose_name = _("Ledger of readings")

    def ready(self) -> None:
        from .. import rebuild
        from . import (
            late,
            permissions,  # noqa: F401 - declares the operations
        )

        rebuild.on_touched(late.closed_to, late.note)
