"""
The simulator: other targets, other pauses and other hours, each tried on open and on finished clocks of every kind.

The generated tickets have clocks for response and resolution; of the latter copies are made for updates, teams,
suppliers and tasks, with their ledgers. Steps of approvals, which tickets have none of, are clocks of parts like tasks.
Everything happens in one transaction that is rolled back.
"""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils.timezone import now

from calendars.models import Calendar
from calendars.spec import DayException, WeeklyWindow
from people.enums import Role
from people.models import RoleGrant, User
from slm import declarations
from slm.models import Agreement, Clock, Segment
from slm.simulator import runs
from slm.simulator.models import Simulation
from slm.simulator.operations import try_hours, try_terms

from .report import Figure, timed
from .timing import Sample, once
from .world import World

SIMULATED, DAYS = 50_000, 90
COPIED = ("update", "team", "team_response", "supplier", "task")
OF_PARTS = ("task",)
MOST_COPIES = 8_000
"""Of each kind; with response and resolution that makes some 50,000 at 20,000 tickets and up."""


def measure(world: World, *, records: int) -> list[Figure]:
    """A figure for each sort of draft, as if it had been 50,000 clocks."""
    with transaction.atomic():
        agreement = Agreement.objects.annotate(count=Count("clocks")).order_by("-count")[0]
        _copy_clocks(agreement)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE slm_clock, slm_segment")
        RoleGrant.objects.get_or_create(user=world.agent, role=Role.AUDITOR, organization=None)
        by = User.objects.get(pk=world.agent.pk)
        # A simulation takes 200,000 clocks at the most: of very many tickets, those of fewer days.
        days = max(1, DAYS * 100_000 // max(records, 100_000))
        figures = [_tried(name, ask, agreement, by, days) for name, ask in DRAFTS.items()]
        transaction.set_rollback(True)
    return figures


def _tried(name: str, ask: Callable[..., Simulation], agreement: Agreement, by: User, days: int) -> Figure:
    asked = ask(agreement, by=by, at=now(), days=days)
    steps: list[float] = []

    def work() -> None:
        begin = perf_counter()
        while runs.work(asked.pk, seconds=0):  # one batch at a time: each of them shows how far it is
            steps.append(perf_counter() - begin)
            begin = perf_counter()

    done = once(work)
    asked.refresh_from_db()
    counts = asked.counts
    share = SIMULATED / asked.total
    return timed(
        f"simulation of {name}, per {SIMULATED:,} clocks",
        Sample([done.p50 * share], (done.cpu_ms or 0) * share),
        target=30_000,
        note=f"{asked.total:,} clocks: {counts['open']['total']:,} open, {counts['finished']['total']:,} finished, of"
        f" seven kinds; {asked.outcomes.count():,} would change; progress every {max(steps, default=0):.1f} s at the"
        " latest",
    )


def _targets(agreement: Agreement, **about: Any) -> Simulation:
    """A fifth less time for everything."""
    return _terms(agreement, share=(4, 5), pauses=agreement.pause_reasons, **about)


def _pauses(agreement: Agreement, **about: Any) -> Simulation:
    """Waiting for the supplier pauses, waiting for the requester no longer does: each ledger is cut anew."""
    return _terms(agreement, share=(1, 1), pauses=["supplier"], **about)


def _calendar(agreement: Agreement, **about: Any) -> Simulation:
    """The hours of another calendar, always open."""
    around = Calendar.objects.filter(is_always_open=True).first()
    return _terms(agreement, share=(1, 1), pauses=agreement.pause_reasons, calendar=around, **about)


def _terms(
    agreement: Agreement, *, share: tuple[int, int], pauses: list[str], calendar: Calendar | None = None, **about: Any
) -> Simulation:
    known = {(each.clock, each.priority): each.target_minutes for each in agreement.targets.all()}
    # Of what was copied, updates and tasks have targets of their own; the others go by those that are there.
    own = {each.target_name for each in declarations.promised(agreement.kind)} & set(COPIED)
    known |= {
        (kind, priority): minutes
        for kind in own
        for (clock, priority), minutes in known.items()
        if clock == "resolution"
    }
    targets = {cell: minutes * share[0] // share[1] or 1 for cell, minutes in known.items()}
    return try_terms(
        agreement=agreement, calendar=calendar or agreement.calendar, targets=targets, pause_reasons=pauses, **about
    )


def _hours(agreement: Agreement, **about: Any) -> Simulation:
    """Open half an hour later each day, and closed today."""
    calendar = agreement.calendar
    weekly = tuple(WeeklyWindow(day, 8 * 60 + 30, 17 * 60) for day in range(5))
    closed = (DayException(about["at"].date(), (), "closed"),)
    spec = replace(calendar.as_spec(), weekly=weekly, exceptions=closed, always_open=False)
    return try_hours(calendar=calendar, spec=spec, **about)


DRAFTS: dict[str, Callable[..., Simulation]] = {
    "targets": _targets, "pause rules": _pauses, "another calendar": _calendar, "other hours": _hours,
}  # fmt: skip


def _copy_clocks(agreement: Agreement) -> None:
    """Copies of the latest resolution clocks, half of them open where there are so many, with their ledgers."""
    clocks, segments = Clock._meta.db_table, Segment._meta.db_table
    own = [each.column for each in Clock._meta.concrete_fields if not each.primary_key]
    ledger = [each.column for each in Segment._meta.concrete_fields if not each.primary_key]
    found = Clock.objects.filter(agreement=agreement, kind="resolution").order_by("-pk")
    keys = [
        *found.live().values_list("pk", flat=True)[: MOST_COPIES // 2],
        *found.filter(state__in=["met", "missed"])
        .order_by("-stopped_at")
        .values_list("pk", flat=True)[: MOST_COPIES // 2],
    ]
    with connection.cursor() as cursor:
        for number, kind in enumerate(COPIED, 1):
            said = {"kind": "%(kind)s", "part": "%(part)s * id", "about": "%(about)s"}
            about = {"step": number * 10_000_000_000, "keys": keys, "kind": kind}
            about |= {"part": 1, "about": "Look at it"} if kind in OF_PARTS else {"part": None, "about": None}
            cursor.execute(
                f"INSERT INTO {clocks} (id, {', '.join(own)})"
                f" SELECT id + %(step)s, {', '.join(said.get(each, each) for each in own)}"
                f" FROM {clocks} WHERE id = ANY(%(keys)s)",
                about,
            )
            cursor.execute(
                f"INSERT INTO {segments} ({', '.join(ledger)})"
                f" SELECT {', '.join('clock_id + %(step)s' if each == 'clock_id' else each for each in ledger)}"
                f" FROM {segments} WHERE clock_id = ANY(%(keys)s)",
                about,
            )
