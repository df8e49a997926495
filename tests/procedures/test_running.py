"""Working by a procedure: ticks, their undoing, and the guard that a step which must be done puts before moves."""

from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from incidents import operations as incidents
from procedures import operations
from procedures.comparing import conditions_of
from procedures.models import Procedure, ProcedureVersion, Tick, Visit
from procedures.queries.running import beside
from procedures.terms import StepTerms, Terms
from records.models import Record
from records.transitions import TransitionRefused, offers
from services.models import Service
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import MONDAY_9, STEPS

AT = moment("2026-03-02 09:30")
FIXED = {"code": "fixed", "text": "Restarted the gateway."}


def started(log_incident: Any, house: Any) -> Any:
    return incidents.start(incident=log_incident(), by=house.tom, at=MONDAY_9)


def steps(version: ProcedureVersion) -> dict[str, Any]:
    return {step.slug: step for step in version.steps.all()}


def test_a_step_that_must_be_done_stands_before_going_on_and_not_before_waiting(
    house: Any, log_incident: Any, in_force: Any
) -> None:
    version = in_force()
    incident = started(log_incident, house)

    with pytest.raises(TransitionRefused) as refused:
        incidents.resolve(incident=incident, by=house.tom, at=AT, **FIXED)
    assert [each.code for each in refused.value.refusals] == ["step_open"]
    assert "“Tell the sites”" in str(refused.value)
    fresh = type(incident).objects.get(pk=incident.pk)
    unmet = {offer.move.name: [each.code for each in offer.unmet] for offer in offers(fresh, by=house.tom, at=AT)}
    assert "step_open" in unmet["resolve"] and "step_open" not in unmet["hold"]
    held = incidents.hold(incident=incident, by=house.tom, at=AT, hold_for="requester", question="Which site?")
    with pytest.raises(TransitionRefused, match="Tell the sites"):
        incidents.resolve(incident=held, by=house.tom, at=AT, **FIXED)

    operations.tick(record=incident, step=steps(version)["tell-the-sites"], by=house.tom, at=AT)
    incidents.resolve(incident=incident, by=house.tom, at=AT, **FIXED)

    assert Record.objects.get(pk=incident.pk).state == "resolved"


def test_what_steward_does_by_itself_is_not_held_up(house: Any, log_incident: Any, in_force: Any) -> None:
    version = in_force()
    Procedure.objects.filter(pk=version.procedure_id).update(step="verify")
    incident = incidents.resolve(incident=started(log_incident, house), by=house.tom, at=AT, **FIXED)
    with pytest.raises(TransitionRefused, match=r"^The team still has to do a step"):
        incidents.close(incident=incident, by=house.maria, at=AT, confirmed_by_requester=True)

    assert incidents.close_when_due(at=moment("2026-04-30 09:00")) == 1
    assert Record.objects.get(pk=incident.pk).state == "closed"


def test_a_tick_says_who_and_when_and_is_taken_back_with_a_reason(house: Any, log_incident: Any, in_force: Any) -> None:
    version = in_force()
    incident = started(log_incident, house)
    must = steps(version)["tell-the-sites"]

    tick = operations.tick(record=incident, step=must, by=house.tom, at=AT)
    with pytest.raises(Refused, match="Tom Beck has ticked"):
        operations.tick(record=incident, step=must, by=house.aisha, at=AT)
    assert not Record.objects.get(pk=incident.pk).has_open_steps
    with pytest.raises(Refused, match="reason is missing"):
        operations.untick(record=incident, tick=tick, by=house.tom, at=AT, reason="  ")
    operations.untick(record=incident, tick=tick, by=house.aisha, at=AT, reason="Nobody was told.")
    with pytest.raises(Refused, match="already"):
        operations.untick(record=incident, tick=tick, by=house.aisha, at=AT, reason="Twice.")

    assert Record.objects.get(pk=incident.pk).has_open_steps
    (shown,) = [each for each in beside(incident).steps if each.step == must]
    assert shown.tick is None and [each.undo_reason for each in shown.undone] == ["Nobody was told."]
    log = Entry.objects.filter(subject_id=incident.pk, action__startswith="incident.step_").order_by("pk")
    assert [(each.action, each.actor, each.data["step"]) for each in log] == [
        ("incident.step_done", house.tom, "vpn-diagnosis:tell-the-sites"),
        ("incident.step_undone", house.aisha, "vpn-diagnosis:tell-the-sites"),
    ]


def test_who_may_not_work_on_it_ticks_nothing(house: Any, log_incident: Any, in_force: Any) -> None:
    version = in_force()
    incident = started(log_incident, house)

    for person in (house.maria, house.otto, house.ada):
        with pytest.raises(NotAllowed):
            operations.tick(record=incident, step=steps(version)["tell-the-sites"], by=person, at=AT)

    assert not Tick.objects.exists()


def test_a_newer_version_leaves_records_at_theirs_and_a_left_out_step_stays_there(
    house: Any, log_incident: Any, in_force: Any, act_at_once: None
) -> None:
    version = in_force()
    incident = started(log_incident, house)
    draft = operations.begin_draft(procedure=version.procedure, by=house.ines, at=AT)
    terms = Terms(**(Terms.of(draft).__dict__ | {"steps": (StepTerms(name="Restart it", role="technician"),)}))
    operations.save_draft(draft=draft, by=house.ines, at=AT, terms=terms)
    operations.propose(draft=draft, by=house.ines, at=AT)
    other = started(log_incident, house)

    operations.tick(record=incident, step=steps(version)["tell-the-sites"], by=house.tom, at=AT)
    with pytest.raises(Refused, match="gone on"):
        operations.tick(record=other, step=steps(version)["tell-the-sites"], by=house.tom, at=AT)

    assert [each.version.number for each in Visit.objects.filter(left_at=None).order_by("record")] == [1, 2]


def test_the_procedure_that_asks_for_most_is_met(house: Any, log_incident: Any, in_force: Any) -> None:
    in_force(services=())
    in_force(priorities=(4,))
    elsewhere = in_force(teams=(house.first_line.pk,), priorities=(1,))

    incident = started(log_incident, house)

    met = Visit.objects.get(record=incident, left_at=None).version
    assert met.priorities == [4] and met != elsewhere


def test_of_equals_the_smaller_position_then_the_older_one_is_met(
    house: Any, vpn: Any, log_incident: Any, in_force: Any
) -> None:
    first, second = in_force(), in_force(services=(), priorities=(4,))
    incident = started(log_incident, house)
    assert Visit.objects.get(record=incident, left_at=None).version == first
    Procedure.objects.filter(pk=second.procedure_id).update(position=first.procedure.position - 1)

    assert Visit.objects.get(record=started(log_incident, house), left_at=None).version == second


def test_a_record_keeps_its_procedure_whatever_becomes_of_it_or_of_the_conditions(
    house: Any, vpn: Any, log_incident: Any, in_force: Any
) -> None:
    version = in_force()
    incident = started(log_incident, house)
    operations.retire(procedure=version.procedure, by=house.ines, at=AT, reason="Not needed")
    other = Service.objects.create(name="Mail", slug="mail", support_team=house.networks)
    Record.objects.filter(pk=incident.pk).update(service=other, priority=1, team=house.networks)
    incident.refresh_from_db()

    with pytest.raises(Refused, match="Tell the sites"):
        incidents.resolve(incident=incident, by=house.tom, at=AT, **FIXED)
    operations.tick(record=incident, step=steps(version)["tell-the-sites"], by=house.tom, at=AT)
    incident.refresh_from_db()
    incidents.resolve(incident=incident, by=house.tom, at=AT, **FIXED)
    # A condition whose service was deleted fits nothing any more, and says so by its number.
    lost = in_force()
    ProcedureVersion.objects.filter(pk=lost.pk).update(service_ids=[10**9])
    lost.refresh_from_db()
    met = Visit.objects.get(record=started(log_incident, house), left_at=None).version
    assert met not in (version, lost) and "#1000000000" in conditions_of(Terms.of(lost))[0]


@pytest.mark.django_db(transaction=True)
def test_ticking_while_it_moves_and_activating_while_it_is_ticked(
    house: Any, log_incident: Any, in_force: Any, act_at_once: None
) -> None:
    version = in_force(steps=(*STEPS[:1],))
    incident = started(log_incident, house)
    step = steps(version)["ask-which-gateway"]
    draft = operations.begin_draft(procedure=version.procedure, by=house.ines, at=AT)
    terms = Terms(**(Terms.of(draft).__dict__ | {"steps": (STEPS[1],)}))
    draft = operations.save_draft(draft=draft, by=house.ines, at=AT, terms=terms)

    raised = at_once(
        lambda: operations.tick(record=incident, step=step, by=house.tom, at=AT),
        lambda: operations.tick(record=incident, step=step, by=house.aisha, at=AT),
        lambda: operations.propose(draft=draft, by=house.ines, at=AT),
        lambda: incidents.resolve(incident=incident, by=house.tom, at=AT, **FIXED),
    )

    assert all(error is None or isinstance(error, Refused) for error in raised)
    assert raised[2] is None and raised[3] is None
    assert Tick.objects.filter(undone_at=None).count() == (raised[0] is None) + (raised[1] is None) <= 1
    assert [each.state for each in version.procedure.versions.order_by("number")] == ["superseded", "in_force"]


def test_the_pane_is_for_those_who_work_on_the_record_and_shows_typed_html_as_text(
    client: Client, house: Any, log_incident: Any, in_force: Any
) -> None:
    version = in_force(steps=(StepTerms(name="<b>Ask</b>", role="technician", guidance="<script>1</script>"), STEPS[1]))
    incident = started(log_incident, house)
    address = f"/procedures/beside/{incident.reference}/"

    for person, status in ((house.maria, 403), (house.otto, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status
    client.force_login(house.tom)
    page = client.get(address).content.decode()
    assert "&lt;b&gt;Ask" in page and "<script>1" not in page and "0 of 2 done" in page
    must = steps(version)["tell-the-sites"]
    assert client.post(f"{address}ticks/", {"step": must.pk}).status_code == 303
    assert client.post(f"{address}ticks/", {"step": "999999999999999999999"}).status_code == 404
    tick = Tick.objects.get()
    assert client.post(f"{address}ticks/{tick.pk}/undoing/", {"reason": "Too early."}).status_code == 303
    assert "taken back by Tom Beck" in client.get(address).content.decode()
    story = client.get(incident.get_absolute_url(), {"show": "history"}).content.decode()
    assert "did the step" in story and "Too early." in story
