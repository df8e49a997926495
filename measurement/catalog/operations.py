"""Saying what is wanted of measures, and keeping the tree of success factors."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.slugs import free_slug
from common.texts import one_line
from people.access import require

from .. import known
from ..declarations import KPI, Direction
from .models import Factor, FactorMeasure, Handling, Rollup

OPERATION = "kpi.set_up"
LARGEST = 1_000_000_000_000.0
MEASURES_AT_MOST, FACTORS_AT_MOST = 20, 100
HEAVIEST = 100


@transaction.atomic
def handle(
    *, kpi: KPI, by: Any, at: datetime, owner: Any, target: float | None, near: float | None, reason: str = "",
    version: int | None = None, is_sample: bool = False,
) -> Handling:  # fmt: skip
    """
    Say who answers for a measure, what is wanted of it and from where on a miss is no longer a near one.

    Holds for every figure that is shown from now on, past ones too; what held before stays in the log.

    :param target: :param near: in the unit of the measure; None for none. :param version: 0 before the first time.
    :raises NotAllowed: :raises Stale: :raises Refused: with everything that is wrong, or nothing would change.
    """
    require(by, OPERATION)
    Handling.objects.bulk_create([_delivered(kpi, is_sample=is_sample)], ignore_conflicts=True)
    row = Handling.objects.select_for_update().get(kpi=kpi.id)
    if version is not None and version != row.version:
        raise Stale.because("stale", _("Somebody else changed this since you read it. Compare, then save again."))
    _refuse_numbers(kpi, target, near)
    said = one_line(reason)
    if len(said) > 300:
        raise Refused.because("too_long", _("At most 300 characters fit here. Shorten it."), "reason")
    wanted = {"owner": owner, "target": target, "near": near}
    changes = {name: (getattr(row, name), value) for name, value in wanted.items() if getattr(row, name) != value}
    if not changes:
        raise Refused.because("unchanged", _("Nothing is different from what holds. Change something."))
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*wanted, "version"])
    if "owner" in changes:
        before, after = changes["owner"]
        changes["owner"] = (str(before or ""), str(after or ""))
    log.record(
        "kpi.handled", subject_kind="kpi_handling", subject_id=row.pk, subject_label=kpi.name, by=by, at=at,
        changes=changes, reason=said, data={"kpi": kpi.id},
    )  # fmt: skip
    return row


def _delivered(kpi: KPI, *, is_sample: bool) -> Handling:
    """What holds while nobody has said anything. Version 0: the first change makes it 1."""
    return Handling(kpi=kpi.id, target=kpi.target, near=kpi.near, version=0, is_sample=is_sample)


def _refuse_numbers(kpi: KPI, target: float | None, near: float | None) -> None:
    found: list[Any] = []
    for field, number in (("target", target), ("near", near)):
        if number is not None and (not math.isfinite(number) or abs(number) > LARGEST):
            found += Refused.because("range", _("That is out of range. Give a smaller number."), field).refusals
    if target is not None and kpi.direction == Direction.NEUTRAL:
        said = _("This measure is for information: neither way is better, so it has no target.")
        found += Refused.because("neutral", said, "target").refusals
    if near is not None and target is None:
        said = _("A threshold lies beside a target. Give the target, too.")
        found += Refused.because("required", said, "near").refusals
    elif near is not None and target is not None:
        is_beyond = near < target if kpi.direction == Direction.HIGHER else near > target
        if not is_beyond:
            said = (
                _("The threshold lies below the target: from there on a miss is no longer near.")
                if kpi.direction == Direction.HIGHER
                else _("The threshold lies above the target: from there on a miss is no longer near.")
            )
            found += Refused.because("order", said, "near").refusals
    if found:
        raise Refused.all_of(found)


@transaction.atomic
def create_factor(*, by: Any, at: datetime, is_sample: bool = False, **values: Any) -> Factor:
    """
    Add a success factor. :param values: `name`, `statement`, `owner`, `rollup`, `position`, and `measures`: pairs of
    the id of a measure and its weight.

    :raises NotAllowed: :raises Refused:
    """
    require(by, OPERATION)
    if Factor.objects.count() >= FACTORS_AT_MOST:
        said = _("There are %(limit)d success factors. A tree of that many says nothing. Remove one first.")
        raise Refused.because("too_many", said % {"limit": FACTORS_AT_MOST})
    tidy, measures = _read(values, but=0)
    slug = free_slug(Factor.objects.all(), tidy["name"], otherwise="factor", longest=70, reserved=("new",))
    factor = Factor.objects.create(slug=slug, is_sample=is_sample, **tidy)
    _put(factor, measures)
    _log("added", factor, by=by, at=at, changes={"measures": ([], _told(measures))})
    return factor


@transaction.atomic
def change_factor(*, factor: Factor, by: Any, at: datetime, version: int | None = None, **values: Any) -> Factor:
    """
    Change a success factor. :param values: all of what `create_factor` takes.

    :raises NotAllowed: :raises Stale: :raises Refused:
    """
    require(by, OPERATION)
    locked = _locked(factor, version)
    tidy, measures = _read(values, but=locked.pk)
    before = [(each.kpi, each.weight) for each in locked.measures.all()]
    changes: dict[str, Any] = {
        name: (str(getattr(locked, name) or ""), str(value or ""))
        for name, value in tidy.items()
        if getattr(locked, name) != value
    }
    if before != measures:
        changes["measures"] = (_told(before), _told(measures))
    if not changes:
        raise Refused.because("unchanged", _("Nothing is different from what stands. Change something."))
    for name, value in tidy.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*tidy, "version"])
    _put(locked, measures)
    _log("changed", locked, by=by, at=at, changes=changes)
    return locked


@transaction.atomic
def remove_factor(*, factor: Factor, by: Any, at: datetime, version: int | None = None) -> None:
    """Take a success factor out of the tree; its measures stay. :raises NotAllowed: :raises Stale:"""
    require(by, OPERATION)
    locked = _locked(factor, version)
    _log(
        "removed", locked, by=by, at=at, changes={"measures": (_told(locked.measures.values_list("kpi", "weight")), [])}
    )
    locked.delete()


def _locked(factor: Factor, version: int | None) -> Factor:
    locked = Factor.objects.select_for_update().filter(pk=factor.pk).first()
    if locked is None or (version is not None and version != locked.version):
        raise Stale.because("stale", _("Somebody else changed this since you read it. Compare, then save again."))
    return locked


def _read(values: dict[str, Any], *, but: int) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    found: list[Any] = []
    name, statement = one_line(values.get("name", "")), one_line(values.get("statement", ""))
    if not name:
        found += Refused.because("required", _("The name is missing. Say what must go well."), "name").refusals
    elif Factor.objects.filter(name__iexact=name).exclude(pk=but).exists():
        found += Refused.because("double", _("There is a success factor of this name."), "name").refusals
    for field, said, longest in (("name", name, 120), ("statement", statement, 300)):
        if len(said) > longest:
            message = _("At most %(limit)d characters fit here. Shorten it.") % {"limit": longest}
            found += Refused.because("too_long", message, field).refusals
    rollup = values.get("rollup", Rollup.WORST)
    if rollup not in Rollup.values:
        found += Refused.because("choice", _("Choose how the state comes about."), "rollup").refusals
    measures = [(str(kpi), weight) for kpi, weight in values.get("measures", [])]
    ids = {each.id for each in known.kpis()}
    unknown = [kpi for kpi, _weight in measures if kpi not in ids]
    if unknown:
        message = _("There is no measure “%(name)s”.") % {"name": unknown[0][:60]}
        found += Refused.because("unknown", message, "measures").refusals
    if not measures or len(measures) > MEASURES_AT_MOST or len({kpi for kpi, _weight in measures}) < len(measures):
        message = _("Choose 1 to %(limit)d measures, each once.") % {"limit": MEASURES_AT_MOST}
        found += Refused.because("count", message, "measures").refusals
    if any(not 1 <= weight <= HEAVIEST for _kpi, weight in measures):
        found += Refused.because("range", _("A weight is a whole number from 1 to 100."), "measures").refusals
    if found:
        raise Refused.all_of(found)
    tidy = {
        "name": name, "statement": statement, "owner": values.get("owner"), "rollup": rollup,
        "position": values.get("position", 100),
    }  # fmt: skip
    return tidy, measures


def _put(factor: Factor, measures: Sequence[tuple[str, int]]) -> None:
    factor.measures.all().delete()
    FactorMeasure.objects.bulk_create(
        FactorMeasure(factor=factor, kpi=kpi, weight=weight, position=position)
        for position, (kpi, weight) in enumerate(measures)
    )


def _told(measures: Any) -> list[str]:
    return [f"{kpi} × {weight}" for kpi, weight in measures]


def _log(action: str, factor: Factor, *, by: Any, at: datetime, changes: Any) -> None:
    log.record(
        f"success_factor.{action}", subject_kind="success_factor", subject_id=factor.pk, subject_label=factor.name,
        by=by, at=at, changes=changes,
    )  # fmt: skip
