"""Early life: what counts against a release, what may be its, and when it may be closed."""

from datetime import timedelta

import pytest

from changes.enums import State as ChangeState
from changes.models import Change
from records import operations as record_operations
from records.enums import LinkKind, Phase
from records.models import Record
from records.transitions import TransitionRefused
from releases import operations
from releases.enums import State
from releases.models import Release
from releases.queries import early_life
from releases.queries.contents import contents_of

from .conftest import THURSDAY_20, THURSDAY_22

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def live(bring_to):
    """Live since Thursday at 22:00, with its change closed."""
    release = bring_to("early_life")
    Change.objects.update(state=ChangeState.CLOSED, phase=Phase.DONE)
    return release


@pytest.fixture
def blame(house, log_incident):
    """An incident that the release caused, opened so long after it went live."""

    def log(release, after, *, priority=2, to=None):
        at = THURSDAY_22 + after
        incident = log_incident(at=at)
        Record.objects.filter(pk=incident.pk).update(priority=priority)
        record_operations.link(record=incident, to=to or release, kind=LinkKind.CAUSED_BY, by=house.tom, at=at)
        return incident

    return log


def names(release, at):
    return {each.name: each.is_met for each in early_life.exit_criteria(release, at=at)}


def test_the_window_and_the_quiet_end_to_the_second(live):
    quiet, over = THURSDAY_22 + 10 * DAY, THURSDAY_22 + 14 * DAY

    assert names(live, quiet - SECOND) == {"window": False, "quiet": False}
    assert names(live, quiet) == {"window": False, "quiet": True}
    assert names(live, over - SECOND) == {"window": False, "quiet": True}
    assert names(live, over) == {"window": True, "quiet": True}


def test_a_severe_incident_begins_the_quiet_anew_and_an_open_one_holds_it(house, live, blame):
    incident = blame(live, 8 * DAY)
    far = THURSDAY_22 + 30 * DAY
    still_open = early_life.exit_criteria(live, at=far)[1]
    Record.objects.filter(pk=incident.pk).update(phase=Phase.DONE)

    assert (still_open.is_met, still_open.sentence) == (False, f"{incident.reference} is still open.")
    assert names(live, THURSDAY_22 + 18 * DAY - SECOND)["quiet"] is False
    assert names(live, THURSDAY_22 + 18 * DAY)["quiet"] is True


def test_what_is_not_severe_does_not_break_the_quiet_but_counts(live, blame):
    blame(live, DAY, priority=3)
    Release.objects.filter(pk=live.pk).update(most_incidents=0)
    live.refresh_from_db()

    found = early_life.exit_criteria(live, at=THURSDAY_22 + 14 * DAY)

    assert [(each.name, each.is_met) for each in found] == [("window", True), ("quiet", True), ("count", False)]
    assert found[2].sentence == "It caused 1 incident."


def test_what_its_changes_caused_counts_and_what_came_before_does_not(house, live, blame):
    change = contents_of(live)[0].record.specific
    Record.objects.filter(pk=change.pk).update(closed_at=None)
    by_change = blame(live, DAY, to=change)
    blame(live, -3 * DAY)
    cancelled = blame(live, DAY)
    Record.objects.filter(pk=cancelled.pk).update(state="cancelled", phase=Phase.DONE)

    assert list(early_life.caused(live)) == [Record.objects.get(pk=by_change.pk)]


def test_candidates_are_open_questions_on_its_services_in_its_time(house, live, blame, log_incident, vpn):
    from services.models import Service

    other = Service.objects.create(name="Mail", slug="mail")
    near = log_incident(at=THURSDAY_20 + DAY)
    log_incident(at=THURSDAY_20 + DAY, service=other)
    log_incident(at=THURSDAY_20 - SECOND)
    log_incident(at=THURSDAY_22 + 14 * DAY)
    blame(live, DAY)

    assert [each.pk for each in early_life.candidates(live, house.tom)] == [near.pk]
    assert early_life.candidates(live, house.otto) == []


def test_closing_is_refused_with_what_is_not_met_unless_somebody_says_why(house, live, blame):
    blame(live, 12 * DAY)
    said = {"release": live, "by": house.ines, "was_handed_over": True, "review": "One drop, being fixed."}

    with pytest.raises(TransitionRefused) as refused:
        operations.close(**said, at=THURSDAY_22 + 13 * DAY)
    closed = operations.close(**said, at=THURSDAY_22 + 13 * DAY, reason="The service ends on Monday.")

    assert [each.code for each in refused.value.refusals] == ["exit_criteria"]
    assert "Its early life lasts until 19 Mar 2026, 22:00." in str(refused.value)
    assert "is still open." in str(refused.value)
    assert (closed.state, closed.waiver_reason) == (State.CLOSED, "The service ends on Monday.")


def test_closing_asks_for_hand_over_review_and_the_end_of_its_changes(house, bring_to, blame):
    release = bring_to("early_life")
    blame(release, DAY, priority=4)

    with pytest.raises(TransitionRefused) as refused:
        operations.close(release=release, by=house.ines, at=THURSDAY_22 + 30 * DAY)

    assert [each.code for each in refused.value.refusals] == ["open_changes", "handover", "review"]


def test_what_was_agreed_stays_once_it_is_deployed(house, live):
    from common.refusals import Refused

    with pytest.raises(Refused, match="This was agreed before it was deployed, and stays"):
        operations.edit(release=live, by=house.ines, at=THURSDAY_22 + DAY, values={"quiet_days": 0})


def test_nothing_counts_before_the_deployment(house, bring_to, log_incident):
    release = bring_to("ready")

    assert early_life.candidates(release, house.tom) == []
    assert names(release, THURSDAY_22) == {"window": False, "quiet": False}


def test_an_early_life_of_no_days_ends_at_once(house, bring_to):
    release = bring_to("early_life", early_life_days=0, quiet_days=0)

    assert names(release, THURSDAY_22) == {"window": True}
