"""Two years of tickets as columns of numbers: who, what, when, and what the clocks made of it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np

from calendars import registry

from .world import MINUTES, World

DAYS_BACK = 730
OPEN_AT_MOST = 45_000
OPEN_SHARE = 0.45
# Of the open tickets: on hold for the requester, not answered yet (so two clocks run), past their target.
HELD_SHARE, UNANSWERED_SHARE, BREACHED_SHARE = 0.10, 0.25, 0.08
NEVER = np.iinfo(np.int64).min

Array = np.ndarray


@dataclass
class Ledger:
    """One clock of each ticket, as seconds since the epoch; `NEVER` where there is none."""

    target: Array
    due_soon: Array
    at_risk: Array
    due: Array
    used: Array
    switched: Array
    stopped: Array
    is_running: Array
    is_paused: Array
    is_missed: Array


@dataclass
class Tickets:
    """The columns of the tickets, the oldest first. Moments as in `Ledger`."""

    key: Array
    opened: Array
    updated: Array
    responded: Array
    resolved: Array
    closed: Array
    priority: Array
    impact: Array
    urgency: Array
    organization: Array
    requester: Array
    service: Array
    team: Array
    agent: Array
    category: Array
    is_open: Array
    is_held: Array
    is_answered: Array
    response: Ledger
    resolution: Ledger

    def __len__(self) -> int:
        return len(self.key)

    def part(self, begin: int, end: int) -> "Tickets":
        """The tickets of a range of positions."""
        return _cut(self, slice(begin, end))


def _cut(columns: Any, at: slice) -> Any:
    values = ((each.name, getattr(columns, each.name)) for each in fields(columns))
    return type(columns)(**{name: each[at] if isinstance(each, Array) else _cut(each, at) for name, each in values})


def write(world: World, *, records: int, now: datetime, first_key: int, seed: int = 7) -> Tickets:
    """
    Draw tickets: busier by day, a few customers and services with most of the work, the backlog among the newest.

    About 50,000 clocks run from 110,000 tickets on, whatever their number; below that a share of them does.
    """
    draw = np.random.default_rng(seed)
    present = int(now.timestamp())
    opened = _opened(draw, records, present)
    priority = draw.choice([1, 2, 3, 4, 5], records, p=[0.02, 0.08, 0.30, 0.50, 0.10])
    organization = _popular(draw, records, len(world.organizations))
    requester = organization * (len(world.requesters) // len(world.organizations)) + draw.integers(
        0, len(world.requesters) // len(world.organizations), records
    )
    service = _popular(draw, records, len(world.services))
    team = np.where(draw.random(records) < 0.8, service % len(world.teams), draw.integers(0, len(world.teams), records))
    each_team = len(world.agents) // len(world.teams)
    agent = team * each_team + draw.integers(0, each_team, records)

    is_open = _backlog(draw, records)
    is_held = is_open & (draw.random(records) < HELD_SHARE)
    is_answered = ~is_open | is_held | (draw.random(records) >= UNANSWERED_SHARE)
    response_target, resolution_target = (
        np.array([0, *(MINUTES[each][index] for each in sorted(MINUTES))])[priority] * 60 for index in (0, 1)
    )
    add = _Adding(world, priority)
    responded = np.where(
        is_answered, np.minimum(add(opened, response_target * draw.lognormal(-1.2, 0.9, records)), present - 60), NEVER
    )
    responded = np.where(is_answered, np.maximum(responded, opened), NEVER)
    resolved = np.minimum(add(opened, resolution_target * draw.lognormal(-0.9, 0.8, records)), present - 60)
    resolved = np.where(is_open, NEVER, np.maximum(np.maximum(resolved, opened), responded))
    closed = np.where(~is_open & (resolved + 7 * 86_400 < present), resolved + 7 * 86_400, NEVER)
    latest = np.maximum(np.maximum(opened, responded), np.maximum(resolved, closed))
    impact, urgency = _levels(priority)
    return Tickets(
        key=np.arange(first_key, first_key + records),
        opened=opened,
        updated=np.where(is_open, np.maximum(latest, present - draw.integers(60, 10 * 86_400, records)), latest),
        responded=responded,
        resolved=resolved,
        closed=closed,
        priority=priority,
        impact=impact,
        urgency=urgency,
        organization=np.array(world.organizations)[organization],
        requester=np.array(world.requesters)[requester],
        service=np.array(world.services)[service],
        team=np.array(world.teams)[team],
        agent=np.array(world.agents)[agent],
        category=np.array(world.categories)[draw.integers(0, len(world.categories), records)],
        is_open=is_open,
        is_held=is_held,
        is_answered=is_answered,
        response=_ledger(
            draw=draw,
            add=add,
            opened=opened,
            target=response_target,
            ended=responded,
            is_running=~is_answered,
            is_paused=np.zeros(records, dtype=bool),
            present=present,
        ),
        resolution=_ledger(
            draw=draw,
            add=add,
            opened=opened,
            target=resolution_target,
            ended=resolved,
            is_running=is_open & ~is_held,
            is_paused=is_held,
            present=present,
        ),
    )


class _Adding:
    """Business time for many tickets at once: P1 around the clock, the others in the office."""

    def __init__(self, world: World, priority: Array) -> None:
        self.is_urgent = priority == 1
        self.office = registry.business_time(world.office.pk)

    def __call__(self, start: Array, seconds: Array) -> Array:
        seconds = np.rint(seconds).astype(np.int64)
        return np.where(self.is_urgent, start + seconds, self.office.add_many(start, seconds))


def _opened(draw: np.random.Generator, records: int, present: int) -> Array:
    day = draw.integers(0, DAYS_BACK, records) * 86_400
    second = np.clip(draw.normal(12.5 * 3600, 3.2 * 3600, records), 0, 86_399).astype(np.int64)
    midnight = present // 86_400 * 86_400
    return np.sort(np.minimum(midnight - day + second, present - draw.integers(300, 6 * 3600, records)))


def _popular(draw: np.random.Generator, records: int, kinds: int) -> Array:
    weights = 1 / np.arange(1, kinds + 1)
    return draw.choice(kinds, records, p=weights / weights.sum())


def _backlog(draw: np.random.Generator, records: int) -> Array:
    """Open are some of the newest tickets: every second one until there are enough."""
    wanted = min(OPEN_AT_MOST, int(records * OPEN_SHARE))
    is_open = np.zeros(records, dtype=bool)
    newest = np.arange(max(0, records - 2 * wanted), records)
    is_open[draw.choice(newest, wanted, replace=False)] = True
    return is_open


def _levels(priority: Array) -> tuple[Array, Array]:
    """Impact and urgency that give the priority by the shipped matrix."""
    pairs = np.array([(0, 0), (1, 1), (1, 2), (2, 2), (3, 2), (3, 3)])
    return pairs[priority, 0], pairs[priority, 1]


def _ledger(
    *,
    draw: np.random.Generator,
    add: _Adding,
    opened: Array,
    target: Array,
    ended: Array,
    is_running: Array,
    is_paused: Array,
    present: int,
) -> Ledger:
    """
    A clock for each ticket.

    What still runs had long pauses and went on within the last four hours, with some of its time used: its thresholds
    lie around the present moment and ahead, as those of a backlog that somebody works on do.
    """
    records = len(opened)
    is_live = is_running | is_paused
    share = np.where(draw.random(records) < BREACHED_SHARE, 1.2, draw.random(records) * 0.97)
    switched = np.where(is_live, np.maximum(opened, present - draw.integers(60, 4 * 3600, records)), opened)
    used = np.where(is_live, (target * share).astype(np.int64), 0)
    used = np.where(switched > opened, used, 0)
    moments = [
        np.where(used > target * part // 100, switched - 60, add(switched, np.maximum(target * part // 100 - used, 0)))
        for part in (75, 90, 100)
    ]
    return Ledger(
        target=target,
        due_soon=moments[0],
        at_risk=moments[1],
        due=moments[2],
        used=used,
        switched=switched,
        stopped=np.where(is_live, NEVER, ended),
        is_running=is_running,
        is_paused=is_paused,
        is_missed=np.where(is_live, False, ended > moments[2]),
    )
