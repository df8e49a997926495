"""How volume limits and quality targets of a report read."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from . import sayings


def read(said: dict[str, Any], figure: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """One of them in words. :param figure: what makes a count that opens its rows."""
    if said["what"] == "volume":
        return {
            "name": _("Tickets that came"),
            "bound": sayings.volume(said),
            "came_to": figure(said["used"]),
            "detail": sayings.busiest(said),
            "is_held": not said["over"],
        }
    hits, measured = figure(said["hits"]), figure(said["measured"])
    share = Fraction(hits.count, measured.count) if measured.count else None
    bound = Fraction(said["bound"])
    held = None if share is None else share * 100 >= bound if said["is_at_least"] else share * 100 <= bound
    return {
        "name": said["name"],
        "bound": sayings.bound(said),
        "came_to": sayings.attained(share, is_less_better=not said["is_at_least"]),
        "parts": (hits, measured),
        "detail": _("indicative: fewer than 30") if 0 < measured.count < sayings.FEW else "",
        "is_held": held,
    }
