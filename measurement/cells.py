"""
Cells: what a family counted on one day at one place, as columns of numbers, and as the bytes that are kept of them.

A place is service, team, organization and priority in one number, so that a cell costs a few bytes and one comparison.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from .models import Cube
from .singles import Array, Singles, joined_singles, pack_values

# dimension -> (bits from the right, how many); the sign stays free, and one bit before it says whether it is the sample
BITS = {"service_id": (40, 22), "team_id": (24, 16), "organization_id": (4, 20), "priority": (0, 4)}
SAMPLE_BIT = 62
_KEPT = {
    Cube.TOTAL: (),
    Cube.WORK: ("service_id", "team_id"),
    Cube.CUSTOMER: ("organization_id", "priority"),
    Cube.ALL: tuple(BITS),
}
_WIDTHS = (np.dtype("<i1"), np.dtype("<i2"), np.dtype("<i4"), np.dtype("<i8"))
_FIRST_DAY = date(2000, 1, 1)


def largest(dimension: str) -> int:
    """The largest key of the dimension that a place can hold."""
    return (1 << BITS[dimension][1]) - 1


def place_sql() -> str:
    """SQL of the place of the record `r`, with the bit of the sample."""
    parts = [f"(coalesce(r.{name}, 0)::bigint << {shift})" for name, (shift, _width) in BITS.items()]
    return f"((r.is_sample::int::bigint << {SAMPLE_BIT}) | {' | '.join(parts)})"


def mask(cube: str) -> int:
    """The bits of a place that a cube keeps apart."""
    return sum(largest(name) << BITS[name][0] for name in _KEPT[Cube(cube)])


def keys_in(places: Array, dimension: str) -> Array:
    """The keys of one dimension."""
    return (places >> BITS[dimension][0]) & largest(dimension)


def number_of(day: date) -> int:
    """A day as PostgreSQL numbers it."""
    return (day - _FIRST_DAY).days


def day_of(number: int) -> date:
    return _FIRST_DAY + timedelta(days=int(number))


def fold(groups: Array, amounts: Array) -> tuple[Array, Array]:
    """
    Add up the columns of `amounts` (amounts × rows) that belong to the same group.

    Whole numbers only, so that the order of adding makes no difference. Groups come back in their order.
    """
    if not len(groups):
        return groups, amounts
    order = np.argsort(groups)
    ordered = groups[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[starts], np.add.reduceat(amounts[:, order], starts, axis=1, dtype=np.int64)


@dataclass(frozen=True)
class Sheet:
    """
    All cells of a family in one cube on one day, or in the month that begins with it.

    :ivar singles: of a day the single values behind its cells; empty where none are kept.
    """

    cube: str
    is_sample: bool
    first_day: date
    cells: bytes
    singles: bytes = b""


@dataclass(frozen=True)
class Cells:
    """
    Cells of any number of days, in no order. Days as PostgreSQL numbers them; `amounts` is amounts × cells.

    :ivar singles: the single values behind some of the amounts, in the order in which the family names these.
    """

    days: Array
    places: Array
    amounts: Array
    singles: tuple[Singles, ...] = ()

    def folded(self) -> "Cells":
        """One cell for each day and place."""
        known, position = np.unique(self.places, return_inverse=True)
        groups, amounts = fold(self.days.astype(np.int64) * max(1, len(known)) + position.ravel(), self.amounts)
        days, positions = np.divmod(groups, max(1, len(known)))
        return Cells(days, known[positions], amounts, self.singles)

    def by_month(self) -> "Cells":
        """The same amounts on the first day of each month, without their single values."""
        months = (np.datetime64(_FIRST_DAY, "D") + self.days).astype("datetime64[M]").astype("datetime64[D]")
        return Cells((months - np.datetime64(_FIRST_DAY, "D")).astype(np.int64), self.places, self.amounts).folded()

    def before(self, day: date) -> "Cells":
        is_wanted = self.days < number_of(day)
        return Cells(self.days[is_wanted], self.places[is_wanted], self.amounts[:, is_wanted])

    def sheets(self) -> Iterator[Sheet]:
        """The cells of each day and cube as they are kept; the same cells give the same bytes."""
        finest = self.folded()
        customer = finest._kept_by(Cube.CUSTOMER)
        found = {
            Cube.TOTAL: customer._kept_by(Cube.TOTAL),
            Cube.WORK: finest._kept_by(Cube.WORK),
            Cube.CUSTOMER: customer,
            Cube.ALL: finest,
        }
        for cube, cells in found.items():
            singles = [
                each.by_sheet(_sheet_of(each.days, each.places), each.places & mask(cube)) for each in self.singles
            ]
            # In order of day and place: places of the sample are larger than all others.
            parts = _sheet_of(cells.days, cells.places)
            places = cells.places & mask(cube)
            is_first = np.concatenate(([True], parts[1:] != parts[:-1], [True])) if len(parts) else np.zeros(0, bool)
            for begin, end in pairwise(np.flatnonzero(is_first).tolist()):
                day, is_sample = divmod(int(parts[begin]), 2)
                packed = pack(places[begin:end], cells.amounts[:, begin:end])
                if packed:
                    values = pack_values([each.get(int(parts[begin])) for each in singles])
                    yield Sheet(cube, bool(is_sample), day_of(day), packed, values)

    def _kept_by(self, cube: Cube) -> "Cells":
        return Cells(self.days, self.places & (mask(cube) | 1 << SAMPLE_BIT), self.amounts).folded()


def _sheet_of(days: Array, places: Array) -> Array:
    """On which sheet of a cube each of them stands."""
    return days * 2 + (places >> SAMPLE_BIT)


def pack(places: Array, amounts: Array) -> bytes:
    """
    The bytes of some cells: how many, how many columns, the width of each column, the columns.

    Each column takes the narrowest whole numbers that hold it: most amounts fit into one byte. Cells in which nothing
    was counted are left out; without any others nothing remains.

    :param places: in their order.
    """
    counted = amounts.any(axis=0)
    if not counted.all():
        places, amounts = places[counted], amounts[:, counted]
    if not len(places):
        return b""
    lows, highs = [int(places[0]), *amounts.min(axis=1).tolist()], [int(places[-1]), *amounts.max(axis=1).tolist()]
    widths = [_width(low, high) for low, high in zip(lows, highs, strict=True)]
    head = struct.pack("<II", len(places), len(widths)) + bytes(widths)
    columns = [places.astype(_WIDTHS[widths[0]])]
    columns += [column.astype(_WIDTHS[width]) for column, width in zip(amounts, widths[1:], strict=True)]
    return head + b"".join([column.tobytes() for column in columns])


def _width(low: int, high: int) -> int:
    """The narrowest of the widths that holds both."""
    bits = max(high.bit_length(), (~low).bit_length() if low < 0 else 0)
    return 0 if bits < 8 else 1 if bits < 16 else 2 if bits < 32 else 3


def unpack(packed: bytes | memoryview) -> list[Array]:
    """The columns of packed cells, the places first; narrow numbers, which `fold` widens."""
    count, width = struct.unpack_from("<II", packed)
    kinds = [_WIDTHS[each] for each in bytes(packed[8 : 8 + width])]
    columns, offset = [], 8 + width
    for kind in kinds:
        columns.append(np.frombuffer(packed, kind, count, offset))
        offset += count * kind.itemsize
    return columns


def column_of(packed: bytes | memoryview, number: int) -> Array:
    """One of the columns of packed cells: 0 for the places, 1 for the first amount."""
    count, width = struct.unpack_from("<II", packed)
    *before, kind = (_WIDTHS[each] for each in bytes(packed[8 : 9 + number]))
    return np.frombuffer(packed, kind, count, 8 + width + count * sum(each.itemsize for each in before))


def unpack_all(packed: Sequence[bytes | memoryview]) -> tuple[Array, list[Array]]:
    """
    The cells of many sheets as one: which sheet each is of, by its place in the list, and their columns.

    Sheets alike in size and widths, such as those of the days of a year, are read in one go: reading them one by one
    takes longer than everything that is done with them. Those alike come out one behind the other.
    """
    alike: dict[bytes, list[int]] = {}
    for number, each in enumerate(packed):
        (width,) = struct.unpack_from("<I", each, 4)
        alike.setdefault(bytes(each[: 8 + width]), []).append(number)
    parts = [_unpack_alike([packed[number] for number in those]) for those in alike.values()]
    numbers = [np.repeat(those, len(part[0]) // len(those)) for those, part in zip(alike.values(), parts, strict=True)]
    return np.concatenate(numbers), [np.concatenate(column) for column in zip(*parts, strict=True)]


def _unpack_alike(packed: Sequence[bytes | memoryview]) -> list[Array]:
    """The columns of sheets with the same size and widths, one sheet behind the other."""
    if len(packed) == 1:
        return unpack(packed[0])
    count, width = struct.unpack_from("<II", packed[0])
    lines = np.frombuffer(b"".join(packed), np.uint8).reshape(len(packed), -1)
    columns, offset = [], 8 + width
    for kind in [_WIDTHS[each] for each in bytes(packed[0][8:offset])]:
        end = offset + count * kind.itemsize
        columns.append(np.ascontiguousarray(lines[:, offset:end]).view(kind).ravel())
        offset = end
    return columns


def joined(parts: Sequence[Cells], width: int) -> Cells:
    """All cells of some parts; `width` amounts even without any."""
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Cells(nothing, nothing, np.zeros((width, 0), np.int64))
    return Cells(
        np.concatenate([each.days for each in parts]),
        np.concatenate([each.places for each in parts]),
        np.concatenate([each.amounts for each in parts], axis=1),
        tuple(map(joined_singles, zip(*(each.singles for each in parts), strict=True))),
    )
