"""What workers do: sweep clocks, date them anew, count readings."""

import contextlib
import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from calendars.models import Calendar
from calendars.operations import save_hours
from calendars.spec import WeeklyWindow
from measurement import marks, rebuild
from records.models import Record
from slm import replanning
from slm.models import Clock
from slm.sweep import sweep

from . import calendars, plans
from .bare import CELLS, REPLAN, SWEEP, Bare
from .report import Figure, timed
from .timing import Sample, once, sample, statements
from .world import World

DUE, REPLANNED, CHANGED = 1_000, 50_000, 1_000
ROUNDS = 5


def measure(
    world: World, bare: Bare, *, records: int, say: Callable[[str], None]
) -> tuple[list[Figure], list[dict[str, str]]]:
    """All figures of background work, and the statements that read a large table from end to end."""
    offenders: list[dict[str, str]] = []
    say("full count of the readings")
    figures = [_rebuild(bare, records)]
    say("readings after changes")
    figures.append(_recount(bare, offenders))
    say("sweep")
    figures += _sweep(bare, offenders)
    say("new hours of a calendar")
    figures.append(_replan(world, bare))
    say("business time")
    figures += _business_time()
    return figures, offenders


def _rebuild(bare: Bare, records: int) -> Figure:
    done = once(rebuild.rebuild_all)
    floor = once(lambda: bare.ask(CELLS.format("")))
    return timed(
        "full count of all readings",
        done,
        bare_sql=floor.p50,
        target=5_000 if records >= 1_000_000 else None,
        note="bare SQL counts one family of cells, we count all",
    )


def _recount(bare: Bare, offenders: list[dict[str, str]]) -> Figure:
    """What acts of the latest hours leave behind: most of them are about the newest tickets."""
    newest = list(Record.objects.order_by("-id").values_list("pk", flat=True)[: 3 * CHANGED])
    draw = random.Random(5)

    def again(_round: int) -> None:
        marks.mark(draw.sample(newest, min(CHANGED, len(newest))), at=now())

    walls, cpu = [], 0.0
    for each in range(ROUNDS + 1):
        again(each)
        done = once(rebuild.settle_marks)
        if each:
            walls.append(done.p50)
            cpu += done.cpu_ms or 0
    again(0)
    with statements() as said:
        rebuild.settle_marks()
    offenders += plans.sequential_scans("readings after changes", said.said)
    days = "AND resolved_at >= now() - interval '10 days'"
    floor = sample(lambda _input: bare.ask(CELLS.format(days)), range(ROUNDS))
    result = Sample(walls, cpu / ROUNDS)
    return timed(
        f"readings after {CHANGED:,} changed tickets",
        result,
        statements=len(said),
        bare_sql=floor.p50,
        target=60,
        note="bare SQL counts one family of cells over ten days",
    )


def _sweep(bare: Bare, offenders: list[dict[str, str]]) -> list[Figure]:
    """Each round sweeps for the moment at which a thousand more clocks are due, and commits."""
    running = Clock.objects.filter(state="running")
    idle_at = running.order_by("next_level_at").values_list("next_level_at", flat=True)[0] - timedelta(seconds=1)
    count = running.filter(next_level_at__isnull=False).count()
    idle = sample(lambda _input: sweep(idle_at), range(50))
    floor = Sample([bare.undone(SWEEP, {"at": _moment(DUE)}) for _round in range(3)])
    walls, cpu = [], 0.0
    for _round in range(ROUNDS):
        at = _moment(DUE)
        done = once(lambda at=at: sweep(at))
        walls.append(done.p50)
        cpu += done.cpu_ms or 0
    at = _moment(DUE)
    with statements() as said:
        sweep(at)
    offenders += plans.sequential_scans("sweep", said.said)
    return [
        timed(
            f"sweep, {DUE:,} due of {count:,} running",
            Sample(walls, cpu / ROUNDS),
            statements=len(said),
            bare_sql=floor.p50,
            target=100,
            ratio_target=5.9,
        ),
        timed("sweep, nothing due", idle, bare_sql=bare_idle(bare, idle_at), target=5),
    ]


def bare_idle(bare: Bare, at: datetime) -> float:
    question = (
        "SELECT id FROM slm_clock WHERE state = 'running' AND next_level_at <= %s ORDER BY next_level_at LIMIT 1000"
    )
    return sample(lambda _input: bare.ask(question, [at]), range(50)).p50


def _moment(due: int) -> datetime:
    """When so many running clocks will be due."""
    ahead = Clock.objects.filter(state="running", next_level_at__isnull=False).order_by("next_level_at")
    moments: Any = ahead.values_list("next_level_at", flat=True)
    return moments[min(due, len(ahead)) - 1]


def _replan(world: World, bare: Bare) -> Figure:
    """The office opens an hour longer; every live clock on its hours is dated anew."""
    calendar = Calendar.objects.get(pk=world.office.pk)
    live = Clock.objects.live().filter(calendar=calendar).count()
    floor = bare.undone(REPLAN, {"calendar": calendar.pk})
    spec = calendar.as_spec()
    longer = [WeeklyWindow(each.weekday, each.start_minute, each.end_minute + 60) for each in spec.weekly]
    save_hours(calendar=calendar, windows=longer, exceptions=spec.exceptions, by=None, at=now())
    done = once(lambda: replanning.replan(calendar.pk, at=now()))
    share = REPLANNED / max(live, 1)
    return timed(
        f"calendar edit, per {REPLANNED:,} clocks",
        Sample([done.p50 * share], (done.cpu_ms or 0) * share),
        bare_sql=floor * share,
        target=2_000,
        ratio_target=2.5,
        note=f"measured with {live:,} live clocks on the calendar",
    )


def _business_time() -> list[Figure]:
    with contextlib.redirect_stdout(io.StringIO()):
        rates = calendars.run(single_rows=50_000, batch_rows=1_000_000)
    return [
        Figure(
            "business time, one by one",
            rates["add_per_second"],
            unit="/s",
            bare_sql=rates["bare_bisect_per_second"],
            target=200_000,
            note="the floor of business time is bisect and numpy, not SQL",
        ),
        Figure(
            "business time, in batches",
            rates["add_many_per_second"],
            unit="/s",
            bare_sql=rates["bare_searchsorted_per_second"],
            target=2_000_000,
        ),
    ]
