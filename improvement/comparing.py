"""
One measure before and after: what is kept of a baseline, the minimum sample, and the word of a verdict.

No query, no clock: rows come in as `measurement.samples.Samples`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from measurement.declarations import KPI, Direction, Unit
from measurement.periods import Range
from measurement.samples import Samples

from . import charting, power, statistics
from .charting import Point
from .enums import Word

WEEK = timedelta(days=7)
KEPT_AT_MOST = 20_000
SHIFT, SHARE, MEAN, RATE = "shift", "share", "mean", "rate"
CHARTS = {SHIFT: "x", MEAN: "x", SHARE: "p", RATE: "x"}


def kind_of(kpi: KPI) -> str:
    """How its periods are compared: durations by their values, shares, means per record, counts per time."""
    if kpi.is_duration:
        return SHIFT
    if kpi.denominator is None:
        return RATE
    return SHARE if kpi.unit == Unit.PERCENT else MEAN


def per(kpi: KPI) -> int:
    """The days to which a count refers: a week, or a day for what is counted per day."""
    return 1 if kpi.unit == Unit.PER_DAY else 7


def values_of(kpi: KPI, samples: Samples) -> np.ndarray:
    """The single values that are compared: durations, or the amount of each record."""
    return samples.singles if kind_of(kpi) == SHIFT else samples.numerators.astype(float) * kpi.factor


def figure(kpi: KPI, samples: Samples) -> float | None:
    """The one number of a period: median, share, mean, or count per week; None when nothing was counted."""
    kind = kind_of(kpi)
    if kind == RATE:
        return float(samples.numerators.sum()) * kpi.factor / samples.span.days * per(kpi)
    if not samples.count:
        return None
    if kind == SHARE:
        return float(samples.numerators.sum() / samples.denominators.sum()) * kpi.factor
    values = values_of(kpi, samples)
    return float(np.median(values) if kind == SHIFT else values.mean()) if len(values) else None


def whole_weeks(span: Range) -> Range:
    """Its whole weeks from the first day on: periods with unlike weekdays would differ by their weekends alone."""
    return Range(span.day_from, span.day_from + span.days // 7 * WEEK)


def _weeks_of_rows(samples: Samples) -> np.ndarray:
    return np.array([(day - samples.span.day_from).days // 7 for day in samples.days], dtype=int)


def weekly(kpi: KPI, samples: Samples) -> list[Point]:
    """The figure by whole weeks from the first day on; weeks without anything measured are left out, but of counts."""
    kind, found = kind_of(kpi), []
    places = _weeks_of_rows(samples)
    values = values_of(kpi, samples) if kind in (SHIFT, MEAN) else None
    for week in range(samples.span.days // 7):
        first, here = samples.span.day_from + week * WEEK, places == week
        if kind == RATE:
            found.append(Point(first, float(samples.numerators[here].sum())))
        elif here.any():
            if kind == SHARE:
                size = float(samples.denominators[here].sum())
                found.append(Point(first, float(samples.numerators[here].sum()) / size, size))
            elif values is not None and len(values) == samples.count:
                chosen = values[here]
                found.append(Point(first, float(np.median(chosen) if kind == SHIFT else chosen.mean())))
    return found


def level(kpi: KPI, weeks: Sequence[float]) -> float:
    """The average of figures of weeks as `weekly` gives them, in the unit that `figure` has."""
    scales = {SHARE: kpi.factor, RATE: kpi.factor / 7 * per(kpi)}
    return sum(weeks) / len(weeks) * scales.get(kind_of(kpi), 1.0)


def pinned(kpi: KPI, samples: Samples) -> dict[str, Any]:
    """What is kept of a baseline, as JSON: enough to compare with it whatever becomes of its rows."""
    values = np.sort(values_of(kpi, samples)) if kind_of(kpi) in (SHIFT, MEAN) else np.zeros(0)
    # Of very many values an even choice by rank; their number is kept.
    step = max(1, -(-len(values) // KEPT_AT_MOST))
    clumps = clumps_of(kpi, samples)
    return {
        "kind": kind_of(kpi),
        "value": figure(kpi, samples),
        "count": samples.count,
        "hits": int(samples.numerators.sum()),
        "of": int(samples.denominators.sum()),
        "days": samples.span.days,
        "values": [round(float(each), 4) for each in values[::step]],
        "weeks": [[each.first.isoformat(), round(each.value, 4), each.size] for each in weekly(kpi, samples)],
        "clumps": [clumps.square, clumps.freedom],
    }


def clumps_of(kpi: KPI, samples: Samples) -> statistics.Clumps:
    """How far the whole weeks of a period lie apart."""
    kind, weeks = kind_of(kpi), samples.span.days // 7
    places = _weeks_of_rows(samples)
    here = [places == week for week in range(weeks)]
    if kind == RATE:
        return statistics.clumps_of_counts(np.array([samples.numerators[each].sum() for each in here]))
    if kind == SHARE:
        here = [each for each in here if samples.denominators[each].sum()]
        hits, of = (
            np.array([amounts[each].sum() for each in here]) for amounts in (samples.numerators, samples.denominators)
        )
        return statistics.clumps_of_shares(hits, of)
    values = values_of(kpi, samples)
    is_known = len(values) == samples.count
    return statistics.clumps_of_values([values[each] for each in here] if is_known else [], by_rank=kind == SHIFT)


def weeks_of(baseline: Mapping[str, Any]) -> list[Point]:
    return [Point(date.fromisoformat(first), value, size) for first, value, size in baseline.get("weeks", [])]


def _clumps_before(baseline: Mapping[str, Any]) -> statistics.Clumps:
    figures = tuple(each.value for each in weeks_of(baseline))
    square, freedom = baseline.get("clumps", (0.0, 0))
    return statistics.Clumps(square, freedom, figures)


def needed(kpi: KPI, baseline: Mapping[str, Any], target: float) -> int | None:
    """
    The minimum sample afterwards to see an effect of the size of the target with power 80 %: rows, or days for counts.

    None when the baseline is too short for any number to do.
    """
    kind, values = baseline["kind"], np.array(baseline["values"], dtype=float)
    wider = statistics.dispersion(_clumps_before(baseline))
    if kind == SHARE:
        return power.for_share(baseline["hits"], baseline["of"], target / kpi.factor, wider)
    if kind == RATE:
        return power.for_rate(baseline["hits"], baseline["days"], target / per(kpi) / kpi.factor, wider)
    for_values = power.for_shift if kind == SHIFT else power.for_means
    return for_values(values, target - baseline["value"], wider)


@dataclass(frozen=True)
class Comparison:
    """:ivar numbers: as they are kept with the verdict. :ivar signals: of the control chart."""

    word: Word
    numbers: dict[str, Any]
    signals: list[charting.Signal]


def is_beyond(kpi: KPI, value: float, target: float) -> bool:
    """Whether the value is as good as the target, or better."""
    return value >= target if kpi.direction == Direction.HIGHER else value <= target


def compare(kpi: KPI, baseline: Mapping[str, Any], after: Samples, *, target: float, least: int | None) -> Comparison:
    """
    What the rows after the action say against the baseline.

    Worse, or better by more than chance: when the interval of 95 % leaves out that nothing changed. Reached, when the
    figure also is at the target. With fewer rows than the minimum sample the word is always “no evidence”.

    :param after: of whole weeks. :param least: the minimum sample; None when no number would do.
    """
    kind, value = baseline["kind"], figure(kpi, after)
    size = after.span.days if kind == RATE else after.count
    has_weeks = after.span.days >= power.LEAST_WEEKS * 7
    is_enough = least is not None and size >= least and has_weeks and _is_solid(baseline, kind)
    numbers: dict[str, Any] = {
        "kind": kind, "before": baseline["value"], "after": value, "rows_before": baseline["count"],
        "rows_after": after.count, "days_after": after.span.days, "needed": least, "is_enough": is_enough,
        "target": target,
    }  # fmt: skip
    weeks = weekly(kpi, after)
    numbers["weeks"] = [[each.first.isoformat(), round(each.value, 4), each.size] for each in weeks]
    signals = charting.signals(CHARTS[kind], weeks_of(baseline), weeks)
    if value is None or not (after.count if kind != RATE else baseline["hits"] + after.count):
        return Comparison(Word.NO_EVIDENCE, numbers, signals)
    effect = _effect(kpi, baseline, after)
    numbers |= {"effect": _plain(effect.estimate), "low": _plain(effect.low), "high": _plain(effect.high)}
    if not is_enough:
        return Comparison(Word.NO_EVIDENCE, numbers, signals)
    side = effect.excludes(1.0 if kind == RATE else 0.0) * (1 if kpi.direction == Direction.HIGHER else -1)
    if side < 0:
        return Comparison(Word.WORSE, numbers, signals)
    if side == 0:
        return Comparison(Word.NO_EVIDENCE, numbers, signals)
    word = Word.REACHED if is_beyond(kpi, value, target) else Word.PARTLY
    return Comparison(word, numbers, signals)


def _is_solid(baseline: Mapping[str, Any], kind: str) -> bool:
    """Whether the baseline has enough rows to be compared with at all."""
    return baseline["hits"] >= power.LEAST_COUNT if kind == RATE else baseline["count"] >= power.LEAST_ROWS


def _effect(kpi: KPI, baseline: Mapping[str, Any], after: Samples) -> statistics.Effect:
    """In the unit of the KPI; a ratio for counts."""
    kind, periods = baseline["kind"], (_clumps_before(baseline), clumps_of(kpi, after))
    wider = statistics.cautious(statistics.dispersion(*periods), *periods)
    if kind == SHARE:
        hits, of = int(after.numerators.sum()), int(after.denominators.sum())
        found = statistics.proportions(
            min(baseline["hits"], baseline["of"]), baseline["of"], min(hits, of), of, dispersion=wider
        )
        return statistics.Effect(found.estimate * kpi.factor, found.low * kpi.factor, found.high * kpi.factor)
    if kind == RATE:
        hits = int(after.numerators.sum())
        return statistics.rates(baseline["hits"], baseline["days"], hits, after.span.days, dispersion=wider)
    values = np.array(baseline["values"], dtype=float)
    test = statistics.shift if kind == SHIFT else statistics.means
    return test(values, values_of(kpi, after), dispersion=wider)


def _plain(number: float) -> float | None:
    """A number that JSON holds; None for what has no end."""
    return round(float(number), 6) if np.isfinite(number) else None
