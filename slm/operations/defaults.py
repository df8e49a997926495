"""The agreement that Steward brings along, so that clocks run from the first ticket on."""

from datetime import datetime
from typing import Any

from django.utils.timezone import now

from calendars.seeds import ensure_default_calendars

from ..enums import ClockKind
from ..models import Agreement
from .drafting import create_agreement

DEFAULT_NAME = "Standard support"
# Domain reference A2; a working day has the eight hours of the office.
DEFAULT_MINUTES: dict[tuple[str, int], int] = {
    (ClockKind.RESPONSE, 1): 15,
    (ClockKind.RESPONSE, 2): 30,
    (ClockKind.RESPONSE, 3): 4 * 60,
    (ClockKind.RESPONSE, 4): 8 * 60,
    (ClockKind.RESPONSE, 5): 16 * 60,
    (ClockKind.RESOLUTION, 1): 4 * 60,
    (ClockKind.RESOLUTION, 2): 8 * 60,
    (ClockKind.RESOLUTION, 3): 24 * 60,
    (ClockKind.RESOLUTION, 4): 40 * 60,
}


def ensure_default_agreement(*, by: Any = None, at: datetime | None = None) -> Agreement:
    """
    Make the agreement that applies where no other does, unless one for incidents without any scope is in force.

    P1 and P2 around the clock, the rest in the hours of the Oslo office (domain reference A2).

    :param at: moment of the act; this is a door for set-up code, so the present one if not given.
    """
    standing = Agreement.objects.in_force().with_customers()
    known = standing.filter(kind="incident", organization=None, service=None, requester=None).first()
    if known is not None:
        return known
    at = at or now()
    calendars = ensure_default_calendars(at=at)
    return create_agreement(
        by=by,
        at=at,
        name=DEFAULT_NAME,
        calendar=calendars["oslo"],
        targets=DEFAULT_MINUTES,
        target_calendars={
            (clock, priority): calendars["24x7"] for clock, priority in DEFAULT_MINUTES if priority in (1, 2)
        },
        pause_reasons=["requester", "schedule"],
    )
