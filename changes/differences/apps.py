from django.apps import AppConfig


class DifferencesConfig(AppConfig):
    """Verifications of items and the differences they found have tables of their own."""

    name = "changes.differences"
    label = "changes_differences"

    def ready(self) -> None:
        from . import (
            measures,
            permissions,  # noqa: F401 - declares the operations
            reactions,
        )

        measures.declare()
        reactions.register()
