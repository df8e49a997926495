from django.apps import AppConfig


class FindingConfig(AppConfig):
    """Finding problems has tables of its own, which nothing in the practice but this package reads."""

    name = "problems.finding"
    label = "problems_finding"

    def ready(self) -> None:
        from . import (
            measures,
            permissions,  # noqa: F401 - declares the operations
        )

        measures.declare()
