from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowingConfig(AppConfig):
    """Measures that a person keeps in sight: on the first page, and by being told when one crosses a line."""

    name = "measurement.following"
    label = "kpi_following"
    verbose_name = _("Followed measures")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
