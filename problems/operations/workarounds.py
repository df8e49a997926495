"""Giving a workaround to those who wait, and hearing whether it helped."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refusal, Refused
from people.access import can, require
from records import changing
from records import operations as record_operations
from records.enums import LinkKind
from records.events import EventKind

from ..enums import Use
from ..models import KnownError, KnownErrorUse
from .creation import link_if_needed


def sending_refusal(
    *, known_error: KnownError, record: Any, by: Any, resolve: bool, given: KnownErrorUse | None
) -> Refusal | None:
    """
    Why the workaround would not be sent to this record; None if it would.

    :param given: what became of the known error on this record so far.
    """
    if not (can(by, "problem.send_workaround", record) and can(by, "record.reply", record)):
        return Refusal("not_allowed", _("you may not do this"))
    if not known_error.has_workaround or not known_error.is_published:
        return Refusal("no_workaround", _("there is no workaround to send"))
    if record.is_done:
        return Refusal("state", str(record.state_label))
    if given is not None and given.use == Use.SENT and _is_up_to_date(given, known_error):
        return Refusal("sent", _("got it already"))
    if resolve and not hasattr(record.practice.operations, "resolve"):
        return Refusal("no_resolution", _("can't be resolved this way"))
    return None


def _is_up_to_date(given: KnownErrorUse, known_error: KnownError) -> bool:
    return known_error.revised_at is None or given.at >= known_error.revised_at


@transaction.atomic
def send_workaround(
    *, known_error: KnownError, record: Any, by: Any, at: datetime, text: str = "", resolve: bool = False
) -> Any:
    """
    Send the workaround to one record as a public reply, link it as caused by the problem, and note that it got it.

    :param text: what is sent; the workaround as it stands when empty.
    :param resolve: also resolve the record with the code “workaround given”; a new one is taken first.
    :returns: the record as it is then.
    :raises NotAllowed: :raises Refused: no workaround, a record that is done or got this text, or one that can't be
        resolved now; nothing is sent then.
    """
    locked, _problem = changing.lock_all(record, known_error.problem)
    known = KnownError.objects.select_related("problem").get(pk=known_error.pk)
    given = KnownErrorUse.objects.filter(known_error=known, record_id=locked.pk).first()
    refusal = sending_refusal(known_error=known, record=locked, by=by, resolve=resolve, given=given)
    if refusal is not None:
        raise (NotAllowed if refusal.code == "not_allowed" else Refused)(refusal)
    words = text.strip() or known.workaround
    comment = record_operations.reply(record=locked, by=by, at=at, text=words)
    link_if_needed(record=locked, to=known.problem, kind=LinkKind.CAUSED_BY, by=by, at=at)
    _note(known, locked, use=Use.SENT, by=by, at=at, comment=comment)
    if resolve:
        _resolve(locked, by=by, at=at, words=words)
    return locked.practice.model.objects.get(pk=locked.pk)


def _resolve(record: Any, *, by: Any, at: datetime, words: str) -> None:
    operations = record.practice.operations
    record = record.practice.model.objects.get(pk=record.pk)
    if record.state == record.practice.states.values[0]:
        operations.take(**{record.kind: record}, by=by, at=at)
        record = record.practice.model.objects.get(pk=record.pk)
    operations.resolve(**{record.kind: record}, by=by, at=at, code="workaround", text=words)


@transaction.atomic
def note_insertion(*, known_error: KnownError, record: Any, by: Any, at: datetime) -> KnownErrorUse:
    """
    Count that somebody put the workaround into a reply of theirs. A record counts once.

    :raises NotAllowed: the person may not reply on this record.
    """
    locked, _problem = changing.lock_all(record, known_error.problem)
    require(by, "record.reply", locked)
    link_if_needed(record=locked, to=known_error.problem, kind=LinkKind.CAUSED_BY, by=by, at=at)
    return _note(known_error, locked, use=Use.INSERTED, by=by, at=at)


@transaction.atomic
def dismiss(*, known_error: KnownError, record: Any, by: Any, at: datetime) -> KnownErrorUse:
    """Say that the known error does not fit this record: it is not offered there any more."""
    locked = changing.lock(record)
    require(by, "record.edit", locked)
    given = KnownErrorUse.objects.filter(known_error=known_error, record_id=locked.pk).first()
    if given is not None and given.use != Use.DISMISSED:
        raise Refused.because("used", _("It was used here already. Say instead that it did not help."))
    return _note(known_error, locked, use=Use.DISMISSED, by=by, at=at)


@transaction.atomic
def tell_outcome(*, use: KnownErrorUse, by: Any, at: datetime, worked: bool) -> KnownErrorUse:
    """
    Say whether the workaround helped on this record; a later answer replaces the earlier one.

    :raises NotAllowed: the person may not reply on the record. :raises Refused: it was never given there.
    """
    locked = changing.lock(use.record)
    require(by, "record.reply", locked)
    fresh = KnownErrorUse.objects.select_for_update().get(pk=use.pk)
    if fresh.use == Use.DISMISSED:
        raise Refused.because("not_used", _("The workaround was not given here."))
    fresh.worked, fresh.worked_by, fresh.worked_at = worked, by, at
    fresh.save(update_fields=["worked", "worked_by", "worked_at"])
    _log(locked, "workaround_worked" if worked else "workaround_failed", fresh.known_error, by=by, at=at)
    return fresh


def _note(known: KnownError, record: Any, *, use: str, by: Any, at: datetime, comment: Any = None) -> KnownErrorUse:
    found, is_new = KnownErrorUse.objects.get_or_create(
        known_error=known, record_id=record.pk, defaults={"use": use, "by": by, "at": at, "comment": comment}
    )
    if not is_new and (found.use != use or use == Use.SENT):
        found.use, found.by, found.at, found.comment = use, by, at, comment
        found.worked, found.worked_by, found.worked_at = None, None, None
        found.save()
    if is_new or use != Use.INSERTED:
        _log(record, {Use.DISMISSED: "known_error_dismissed"}.get(Use(use), "workaround_given"), known, by=by, at=at)
    return found


def _log(record: Any, act: str, known: KnownError, *, by: Any, at: datetime) -> None:
    changing.write_down(
        record,
        kind=EventKind.EDITED,
        action=f"{record.kind}.{act}",
        by=by,
        at=at,
        # Without the title: who reads the ticket may not always read the known error.
        data={"known_error": known.pk, "reference": known.reference},
    )
