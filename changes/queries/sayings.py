"""What speaks for a window and against it, in words."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..ranking import NOTHING, Slot, Use
from .hours import Hours
from .peaks import Peaks

BUSY = 0.5


@dataclass(frozen=True)
class Saying:
    """:param is_for: it speaks for the window; otherwise against it."""

    is_for: bool
    text: str


def said_of(slot: Slot, *, peaks: Peaks, shift: Hours) -> tuple[Saying, ...]:
    """Every reason that was weighed, the weightiest first. That nothing blocks it goes without saying."""
    found = [Saying(True, _("No freeze and no open conflict."))]
    if slot.maintenance is not None:
        found.append(_of_maintenance(slot.maintenance))
    if slot.business is not None:
        found.append(_of_business(slot.business))
    if slot.on_shift is not None:
        found.append(_of_shift(slot.on_shift, shift.who))
    if slot.use is not None:
        found.append(_of_allowance(slot.use))
    if slot.incidents is not None:
        found.append(_of_peaks(slot.incidents, peaks))
    return tuple(found)


def _of_maintenance(share: float) -> Saying:
    if share >= 1:
        return Saying(True, _("Inside a maintenance window."))
    if share > 0:
        return Saying(False, _("Only partly inside a maintenance window."))
    return Saying(False, _("Outside every maintenance window."))


def _of_business(share: float) -> Saying:
    if share <= 0:
        return Saying(True, _("Outside the working hours of its services."))
    if share < 1:
        return Saying(False, _("Partly in the working hours of its services."))
    return Saying(False, _("In the working hours of its services."))


def _of_shift(share: float, who: str) -> Saying:
    said = {"name": who}
    if share >= 1:
        return Saying(True, _("%(name)s is on shift.") % said)
    if share > 0:
        return Saying(False, _("%(name)s is on shift for a part of it only.") % said)
    return Saying(False, _("%(name)s is not on shift.") % said)


def _of_allowance(use: Use) -> Saying:
    said = {"service": use.allowance.name, "month": use.allowance.month, "time": _time(abs(use.left))}
    if use.left < NOTHING:
        return Saying(
            False, _("Its outage is %(time)s more than the agreement allows for %(service)s in %(month)s.") % said
        )
    return Saying(
        True, _("Leaves %(time)s of the downtime that the agreement allows for %(service)s in %(month)s.") % said
    )


def _time(amount: timedelta) -> str:
    hours, minutes = divmod(round(amount / timedelta(minutes=1)), 60)
    return (
        _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
        if hours
        else _("%(minutes)d min") % {"minutes": minutes}
    )


def _of_peaks(incidents: float, peaks: Peaks) -> Saying:
    # Rounded first: number_format cuts digits off.
    said = {"count": number_format(round(incidents, 1), 1), "most": number_format(round(peaks.busiest, 1), 1)}
    if incidents >= BUSY * peaks.busiest:
        return Saying(False, _("Busy: %(count)s incidents an hour at this time, %(most)s in the busiest hour.") % said)
    if not incidents:
        return Saying(
            True, _("Quiet: no incidents at this time in 13 weeks, %(most)s an hour in the busiest one.") % said
        )
    return Saying(True, _("Quiet: %(count)s incidents an hour at this time, %(most)s in the busiest hour.") % said)
