from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpecificationsConfig(AppConfig):
    """What services are said to be."""

    name = "services.specifications"
    label = "specifications"
    verbose_name = _("Service specifications")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
