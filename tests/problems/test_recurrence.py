"""A problem that was fixed is watched: what looks like it takes it back, or has to be explained."""

import pytest

from audit import outbox
from audit.models import Dispatch, Entry
from common.refusals import Refused
from incidents import operations as incident_operations
from notifications.models import Notice
from problems import operations
from problems.enums import State
from problems.models import RecurrenceMatch
from problems.queries.likeness import NOTED, SURE
from problems.reactions import look_for_recurrence
from records.enums import LinkKind
from records.models import Category
from records.transitions import TransitionRefused
from services.models import ConfigurationItem, Service
from tests.conftest import moment

LATER = moment("2026-03-10 09:00")


def deliver():
    """Let every subscriber hear of what has been done."""
    while outbox.dispatch_due(at=moment("2027-01-01 00:00")):
        pass
    assert not Dispatch.objects.exclude(error="").exists()


def test_an_incident_with_the_same_words_and_item_takes_the_problem_back(house, verifying, log_incident, vpn):
    gateway = ConfigurationItem.objects.create(name="vpn-gw-2", service=vpn)
    operations.edit(problem=verifying, by=house.aisha, at=moment("2026-03-06 09:00"), values={"item": gateway})
    incident = log_incident(at=LATER, item=gateway, title="VPN drops every 20 minutes again")

    deliver()

    verifying.refresh_from_db()
    assert verifying.state == State.INVESTIGATING
    assert verifying.loop_count == 1
    entry = Entry.objects.get(action="problem.regressed")
    assert entry.actor is None
    assert entry.data["incident"] == incident.pk
    assert entry.data["item"] is True
    match = RecurrenceMatch.objects.get()
    assert match.is_confirmed
    assert match.score >= SURE
    assert set(
        Notice.objects.filter(record=verifying.pk, text="It came back").values_list("user__username", flat=True)
    ) == {
        "tom",
        "aisha",
    }


def test_what_only_looks_a_little_alike_waits_for_an_explanation(house, verifying, log_incident):
    incident = log_incident(at=LATER, title="VPN drops every few minutes")

    deliver()

    verifying.refresh_from_db()
    assert verifying.state == State.VERIFYING
    match = RecurrenceMatch.objects.get()
    assert NOTED <= match.score < SURE
    with pytest.raises(TransitionRefused) as error:
        operations.close(problem=verifying, by=house.ines, at=moment("2026-04-02 09:00"), lessons="Memory.")
    assert {each.code for each in error.value.refusals} == {"unexplained"}

    operations.explain_match(match=match, by=house.tom, at=moment("2026-03-11 09:00"), explanation="A broken router.")
    closed = operations.close(problem=verifying, by=house.ines, at=moment("2026-04-02 09:00"), lessons="Memory.")

    assert closed.state == State.CLOSED
    assert incident.pk == match.incident_id


def test_an_explanation_needs_words(house, verifying, log_incident):
    log_incident(at=LATER, title="VPN drops every few minutes")
    deliver()

    with pytest.raises(Refused):
        operations.explain_match(match=RecurrenceMatch.objects.get(), by=house.tom, at=LATER, explanation=" ")


@pytest.mark.parametrize(
    "said",
    [
        {"title": "The coffee machine leaks"},
        {"title": "VPN drops every 20 minutes", "service": None},
        {"title": "VPN drops every 20 minutes", "service": "other"},
    ],
)
def test_other_words_or_another_service_are_something_else(house, verifying, log_incident, said):
    if said.get("service") == "other":
        said["service"] = Service.objects.create(name="Mail", slug="mail")
    log_incident(at=LATER, **said)

    deliver()

    assert not RecurrenceMatch.objects.exists()


def test_an_incident_from_before_the_fix_is_no_recurrence(house, verifying, log_incident):
    log_incident(at=moment("2026-03-05 08:00"))

    deliver()

    assert not RecurrenceMatch.objects.exists()


def test_a_person_who_links_an_incident_makes_it_sure(house, verifying, log_incident):
    from records import operations as record_operations

    incident = log_incident(at=LATER, title="Telephone mute at home", service=None)
    deliver()
    assert not RecurrenceMatch.objects.exists()

    record_operations.link(record=incident, to=verifying, kind=LinkKind.CAUSED_BY, by=house.tom, at=LATER)
    deliver()

    verifying.refresh_from_db()
    assert verifying.state == State.INVESTIGATING


def test_an_edited_incident_is_looked_at_again(house, verifying, log_incident, vpn):
    incident = log_incident(at=LATER, title="VPN drops every 20 minutes", service=None)
    deliver()
    assert not RecurrenceMatch.objects.exists()

    incident_operations.edit(incident=incident, by=house.tom, at=LATER, values={"service": vpn})
    deliver()

    assert RecurrenceMatch.objects.get().incident_id == incident.pk


def test_the_same_category_adds_to_the_likeness(house, verifying, log_incident):
    network = Category.objects.create(name="Network")
    operations.edit(problem=verifying, by=house.aisha, at=moment("2026-03-06 09:00"), values={"category": network})
    log_incident(at=LATER, title="VPN drops every few minutes", category=network)

    deliver()

    assert RecurrenceMatch.objects.get().evidence["category"] is True


def test_hearing_of_an_incident_twice_changes_nothing(house, verifying, log_incident):
    log_incident(at=LATER, title="VPN drops every 20 minutes")
    deliver()
    entry = Entry.objects.get(action="incident.created")

    look_for_recurrence(entry)
    look_for_recurrence(entry)

    verifying.refresh_from_db()
    assert verifying.loop_count == 1
    assert RecurrenceMatch.objects.count() == 1
    assert Entry.objects.filter(action="problem.regressed").count() == 1


def test_an_explained_match_is_not_asked_about_again(house, verifying, log_incident):
    incident = log_incident(at=LATER, title="VPN drops every few minutes")
    deliver()
    operations.explain_match(match=RecurrenceMatch.objects.get(), by=house.tom, at=LATER, explanation="A router.")

    incident_operations.edit(incident=incident, by=house.tom, at=LATER, values={"symptom": "Drops"})
    deliver()

    verifying.refresh_from_db()
    assert verifying.state == State.VERIFYING
    assert RecurrenceMatch.objects.get().is_explained


def test_nothing_is_compared_while_no_problem_is_watched(house, declared, log_incident, django_assert_num_queries):
    log_incident(at=LATER)
    entry = Entry.objects.get(action="incident.created")

    with django_assert_num_queries(1):
        look_for_recurrence(entry)
