"""What a practice can be attached to: the steps of the spine."""

from collections.abc import Iterable

from .spine import STEPS


def unknown(names: Iterable[str]) -> set[str]:
    """Those of the names that are no step."""
    return {name for name in names if name not in STEPS}
