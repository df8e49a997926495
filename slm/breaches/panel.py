"""Missed targets beside a record: why, and what is being decided."""

from records.panels import Panel

from .. import declarations


class ClockedKinds:
    """Kinds of records that have clocks, as practices declare them."""

    def __contains__(self, kind: object) -> bool:
        return bool(declarations.of(str(kind)))


PANEL = Panel(
    name="breaches",
    on=ClockedKinds(),
    address="/breaches/beside/%(reference)s/",
    operation="breach.view",
    position=5,
)
