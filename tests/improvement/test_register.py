"""The register: who suggests, decides, votes and scores, and what an improvement needs before it starts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.refusals import NotAllowed, Refused, Stale
from improvement import operations
from improvement.enums import Origin, State
from improvement.models import Goal, Improvement, Scale, Vote
from improvement.queries import register, scoring
from notifications.models import Notice
from people.enums import Role
from people.models import RoleGrant
from records.enums import LinkKind
from records.models import Link, Record
from records.transitions import TransitionRefused
from tests.parallel import at_once

from .conftest import JUNE, MONDAY_9, TUESDAY_9

DAY = timedelta(days=1)


def test_what_maria_suggests_belongs_to_her_organization_and_ines_sees_it(house, suggest):
    made = operations.suggest(by=house.maria, at=MONDAY_9, title="A page for passwords")

    seen = {name: made in Improvement.objects.visible_to(getattr(house, name)) for name in ("ines", "tom", "otto")}
    assert (made.state, made.organization, made.origin) == (State.SUGGESTED, house.acme, Origin.PERSON)
    assert seen == {"ines": True, "tom": True, "otto": False}


def test_one_act_raises_it_from_an_incident_with_its_link_and_origin(house, suggest, log_incident):
    incident = log_incident()

    made = suggest(raised_from=incident)

    link = Link.objects.get(from_record=made.pk)
    assert (link.to_record_id, link.kind) == (incident.pk, LinkKind.RAISED_FROM)
    assert (made.origin, made.organization) == (Origin.INCIDENT, house.provider)


def test_somebody_of_one_customer_raises_it_for_that_customer(house, suggest):
    RoleGrant.objects.filter(user=house.tom).update(organization=house.acme)

    made = suggest(by=house.tom)

    assert made.organization == house.acme


def test_it_is_not_accepted_without_a_reply_and_the_reply_reaches_whoever_suggested_it(house, suggest):
    made = suggest(requester=house.tom)

    with pytest.raises(TransitionRefused):
        operations.accept(improvement=made, by=house.ines, at=TUESDAY_9, reply=" ")
    accepted = operations.accept(improvement=made, by=house.ines, at=TUESDAY_9, reply="Good idea.")

    assert (accepted.state, accepted.reply_text, accepted.triaged_by) == (State.ACCEPTED, "Good idea.", house.ines)


def test_the_desk_does_not_decide(house, suggest):
    made = suggest()

    with pytest.raises(NotAllowed):
        operations.decline(improvement=made, by=house.tom, at=TUESDAY_9, reply="No.")

    made.refresh_from_db()
    assert made.state == State.SUGGESTED


def test_it_starts_with_owner_goal_and_score_only(house, suggest, goal):
    made = operations.accept(improvement=suggest(), by=house.ines, at=MONDAY_9, reply="Yes.")

    with pytest.raises(TransitionRefused) as refused:
        operations.activate(improvement=made, by=house.ines, at=TUESDAY_9)

    assert [each.code for each in refused.value.refusals] == ["owner", "goal", "score"]


def test_a_goal_of_another_organization_can_not_be_named(house, suggest):
    foreign = Goal.objects.create(title="Umbrella grows", organization=house.umbrella)
    RoleGrant.objects.filter(user=house.tom).update(organization=house.acme)

    with pytest.raises(Refused):
        suggest(by=house.tom, goal=foreign)

    assert not Improvement.objects.exists()


def test_goals_for_all_are_written_by_those_whose_role_covers_all(house):
    RoleGrant.objects.filter(user=house.ines, role=Role.SERVICE_MANAGER).update(organization=house.acme)

    with pytest.raises(NotAllowed):
        operations.create_goal(by=house.ines, at=MONDAY_9, title="For all")
    own = operations.create_goal(by=house.ines, at=MONDAY_9, title="For Acme", organization=house.acme)

    assert list(Goal.objects.visible_to(house.otto)) == []
    assert list(Goal.objects.visible_to(house.ines)) == [own]


def test_a_stale_goal_is_not_saved(house, goal):
    operations.change_goal(goal=goal, by=house.ines, at=TUESDAY_9, title="One", version=1)

    with pytest.raises(Stale):
        operations.change_goal(goal=goal, by=house.ines, at=TUESDAY_9, title="Two", version=1)

    goal.refresh_from_db()
    assert goal.title == "One"


def test_orphans_are_told_and_suggestions_are_none(house, bring_to, suggest):
    orphan = bring_to("accepted", goal=None)
    suggest()

    assert register.orphans(house.ines) == [orphan]
    assert register.orphans(house.otto) == []


def test_everybody_has_one_vote(house):
    made = operations.suggest(by=house.maria, at=MONDAY_9, title="A page for passwords")

    for person in (house.maria, house.tom, house.ines):
        operations.vote(improvement=made, by=person, at=MONDAY_9)
    with pytest.raises(Refused):
        operations.vote(improvement=made, by=house.tom, at=MONDAY_9)
    operations.unvote(improvement=made, by=house.tom, at=MONDAY_9)

    assert Vote.objects.filter(improvement=made).count() == 2
    made.refresh_from_db()
    assert made.version == 1


def test_max_votes_only_for_what_is_shown_and_otto_for_nothing(house):
    made = operations.suggest(by=house.maria, at=MONDAY_9, title="A page for passwords")

    for person in (house.max, house.otto):
        with pytest.raises(NotAllowed):
            operations.vote(improvement=made, by=person, at=MONDAY_9)
    operations.share(improvement=made, by=house.ines, at=MONDAY_9)
    operations.vote(improvement=made, by=house.max, at=MONDAY_9)
    with pytest.raises(NotAllowed):
        operations.vote(improvement=made, by=house.otto, at=MONDAY_9)

    assert Vote.objects.get().user == house.max
    assert list(register.told_in_portal(house.otto)) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_at_once_and_one_of_them_is_told_so(house, suggest):
    made = suggest()

    def decide(act):
        def run():
            act(improvement=made, by=house.ines, at=TUESDAY_9, reply="Decided.")

        return run

    outcomes = at_once(decide(operations.accept), decide(operations.decline))

    refused = [each for each in outcomes if isinstance(each, TransitionRefused)]
    assert len(refused) == 1
    assert Record.objects.get(pk=made.pk).state in (State.ACCEPTED, State.DECLINED)


@pytest.mark.parametrize("level", [0, 6, -1, 10**30, True, None, "3"])
def test_a_score_lies_on_the_scale(house, suggest, level):
    with pytest.raises(Refused):
        operations.score(improvement=suggest(), by=house.aisha, at=MONDAY_9, value=level, effort=1, risk=1)


def test_the_score_follows_the_weights(house, suggest):
    made = operations.score(improvement=suggest(), by=house.aisha, at=MONDAY_9, value=5, effort=3, risk=1)
    before = scoring.scales().score(made.value, made.effort, made.risk)
    effort = Scale.objects.get(aspect="effort")

    operations.change_scale(scale=effort, by=house.ines, at=MONDAY_9, weight=0, texts=effort.texts)

    assert (before, scoring.scales().score(made.value, made.effort, made.risk)) == (85, 100)


def test_one_scale_has_to_count(house, suggest):
    suggest()
    for aspect in ("value", "effort"):
        scale = Scale.objects.get(aspect=aspect)
        operations.change_scale(scale=scale, by=house.ines, at=MONDAY_9, weight=0, texts=scale.texts)
    risk = Scale.objects.get(aspect="risk")

    with pytest.raises(Refused):
        operations.change_scale(scale=risk, by=house.ines, at=MONDAY_9, weight=0, texts=risk.texts)


def test_on_hold_until_a_moment_it_is_taken_up_by_itself(house, bring_to):
    held = operations.hold(
        improvement=bring_to("active"), by=house.ines, at=TUESDAY_9, reason="The supplier is busy", until=JUNE
    )

    early = operations.wake(at=JUNE - DAY)
    late = operations.wake(at=JUNE)

    held.refresh_from_db()
    assert (early, late, held.state, held.wake_at) == (0, 1, State.ACTIVE, None)


def test_whoever_suggested_it_is_told_of_the_decision(house, suggest):
    from audit.models import Entry
    from improvement.notices import told

    made = operations.accept(improvement=suggest(requester=house.tom), by=house.ines, at=TUESDAY_9, reply="Yes.")

    told(Entry.objects.get(action="improvement.accepted", subject_id=made.pk))

    assert [each.user for each in Notice.objects.all()] == [house.tom]


def test_a_card_costs_no_query(house, bring_to):
    bring_to("active")
    with CaptureQueriesContext(connection) as one:
        register.board(house.ines, scoring.scales())
    bring_to("active")
    bring_to("accepted")
    with CaptureQueriesContext(connection) as three:
        columns, is_cut = register.board(house.ines, scoring.scales())

    assert (len(one), len(three)) == (2, 2)
    assert (len(columns[0]["cards"]), is_cut) == (3, False)
