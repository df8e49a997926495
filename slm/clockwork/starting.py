"""Starting clocks: at the creation of a record, or later when an agreement first applies."""

from datetime import datetime, timedelta
from typing import Any

from calendars import registry

from .. import thresholds
from ..declarations import Declaration
from ..enums import LEVELS, ClockState, SegmentKind
from ..models import Clock
from ..selection import Choice
from ..terms import Promise, Terms
from . import facts
from .bench import Bench


def start(
    bench: Bench,
    declaration: Declaration,
    choice: Choice,
    *,
    from_at: datetime,
    until: datetime | None = None,
    terms: Terms | None = None,
    part: tuple[int, str] | None = None,
) -> Clock | None:
    """
    Start a clock that runs from `from_at`; thresholds that passed since then are recorded at once.

    :param until: moment at which the caller is going to stop it; the moment of the act if not given.
    :param terms: those of an earlier clock of the record, where they go on; else those of the choice.
    :param part: key and name of the part of the record that it is about, where parts have clocks of their own.
    :returns: None where the agreement promises nothing for this clock and priority.
    """
    terms = terms or choice.terms
    promise = terms.promise(declaration.target_name, bench.record.priority) if terms else None
    if terms is None or promise is None:
        return None
    promise = promise.since(from_at)
    clock = make(bench.record, declaration.clock, terms, promise, choice.as_document(), from_at=from_at)
    if part is not None:
        clock.part, clock.about = part
    bench.add(clock)
    bench.open(clock, SegmentKind.RUNNING, from_at)
    facts.settle(bench, clock, until=until)
    return clock


def make(record: Any, kind: str, terms: Terms, promise: Promise, match: dict[str, Any], *, from_at: datetime) -> Clock:
    """Build a running clock without its segment and its moments. :param promise: as counted from `from_at`."""
    return Clock(
        record_id=record.pk,
        kind=kind,
        agreement_id=terms.agreement_id,
        agreement_version=terms.version,
        match=match,
        calendar_id=promise.calendar_id,
        calendar_version=registry.current(promise.calendar_id).version,
        priority=record.priority,
        target=promise.target,
        point=promise.point.code if promise.point else None,
        counts_from=from_at,
        used_before=timedelta(0),
        used=timedelta(0),
        pause_reasons=list(terms.pause_reasons),
        state=ClockState.RUNNING,
        generation=0,
        started_at=from_at,
        switched_at=from_at,
        next_level=LEVELS[0],
        levels=thresholds.levels_for(terms.thresholds, kind),
        is_imported=record.is_imported,
    )
