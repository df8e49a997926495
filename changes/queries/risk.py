"""The risk score of a change, the band it gives, and the questions behind it (domain reference A5.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..enums import Band, State
from ..models import Change, RiskAnswer, RiskFactor, RiskFactorVersion

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


@dataclass(frozen=True)
class Question:
    """
    A question as a change is asked it, or was.

    :param choices: points and words, by points. :param answer: None while nothing was answered.
    :param weight: of the answer, as it was kept; else the present one.
    :param is_changed: it says something else by now than when it was answered.
    :param is_for_less: the change touches more by now than when it was answered.
    """

    key: str
    question: str
    help: str
    weight: int
    raises_to: str
    choices: tuple[tuple[int, str], ...]
    answer: RiskAnswer | None
    is_changed: bool
    is_for_less: bool = False

    @property
    def points(self) -> int | None:
        return None if self.answer is None else self.answer.points

    @property
    def weighed(self) -> int | None:
        return None if self.answer is None else self.answer.points * self.weight

    @property
    def most(self) -> int:
        return MOST_POINTS * self.weight


def band_of(score: int) -> Band:
    return next(band for band, upper in UPPER_SCORES.items() if score <= upper)


def judge(asked: Iterable[Question]) -> Risk:
    """
    Sum of weight × points over the most there could be, in percent, rounded half up; then the questions that raise.

    What is not answered does not count.
    """
    given = [(each, each.points) for each in asked if each.points is not None]
    if not given:
        return Risk(None, None)
    most = sum(each.most for each, _points in given)
    score = (200 * sum(each.weight * points for each, points in given) + most) // (2 * most)
    band, raised = band_of(score), []
    for each, points in given:
        if points == MOST_POINTS and each.raises_to and ORDER.index(Band(each.raises_to)) > ORDER.index(band):
            band = Band(each.raises_to)
            raised.append(each.question)
    return Risk(score, band, tuple(raised))


def risk_of(change: Change) -> Risk:
    """By the answers as they are kept, with the questions and weights of the day they were given."""
    rows = list(_answers(change))
    texts = _earlier(rows)
    return judge(_question(row.factor, row, texts.get(row.factor_id)) for row in rows)


def questions(change: Change) -> list[Question]:
    """
    Every question that is asked, with its answer if there is one; answered ones that are no longer asked too.

    As long as the answers can be altered the questions are those of today, later those that were answered.
    """
    answered = {row.factor_id: row for row in _answers(change)}
    asked = {factor.pk: factor for factor in RiskFactor.objects.filter(is_active=True).prefetch_related("choices")}
    texts = _earlier(answered.values())
    is_open = change.state in (State.DRAFT, State.ASSESSING)
    found = [_question(factor, answered.get(key), None if is_open else texts.get(key)) for key, factor in asked.items()]
    gone = [row for key, row in answered.items() if key not in asked]
    return found + [_question(row.factor, row, texts.get(row.factor_id)) for row in gone]


def _answers(change: Change) -> Any:
    rows = RiskAnswer.objects.filter(change=change).select_related("factor", "by")
    return rows.prefetch_related("factor__choices")


def _earlier(rows: Iterable[RiskAnswer]) -> dict[int, dict[str, Any]]:
    """What questions said that were changed since they were answered, by question."""
    wanted = {row.factor_id: row.factor_version for row in rows if row.factor_version != row.factor.version}
    if not wanted:
        return {}
    versions = RiskFactorVersion.objects.filter(factor__in=wanted, number__in=set(wanted.values()))
    return {each.factor_id: each.document for each in versions if wanted[each.factor_id] == each.number}


def _question(factor: RiskFactor, answer: RiskAnswer | None, document: dict[str, Any] | None) -> Question:
    said = document if document is not None else factor.as_document()
    return Question(
        key=factor.key,
        question=said["question"],
        help=said["help"],
        weight=answer.weight if answer is not None else said["weight"],
        raises_to=said["raises_to"],
        choices=tuple((points, label) for points, label in said["answers"]),
        answer=answer,
        is_changed=answer is not None and answer.factor_version != factor.version,
        is_for_less=answer is not None and answer.is_for_less,
    )
