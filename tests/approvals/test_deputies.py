"""Who decides for whom: deputies for dates, votes handed over, and what a deputy may not."""

from datetime import date

import pytest

from approvals import operations, queries
from approvals.models import Deputy, Seat
from audit.models import Entry
from common.refusals import NotAllowed, Refused
from people.models import User
from tests.conftest import moment

NAMED = moment("2026-03-02 09:00")
AT = moment("2026-03-04 11:00")
FROM, TO = date(2026, 3, 3), date(2026, 3, 6)


def away(person, deputy, by=None, valid_from=FROM, valid_to=TO):
    return operations.name_deputy(
        person=person, deputy=deputy, by=by or person, at=NAMED, valid_from=valid_from, valid_to=valid_to
    )


def test_a_deputy_votes_and_the_record_shows_for_whom(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    away(board.ben, board.dana)

    vote = operations.vote(approval=approval, by=board.dana, at=AT, choice="approve")

    assert (vote.by, vote.on_behalf_of, vote.seat.holder) == (board.dana, board.ben, board.ben)
    entry = Entry.objects.get(action="approval.voted")
    assert (entry.actor, entry.on_behalf_of, entry.data["on_behalf_of_label"]) == (board.dana, board.ben, "Ben Hill")


@pytest.mark.parametrize(
    ("at", "may"),
    [
        ("2026-03-03 07:59", False),  # in Los Angeles it is still 2 March
        ("2026-03-03 08:00", True),
        ("2026-03-06 07:59", True),
        ("2026-03-06 08:00", False),
    ],
)
def test_the_days_are_those_of_the_persons_own_zone(board, make_policy, ask, at, may):
    User.objects.filter(pk=board.ben.pk).update(time_zone="America/Los_Angeles")
    board.ben.refresh_from_db()
    make_policy([board.ben])
    approval = ask()
    away(board.ben, board.dana)

    if may:
        assert operations.vote(approval=approval, by=board.dana, at=moment(at), choice="approve")
    else:
        with pytest.raises(operations.NotYourVote):
            operations.vote(approval=approval, by=board.dana, at=moment(at), choice="approve")


def test_who_is_away_may_still_vote_and_is_not_overruled(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    away(board.ben, board.dana)
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    with pytest.raises(operations.VoteRefused, match="voted in person"):
        operations.vote(approval=approval, by=board.dana, at=AT, choice="reject", reason="No.")


def test_a_deputy_of_a_deputy_may_not_vote(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    away(board.ben, board.dana)
    away(board.dana, board.eli)

    with pytest.raises(operations.NotYourVote, match="a deputy's deputy can't vote"):
        operations.vote(approval=approval, by=board.eli, at=AT, choice="approve")


def test_somebody_who_is_away_themselves_can_not_be_named(board):
    away(board.dana, board.eli)

    with pytest.raises(Refused, match="Dana Roy is away in that time"):
        away(board.ben, board.dana, valid_from=date(2026, 3, 5), valid_to=date(2026, 3, 20))

    assert away(board.ben, board.dana, valid_from=TO, valid_to=date(2026, 3, 20))


def test_an_excluded_deputy_may_not_vote_and_the_attempt_is_noted(house, board, make_policy, ask, log_incident):
    make_policy([board.ben, board.cleo])
    approval = ask(log_incident(requester=board.dana))
    away(board.ben, board.dana)

    with pytest.raises(operations.SeparationOfDuties, match="you are the requester"):
        operations.vote(approval=approval, by=board.dana, at=AT, choice="approve")

    assert Entry.objects.filter(action="approval.vote_refused", actor=board.dana).count() == 1


def test_a_deputy_with_a_seat_of_their_own_has_one_vote(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    away(board.ben, board.cleo)
    theirs = Seat.objects.get(holder=board.ben)

    operations.vote(approval=approval, by=board.cleo, at=AT, choice="approve")
    with pytest.raises(operations.VoteRefused, match="a vote of your own"):
        operations.vote(approval=approval, by=board.cleo, at=AT, choice="approve", seat=theirs)

    assert approval.steps.get().seats.filter(votes__isnull=False).get().holder == board.cleo


def test_a_deputy_of_two_people_votes_for_one_of_them(board, make_policy, ask):
    make_policy([board.ben, board.cleo, board.eli], quorum="count", needed=2)
    approval = ask()
    away(board.ben, board.dana)
    away(board.cleo, board.dana)
    operations.vote(approval=approval, by=board.dana, at=AT, choice="approve")

    with pytest.raises(operations.VoteRefused, match="One person decides once in a step"):
        operations.vote(
            approval=approval, by=board.dana, at=AT, choice="approve", seat=Seat.objects.get(holder=board.cleo)
        )


def test_who_got_a_vote_can_not_pass_it_on_and_has_no_deputy_on_it(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    seat = Seat.objects.get(holder=board.ben)
    operations.hand_over(seat=seat, to=board.dana, by=board.ben, at=AT, reason="On a train.")
    away(board.dana, board.eli)

    with pytest.raises(NotAllowed):
        operations.hand_over(seat=seat, to=board.eli, by=board.dana, at=AT)
    with pytest.raises(operations.NotYourVote):
        operations.vote(approval=approval, by=board.eli, at=AT, choice="approve")
    with pytest.raises(operations.NotYourVote, match="Take it back"):
        operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    vote = operations.vote(approval=approval, by=board.dana, at=AT, choice="approve")

    assert vote.on_behalf_of == board.ben


def test_a_vote_that_was_handed_over_can_be_taken_back_until_it_was_cast(board, make_policy, ask):
    make_policy([board.ben, board.cleo])
    approval = ask()
    seat = Seat.objects.get(holder=board.ben)
    operations.hand_over(seat=seat, to=board.dana, by=board.ben, at=AT)
    operations.take_back(seat=seat, by=board.ben, at=AT)
    operations.hand_over(seat=seat, to=board.dana, by=board.ben, at=AT)
    operations.vote(approval=approval, by=board.dana, at=AT, choice="approve")

    with pytest.raises(Refused, match="A vote was cast here"):
        operations.take_back(seat=seat, by=board.ben, at=AT)


@pytest.mark.parametrize("who", ["maria", "otto", "cleo", "gone"])
def test_a_vote_goes_to_nobody_who_may_not_have_it(house, board, make_policy, ask, who):
    make_policy([board.ben, board.cleo])
    ask()
    User.objects.filter(pk=board.fay.pk).update(is_active=False)
    to = {"maria": house.maria, "otto": house.otto, "cleo": board.cleo, "gone": User.objects.get(pk=board.fay.pk)}[who]

    with pytest.raises(Refused) as refused:
        operations.hand_over(seat=Seat.objects.get(holder=board.ben), to=to, by=board.ben, at=AT)

    assert [each.field for each in refused.value.refusals] == ["to"]
    assert Seat.objects.get(holder=board.ben).acting == board.ben


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "field"),
    [
        (date(2026, 3, 6), date(2026, 3, 6), "valid_to"),
        (date(2026, 2, 1), date(2026, 3, 2), "valid_to"),
        (date(2026, 3, 5), date(2026, 3, 9), "valid_from"),
    ],
)
def test_days_that_do_not_fit_are_refused(board, valid_from, valid_to, field):
    away(board.ben, board.dana)

    with pytest.raises(Refused) as refused:
        away(board.ben, board.eli, valid_from=valid_from, valid_to=valid_to)

    assert [each.field for each in refused.value.refusals] == [field]
    assert Deputy.objects.count() == 1


def test_nobody_names_deputies_for_others_but_those_who_may(house, board):
    with pytest.raises(NotAllowed):
        away(board.ben, board.dana, by=board.cleo)
    with pytest.raises(NotAllowed):
        away(board.ben, board.dana, by=house.otto)

    assert away(board.ben, board.dana, by=house.aisha).made_by == house.aisha


def test_ending_a_deputyship_ends_it_today_and_keeps_what_was(board):
    began = away(board.ben, board.dana)
    coming = away(board.ben, board.dana, valid_from=date(2026, 4, 1), valid_to=date(2026, 4, 5))

    operations.end_deputy(deputy=began, by=board.ben, at=AT)
    operations.end_deputy(deputy=coming, by=board.ben, at=AT)

    assert [(each.valid_from, each.valid_to) for each in Deputy.objects.all()] == [(FROM, date(2026, 3, 4))]
    assert Entry.objects.filter(action="deputy.ended").count() == 2


def test_decisions_list_what_one_may_vote_on_and_nothing_else(house, board, make_policy, ask, log_incident):
    make_policy([board.ben, board.cleo], deadline_minutes=60)
    first, second = ask(), ask(log_incident(requester=board.dana), at=moment("2026-03-02 09:30"))
    away(board.ben, board.dana)

    def listed(person):
        return [(each.approval, each.for_whom) for each in queries.decisions_of(person, at=AT)]

    assert listed(board.ben) == [(second, None), (first, None)]
    assert listed(board.dana) == [(first, board.ben)]
    assert listed(house.otto) == listed(board.eli) == []
    operations.vote(approval=first, by=board.dana, at=AT, choice="approve")
    assert listed(board.dana) == []
    assert listed(board.ben) == [(second, None)]
