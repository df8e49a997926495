"""
The estimator, pure: how far clocks alike came, from coarse groups to fine ones, and what that says of one.

The chance to miss of a clock that has used a share of its target is the share missed among finished clocks alike that
had used as much: those that stopped before are no longer comparable. It is read per twentieth of the target, rounded
down. Each finer group is drawn toward the coarser one, as if that had added `WEIGHT` clocks of its own: few clocks say
little, many say what they say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

STEPS = 20
WEIGHT = 10.0
NEEDED = 30
FEATURES = ("kind", "clock", "priority", "team", "service", "block")
COARSEST = 2  # kind of record and clock are never mixed
NOBODY = (0,) * STEPS
BLOCKS = ((0, 6), (6, 12), (12, 18), (18, 24))


@dataclass(slots=True)
class Tally:
    """Finished clocks of one group: `met[n]` by twentieths used, and how many were missed."""

    met: list[int] = field(default_factory=lambda: [0] * STEPS)
    missed: int = 0

    def add(self, step: int, *, is_missed: bool, count: int = 1) -> None:
        if is_missed:
            self.missed += count
        else:
            self.met[step] += count

    def alike(self) -> list[int]:
        """How many came so far or further, by twentieths."""
        return [self.missed + met for met in reversed(list(accumulate(reversed(self.met))))]


@dataclass(frozen=True, slots=True)
class Chance:
    """
    What the history says.

    :param chance: None where fewer than `NEEDED` clocks of the kind came this far. :param group: the finest group with
        enough of them, or the coarsest. :param alike: how many of it came this far. :param missed: and were missed.
    :param of_kind: what the coarsest group alone would say.
    """

    chance: float | None
    group: str
    alike: int
    missed: int
    of_kind: float = 0.0


def step_of(share: float) -> int:
    """The twentieth that a used share of the target lies in; all of it used, or more, is the last."""
    return min(STEPS - 1, max(0, int(share * STEPS + 1e-9)))


def groups_of(features: Sequence[object]) -> list[str]:
    """Names of the groups that a clock belongs to, the coarsest first. :param features: in the order of `FEATURES`."""
    texts = ["" if each is None else str(each) for each in features]
    return ["|".join(texts[:depth]) for depth in range(COARSEST, len(FEATURES) + 1)]


class Curves:
    """Tallies of all groups, ready to be asked."""

    def __init__(self, tallies: Mapping[str, Tally]) -> None:
        self._known: dict[str, tuple[Sequence[int], int]] = {
            group: (tally.alike(), tally.missed) for group, tally in tallies.items()
        }

    def chance(self, features: Sequence[object], step: int) -> Chance:
        """The chance to miss of a clock that has used so many twentieths."""
        groups = groups_of(features)
        found, alike, missed = groups[0], *self._of(groups[0], step)
        if alike < NEEDED:
            return Chance(None, found, alike, missed)
        estimate = of_kind = missed / alike
        for group in groups[1:]:
            count, hits = self._of(group, step)
            estimate = (hits + WEIGHT * estimate) / (count + WEIGHT)
            if count >= NEEDED:
                found, alike, missed = group, count, hits
        return Chance(estimate, found, alike, missed, of_kind)

    def _of(self, group: str, step: int) -> tuple[int, int]:
        """How many of a group came so far, and how many of them were missed."""
        alike, missed = self._known.get(group, (NOBODY, 0))
        return alike[step], missed


def tallied(rows: Iterable[tuple[Sequence[object], int, bool, int]]) -> dict[str, Tally]:
    """Add finished clocks up by every group. :param rows: features, twentieths used, whether missed, how many."""
    tallies: dict[str, Tally] = {}
    for features, step, is_missed, count in rows:
        for group in groups_of(features):
            tally = tallies.get(group)
            if tally is None:
                tally = tallies[group] = Tally()
            tally.add(step, is_missed=is_missed, count=count)
    return tallies


@dataclass(frozen=True)
class Trial:
    """
    How forecasts did on clocks that they had not seen.

    :param score: Brier score: mean of (chance − 1 or 0)², lower is better. :param score_of_kind: that of knowing only
        the kind of clock and how far it is. :param deciles: (forecasts, mean chance, share missed), by tenths.
    """

    tried: int
    score: float | None
    score_of_kind: float | None
    deciles: list[list[float]]


def trial(forecasts: Iterable[tuple[float, float, bool]]) -> Trial:
    """Compare chances with what happened. :param forecasts: chance, that of the kind alone, whether it was missed."""
    counts, chances, hits = [0] * 10, [0.0] * 10, [0] * 10
    total = total_of_kind = 0.0
    for chance, of_kind, is_missed in forecasts:
        tenth = min(9, int(chance * 10))
        counts[tenth] += 1
        chances[tenth] += chance
        hits[tenth] += is_missed
        total += (chance - is_missed) ** 2
        total_of_kind += (of_kind - is_missed) ** 2
    tried = sum(counts)
    if not tried:
        return Trial(0, None, None, [])
    deciles = [
        [count, round(said / count, 4), round(missed / count, 4)] if count else [0, 0.0, 0.0]
        for count, said, missed in zip(counts, chances, hits, strict=True)
    ]
    return Trial(tried, total / tried, total_of_kind / tried, deciles)
