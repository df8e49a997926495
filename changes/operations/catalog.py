"""Models of standard changes: propose, approve until a day, suspend, retire. Each act is in the audit log."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refusal, Refused, Stale
from common.slugs import free_slug
from common.texts import one_line
from people.access import require
from records import changing

from ..enums import ModelState
from ..models import ChangeModel

OPERATION = "change.set_models"
TEXTS = ("implementation_plan", "test_plan", "back_out_plan", "communication_plan", "description")
EDITABLE = frozenset({
    *TEXTS, "name", "owner", "team", "services", "steps", "longest_minutes", "least_success_percent", "judged_uses",
})  # fmt: skip
LONGEST_WINDOW_MINUTES = 7 * 24 * 60
MOST_STEPS = 50


@transaction.atomic
def propose_model(
    *, by: Any, at: datetime, name: str, owner: Any = None, is_sample: bool = False, **values: Any
) -> ChangeModel:
    """
    Write a model down. It can be used once somebody else has approved it.

    :param values: those of `EDITABLE`.
    :raises NotAllowed: :raises Refused: a plan is missing, the name is taken, or a number does not fit.
    """
    require(by, OPERATION)
    model = ChangeModel(name="", owner=owner or by, state=ModelState.PROPOSED, is_sample=is_sample)
    _fill(model, {"name": name, **values})
    model.slug = free_slug(ChangeModel.objects, model.name, otherwise="model")
    model.save()
    if "services" in values:
        model.services.set(values["services"])
    _log(model, "proposed", by=by, at=at)
    return model


@transaction.atomic
def change_model(
    *, model: ChangeModel, by: Any, at: datetime, values: Mapping[str, Any], version: int | None = None
) -> ChangeModel:
    """
    Change a model. One that was approved is only proposed then: what was approved is no longer what it says.

    Changes that were written down from it keep the plans that they took.

    :raises NotAllowed: :raises Stale: :raises Refused: it is retired, or values that do not fit.
    """
    locked = _lock(model, by=by, version=version)
    before = changing.snapshot(locked)
    had = sorted(locked.services.values_list("name", flat=True))
    _fill(locked, values)
    if "services" in values:
        locked.services.set(values["services"])
    changes = changing.differences(locked, before)
    has = sorted(locked.services.values_list("name", flat=True))
    if has != had:
        changes = changes | {"services": (had, has)}
    if not changes:
        return locked
    if locked.state == ModelState.APPROVED:
        locked.state = ModelState.PROPOSED
    _save(locked)
    _log(locked, "changed", by=by, at=at, changes=changes)
    return locked


@transaction.atomic
def approve_model(
    *, model: ChangeModel, by: Any, at: datetime, expires_date: date, version: int | None = None
) -> ChangeModel:
    """
    Allow changes by this model until the day before `expires_date`; the count of successes starts anew.

    The same renews a model that is approved, and takes up a suspended one.

    :raises NotAllowed: :raises Stale: :raises Refused: one's own model, it is retired, or the day is not ahead.
    """
    locked = _lock(model, by=by, version=version)
    if by.pk == locked.owner_id:
        raise Refused.because("own_model", _("Who owns a model can't approve it. Ask another change manager."))
    if expires_date <= at.astimezone(get_default_timezone()).date():
        raise Refused.because("past", _("The approval would have ended already. Pick a later day."), "expires_date")
    is_renewed = locked.state == ModelState.APPROVED
    locked.state, locked.state_reason = ModelState.APPROVED, ""
    locked.approved_at, locked.approved_by, locked.expires_date = at, by, expires_date
    _save(locked)
    _log(locked, "renewed" if is_renewed else "approved", by=by, at=at, data={"expires": str(expires_date)})
    return locked


@transaction.atomic
def suspend_model(*, model: ChangeModel, by: Any, at: datetime, reason: str, version: int | None = None) -> ChangeModel:
    """Let nobody write changes by it until it is approved again. :raises Refused: no reason, or not approved."""
    locked = _lock(model, by=by, version=version)
    if locked.state != ModelState.APPROVED:
        raise Refused.because("not_approved", _("Only an approved model can be suspended."))
    return _end(locked, ModelState.SUSPENDED, by=by, at=at, reason=reason)


@transaction.atomic
def retire_model(*, model: ChangeModel, by: Any, at: datetime, reason: str, version: int | None = None) -> ChangeModel:
    """End a model for good; changes that were made by it stay. :raises Refused: no reason, or it is retired."""
    return _end(_lock(model, by=by, version=version), ModelState.RETIRED, by=by, at=at, reason=reason)


@transaction.atomic
def suspend_expired(*, at: datetime, rows: int = 100) -> int:
    """Suspend models whose approval has ended, at most `rows`; returns how many."""
    day = at.astimezone(get_default_timezone()).date()
    found = ChangeModel.objects.select_for_update(skip_locked=True).filter(
        state=ModelState.APPROVED, expires_date__lte=day
    )
    expired = list(found.order_by("pk")[:rows])
    for model in expired:
        reason = _("The approval ended on %(date)s.") % {"date": model.expires_date}
        _end(model, ModelState.SUSPENDED, by=None, at=at, reason=reason)
    return len(expired)


def _lock(model: ChangeModel, *, by: Any, version: int | None) -> ChangeModel:
    require(by, OPERATION)
    locked = ChangeModel.objects.select_for_update().get(pk=model.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
    if locked.state == ModelState.RETIRED:
        raise Refused.because("retired", _("This model is retired. Propose a new one."))
    return locked


def _end(model: ChangeModel, state: ModelState, *, by: Any, at: datetime, reason: str) -> ChangeModel:
    if not reason.strip():
        raise Refused.because("required", _("Say why."), "reason")
    model.state, model.state_reason = state, " ".join(reason.split())[:300]
    _save(model)
    _log(model, state.value, by=by, at=at, reason=model.state_reason)
    return model


def _fill(model: ChangeModel, values: Mapping[str, Any]) -> None:
    unknown = values.keys() - EDITABLE
    if unknown:
        raise TypeError(f"models have no {sorted(unknown)}")
    cleaners: dict[str, Callable[[Any], Any]] = {name: lambda text: text.replace("\x00", "") for name in TEXTS}
    cleaners["name"], cleaners["steps"] = (lambda text: " ".join(text.split())), _titles
    for name, value in values.items():
        if name != "services":
            setattr(model, name, cleaners.get(name, lambda plain: plain)(value))
    refusals = []
    if not 1 <= len(model.name) <= 120:
        refusals.append(Refusal("name", _("Give it a name of 1 to 120 characters."), "name"))
    elif ChangeModel.objects.filter(name=model.name).exclude(pk=model.pk).exists():
        refusals.append(Refusal("name", _("Another model has this name. Choose another one."), "name"))
    refusals += [
        Refusal("required", _("Changes by this model need this plan. Write it down."), name)
        for name in ("implementation_plan", "back_out_plan")
        if not getattr(model, name).strip()
    ]
    if not 1 <= model.longest_minutes <= LONGEST_WINDOW_MINUTES:
        refusals.append(Refusal("range", _("A window lasts 1 minute to 7 days."), "longest_minutes"))
    if not 0 <= model.least_success_percent <= 100:
        refusals.append(Refusal("range", _("Say a share from 0 to 100 %."), "least_success_percent"))
    if not 1 <= model.judged_uses <= 1000:
        refusals.append(Refusal("range", _("Judge over 1 to 1,000 uses."), "judged_uses"))
    if refusals:
        raise Refused.all_of(refusals)


def _titles(steps: Iterable[str]) -> list[str]:
    found = [title for each in steps if (title := one_line(each)[:200])]
    return found[:MOST_STEPS]


def _save(model: ChangeModel) -> None:
    model.version += 1
    model.save()


def _log(model: ChangeModel, act: str, *, by: Any, at: datetime, **said: Any) -> None:
    log.record(
        f"change_model.{act}",
        subject_kind="change_model",
        subject_id=model.pk,
        subject_label=model.name,
        by=by,
        at=at,
        **said,
    )
