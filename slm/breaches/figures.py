"""What was attained under one agreement, raw and without excused misses, counted from the clocks themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from measurement.declarations import kpi
from measurement.values import Value

from ..declarations import repeating
from ..enums import FINISHED_STATES, ClockState
from ..models import Agreement, Clock
from .enums import BreachState
from .models import Breach

DAYS = 30


@dataclass(frozen=True)
class Attained:
    """Attainment of the latest 30 days; `is_kept` compares the raw one with what is promised."""

    raw: Value
    net: Value
    is_kept: bool | None

    @property
    def excused(self) -> int:
        return (self.raw.denominator or 0) - (self.net.denominator or 0)

    @property
    def days(self) -> int:
        return DAYS


def attained(agreement: Agreement, *, at: datetime) -> Attained:
    """Count the clocks of the agreement that finished in the latest 30 days, repeating ones left out; one statement."""
    excused = Breach.objects.filter(clock=OuterRef("pk"), state=BreachState.EXCUSED)
    rows = Clock.objects.filter(
        agreement=agreement, stopped_at__gt=at - timedelta(days=DAYS), stopped_at__lte=at, state__in=FINISHED_STATES
    ).exclude(kind__in=repeating())
    counts = rows.annotate(is_excused=Exists(excused)).aggregate(
        finished=Count("pk"),
        met=Count("pk", filter=Q(state=ClockState.MET)),
        left_out=Count("pk", filter=Q(state=ClockState.MISSED, is_excused=True)),
    )
    met, finished = counts["met"], counts["finished"]
    raw = Value(kpi("slm-attainment"), met, finished)
    net = Value(kpi("slm-attainment-excused"), met, finished - counts["left_out"])
    is_kept = None if raw.number is None else raw.number >= float(agreement.attainment_target)
    return Attained(raw, net, is_kept)
