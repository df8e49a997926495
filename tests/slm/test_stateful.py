"""
A ticket with all its clocks through any order of acts: each says at every step what the judges with the tapes say.

Several clocks at once: response, next update, resolution, those of the team and of tasks, each with its own pauses;
teams that come and go, tasks done and taken up again, new priorities, tickets reopened, holidays entered later.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from calendars import operations as calendar_operations
from calendars import registry
from calendars.business_time import DayException, WeeklyWindow
from incidents import operations
from incidents.models import Incident
from records import operations as record_operations
from slm import replanning, selection
from slm.models import Clock, ClockFact, Segment
from slm.sweep import sweep
from tests.calendars.oracle import Oracle as Hours
from tests.conftest import moment

from .court import MINUTE, Row, Watch

TARGETS = {1: 45, 2: 180, 3: 420, 4: 240}
TEAM_TARGETS = {1: 30, 2: 120, 3: 400, 4: 200}
LATER = timedelta(seconds=30)
_numbers = count()
DAY, NIGHT = [(day, 480, 1080) for day in range(5)], [(day, 60, 240) for day in range(7)]
# Zone, windows, a date that is closed from the start, start in UTC, a date that is closed later.
PLACES = {
    "Dublin, forward": ("Europe/Dublin", NIGHT, "", "2026-03-27 22:30", "2026-03-30"),
    "Dublin, back, over midnight": (
        "Europe/Dublin", [(day, 0, 180) for day in range(7)] + [(day, 1320, 1440) for day in range(7)], "",
        "2026-10-24 20:00", "2026-10-26",
    ),
    "Lord Howe": ("Australia/Lord_Howe", [(day, 0, 720) for day in range(7)], "", "2026-04-04 12:00", "2026-04-06"),
    "Kathmandu": (
        "Asia/Kathmandu", [(day, *span) for day in range(7) for span in ((540, 720), (780, 1020))], "2026-03-04",
        "2026-03-03 03:00", "2026-03-05",
    ),
    "Casablanca": ("Africa/Casablanca", [(day, 60, 300) for day in range(7)], "", "2026-02-14 20:00", "2026-02-16"),
    "Apia": ("Pacific/Apia", [(day, 480, 720) for day in range(7)], "", "2011-12-28 17:00", "2011-12-31"),
    "A leap day": ("America/New_York", DAY, "2028-02-29", "2028-02-28 14:00", "2028-03-02"),
    "New York, back": ("America/New_York", [(day, 30, 150) for day in range(7)], "", "2026-10-31 04:00", "2026-11-02"),
}  # fmt: skip


class Rollback(Exception):
    """Ends an example and leaves nothing behind."""


class Life(RuleBasedStateMachine):
    """What may happen to a ticket, and what its clocks must say then."""

    fixtures: ClassVar[dict[str, Any]]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.watches: dict[tuple[str, int], Watch] = {}
        self.tasks: list[Any] = []

    def teardown(self) -> None:
        try:
            if hasattr(self, "row"):
                self.walk(3)
                sweep(self.row.at + LATER)
                self.clocks_agree(is_swept=True)
        finally:
            self.atomic.__exit__(Rollback, Rollback(), None)
            registry.clear()
            selection.forget()

    @initialize(
        place=st.sampled_from(sorted(PLACES)),
        policy=st.sampled_from(["from_start", "from_change", "stricter_only"]),
        reopens=st.sampled_from(["resume", "restart"]),
    )
    def begin(self, place: str, policy: str, reopens: str) -> None:
        house, make_agreement = self.fixtures["house"], self.fixtures["make_agreement"]
        zone, windows, closed, start, self.closed_later = PLACES[place]
        at = moment(start)
        self.exceptions = [DayException(datetime.fromisoformat(day).date(), (), "") for day in [closed] if day]
        self.calendar = calendar_operations.create_calendar(
            name=f"{place} {next(_numbers)}", zone=zone, windows=[WeeklyWindow(*each) for each in windows],
            exceptions=self.exceptions, by=None, at=at - timedelta(days=60),
        )  # fmt: skip
        rules = {"calendar": self.calendar, "retarget_policy": policy, "reopen_policy": reopens}
        kinds = ("response", "resolution", "update", "task")
        make_agreement(
            "Customer", {(kind, priority): each for kind in kinds for priority, each in TARGETS.items()},
            pause_reasons=["requester"], **rules,
        )  # fmt: skip
        make_agreement(
            "Team", {(kind, priority): each for kind in kinds[:2] for priority, each in TEAM_TARGETS.items()},
            type="team", team=house.networks, pause_reasons=["supplier"], **rules,
        )  # fmt: skip
        self.policy, self.reopens, self.priority, self.team = policy, reopens, 4, None
        self.row = Row(Hours(self.calendar.as_spec()), at)
        self.ticket = self.fixtures["log_incident"](at=at)
        self.watches = {("response", 0): self.watch(), ("resolution", 0): self.watch()}
        self.is_answered = False

    def watch(self, targets: dict[int, int] = TARGETS) -> Watch:
        """A new clock that runs from now on."""
        return Watch(self.row, targets[self.priority], self.policy)

    def live(self, *kinds: str) -> list[Watch]:
        return [each for (kind, _part), each in self.watches.items() if kind in kinds and each.is_live]

    @property
    def said(self) -> dict[str, Any]:
        return {"by": self.fixtures["house"].tom, "at": self.row.at}

    @property
    def state(self) -> str:
        return self.ticket.state if hasattr(self, "ticket") else ""

    def now(self, kind: str, watch: Watch | None) -> None:
        """The clock of the kind that counts from now on."""
        if watch is not None:
            self.watches[kind, next(_numbers)] = watch

    @rule(minutes=st.sampled_from([1, 7, 45, 60, 119, 120, 240, 421, 840, 1440]))
    def walk(self, minutes: int) -> None:
        if self.row.now + minutes > 12 * 1440:
            return
        for each in self.watches.values():
            each.walk(minutes)
        self.row.now += minutes
        for each in self.watches.values():
            each.look()

    @rule()
    def sweep_before(self) -> None:
        sweep(self.row.at - LATER)

    @precondition(lambda self: self.state in ("new", "assigned", "in_progress"))
    @rule(name=st.sampled_from(["networks", "networks", "first_line"]))
    def assign(self, name: str) -> None:
        team = getattr(self.fixtures["house"], name)
        self.ticket = operations.assign(incident=self.ticket, team=team, **self.said)
        if name == self.team:
            return
        self.team = name
        for each in self.live("team", "team_response"):
            each.stop()
        if name == "networks":
            self.now("team", self.watch(TEAM_TARGETS))
            self.now("team_response", self.watch(TEAM_TARGETS))

    @precondition(lambda self: self.state in ("new", "assigned"))
    @rule()
    def start(self) -> None:
        self.ticket = operations.start(incident=self.ticket, **self.said)
        for each in self.live("team_response"):
            each.stop()

    @precondition(lambda self: self.state in ("assigned", "in_progress"))
    @rule(reason=st.sampled_from(["requester", "supplier"]))
    def hold(self, reason: str) -> None:
        is_question = reason == "requester"
        more = {"question": "Which client?"} if is_question else {"supplier_reference": "S-1"}
        self.ticket = operations.hold(incident=self.ticket, hold_for=reason, **more, **self.said)
        for each in self.live("team_response"):
            each.stop()
        if is_question:
            self.answer()
        for each in self.live("resolution", "update", "task"):
            each.hold(is_question)
        for each in self.live("team"):
            each.hold(not is_question)

    @precondition(lambda self: self.state == "on_hold")
    @rule()
    def resume(self) -> None:
        self.ticket = operations.resume(incident=self.ticket, **self.said)
        for each in self.watches.values():
            each.resume()

    @precondition(lambda self: self.state in ("new", "assigned", "in_progress", "on_hold"))
    @rule()
    def reply(self) -> None:
        record_operations.reply(record=self.ticket, text="We look into it.", **self.said)
        self.ticket = Incident.objects.get(pk=self.ticket.pk)
        self.answer()
        self.hold_as_the_ticket(*self.live("update"))

    def answer(self) -> None:
        """What a public reply does: the response is given, one update ends and the next begins."""
        self.is_answered = True
        for each in self.live("response", "update"):
            each.stop()
        self.now("update", self.watch())

    def hold_as_the_ticket(self, *watches: Watch) -> None:
        for each in watches:
            each.hold(self.state == "on_hold" and self.ticket.state_reason == "requester")

    @precondition(lambda self: self.state not in ("", "resolved") and len(self.tasks) < 3)
    @rule()
    def add_task(self) -> None:
        self.tasks.append(record_operations.add_task(record=self.ticket, title="Restart", **self.said))
        self.watches["task", self.tasks[-1].pk] = self.watch()
        self.hold_as_the_ticket(self.watches["task", self.tasks[-1].pk])

    @precondition(lambda self: self.tasks and self.state != "resolved")
    @rule(number=st.integers(0, 2))
    def turn_task(self, number: int) -> None:
        """Do it, or take it up again."""
        task = self.tasks[number % len(self.tasks)]
        task.refresh_from_db()
        if task.state == "open":
            record_operations.complete_task(task=task, **self.said)
            self.watches["task", task.pk].stop()
        else:
            record_operations.reopen_task(task=task, **self.said)
            self.take_up("task", task.pk)
            self.hold_as_the_ticket(self.watches["task", task.pk])

    def take_up(self, kind: str, part: int) -> None:
        """What was stopped goes on by the policy; under “restart” the first result stays beside a new full clock."""
        stopped = self.watches[kind, part]
        if self.reopens == "resume" and stopped.state in ("met", "missed"):
            stopped.reopen()
            return
        self.watches[kind, next(_numbers)] = self.watches.pop((kind, part))
        self.watches[kind, part] = self.watch(TEAM_TARGETS if kind == "team" else TARGETS)

    @precondition(lambda self: self.state not in ("", "resolved"))
    @rule(priority=st.sampled_from(sorted(TARGETS)))
    def judge_anew(self, priority: int) -> None:
        if priority == self.priority:
            return
        self.ticket = record_operations.override_priority(
            record=self.ticket, priority=priority, reason="Judged again.", **self.said
        )
        self.priority = priority
        for (kind, _part), each in self.watches.items():
            each.retarget((TEAM_TARGETS if kind.startswith("team") else TARGETS)[priority])

    @precondition(lambda self: self.state not in ("", "resolved", "new"))
    @rule()
    def resolve(self) -> None:
        self.ticket = operations.resolve(incident=self.ticket, code="fixed", text="Restarted.", **self.said)
        for each in self.live("response", "resolution", "update", "team", "team_response"):
            each.stop()
        for each in self.live("task"):
            each.drop()

    @precondition(lambda self: self.state == "resolved" and self.row.at < self.ticket.resolved_at + timedelta(days=7))
    @rule()
    def reopen(self) -> None:
        self.ticket = operations.reopen(incident=self.ticket, reason="It drops again.", **self.said)
        self.take_up("resolution", 0)
        teams = [key for key in self.watches if key[0] == "team"]
        if self.team == "networks":
            self.take_up(*max(teams, key=lambda key: key[1]))
        for task in self.tasks:
            task.refresh_from_db()
            if task.state == "open":
                self.take_up("task", task.pk)

    @precondition(lambda self: hasattr(self, "row") and self.closed_later)
    @rule()
    def enter_a_holiday(self) -> None:
        day, self.closed_later = self.closed_later, ""
        closed = DayException(datetime.fromisoformat(day).date(), (), "Entered later")
        windows = list(self.calendar.as_spec().weekly)
        self.calendar = calendar_operations.save_hours(
            calendar=self.calendar, windows=windows, exceptions=[*self.exceptions, closed],
            by=self.fixtures["house"].ines, at=self.row.at,
        )  # fmt: skip
        replanning.replan(self.calendar.pk, at=self.row.at)
        self.row.edit(Hours(self.calendar.as_spec()))

    @invariant()
    def clocks_agree(self, *, is_swept: bool = False) -> None:
        if not hasattr(self, "ticket"):
            return
        found, told = [], []
        clocks = list(Clock.objects.filter(record_id=self.ticket.pk))
        segments: dict[int, list[Segment]] = {}
        for each in Segment.objects.filter(clock__in=clocks).order_by("at_from", "id"):
            segments.setdefault(each.clock_id, []).append(each)
        facts = ClockFact.objects.filter(clock__in=clocks, level="breached", corrected_at=None)
        breaches = dict(facts.values_list("clock", "at"))
        for clock in clocks:
            is_judged = is_swept or clock.state != "running"
            used = sum((self.used(each) for each in segments[clock.pk] if each.kind == "running"), timedelta(0))
            breach = clock.breached_at if is_judged else None
            assert breaches.get(clock.pk) == clock.breached_at
            due = clock.due_at if clock.is_live else None
            found.append(
                (clock.kind, clock.state, used // MINUTE, clock.used_before + clock.target, str(due), str(breach))
            )
        for (kind, _part), watch in self.watches.items():
            breach = watch.breached_at if is_swept or watch.state != "running" else None
            allowed = timedelta(minutes=watch.free + watch.target)
            told.append((kind, watch.state, watch.used, allowed, str(watch.due()), str(breach)))
        assert sorted(found) == sorted(told)

    def used(self, segment: Segment) -> timedelta:
        hours = registry.business_time(segment.calendar_id, segment.calendar_version)
        return hours.between(segment.at_from, segment.at_to or self.row.at)


@pytest.mark.django_db
def test_any_order_of_acts_leaves_every_clock_as_the_judges_say(house, vpn, log_incident, make_agreement):
    Life.fixtures = {"house": house, "log_incident": log_incident, "make_agreement": make_agreement}
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20,
            stateful_step_count=18,
            suppress_health_check=list(HealthCheck),
        ),
    )
