from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SimulatorConfig(AppConfig):
    """Trying hours, targets and pauses on clocks, with tables of its own that nothing else reads."""

    name = "slm.simulator"
    label = "slm_simulator"
    verbose_name = _("Simulations")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
