"""
The clocks of a change: from its submission to the decision about it, for each step of its approvals, for each task.

Taken back to a draft it is no longer promised; each submission begins anew, and so does a window that has to be
authorized again. Standard changes are decided beforehand, so their submission starts none. A step of an approval counts
from the moment at which it asks its people, whatever the change does meanwhile; a task from the authorization on, since
conditions of the vote are tasks that have to be done before the work begins.
"""

from django.utils.translation import gettext_lazy as _

from slm.declarations import Begin, declare
from slm.enums import ClockKind

from .enums import State


def declare_clocks() -> None:
    """Called when the app is ready."""
    declare(
        "change",
        "decision",
        label=_("decision"),
        runs_in=[State.ASSESSING, State.AUTHORIZING],
        stops_in=[State.SCHEDULED, State.IMPLEMENTING, State.REVIEWING, State.CLOSED, State.REJECTED],
        waits_in=[State.DRAFT],
        cancels_in=[State.CANCELLED],
        begins_again=True,
    )
    declare(
        "change",
        ClockKind.APPROVAL,
        runs_in=State,
        stops_in=[],
        begins=Begin.APPROVAL,
    )
    declare(
        "change",
        ClockKind.TASK,
        runs_in=[State.SCHEDULED, State.IMPLEMENTING, State.REVIEWING],
        waits_in=[State.DRAFT, State.ASSESSING, State.AUTHORIZING, State.CLOSED, State.REJECTED],
        stops_in=[],
        cancels_in=[State.CANCELLED],
        begins=Begin.TASK,
    )
