"""The outage beside the tickets that may tell of one."""

from records.panels import Panel
from records.panels import register as register_panel


def register(kind: str) -> None:
    """Show it beside a kind of records that is a source of outages."""
    register_panel(
        Panel(
            name=f"outage of {kind}",
            on=frozenset({kind}),
            address="/availability/beside/%(reference)s/",
            operation="outage.view",
            position=60,
        )
    )
