"""Taking a window: checked and booked in one transaction, one at a time."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from approvals import operations as approvals
from approvals import queries as approval_queries
from common.refusals import Refused
from people.access import require
from records import changing, transitions

from ..enums import State
from ..models import Booking, Change
from ..queries.conflicts import Reason, conflicts
from ..queries.facts import AUTHORIZE
from .asking import ask
from .editing import plan_window, refuse_if_decided

SCHEDULING = 0x5C4ED


class UnableToSchedule(Refused):
    """The window was taken by somebody else in the same moment; nothing was changed."""


def one_at_a_time(change: Change) -> Change:
    """
    Lock the change, then let one transaction after the other look at the calendar and write into it, until it ends.

    Rows can't be locked that do not exist yet: without this, two changes that look at the same free window at once
    would both take it. The change always comes first: the last vote holds it already when it comes here, and whoever
    asked in the other order would wait for the vote while the vote waits for them.
    """
    locked: Change = changing.lock(change)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEDULING])
    return locked


def book(change: Change) -> None:
    """
    Book the items of a scheduled change for its window, in place of what it booked before.

    :raises UnableToSchedule: another change has one of the items in that time, and nobody accepted it.
    """
    Booking.objects.filter(change=change).delete()
    start, end = change.planned_from, change.planned_to
    if start is None or end is None:
        return
    is_shared = any(each.reason == Reason.ITEM for each in conflicts(change, start, end))
    rows = [
        Booking(change=change, item_id=item, period=DateTimeTZRange(start, end), is_shared=is_shared)
        for item in change.items.values_list("pk", flat=True)
    ]
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(rows)
    except IntegrityError as error:
        raise UnableToSchedule.because(
            "taken", _("Somebody else has just booked one of its items for this time. Choose another window."), "window"
        ) from error


def release(change: Change) -> None:
    """Give back what the change had booked."""
    Booking.objects.filter(change=change).delete()


@transaction.atomic
def reschedule(
    *,
    change: Change,
    by: Any,
    at: datetime,
    planned_from: datetime,
    planned_to: datetime,
    reason: str = "",
    version: int | None = None,
) -> Change:
    """
    Move the window of a scheduled change. Beyond the tolerance around what was authorized the votes lapse, and it is
    authorized anew.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: a freeze or conflict that nobody accepted.
    :raises UnableToSchedule: somebody was faster.
    """
    locked = one_at_a_time(change)
    if locked.state == State.SCHEDULED and not locked.is_near_agreed(planned_from, planned_to):
        for given in (approval_queries.standing(locked, AUTHORIZE), approval_queries.open_one(locked, AUTHORIZE)):
            if given is not None:
                approvals.lapse(approval=given, by=by, at=at, reason=_("The window was moved."))
    moved: Change = transitions.apply(
        record=change,
        name="reschedule",
        by=by,
        at=at,
        reason=reason,
        version=version,
        planned_from=planned_from,
        planned_to=planned_to,
    )
    if moved.state == State.SCHEDULED:
        book(moved)
        return moved
    release(moved)
    ask(change=moved, by=by, at=at)
    return Change.objects.get(pk=moved.pk)


@transaction.atomic
def take_window(
    *,
    change: Change,
    by: Any,
    at: datetime,
    planned_from: datetime,
    planned_to: datetime,
    reason: str = "",
    version: int | None = None,
) -> Change:
    """
    Plan the change for a window that was proposed, or reschedule it, provided that nothing stands in the way by now.

    Unlike `plan_window`, which lists conflicts, this refuses them: whoever takes a free window wants it free. A change
    that is not scheduled yet books nothing; it is asked about again when it is decided.

    :param reason: why, for one that is scheduled already.
    :raises NotAllowed: :raises Stale: :raises Refused: as `plan_window` or, for a scheduled one, as `reschedule`.
    :raises UnableToSchedule: something came in the way, or the window has begun, since it was proposed.
    """
    locked = one_at_a_time(change)
    about = {"by": by, "at": at, "planned_from": planned_from, "planned_to": planned_to, "version": version}
    if locked.state == State.SCHEDULED:
        return reschedule(change=locked, reason=reason, **about)
    require(by, "change.edit", locked)
    changing.require_version(locked, version)
    refuse_if_decided(locked)
    if planned_from < at:
        raise UnableToSchedule.because(
            "window_past", _("This window has begun meanwhile. Have windows suggested again."), "planned_from"
        )
    if planned_to > planned_from:  # otherwise planning says what is wrong with it
        found = conflicts(locked, planned_from, planned_to, viewer=by)
        if in_the_way := [each for each in found if each.is_open]:
            raise UnableToSchedule.because(
                "conflict",
                _("%(conflict)s Have windows suggested again.") % {"conflict": in_the_way[0].sentence},
                "planned_from",
            )
    return plan_window(change=locked, **about)
