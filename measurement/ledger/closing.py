"""
Closing periods, and telling figures anew where the records say something else now.

Whoever closes holds one lock, so that two workers never tell the same figure twice; a period is one transaction.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from audit import log
from audit.models import Entry
from common.refusals import Refused
from common.texts import one_line
from people.access import require

from .. import known, rebuild
from ..declarations import KPI
from ..models import Grain
from ..periods import Range, next_period, period_of, today
from ..scope import has_sample, is_nothing_real
from . import late
from .counting import Counter, Figure, value_of
from .models import Cause, Closing, LateFact, LedgerReading

OPERATION = "kpi.restate"
FIRST_DAYS = 31
ACTS_AT_MOST = 20
LOCK = 0x5354_4C44
ONE_DAY = timedelta(days=1)
_logger = logging.getLogger(__name__)


def close(
    *, at: datetime, day_from: date | None = None, say: Any = _logger.info, only_sample: bool = False
) -> int:  # fmt: skip
    """
    Tell the figures of all days and months that are over and were not told, then those that have changed since.

    A measure that was never closed begins 31 days back. Marks that wait are counted first. Of what is real nothing is
    told before anything was counted.

    :param at: moment noted as that of the telling; periods that are over then are closed.
    :param day_from: begin there with measures that were never closed. :param only_sample: leave what is real alone.
    :returns: how many rows were written.
    """
    while rebuild.settle_marks():
        pass
    end = today(at)
    written = 0
    kinds = [False] if not only_sample and not is_nothing_real() else []
    for is_sample in [*kinds, True] if has_sample() else kinds:
        written += _close(known.kpis(), end, is_sample=is_sample, at=at, day_from=day_from, say=say)
    return written + restate_late(at=at)


def _close(
    kpis: Sequence[KPI], end: date, *, is_sample: bool, at: datetime, day_from: date | None, say: Any
) -> int:  # fmt: skip
    begin = day_from or end - timedelta(days=FIRST_DAYS)
    closed = dict(Closing.objects.filter(is_sample=is_sample).values_list("kpi", "closed_to"))
    day = min([closed.get(kpi.id, begin) for kpi in kpis], default=end)
    written = 0
    while day < end:
        due = [kpi for kpi in kpis if closed.get(kpi.id, begin) <= day]
        with transaction.atomic():
            _lock()
            for grain, span in _ending(day):
                counter = Counter(span, due, is_sample=is_sample)
                rows = [row for kpi in due for row in _told(kpi, counter, grain, at)]
                LedgerReading.objects.bulk_create(rows, batch_size=2_000, ignore_conflicts=True)
                written += len(rows)
            Closing.objects.bulk_create(
                [Closing(kpi=kpi.id, is_sample=is_sample, closed_to=day + ONE_DAY) for kpi in due],
                update_conflicts=True, unique_fields=["kpi", "is_sample"], update_fields=["closed_to"],
            )  # fmt: skip
        say(f"{day}: {len(due)} measures")
        day += ONE_DAY
    return written


def _ending(day: date) -> Iterator[tuple[Grain, Range]]:
    """The periods that end with a day."""
    yield Grain.DAY, Range(day, day + ONE_DAY)
    if (day + ONE_DAY).day == 1:
        yield Grain.MONTH, Range(period_of(day, Grain.MONTH), day + ONE_DAY)


def _told(kpi: KPI, counter: Counter, grain: Grain, at: datetime) -> Iterator[LedgerReading]:
    for place, figure in counter.figures(kpi).items():
        yield _row(kpi, counter, grain, place, figure, at=at, cause=Cause.CLOSING)


def _row(
    kpi: KPI, counter: Counter, grain: Grain, place: int, figure: Figure, *, at: datetime, cause: Cause, **more: Any
) -> LedgerReading:
    return LedgerReading(
        kpi=kpi.id, grain=grain, first_day=counter.span.day_from, is_sample=counter.is_sample, organization_id=place,
        definition=kpi.definition, counts=list(figure.counts), value=value_of(kpi, figure.counts, counter.span).number,
        row_count=figure.row_count, fingerprint=figure.fingerprint, taken_at=at, cause=cause,
        **({"edition": 1} | more),
    )  # fmt: skip


def latest(kpi: str, grain: str, first_day: date, *, is_sample: bool) -> dict[int, LedgerReading]:
    """What holds today of a period, by organization."""
    rows = _period(kpi, grain, first_day, is_sample=is_sample).order_by("organization_id", "-edition")
    return {row.organization_id: row for row in rows.distinct("organization_id")}


def _period(kpi: str, grain: str, first_day: date, *, is_sample: bool) -> QuerySet[LedgerReading]:
    return LedgerReading.objects.filter(kpi=kpi, grain=grain, first_day=first_day, is_sample=is_sample)


def span_of(grain: str, first_day: date) -> Range:
    return Range(first_day, next_period(first_day, grain))


def differing(kpi: KPI, counter: Counter, grain: str) -> dict[int, tuple[LedgerReading | None, Figure]]:
    """Where the records say something else than what holds: what held, and what they say."""
    held = latest(kpi.id, grain, counter.span.day_from, is_sample=counter.is_sample)
    if not held:
        return {}
    now = counter.figures(kpi)
    nothing = counter.nothing(kpi)
    found: dict[int, tuple[LedgerReading | None, Figure]] = {}
    for place in held.keys() | now.keys():
        figure, row = now.get(place, nothing), held.get(place)
        if row is None or row.fingerprint != figure.fingerprint or tuple(row.counts) != figure.counts:
            found[place] = row, figure
    return found


def restate_late(*, at: datetime) -> int:
    """
    Look at every figure that late facts are about, and tell anew those that are different. Returns how many rows.

    What stands at the end of a day stands on the next ones, too: where such a figure is different, the days after it
    are looked at until one is as it was.
    """
    facts: dict[date, dict[str, set[int]]] = {}
    looked_at = []
    for key, family, day, record in LateFact.objects.values_list("pk", "family", "day", "record_id"):
        facts.setdefault(day, {}).setdefault(family, set()).add(record)
        looked_at.append(key)
    end = late.closed_to()
    if not facts or end is None:
        return 0
    kpis = known.kpis()
    months: dict[date, dict[str, set[int]]] = {}
    carried: dict[str, set[int]] = {}
    written, day = 0, min(facts)
    while day < end:
        due = _due(kpis, facts.get(day, {}), carried)
        for name, records in due.items():
            months.setdefault(period_of(day, Grain.MONTH), {}).setdefault(name, set()).update(records)
        told = _again(kpis, Grain.DAY, day, due, at=at)
        written += sum(told.values())
        carried = {kpi.id: due[kpi.id] for kpi in kpis if kpi.has_standing and told.get(kpi.id)}
        later = [each for each in facts if each > day]
        if not carried and not later:
            break
        day = day + ONE_DAY if carried else min(later)
    for month, wanted in sorted(months.items()):
        written += sum(_again(kpis, Grain.MONTH, month, wanted, at=at).values())
    late.done(looked_at)
    return written


def _due(kpis: Iterable[KPI], facts: dict[str, set[int]], carried: dict[str, set[int]]) -> dict[str, set[int]]:
    """Measures to look at on a day, with the records that are the reason."""
    due = {name: set(records) for name, records in carried.items()}
    for kpi in kpis:
        records = {record for name in kpi.families for record in facts.get(name, ())}
        if records:
            due.setdefault(kpi.id, set()).update(records)
    return due


def _again(kpis: Iterable[KPI], grain: Grain, first: date, due: dict[str, set[int]], *, at: datetime) -> dict[str, int]:
    """How many rows were told of each measure."""
    written: dict[str, int] = {}
    for is_sample in (False, True) if has_sample() else (False,):
        counter = Counter(span_of(grain, first), [kpi for kpi in kpis if kpi.id in due], is_sample=is_sample)
        for kpi in kpis:
            if kpi.id in due:
                told = restate(kpi, counter, grain, at=at, cause=Cause.LATE, records=due[kpi.id])
                written[kpi.id] = written.get(kpi.id, 0) + told
    return written


@transaction.atomic
def restate(
    kpi: KPI, counter: Counter, grain: str, *, at: datetime, cause: Cause, by: Any = None, reason: str = "",
    records: Iterable[int] = (),
) -> int:  # fmt: skip
    """
    Tell a period anew where the records say something else than what holds. Returns how many rows were written.

    The figure that held stays; the new one says who, when and why.

    :param records: those that may have told of it since.
    """
    _lock()
    found = differing(kpi, counter, grain)
    if cause != Cause.BY_HAND:
        # Figures of an older definition stay what they were told as, unless a person wants them counted with today's.
        is_same = all(row is None or row.definition == kpi.definition for row, _figure in found.values())
        found = found if is_same else {}
    if not found:
        return 0
    told_at = min((row.taken_at for row, _figure in found.values() if row is not None), default=at)
    acts = _acts(records, told_at)
    LedgerReading.objects.bulk_create(
        _row(
            kpi, counter, Grain(grain), place, figure, at=at, cause=cause, by=by, reason=reason, acts=acts,
            edition=row.edition + 1 if row is not None else 1,
        )
        for place, (row, figure) in found.items()
    )  # fmt: skip
    return len(found)


def _acts(records: Iterable[int], since: datetime) -> list[int]:
    """The latest acts on these records that were written down after a moment."""
    rows = Entry.objects.filter(subject_kind="record", subject_id__in=[each for each in records if each > 0])
    return sorted(rows.filter(recorded_at__gt=since).order_by("-pk").values_list("pk", flat=True)[:ACTS_AT_MOST])


def restate_by_hand(
    *, kpi: KPI, grain: str, first_day: date, is_sample: bool, by: Any, at: datetime, reason: str
) -> int:
    """
    Have a person's wish counted: tell a period anew as the records and the definition of today say.

    :raises NotAllowed: :raises Refused: no reason, nothing was told of the period, or nothing is different.
    """
    require(by, OPERATION)
    said = one_line(reason)
    if not said:
        raise Refused.because(
            "required", _("Say why it is counted again. Readers of the figure want to know."), "reason"
        )
    if len(said) > 300:
        raise Refused.because("too_long", _("At most 300 characters fit here. Shorten it."), "reason")
    if not latest(kpi.id, grain, first_day, is_sample=is_sample):
        raise Refused.because("unknown", _("Nothing was told of these days. Choose a period of the ledger."))
    counter = Counter(span_of(grain, first_day), [kpi], is_sample=is_sample)
    if not restate(kpi, counter, grain, at=at, cause=Cause.BY_HAND, by=by, reason=said):
        raise Refused.because("unchanged", _("The records say the same as before: the same rows, the same figure."))
    log.record(
        "kpi.restated", subject_kind="measure", subject_id=0, subject_label=kpi.name, by=by, at=at, reason=said,
        data={"kpi": kpi.id, "grain": grain, "first_day": first_day},
    )  # fmt: skip
    return 1


def closed_to(is_sample: bool) -> date | None:
    """Before which day every figure was told; None before any."""
    return Closing.objects.filter(is_sample=is_sample).aggregate(day=Max("closed_to"))["day"]


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '15min'; SET LOCAL lock_timeout = '15min'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
