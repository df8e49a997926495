from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceCellsConfig(AppConfig):
    """What agreements, tickets and reports make of what services are said to be."""

    name = "slm.specifications"
    label = "service_cells"
    verbose_name = _("Specifications in agreements")

    def ready(self) -> None:
        from . import measuring, notices, panel

        measuring.register()
        notices.register()
        panel.register()
