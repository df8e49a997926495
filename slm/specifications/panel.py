"""What a ticket is by the specification, beside it and while it is typed: loaded after the page."""

from records import panels, practices
from records.panels import Panel


class KindsOfCallers:
    """Kinds of records that people of customers ask for and read."""

    def __contains__(self, kind: object) -> bool:
        return any(practice.kind == kind and practice.has_portal_page for practice in practices.all_practices())


PANEL = Panel(
    name="what a call is",
    on=KindsOfCallers(),
    address="/calls/beside/%(reference)s/",
    new_address="/calls/typed/",
    operation="specification.view",
    position=3,
)


def register() -> None:
    """Show it beside every kind of record that people of customers may log."""
    panels.register(PANEL)
