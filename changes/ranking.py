"""
Which windows suit a change best. Pure: spans of time in, windows with what speaks for and against them out.

Every beginning on a grid within the horizon is looked at. What overlaps something that blocks is out; the rest is
weighed, the least burden first: outside maintenance, by day for those who use it, outside the hours of those who do it,
when incidents peak, and late.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
NOTHING = timedelta(0)
GRID = timedelta(minutes=30)
APART = timedelta(hours=12)
WANTED = 3
# Burden of a window for which a reason holds throughout; shares of it count in part.
OUTSIDE_MAINTENANCE = 40
IN_BUSINESS_HOURS = 30
OFF_SHIFT = 25
AT_THE_PEAK = 20
BEYOND_ALLOWANCE = 35
AT_THE_END = 10


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, [starts_at, ends_at)."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Block:
    """
    Something that must not be overlapped.

    :param name: what it is, for whoever explains; the ranking does not look into it.
    """

    starts_at: datetime
    ends_at: datetime
    name: object

    def touches(self, start: datetime, end: datetime) -> bool:
        return self.starts_at < end and self.ends_at > start


@dataclass(frozen=True)
class Allowance:
    """
    Downtime that may still happen to one service in [starts_at, ends_at), by what was promised.

    :param left: less than nothing where the promise is broken already. :param agreed: hours in which downtime counts.
    """

    name: str
    month: str
    starts_at: datetime
    ends_at: datetime
    left: timedelta
    agreed: Sequence[Span]


@dataclass(frozen=True)
class Use:
    """What a window would take from an allowance. :param left: afterwards; less than nothing breaks the promise."""

    allowance: Allowance
    taken: timedelta

    @property
    def left(self) -> timedelta:
        return self.allowance.left - self.taken


@dataclass(frozen=True)
class Scene:
    """
    What is known of the period. Spans are in order and do not overlap each other.

    :param maintenance: None where no maintenance window is set, so that missing one is no burden.
    :param business: hours in which the services are used; None when unknown or always.
    :param on_shift: hours of those who do it; None when unknown or always.
    :param peaks: incidents an hour, by weekday (0 is Monday) and hour on the clock of `zone`; empty when unknown.
    :param outage: how long the services stand still. :param allowances: what may be taken for that.
    """

    blocks: Sequence[Block] = ()
    maintenance: Sequence[Span] | None = None
    business: Sequence[Span] | None = None
    on_shift: Sequence[Span] | None = None
    peaks: Mapping[tuple[int, int], float] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    outage: timedelta = NOTHING
    allowances: Sequence[Allowance] = ()


@dataclass(frozen=True)
class Slot:
    """
    A free window and what there is to say about it. Shares are of its length, from 0 to 1; None is unknown.

    :param incidents: an hour at this time of the week. :param use: of the tightest allowance; None where none is
        touched.
    """

    starts_at: datetime
    ends_at: datetime
    burden: float
    maintenance: float | None
    business: float | None
    on_shift: float | None
    incidents: float | None
    use: Use | None = None


@dataclass(frozen=True)
class Passed:
    """A window that was looked at and can't be had, with the first thing in its way."""

    starts_at: datetime
    ends_at: datetime
    block: Block


@dataclass(frozen=True)
class Ranking:
    """
    :param slots: the best first, at most as many as were wanted, none overlapping another.
    :param passed: the nearest ones that can't be had, the earliest first, one for each thing in the way.
    """

    slots: tuple[Slot, ...]
    passed: tuple[Passed, ...]


def rank(
    scene: Scene, *, length: timedelta, earliest: datetime, latest: datetime, wanted: int = WANTED, haste: float = 1
) -> Ranking:
    """
    Find the best windows of this length that begin at or after `earliest` and end at or before `latest`.

    Those chosen begin 12 hours apart from each other where there are enough of them, so that they are real choices.

    :param haste: weight of an early beginning; more for emergencies.
    :raises ValueError: no length, or moments without a zone.
    """
    if length <= NOTHING:
        raise ValueError("A window needs a length.")
    if earliest.tzinfo is None or latest.tzinfo is None:
        raise ValueError("Moments need a zone.")
    free: list[Slot] = []
    passed: dict[int, Passed] = {}
    for start in _beginnings(scene, earliest, latest - length):
        end = start + length
        block = next((each for each in scene.blocks if each.touches(start, end)), None)
        if block is None:
            free.append(_weigh(scene, start, end, earliest=earliest, latest=latest, haste=haste))
        else:
            passed.setdefault(id(block), Passed(start, end, block))
    free.sort(key=lambda slot: (slot.burden, slot.starts_at))
    return Ranking(_choose(free, wanted, length), tuple(passed.values()))


def _beginnings(scene: Scene, earliest: datetime, last: datetime) -> list[datetime]:
    """The grid of half hours, and where maintenance begins or something ends that blocks."""
    second = earliest.timestamp()
    grid = GRID.total_seconds()
    at = earliest + timedelta(seconds=-second % grid)
    found = {earliest + timedelta(seconds=-second % 60)}
    while at <= last:
        found.add(at)
        at += GRID
    found |= {span.starts_at for span in scene.maintenance or ()}
    found |= {block.ends_at for block in scene.blocks}
    return sorted(start for start in found if earliest <= start <= last)


def _weigh(scene: Scene, start: datetime, end: datetime, *, earliest: datetime, latest: datetime, haste: float) -> Slot:
    maintenance, business = _share(scene.maintenance, start, end), _share(scene.business, start, end)
    on_shift, incidents = _share(scene.on_shift, start, end), _incidents(scene, start, end)
    peak, use = max(scene.peaks.values(), default=0.0), _use(scene, start, end)
    burden = (
        OUTSIDE_MAINTENANCE * (1 - (1.0 if maintenance is None else maintenance))
        + IN_BUSINESS_HOURS * (business or 0.0)
        + OFF_SHIFT * (1 - (1.0 if on_shift is None else on_shift))
        + AT_THE_PEAK * ((incidents or 0.0) / peak if peak else 0.0)
        + (BEYOND_ALLOWANCE if use is not None and use.left < NOTHING else 0)
        + AT_THE_END * haste * ((start - earliest) / max(latest - earliest, HOUR))
    )
    return Slot(start, end, round(burden, 6), maintenance, business, on_shift, incidents, use)


def _use(scene: Scene, start: datetime, end: datetime) -> Use | None:
    """What the window takes from the allowance of which least is left then; the outage counts in agreed hours only."""
    if not scene.outage:
        return None
    uses = []
    for each in scene.allowances:
        if each.starts_at < end and each.ends_at > start:
            share = _share(each.agreed, start, end) or 0.0
            uses.append(Use(each, min(scene.outage, share * (end - start))))
    return min((use for use in uses if use.taken), key=lambda use: use.left, default=None)


def _share(spans: Sequence[Span] | None, start: datetime, end: datetime) -> float | None:
    """How much of [start, end) lies in the spans, from 0 to 1; None when nothing is known."""
    if spans is None:
        return None
    within = NOTHING
    for span in spans[max(bisect_right(spans, start, key=lambda each: each.starts_at) - 1, 0) :]:
        if span.starts_at >= end:
            break
        within += max(min(span.ends_at, end) - max(span.starts_at, start), NOTHING)
    return within / (end - start)


def _incidents(scene: Scene, start: datetime, end: datetime) -> float | None:
    """Mean of the hours that it touches, each by the time it takes of them; an hour that comes twice counts twice."""
    if not scene.peaks:
        return None
    total, at = 0.0, start
    while at < end:
        until = min(at + timedelta(seconds=3600 - at.timestamp() % 3600), end)
        local = at.astimezone(scene.zone)
        total += scene.peaks.get((local.weekday(), local.hour), 0.0) * ((until - at) / HOUR)
        at = until
    return total / ((end - start) / HOUR)


def _choose(free: Sequence[Slot], wanted: int, length: timedelta) -> tuple[Slot, ...]:
    """The best ones well apart from each other; closer ones only where there are not enough."""
    chosen: list[Slot] = []
    for apart in (max(APART, length), length):
        for slot in free:
            if len(chosen) == wanted:
                break
            if all(abs(slot.starts_at - other.starts_at) >= apart for other in chosen):
                chosen.append(slot)
    return tuple(sorted(chosen, key=lambda slot: (slot.burden, slot.starts_at)))
