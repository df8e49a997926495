"""Making measures and changing what they mean."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.slugs import free_slug
from common.texts import one_line
from people.access import require

from .. import declarations
from ..declarations import Direction
from . import queries
from .expressions import Expression, Misread
from .models import UNITS, OwnMeasure, OwnVersion

OPERATION = "kpi.define"
AT_MOST = 200


@dataclass(frozen=True)
class Meaning:
    """What a measure means, as a person wrote it. :ivar reason: why it is changed."""

    name: str
    question: str
    expression: str
    unit: str
    direction: str
    reason: str = ""


def read(meaning: Meaning) -> tuple[Meaning, Expression]:
    """
    What was written, tidied, with the formula read.

    :raises Refused: with everything that is wrong.
    """
    found: list[Any] = []
    tidy = Meaning(**{name: one_line(value) for name, value in vars(meaning).items()})
    for field, longest, missing in (
        ("name", 120, _("The name is missing. Say what it measures.")),
        ("question", 200, _("The question is missing. Say what a reader learns from it.")),
    ):
        said = getattr(tidy, field)
        if not said:
            found += Refused.because("required", missing, field).refusals
        elif len(said) > longest:
            found += Refused.because(
                "too_long", _("At most %(limit)d characters fit here. Shorten it.") % {"limit": longest}, field
            ).refusals
    if len(tidy.reason) > 300:
        found += Refused.because("too_long", _("At most 300 characters fit here. Shorten it."), "reason").refusals
    if tidy.unit not in dict(UNITS):
        found += Refused.because("choice", _("There is no such unit. Choose one of the list."), "unit").refusals
    if tidy.direction not in Direction.values:
        found += Refused.because("choice", _("Say which way is better."), "direction").refusals
    try:
        expression = queries.read(tidy.expression)
    except Misread as misread:
        found += Refused.because("formula", str(misread), "expression").refusals
    if found:
        raise Refused.all_of(found)
    return tidy, expression


@transaction.atomic
def create(*, by: Any, at: datetime, meaning: Meaning, is_sample: bool = False) -> OwnMeasure:
    """
    Make a measure. Its short name is made from the name and never changes.

    :raises NotAllowed: :raises Refused: something is missing, too long or cannot be read.
    """
    require(by, OPERATION)
    tidy, _expression = read(meaning)
    if OwnMeasure.objects.filter(is_active=True).count() >= AT_MOST:
        raise Refused.because(
            "too_many", _("There are %(limit)d own measures. Take one out of use first.") % {"limit": AT_MOST}
        )
    _refuse_double(tidy.name)
    slug = free_slug(OwnMeasure.objects.all(), f"own {tidy.name}", otherwise="own-measure", longest=50)
    measure = OwnMeasure.objects.create(slug=slug, is_sample=is_sample)
    _write(measure, 1, tidy, by=by, at=at)
    log.record(
        "kpi.defined", subject_kind="own_measure", subject_id=measure.pk, subject_label=tidy.name, by=by, at=at,
        reason=tidy.reason, data={"kpi": slug, "definition": 1, "expression": tidy.expression},
    )  # fmt: skip
    return measure


@transaction.atomic
def redefine(*, measure: OwnMeasure, by: Any, at: datetime, meaning: Meaning, version: int | None = None) -> OwnMeasure:
    """
    Change what a measure means: a new version, from now on. Readings that were taken keep the version they name.

    :raises NotAllowed: :raises Stale: :raises Refused: nothing would change, or it cannot be read.
    """
    require(by, OPERATION)
    locked = _locked(measure, version)
    tidy, _expression = read(meaning)
    before = locked.versions.first()
    changes = {
        name: (getattr(before, name), getattr(tidy, name))
        for name in ("name", "question", "expression", "unit", "direction")
        if getattr(before, name) != getattr(tidy, name)
    }
    if not changes:
        raise Refused.because("unchanged", _("Nothing is different from the version that counts. Change something."))
    if "name" in changes:
        _refuse_double(tidy.name, but=locked.pk)
    if not tidy.reason:
        raise Refused.because("required", _("Say why it is changed. Readers of old figures want to know."), "reason")
    number = (locked.versions.aggregate(highest=Max("number"))["highest"] or 0) + 1
    _write(locked, number, tidy, by=by, at=at)
    locked.version += 1
    locked.save(update_fields=["version"])
    log.record(
        "kpi.redefined", subject_kind="own_measure", subject_id=locked.pk, subject_label=tidy.name, by=by, at=at,
        reason=tidy.reason, changes=changes, data={"kpi": locked.slug, "definition": number},
    )  # fmt: skip
    return locked


@transaction.atomic
def retire(*, measure: OwnMeasure, by: Any, at: datetime, version: int | None = None) -> OwnMeasure:
    """Take a measure out of use; readings that were taken stay. :raises NotAllowed: :raises Stale: :raises Refused:"""
    return _put(measure, by=by, at=at, is_active=False, version=version)


@transaction.atomic
def reinstate(*, measure: OwnMeasure, by: Any, at: datetime, version: int | None = None) -> OwnMeasure:
    """Take a measure into use again. :raises NotAllowed: :raises Stale: :raises Refused:"""
    return _put(measure, by=by, at=at, is_active=True, version=version)


def _put(measure: OwnMeasure, *, by: Any, at: datetime, is_active: bool, version: int | None) -> OwnMeasure:
    require(by, OPERATION)
    locked = _locked(measure, version)
    if locked.is_active == is_active:
        said = _("It is in use already.") if is_active else _("It is out of use already.")
        raise Refused.because("unchanged", said)
    latest = locked.versions.first()
    if is_active and latest is not None:
        _refuse_double(latest.name, but=locked.pk)
    locked.is_active = is_active
    locked.version += 1
    locked.save(update_fields=["is_active", "version"])
    log.record(
        "kpi.reinstated" if is_active else "kpi.retired", subject_kind="own_measure", subject_id=locked.pk,
        subject_label=latest.name if latest else locked.slug, by=by, at=at,
        changes={"is_active": (not is_active, is_active)}, data={"kpi": locked.slug},
    )  # fmt: skip
    return locked


def _locked(measure: OwnMeasure, version: int | None) -> OwnMeasure:
    locked = OwnMeasure.objects.select_for_update().get(pk=measure.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this since you read it. Compare, then save again."))
    return locked


def _write(measure: OwnMeasure, number: int, meaning: Meaning, *, by: Any, at: datetime) -> None:
    OwnVersion.objects.create(measure=measure, number=number, made_by=by, made_at=at, **vars(meaning))


def _refuse_double(name: str, *, but: int | None = None) -> None:
    names = {str(each.name).casefold() for each in declarations.kpis()}
    names |= {each.name.casefold() for each in queries.latest() if each.measure.pk != but}
    if name.casefold() in names:
        raise Refused.because("double", _("There is a measure of this name. Choose another one."), "name")
