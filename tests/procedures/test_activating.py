"""Bringing drafts into force: by a second person, at once, or by a change that is carried out."""

from typing import Any

import pytest

from audit.models import Entry
from changes.models import Change
from changes.procedures import follow
from common.refusals import NotAllowed, Refused
from procedures import operations
from procedures.comparing import sentences
from procedures.enums import Way
from procedures.models import ActivationRule, ProcedureVersion
from procedures.terms import StepTerms, Terms
from records.events import EventKind, RecordEvent
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import MONDAY_9, STEPS

AT = moment("2026-03-02 10:00")


def state_of(version: ProcedureVersion) -> str:
    return str(ProcedureVersion.objects.get(pk=version.pk).state)


def test_nobody_brings_their_own_draft_into_force(house: Any, write: Any, by_a_second: None) -> None:
    draft = write(steps=STEPS[:1])
    operations.propose(draft=draft, by=house.aisha, at=MONDAY_9)

    with pytest.raises(NotAllowed):
        operations.activate(version=draft, by=house.aisha, at=AT)
    operations.activate(version=draft, by=house.ines, at=AT)
    with pytest.raises(Refused, match="nothing to decide"):
        operations.activate(version=draft, by=house.ada, at=AT)
    again = operations.begin_draft(procedure=draft.procedure, by=house.ines, at=AT)
    with pytest.raises(Refused, match="says what is in force already"):
        operations.propose(draft=again, by=house.ines, at=AT)
    with pytest.raises(Refused, match="there already"):
        operations.begin_draft(procedure=draft.procedure, by=house.aisha, at=AT)


def ended(change: Change, action: str, by: Any) -> RecordEvent:
    entry = Entry(action=action, reason="Too risky this month." if action == "change.rejected" else "")
    return RecordEvent(kind=EventKind.MOVED, record=change, entry=entry, by=by, at=AT)


def test_a_step_that_must_be_done_comes_into_force_with_a_change(house: Any, write: Any) -> None:
    draft = operations.propose(draft=write(), by=house.aisha, at=MONDAY_9)

    change = Change.objects.get(pk=draft.carrier_id)
    assert draft.way == Way.CHANGE and "must be done: “Tell the sites”" in change.description
    with pytest.raises(Refused, match="A change decides"):
        operations.activate(version=draft, by=house.ines, at=AT)
    follow(ended(change, "change.rejected", house.ines))
    sent_back = ProcedureVersion.objects.get(pk=draft.pk)
    assert (sent_back.state, sent_back.carrier_id) == ("draft", None)
    change.outcome = "successful"
    follow(ended(change, "change.finished", house.ines))
    assert state_of(draft) == "draft"

    draft = operations.propose(draft=sent_back, by=house.aisha, at=AT)
    change = Change.objects.get(pk=draft.carrier_id)
    change.outcome = "backed_out"
    follow(ended(change, "change.finished", house.ines))
    assert state_of(draft) == "draft"
    draft = operations.propose(draft=draft, by=house.aisha, at=AT)
    change = Change.objects.get(pk=draft.carrier_id)
    change.outcome = "with_issues"
    follow(ended(change, "change.finished", house.ines))

    assert state_of(draft) == "in_force"
    said = Entry.objects.filter(subject_kind="procedure", subject_id=draft.procedure_id).order_by("pk")
    assert [each.action.partition(".")[2] for each in said] == [
        "drafted", "proposed", "sent_back", "proposed", "sent_back", "proposed", "activated",
    ]  # fmt: skip


def test_rules_are_asked_in_their_order_and_at_once_needs_the_right(house: Any, write: Any) -> None:
    operations.set_rule(
        rule=None, by=house.ines, at=AT, name="Recover", position=1, processes=["recover"], way="act",
        with_mandatory_steps=False,
    )  # fmt: skip
    draft = write()

    with pytest.raises(NotAllowed):
        operations.propose(draft=draft, by=house.aisha, at=AT)
    assert state_of(draft) == "draft"
    operations.propose(draft=draft, by=house.ines, at=AT)

    assert state_of(draft) == "in_force"
    ActivationRule.objects.all().delete()
    assert operations.way_for(draft) == (Way.SECOND, None)


def test_terms_that_do_not_fit_are_refused_together(house: Any, vpn: Any, write: Any) -> None:
    with pytest.raises(Refused) as refused:
        write(
            kinds=("change",), services=(10**12,), priorities=(9,), purpose="x" * 301,
            steps=(StepTerms(name=" ", role="technician"), StepTerms(name="x", role="boss")),
        )  # fmt: skip

    assert [each.field for each in refused.value.refusals] == [
        "purpose", "kinds", "services", "priorities", "steps.0", "steps.1",
    ]  # fmt: skip
    with pytest.raises(Refused, match="on records only"):
        write(kinds=(), services=())
    same = write(
        services=(), steps=(StepTerms(name="Ask", role="technician"), StepTerms(name="Ask", role="technician"))
    )
    assert [step.slug for step in same.steps.all()] == ["ask", "ask-2"]


def test_versions_are_compared_in_words() -> None:
    before = Terms(purpose="Find it", kinds=("incident",), steps=(
        StepTerms("Ask", "technician", slug="ask"), StepTerms("Look", "technician", slug="look"),
        StepTerms("Wait", "technician", slug="wait"),
    ))  # fmt: skip
    after = Terms(purpose="Find it", kinds=("incident",), instructions="a\nb", steps=(
        StepTerms("Look twice", "team_lead", "With care", True, "look"), StepTerms("Ask", "technician", slug="ask"),
        StepTerms("Tell", "technician", slug="tell"),
    ))  # fmt: skip

    assert sentences(before, before) == []
    assert sentences(before, after) == [
        "Work instructions: 2 lines added, 0 taken out",
        "Left out: “Wait”",
        "“Look” is called “Look twice”",
        "“Look twice”: done by Team lead, not Service desk agent",
        "“Look twice” must be done now",
        "“Look twice”: the guidance is another one",
        "New: “Tell” (Service desk agent)",
        "The order of the steps is another one.",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_who_activate_and_two_who_begin_a_draft_at_once(house: Any, write: Any, by_a_second: None) -> None:
    draft = operations.propose(draft=write(steps=STEPS[:1]), by=house.aisha, at=MONDAY_9)

    raised = at_once(
        *[
            lambda person=person: operations.activate(version=draft, by=person, at=AT)
            for person in (house.ines, house.ada)
        ]
    )
    assert sorted(error is None for error in raised) == [False, True]
    raised = at_once(
        *[
            lambda person=person: operations.begin_draft(procedure=draft.procedure, by=person, at=AT)
            for person in (house.ines, house.aisha)
        ]
    )

    assert sorted(error is None for error in raised) == [False, True]
    assert all(error is None or isinstance(error, Refused) for error in raised)
