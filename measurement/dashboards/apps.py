from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """Measures side by side, as each role needs them and as people arrange them."""

    name = "measurement.dashboards"
    label = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import permissions  # noqa: F401 - declares the operations

        post_migrate.connect(_ship, sender=self, dispatch_uid="dashboards.shipped")


def _ship(**_kwargs: object) -> None:
    """Every installation has a dashboard for each role, from its first migration on."""
    # The models are loaded by now.
    from .shipped import ensure_shipped

    ensure_shipped()
