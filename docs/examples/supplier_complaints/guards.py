"""What must hold before a complaint moves: small, named, pure."""

from django.utils.translation import gettext as _

from common.refusals import Refusal
from records.workflow import MoveContext


def promise_is_named(context: MoveContext) -> Refusal | None:
    """A complaint says what was agreed; without that it is an opinion."""
    if context.record.promised.strip():
        return None
    return Refusal("promise", _("It does not say what was agreed. Name the clause or the promise."), "promised")
