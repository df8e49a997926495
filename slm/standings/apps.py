from django.apps import AppConfig


class StandingsConfig(AppConfig):
    """How services and agreements stood, from one look over all of them to the next, in a table of its own."""

    name = "slm.standings"
    label = "slm_standings"

    def ready(self) -> None:
        from audit.subscriptions import subscribe

        from . import measures, tasks

        measures.declare()
        subscribe("slm.standings", to=["agreement.*"], handler=tasks.ring)
