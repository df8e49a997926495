"""What a formula would have said over the last months, before anybody keeps it."""

from dataclasses import dataclass
from datetime import date, timedelta

from .. import queries
from ..declarations import KPI
from ..models import Grain
from ..periods import Range, period_of
from ..scope import Scope

MONTHS = 12


@dataclass(frozen=True)
class Month:
    label: str
    text: str
    detail: str
    number: float | None


def months_until(today: date) -> Range:
    """Twelve months, the present one the last, as far as it is over."""
    first = period_of(today, Grain.MONTH)
    for _month in range(MONTHS - 1):
        first = period_of(first - timedelta(days=1), Grain.MONTH)
    return Range(first, today + timedelta(days=1))


def preview(kpi: KPI, scope: Scope, *, today: date) -> list[Month]:
    """The measure by month, in what the viewer may see. Three statements at most."""
    [series] = queries.series(kpi, months_until(today), scope, grain=Grain.MONTH)
    return [
        Month(
            label=point.label,
            text=point.value.text if point.value is not None else "",
            detail=f"{point.value.numerator} / {point.value.denominator}"
            if point.value is not None and kpi.formula is not None and kpi.formula.is_plain_ratio
            else "",
            number=point.value.number if point.value is not None else None,
        )
        for point in series.points
    ]
