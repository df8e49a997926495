"""The minimum sample: how much has to be counted afterwards to see an effect of the size of the target."""

import math

import numpy as np

from . import statistics

POWER = 0.8
LEAST_ROWS = 20
LEAST_WEEKS = 4
LEAST_COUNT = 10
MOST_ROWS = 10_000_000
SEEN_AT_MOST = 400


def _needed_error() -> float:
    """Between bounds of 95 % and power of 80 %: how many standard errors the effect has to measure."""
    from scipy import stats

    return float(stats.norm.ppf((1 + statistics.LEVEL) / 2) + stats.norm.ppf(POWER))


def for_shift(before: np.ndarray, effect: float, dispersion: float = 1.0) -> int | None:
    """
    Values needed afterwards to see a shift by `effect`, for the rank sum test (Noether 1987, JASA 82, with unequal
    samples). None when the baseline is so short that no number would do.
    """
    if len(before) < 2:
        return None
    seen = before[:: max(1, math.ceil(len(before) / SEEN_AT_MOST))].astype(float)
    differences = (seen + effect)[:, None] - seen[None, :]
    wins = float((differences > 0).mean() + (differences == 0).mean() / 2)
    return _rest(12 * (wins - 0.5) ** 2 / _needed_error() ** 2 / dispersion, len(before))


def for_means(before: np.ndarray, effect: float, dispersion: float = 1.0) -> int | None:
    """Values needed afterwards to see a difference of means, with the spread of the baseline."""
    variance = float(before.var(ddof=1)) if len(before) > 1 else 0.0
    if not variance:
        return LEAST_ROWS
    return _rest(effect**2 / (variance * _needed_error() ** 2) / dispersion, len(before))


def for_share(hits: int, of: int, target: float, dispersion: float = 1.0) -> int | None:
    """Rows needed afterwards to see the share change from hits / of to `target`, 0 to 1."""
    share = hits / of
    room = ((target - share) / _needed_error()) ** 2 / dispersion - share * (1 - share) / of
    if room <= 0:
        return None
    return _whole(target * (1 - target) / room)


def for_rate(count: int, days: int, target_a_day: float, dispersion: float) -> int | None:
    """Days needed afterwards to see the rate change to `target_a_day`."""
    # A rate of nothing has no logarithm; half an event stands for it.
    wanted = max(target_a_day, 0.5 / max(days, 1))
    rate = count / days
    if not count or rate == wanted:
        return None
    room = (math.log(wanted / rate) / _needed_error()) ** 2 / dispersion - 1 / count
    if room <= 0:
        return None
    return max(_whole(1 / (wanted * room)), LEAST_WEEKS * 7)


def _rest(both: float, before: int) -> int | None:
    """Solve 1 / before + 1 / after = both."""
    room = both - 1 / before
    return _whole(1 / room) if room > 0 else None


def _whole(needed: float) -> int:
    return min(max(math.ceil(needed), LEAST_ROWS), MOST_ROWS)
