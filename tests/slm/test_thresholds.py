"""Warnings that an agreement adds: each given once, to whom it names, in their hours if so set."""

import pytest
from django.urls import reverse

from audit import outbox
from calendars import operations as calendar_operations
from calendars.business_time import WeeklyWindow
from common.refusals import Refused
from incidents import operations
from notifications.models import Notice
from notifications.queries import open_notices
from records import operations as record_operations
from slm import operations as agreements
from slm import replanning, thresholds
from slm.models import ClockFact
from slm.sweep import sweep
from tests.conftest import moment

P60 = {"percent": 60, "tells": ["owner"]}
M30 = {"minutes": 30, "tells": ["lead"]}
P150 = {"percent": 150, "tells": ["owner"]}
EIGHT = {("resolution", 4): 480, ("resolution", 3): 240}


@pytest.fixture
def opened(house, log_incident, make_agreement):
    """Monday 9:00, assigned to Aisha of Networks, eight working hours: due at 17:00."""

    def make(*rows, **said):
        make_agreement(targets=EIGHT, thresholds=list(rows), **said)
        incident = log_incident(at=moment("2026-03-02 09:00"))
        return operations.assign(
            incident=incident, by=house.tom, at=moment("2026-03-02 09:00"), team=house.networks, assignee=house.aisha
        )

    return make


def deliver():
    """Hand what was written down to those who wait for it."""
    while outbox.dispatch_due(at=moment("2026-03-06 00:00")):
        pass


def facts(ticket, clock_of):
    return list(
        ClockFact.objects.filter(clock=clock_of(ticket)).order_by("at", "id").values_list("level", "at", "generation")
    )


def test_each_level_is_passed_once_at_its_own_moment(opened, clock_of):
    ticket = opened(P60, M30, P150)

    for at in ("13:48", "13:48", "16:31", "17:01", "17:01"):
        sweep(moment(f"2026-03-02 {at}"))
    sweep(moment("2026-03-03 11:00"))
    sweep(moment("2026-03-03 12:00"))

    assert facts(ticket, clock_of) == [
        ("p60", moment("2026-03-02 13:48"), 1),
        ("due_soon", moment("2026-03-02 15:00"), 1),
        ("at_risk", moment("2026-03-02 16:12"), 1),
        ("m30", moment("2026-03-02 16:30"), 1),
        ("breached", moment("2026-03-02 17:00"), 1),
        ("p150", moment("2026-03-03 11:00"), 1),
    ]


def test_after_an_outage_all_are_recorded_by_one_sweep(opened, clock_of):
    ticket = opened(P60, M30, P150)

    assert sweep(moment("2026-03-05 09:00")) == 6
    assert sweep(moment("2026-03-05 09:00")) == 0
    assert clock_of(ticket).next_level_at is None


def test_a_warning_longer_than_the_target_is_left_out(opened, clock_of):
    ticket = opened({"minutes": 481, "tells": ["owner"]})

    sweep(moment("2026-03-05 09:00"))

    assert [level for level, *_rest in facts(ticket, clock_of)] == ["due_soon", "at_risk", "breached"]


def test_a_pause_takes_the_moments_away_and_the_passed_stay_passed(opened, house, clock_of):
    ticket = opened(P60, M30)
    sweep(moment("2026-03-02 14:00"))
    held = operations.hold(
        incident=operations.start(incident=ticket, by=house.aisha, at=moment("2026-03-02 14:00")),
        by=house.aisha, at=moment("2026-03-02 14:00"), hold_for="requester", question="Which client?",
    )  # fmt: skip
    assert [(each.code, each.at, each.is_passed) for each in thresholds.read(clock_of(ticket).levels)] == [
        ("m30", None, False),
        ("p60", None, True),
    ]

    operations.resume(incident=held, by=house.aisha, at=moment("2026-03-02 16:00"))
    sweep(moment("2026-03-03 08:31"))

    # Two hours on hold: 16:30 becomes 18:30, which is Tuesday 8:30.
    assert [level for level, *_rest in facts(ticket, clock_of)] == ["p60", "due_soon", "at_risk", "m30"]
    assert facts(ticket, clock_of)[-1][1] == moment("2026-03-03 08:30")


def test_a_longer_target_gives_a_passed_warning_again_when_it_comes(opened, house, clock_of):
    ticket = opened(P60)
    record_operations.override_priority(
        record=ticket, by=house.tom, at=moment("2026-03-02 09:00"), priority=3, reason="Urgent."
    )
    sweep(moment("2026-03-02 11:30"))
    ticket.refresh_from_db()
    record_operations.override_priority(
        record=ticket, by=house.tom, at=moment("2026-03-02 11:40"), priority=4, reason="It is not."
    )
    sweep(moment("2026-03-02 14:00"))

    assert [(level, at) for level, at, _generation in facts(ticket, clock_of)] == [
        ("p60", moment("2026-03-02 11:24")),
        ("p60", moment("2026-03-02 13:48")),
    ]


def test_an_act_that_comes_before_the_sweep_records_them_itself(opened, house, clock_of):
    ticket = opened(P60, M30)

    operations.resolve(incident=ticket, by=house.aisha, at=moment("2026-03-02 16:40"), code="fixed", text="Restarted.")

    assert sorted(level for level, *_rest in facts(ticket, clock_of)) == ["at_risk", "due_soon", "m30", "p60"]


def test_a_holiday_entered_later_moves_what_lies_ahead(opened, office, clock_of):
    ticket = opened(P150, M30)
    calendar_operations.save_hours(
        calendar=office, windows=[WeeklyWindow(day, 480, 1080) for day in range(2, 5)], exceptions=(), by=None,
        at=moment("2026-03-02 12:00"), is_always_open=False,
    )  # fmt: skip

    replanning.replan(office.pk, at=moment("2026-03-02 12:00"))

    # Three hours were used on Monday; Wednesday opens next: five more until due, half an hour less, four more.
    assert [(each.code, each.at) for each in thresholds.read(clock_of(ticket).levels)] == [
        ("m30", moment("2026-03-04 12:30")),
        ("p150", moment("2026-03-04 17:00")),
    ]
    assert clock_of(ticket).next_level_at == moment("2026-03-04 11:00")


def test_it_tells_whom_the_agreement_names_and_nobody_who_may_not_see_it(opened, house):
    ticket = opened({"percent": 60, "tells": ["lead"], "people": [house.ines.pk, house.otto.pk]})

    sweep(moment("2026-03-02 13:50"))
    deliver()

    told = Notice.objects.filter(record_id=ticket.pk, kind="at_risk")
    assert sorted(told.values_list("user__username", "text")) == [
        ("aisha", "Resolution: 60 % used"),
        ("ines", "Resolution: 60 % used"),
    ]


def test_at_the_usual_share_it_tells_in_place_of_the_usual(opened, house):
    ticket = opened({"percent": 100, "people": [house.ines.pk]})

    sweep(moment("2026-03-02 17:01"))
    deliver()

    told = Notice.objects.filter(record_id=ticket.pk, kind="breached")
    assert list(told.values_list("user__username", flat=True)) == ["ines"]


def test_a_closed_team_hears_at_its_next_opening(opened, house, log_incident, around_the_clock, office):
    house.networks.calendar = office
    house.networks.save(update_fields=["calendar"])
    in_hours = {"percent": 60, "tells": ["owner"], "in_hours": True}
    by_day = opened(in_hours, calendar=around_the_clock)
    by_night = operations.assign(
        incident=log_incident(at=moment("2026-03-02 20:00")), by=house.tom, at=moment("2026-03-02 20:00"),
        team=house.networks, assignee=house.aisha,
    )  # fmt: skip

    sweep(moment("2026-03-02 13:50"))
    sweep(moment("2026-03-03 01:00"))
    deliver()

    notices = {each.record_id: each for each in Notice.objects.filter(user=house.aisha, text__contains="60 %")}
    assert notices[by_day.pk].snoozed_until is None
    asleep = notices[by_night.pk]
    assert asleep.snoozed_until == moment("2026-03-03 08:00")
    assert asleep not in open_notices(house.aisha, at=moment("2026-03-03 07:59"))
    assert asleep in open_notices(house.aisha, at=moment("2026-03-03 08:00"))


def test_refused_are_warnings_that_tell_nobody_or_no_moment(standard, house):
    def save(*rows):
        return agreements.edit_agreement(
            agreement=standard, by=house.ines, at=moment("2026-03-02 09:00"), values={"thresholds": list(rows)}
        )

    for row in ({"percent": 60}, {"tells": ["owner"]}, {**P60, "percent": 0}, {**P60, "percent": 501},
                {**P60, "minutes": 5}, {**P60, "clocks": ["decision"]}):  # fmt: skip
        with pytest.raises(Refused):
            save(row)
    with pytest.raises(Refused):
        save(P60, P60)
    assert save(P60, M30).version == 2


def test_the_page_saves_them_and_keeps_what_was_typed_wrong(client, standard, house):
    address = reverse("slm:warnings", args=[standard.slug])
    client.force_login(house.ines)
    typed = {"seen_version": 1, "at_0": "60 %", "owner_0": "on", "people_0": "tom", "at_1": "soon", "lead_1": "on"}

    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "“soon” is no moment of a clock" in refused.content.decode()
    assert 'value="soon"' in refused.content.decode()

    client.post(address, typed | {"at_1": "30 min"})
    standard.refresh_from_db()
    assert standard.thresholds == [
        {"percent": 60, "tells": ["owner"], "people": [house.tom.pk]},
        {"minutes": 30, "tells": ["lead"]},
    ]

    assert client.post(address, typed | {"at_1": "20 min"}).status_code == 412
    client.force_login(house.tom)
    assert client.post(address, typed).status_code == 403
    assert "tom" in client.get(address).content.decode()
