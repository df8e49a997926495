from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        from records import panels, practices

        from . import (
            measures,
            permissions,  # noqa: F401 - declares the operations
            reactions,
        )
        from .clocks import declare_clocks
        from .outages import declare_outages
        from .practice import PRACTICE, SIMILAR
        from .reporting import declare_tickets

        practices.register(PRACTICE)
        panels.register(SIMILAR)
        declare_clocks()
        measures.declare()
        declare_outages()
        declare_tickets()
        reactions.register()
