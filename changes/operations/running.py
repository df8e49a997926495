"""Doing it, saying how it went, and looking back."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from records import changing, transitions

from ..enums import Outcome, State
from ..models import Change
from .models_judging import judge_model
from .scheduling import release
from .steps import skip_open_steps

REVIEW_WITHIN = timedelta(days=5)


@transaction.atomic
def begin(
    *,
    change: Change,
    by: Any,
    at: datetime,
    notice_was_sent: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Change:
    """
    Begin the implementation, inside the window or with a reason.

    :param notice_was_sent: the people concerned have been told, as the communication plan says.
    :raises NotAllowed: :raises Stale: :raises TransitionRefused: votes that lapsed, open conditions, no notice.
    """
    begun: Change = transitions.apply(
        record=change, name="begin", by=by, at=at, reason=reason, version=version, notice_was_sent=notice_was_sent
    )
    return begun


@transaction.atomic
def finish(
    *,
    change: Change,
    by: Any,
    at: datetime,
    outcome: str,
    ended_at: datetime | None = None,
    reason: str = "",
    version: int | None = None,
) -> Change:
    """
    Say how it went. A standard change that succeeded is closed by it; any other one is reviewed.

    The rest of its window is free again. A model whose changes fail too often is suspended.

    :param ended_at: when the work ended; the moment of the act if not given.
    :raises NotAllowed: :raises Stale: :raises TransitionRefused: steps are open, or the moments do not fit.
    """
    done: Change = transitions.apply(
        record=change, name="finish", by=by, at=at, reason=reason, version=version, outcome=outcome, ended_at=ended_at
    )
    release(done)
    if done.state == State.REVIEWING:
        done.review_due_date = (at + REVIEW_WITHIN).date()
        done.save(update_fields=["review_due_date"])
    if done.model_id is not None:
        judge_model(model_id=done.model_id, at=at)
    return done


@transaction.atomic
def back_out(*, change: Change, by: Any, at: datetime, reason: str, version: int | None = None) -> Change:
    """
    Give it up in one act: open steps are skipped for this reason, and the change is finished as backed out.

    :raises NotAllowed: :raises Stale: :raises Refused: no reason, or it is not being implemented.
    """
    if not reason.strip():
        raise Refused.because("required", _("Say why it is backed out."), "reason")
    changing.require_version(changing.lock(change), version)
    skip_open_steps(change=change, by=by, at=at, note=reason)
    return finish(change=change, by=by, at=at, outcome=Outcome.BACKED_OUT, reason=reason)


@transaction.atomic
def close(
    *,
    change: Change,
    by: Any,
    at: datetime,
    review: str = "",
    incidents_are_linked: bool = False,
    items_are_updated: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Change:
    """
    End the review. A text is demanded unless the change was plainly successful and its risk not high.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no review, no late approval, incidents not linked.
    """
    closed: Change = transitions.apply(
        record=change,
        name="close",
        by=by,
        at=at,
        reason=reason,
        version=version,
        review=review,
        incidents_are_linked=incidents_are_linked,
        items_are_updated=items_are_updated,
    )
    return closed
