"""Finished clocks in three numbers, from which attainment follows raw and with excused misses left out."""

from typing import NamedTuple


class Counts(NamedTuple):
    """Finished clocks: how many met their target, how many there were, and how many without excused misses."""

    met: int
    finished: int
    counted: int

    def __add__(self, other: "Counts") -> "Counts":  # type: ignore[override] # adds up instead of lengthening
        return Counts(self.met + other.met, self.finished + other.finished, self.counted + other.counted)

    @property
    def missed(self) -> int:
        return self.finished - self.met

    @property
    def excused(self) -> int:
        return self.finished - self.counted


NOTHING = Counts(0, 0, 0)
