"""Clocks of tasks and of the steps of approvals: several at once, each of a part of its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals import operations as approvals
from approvals import queries as approval_queries
from audit import outbox
from changes import operations as changes
from changes.models import Change
from changes.queries.facts import AUTHORIZE
from incidents import operations
from notifications.models import Notice
from people.models import User
from records import operations as record_operations
from slm.models import Clock, ClockChange, ClockFact
from slm.queries import clocks_of
from slm.sweep import sweep
from tests.changes.conftest import MONDAY_10, gateway, write_change  # noqa: F401 - fixtures
from tests.conftest import moment

TASKS = {("resolution", 4): 480, ("task", 4): 120, ("task", 3): 60}


def at(time):
    return moment(f"2026-03-02 {time}")


def add(record, by, time, title="Restart the gateway", **said):
    return record_operations.add_task(record=record, by=by, at=at(time), title=title, **said)


def rows(record, kind="task"):
    found = Clock.objects.filter(record_id=record.pk, kind=kind).order_by("id")
    return list(found.values_list("about", "state", "started_at", "due_at", "stopped_at"))


def states(record, kind="task"):
    return [state for _about, state, *_rest in rows(record, kind)]


@pytest.fixture
def ticket(house, log_incident, make_agreement):
    """Monday 9:00, worked on by Tom; each task has two office hours, one for P3, and waits for the requester."""
    make_agreement(targets=TASKS, pause_reasons=["requester"])
    return operations.start(incident=log_incident(at=at("09:00")), by=house.tom, at=at("09:00"))


def test_each_task_has_a_clock_of_its_own_which_ends_with_it(ticket, house):
    first = add(ticket, house.tom, "10:00")
    second = add(ticket, house.tom, "11:00", "Tell the site")
    record_operations.complete_task(task=first, by=house.tom, at=at("11:30"))
    record_operations.skip_task(task=second, by=house.tom, at=at("15:00"), reason="Nobody is there.")

    assert rows(ticket) == [
        ("Restart the gateway", "met", at("10:00"), at("12:00"), at("11:30")),
        ("Tell the site", "missed", at("11:00"), at("13:00"), at("15:00")),
    ]
    ticket.refresh_from_db()
    assert (ticket.due_kind, ticket.due_at, ticket.is_breached) == ("resolution", at("17:00"), False)


def test_they_pause_and_are_aimed_anew_all_of_them(ticket, house):
    for title in ("First", "Second"):
        add(ticket, house.tom, "10:00", title)
    held = operations.hold(incident=ticket, by=house.tom, at=at("11:00"), hold_for="requester", question="Which?")
    assert states(ticket) == ["paused", "paused"]
    add(held, house.tom, "11:30", "Third")
    assert states(ticket) == ["paused"] * 3

    running = operations.resume(incident=held, by=house.tom, at=at("13:00"))
    assert [due for *_rest, due, _stop in rows(ticket)] == [at("14:00"), at("14:00"), at("15:00")]
    record_operations.override_priority(record=running, by=house.tom, at=at("13:15"), priority=3, reason="Worse.")

    assert [due for *_rest, due, _stop in rows(ticket)] == [at("13:00"), at("13:00"), at("14:00")]
    changed = ClockChange.objects.filter(clock__record_id=ticket.pk, clock__kind="task", why="priority")
    assert changed.count() == 3
    assert list(
        Clock.objects.filter(record_id=ticket.pk, kind="task")
        .order_by("id")
        .values_list("is_breached_by_reclassification", flat=True)
    ) == [True, True, False]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("resume", [("running", at("10:00"), at("13:30"))]),
        ("restart", [("met", at("10:00"), at("12:00")), ("running", at("12:00"), at("14:00"))]),
        ("new_call", [("running", at("10:00"), at("13:30"))]),
    ],
)
def test_a_task_that_is_taken_up_again_goes_on_as_the_agreement_says(
    house, log_incident, make_agreement, policy, expected
):
    make_agreement(targets=TASKS, reopen_policy=policy)
    ticket = operations.start(incident=log_incident(at=at("09:00")), by=house.tom, at=at("09:00"))
    task = add(ticket, house.tom, "10:00")
    record_operations.complete_task(task=task, by=house.tom, at=at("10:30"))

    record_operations.reopen_task(task=task, by=house.tom, at=at("12:00"))

    assert [(state, started, due) for _about, state, started, due, _stop in rows(ticket)] == expected


def test_a_resolution_drops_what_is_open_and_reopening_the_ticket_begins_it_anew(ticket, house):
    add(ticket, house.tom, "10:00")
    resolved = operations.resolve(incident=ticket, by=house.tom, at=at("11:00"), code="fixed", text="Done.")
    assert states(ticket) == ["cancelled"]
    reopened = operations.reopen(incident=resolved, by=house.tom, at=at("12:00"), reason="Again.")

    assert [row[1:4] for row in rows(ticket)] == [
        ("cancelled", at("10:00"), at("12:00")),
        ("running", at("12:00"), at("14:00")),
    ]
    operations.resolve(incident=reopened, by=house.tom, at=at("12:30"), code="fixed", text="Done.")
    assert states(ticket) == ["cancelled", "cancelled"]


def test_a_task_nobody_promised_anything_about_has_none_and_costs_little(house, log_incident, make_agreement):
    make_agreement()
    ticket = log_incident(at=at("09:00"))
    task = add(ticket, house.tom, "10:00")
    record_operations.complete_task(task=task, by=house.tom, at=at("11:00"))

    assert rows(ticket) == []


def test_a_missed_task_is_a_fact_told_to_who_has_it_and_marks_no_ticket(ticket, house):
    operations.assign(incident=ticket, by=house.tom, at=at("09:30"), team=house.networks, assignee=house.aisha)
    add(ticket, house.tom, "10:00", "<b>Tell</b> the site", assignee=house.tom)

    assert [sweep(at("12:01")), sweep(at("12:01"))] == [3, 0]
    while outbox.dispatch_due(at=at("12:02")):
        pass

    facts = ClockFact.objects.filter(clock__kind="task").order_by("at").values_list("level", "at")
    assert list(facts) == [("due_soon", at("11:30")), ("at_risk", at("11:48")), ("breached", at("12:00"))]
    told = Notice.objects.filter(record_id=ticket.pk, kind="breached").values_list("user__username", "text")
    assert sorted(told) == [
        (name, "Task: <b>Tell</b> the site") for name in ("aisha", "tom")
    ]  # the lead, and who has it
    ticket.refresh_from_db()
    assert (ticket.is_breached, ticket.due_state) == (False, "running")


def test_page_and_api_name_the_part_and_show_each_that_runs(ticket, house, client):
    for title in ("First <i>", "Second", "Third"):
        add(ticket, house.tom, "10:00", title)
    record_operations.complete_task(task=ticket.tasks.get(title="Third"), by=house.tom, at=at("11:00"))

    with CaptureQueriesContext(connection) as seen:
        views = clocks_of(ticket, house.tom, at=at("11:30"))
    assert [(each.clock.label, each.mark, each.ended) for each in views] == [
        ("resolution", "on-track", 0), ("task: First <i>", "due-soon", 1), ("task: Second", "due-soon", 0),
    ]  # fmt: skip
    assert len(seen) == 1

    client.force_login(house.tom)
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "Task: First &lt;i&gt;" in page
    clock = Clock.objects.get(about="Second")
    told = client.get(reverse("slm:explanation", args=[clock.pk])).content.decode()
    assert "Task: Second" in told
    answer = client.get(f"/api/v1/incidents/{ticket.reference}/clocks/").json()
    assert [(each["about"], each["state"]) for each in answer["items"] if each["kind"] == "task"] == [
        ("First <i>", "running"), ("Second", "running"), ("Third", "met"),
    ]  # fmt: skip
    client.force_login(house.otto)
    assert client.get(reverse("slm:explanation", args=[clock.pk])).status_code == 404


@pytest.fixture
def asked(make_agreement, around_the_clock, write_change, house):  # noqa: F811 - the fixture imported above
    """A change whose authorization was asked for on Monday at ten; four hours for each step, around the clock."""
    make_agreement(
        "Changes",
        kind="change",
        pause_reasons=[],
        calendar=around_the_clock,
        targets={(clock, priority): 240 for clock in ("approval", "task") for priority in range(1, 6)},
    )
    change = changes.submit(change=write_change(points=1), by=house.aisha, at=MONDAY_10)
    return changes.assess(change=change, by=house.ines, at=MONDAY_10)


def test_a_step_counts_from_when_it_asks_until_it_is_decided(asked, house):
    assert [row[1:4] for row in rows(asked, "approval")] == [("running", MONDAY_10, at("14:00"))]
    step = approval_queries.open_one(asked, AUTHORIZE).steps.get(state="open")
    assert Clock.objects.get(kind="approval").part == step.pk

    sweep(at("14:30"))
    approvals.vote(
        approval=approval_queries.open_one(asked, AUTHORIZE), by=house.ines, at=at("15:00"), choice="approve"
    )

    assert rows(asked, "approval") == [(step.name, "missed", MONDAY_10, at("14:00"), at("15:00"))]
    change = Change.objects.get(pk=asked.pk)
    assert (change.state, change.is_breached) == ("scheduled", False)


def test_who_has_not_voted_is_told_and_a_lapsed_step_is_not_judged(asked, house):
    sweep(at("13:40"))
    while outbox.dispatch_due(at=at("13:41")):
        pass
    told = Notice.objects.filter(record_id=asked.pk, kind="at_risk").values_list("user__username", flat=True)
    acting = User.objects.filter(approval_seats_acting__step__approval__record=asked.pk).distinct()
    assert sorted(told) == sorted(acting.values_list("username", flat=True)) != []

    changes.amend(change=asked, by=house.aisha, at=at("16:00"), reason="Wrong gateway.")

    assert states(asked, "approval") == ["cancelled"]
    assert ClockFact.objects.filter(clock__kind="approval", level="breached").count() == 1


def test_tasks_of_a_change_count_from_its_authorization_on(asked, house):
    add(asked, house.aisha, "10:30", "Take a copy")
    assert states(asked) == []
    approvals.vote(
        approval=approval_queries.open_one(asked, AUTHORIZE), by=house.ines, at=at("11:00"), choice="approve"
    )
    change = Change.objects.get(pk=asked.pk)
    assert [row[:4] for row in rows(change)] == [("Take a copy", "running", at("11:00"), at("15:00"))]

    record_operations.complete_task(task=change.tasks.get(), by=house.tom, at=at("14:59"))

    change = changes.begin(change=change, by=house.tom, at=moment("2026-03-05 20:00"), notice_was_sent=True)
    assert states(change) == ["met"]
