from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import permissions  # noqa: F401 - declares the operations

        post_migrate.connect(_ship_types, sender=self, dispatch_uid="services.types")


def _ship_types(**_kwargs: object) -> None:
    """Every installation begins with the common types of items and relations."""
    # The models are loaded by now.
    from .defaults import ensure_default_types

    ensure_default_types()
