"""Versions that a rule has carried by a change, from the draft to the record that meets it, and the ways back."""

from typing import Any

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from changes import operations as changes
from changes.defaults import ensure_policies, ensure_questions
from changes.models import Change, ChangeModel, RiskFactor
from changes.queries.facts import AUTHORIZE
from common.refusals import Refused
from incidents import operations as incidents
from people.models import Vocabulary
from people.vocabularies.layers import spoken_by
from procedures import operations
from procedures.models import ActivationRule, ProcedureVersion, Visit
from procedures.terms import Terms
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

from .conftest import MONDAY_9

THURSDAY_20, THURSDAY_21, THURSDAY_22 = (moment(f"2026-03-05 {hour}:00") for hour in (20, 21, 22))
STANDARD = "standard:how-we-work"
RULE = {"name": "Small ones", "position": 1, "processes": ["recover"], "way": "change"}


@pytest.fixture
def model(house: Any) -> ChangeModel:
    ensure_questions()
    ensure_policies(at=MONDAY_9)
    return ChangeModel.objects.create(
        name="How we work", slug="how-we-work", owner=house.ada, state="approved", approved_at=MONDAY_9,
        approved_by=house.ines, implementation_plan="Tell everybody.", back_out_plan="Tell them again.",
        steps=["Tell the desk"],
    )  # fmt: skip


@pytest.fixture
def handed_in(house: Any, write: Any, model: ChangeModel, as_: Any) -> Any:  # noqa: F811
    """A draft of Aisha's that the rule, set by a program, has carried by a change."""

    def make(raises: str = STANDARD) -> tuple[ProcedureVersion, Change]:
        made = as_(house.ines).call("POST", "/api/v1/activation-rules/", RULE | {"raises": raises})
        assert made.status_code == 201, made.content
        draft = operations.propose(draft=write(), by=house.aisha, at=MONDAY_9)
        return draft, Change.objects.get(pk=draft.carrier_id)

    return make


def fresh(draft: ProcedureVersion) -> ProcedureVersion:
    return ProcedureVersion.objects.get(pk=draft.pk)


def submitted(change: Change, house: Any) -> Change:
    said = {"change": change, "by": house.aisha, "at": MONDAY_9}
    said["change"] = changes.plan_window(**said, planned_from=THURSDAY_20, planned_to=THURSDAY_22)
    said["change"] = changes.edit(**said, values={"assignee": house.tom, "team": house.networks})
    keys = RiskFactor.objects.filter(is_active=True).values_list("key", flat=True)
    said["change"] = changes.answer_risk(**said, answers={key: 1 for key in keys})
    return changes.submit(**said)


def carried_out(change: Change, house: Any, outcome: str) -> Change:
    begun = changes.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)
    for step in begun.steps.all():
        changes.end_step(step=step, by=house.tom, at=THURSDAY_20, state="done")
    return changes.finish(change=begun, by=house.tom, at=THURSDAY_21, outcome=outcome)


def version_met_by(record: Any) -> ProcedureVersion:
    return Visit.objects.get(record_id=record.pk, left_at=None).version


def test_a_standard_change_by_a_rule_brings_it_into_force_and_the_next_record_meets_it(
    house: Any, handed_in: Any, log_incident: Any, vpn: Any
) -> None:
    early = incidents.start(incident=log_incident(service=vpn), by=house.tom, at=MONDAY_9)
    before = version_met_by(early)
    words = {"en": {"procedure": {"one": "recipe", "many": "recipes"}}}
    house.aisha.vocabulary = Vocabulary.objects.create(name="Ours", slug="ours", words=words)
    house.aisha.save()
    with spoken_by(house.aisha):
        draft, change = handed_in()

    assert (change.type, change.model.slug, change.requester, list(change.services.all())) == (
        "standard", "how-we-work", house.aisha, [vpn],
    )  # fmt: skip
    # A row that everybody reads is said in nobody's own words, and is of the model where that says it.
    assert change.title == "Procedure: VPN diagnosis, version 1"
    assert change.implementation_plan == "Tell everybody." and "“Tell the sites”" in change.description
    change = submitted(change, house)
    assert (change.state, fresh(draft).state) == ("scheduled", "proposed")
    change = carried_out(change, house, "successful")

    version = fresh(draft)
    assert (change.state, version.state, version.in_force_from) == ("closed", "in_force", THURSDAY_21)
    late = log_incident(service=vpn, at=THURSDAY_22)
    late = incidents.start(incident=late, by=house.tom, at=THURSDAY_22)
    assert version_met_by(late) == version
    assert version_met_by(early) == before != version


@pytest.mark.parametrize("outcome", ["with_issues", "backed_out", "failed"])
def test_how_a_standard_change_ends_decides(house: Any, handed_in: Any, outcome: str) -> None:
    draft, change = handed_in()

    carried_out(submitted(change, house), house, outcome)

    state = fresh(draft)
    assert (state.state, state.carrier_id) == (("in_force", change.pk) if outcome == "with_issues" else ("draft", None))


def test_a_change_that_is_cancelled_or_rejected_makes_it_a_draft_that_is_handed_in_anew(
    house: Any, handed_in: Any
) -> None:
    draft, first = handed_in(raises="normal")
    submitted_first = submitted(first, house)
    changes.edit(
        change=submitted_first, by=house.aisha, at=MONDAY_9,
        values={name: "Said." for name in ("rationale", "test_plan", "test_evidence", "communication_plan")},
    )  # fmt: skip
    changes.assess(change=Change.objects.get(pk=first.pk), by=house.ines, at=MONDAY_9)
    approval = approval_queries.open_one(Change.objects.get(pk=first.pk), AUTHORIZE)
    assert approval is not None
    seat = approval.steps.get(state="open").seats.exclude(acting=house.aisha)[0]
    approvals.vote(approval=approval, by=seat.acting, at=MONDAY_9, choice="reject", reason="Not this month.")
    assert (Change.objects.get(pk=first.pk).state, fresh(draft).state) == ("rejected", "draft")

    again = operations.propose(draft=fresh(draft), by=house.aisha, at=MONDAY_9)
    second = Change.objects.get(pk=again.carrier_id)
    assert second != first
    with pytest.raises(Refused, match="there already"):
        operations.begin_draft(procedure=draft.procedure, by=house.ines, at=MONDAY_9)
    changes.cancel(change=second, by=house.aisha, at=MONDAY_9, reason="Taken back.")
    assert (fresh(draft).state, fresh(draft).carrier_id) == ("draft", None)


def test_a_second_version_waits_for_its_own_change_while_the_first_is_in_force(
    house: Any, handed_in: Any, log_incident: Any, vpn: Any
) -> None:
    draft, change = handed_in()
    carried_out(submitted(change, house), house, "successful")
    second = operations.begin_draft(procedure=draft.procedure, by=house.aisha, at=THURSDAY_21)
    terms = Terms(**(vars(Terms.of(second)) | {"purpose": "Find the gateway and the line"}))
    operations.save_draft(draft=second, by=house.aisha, at=THURSDAY_21, terms=terms)
    second = operations.propose(draft=second, by=house.aisha, at=THURSDAY_21)

    met = version_met_by(
        incidents.start(incident=log_incident(service=vpn, at=THURSDAY_22), by=house.tom, at=THURSDAY_22)
    )

    assert (met, fresh(draft).state, fresh(second).state) == (draft, "in_force", "proposed")
    ending = Change.objects.get(pk=second.carrier_id)
    changes.cancel(change=ending, by=house.aisha, at=THURSDAY_22, reason="Not needed.")
    assert (fresh(draft).state, fresh(second).state) == ("in_force", "draft")


def test_a_rule_whose_model_went_out_of_use_refuses_and_leaves_the_draft(
    house: Any,
    write: Any,
    model: ChangeModel,
    as_: Any,  # noqa: F811
) -> None:
    ines, tom = as_(house.ines), as_(house.tom)
    assert STANDARD in tom.call("GET", "/api/v1/activation-rules/").json()["may_raise"]
    assert tom.call("POST", "/api/v1/activation-rules/", RULE | {"raises": STANDARD}).status_code == 403
    made = ines.call("POST", "/api/v1/activation-rules/", RULE | {"raises": STANDARD})
    address, seen = made.headers["Location"], made.headers["ETag"]
    ChangeModel.objects.update(state="suspended")
    draft = write()

    with pytest.raises(Refused, match="not in use any more"):
        operations.propose(draft=draft, by=house.aisha, at=MONDAY_9)

    assert (fresh(draft).state, Change.objects.count()) == ("draft", 0)
    votes = {"name": "Votes", "way": "approval", "position": 2}
    assert ines.call("PUT", address, votes | {"raises": "standard:gone"}, if_match=seen).status_code == 422
    changed = ines.call("PUT", address, votes, if_match=seen)
    assert (changed.json()["raises"], changed.json()["processes"], changed.json()["version"]) == ("", [], 2)
    assert ines.call("PUT", address, votes, if_match=seen).status_code == 412
    assert ines.call("PUT", address, votes | {"position": 99_999}).status_code == 422
    listed = ines.call("GET", "/api/v1/activation-rules/").json()["items"]
    assert [each["name"] for each in listed][:1] == ["Votes"] and STANDARD not in tom.call("GET", address).json()
    assert as_(house.otto).call("GET", address).status_code == 403
    assert ines.call("DELETE", address).status_code == 204
    assert ines.call("DELETE", address).status_code == 404
    assert not ActivationRule.objects.filter(name="Votes").exists()
