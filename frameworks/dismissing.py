"""False alarms: a signal that says nothing worth acting on is dismissed with the reason, and remembered."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common import texts
from common.refusals import Refused
from people.access import require
from records.enums import Phase

from .models import Signal
from .signaling import speak_again

OPERATION = "practice_signal.dismiss"
LONGEST_REASON = 300


@transaction.atomic
def dismiss(*, signal: Signal, by: Any, at: datetime, reason: str) -> Signal:
    """
    Call a signal a false alarm. It stays silent until its measure misses by more than it does now, or held between.

    :raises NotAllowed: :raises Refused: no reason, it is being improved, or it is open no more.
    """
    locked = _locked(signal, by=by)
    missing = _("Say in a few words why it is a false alarm.")
    said = texts.said(texts.one_line(reason), field="reason", missing=missing, limit=LONGEST_REASON)
    if locked.dismissed_at is not None:
        raise Refused.because("dismissed", _("Somebody dismissed it already. Look under “Dismissed”."))
    if locked.record is not None and locked.record.phase != Phase.DONE:
        known = {"reference": locked.record.reference}
        raise Refused.because("taken", _("%(reference)s is about this measure. Withdraw that first.") % known)
    locked.dismissed_at, locked.dismissed_by, locked.reason = at, by, said
    locked.dismissed_number = locked.number
    locked.save(update_fields=["dismissed_at", "dismissed_by", "dismissed_number", "reason"])
    _log("dismissed", locked, by=by, at=at, reason=said)
    return locked


@transaction.atomic
def reconsider(*, signal: Signal, by: Any, at: datetime) -> Signal:
    """
    Take a dismissal back.

    :raises NotAllowed: :raises Refused: it is not dismissed, or its measure holds the target again.
    """
    locked = _locked(signal, by=by)
    if locked.dismissed_at is None:
        raise Refused.because("open", _("It is not dismissed any more. Look under “Open”."))
    before = locked.reason
    speak_again(locked)
    _log("reconsidered", locked, by=by, at=at, reason="", before=before)
    return locked


def _locked(signal: Signal, *, by: Any) -> Signal:
    require(by, OPERATION)
    locked = Signal.objects.select_for_update(of=("self",)).select_related("record").get(pk=signal.pk)
    if locked.cleared_at is not None:
        raise Refused.because("cleared", _("The measure holds its target again."))
    return locked


def _log(act: str, signal: Signal, *, by: Any, at: datetime, reason: str, **data: Any) -> None:
    log.record(
        f"practice_signal.{act}", subject_kind="practice_signal", subject_id=signal.pk, subject_label=signal.kpi,
        by=by, at=at, reason=reason, data={"number": signal.number, "target": signal.target, **data},
    )  # fmt: skip
