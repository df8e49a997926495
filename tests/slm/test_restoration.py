"""It worked again earlier than was recorded: clocks stop there, and are judged by it."""

import pytest
from django.urls import reverse

from common.refusals import NotAllowed, Refused, Stale
from incidents import operations
from records import operations as record_operations
from records.models import Record
from slm.enums import AgreementType
from slm.explain import explanation
from slm.models import Clock, ClockChange, ClockFact, Segment
from slm.sweep import sweep
from tests.conftest import moment

WHY = "Monitoring says so."


def at(time):
    return moment(f"2026-03-02 {time}")


def correct(record, by, time, reason=WHY, now="17:00", **said):
    resolved_at = at(time) if len(time) == 5 else moment(time)
    return record_operations.correct_resolution(
        record=record, by=by, at=at(now), resolved_at=resolved_at, reason=reason, **said
    )


@pytest.fixture
def resolved(house, log_incident, make_agreement):
    """
    Monday 9:00, four office hours: due at 13:00. On hold 11:00-11:30 so 13:30, resolved at 16:00, too late. Networks
    had it from 14:00 on, by an agreement of its own.
    """
    make_agreement(targets={("resolution", 4): 240, ("response", 4): 480}, pause_reasons=["requester"])
    make_agreement("Networks", type=AgreementType.TEAM, team=house.networks, targets={("resolution", 4): 60})
    ticket = operations.start(incident=log_incident(at=at("09:00")), by=house.tom, at=at("09:00"))
    said = {"hold_for": "requester", "question": "Which client?"}
    ticket = operations.hold(incident=ticket, by=house.tom, at=at("11:00"), **said)
    ticket = operations.resume(incident=ticket, by=house.tom, at=at("11:30"))
    ticket = operations.assign(incident=ticket, by=house.tom, at=at("14:00"), team=house.networks)
    sweep(at("15:30"))
    return operations.resolve(incident=ticket, by=house.tom, at=at("16:00"), code="fixed", text="Restarted.")


def clocks(record):
    rows = Clock.objects.filter(record_id=record.pk).order_by("kind")
    return {each.kind: (each.state, each.stopped_at, each.due_at) for each in rows}


def test_a_miss_turns_out_to_be_none_and_the_ledger_keeps_what_was(resolved, house, clock_of):
    assert clocks(resolved)["resolution"] == ("missed", at("16:00"), at("13:30"))

    correct(resolved, house.tom, "13:15")

    assert clocks(resolved) == {
        "resolution": ("met", at("13:15"), at("13:30")),
        "response": ("met", at("11:00"), at("17:00")),  # the question was an answer, and stays one
        "team": ("met", at("14:00"), at("15:00")),  # it had nothing to do any more
    }
    clock = clock_of(resolved)
    assert list(Segment.objects.filter(clock=clock).order_by("at_from").values_list("kind", "at_from", "at_to")) == [
        ("running", at("09:00"), at("11:00")),
        ("paused", at("11:00"), at("11:30")),
        ("running", at("11:30"), at("13:15")),
        ("stopped", at("13:15"), at("16:00")),
    ]
    assert ClockFact.objects.get(clock=clock, level="breached").corrected_at == at("17:00")
    change = ClockChange.objects.get(clock=clock, why="resolution")
    assert (change.by, change.due_before, change.due_after) == (house.tom, at("13:30"), at("13:30"))
    record = Record.objects.get(pk=resolved.pk)
    assert (record.resolved_at, record.is_breached, record.phase) == (at("13:15"), False, "done")
    told = explanation(Clock.objects.select_related("record", "calendar", "agreement").get(pk=clock.pk), at("17:00"))
    assert told.arithmetic[-1] == (
        "It stopped on Mon 2 Mar 2026, 13:15 with 3:45 of 4:00 used: met. It was due on Mon 2 Mar 2026, 13:30."
    )


def test_one_that_was_missed_all_the_same_stays_so(resolved, house):
    correct(resolved, house.tom, "14:30")

    assert clocks(resolved)["resolution"] == ("missed", at("14:30"), at("13:30"))
    assert Record.objects.get(pk=resolved.pk).is_breached


def test_a_moment_inside_a_pause_counts_from_where_the_pause_began(resolved, house):
    correct(resolved, house.tom, "11:10")

    assert clocks(resolved)["resolution"] == ("met", at("11:10"), at("13:10"))


def test_refused_are_moments_that_cannot_be_and_people_who_may_not(resolved, house):
    for time, sentence in (
        ("16:00", "recorded as resolved by then"),
        ("16:01", "recorded as resolved by then"),
        ("08:59", "reported or reopened only after"),
        ("2026-02-20 09:00", "7 days at most"),
    ):
        with pytest.raises(Refused, match=sentence):
            correct(resolved, house.tom, time)
    with pytest.raises(Refused, match="how the moment"):
        correct(resolved, house.tom, "13:00", " ")
    with pytest.raises(Stale):
        correct(resolved, house.tom, "13:00", version=resolved.version - 1)
    for person in (house.maria, house.otto):
        with pytest.raises(NotAllowed):
            correct(resolved, person, "13:00")
    reopened = operations.reopen(incident=resolved, by=house.tom, at=at("16:10"), reason="Again.")
    with pytest.raises(Refused, match="not resolved"):
        correct(reopened, house.tom, "13:00")
    again = operations.resolve(incident=reopened, by=house.tom, at=at("16:40"), code="fixed", text="Restarted.")
    with pytest.raises(Refused, match="reported or reopened only after"):
        correct(again, house.tom, "16:05")
    assert correct(again, house.tom, "16:30").resolved_at == at("16:30")


def test_the_page_and_the_api_correct_it_and_keep_what_was_typed(resolved, house, client, time_machine, clock_of):
    time_machine.move_to(at("17:00"), tick=False)
    client.force_login(house.tom)
    told = client.get(reverse("slm:explanation", args=[clock_of(resolved).pk])).content.decode()
    address = reverse("slm:resolution", args=[resolved.pk])
    assert f'href="{address}"' in told
    typed = {"seen_version": resolved.version, "resolved_at": "2026-03-02T16:30", "reason": "<b>Log</b>"}
    refused = client.post(address, typed)
    assert (refused.status_code, "&lt;b&gt;Log&lt;/b&gt;" in refused.content.decode()) == (409, True)

    zone = house.tom.zone
    right = at("13:15").astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    assert client.post(address, typed | {"resolved_at": right}).status_code == 302
    assert clocks(resolved)["resolution"][:2] == ("met", at("13:15"))
    body = {"resolved_at": "2026-03-02T13:05:00Z", "reason": WHY}
    answer = client.put(f"/api/v1/incidents/{resolved.reference}/restoration/", body, content_type="application/json")
    assert answer.status_code == 200
    found = {each["kind"]: each for each in answer.json()["items"]}["resolution"]
    assert (found["stopped_at"], found["explanation"].count("restoration")) == ("2026-03-02T13:05:00Z", 0)
    client.force_login(house.maria)
    assert client.post(address, typed).status_code in (403, 404)
