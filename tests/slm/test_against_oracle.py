"""Whatever happens to a ticket, its clock says what the judge with the minute tape says."""

from datetime import datetime, timedelta
from itertools import count, pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from calendars import operations as calendar_operations
from calendars import registry
from calendars.business_time import DayException, WeeklyWindow
from calendars.models import Calendar
from incidents import operations
from incidents.enums import State
from records import operations as record_operations
from slm import selection
from slm.models import Agreement, Clock, ClockFact, Segment, Target
from slm.sweep import sweep
from tests.conftest import moment

from .oracle import Hours as Oracle
from .oracle import Judge

PRIORITIES = {1: 45, 2: 180, 3: 420, 4: 240}
HALF_A_MINUTE = timedelta(seconds=30)
_numbers = count()

# Nights in which the clocks change, odd zones, shifts over midnight, several windows a day, a holiday, no hours at all.
PLACES = {
    "Oslo by day": ("Europe/Oslo", [(day, 480, 1080) for day in range(5)], [("2026-03-27", ())], "2026-03-26 09:00"),
    "Oslo by night": ("Europe/Oslo", [(day, 60, 240) for day in range(7)], [], "2026-03-28 00:10"),
    "New York by night": ("America/New_York", [(day, 30, 150) for day in range(7)], [], "2026-10-31 04:00"),
    "Lord Howe": ("Australia/Lord_Howe", [(day, 0, 720) for day in range(7)], [], "2026-04-04 12:00"),
    "Kathmandu": (
        "Asia/Kathmandu",
        [(day, 540, 720) for day in range(7)] + [(day, 780, 1020) for day in range(7)],
        [("2026-03-04", ())],
        "2026-03-03 03:00",
    ),
    "Casablanca": ("Africa/Casablanca", [(day, 60, 300) for day in range(7)], [], "2026-02-14 20:00"),
    "Dublin over midnight": (
        "Europe/Dublin",
        [(day, 0, 180) for day in range(7)] + [(day, 1320, 1440) for day in range(7)],
        [],
        "2026-03-27 22:30",
    ),
    "Apia": ("Pacific/Apia", [(day, 480, 720) for day in range(7)], [], "2026-02-27 18:00"),
    "Around the clock": ("UTC", [], [], "2026-03-28 12:00"),
}

acts = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 7, 45, 60, 119, 120, 180, 240, 421, 600, 840, 1440, 2880, 4321]),
        st.sampled_from(
            ["hold", "hold", "hold for a supplier", "resume", "resume", "resolve", "reopen", "sweep", 1, 2, 3, 4]
        ),
    ),
    min_size=1,
    max_size=12,
)


def calendar_of(place: str) -> tuple[Calendar, Oracle]:
    zone, windows, exceptions, _start = PLACES[place]
    calendar = calendar_operations.create_calendar(
        name=f"{place} {next(_numbers)}",
        zone=zone,
        is_always_open=not windows,
        windows=[WeeklyWindow(*each) for each in windows],
        exceptions=[DayException(datetime.fromisoformat(day).date(), spans, "") for day, spans in exceptions],
        by=None,
        at=moment("2026-01-01 00:00"),
    )
    return calendar, Oracle(calendar.as_spec())


class Rollback(Exception):
    """Ends an example and leaves nothing behind."""


@pytest.mark.django_db
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    place=st.sampled_from(sorted(PLACES)),
    policy=st.sampled_from(["from_start", "from_change", "stricter_only"]),
    acts=acts,
)
@example("Around the clock", "from_start", [(240, "hold"), (60, "resume"), (0, "resolve"), (30, "reopen")])
@example("Around the clock", "from_change", [(240, "hold"), (60, 1), (45, "resume"), (45, "hold"), (1, "resume")])
@example("Around the clock", "from_start", [(180, 2), (0, 4), (60, "hold"), (1, 3), (0, "resume"), (240, "resolve")])
@example("Oslo by day", "stricter_only", [(60, "hold"), (60, 2), (4321, "resume"), (60, 3), (61, "sweep"), (7, 1)])
def test_the_engine_agrees_with_the_judge(house, vpn, log_incident, place, policy, acts):
    try:
        with transaction.atomic():
            compare(house, log_incident, place, policy, acts)
            raise Rollback
    except Rollback:
        registry.clear()
        selection.forget()


def compare(house: SimpleNamespace, log_incident: Any, place: str, policy: str, acts: list[tuple[int, Any]]) -> None:
    calendar, hours = calendar_of(place)
    agreement = Agreement.objects.create(
        name=place, slug="a", calendar=calendar, state="active", pause_reasons=["requester"], retarget_policy=policy
    )
    for priority, minutes in PRIORITIES.items():
        Target.objects.create(agreement=agreement, clock="resolution", priority=priority, target_minutes=minutes)
    at = moment(PLACES[place][3])
    incident = operations.start(incident=log_incident(at=at), by=house.tom, at=at)
    judge = Judge(hours, at, timedelta(minutes=PRIORITIES[4]), policy)

    for minutes, verb in acts:
        judge.walk(minutes)
        incident = play(incident, judge, verb, house)
        agree(judge, incident)
    judge.walk(3)
    sweep(judge.now + HALF_A_MINUTE)
    agree(judge, incident, is_swept=True)


def play(incident: Any, judge: Judge, verb: Any, house: SimpleNamespace) -> Any:
    """Do the same to both, if the ticket is in a state for it."""
    said = {"incident": incident, "by": house.tom, "at": judge.now}
    is_open = incident.state not in (State.RESOLVED, State.CLOSED)
    if verb == "sweep":
        sweep(judge.now - HALF_A_MINUTE)
    elif isinstance(verb, int):
        judge.retarget(timedelta(minutes=PRIORITIES[verb]))
        if incident.state != State.RESOLVED:
            return record_operations.override_priority(
                record=incident, by=house.tom, at=judge.now, priority=verb, reason="Judged again."
            )
    elif verb.startswith("hold") and incident.state == State.IN_PROGRESS:
        is_agreed = verb == "hold"
        judge.hold(is_agreed)
        more = {"question": "Which client?"} if is_agreed else {"supplier_reference": "S-1"}
        return operations.hold(**said, hold_for="requester" if is_agreed else "supplier", **more)
    elif verb == "resume" and incident.state == State.ON_HOLD:
        judge.resume()
        return operations.resume(**said)
    elif verb == "resolve" and is_open:
        judge.resolve()
        return operations.resolve(**said, code="fixed", text="Restarted.")
    elif verb == "reopen" and incident.state == State.RESOLVED:
        try:
            reopened = operations.reopen(**said, reason="It drops again.")
        except Exception:  # the window has passed
            return incident
        judge.reopen()
        return reopened
    return incident


def agree(judge: Judge, incident: Any, *, is_swept: bool = False) -> None:
    clock = Clock.objects.get(record_id=incident.pk)
    spans = list(Segment.objects.filter(clock=clock).order_by("at_from", "id"))
    assert clock.state == judge.state
    assert all(one.at_to == other.at_from for one, other in pairwise(spans))
    running = sum(
        (
            registry.business_time(each.calendar_id, each.calendar_version).between(
                each.at_from, each.at_to or judge.now
            )
            for each in spans
            if each.kind == "running"
        ),
        timedelta(0),
    )
    assert running == timedelta(minutes=judge.used)
    assert clock.used_before + clock.target == timedelta(minutes=judge.free + judge.target)
    if clock.state in ("running", "paused"):
        assert clock.due_at == judge.due()
    if is_swept or clock.state in ("met", "missed", "paused"):
        assert clock.breached_at == judge.breached_at
        breaches = ClockFact.objects.filter(clock=clock, level="breached", corrected_at=None)
        assert list(breaches.values_list("at", flat=True)) == [judge.breached_at] * bool(judge.breached_at)
