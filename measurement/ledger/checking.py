"""Whether the ledger says what the records say: every figure that holds, counted again from the rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from .. import known
from ..declarations import KPI
from .closing import differing, span_of
from .counting import Counter
from .models import LedgerReading


@dataclass(frozen=True)
class Difference:
    """A figure that the records do not give. :ivar organization_id: 0 for everybody."""

    kpi: str
    grain: str
    first_day: date
    organization_id: int
    told: tuple[int, ...] | None
    counted: tuple[int, ...]


def check(
    *, day_from: date | None = None, day_to: date | None = None, say: Callable[[str], None] = print
) -> list[Difference]:
    """
    Count every period of the ledger again and compare rows, amounts and fingerprints. Changes nothing.

    Figures of an older definition are left out: what they meant is no longer counted.

    :param day_to: the last day, included.
    """
    wanted = Q()
    if day_from is not None:
        wanted &= Q(first_day__gte=day_from)
    if day_to is not None:
        wanted &= Q(first_day__lte=day_to)
    kpis = {each.id: each for each in known.kpis()}
    periods = (
        LedgerReading.objects.filter(wanted)
        .order_by("is_sample", "grain", "first_day")
        .values_list("is_sample", "grain", "first_day")
        .distinct()
    )
    found: list[Difference] = []
    for is_sample, grain, first_day in periods:
        names = LedgerReading.objects.filter(is_sample=is_sample, grain=grain, first_day=first_day)
        told = [kpis[name] for name in names.values_list("kpi", flat=True).distinct() if name in kpis]
        counter = Counter(span_of(grain, first_day), told, is_sample=is_sample)
        differ = list(_differences(told, counter, grain))
        found += differ
        say(f"{grain} {first_day}: {len(told)} measures, {len(differ)} figures differ")
    return found


def _differences(kpis: list[KPI], counter: Counter, grain: str) -> Iterator[Difference]:
    for kpi in kpis:
        for place, (row, figure) in differing(kpi, counter, grain).items():
            if row is None or row.definition == kpi.definition:
                told = tuple(row.counts) if row is not None else None
                yield Difference(kpi.id, grain, counter.span.day_from, place, told, figure.counts)
