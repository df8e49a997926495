"""Several people on changes at the same moment, on real connections: one wins, the others are told."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from approvals import operations as approvals
from approvals import queries as approval_queries
from approvals.models import Approval
from audit.models import Entry
from changes import operations
from changes.enums import Outcome, State
from changes.models import Acknowledgment, Booking, Change, ChangeModel, RiskAnswer
from changes.operations.scheduling import SCHEDULING
from changes.queries.facts import AUTHORIZE
from common.refusals import Refused, Stale
from records.transitions import TransitionRefused
from tests.changes.test_pages import authorized
from tests.conftest import moment
from tests.parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")
HOUR = timedelta(hours=1)


def one_won(raised):
    """The refusal of the one who lost."""
    assert sorted(each is None for each in raised) == [False, True], raised
    return next(each for each in raised if each is not None)


def until_waiting(cursor, count):
    """Wait until as many others as that wait for a lock."""
    for _each in range(500):
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        if cursor.fetchone()[0] >= count:
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def acts(change, action):
    return Entry.objects.filter(subject_id=change.pk, action=action).count()


def test_of_two_last_votes_for_the_same_window_one_schedules_and_the_other_hears_why(house, write_change):
    first, second = write_change(), write_change(title="Second", assignee=house.aisha)
    for change in (first, second):
        operations.submit(change=change, by=house.aisha, at=MONDAY_10)
        operations.assess(change=change, by=house.ines, at=MONDAY_10)
    votes = [approval_queries.open_one(change, AUTHORIZE) for change in (first, second)]

    raised = at_once(
        *(lambda a=each: approvals.vote(approval=a, by=house.ines, at=MONDAY_10, choice="approve") for each in votes)
    )

    refusal = one_won(raised)
    assert isinstance(refusal, TransitionRefused)
    assert "It overlaps another change, on the same item: vpn-gw-2" in str(refusal)
    states = set(Change.objects.values_list("state", flat=True))
    assert states == {State.SCHEDULED, State.AUTHORIZING}
    assert Booking.objects.get().change.state == State.SCHEDULED


def test_of_two_that_are_moved_into_the_same_window_one_stays_where_it_was(house, write_change):
    first = authorized(write_change(window=("2026-03-05 20:00", "2026-03-05 21:00")), house)
    second = authorized(
        write_change(title="Second", assignee=house.aisha, window=("2026-03-05 22:00", "2026-03-05 23:00")), house
    )
    about = {"by": house.ines, "at": MONDAY_10, "reason": "Fits better."}
    into = {"planned_from": THURSDAY_20 + HOUR, "planned_to": THURSDAY_20 + 2 * HOUR}

    raised = at_once(
        lambda: operations.reschedule(change=first, **about, **into),
        lambda: operations.reschedule(change=second, **about, **into),
    )

    assert "on the same item: vpn-gw-2" in str(one_won(raised))
    assert Booking.objects.count() == 2
    assert Change.objects.filter(**into).count() == 1
    assert sum(acts(each, "change.rescheduled") for each in (first, second)) == 1


def test_of_two_standard_changes_for_the_same_window_one_is_submitted(house, write_change, gateway, vpn):
    model = operations.propose_model(
        by=house.ines, at=MONDAY_10, name="Restart", owner=house.aisha, implementation_plan="x", back_out_plan="x"
    )
    operations.approve_model(model=model, by=house.ines, at=MONDAY_10, expires_date=moment("2027-01-01 00:00").date())
    model = ChangeModel.objects.get()
    drafts = []
    for _each in range(2):
        draft = operations.create(
            by=house.aisha, at=MONDAY_10, title="Restart", rationale="Slow.", services=[vpn], items=[gateway],
            model=model,
        )  # fmt: skip
        drafts.append(
            operations.plan_window(
                change=draft, by=house.aisha, at=MONDAY_10, planned_from=THURSDAY_20, planned_to=THURSDAY_20 + HOUR
            )
        )

    raised = at_once(*(lambda d=each: operations.submit(change=d, by=house.aisha, at=MONDAY_10) for each in drafts))

    assert "on the same item: vpn-gw-2" in str(one_won(raised))
    assert sorted(Change.objects.values_list("state", flat=True)) == [State.DRAFT, State.SCHEDULED]
    assert Booking.objects.count() == 1


def test_a_suggested_window_that_is_booked_in_the_same_moment_is_refused_or_was_taken_before(house, write_change):
    voted, planned = write_change(), write_change(title="Second", window=None, assignee=house.aisha)
    operations.submit(change=voted, by=house.aisha, at=MONDAY_10)
    operations.assess(change=voted, by=house.ines, at=MONDAY_10)
    approval = approval_queries.open_one(voted, AUTHORIZE)

    raised = at_once(
        lambda: approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve"),
        lambda: operations.take_window(
            change=planned, by=house.aisha, at=MONDAY_10, planned_from=THURSDAY_20, planned_to=THURSDAY_20 + HOUR
        ),
    )

    voted.refresh_from_db()
    planned.refresh_from_db()
    assert (raised[0], voted.state) == (None, State.SCHEDULED)
    # A plan books nothing: it may stand if it came first, and is asked about again when it is decided.
    assert (planned.planned_from is None) == (raised[1] is not None)


@pytest.mark.parametrize("_round", range(3))
def test_the_last_vote_and_an_amendment_end_one_way_or_the_other(house, write_change, _round):
    change = write_change()
    operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    operations.assess(change=change, by=house.ines, at=MONDAY_10)
    approval = approval_queries.open_one(change, AUTHORIZE)

    raised = at_once(
        lambda: approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve"),
        lambda: operations.amend(change=change, by=house.aisha, at=MONDAY_10, reason="Forgot a step."),
    )

    # Amending is possible before and after the vote; the vote only before.
    assert raised[1] is None
    assert raised[0] is None or isinstance(raised[0], Refused)
    change.refresh_from_db()
    assert change.state == State.DRAFT
    assert not Booking.objects.exists()
    assert approval_queries.standing(change, AUTHORIZE) is None
    assert Approval.objects.get().state == "lapsed"


def test_a_vote_and_an_attempt_to_move_the_window_do_not_wait_for_each_other(house, write_change):
    """The one who moves waits for the calendar first, the vote comes after: in the wrong order neither would end."""
    change = write_change()
    operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    operations.assess(change=change, by=house.ines, at=MONDAY_10)
    approval = approval_queries.open_one(change, AUTHORIZE)
    acts_in_order = [
        lambda: operations.reschedule(
            change=change, by=house.ines, at=MONDAY_10, planned_from=THURSDAY_20 + HOUR,
            planned_to=THURSDAY_20 + 3 * HOUR, reason="Later.",
        ),
        lambda: approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve"),
    ]  # fmt: skip
    raised = [None, None]

    def run(place):
        try:
            acts_in_order[place]()
        except Exception as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEDULING])
        for count, thread in enumerate(threads, start=1):
            thread.start()
            until_waiting(cursor, count)
    for thread in threads:
        thread.join()

    assert isinstance(raised[0], TransitionRefused)
    assert raised[1] is None
    change.refresh_from_db()
    assert change.state == State.SCHEDULED
    assert Booking.objects.get().period.lower == change.planned_from


def test_two_who_begin_begin_once(house, write_change):
    change = authorized(write_change(), house)

    raised = at_once(
        *(
            lambda p=person: operations.begin(change=change, by=p, at=THURSDAY_20, notice_was_sent=True)
            for person in (house.tom, house.aisha)
        )
    )

    assert "is implementing" in str(one_won(raised))
    assert acts(change, "change.begun") == 1


def test_beginning_and_cancelling_at_once_do_not_both_happen(house, write_change):
    change = authorized(write_change(), house)

    raised = at_once(
        lambda: operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True),
        lambda: operations.cancel(change=change, by=house.aisha, at=THURSDAY_20, reason="No need."),
    )

    assert isinstance(one_won(raised), TransitionRefused)
    assert acts(change, "change.begun") + acts(change, "change.cancelled") == 1


def test_finishing_and_backing_out_at_once_leave_one_outcome(house, write_change):
    change = authorized(write_change(), house)
    operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)

    raised = at_once(
        lambda: operations.finish(change=change, by=house.tom, at=THURSDAY_20 + HOUR, outcome=Outcome.SUCCESSFUL),
        lambda: operations.back_out(change=change, by=house.aisha, at=THURSDAY_20 + HOUR, reason="Sessions drop."),
    )

    change.refresh_from_db()
    assert isinstance(one_won(raised), Refused)
    assert change.outcome == (Outcome.SUCCESSFUL if raised[0] is None else Outcome.BACKED_OUT)


def test_two_who_save_the_window_of_the_same_page_overwrite_nothing(house, write_change):
    change = write_change(window=None)
    about = {"change": change, "at": MONDAY_10, "version": change.version}

    raised = at_once(
        lambda: operations.plan_window(
            **about, by=house.aisha, planned_from=THURSDAY_20, planned_to=THURSDAY_20 + HOUR
        ),
        lambda: operations.plan_window(
            **about, by=house.ines, planned_from=THURSDAY_20 + 2 * HOUR, planned_to=THURSDAY_20 + 3 * HOUR
        ),
    )

    assert isinstance(one_won(raised), Stale)
    assert acts(change, "change.planned") == 1


def test_answering_and_accepting_twice_at_once_leave_one_row(house, write_change):
    authorized(write_change(), house)
    change = write_change(title="Second", assignee=house.aisha)
    key = f"item:{Booking.objects.get().change_id}:20260305T2000-20260305T2200"

    raised = at_once(
        *[lambda: operations.accept_conflict(change=change, by=house.ines, at=MONDAY_10, key=key, reason="Fine.")] * 2,
        *[lambda: operations.answer_risk(change=change, by=house.aisha, at=MONDAY_10, answers={"tests": 3})] * 2,
    )

    assert raised == [None] * 4
    assert Acknowledgment.objects.count() == 1
    assert acts(change, "change.conflict_accepted") == 1
    assert RiskAnswer.objects.filter(change=change, factor__key="tests").count() == 1


def test_steps_that_two_add_at_once_have_places_of_their_own(house, write_change):
    change = write_change()

    raised = at_once(
        *(
            lambda t=title: operations.add_step(change=change, by=house.aisha, at=MONDAY_10, title=t)
            for title in ("One", "Two", "Three")
        )
    )

    assert raised == [None] * 3
    assert sorted(change.steps.values_list("position", flat=True)) == [1, 2, 3]
