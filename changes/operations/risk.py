"""Answering the risk questionnaire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from people.access import require
from records import changing
from records.events import EventKind

from ..models import Change, RiskAnswer, RiskFactor
from ..queries.risk import risk_of
from .editing import refuse_if_decided


@transaction.atomic
def answer_risk(
    *, change: Change, by: Any, at: datetime, answers: Mapping[str, int], version: int | None = None
) -> Change:
    """
    Answer questions, those of `answers` by their short names with 0 to 4 points; score and band follow.

    :raises NotAllowed: :raises Stale: :raises Refused: an unknown question, points out of range, or the risk was
        decided upon.
    """
    locked = changing.lock(change)
    require(by, "change.edit", locked)
    changing.require_version(locked, version)
    refuse_if_decided(locked)
    factors = {factor.key: factor for factor in RiskFactor.objects.filter(key__in=answers, is_active=True)}
    refusals = [
        Refusal("unknown_question", _("There is no risk question “%(key)s”.") % {"key": key}, field=key)
        for key in answers
        if key not in factors
    ]
    refusals += [
        Refusal("points", _("“%(question)s” takes 0 to 4 points.") % {"question": factors[key].question}, field=key)
        for key, points in answers.items()
        if key in factors and not (isinstance(points, int) and 0 <= points <= 4)
    ]
    if refusals:
        raise Refused.all_of(refusals)
    said = {row.factor_id: row for row in RiskAnswer.objects.filter(change=locked)}
    known = {key: row.points for key, row in said.items()}
    news = {
        factor: answers[key]
        for key, factor in factors.items()
        if factor.pk not in said
        or said[factor.pk].is_for_less
        or (said[factor.pk].points, said[factor.pk].factor_version) != (answers[key], factor.version)
    }
    if not news:
        return locked
    RiskAnswer.objects.bulk_create(
        [
            RiskAnswer(
                change=locked,
                factor=factor,
                points=points,
                weight=factor.weight,
                factor_version=factor.version,
                is_for_less=False,
                by=by,
                at=at,
            )
            for factor, points in news.items()
        ],
        update_conflicts=True,
        unique_fields=["change", "factor"],
        update_fields=["points", "weight", "factor_version", "is_for_less", "by", "at"],
    )
    risk = risk_of(locked)
    snapshot = changing.snapshot(locked)
    locked.risk_score, locked.risk_band = risk.score, risk.band or ""
    changes = changing.differences(locked, snapshot)
    changing.save(locked, changes, at)
    changing.write_down(
        locked,
        kind=EventKind.EDITED,
        action="change.risk_answered",
        by=by,
        at=at,
        changes=changes,
        data={"answers": {factor.key: [known.get(factor.pk), points] for factor, points in news.items()}},
    )
    return locked
