"""The acts on outages: what they keep, what they refuse, what they leave in the log."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from audit.subscriptions import subscription
from common.refusals import NotAllowed, Refused, Stale
from incidents import operations as incidents
from services.models import Offering, Service
from slm.availability import operations
from slm.availability.enums import OutageState
from slm.availability.models import Outage
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import NOW

CRITICAL = {"impact": 1, "urgency": 1}


def heard(incident: Any) -> None:
    """What the outbox does with the latest act on the incident."""
    entry = Entry.objects.filter(subject_kind="record", subject_id=incident.pk).latest("id")
    subscription("availability.incident").handler(entry)


def log_of(outage: Outage) -> list[str]:
    rows = Entry.objects.filter(subject_kind="outage", subject_id=outage.pk)
    return list(rows.order_by("id").values_list("action", flat=True))


def test_recording_keeps_whole_seconds_and_who_said_so(house, vpn):
    made = operations.record(
        by=house.tom, at=NOW, service=vpn, started_at=moment("2026-03-10 08:00").replace(microsecond=700_000),
        ended_at=moment("2026-03-10 09:00"), cause="  Firmware\n5.2 ",
    )  # fmt: skip

    made.refresh_from_db()
    assert (made.started_at, made.cause, made.entered_by) == (moment("2026-03-10 08:00"), "Firmware 5.2", house.tom)
    assert made.is_counted
    assert log_of(made) == ["outage.recorded"]


@pytest.mark.parametrize("person", ["maria", "max", "otto", "ada"])
def test_others_may_not_record(house, vpn, person):
    with pytest.raises(NotAllowed):
        operations.record(by=getattr(house, person), at=NOW, service=vpn, started_at=moment("2026-03-10 08:00"))

    assert not Outage.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"at_from": "2026-03-10 08:00", "at_to": "2026-03-10 08:00"}, "ended_at"),
        ({"at_from": "2026-03-10 08:00", "at_to": "2026-03-10 07:00"}, "ended_at"),
        ({"at_from": "2026-03-20 12:01"}, "started_at"),
        ({"at_from": "2026-03-20 11:00", "at_to": "2026-03-20 12:01"}, "ended_at"),
        ({"at_from": "2026-03-25 11:00", "is_planned": True}, "ended_at"),
        ({"at_from": "2030-03-25 11:00", "at_to": "2030-03-25 12:00", "is_planned": True}, "started_at"),
        ({"at_from": "2016-01-01 00:00"}, "started_at"),
        ({"at_from": "2026-03-10 08:00", "weight": Decimal("1.01")}, "weight"),
        ({"at_from": "2026-03-10 08:00", "weight": Decimal("-0.01")}, "weight"),
        ({"at_from": "2026-03-10 08:00", "weight": Decimal("0.125")}, "weight"),
        ({"at_from": "2026-03-10 08:00", "users_affected": 3_000_000_000}, "users_affected"),
        ({"at_from": "2026-03-10 08:00", "cause": "x" * 301}, "cause"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(outage, said, field):
    with pytest.raises(Refused) as refused:
        outage(**said)

    assert [each.field for each in refused.value.refusals] == [field]
    assert not Outage.objects.exists()


def test_an_offering_of_another_service_is_refused(outage):
    other = Offering.objects.create(service=Service.objects.create(name="Mail", slug="mail"), name="Shared mailbox")

    with pytest.raises(Refused) as refused:
        outage("2026-03-10 08:00", offering=other)

    assert refused.value.refusals[0].field == "offering"


@pytest.mark.parametrize("weight", ["0", "1", "0.01"])
def test_the_edges_of_a_share_are_taken(outage, weight):
    assert outage("2026-03-10 08:00", weight=Decimal(weight)).weight == Decimal(weight)


def test_the_same_outage_twice_is_refused_with_the_name_of_who_was_first(house, outage):
    first = outage("2026-03-10 08:00")

    with pytest.raises(Refused, match=f"Tom Beck recorded this outage already, as number {first.pk}"):
        outage("2026-03-10 08:00", "2026-03-10 09:00", by=house.aisha)

    assert outage("2026-03-10 08:01", "2026-03-10 09:00", by=house.aisha).pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_two_people_entering_the_same_outage_at_once_make_one(house, outage):
    raised = at_once(
        lambda: outage("2026-03-10 08:00", "2026-03-10 09:00"),
        lambda: outage("2026-03-10 08:00", "2026-03-10 09:00", by=house.aisha),
    )

    assert Outage.objects.count() == 1
    assert [type(each) for each in raised if each is not None] == [Refused]


def test_ending_says_since_when_it_works_again(house, outage):
    going_on = outage("2026-03-20 08:00")

    ended = operations.end(outage=going_on, by=house.tom, at=NOW, ended_at=moment("2026-03-20 11:00"))

    assert ended.ended_at == moment("2026-03-20 11:00")
    with pytest.raises(Refused, match="has ended already"):
        operations.end(outage=going_on, by=house.tom, at=NOW, ended_at=moment("2026-03-20 11:30"))
    assert log_of(ended) == ["outage.recorded", "outage.ended"]


def test_a_correction_keeps_what_stood_before_with_the_reason(house, outage):
    known = outage("2026-03-10 08:00", "2026-03-10 09:00")

    operations.correct(
        outage=known, by=house.aisha, at=NOW, values={"started_at": moment("2026-03-10 07:30")},
        reason="Monitoring saw it first", version=1,
    )  # fmt: skip

    entry = Entry.objects.get(action="outage.corrected")
    assert entry.reason == "Monitoring saw it first"
    assert entry.changes == {"started_at": ["2026-03-10T08:00:00+00:00", "2026-03-10T07:30:00+00:00"]}


def test_a_correction_needs_a_right_a_reason_a_difference_and_the_present_version(house, outage):
    known = outage("2026-03-10 08:00", "2026-03-10 09:00")
    said: dict[str, Any] = {"outage": known, "at": NOW, "values": {"cause": "Power"}}

    with pytest.raises(NotAllowed):
        operations.correct(**said, by=house.tom, reason="x")
    with pytest.raises(Refused, match="The reason is missing"):
        operations.correct(**said, by=house.aisha, reason=" ")
    with pytest.raises(Stale):
        operations.correct(**said, by=house.aisha, reason="x", version=7)
    with pytest.raises(Refused, match="says this already"):
        operations.correct(**(said | {"values": {"cause": ""}}), by=house.aisha, reason="x")
    known.refresh_from_db()
    assert (known.cause, known.version) == ("", 1)


def test_what_was_withdrawn_counts_no_more_and_stays(house, outage):
    known = outage("2026-03-10 08:00", "2026-03-10 09:00")

    operations.withdraw(outage=known, by=house.ines, at=NOW, reason="A test of the monitoring")

    known.refresh_from_db()
    assert (known.state, known.decided_reason) == (OutageState.WITHDRAWN, "A test of the monitoring")
    assert not Outage.objects.counted().exists()
    with pytest.raises(Refused):
        operations.withdraw(outage=known, by=house.ines, at=NOW, reason="again")
    assert outage("2026-03-10 08:00", "2026-03-10 09:00").is_counted


def test_the_database_keeps_the_promises_too(outage):
    known = outage("2026-03-10 08:00", "2026-03-10 09:00")
    for wrong in (
        {"ended_at": moment("2026-03-10 08:00")},
        {"weight": Decimal("1.5")},
        {"state": "lost"},
        {"state": "withdrawn"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Outage.objects.filter(pk=known.pk).update(**wrong)


def test_an_outage_from_a_ticket_ends_when_that_is_resolved(house, outage, log_incident):
    incident = log_incident(at=moment("2026-03-20 08:00"))
    known = outage("2026-03-20 07:50", record=incident)
    incident = incidents.start(incident=incident, by=house.aisha, at=moment("2026-03-20 08:10"))

    incidents.resolve(incident=incident, by=house.aisha, at=moment("2026-03-20 09:30"), code="fixed", text="Restarted")
    heard(incident)
    heard(incident)

    known.refresh_from_db()
    assert known.ended_at == moment("2026-03-20 09:30")
    assert log_of(known) == ["outage.recorded", "outage.ended"]
    assert Entry.objects.get(action="outage.ended").actor is None


def test_an_outage_recorded_from_a_resolved_ticket_has_its_end_at_once(house, outage, log_incident):
    incident = log_incident(at=moment("2026-03-20 08:00"))
    incident = incidents.start(incident=incident, by=house.aisha, at=moment("2026-03-20 08:10"))
    incident = incidents.resolve(
        incident=incident, by=house.aisha, at=moment("2026-03-20 09:30"), code="fixed", text="Restarted"
    )

    assert outage("2026-03-20 07:50", record=incident).ended_at == moment("2026-03-20 09:30")


def test_a_critical_ticket_of_a_promised_service_proposes_an_outage(promise, log_incident, house):
    promise()
    incident = log_incident(**CRITICAL, at=moment("2026-03-20 08:00"), affected_count=40)

    heard(incident)
    heard(incident)

    proposed = Outage.objects.get()
    assert (proposed.state, proposed.started_at, proposed.record_id) == ("proposed", incident.opened_at, incident.pk)
    assert not Outage.objects.counted().exists()
    confirmed = operations.confirm(outage=proposed, by=house.tom, at=NOW)
    assert (confirmed.state, confirmed.entered_by) == ("confirmed", house.tom)
    with pytest.raises(Refused, match="decided about this proposal already"):
        operations.confirm(outage=proposed, by=house.aisha, at=NOW)


def test_a_dismissed_proposal_does_not_come_back(promise, log_incident, house):
    promise()
    incident = log_incident(**CRITICAL, at=moment("2026-03-20 08:00"))
    heard(incident)

    operations.dismiss(outage=Outage.objects.get(), by=house.aisha, at=NOW, reason="One laptop only")
    heard(incident)

    assert [each.state for each in Outage.objects.all()] == ["dismissed"]


def test_one_outage_many_incidents(promise, log_incident, outage):
    promise()
    for _number in range(3):
        heard(log_incident(**CRITICAL, at=moment("2026-03-20 08:00")))
    assert Outage.objects.count() == 1

    Outage.objects.all().delete()
    outage("2026-03-20 07:00")
    heard(log_incident(**CRITICAL, at=moment("2026-03-20 08:30")))
    assert Outage.objects.count() == 1


@pytest.mark.parametrize("said", [{"impact": 3, "urgency": 2}, {"service": None}])
def test_other_tickets_propose_nothing(promise, log_incident, said):
    promise()

    heard(log_incident(**(CRITICAL | said), at=moment("2026-03-20 08:00")))

    assert not Outage.objects.exists()


def test_where_no_availability_is_promised_nothing_is_proposed(promise, log_incident):
    promise(target=None)

    heard(log_incident(**CRITICAL, at=moment("2026-03-20 08:00")))

    assert not Outage.objects.exists()


def test_a_proposal_ends_with_its_ticket_too(promise, log_incident, house):
    promise()
    incident = log_incident(**CRITICAL, at=moment("2026-03-20 08:00"))
    heard(incident)
    incident = incidents.start(incident=incident, by=house.aisha, at=moment("2026-03-20 08:10"))
    incidents.resolve(incident=incident, by=house.aisha, at=moment("2026-03-20 09:30"), code="fixed", text="Restarted")

    heard(incident)

    assert Outage.objects.get().ended_at == moment("2026-03-20 09:30")


@pytest.mark.parametrize(("weight", "status"), [("0.5", 201), ("1.00", 201), ("0", 201), ("1.01", 422), ("0.555", 422)])
def test_a_share_is_sent_over_rest_as_a_text(house, vpn, as_, weight, status):  # noqa: F811
    said = {"service": "vpn", "started_at": "2026-03-01T08:00:00Z", "ended_at": "2026-03-01T09:00:00Z"}

    answer = as_(house.tom).post("outages/", said | {"weight": weight})

    assert answer.status_code == status
