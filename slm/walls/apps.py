from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WallsConfig(AppConfig):
    """Links that show the wall on a screen where nobody signs in."""

    name = "slm.walls"
    label = "walls"
    verbose_name = _("Walls")

    def ready(self) -> None:
        from measurement import offers

        from . import permissions  # noqa: F401 - declares the operations

        label, address = _("Link for a screen"), "/sla/wall/links/"
        offers.register(offers.Offer(label, address, "wall.link", is_of_dashboards=True))
