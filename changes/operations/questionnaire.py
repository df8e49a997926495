"""Writing and changing the questions of the risk questionnaire. Each edit is a version; scores keep theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refusal, Refused, Stale
from common.slugs import free_slug
from people.access import require

from ..enums import Band
from ..models import RiskChoice, RiskFactor, RiskFactorVersion

OPERATION = "change.set_risk"
EDITABLE = frozenset({"question", "help", "weight", "position", "raises_to", "is_active", "answers"})
POINTS = range(5)
LEAST_ANSWERS = 2
LONGEST_QUESTION, LONGEST_ANSWER, LARGEST_POSITION = 200, 120, 30_000


@transaction.atomic
def write_question(*, by: Any, at: datetime, question: str, answers: Mapping[int, str], **values: Any) -> RiskFactor:
    """
    Ask one more question. Changes that are being written have to answer it before they are submitted.

    :param answers: words by points, from 0 to 4; two at least. :param values: others of `EDITABLE`.
    :raises NotAllowed: :raises Refused: values that do not fit.
    """
    require(by, OPERATION)
    factor = RiskFactor(
        key=free_slug(RiskFactor.objects, question, otherwise="question", field="key", longest=30, joint="_"),
        question="",
    )
    return _save(factor, {"question": question, "answers": answers, **values}, by=by, at=at)


@transaction.atomic
def revise_question(
    *, factor: RiskFactor, by: Any, at: datetime, values: Mapping[str, Any], version: int | None = None
) -> RiskFactor:
    """
    Change a question, its answers or its weight, or ask it no longer (`is_active`).

    Scores that were worked out stay as they are; changes that are still written take the new version when their
    answers are saved again.

    :param values: those of `EDITABLE`.
    :raises NotAllowed: :raises Stale: :raises Refused: values that do not fit, or nothing would be asked any more.
    """
    require(by, OPERATION)
    locked = RiskFactor.objects.select_for_update().get(pk=factor.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
    return _save(locked, values, by=by, at=at)


def _save(factor: RiskFactor, values: Mapping[str, Any], *, by: Any, at: datetime) -> RiskFactor:
    unknown = values.keys() - EDITABLE
    if unknown:
        raise TypeError(f"risk questions have no {sorted(unknown)}")
    is_new = factor.pk is None
    before = {} if is_new else _state_of(factor)
    answers = _fill(factor, values)
    if answers is None:
        answers = {choice.points: choice.label for choice in factor.choices.all()}
    after = {**_plain(factor), "answers": _listed(answers)}
    changes = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    if not changes:
        return factor
    says_something_else = is_new or bool(changes.keys() - {"position", "is_active"})
    if not is_new and says_something_else:
        factor.version += 1
    factor.save()
    if is_new or "answers" in changes:
        factor.choices.all().delete()
        RiskChoice.objects.bulk_create(
            RiskChoice(factor=factor, points=points, label=label) for points, label in sorted(answers.items())
        )
    fresh = RiskFactor.objects.get(pk=factor.pk)
    if says_something_else:
        RiskFactorVersion.objects.create(
            factor=fresh, number=fresh.version, document=fresh.as_document(), created_at=at, created_by=by
        )
    log.record(
        "risk_question.written" if is_new else "risk_question.changed",
        subject_kind="risk_question",
        subject_id=fresh.pk,
        subject_label=fresh.question,
        by=by,
        at=at,
        changes=changes,
        data={"version": fresh.version},
    )
    return fresh


def _fill(factor: RiskFactor, values: Mapping[str, Any]) -> dict[int, str] | None:
    """Set the columns; gives the cleaned answers, None when they are not among the values."""
    for name, value in values.items():
        if name in ("question", "help"):
            setattr(factor, name, str(value).replace("\x00", "").strip())
        elif name != "answers":
            setattr(factor, name, value)
    factor.question = " ".join(factor.question.split())
    refusals = []
    if not 1 <= len(factor.question) <= LONGEST_QUESTION:
        refusals.append(Refusal("required", _("Ask something, in 200 characters at most."), "question"))
    if not 1 <= factor.weight <= 10:
        refusals.append(Refusal("range", _("A weight is a number from 1 to 10."), "weight"))
    if not 0 <= factor.position <= LARGEST_POSITION:
        refusals.append(Refusal("range", _("A place is a number from 0 to 30,000."), "position"))
    if factor.raises_to and factor.raises_to not in Band.values:
        refusals.append(Refusal("band", _("Choose a risk to raise to, or none."), "raises_to"))
    if not factor.is_active and not RiskFactor.objects.filter(is_active=True).exclude(pk=factor.pk).exists():
        refusals.append(
            Refusal("last", _("One question at least has to be asked. Write another one first."), "is_active")
        )
    answers = None
    if "answers" in values:
        answers = {points: " ".join(str(label).split()) for points, label in values["answers"].items()}
        answers = {points: label for points, label in answers.items() if label}
        refusals += _refusals_of(answers)
    if refusals:
        raise Refused.all_of(refusals)
    return answers


def _refusals_of(answers: Mapping[int, str]) -> list[Refusal]:
    refusals = []
    if any(points not in POINTS for points in answers):
        refusals.append(Refusal("points", _("Answers have 0 to 4 points."), "answers"))
    if len(answers) < LEAST_ANSWERS:
        refusals.append(Refusal("answers", _("Give two answers at least."), "answers"))
    if any(len(label) > LONGEST_ANSWER for label in answers.values()):
        refusals.append(Refusal("answers", _("An answer has 120 characters at most."), "answers"))
    return refusals


def _plain(factor: RiskFactor) -> dict[str, Any]:
    return {name: getattr(factor, name) for name in sorted(EDITABLE - {"answers"})}


def _state_of(factor: RiskFactor) -> dict[str, Any]:
    return {**_plain(factor), "answers": _listed({each.points: each.label for each in factor.choices.all()})}


def _listed(answers: Mapping[int, str]) -> list[str]:
    return [f"{points}: {label}" for points, label in sorted(answers.items())]
