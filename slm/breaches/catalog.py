"""Keeping the lists that people choose from, and the deadlines for explanations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit import log
from calendars.models import Calendar
from common.refusals import Refused, Stale
from common.texts import one_line
from people.access import require

from ..models import Agreement
from .models import DAYS_AT_MOST, Cause, Clause, Deadline

OPERATION = "breach.set_up"
LISTS: Mapping[type[Cause] | type[Clause], str] = {Cause: "cause", Clause: "clause"}
FIELDS = ("name", "description", "position", "is_active")


@transaction.atomic
def add(
    model: type[Cause] | type[Clause], *, by: Any, at: datetime, name: str, description: str = "", position: int = 100,
    **more: Any,
) -> Any:  # fmt: skip
    """
    Add a line to a list. Its short name is made from the name and never changes.

    :param more: `agreement` of a clause.
    :raises NotAllowed: :raises Refused: the name is missing or stands in the list.
    """
    require(by, OPERATION)
    said = _name(name)
    _refuse_double(model, said, more.get("agreement"))
    line = model.objects.create(
        key=_key(model, said), name=said, description=" ".join(description.split()), position=position, **more
    )
    _log(f"{LISTS[model]}_added", line, by=by, at=at)
    return line


@transaction.atomic
def change(
    line: Cause | Clause, *, by: Any, at: datetime, values: Mapping[str, Any], version: int | None = None
) -> Any:
    """
    Change what a line says, or whether it can be chosen. What was said with it before reads as the line does now.

    :param values: some of `FIELDS`. :raises NotAllowed: :raises Stale: :raises Refused: no name, or one that stands.
    """
    require(by, OPERATION)
    model = type(line)
    locked: Any = model.objects.select_for_update().get(pk=line.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this since you read it. Compare, then save again."))
    changes = {}
    for name in FIELDS:
        if name not in values:
            continue
        value = values[name]
        if name == "name":
            value = _name(value)
            _refuse_double(model, value, getattr(locked, "agreement", None), but=locked.pk)
        elif name == "description":
            value = " ".join(value.split())
        if getattr(locked, name) != value:
            changes[name] = (getattr(locked, name), value)
            setattr(locked, name, value)
    if changes:
        locked.version += 1
        locked.save(update_fields=[*changes, "version"])
        _log(f"{LISTS[model]}_changed", locked, by=by, at=at, changes=changes)
    return locked


@transaction.atomic
def set_deadline(
    *, by: Any, at: datetime, days: int | None, agreement: Agreement | None = None, calendar: Calendar | None = None
) -> Deadline | None:
    """
    Say within how many working days misses are explained, under an agreement or where that says nothing.

    Counts for misses from now on. :param days: None lets an agreement say nothing again.
    :raises NotAllowed: :raises Refused: out of range, or no days for everybody.
    """
    require(by, OPERATION)
    known = Deadline.objects.select_for_update().filter(agreement=agreement).first()
    before = known.days if known else None
    if days is None:
        if agreement is None:
            raise Refused.because("required", _("Say how many days everybody has."), field="days")
        if known is not None:
            known.delete()
            _log_deadline(agreement, before, None, by=by, at=at)
        return None
    if not 1 <= days <= DAYS_AT_MOST:
        raise Refused.because("range", _("From 1 to %(most)s working days.") % {"most": DAYS_AT_MOST}, field="days")
    saved, _is_new = Deadline.objects.update_or_create(
        agreement=agreement, defaults={"days": days, "calendar": calendar}
    )
    _log_deadline(agreement, before, days, by=by, at=at)
    return saved


def _log_deadline(agreement: Agreement | None, before: int | None, after: int | None, *, by: Any, at: datetime) -> None:
    log.record(
        "breach.deadline_set",
        subject_kind="agreement" if agreement else "breach_list",
        subject_id=agreement.pk if agreement else 0,
        subject_label=str(agreement or "")[:200],
        by=by,
        at=at,
        changes={"days": (before, after)},
    )


def _name(name: str) -> str:
    said = one_line(name)
    if not said:
        raise Refused.because("required", _("The name is missing. Say what people choose."), field="name")
    if len(said) > 120:
        raise Refused.because("too_long", _("The name has more than 120 characters."), field="name")
    return said


def _refuse_double(model: Any, name: str, agreement: Any, *, but: int | None = None) -> None:
    rows = model.objects.filter(name__iexact=name).exclude(pk=but)
    if model is Clause:
        rows = rows.filter(agreement=agreement)
    if rows.exists():
        raise Refused.because("double", _("“%(name)s” stands in the list already.") % {"name": name}, field="name")


def _key(model: Any, name: str) -> str:
    """A short name that is still free."""
    wanted = slugify(name).replace("-", "_")[:32] or "line"
    taken = set(model.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for key in (wanted, *(f"{wanted}_{n}" for n in range(2, 10_000))) if key not in taken)


def _log(action: str, line: Any, *, by: Any, at: datetime, changes: Any = None) -> None:
    log.record(
        f"breach.{action}", subject_kind="breach_list", subject_id=line.pk, subject_label=line, by=by, at=at,
        changes=changes,
    )  # fmt: skip
