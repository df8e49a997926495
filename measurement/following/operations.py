"""The acts on what one follows: alert me, forget the alert, pin, unpin; and looking at the alerts that are due."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people.access import require
from people.models import User

from .. import known
from ..declarations import KPI, Direction
from ..filters import RANGES, chosen
from . import mail
from .enums import NUMBERED, When
from .looking import look
from .models import OPERATION, Alert, Pin

MOST_ALERTS, MOST_PINS = 50, 8
EVERY = timedelta(minutes=15)
BATCH = 200
LARGEST = 1e12


@transaction.atomic
def alert(
    *, by: Any, at: datetime, kpi: str, when: str, bound: float | None = None, range: str = "30d",
    filters: Mapping[str, str] | None = None, is_sample: bool = False,
) -> Alert:  # fmt: skip
    """
    Be told when a measure crosses a line. What is beyond the line already is told the next time.

    :param bound: of `above` and `below`, in the unit of the measure. :param filters: dimension -> value.
    :raises NotAllowed: :raises Refused: what does not fit, twice the same, or very many already.
    """
    measure = _measure(kpi, by)
    _refuse(measure, when, bound, range)
    wanted = {
        "owner": by, "kpi": kpi, "filters": chosen(filters), "when": when, "range": range,
        "bound": bound if when in NUMBERED else None,
    }  # fmt: skip
    # The person's row is locked, so that two asked for at once are counted one after the other.
    User.objects.select_for_update().get(pk=by.pk)
    if Alert.objects.filter(**wanted).exists():
        raise Refused.because("double", _("You have this alert already."))
    if Alert.objects.filter(owner=by).count() >= MOST_ALERTS:
        raise Refused.because("too_many", _("You have %(count)s alerts. Remove one first.") % {"count": MOST_ALERTS})
    made = Alert(created_at=at, checked_at=at, is_sample=is_sample, **wanted)
    if look(made, measure, at=at).is_crossed:
        made.is_crossed, made.crossed_at = True, at
    made.save(force_insert=True)
    _write_down("made", made, measure, by=by, at=at)
    return made


@transaction.atomic
def forget(*, alert: Alert, by: Any, at: datetime) -> None:
    """Be told no more. A second time changes nothing."""
    require(by, OPERATION)
    locked = Alert.objects.visible_to(by).select_for_update().filter(pk=alert.pk).first()
    if locked is not None:
        _write_down("removed", locked, locked.measure, by=by, at=at)
        locked.delete()


@transaction.atomic
def pin(*, by: Any, kpi: str, filters: Mapping[str, str] | None = None, is_sample: bool = False) -> Pin:
    """
    Show a measure on one's first page. A second time changes nothing.

    Nothing is logged: it concerns nobody else. :raises NotAllowed: :raises Refused: unknown, or too many.
    """
    _measure(kpi, by)
    wanted = {"owner": by, "kpi": kpi, "filters": chosen(filters)}
    User.objects.select_for_update().get(pk=by.pk)
    found = Pin.objects.filter(**wanted).first()
    if found is None and Pin.objects.filter(owner=by).count() >= MOST_PINS:
        raise Refused.because(
            "too_many", _("%(count)s measures fit on the first page. Unpin one first.") % {"count": MOST_PINS}
        )
    return found or Pin.objects.create(**wanted, is_sample=is_sample)


def unpin(*, pin: Pin, by: Any) -> None:
    """Take a measure off one's first page. A second time changes nothing."""
    require(by, OPERATION)
    Pin.objects.visible_to(by).filter(pk=pin.pk).delete()


def check_due(*, at: datetime) -> int:
    """
    Look at the alerts that nobody has looked at for a quarter of an hour. Returns how many crossed their line.

    Rows that another worker holds are skipped.
    """
    due = Alert.objects.filter(checked_at__lte=at - EVERY).order_by("checked_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    measures = {each.id: each for each in known.kpis()} if keys else {}
    return sum(_check(key, measures, at=at) for key in keys)


@transaction.atomic
def _check(key: int, measures: Mapping[str, KPI], *, at: datetime) -> bool:
    rows = Alert.objects.select_for_update(of=("self",), skip_locked=True).select_related("owner")
    found = rows.filter(pk=key, checked_at__lte=at - EVERY).first()
    if found is None:
        return False
    found.checked_at = at
    measure = measures.get(found.kpi)
    # Who may not see measures any more hears nothing; the numbers are looked at again once they may.
    is_seen = found.owner.is_active and Alert.objects.visible_to(found.owner).filter(pk=key).exists()
    seen = look(found, measure, at=at) if is_seen else None
    is_news = seen is not None and seen.is_crossed is True and not found.is_crossed
    if seen is not None and seen.is_crossed is not None:
        found.is_crossed = seen.is_crossed
    if is_news and seen is not None:
        found.crossed_at = at
        _write_down("crossed", found, measure, by=None, at=at, said=seen.said)
        mail.note(found, seen.said, at=at)
    found.save(update_fields=["checked_at", "is_crossed", "crossed_at"])
    return is_news


def _measure(name: str, by: Any) -> KPI:
    """:raises NotAllowed: :raises Refused: there is none."""
    require(by, OPERATION)
    found = next((each for each in known.kpis() if each.id == name), None)
    if found is None:
        raise Refused.because("unknown", _("Choose a measure."), "kpi")
    return found


def _refuse(kpi: KPI, when: str, bound: float | None, range: str) -> None:
    if when not in When.values:
        raise Refused.because("unknown", _("Choose when you want to be told."), "when")
    if range not in RANGES:
        raise Refused.because("unknown", _("Choose one of the ranges of days."), "range")
    if when in (When.TARGET, When.THRESHOLD) and (kpi.target is None or kpi.direction == Direction.NEUTRAL):
        raise Refused.because("no_target", _("This measure has no target. Give a number of your own."), "when")
    if when in NUMBERED and bound is None:
        raise Refused.because("required", _("Give the number that it must not cross."), "bound")
    if when in NUMBERED and bound is not None and (not math.isfinite(bound) or abs(bound) > LARGEST):
        raise Refused.because("range", _("That is out of range. Give a smaller number."), "bound")


def _write_down(act: str, row: Alert, kpi: KPI | None, *, by: Any, at: datetime, **data: Any) -> None:
    log.record(
        f"kpi_alert.{act}", subject_kind="kpi_alert", subject_id=row.pk,
        subject_label=kpi.name if kpi else row.kpi, by=by, at=at, data={"kpi": row.kpi, "when": row.when, **data},
    )  # fmt: skip
