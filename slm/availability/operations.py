"""
The acts on outages: record, end, correct, withdraw; and to decide about those that Steward proposes.

Each act locks the service, so that two people who enter the same outage at once make one, and counts the days that it
touches.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.texts import one_line
from measurement.periods import today
from people.access import require
from records.models import Record
from services.models import Service

from . import checks, days
from .enums import OutageState
from .models import Outage

FIELDS = ("offering", "started_at", "ended_at", "is_planned", "weight", "users_affected", "cause")
LONGEST_REASON = 300


@transaction.atomic
def record(
    *,
    by: Any,
    at: datetime,
    service: Service,
    started_at: datetime,
    ended_at: datetime | None = None,
    offering: Any = None,
    is_planned: bool = False,
    weight: Decimal = Decimal(1),
    users_affected: int | None = None,
    cause: str = "",
    record: Record | None = None,
) -> Outage:
    """
    Write an outage down; it counts at once.

    :param started_at: first moment in which the service was not usable.
    :param ended_at: when it was usable again, None while it goes on. With a ticket and no end, it ends when the
        ticket is resolved. Parts of a second are cut.
    :param weight: share of the service that was lost, 0 to 1, two decimals.
    :raises NotAllowed: :raises Refused: moments or shares that don't fit, the same outage stands already.
    """
    if by is not None:
        require(by, "outage.record")
    _lock_service(service.pk)
    outage = Outage(
        service=service,
        record=record,
        ends_with_record=record is not None and ended_at is None,
        entered_by=by,
        entered_at=at,
        is_sample=service.is_sample,
        **_plain(
            offering=offering, started_at=started_at, ended_at=ended_at, is_planned=is_planned, weight=weight,
            users_affected=users_affected, cause=cause,
        ),
    )  # fmt: skip
    if outage.ends_with_record and record is not None and record.resolved_at is not None:
        outage.ended_at = record.resolved_at.replace(microsecond=0)
    checks.refuse_unfit(outage, at=at)
    checks.refuse_double(outage)
    outage.save(force_insert=True)
    _log("recorded", outage, by=by, at=at, changes={name: (None, getattr(outage, name)) for name in FIELDS})
    _count(outage, at=at)
    return outage


@transaction.atomic
def propose(*, record: Record, started_at: datetime, users_affected: int | None, at: datetime) -> Outage:
    """
    Propose an outage from a ticket, for people to confirm; it counts for nothing until then. An act of Steward itself.

    :raises Refused: the ticket has an outage, whatever became of it.
    """
    assert record.service is not None, "only tickets about a service can tell of its outage"
    _lock_service(record.service.pk)
    if Outage.objects.filter(record=record, service=record.service).exists():
        raise Refused.because("known", _("This ticket has its outage already."))
    outage = Outage(
        service=record.service,
        record=record,
        state=OutageState.PROPOSED,
        started_at=started_at.replace(microsecond=0),
        users_affected=users_affected,
        ends_with_record=True,
        entered_at=at,
        is_sample=record.service.is_sample,
    )
    outage.save(force_insert=True)
    _log("proposed", outage, by=None, at=at, data={"ticket": record.reference})
    return outage


@transaction.atomic
def confirm(*, outage: Outage, by: Any, at: datetime) -> Outage:
    """Let a proposed outage count as it stands. :raises Refused: it is not proposed any more."""
    locked = _lock(outage, by=by, operation="outage.record")
    _require_proposed(locked)
    checks.refuse_unfit(locked, at=at)
    locked.state, locked.entered_by, locked.entered_at = OutageState.CONFIRMED, by, at
    _save(locked, "state", "entered_by", "entered_at")
    _log("recorded", locked, by=by, at=at)
    _count(locked, at=at)
    return locked


@transaction.atomic
def dismiss(*, outage: Outage, by: Any, at: datetime, reason: str) -> Outage:
    """Say that no outage lies behind a ticket. :raises Refused: it is not proposed any more, or no reason."""
    locked = _lock(outage, by=by, operation="outage.correct")
    _require_proposed(locked)
    return _take_away(locked, OutageState.DISMISSED, by=by, at=at, reason=reason)


@transaction.atomic
def end(*, outage: Outage, by: Any, at: datetime, ended_at: datetime) -> Outage:
    """
    Say since when the service is usable again.

    :param by: None when the end follows from the ticket behind it.
    :raises Refused: it has ended, is gone, or would end before it began.
    """
    locked = _lock(outage, by=by, operation="outage.record")
    _require_live(locked)
    if locked.ended_at is not None:
        raise Refused.because("ended", _("This outage has ended already. Correct it if the end is wrong."))
    locked.ended_at = ended_at.replace(microsecond=0)
    checks.refuse_unfit(locked, at=at)
    _save(locked, "ended_at")
    _log("ended", locked, by=by, at=at, changes={"ended_at": (None, locked.ended_at)})
    _count(locked, at=at)
    return locked


@transaction.atomic
def correct(
    *, outage: Outage, by: Any, at: datetime, values: Mapping[str, Any], reason: str, version: int | None = None
) -> Outage:
    """
    Change what was written down about an outage. What stood before remains in the log, with the reason.

    :param values: some of `FIELDS`. :param version: the one that the person read; None where nobody looked.
    :raises NotAllowed: :raises Stale: :raises Refused: a value that does not fit, no reason, or nothing differs.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"outages have no {sorted(unknown)}")
    locked = _lock(outage, by=by, operation="outage.correct")
    if version is not None and version != locked.version:
        raise Stale.because(
            "stale", _("Somebody else changed this outage since you read it. Compare, then save again.")
        )
    _require_live(locked)
    reason = _reason(reason)
    changes = {}
    for name, value in _plain(**values).items():
        before = getattr(locked, name)
        if before != value:
            changes[name] = (before, value)
            setattr(locked, name, value)
    if not changes:
        raise Refused.because("unchanged", _("The outage says this already. Change something, then save."))
    if "ended_at" in changes:
        locked.ends_with_record = locked.record_id is not None and locked.ended_at is None
    checks.refuse_unfit(locked, at=at)
    if changes.keys() & {"started_at", "offering", "is_planned"}:
        checks.refuse_double(locked)
    _save(locked, *changes, "ends_with_record")
    _log("corrected", locked, by=by, at=at, changes=changes, reason=reason)
    before_from, before_to = (
        changes.get("started_at", (locked.started_at,))[0],
        changes.get("ended_at", (locked.ended_at,))[0],
    )
    _count(locked, at=at, before=(before_from, before_to))
    return locked


@transaction.atomic
def withdraw(*, outage: Outage, by: Any, at: datetime, reason: str) -> Outage:
    """Take back an outage that was none; it stays in the list and counts no more. :raises Refused: it is gone."""
    locked = _lock(outage, by=by, operation="outage.correct")
    if not locked.is_counted:
        raise Refused.because("not_counted", _("This outage does not count, so there is nothing to take back."))
    withdrawn = _take_away(locked, OutageState.WITHDRAWN, by=by, at=at, reason=reason)
    _count(withdrawn, at=at)
    return withdrawn


def _take_away(outage: Outage, state: OutageState, *, by: Any, at: datetime, reason: str) -> Outage:
    outage.decided_reason = _reason(reason)
    outage.state = state
    _save(outage, "state", "decided_reason")
    _log(str(state), outage, by=by, at=at, reason=outage.decided_reason)
    return outage


def _lock_service(service_id: int) -> None:
    # Not as strong as a deletion would need it: tickets that name the service go on being written.
    list(Service.objects.select_for_update(no_key=True).filter(pk=service_id).values_list("pk"))


def _lock(outage: Outage, *, by: Any, operation: str) -> Outage:
    _lock_service(outage.service_id)
    locked = Outage.objects.select_for_update(of=("self",)).select_related("service", "offering").get(pk=outage.pk)
    if by is not None:
        require(by, operation)
    return locked


def _require_live(outage: Outage) -> None:
    if not outage.is_live:
        raise Refused.because(
            "gone",
            _("This outage was %(state)s. Record it again if it did happen.") % {"state": outage.get_state_display()},
        )


def _require_proposed(outage: Outage) -> None:
    if not outage.is_proposed:
        raise Refused.because(
            "decided",
            _("Somebody has decided about this proposal already: it is %(state)s.")
            % {"state": outage.get_state_display()},
        )


def _reason(text: str) -> str:
    reason = one_line(text)
    if not reason:
        raise Refused.because("required", _("The reason is missing. Say why in a few words."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused.because(
            "too_long", _("The reason has more than %(most)s characters.") % {"most": LONGEST_REASON}, field="reason"
        )
    return reason


def _plain(**values: Any) -> dict[str, Any]:
    """The values as they are kept: full seconds, two decimals, one line."""
    for name in ("started_at", "ended_at"):
        if values.get(name) is not None:
            values[name] = values[name].replace(microsecond=0)
    if "weight" in values:
        values["weight"] = Decimal(values["weight"])
    if "cause" in values:
        values["cause"] = one_line(values["cause"])
    return values


def _save(outage: Outage, *fields: str) -> None:
    outage.version += 1
    outage.save(update_fields=[*fields, "version"])


def _count(outage: Outage, *, at: datetime, before: tuple[datetime, datetime | None] | None = None) -> None:
    """Write the days anew that the outage touches, or touched before a correction."""
    spans = [(outage.started_at, outage.ended_at), *([before] if before else [])]
    first = max(today(min(start for start, _end in spans)), today(at) - timedelta(days=days.KEPT_DAYS))
    last = today(max(end or at for _start, end in spans))
    days.count([outage.service_id], day_from=first, day_to=last + timedelta(days=1), at=at)


def _log(action: str, outage: Outage, *, by: Any, at: datetime, **details: Any) -> None:
    log.record(
        f"outage.{action}",
        subject_kind="outage",
        subject_id=outage.pk,
        subject_label=outage,
        by=by,
        at=at,
        **details,
    )
