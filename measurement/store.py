"""Keeping readings: rows of packed cells by day, and the same by month for what lies some time back."""

import io
import struct
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Q

from .cells import SAMPLE_BIT, Cells, Sheet, joined, number_of, unpack
from .declarations import Family
from .models import Cube, FamilyState, Grain, Reading
from .periods import next_period, period_of

_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TAIL = struct.pack(">h", -1)
_COLUMNS = "family, cube, is_sample, grain, first_day, definition, cells, singles"


def months_to(day: date) -> date:
    """
    Before which day months are kept beside their days: the month before the present one begins there.

    Acts touch the days of late; those are counted again every few seconds, and their months would have to be, too.
    """
    return period_of(period_of(day, Grain.MONTH) - timedelta(days=1), Grain.MONTH)


def is_current(state: FamilyState, family: Family) -> bool:
    """Whether the state was counted with the definition and in the reporting zone of today."""
    return state.definition == family.definition and state.zone == settings.TIME_ZONE


def note(family: Family, at: datetime, to: date) -> None:
    """Note that everything is counted, and that months before `to` are kept."""
    FamilyState.objects.update_or_create(
        family=family.name,
        defaults={
            "definition": family.definition,
            "zone": settings.TIME_ZONE,
            "computed_at": at,
            "months_to": to,
        },
    )


def months_kept() -> dict[str, date]:
    """Up to where months are kept, by the name of the family; without those that were never counted."""
    return {state.family: state.months_to for state in FamilyState.objects.all() if state.months_to is not None}


def replace_all(family: Family, told: Cells, to: date) -> None:
    """Put cells in the place of everything that is kept of a family, with months before `to`."""
    Reading.objects.filter(family=family.name).delete()
    _write(family, Grain.DAY, told.sheets())
    _write(family, Grain.MONTH, told.before(to).by_month().sheets())


def replace(family: Family, spans: Sequence[tuple[date, date]], told: Cells, kept_to: date | None) -> None:
    """
    Put cells in the place of those of some runs of days, and add up the months anew that these days lie in.

    :param kept_to: before which day months are kept; None for none.
    """
    _delete(family, Grain.DAY, spans)
    _write(family, Grain.DAY, told.sheets())
    months = set()
    for first, after in spans:
        month = period_of(first, Grain.MONTH)
        while kept_to is not None and month < min(after, kept_to):
            months.add((month, next_period(month, Grain.MONTH)))
            month = next_period(month, Grain.MONTH)
    if months:
        _delete(family, Grain.MONTH, sorted(months))
        _write(family, Grain.MONTH, _days(family, sorted(months)).by_month().sheets())


def _in(spans: Sequence[tuple[date, date]]) -> Q:
    """Naming every cube and both kinds of data lets the index find the days."""
    days = Q()
    for first, after in spans:
        days |= Q(first_day__gte=first, first_day__lt=after)
    return Q(cube__in=Cube.values, is_sample__in=[False, True]) & days


def _delete(family: Family, grain: str, spans: Sequence[tuple[date, date]]) -> None:
    Reading.objects.filter(_in(spans), family=family.name, grain=grain).delete()


def _write(family: Family, grain: str, sheets: Iterable[Sheet]) -> None:
    written = [_line(family, grain, sheet) for sheet in sheets]
    if written:
        with connection.cursor() as cursor:
            file = io.BytesIO(b"".join([_HEAD, *written, _TAIL]))
            cursor.copy_expert(f"COPY measurement_reading ({_COLUMNS}) FROM STDIN (FORMAT binary)", file)


def _line(family: Family, grain: str, sheet: Sheet) -> bytes:
    values = (
        family.name.encode(),
        sheet.cube.encode(),
        b"\1" if sheet.is_sample else b"\0",
        grain.encode(),
        struct.pack(">i", number_of(sheet.first_day)),
        struct.pack(">h", family.definition),
        sheet.cells,
        sheet.singles,
    )
    return struct.pack(">h", len(values)) + b"".join(struct.pack(">i", len(each)) + each for each in values)


def keep_months_to(family: Family, to: date) -> None:
    """Add up the months that have passed since it was done; before `to` all are there."""
    state = FamilyState.objects.filter(family=family.name, months_to__lt=to).first()
    if state is not None and state.months_to is not None:
        _write(family, Grain.MONTH, _days(family, [(state.months_to, to)]).by_month().sheets())
        FamilyState.objects.filter(pk=state.pk).update(months_to=to)


def _days(family: Family, spans: Sequence[tuple[date, date]]) -> Cells:
    """The finest cells of some runs of days, from their readings."""
    rows = Reading.objects.filter(
        _in(spans), family=family.name, cube=Cube.ALL, grain=Grain.DAY, definition=family.definition
    )
    parts = []
    for is_sample, day, packed in rows.values_list("is_sample", "first_day", "cells"):
        places, *amounts = unpack(packed)
        parts.append(
            Cells(
                np.full(len(places), number_of(day), np.int64),
                places.astype(np.int64) | int(is_sample) << SAMPLE_BIT,
                np.array(amounts, np.int64),
            )
        )
    return joined(parts, len(family.amounts))


def differing(family: Family, told: Cells, kept_to: date | None) -> list[date]:
    """The days, and first days of months, of which other readings are kept than all the cells of a family told of."""
    expected = {(Grain.DAY.value, *_key(sheet)): (sheet.cells, sheet.singles) for sheet in told.sheets()}
    if kept_to is not None:
        months = told.before(kept_to).by_month()
        expected |= {(Grain.MONTH.value, *_key(sheet)): (sheet.cells, sheet.singles) for sheet in months.sheets()}
    rows = Reading.objects.filter(family=family.name)
    kept = {
        (grain, cube, is_sample, day): (bytes(packed), bytes(singles)) if definition == family.definition else None
        for grain, cube, is_sample, day, definition, packed, singles in rows.values_list(
            "grain", "cube", "is_sample", "first_day", "definition", "cells", "singles"
        )
    }
    return sorted({key[-1] for key in expected.keys() | kept.keys() if expected.get(key) != kept.get(key)})


def _key(sheet: Sheet) -> tuple[str, bool, date]:
    return str(sheet.cube), sheet.is_sample, sheet.first_day
