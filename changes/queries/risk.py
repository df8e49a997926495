"""The risk score of a change and the band it gives (domain reference A5.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..enums import Band
from ..models import Change, RiskAnswer, RiskFactor

MOST_POINTS = 4
ORDER = tuple(Band)
UPPER_SCORES = {Band.LOW: 24, Band.MODERATE: 49, Band.HIGH: 74, Band.VERY_HIGH: 100}


@dataclass(frozen=True)
class Risk:
    """
    :param score: 0 to 100; None while nothing was answered. :param raised_by: questions that lift the band.
    """

    score: int | None
    band: Band | None
    raised_by: tuple[str, ...] = ()


def band_of(score: int) -> Band:
    return next(band for band, upper in UPPER_SCORES.items() if score <= upper)


def judge(answers: Iterable[tuple[RiskFactor, int, int]]) -> Risk:
    """
    Sum of weight × points over the most there could be, in percent, rounded half up; then the questions that raise.

    :param answers: factor, points and weight of each answer.
    """
    given = list(answers)
    if not given:
        return Risk(None, None)
    most = MOST_POINTS * sum(weight for _factor, _points, weight in given)
    score = (200 * sum(weight * points for _factor, points, weight in given) + most) // (2 * most)
    band, raised = band_of(score), []
    for factor, points, _weight in given:
        if points == MOST_POINTS and factor.raises_to and ORDER.index(Band(factor.raises_to)) > ORDER.index(band):
            band = Band(factor.raises_to)
            raised.append(factor.question)
    return Risk(score, band, tuple(raised))


def risk_of(change: Change) -> Risk:
    """By the answers as they are kept, with the weights of the day they were given."""
    rows = RiskAnswer.objects.filter(change=change).select_related("factor")
    return judge((row.factor, row.points, row.weight) for row in rows)


def questions(change: Change) -> list[tuple[RiskFactor, RiskAnswer | None]]:
    """Every question that is asked, with its answer if there is one; answered ones that are no longer asked too."""
    answered: Mapping[int, RiskAnswer] = {
        row.factor_id: row for row in RiskAnswer.objects.filter(change=change).select_related("factor", "by")
    }
    asked = RiskFactor.objects.filter(is_active=True).prefetch_related("choices")
    found: list[tuple[RiskFactor, RiskAnswer | None]] = [(factor, answered.get(factor.pk)) for factor in asked]
    known = {factor.pk for factor, _answer in found}
    return found + [(row.factor, row) for key, row in answered.items() if key not in known]
