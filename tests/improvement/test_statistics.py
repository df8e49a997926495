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


def test_what_comes_in_clumps_widens_every_interval():
    even, clumped = (statistics.clumps_of_counts(np.array(each)) for each in ([10, 10, 10, 10], [1, 30, 2, 25]))
    random = np.random.default_rng(1)
    before, after = random.lognormal(1, 1, 200), random.lognormal(1.1, 1, 200)

    wider = statistics.dispersion(clumped)

    assert (statistics.dispersion(), statistics.dispersion(even)) == (1.0, 1.0)
    assert wider > 10
    assert statistics.cautious(wider, clumped) > wider
    for plain, wide in (
        [statistics.rates(100, 28, 60, 28, dispersion=each) for each in (1.0, wider)],
        [statistics.proportions(30, 100, 60, 100, dispersion=each) for each in (1.0, wider)],
        [statistics.shift(before, after, dispersion=each) for each in (1.0, wider)],
        [statistics.means(before, after, dispersion=each) for each in (1.0, wider)],
    ):
        assert wide.low < plain.low < plain.high < wide.high
        assert wide.estimate == plain.estimate


def test_weeks_that_follow_each_other_slowly_say_less():
    figures = [1.0, 2.0, 3.0, 4.0, 4.0, 3.0, 2.0, 1.0]
    slow, quick = (statistics.Clumps(14.0, 7, tuple(each)) for each in (figures, figures[::2] + figures[1::2]))

    assert statistics.dispersion(slow) > 2 * statistics.dispersion(quick) == 2 * 2.0


@pytest.mark.parametrize("weeks", [[], [[]], [[1.0]], [[1.0], [2.0]], [[3.0, 3.0], [3.0, 3.0]], [[0.0] * 9, [0.0]]])
@pytest.mark.parametrize("by_rank", [True, False])
def test_too_few_or_equal_values_tell_of_no_clumps(weeks, by_rank):
    found = statistics.clumps_of_values([np.array(each) for each in weeks], by_rank=by_rank)

    assert statistics.dispersion(found, statistics.clumps_of_shares(np.array([0, 0]), np.array([5, 5]))) == 1.0


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


def uneven(random, weeks, stays, spread):
    """Levels of weeks that wander: each keeps a part of the one before."""
    found = [random.normal(0, spread)]
    while len(found) < weeks:
        found.append(stays * found[-1] + random.normal(0, spread * np.sqrt(1 - stays**2)))
    return np.exp(found)


def rows_of(random, levels, a_week, first, make):
    """Rows spread over weeks with levels of their own."""
    places = np.sort(random.integers(0, 7 * len(levels), a_week * len(levels)))
    days = tuple(first + timedelta(days=int(each)) for each in places)
    hit, singles = make(random, levels[places // 7])
    span = Range(first, first + timedelta(weeks=len(levels)))
    return Samples(span, days, hit, np.ones(len(days), int), singles, "x")


@pytest.mark.parametrize("stays", [0.0, 0.5])
@pytest.mark.parametrize(
    ("kpi", "a_week", "make"),
    [
        (HOURS, 150, lambda chance, level: (np.ones(len(level), int), 5 * level * chance.lognormal(0, 1, len(level)))),
        (SHARE, 300, lambda chance, level: ((chance.random(len(level)) < 0.2 * level).astype(int), np.zeros(0))),
    ],
    ids=["hours", "share"],
)  # fmt: skip
def test_weeks_that_differ_by_themselves_are_no_success_and_no_failure(kpi, a_week, make, stays):
    def run(random):
        levels = uneven(random, 32, stays, 0.3)
        before, after = (
            rows_of(random, some, a_week, first, make)
            for some, first in ((levels[:16], MONDAY), (levels[16:], MONDAY + timedelta(weeks=16)))
        )
        baseline = comparing.pinned(kpi, before)
        # Of rows there is plenty, whatever the minimum sample would have been.
        return comparing.compare(kpi, baseline, after, target=baseline["value"] * 0.95, least=1).word

    random = np.random.default_rng(1948)
    said = [run(random) for _each in range(80)]

    assert said.count(Word.REACHED) <= 0.05 * 80 + 2
    assert said.count(Word.WORSE) <= 0.05 * 80 + 3


def test_whole_weeks_are_compared_so_that_weekends_make_no_difference():
    def working_days(first, days):
        span = comparing.whole_weeks(Range(first, first + timedelta(days=days)))
        rows = [
            day for at in range(span.days) if (day := first + timedelta(days=at)).weekday() < 5 for _each in range(900)
        ]
        ones = np.ones(len(rows), int)
        return Samples(span, tuple(rows), ones, ones, np.zeros(0), "x")

    before, after = working_days(MONDAY, 84), working_days(MONDAY + timedelta(days=89), 33)

    found = comparing.compare(COUNT, comparing.pinned(COUNT, before), after, target=4300, least=28)

    assert (found.word, found.numbers["days_after"], found.numbers["effect"]) == (Word.NO_EVIDENCE, 28, 1.0)


@pytest.mark.parametrize("share_of_zeros", [0.0, 0.8, 1.0])
def test_constant_and_mostly_zero_values_give_no_false_alarm(share_of_zeros):
    def values(random):
        found = durations(random, 300, 5)
        singles = np.where(random.random(300) < share_of_zeros, 0.0, 2.0)
        return Samples(found.span, found.days, found.numerators, found.denominators, singles, "x")

    random = np.random.default_rng(5)
    found = [comparing.compare(HOURS, comparing.pinned(HOURS, values(random)), values(random), target=0.5, least=20)
             for _each in range(40)]  # fmt: skip

    assert [each.word for each in found].count(Word.NO_EVIDENCE) >= 38
    assert all(each.numbers["low"] <= each.numbers["effect"] <= each.numbers["high"] for each in found)


def test_less_than_four_weeks_are_no_evidence_however_many_rows():
    random = np.random.default_rng(1)
    baseline = comparing.pinned(HOURS, durations(random, 300, 5))

    found = comparing.compare(HOURS, baseline, durations(random, 900, 1, days=21), target=4.0, least=50)

    assert (found.word, found.numbers["is_enough"]) == (Word.NO_EVIDENCE, False)


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
