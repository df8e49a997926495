"""
The clock of a change: from its submission to the decision about it.

Taken back to a draft it is no longer promised; each submission begins anew, and so does a window that has to be
authorized again. Standard changes are decided beforehand,
so their submission starts none.
"""

from django.utils.translation import gettext_lazy as _

from slm.declarations import declare

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
