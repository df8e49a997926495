from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Service reports have tables of their own: what was told to a customer stays, whatever the records say later."""

    name = "slm.reports"
    label = "reports"
    verbose_name = _("Service reports")

    def ready(self) -> None:
        from audit.subscriptions import subscribe

        from . import (
            measures,
            notices,
            permissions,  # noqa: F401 - declares the operations
            tasks,
            undertakings,
        )

        measures.declare()
        notices.register()
        undertakings.register()
        subscribe("reports", to=["report.issued"], handler=tasks.ring)
