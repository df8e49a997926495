"""Whether a measure is beyond the line of an alert, by the rights of the alert's owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.speech import speaking

from .. import filters, queries
from ..declarations import KPI
from ..explorer.control import control_of
from ..filters import RANGE_LABELS, Asked
from ..pages.base import grain_for
from ..values import State, Value, write
from .enums import When
from .models import Alert


@dataclass(frozen=True)
class Look:
    """:ivar is_crossed: None: nothing is known, which is neither. :ivar said: in the owner's language."""

    is_crossed: bool | None
    said: str


def look(alert: Alert, kpi: KPI | None, *, at: datetime) -> Look:
    """
    Compare the days up to now with the line. Six statements at most.

    :param kpi: with the target that holds today; None when nobody counts it any more.
    """
    if kpi is None:
        return Look(None, _("This measure is no longer counted."))
    with speaking(alert.owner.language):
        query: Mapping[str, str] = {"range": alert.range, **alert.filters}
        asked = filters.read(query, alert.owner, at=at)
        found = queries.series(kpi, asked.span, asked.scope, grain=grain_for(asked.span))[0]
        if all(point.value is None for point in found.points):
            return Look(None, _("Nothing has been counted in these days."))
        if alert.when == When.SIGNAL:
            return _signal(kpi, found, asked)
        return _line(alert, kpi, found.total, asked)


def _line(alert: Alert, kpi: KPI, value: Value, asked: Asked) -> Look:
    said = {"value": value.text, "days": RANGE_LABELS[alert.range]}
    if value.number is None:
        return Look(None, _("Nothing was measured in %(days)s.") % said)
    if alert.bound is not None:
        line = write(alert.bound, kpi.unit)
        is_above = alert.when == When.ABOVE
        is_crossed = value.number > alert.bound if is_above else value.number < alert.bound
        text = _("%(value)s in %(days)s; your line is %(line)s.")
    else:
        if value.state == State.UNKNOWN:
            return Look(None, _("%(value)s in %(days)s; there is no target.") % said)
        is_far = alert.when == When.THRESHOLD and kpi.near is not None
        is_crossed = value.state == State.MISSED if is_far else value.state != State.HELD
        line = write(kpi.near if is_far else kpi.target, kpi.unit)
        text = (
            _("%(value)s in %(days)s; the threshold is %(line)s.")
            if is_far
            else _("%(value)s in %(days)s; the target is %(line)s.")
        )
    return Look(is_crossed, text % {**said, "line": line})


def _signal(kpi: KPI, found: queries.Series, asked: Asked) -> Look:
    """Only a signal of the latest period counts: what was out of the ordinary weeks ago is no news."""
    control = control_of(kpi, found.points, today=asked.today)
    if not control.chart.has_limits:
        return Look(None, _("There are too few finished periods for limits."))
    latest = len(control.periods) - 1
    told = [each["text"] for each in control.sentences if each["at"] == latest]
    return Look(bool(told), told[0] if told else _("No rule of the control chart is broken now."))
