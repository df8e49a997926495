from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrameworksConfig(AppConfig):
    """Frameworks as data: what they bring attaches to steps of the processes and changes nothing underneath."""

    name = "frameworks"
    verbose_name = _("Framework packs")

    def ready(self) -> None:
        from procedures import tagging

        from . import (
            notices,
            permissions,  # noqa: F401 - declares the operations
            tags,
        )

        tagging.register(tags.tags_of)
        notices.register()
