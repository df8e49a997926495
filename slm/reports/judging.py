"""Which missed targets are excused, and the causes that were named: read from the breaches, through this door only."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from ..breaches.enums import BreachState
from ..breaches.models import Breach


def excused_among(clocks: Collection[int]) -> frozenset[int]:
    """Of these missed clocks the excused ones; one statement."""
    rows = Breach.objects.filter(clock__in=clocks, state=BreachState.EXCUSED)
    return frozenset(rows.values_list("clock_id", flat=True))


def causes_of(clocks: Collection[int]) -> dict[int, str]:
    """
    By clock the cause that was named for the miss, and the clause that excuses it; one statement.

    The explanation is written for colleagues and is not told to customers.
    """
    rows = Breach.objects.live().filter(clock__in=clocks, cause__isnull=False).select_related("cause", "clause")
    return {each.clock_id: _said(each) for each in rows}


def _said(breach: Breach) -> str:
    cause = str(breach.cause)
    if breach.state != BreachState.EXCUSED:
        return cause
    return _("%(cause)s; excused: %(clause)s") % {"cause": cause, "clause": breach.clause}
