"""Comparisons against published examples, and against series of which the effect is known."""

from datetime import date, timedelta

import numpy as np
import pytest

from improvement import charting, comparing, power, statistics
from improvement.charting import Point
from improvement.enums import Word
from measurement import declarations
from measurement.periods import Range
from measurement.samples import Samples, is_comparable

MONDAY = date(2026, 3, 2)


def test_the_shift_is_that_of_hollander_and_wolfe():
    """Permeability of the chorioamnion: Nonparametric Statistical Methods, example 4.1; also the example of R."""
    term = np.array([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46])
    early = np.array([1.15, 0.88, 0.90, 0.74, 1.21])

    found = statistics.shift(early, term)

    assert (found.estimate, found.low, found.high) == pytest.approx((0.305, -0.15, 0.76))


@pytest.mark.parametrize("rounded", [True, False])
def test_the_shift_of_many_values_is_the_median_of_all_differences(rounded):
    random = np.random.default_rng(20260302)
    before, after = random.lognormal(1, 1, 301), random.lognormal(0.8, 1, 200)
    if rounded:
        before, after = before.round(1), after.round(1)

    found = statistics.shift(before, after)

    assert found.estimate == pytest.approx(np.median(after[:, None] - before[None, :]))
    assert found.low <= found.estimate <= found.high


@pytest.mark.parametrize(
    ("first", "second", "bounds"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ],
)
def test_the_difference_of_shares_is_that_of_newcombe(first, second, bounds):
    """Newcombe 1998, Statistics in Medicine 17, table II, method 10."""
    found = statistics.proportions(*second, *first)

    assert (found.low, found.high) == pytest.approx(bounds, abs=5e-5)


def test_the_ratio_of_rates_is_that_of_eba1977():
    """Lung cancer in Fredericia and three other cities: the example of R's poisson.test."""
    found = statistics.rates(6 + 8 + 7, 1083 + 1050 + 878, 11, 800)

    assert (found.estimate, found.low, found.high) == pytest.approx((1.971488, 0.8584264, 4.2772659))


def test_the_limits_of_individuals_are_those_of_the_handbook():
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches."""
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    before = [Point(MONDAY, value) for value in flow]

    found = charting.limits("x", before, before[0])

    assert (found.center, found.low, found.high) == pytest.approx((50.81, 45.8159, 55.8041), abs=1e-4)


def test_counts_that_come_in_clumps_widen_the_interval():
    even, clumped = np.array([10, 10, 10, 10]), np.array([1, 30, 2, 25])

    wider = statistics.dispersion(clumped)
    plain, wide = (statistics.rates(100, 28, 60, 28, dispersion=each) for each in (1.0, wider))

    assert statistics.dispersion(even) == 1.0
    assert wider > 10
    assert wide.low < plain.low < plain.high < wide.high
    assert wide.estimate == plain.estimate


@pytest.mark.parametrize(("before", "after"), [((0, 0), (0, 0)), ((5, 0), (0, 5))])
def test_counts_of_zero_give_no_false_alarm(before, after):
    for first, second in zip(before, after, strict=True):
        found = statistics.rates(first, 28, second, 28)
        assert found.excludes(1.0) == 0


def weeks(*values):
    return [Point(MONDAY + timedelta(weeks=at), value) for at, value in enumerate(values)]


def test_each_run_rule_gives_its_signal_once():
    before = weeks(10, 12, 10, 12, 10, 12, 10, 12)

    assert charting.signals("x", before, weeks(30))[0].rule == "outside"
    run = charting.signals("x", before, weeks(*[10.5] * 10))
    trend = charting.signals("x", before, weeks(10.1, 10.4, 10.7, 11.1, 11.4, 11.8))
    assert [(each.rule, each.is_above, each.first) for each in run] == [("run", False, MONDAY + timedelta(weeks=7))]
    assert [(each.rule, each.is_above) for each in trend] == [("trend", True)]
    assert charting.signals("x", before, weeks(10, 12, 10, 12)) == []


def test_five_weeks_are_no_baseline_for_a_chart():
    assert charting.signals("x", weeks(1, 2, 1, 2, 1), weeks(99)) == []


HOURS = declarations.kpi("inc-mttr-resolve")
SHARE = declarations.kpi("inc-reopen")
COUNT = declarations.kpi("inc-volume")


def durations(random, count, level, days=84):
    values = random.lognormal(np.log(level), 1.0, count)
    return Samples(
        Range(MONDAY, MONDAY + timedelta(days=days)), tuple(MONDAY for _ in range(count)),
        np.ones(count, int), np.ones(count, int), values, "x",
    )  # fmt: skip


def hits(random, count, share):
    return Samples(
        Range(MONDAY, MONDAY + timedelta(days=84)), tuple(MONDAY for _ in range(count)),
        (random.random(count) < share).astype(int), np.ones(count, int), np.zeros(0), "x",
    )  # fmt: skip


def arrivals(random, weekly_mean, days=140):
    """Counts in clumps: each week has a level of its own, as with real tickets."""
    levels = random.gamma(30, weekly_mean / 30, -(-days // 7))
    a_day = [random.poisson(levels[at // 7] / 7) for at in range(days)]
    rows = [MONDAY + timedelta(days=at) for at, number in enumerate(a_day) for _each in range(number)]
    ones = np.ones(len(rows), int)
    return Samples(Range(MONDAY, MONDAY + timedelta(days=days)), tuple(rows), ones, ones, np.zeros(0), "x")


def share_of(word, run, times=150):
    random = np.random.default_rng(1948)
    return sum(run(random) == word for _each in range(times)) / times


def judged(kpi, before, after, target):
    baseline = comparing.pinned(kpi, before)
    least = comparing.needed(kpi, baseline, target(baseline["value"]))
    return comparing.compare(kpi, baseline, after, target=target(baseline["value"]), least=least).word


@pytest.mark.parametrize(
    ("run", "is_real"),
    [
        (lambda random: judged(HOURS, durations(random, 300, 5), durations(random, 300, 5), lambda v: v * 0.75), False),
        (lambda random: judged(HOURS, durations(random, 300, 5), durations(random, 300, 3), lambda v: v * 0.75), True),
        (lambda random: judged(SHARE, hits(random, 500, 0.2), hits(random, 600, 0.2), lambda v: v * 0.6), False),
        (lambda random: judged(SHARE, hits(random, 500, 0.2), hits(random, 600, 0.08), lambda v: v * 0.6), True),
        (lambda random: judged(COUNT, arrivals(random, 40), arrivals(random, 40), lambda v: v * 0.7), False),
        (lambda random: judged(COUNT, arrivals(random, 40), arrivals(random, 22), lambda v: v * 0.7), True),
    ],
    ids=["hours alike", "hours less", "share alike", "share less", "count alike", "count less"],
)  # fmt: skip
def test_reached_is_said_of_what_changed_and_hardly_ever_of_chance(run, is_real):
    said = share_of(Word.REACHED, run)

    assert said >= 0.7 if is_real else said <= 0.05


def test_what_got_longer_is_called_worse():
    random = np.random.default_rng(1)

    assert judged(HOURS, durations(random, 300, 5), durations(random, 300, 9), lambda v: v * 0.75) == Word.WORSE


def test_too_few_rows_are_no_evidence_however_large_the_difference():
    random = np.random.default_rng(1)

    few = judged(HOURS, durations(random, 300, 5), durations(random, 8, 0.1), lambda v: v * 0.75)
    none = judged(HOURS, durations(random, 300, 5), durations(random, 0, 1), lambda v: v * 0.75)
    short = judged(HOURS, durations(random, 10, 5), durations(random, 900, 1), lambda v: v * 0.75)

    assert (few, none, short) == (Word.NO_EVIDENCE,) * 3


def test_the_minimum_sample_grows_as_the_effect_shrinks_and_a_short_baseline_has_none():
    random = np.random.default_rng(1)
    baseline = comparing.pinned(HOURS, durations(random, 2000, 5))

    large, small = (comparing.needed(HOURS, baseline, baseline["value"] * each) for each in (0.6, 0.85))
    never = comparing.needed(HOURS, comparing.pinned(HOURS, durations(random, 25, 5)), 4.8)

    assert power.LEAST_ROWS <= large < small
    assert never is None


def test_what_stands_from_day_to_day_can_not_be_compared():
    assert not is_comparable(declarations.kpi("inc-backlog"))
    assert all(is_comparable(each) for each in (HOURS, SHARE, COUNT))
