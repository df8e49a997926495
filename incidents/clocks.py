"""
The clocks of an incident.

The response clock never pauses: waiting for the requester is no excuse for not having answered. What was done, shown
to the requester with the resolution, is an answer too. The resolution clock waits only for what the agreement allows.
Beneath the promise to the customer run that of the team, from the assignment on, and that of a supplier, while it has
the ticket: both by the targets for resolution of the agreement with them. By its target for response the team takes the
ticket up. A ticket that is reopened in the same team goes on with its clock.
Each task of the checklist has a clock of its own while the ticket is worked on.
The clock of the next update begins with each answer and ends with the next one; the resolution is told, so it counts.
"""

from slm.declarations import Begin, declare
from slm.enums import ClockKind

from .enums import HoldReason, State

AT_WORK = (State.NEW, State.ASSIGNED, State.IN_PROGRESS)
SOLVED = (State.RESOLVED, State.CLOSED)


def declare_clocks() -> None:
    """Called when the app is ready."""
    declare(
        "incident",
        ClockKind.RESPONSE,
        runs_in=[*AT_WORK, State.ON_HOLD],
        stops_in=SOLVED,
        cancels_in=[State.CANCELLED],
        stops_at_first_reply=True,
    )
    declare(
        "incident",
        ClockKind.UPDATE,
        runs_in=AT_WORK,
        pauses_in=[State.ON_HOLD],
        stops_in=SOLVED,
        cancels_in=[State.CANCELLED],
        begins=Begin.REPLY,
        reasons=HoldReason,
    )
    declare(
        "incident",
        ClockKind.RESOLUTION,
        runs_in=AT_WORK,
        pauses_in=[State.ON_HOLD],
        stops_in=SOLVED,
        cancels_in=[State.CANCELLED],
        goes_on_when_reopened=True,
        reasons=HoldReason,
    )
    declare(
        "incident",
        ClockKind.TEAM,
        promised_as=ClockKind.RESOLUTION,
        runs_in=AT_WORK,
        pauses_in=[State.ON_HOLD],
        stops_in=SOLVED,
        cancels_in=[State.CANCELLED],
        begins=Begin.TEAM,
        begins_again=True,
        goes_on_when_reopened=True,
        reasons=HoldReason,
    )
    declare(
        "incident",
        ClockKind.TEAM_RESPONSE,
        promised_as=ClockKind.RESPONSE,
        runs_in=[State.NEW, State.ASSIGNED],
        stops_in=[State.IN_PROGRESS, State.ON_HOLD, *SOLVED],
        cancels_in=[State.CANCELLED],
        begins=Begin.TEAM,
    )
    declare(
        "incident",
        ClockKind.SUPPLIER,
        promised_as=ClockKind.RESOLUTION,
        runs_in=[*AT_WORK, State.ON_HOLD],
        stops_in=SOLVED,
        cancels_in=[State.CANCELLED],
        begins=Begin.SUPPLIER,
        handed_over_in=(State.ON_HOLD, HoldReason.SUPPLIER),
    )
    declare(
        "incident",
        ClockKind.TASK,
        runs_in=AT_WORK,
        pauses_in=[State.ON_HOLD],
        waits_in=SOLVED,
        stops_in=[],
        cancels_in=[State.CANCELLED],
        begins=Begin.TASK,
        reasons=HoldReason,
    )
