"""
The clocks of a problem: how long until the cause and a way around it are known, and until the fix is in place.

A problem whose risk was accepted is not solved; what was promised about it ends there, and begins anew if it is taken
up again. One that came back after its fix goes on by the rule of the agreement. Each task has a clock of its own.
"""

from django.utils.translation import gettext_lazy as _

from slm.declarations import Begin, declare
from slm.enums import ClockKind

from .enums import State

SEARCHING = (State.LOGGED, State.ACCEPTED, State.INVESTIGATING)


def declare_clocks() -> None:
    """Called when the app is ready."""
    declare(
        "problem",
        "known_error",
        label=_("known error"),
        runs_in=SEARCHING,
        stops_in=[State.KNOWN_ERROR, State.FIXING, State.VERIFYING, State.CLOSED],
        waits_in=[State.RISK_ACCEPTED],
        cancels_in=[State.CANCELLED],
    )
    declare(
        "problem",
        "solution",
        label=_("solution"),
        runs_in=[*SEARCHING, State.KNOWN_ERROR, State.FIXING],
        stops_in=[State.VERIFYING, State.CLOSED],
        waits_in=[State.RISK_ACCEPTED],
        cancels_in=[State.CANCELLED],
        goes_on_when_reopened=True,
    )
    declare(
        "problem",
        ClockKind.TASK,
        runs_in=[*SEARCHING, State.KNOWN_ERROR, State.FIXING, State.VERIFYING],
        waits_in=[State.RISK_ACCEPTED, State.CLOSED],
        stops_in=[],
        cancels_in=[State.CANCELLED],
        begins=Begin.TASK,
    )
