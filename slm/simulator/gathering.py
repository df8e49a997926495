"""The clocks that a draft is about, and batches of them with their ledgers, as a replay wants them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from audit.models import Entry
from calendars import registry
from records.models import Record

from .. import declarations
from ..declarations import Declaration
from ..enums import FINISHED_STATES, LIVE_STATES, ClockState
from ..models import Agreement, Clock, Segment
from .drafts import Draft
from .models import Simulation
from .replay import Played, Standing, Stretch

COLUMNS = (
    "id", "record_id", "record__kind", "record__state", "record__state_reason", "record__opened_at", "kind",
    "priority", "calendar_id", "target", "used_before", "state", "stopped_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A clock of a batch. `standings` are empty where the draft leaves the rules for pauses as they are."""

    clock_id: int
    record_id: int
    is_open: bool
    was_missed: bool
    played: Played
    standings: tuple[Standing, ...]
    declaration: Declaration | None


def clocks_of(simulation: Simulation, draft: Draft) -> QuerySet[Clock]:
    """
    The clocks that the draft is about, as far as the maker of the simulation may see them.

    Those of other hours are the clocks that are counted with them now; those of other terms run or ran under the
    agreement, whatever its version.
    """
    if draft.hours is not None:
        about = Q(calendar=draft.hours.calendar_id)
    else:
        assert draft.terms is not None
        about = Q(agreement=draft.terms.agreement_id)
    wanted = Q(pk__in=[])
    if simulation.has_open:
        wanted |= Q(state__in=LIVE_STATES)
    if simulation.clocks_from is not None:
        wanted |= Q(state__in=FINISHED_STATES, stopped_at__gte=simulation.clocks_from, stopped_at__lte=simulation.at)
    seen = Record.objects.visible_to(simulation.by).filter(is_sample=simulation.is_sample)
    return Clock.objects.filter(about & wanted, record__in=seen.order_by())


def has_other_pauses(draft: Draft) -> bool:
    """Whether the draft pauses for other reasons than some clock of its agreement did or does."""
    if draft.terms is None:
        return False
    agreement = Agreement.objects.prefetch_related("versions").get(pk=draft.terms.agreement_id)
    known = {frozenset(each.document["pause_reasons"]) for each in agreement.versions.all()}
    return {frozenset(agreement.pause_reasons), *known} != {draft.terms.pause_reasons}


def gather(keys: Sequence[int], *, with_standings: bool) -> list[Found]:
    """The clocks with these keys, in order. Four statements at the most, however many they are."""
    rows = list(Clock.objects.filter(pk__in=keys).order_by("pk").values_list(*COLUMNS))
    ledgers = _ledgers(keys)
    states = _states({row[1]: row for row in rows}) if with_standings else {}
    found = []
    for row in rows:
        key, record, record_kind, _state, _reason, _opened, kind, priority, calendar, target, before, state, stop = row
        stretches = ledgers.get(key)
        if not stretches:
            continue
        is_open = state in LIVE_STATES
        found.append(
            Found(
                clock_id=key,
                record_id=record,
                is_open=is_open,
                was_missed=state == ClockState.MISSED,
                played=Played(
                    _target_name(record_kind, kind),
                    priority,
                    calendar,
                    target,
                    before,
                    None if is_open else stop,
                    tuple(stretches),
                ),
                standings=states.get(record, ()),
                declaration=declarations.find(record_kind, kind) if with_standings else None,
            )
        )
    return found


def _ledgers(keys: Sequence[int]) -> dict[int, list[Stretch]]:
    found: dict[int, list[Stretch]] = {}
    rows = Segment.objects.filter(clock__in=keys).order_by("clock_id", "at_from", "id")
    hours: set[tuple[int, int]] = set()
    for clock, kind, at_from, at_to, calendar, version in rows.values_list(
        "clock_id", "kind", "at_from", "at_to", "calendar_id", "calendar_version"
    ):
        found.setdefault(clock, []).append(Stretch(kind, at_from, at_to, calendar, version))
        hours.add((calendar, version))
    registry.preload(hours)
    return found


def _states(records: dict[int, tuple[Any, ...]]) -> dict[int, tuple[Standing, ...]]:
    """The states of each record in order of time, from the log; of one that never moved its present state."""
    moves = (
        Entry.objects.filter(subject_kind="record", subject_id__in=records, changes__has_key="state")
        .order_by("subject_id", "at", "id")
        .values_list("subject_id", "at", "changes__state", "changes__state_reason")
    )
    found: dict[int, list[Standing]] = {}
    for record, at, states, reasons in moves:
        known = found.setdefault(record, [])
        if not known:
            opened = records[record][5]
            first, reason = (states[0], reasons[0] if reasons else "")
            if first:
                known.append(Standing(min(opened, at), first, reason or ""))
        reason = reasons[1] if reasons else (known[-1].reason if known else "")
        known.append(Standing(at, states[1], reason or ""))
    return {record: tuple(found.get(record) or [Standing(row[5], row[3], row[4])]) for record, row in records.items()}


def _target_name(record_kind: str, clock: str) -> str:
    declared = declarations.find(record_kind, clock)
    return declared.target_name if declared else clock


def keys_of(clocks: QuerySet[Clock], *, limit: int) -> list[int]:
    """The keys in their order, one more than the limit where there are more."""
    found: Iterable[int] = clocks.values_list("pk", flat=True)[: limit + 1]
    return sorted(found)
