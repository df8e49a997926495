from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import permissions  # noqa: F401 - declares the operations

        post_migrate.connect(_ship_views, sender=self, dispatch_uid="records.views")


def _ship_views(**_kwargs: object) -> None:
    """Every installation has the shipped views of the queue, from its first migration on."""
    from .operations.views import ensure_default_views  # the models are loaded by now

    ensure_default_views()
