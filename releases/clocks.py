"""
The clocks of a release: for each step of the go, and for each task. Its own promise is the date, which is no clock.

A step counts from the moment at which it asks its people, whatever the release does meanwhile; a task while the release
is made and watched.
"""

from slm.declarations import Begin, declare
from slm.enums import ClockKind

from .enums import State


def declare_clocks() -> None:
    """Called when the app is ready."""
    declare(
        "release",
        ClockKind.APPROVAL,
        runs_in=State,
        stops_in=[],
        begins=Begin.APPROVAL,
    )
    declare(
        "release",
        ClockKind.TASK,
        runs_in=[State.BUILDING, State.TESTING, State.READY, State.DEPLOYING, State.EARLY_LIFE],
        waits_in=[State.PLANNING, State.CLOSED],
        stops_in=[],
        cancels_in=[State.ROLLED_BACK, State.CANCELLED],
        begins=Begin.TASK,
    )
