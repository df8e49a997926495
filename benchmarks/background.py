"""What workers do: sweep clocks, date them anew, count readings."""

import contextlib
import io
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from calendars.models import Calendar
from calendars.operations import save_hours
from calendars.spec import WeeklyWindow
from measurement import counting, declarations, marks, rebuild, store
from measurement.periods import today
from measurement.statements import days_of_records, spans_of
from records.models import Record
from slm import replanning
from slm.models import Clock
from slm.sweep import sweep

from . import calendars, plans, simulations
from .bare import CELLS, REPLAN, SWEEP, Bare
from .report import Figure, timed
from .timing import Sample, once, sample, statements
from .world import World

DUE, REPLANNED, CHANGED = 1_000, 50_000, 1_000
ROUNDS = 5
COUNTED = "incident.resolved"


def measure(
    world: World, bare: Bare, *, records: int, say: Callable[[str], None]
) -> tuple[list[Figure], list[dict[str, str]]]:
    """All figures of background work, and the statements that read a large table from end to end."""
    offenders: list[dict[str, str]] = []
    say("full count of the readings")
    figures = _rebuild(bare, records)
    say("readings after changes")
    figures += _recount(bare, offenders)
    say("sweep")
    figures += _sweep(bare, offenders)
    say("other terms and hours tried on clocks")
    figures += simulations.measure(world, records=records)
    say("new hours of a calendar")
    figures.append(_replan(world, bare))
    say("business time")
    figures += _business_time()
    return figures, offenders


def _rebuild(bare: Bare, records: int) -> list[Figure]:
    """One family of cells, which is what the bare statement counts and the target is about, and all of them."""
    family = declarations.family(COUNTED)
    floor = once(lambda: bare.ask(CELLS.format("")))
    return [
        timed(
            "full count, one family",
            once(lambda: _count_all(family)),
            bare_sql=floor.p50,
            target=5_000 if records >= 1_000_000 else None,
            note=f"{COUNTED}: as bare SQL, and by organization and priority as well, in four cubes, written",
        ),
        timed(f"full count, all {len(declarations.families())} families", once(rebuild.rebuild_all)),
    ]


def _count_all(family: declarations.Family) -> None:
    with transaction.atomic():
        with counting.reporting_zone():
            told = counting.count_all(family)
        store.replace_all(family, told, store.months_to(today(now())))


def _recount(bare: Bare, offenders: list[dict[str, str]]) -> list[Figure]:
    """
    What acts of the latest hours leave behind: most of them are about the newest tickets.

    Of one family of cells, which is what the bare statement counts and the target is about, and of all that they touch.
    """
    newest = list(Record.objects.order_by("-id").values_list("pk", flat=True)[: 3 * CHANGED])
    draw = random.Random(5)
    family = declarations.family(COUNTED)

    def changed() -> list[int]:
        return draw.sample(newest, min(CHANGED, len(newest)))

    alone = sample(lambda _input: _count_touched(family, changed()), range(ROUNDS))
    walls, cpu = [], 0.0
    for each in range(ROUNDS + 1):
        marks.mark(changed(), at=now())
        done = once(rebuild.settle_marks)
        if each:
            walls.append(done.p50)
            cpu += done.cpu_ms or 0
    marks.mark(changed(), at=now())
    with statements() as said:
        rebuild.settle_marks()
    offenders += plans.sequential_scans("readings after changes", said.said)
    days = "AND resolved_at >= now() - interval '10 days'"
    floor = sample(lambda _input: bare.ask(CELLS.format(days)), range(ROUNDS))
    return [
        timed(
            f"readings after {CHANGED:,} changed tickets, one family",
            alone,
            bare_sql=floor.p50,
            target=60,
            note="bare SQL counts the same family over ten days",
        ),
        timed(
            f"readings after {CHANGED:,} changed tickets, all families",
            Sample(walls, cpu / ROUNDS),
            statements=len(said),
        ),
    ]


def _count_touched(family: declarations.Family, records: list[int]) -> None:
    """Count the days of these records again, as the task does for every family."""
    with transaction.atomic():
        days: set[date] = set()
        with counting.reporting_zone(is_by_index=True), connection.cursor() as cursor:
            for statement, _names in days_of_records([family]):
                cursor.execute(statement, {"records": records})
                days |= {day for _position, day, _record in cursor.fetchall()}
            spans = spans_of(days)
            told = counting.count(family, spans)
        store.replace(family, spans, told, store.months_kept().get(family.name))


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
