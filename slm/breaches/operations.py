"""Explaining missed targets: one by one, and many with one cause."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.speech import plainly
from people.access import require
from records import changing

from .enums import BreachState
from .models import LONGEST_TEXT, Breach, Cause

MANY_AT_MOST = 200


@transaction.atomic
def explain(*, breach: Breach, by: Any, at: datetime, cause: Cause, text: str, version: int | None = None) -> Breach:
    """
    Say why a target was missed. An explanation may be improved until an excuse is asked for.

    Changes neither the clock nor the record, and does not stand in the way of closing it.

    :param text: what happened, `LONGEST_TEXT` characters at most.
    :param version: the one that the person read; None where nobody looked.
    :raises NotAllowed: :raises Stale: :raises Refused: no cause or text, the same again, or it is decided already.
    """
    locked = locked_for(breach, by=by, operation="breach.explain", version=version)
    if not locked.may_be_explained:
        raise refused_state(locked)
    said = cleaned(text, field="text")
    if not cause.is_active and cause.pk != locked.cause_id:
        raise Refused.because("retired", _("This cause is not in use any more. Choose another one."), field="cause")
    if (locked.cause_id, locked.explanation) == (cause.pk, said):
        raise Refused.because("unchanged", _("This is explained in these words already. Change something, then save."))
    was = locked.cause
    changes = {"cause": (str(was) if was else None, str(cause)), "explanation": (locked.explanation, said)}
    locked.cause, locked.explanation = cause, said
    locked.explained_by, locked.explained_at, locked.state = by, at, BreachState.EXPLAINED
    save(locked, "cause", "explanation", "explained_by", "explained_at", "state")
    log_act("explained", locked, by=by, at=at, changes=changes, cause=str(cause))
    return locked


@dataclass
class Result:
    """What became of many: how many were explained, and why the others were not."""

    done: int = 0
    refused: list[tuple[Breach, str]] = field(default_factory=list)


def explain_many(*, breaches: Sequence[Breach], by: Any, at: datetime, cause: Cause, text: str) -> Result:
    """
    Explain many misses with one cause and text, each by itself: one that can't be explained leaves the others alone.

    :raises Refused: none are given, or more than `MANY_AT_MOST`, or the text is missing.
    """
    if not breaches:
        raise Refused.because("nothing", _("Nothing is selected. Select the misses that have this cause."))
    if len(breaches) > MANY_AT_MOST:
        raise Refused.because(
            "too_many", _("%(most)s at once at most. Select fewer.") % {"most": MANY_AT_MOST}, field="breaches"
        )
    cleaned(text, field="text")
    result = Result()
    for breach in sorted(breaches, key=lambda each: (each.record_id, each.pk)):
        try:
            explain(breach=breach, by=by, at=at, cause=cause, text=text)
        except Refused as refused:
            result.refused.append((breach, str(refused)))
        else:
            result.done += 1
    return result


def locked_for(breach: Breach, *, by: Any, operation: str, version: int | None = None) -> Breach:
    """
    The breach as it is now, held with its record, for a person who may do this to it.

    :raises NotAllowed: :raises Stale: somebody changed it since the person read it.
    """
    changing.lock(breach.record)
    rows = Breach.objects.select_for_update(of=("self",))
    locked = rows.select_related("record", "clock", "cause", "clause", "approval", "team").get(pk=breach.pk)
    require(by, operation, locked)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this since you read it. Compare, then save again."))
    return locked


def refused_state(breach: Breach) -> Refused:
    """Why nothing can be said about it any more."""
    said = {
        BreachState.EXCUSE_REQUESTED: _("Its excuse is being decided. Take the request back to change something."),
        BreachState.EXCUSED: _("It is excused. Nothing needs to be said any more."),
        BreachState.UPHELD: _("It was decided that it stands. What was said is kept."),
        BreachState.WITHDRAWN: _("The target was not missed after all. There is nothing to say."),
        BreachState.RECORDED: _("It is not explained yet. Say first why the target was missed."),
        BreachState.EXPLAINED: _("No excuse is being decided here."),
    }
    return Refused.because("state", said[BreachState(breach.state)])


def cleaned(text: str, *, field: str) -> str:
    """The text as it is kept. :raises Refused: empty, or too long."""
    said = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not said:
        raise Refused.because("required", _("This is missing. Say in a few words what happened."), field=field)
    if len(said) > LONGEST_TEXT:
        raise Refused.because(
            "too_long", _("More than %(most)s characters. Say it shorter.") % {"most": LONGEST_TEXT}, field=field
        )
    return said


def save(breach: Breach, *fields: str) -> None:
    breach.version += 1
    breach.save(update_fields=[*fields, "version"])


def log_act(
    action: str, breach: Breach, *, by: Any, at: datetime, reason: str = "", changes: Any = None, **data: Any
) -> None:
    """Write an act into the history of the record, with the breach it is about."""
    with plainly():
        title = str(breach.clock_label)
    log.record(
        f"breach.{action}",
        subject_kind="record",
        subject_id=breach.record_id,
        subject_label=str(breach.record),
        organization_id=breach.organization_id,
        by=by,
        at=at,
        reason=reason,
        changes=changes,
        data={"breach": breach.pk, "clock": breach.clock_kind, "title": title} | data,
    )
