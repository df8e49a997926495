"""The procedure of a record, beside it: loaded after the page, so that it costs the page nothing."""

from records import practices
from records.panels import Panel


class KindsWithSteps:
    """Kinds of records whose states are steps of a process."""

    def __contains__(self, kind: object) -> bool:
        return any(practice.kind == kind and practice.steps for practice in practices.all_practices())


PANEL = Panel(
    name="procedure",
    on=KindsWithSteps(),
    address="/procedures/beside/%(reference)s/",
    operation="procedure.follow",
    position=2,
)
