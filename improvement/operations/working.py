"""When an improvement can be worked on."""

from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refused
from records.operations.saying import locked_for

from ..enums import State, Step
from ..models import Improvement

OPEN_TO_WORK = frozenset({State.ACCEPTED, State.ACTIVE, State.ON_HOLD})
OPEN_TO_KEEP = OPEN_TO_WORK | {State.REALIZED, State.PARTLY_REALIZED}


def worked_on(improvement: Any, *, by: Any, version: int | None = None, step: int | None = None) -> Improvement:
    """
    The improvement, held, for an act of those who work on it.

    :param step: that the act belongs to; the last one may still be worked on when the result is there.
    :raises NotAllowed: :raises Stale: :raises Refused: nobody works on it now.
    """
    locked: Improvement = locked_for(improvement, by=by, operation="improvement.edit", version=version)
    allowed = OPEN_TO_KEEP if step == Step.MOMENTUM else OPEN_TO_WORK
    if locked.state in allowed:
        return locked
    advice = _("Accept it first.") if locked.state == State.SUGGESTED else _("What was said stays as it is.")
    said = _("%(reference)s is %(state)s.") % {"reference": locked.reference, "state": locked.state_label}
    raise Refused.because("wrong_state", f"{said} {advice}")
