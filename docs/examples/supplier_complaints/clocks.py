"""The clock of a complaint: how long until the supplier has answered."""

from django.utils.translation import gettext_lazy as _

from slm.declarations import declare

from .enums import State


def declare_clocks() -> None:
    """Called when the app is ready."""
    declare(
        "supplier_complaint",
        "supplier_answer",
        label=_("supplier's answer"),
        waits_in=[State.WRITTEN],
        runs_in=[State.LODGED],
        stops_in=[State.ANSWERED, State.SETTLED],
        cancels_in=[State.WITHDRAWN],
        begins_again=True,
    )
