from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WallsConfig(AppConfig):
    """Links that show the wall on a screen where nobody signs in."""

    name = "slm.walls"
    label = "walls"
    verbose_name = _("Walls")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
