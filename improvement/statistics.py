"""
Comparing two samples: how much they differ, and between which bounds the difference lies with 95 % confidence.

The distributions are those of SciPy. It is imported where it is needed: it takes a second and some 60 MB, which no page
that compares nothing has to pay for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
SMALL_PAIRS = 900
STEPS = 80
LEAST_FOR_PERSISTENCE, MOST_PERSISTENCE = 6, 0.8


@dataclass(frozen=True)
class Effect:
    """A difference, after less before, or a ratio, after to before; with its bounds at 95 %."""

    estimate: float
    low: float
    high: float

    def excludes(self, nothing: float) -> int:
        """1 when both bounds lie above what no effect would be, -1 when both lie below, else 0."""
        return 1 if self.low > nothing else -1 if self.high < nothing else 0


def shift(before: np.ndarray, after: np.ndarray, *, dispersion: float = 1.0) -> Effect:
    """
    Hodges-Lehmann: the median of all differences between a value after and one before.

    The bounds are those of the rank sum test: exact for small samples without ties, else by the normal distribution,
    its variance corrected for ties (Hollander and Wolfe, Nonparametric Statistical Methods, chapter 4). Nothing is
    assumed about the shape of the distribution. Takes m + n in memory, not m × n.

    Records of one week resemble each other: `dispersion` widens the bounds by its root.
    """
    before, after = np.sort(before.astype(float)), np.sort(after.astype(float))
    pairs = len(before) * len(after)
    middle = (pairs + 1) // 2
    estimate = (_difference(before, after, middle) + _difference(before, after, pairs // 2 + 1)) / 2
    rank = _bound_rank(before, after, dispersion)
    return Effect(estimate, _difference(before, after, rank), _difference(before, after, pairs - rank + 1))


def _difference(before: np.ndarray, after: np.ndarray, rank: int) -> float:
    """The difference of this rank among all of them, 1 the smallest; found by halving."""
    low, high = after[0] - before[-1], after[-1] - before[0]
    tiny = max(abs(low), abs(high), 1e-12) * 1e-12
    low -= tiny
    for _step in range(STEPS):
        if high - low <= tiny:
            break
        half = (low + high) / 2
        # For each value after: how many before lie at least `half` under it.
        found = int((len(before) - np.searchsorted(before, after - half, side="left")).sum())
        if found >= rank:
            high = half
        else:
            low = half
    places = np.searchsorted(before, after - high - tiny, side="left")
    is_there = places < len(before)
    return float((after[is_there] - before[places[is_there]]).max())


def _bound_rank(before: np.ndarray, after: np.ndarray, dispersion: float) -> int:
    """The rank of the lower bound among the differences; the upper one has the same from above."""
    from scipy import stats

    m, n = len(before), len(after)
    everything = np.concatenate([before, after])
    _values, ties = np.unique(everything, return_counts=True)
    if m * n <= SMALL_PAIRS and (ties == 1).all():
        differences = np.sort((after[:, None] - before[None, :]).ravel())
        rank = 1
        while rank <= m * n // 2:
            between = (differences[rank - 1] + differences[rank]) / 2
            found = stats.mannwhitneyu(after - between, before, alternative="two-sided", method="exact")
            if found.pvalue > 1 - LEVEL:
                break
            rank += 1
        return rank
    whole = m + n
    spread = m * n / 12 * (whole + 1 - float((ties.astype(float) ** 3 - ties).sum()) / (whole * (whole - 1)))
    rank = math.floor(m * n / 2 - float(stats.norm.ppf((1 + LEVEL) / 2)) * math.sqrt(max(spread * dispersion, 0)))
    return min(max(rank, 1), (m * n + 1) // 2)


def proportions(hits_before: int, of_before: int, hits_after: int, of_after: int, *, dispersion: float = 1.0) -> Effect:
    """
    Difference of two shares, 0 to 1, by Newcombe's hybrid score interval (Newcombe 1998, Statistics in Medicine 17,
    method 10): good for small numbers and for shares near 0 and 1. `dispersion` widens it by its root.
    """
    from scipy import stats

    first = stats.binomtest(hits_before, of_before).proportion_ci(LEVEL, method="wilson")
    second = stats.binomtest(hits_after, of_after).proportion_ci(LEVEL, method="wilson")
    p, q = hits_before / of_before, hits_after / of_after
    wider = math.sqrt(dispersion)
    return Effect(
        q - p,
        max(-1.0, q - p - wider * math.sqrt((q - second.low) ** 2 + (first.high - p) ** 2)),
        min(1.0, q - p + wider * math.sqrt((second.high - q) ** 2 + (p - first.low) ** 2)),
    )


def rates(count_before: int, days_before: int, count_after: int, days_after: int, *, dispersion: float = 1.0) -> Effect:
    """
    Ratio of two rates per day.

    Exact by the binomial distribution of one count given both (Clopper-Pearson). Tickets come in clumps: where the
    weeks vary more than chance alone would have it, `dispersion` widens the interval by its root.
    """
    from scipy import stats

    whole = count_before + count_after
    ratio = (count_after / days_after) / (count_before / days_before) if count_before else math.inf
    if not whole:
        return Effect(math.nan, 0.0, math.inf)
    share = stats.binomtest(count_after, whole).proportion_ci(LEVEL, method="exact")
    scale = days_before / days_after
    low, high = (each / (1 - each) * scale if each < 1 else math.inf for each in (share.low, share.high))
    if dispersion <= 1:
        return Effect(ratio, low, high)
    wider = math.sqrt(dispersion)
    return Effect(
        ratio,
        ratio * (low / ratio) ** wider if ratio and low else 0.0,
        ratio * (high / ratio) ** wider if ratio and math.isfinite(high) else math.inf,
    )


def means(before: np.ndarray, after: np.ndarray, *, dispersion: float = 1.0) -> Effect:
    """
    Difference of two means by Welch's t, which lets the two spread differently; `dispersion` widens it by its root.
    """
    from scipy import stats

    if np.ptp(before) == 0 and np.ptp(after) == 0:
        difference = float(after.mean() - before.mean())
        return Effect(difference, difference, difference)
    found = stats.ttest_ind(after, before, equal_var=False).confidence_interval(LEVEL)
    difference, wider = float(after.mean() - before.mean()), math.sqrt(dispersion)
    return Effect(
        difference, difference - wider * (difference - float(found.low)),
        difference + wider * (float(found.high) - difference),
    )  # fmt: skip


@dataclass(frozen=True)
class Clumps:
    """
    How far the weeks of a period lie apart: what is no chance of single records widens the interval.

    :ivar square: chi-square of the hypothesis that all weeks are alike. :ivar freedom: its degrees of freedom.
    :ivar figures: of the weeks in their order, for how much each resembles the one before.
    """

    square: float
    freedom: int
    figures: tuple[float, ...]


def clumps_of_counts(weekly: np.ndarray) -> Clumps:
    """Of counts of whole weeks, by Pearson's chi-square."""
    mean = float(weekly.mean()) if len(weekly) else 0.0
    square = float(((weekly - mean) ** 2 / mean).sum()) if mean else 0.0
    return Clumps(square, len(weekly) - 1 if mean and len(weekly) > 1 else 0, tuple(map(float, weekly)))


def clumps_of_shares(hits: np.ndarray, of: np.ndarray) -> Clumps:
    """Of hits among the rows of each week, by the chi-square of their table."""
    from scipy import stats

    figures = tuple((hits / of).tolist())
    table = np.array([hits, of - hits])
    if len(hits) < 2 or (table.sum(axis=1) <= 0).any() or (table < 0).any():
        return Clumps(0.0, 0, figures)
    found = stats.chi2_contingency(table, correction=False)
    return Clumps(float(found.statistic), int(found.dof), figures)


def clumps_of_values(weeks: Sequence[np.ndarray], *, by_rank: bool) -> Clumps:
    """Of the single values of each week: by Kruskal and Wallis's ranks, or by the variances of their means."""
    from scipy import stats

    weeks = [each for each in weeks if len(each)]
    figures = tuple(float(np.median(each) if by_rank else each.mean()) for each in weeks)
    whole = np.concatenate(weeks) if weeks else np.zeros(0)
    groups = len(weeks)
    if groups < 2 or len(whole) <= groups or np.ptp(whole) == 0:
        return Clumps(0.0, 0, figures)
    if by_rank:
        return Clumps(float(stats.kruskal(*weeks).statistic), groups - 1, figures)
    found = float(stats.f_oneway(*weeks).statistic) * (groups - 1)
    return Clumps(found if math.isfinite(found) else 0.0, groups - 1, figures)


def dispersion(*periods: Clumps) -> float:
    """
    How much more the weeks vary than chance would have it: chi-square by its degrees of freedom, and more where weeks
    resemble those before them. 1 for pure chance, never less.

    :param periods: each with a level of its own.
    """
    freedom = sum(each.freedom for each in periods)
    return max(1.0, sum(each.square for each in periods) / freedom * _persistence(periods)) if freedom else 1.0


def cautious(dispersion: float, *periods: Clumps) -> float:
    """The dispersion for an interval: of few weeks it is itself uncertain, so that Student's t widens it further."""
    from scipy import stats

    if dispersion <= 1:
        return 1.0
    level, freedom = (1 + LEVEL) / 2, sum(each.freedom for each in periods)
    return dispersion * float(stats.t.ppf(level, freedom) / stats.norm.ppf(level)) ** 2


def _persistence(periods: Sequence[Clumps]) -> float:
    """(1 + r) / (1 - r): by how much weeks that follow each other say less than as many that do not."""
    along = whole = 0.0
    for each in periods:
        if len(each.figures) < LEAST_FOR_PERSISTENCE:
            continue
        apart = np.array(each.figures) - float(np.mean(each.figures))
        along += float((apart[1:] * apart[:-1]).sum())
        whole += float((apart**2).sum())
    r = min(along / whole, MOST_PERSISTENCE) if whole else 0.0
    return (1 + r) / (1 - r) if r > 0 else 1.0
