"""Reads of clocks: those of one record as pages show them, and records that no agreement covers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now

from calendars import registry
from records.enums import DueState
from records.models import Record, RecordQuerySet

from . import declarations, selection
from .declarations import Begin
from .enums import ClockState, Level
from .models import Agreement, Clock

# The words of the clock mark for each state of a finished clock.
ENDED_MARKS = {ClockState.MET: "met", ClockState.MISSED: "missed"}


@dataclass(frozen=True)
class ClockView:
    """
    One clock at one moment.

    :param mark: state of the clock mark: on-track, due-soon, at-risk, breached, paused, met, missed or none.
    :param used: working time used. :param remaining: working time left, negative once over; None when it has ended.
    :param is_running: time passes right now: the clock runs and its calendar is open.
    :param next_boundary: when the calendar opens or closes next, while the clock runs.
    :param kept: how many of the `ended` ones were met, of a clock that repeats.
    """

    clock: Clock
    mark: str
    used: timedelta
    remaining: timedelta | None
    is_running: bool = False
    next_boundary: datetime | None = None
    kept: int = 0
    ended: int = 0

    @property
    def pause_reason(self) -> str:
        """What a paused clock waits for, in words."""
        return declarations.reason_label(self.clock.record.kind, self.clock.pause_reason)

    @property
    def thresholds(self) -> str:
        """Remaining seconds at which the mark changes, as the countdown wants them."""
        seconds = self.clock.target.total_seconds()
        return f"{int(seconds * 0.25)},{int(seconds * 0.1)}"


def view_of(clock: Clock, *, at: datetime) -> ClockView:
    """How a clock stands at a moment. No statement once its calendar is known in the process."""
    used = clock.used
    if clock.state == ClockState.PAUSED:
        return ClockView(clock, "paused", used, clock.used_before + clock.target - used)
    if clock.state != ClockState.RUNNING:
        return ClockView(clock, ENDED_MARKS.get(ClockState(clock.state), "none"), used, None)
    hours = registry.business_time(clock.calendar_id, clock.calendar_version)
    used += hours.between(clock.switched_at, at)
    return ClockView(
        clock,
        mark_of(clock, at),
        used,
        clock.used_before + clock.target - used,
        is_running=hours.is_open(at),
        next_boundary=hours.next_boundary(at),
    )


def mark_of(clock: Clock, at: datetime) -> str:
    """The mark of a running clock: by the moments it is dated with, the same that the sweep goes by."""
    moments = {Level.BREACHED: clock.due_at, Level.AT_RISK: clock.at_risk_at, Level.DUE_SOON: clock.due_soon_at}
    if clock.breached_at is not None:
        return "breached"
    passed = next((level for level, moment in moments.items() if moment is not None and moment <= at), None)
    return str(passed).replace("_", "-") if passed else "on-track"


def clocks_of(record: Any, user: Any = None, *, at: datetime | None = None) -> list[ClockView]:
    """
    The clocks of a record that count, those that were replaced left out; one statement.

    Those that still run come first, then in the order in which the practice declares them. Of clocks that repeat only
    the latest one stands there, with how many there were; of those of parts each that runs, else the latest.

    :param user: who asks; people who may not see clocks get none. None for work that no person asked for.
    :param at: the present moment if not given.
    """
    clocks = Clock.objects.filter(record_id=record.pk).exclude(state=ClockState.VOID)
    if user is not None:
        clocks = clocks.visible_to(user)
    moment = at or now()
    rows: dict[str, list[Clock]] = {}
    for clock in clocks.order_by("id"):
        clock.record = record
        rows.setdefault(clock.kind, []).append(clock)
    repeating = declarations.repeating()
    found = []
    places = {each.clock: place for place, each in enumerate(declarations.of(record.kind))}
    for kind in sorted(rows, key=lambda each: places.get(each, len(places))):
        if kind in repeating:
            ended = [each for each in rows[kind] if each.state in ENDED_MARKS]
            kept = sum(each.state == ClockState.MET for each in ended)
            first, *others = [each for each in rows[kind] if each.is_live] or rows[kind][-1:]
            found.append(replace(view_of(first, at=moment), kept=kept, ended=len(ended)))
            found += [view_of(each, at=moment) for each in others]
        else:
            found += [view_of(each, at=moment) for each in rows[kind]]
    return sorted(found, key=lambda each: not each.clock.is_live)


def beside(record: Any, user: Any, *, at: datetime) -> dict[str, Any]:
    """What the page of a record needs to show its clocks beside it; no statement where it can have none."""
    may_have = record.due_state != DueState.NONE or any(
        each.is_beneath or each.is_of_parts for each in declarations.of(record.kind)
    )
    clocks = clocks_of(record, user, at=at) if may_have else []
    return {"clocks": clocks, "tools": "slm/_clocks_pane.html" if clocks else ""}


def reopen_policies_of(kind: str, records: Iterable[Any]) -> dict[int, str]:
    """
    What the agreements of records say about reopening them, in the versions that their clocks go by; one statement.

    :returns: policy by key of the record; a record without an agreement is missing.
    """
    kinds = [each.clock for each in declarations.of(kind) if each.goes_on_when_reopened and not each.is_beneath]
    keys = [each.pk for each in records]
    if not keys:
        return {}
    known = Clock.objects.filter(record__in=keys, kind__in=kinds, agreement__isnull=False).order_by("record", "-id")
    rows = known.distinct("record").values_list("record", "agreement_id", "agreement_version")
    terms = {record: selection.terms_of(agreement, version) for record, agreement, version in rows if agreement}
    return {record: each.reopen_policy for record, each in terms.items() if each is not None}


def without_agreement(kinds: Collection[str] | None = None) -> RecordQuerySet:
    """
    Open records without any clock although agreements are about their kind: candidates for another one.

    Those in a state in which nothing counts yet, or nothing any more, are left out: drafts of changes, for example.

    :param kinds: those that agreements in force with customers are about; asked for if not given.
    """
    if kinds is None:
        kinds = set(Agreement.objects.in_force().with_customers().values_list("kind", flat=True))
    has_clock = Exists(Clock.objects.filter(record_id=OuterRef("pk")))
    counting = Q(pk__in=[])
    for kind in sorted(kinds):
        own = [each for each in declarations.of(kind) if each.begins == Begin.RECORD]
        counting |= Q(kind=kind, state__in=sorted(set().union(*(each.runs_in | each.pauses_in for each in own))))
    found: RecordQuerySet = Record.objects.open().filter(counting).filter(~has_clock)
    return found
