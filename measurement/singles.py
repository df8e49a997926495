"""
The single values behind a duration, kept beside the cells of a day.

Medians don't add up as sums do: they need every value. Within a sheet the values stand in the order of its cells, as
many for each cell as it counts, so a value costs its own few bytes and nobody reads a record to sort a million of them.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

Array = np.ndarray
_WIDTHS = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"), np.dtype("<u8"))
_HEAD = struct.Struct("<IB")


@dataclass(frozen=True)
class Singles:
    """Whole numbers from zero on, each with its day and place, in no order."""

    days: Array
    places: Array
    values: Array

    @classmethod
    def of(cls, days: Array, places: Array, values: Array, counts: Array) -> Self:
        """Of rows that are counted as one each, or not at all."""
        is_counted = counts != 0
        return cls(days[is_counted], places[is_counted], values[is_counted])

    def by_sheet(self, parts: Array, places: Array) -> dict[int, Array]:
        """
        The values of each sheet, in the order of its cells and then by size.

        :param parts: which sheet each value is of. :param places: of each value, as far as the sheet keeps them apart.
        """
        order = np.lexsort((self.values, places, parts))
        ordered, values = parts[order], self.values[order]
        edges = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(ordered)]
        return {int(ordered[begin]): values[begin:end] for begin, end in pairwise(edges) if end > begin}


NOTHING = np.zeros(0, np.int64)
NO_SINGLES = Singles(NOTHING, NOTHING, NOTHING)


def joined_singles(parts: Sequence[Singles]) -> Singles:
    return Singles(*(np.concatenate([getattr(each, name) for each in parts]) for name in ("days", "places", "values")))


def pack_values(columns: Sequence[Array | None]) -> bytes:
    """
    The bytes of some runs of values: of each how many, how wide, and the values. Nothing at all for none.

    A run takes the narrowest numbers that hold its largest.
    """
    runs = [NOTHING if each is None else each for each in columns]
    if not any(len(each) for each in runs):
        return b""
    packed = []
    for run in runs:
        bits = int(run.max()).bit_length() if len(run) else 0
        width = 0 if bits <= 8 else 1 if bits <= 16 else 2 if bits <= 32 else 3
        packed += [_HEAD.pack(len(run), width), run.astype(_WIDTHS[width]).tobytes()]
    return b"".join(packed)


def unpack_values(packed: bytes | memoryview, number: int) -> Array:
    """One of the runs; no values where nothing was packed."""
    offset = 0
    while len(packed) > offset:
        count, width = _HEAD.unpack_from(packed, offset)
        offset += _HEAD.size
        if not number:
            return np.frombuffer(packed, _WIDTHS[width], count, offset)
        number, offset = number - 1, offset + count * _WIDTHS[width].itemsize
    return NOTHING
