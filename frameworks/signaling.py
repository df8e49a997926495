"""
Alignment as feedback: measures that practices carry and that missed their targets in a whole month.

A measure that five frameworks ask for misses its target once: there is one signal, which names every practice.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit import log
from measurement import known, queries
from measurement.declarations import KPI, Direction
from measurement.models import Grain
from measurement.periods import Range, period_of, today
from measurement.scope import Scope, has_sample, is_nothing_real
from measurement.values import Value, write
from records.enums import Phase
from records.models import Record

from .certifying.keeping import one_at_a_time
from .models import Practice, Signal, SignalQuerySet


def carried() -> dict[str, list[Practice]]:
    """Measures with the practices that carry them, of packs that are switched on."""
    found: dict[str, list[Practice]] = {}
    rows = (
        Practice.objects.filter(pack__is_active=True)
        .exclude(measures=[])
        .select_related("pack")
        .defer("pack__document")
    )
    for practice in rows:
        for name in practice.measures:
            found.setdefault(name, []).append(practice)
    return found


@transaction.atomic
def look(*, at: datetime) -> int:
    """
    Compare the latest whole month of each carried measure with its target. May run any number of times.

    A miss raises a signal, once, which then remembers how many months in a row missed; a month that holds the target
    clears it. A month without a value, with too little to lean on, or of a measure without a target says nothing.

    :returns: how many signals were raised.
    """
    one_at_a_time()
    month = _month_before(today(at))
    names = set(carried())
    is_sample = has_sample() and is_nothing_real()
    open_now = {each.kpi: each for each in Signal.objects.filter(cleared_at=None)}
    raised = 0
    for value in _values(names, month, is_sample=is_sample):
        if value.is_on_target is not None and not value.is_indicative:
            raised += _judged(value, open_now.get(value.kpi.id), month=month, at=at, is_sample=is_sample)
    for name, signal in open_now.items():
        if name not in names:
            # No pack that is switched on asks for it any longer.
            _clear(signal, at=at)
    return raised


def _values(names: set[str], month: Range, *, is_sample: bool) -> list[Value]:
    """What these measures say of the month, as far as they have a target and say anything."""
    kpis = [each for each in known.kpis() if each.id in names and each.target is not None]
    scope = Scope(viewer=None, organizations=None, is_sample=is_sample)
    found = queries.series_of(kpis, month, scope, grain=Grain.MONTH) if kpis else {}
    series = [found[kpi.id][0] for kpi in kpis if found.get(kpi.id)]
    return [each.total for each in series if any(point.value is not None for point in each.points)]


def too_little(*, at: datetime) -> list[Value]:
    """Of carried measures with a target, those whose latest whole month has too few cases to raise a signal."""
    is_sample = has_sample() and is_nothing_real()
    values = _values(set(carried()), _month_before(today(at)), is_sample=is_sample)
    return [value for value in values if value.is_indicative or value.number is None]


def _judged(value: Value, signal: Signal | None, *, month: Range, at: datetime, is_sample: bool) -> int:
    number, target = value.number or 0.0, value.kpi.target or 0.0
    if value.is_on_target:
        if signal is not None and signal.first_day <= month.day_from:
            _clear(signal, at=at)
        return 0
    if signal is not None:
        if signal.first_day < month.day_from:
            signal.first_day, signal.number, signal.months = month.day_from, number, signal.months + 1
            signal.target = target
            signal.save(update_fields=["first_day", "number", "months", "target"])
            if signal.dismissed_number is not None and _is_worse(value.kpi, number, than=signal.dismissed_number):
                speak_again(signal)
                _log("worsened", signal, at=at)
        return 0
    made = Signal.objects.create(
        kpi=value.kpi.id, first_day=month.day_from, number=number, target=target, raised_at=at, is_sample=is_sample
    )
    _log("raised", made, at=at)
    return 1


def _is_worse(kpi: KPI, number: float, *, than: float) -> bool:
    return number < than if kpi.direction == Direction.HIGHER else number > than


def speak_again(signal: Signal) -> None:
    """Let a dismissed signal be open again; the log keeps who dismissed it, and why."""
    signal.dismissed_at = signal.dismissed_by = signal.dismissed_number = None
    signal.reason = ""
    signal.save(update_fields=["dismissed_at", "dismissed_by", "dismissed_number", "reason"])


def _clear(signal: Signal, *, at: datetime) -> None:
    signal.cleared_at = at
    signal.save(update_fields=["cleared_at"])
    _log("cleared", signal, at=at)


def _log(act: str, signal: Signal, *, at: datetime) -> None:
    log.record(
        f"practice_signal.{act}", subject_kind="practice_signal", subject_id=signal.pk, subject_label=signal.kpi,
        by=None, at=at, data={"month": signal.first_day, "number": signal.number, "target": signal.target},
    )  # fmt: skip


def _month_before(day: date) -> Range:
    first = period_of(day, Grain.MONTH)
    before = period_of(date.fromordinal(first.toordinal() - 1), Grain.MONTH)
    return Range(before, first)


@dataclass(frozen=True)
class Shown:
    """A signal as one person reads it. :param is_taken: it became an improvement that has not ended yet."""

    signal: Signal
    kpi: KPI
    practices: list[Practice]
    improvement: Record | None
    is_taken: bool

    @property
    def number(self) -> str:
        return write(self.signal.number, self.kpi.unit)

    @property
    def target(self) -> str:
        return write(self.signal.target, self.kpi.unit)


def shown(viewer: Any, signals: SignalQuerySet | None = None) -> list[Shown]:
    """
    Signals with the practices that carry them; three statements.

    :param signals: open ones when left out.
    """
    wanted = Signal.objects.open() if signals is None else signals
    rows = list(wanted.select_related("record", "dismissed_by").order_by("-months", "kpi"))
    if not rows:
        return []
    practices, measures = carried(), {each.id: each for each in known.kpis()}
    numbers = [each.record_id for each in rows if each.record_id]
    seen = Record.objects.visible_to(viewer).in_bulk(numbers) if numbers else {}
    return [
        Shown(
            each,
            measures[each.kpi],
            practices.get(each.kpi, []),
            seen.get(each.record_id),
            is_taken=each.record is not None and each.record.phase != Phase.DONE,
        )
        for each in rows
        if each.kpi in measures
    ]
