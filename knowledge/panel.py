"""Articles beside an incident, a problem or a request: offered while it is worked on."""

from records.panels import Panel
from records.panels import register as register_panel

BESIDE = frozenset({"incident", "problem", "request"})


def register() -> None:
    """Called when the app is ready."""
    register_panel(
        Panel(
            name="articles",
            on=BESIDE,
            address="/kb/beside/%(reference)s/",
            new_address="/kb/beside/new/",
            operation="article.use",
            position=30,
        )
    )
