from django.apps import AppConfig


class PipelinesConfig(AppConfig):
    """Deployments of delivery pipelines have tables of their own, which nothing else in the practice reads."""

    name = "changes.pipelines"
    label = "changes_pipelines"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import (
            measures,
            notices,
            permissions,  # noqa: F401 - declares the operations
            reactions,
        )

        measures.declare()
        notices.register()
        reactions.register()
        post_migrate.connect(_ship_environments, sender=self, dispatch_uid="changes.pipelines.environments")


def _ship_environments(**_kwargs: object) -> None:
    """Every installation has production, staging and test, from its first migration on."""
    # The models are loaded by now.
    from .defaults import ensure_environments

    ensure_environments()
