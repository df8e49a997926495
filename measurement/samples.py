"""
The single rows behind a number: what each record counted, and its single value.

Comparisons need more than sums. The rows come from the same expressions that count, so that they add up to the number.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.conf import settings
from django.db import connection

from . import declarations, statements
from .declarations import KPI, Direction, Unit
from .periods import Range
from .scope import Scope


@dataclass(frozen=True)
class Samples:
    """
    Rows that a KPI counted, by day.

    :ivar numerators: amount of each row. :ivar denominators: the same; all 1 for plain counts.
    :ivar singles: single values in the unit of the KPI, where it has a median; else empty.
    :ivar fingerprint: SHA-256 of the rows in their order: the same rows with the same amounts give the same.
    """

    span: Range
    days: tuple[date, ...]
    numerators: np.ndarray
    denominators: np.ndarray
    singles: np.ndarray
    fingerprint: str

    @property
    def count(self) -> int:
        return len(self.days)


def is_comparable(kpi: KPI) -> bool:
    """
    Whether periods of this KPI can be compared row by row: it knows which way is better, is no stock (what stands today
    stood there yesterday), and counts both amounts of a share, which is at least nothing, on the same rows.
    """
    if kpi.is_stock or kpi.is_signed or kpi.direction == Direction.NEUTRAL:
        return False
    if kpi.is_duration and not kpi.has_singles:
        return False
    if kpi.denominator is None:
        return kpi.unit in (Unit.COUNT, Unit.PER_DAY)
    for name in kpi.families:
        for event in declarations.family(name).events:
            if (kpi.numerator in event.amounts) != (kpi.denominator in event.amounts):
                return False
    return kpi.unit in (Unit.PERCENT, Unit.EACH) or kpi.is_duration


def comparable() -> list[KPI]:
    """The KPIs of which periods can be compared, in the order in which the practices declare them."""
    return [each for each in declarations.kpis() if is_comparable(each)]


def samples_of(kpi: KPI, span: Range, scope: Scope) -> Samples:
    """Every row that the KPI counted in these days and this scope. One statement."""
    rows = list(_rows(kpi, span, scope)) if not scope.is_empty and span.days > 0 else []
    digest = hashlib.sha256()
    for row in rows:
        digest.update("|".join(map(str, row)).encode())
        digest.update(b"\n")
    singles = [row[3] * kpi.factor for row in rows] if kpi.has_singles else []
    return Samples(
        span=span,
        days=tuple(row[2] for row in rows),
        numerators=np.array([row[3] for row in rows], dtype=np.int64),
        denominators=np.array([row[4] for row in rows], dtype=np.int64),
        singles=np.array(singles, dtype=float),
        fingerprint=digest.hexdigest(),
    )


def _rows(kpi: KPI, span: Range, scope: Scope) -> Iterable[tuple[str, int, date, int, int]]:
    """Family, key, day, numerator and denominator, in order of day and key."""
    conditions, parameters = scope.conditions()
    parameters |= {"zone": settings.TIME_ZONE} | statements.run_parameters(span.day_from, span.day_to)
    whole = kpi.denominator or kpi.numerator
    selected = []
    for family in map(declarations.family, kpi.families):
        for event in family.events:
            if whole not in event.amounts:
                continue
            weight = event.amounts[whole]
            selected.append(
                statements.event_rows(
                    family,
                    event,
                    columns=f"'{family.name}' AS family, {family.row} AS row_id,"
                    f" ({event.amounts[kpi.numerator]})::bigint AS numerator,"
                    f" {f'({weight})::bigint' if kpi.denominator else '1::bigint'} AS denominator",
                    conditions=f"{' AND '.join(conditions)} AND ({weight}) <> 0",
                )
            )
    sql = " UNION ALL ".join(selected)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family, row_id, day, numerator, denominator"  # noqa: S608 - declared by our code
            f" FROM ({sql}) counted ORDER BY day, family, row_id, numerator",
            parameters,
        )
        yield from cursor.fetchall()
