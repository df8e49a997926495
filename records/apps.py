from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import permissions  # noqa: F401 - declares the operations

        post_migrate.connect(_ship_views, sender=self, dispatch_uid="records.views")


def _ship_views(**_kwargs: object) -> None:
    """Every installation has the priority matrix and the shipped views of the queue, from its first migration on."""
    # The models are loaded by now.
    from .operations.views import ensure_default_views
    from .priority import ensure_cells

    ensure_cells()
    ensure_default_views()
