from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Who answers for a measure and what is wanted of it, and which measures show that something critical goes well."""

    name = "measurement.catalog"
    label = "kpi_catalog"
    verbose_name = _("Catalog of measures")

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
