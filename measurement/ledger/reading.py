"""Reading the ledger with the rights of a viewer: figures of everybody, or sums of those organizations they cover."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.models import Entry
from records.models import Record

from ..declarations import KPI
from ..models import Grain
from ..periods import Range, label
from ..scope import Scope
from ..values import write
from .closing import span_of
from .counting import EVERYBODY, value_of
from .models import Cause, LedgerReading

PERIODS = 60


@dataclass(frozen=True)
class Edition:
    """
    One figure that was told of a period.

    :ivar text: empty where parts were told under definitions that do not add up.
    :ivar fingerprint: of the rows of everybody, or of one organization; empty for sums.
    """

    number: int
    definition: int
    text: str
    counts: tuple[int, ...]
    row_count: int
    fingerprint: str
    row: LedgerReading


@dataclass(frozen=True)
class Told:
    """Everything that was told of one period, the first figure first."""

    kpi: KPI
    grain: str
    first_day: date
    editions: list[Edition]

    @property
    def span(self) -> Range:
        return span_of(self.grain, self.first_day)

    @property
    def label(self) -> str:
        return label(self.first_day, self.grain)

    @property
    def first(self) -> Edition:
        return self.editions[0]

    @property
    def latest(self) -> Edition:
        return self.editions[-1]

    @property
    def is_restated(self) -> bool:
        return len(self.editions) > 1

    @property
    def again(self) -> int:
        """How often another figure was told in the place of one."""
        return len(self.editions) - 1


def periods_of(kpi: KPI, grain: str, scope: Scope, *, before: date | None = None) -> list[Told]:
    """
    What was told of a measure, the latest period first, a page of them.

    :param before: periods that begin earlier than this.
    """
    rows = _rows(scope).filter(kpi=kpi.id, grain=grain)
    if before is not None:
        rows = rows.filter(first_day__lt=before)
    days = list(rows.order_by("-first_day").values_list("first_day", flat=True).distinct()[:PERIODS])
    found: dict[date, list[LedgerReading]] = {}
    for row in rows.filter(first_day__in=days).select_related("by").order_by("edition", "pk"):
        found.setdefault(row.first_day, []).append(row)
    return [told(kpi, grain, day, found[day], scope) for day in days]


def one(kpi: KPI, grain: str, first_day: date, scope: Scope) -> Told | None:
    """What was told of one period; None when nothing was, or nothing that the viewer may see."""
    rows = list(
        _rows(scope).filter(kpi=kpi.id, grain=grain, first_day=first_day).select_related("by").order_by("edition", "pk")
    )
    return told(kpi, grain, first_day, rows, scope) if rows else None


def _rows(scope: Scope) -> Any:
    """Rows of the ledger in this scope."""
    rows = LedgerReading.objects.filter(is_sample=scope.is_sample)
    if scope.organizations is None:
        return rows.filter(organization_id=EVERYBODY)
    return rows.filter(organization_id__in=scope.organizations or [-1])


def told(kpi: KPI, grain: str, first_day: date, rows: Iterable[LedgerReading], scope: Scope) -> Told:
    """
    The figures of a period out of its rows.

    Of several organizations the sums: each time one of them was told anew there is a further figure of them all.
    """
    span = span_of(grain, first_day)
    held: dict[int, LedgerReading] = {}
    editions: list[Edition] = []
    by_moment: dict[Any, list[LedgerReading]] = {}
    for row in rows:
        by_moment.setdefault(row.taken_at, []).append(row)
    for moment in sorted(by_moment):
        for row in by_moment[moment]:
            held[row.organization_id] = row
        row = by_moment[moment][-1]
        editions.append(_edition(kpi, span, len(editions) + 1, row, list(held.values())))
    return Told(kpi, grain, first_day, editions)


def _edition(kpi: KPI, span: Range, number: int, row: LedgerReading, held: list[LedgerReading]) -> Edition:
    width = {len(each.counts) for each in held}
    counts = tuple(map(sum, zip(*(each.counts for each in held), strict=True))) if len(width) == 1 else ()
    if len(held) == 1:
        text = write(row.value, kpi.unit)
    elif len(counts) == len(kpi.counts):
        text = value_of(kpi, counts, span).text
    else:
        text = ""
    return Edition(
        number=number, definition=row.definition, text=text, counts=counts,
        row_count=sum(each.row_count for each in held),
        fingerprint=row.fingerprint if len(held) == 1 else "", row=row,
    )  # fmt: skip


def acts_of(row: LedgerReading, viewer: Any) -> tuple[list[tuple[Entry, Record]], int]:
    """Acts that told of a figure's rows later, with their records: those the viewer may see, and how many others."""
    entries = list(Entry.objects.filter(pk__in=row.acts).select_related("actor").order_by("recorded_at", "pk"))
    records = {
        record.pk: record
        for record in Record.objects.filter(pk__in={entry.subject_id for entry in entries}).visible_to(viewer)
    }
    seen = [(entry, records[entry.subject_id]) for entry in entries if entry.subject_id in records]
    return seen, len(entries) - len(seen)


def restated(scope: Scope, *, limit: int = 50) -> list[LedgerReading]:
    """The latest figures that were told in the place of others."""
    rows = _rows(scope).filter(edition__gt=1)
    return list(rows.select_related("by").order_by("-taken_at", "-pk")[:limit])


def before(rows: Iterable[LedgerReading]) -> dict[int, LedgerReading]:
    """For each of these the figure that it took the place of, by key. One statement."""
    wanted = list(rows)
    known = {
        (row.kpi, row.grain, row.first_day, row.is_sample, row.organization_id, row.edition): row
        for row in LedgerReading.objects.filter(
            kpi__in={row.kpi for row in wanted}, first_day__in={row.first_day for row in wanted}
        )
    }
    found = {}
    for row in wanted:
        key = (row.kpi, row.grain, row.first_day, row.is_sample, row.organization_id, row.edition - 1)
        if key in known:
            found[row.pk] = known[key]
    return found


def one_text(kpi: KPI, row: LedgerReading) -> str:
    """The figure of a row as people read it."""
    return write(row.value, kpi.unit)


def why(row: LedgerReading) -> str:
    """Why a figure was told, in words."""
    return row.reason or str(Cause(row.cause).label)


GRAINS = (Grain.DAY, Grain.MONTH)
