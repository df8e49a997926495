"""The pages of decisions: what waits, one decision, the vote without script, links of mails, vacant seats."""

import pytest
from django.utils.timezone import now

from approvals import operations
from approvals.links import token_of
from approvals.models import DecisionLink, Seat, Vote
from audit import outbox
from audit.models import Entry
from incidents import operations as incident_operations
from people.models import User
from tests.approvals.conftest import text_of
from tests.conftest import moment

AT = moment("2026-03-02 11:00")


def test_my_decisions_lists_what_waits_with_its_due_time_and_nothing_of_others(house, board, make_policy, ask, sign_in):
    make_policy([board.ben, board.cleo], deadline_minutes=60)
    approval = ask()

    seen = text_of(sign_in(board.ben).get("/decisions/"))
    assert approval.record.reference in seen
    assert "You are asked to allow the fix." in seen
    assert "overdue since" in seen
    foreign = text_of(sign_in(house.otto).get("/decisions/"))
    assert approval.record.reference not in foreign
    assert "Nothing waits for your decision." in foreign


@pytest.mark.parametrize("rows", [1, 3])
def test_my_decisions_cost_the_same_with_one_and_with_three(
    board, make_policy, ask, log_incident, sign_in, django_assert_num_queries, rows
):
    make_policy([board.ben, board.cleo])
    for _each in range(rows):
        ask(log_incident())
    client = sign_in(board.ben)
    client.get("/decisions/")

    with django_assert_num_queries(6):
        client.get("/decisions/")


def test_a_vote_is_cast_without_script_and_the_page_shows_who_said_what(board, make_policy, ask, sign_in):
    make_policy([board.ben, board.cleo])
    approval = ask()
    client = sign_in(board.ben)

    answer = client.post(
        f"/decisions/{approval.pk}/votes/", {"choice": "approve", "reason": "Fine.", "conditions": "Tell users\r\n\r\n"}
    )

    assert (answer.status_code, answer["Location"]) == (303, f"/decisions/{approval.pk}/")
    page = text_of(client.get(f"/decisions/{approval.pk}/"))
    assert "approved with conditions" in page
    assert "Tell users" in page
    assert Entry.objects.get(action="approval.voted").channel == "web"


def test_a_rejection_without_a_reason_comes_back_with_what_was_typed(board, make_policy, ask, sign_in):
    make_policy([board.ben, board.cleo])
    approval = ask()

    answer = sign_in(board.ben).post(
        f"/decisions/{approval.pk}/votes/", {"choice": "reject", "reason": " ", "conditions": "Keep <b>this</b>"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<title>Error:" in page
    assert 'href="#vote-reason"' in page
    assert "Keep &lt;b&gt;this&lt;/b&gt;" in page
    assert not Vote.objects.exists()


def test_pressing_nothing_says_what_to_press(board, make_policy, ask, sign_in):
    make_policy([board.ben])

    answer = sign_in(board.ben).post(f"/decisions/{ask().pk}/votes/", {"choice": "perhaps"})

    assert answer.status_code == 422
    assert "Press Approve, Reject or Abstain." in text_of(answer)


def test_reading_never_decides(board, make_policy, ask, sign_in):
    make_policy([board.ben])
    approval = ask()
    client = sign_in(board.ben)

    for _each in range(2):
        assert client.get(f"/decisions/{approval.pk}/?choice=approve").status_code == 200
    assert client.get(f"/decisions/{approval.pk}/votes/").status_code == 405

    assert not Vote.objects.exists()


def test_who_has_no_business_there_finds_nothing(house, board, make_policy, ask, sign_in):
    make_policy([board.ben])
    approval = ask()
    client = sign_in(house.otto)

    paths = [f"/decisions/{approval.pk}/", f"/portal/approve/{approval.pk}/"]
    assert [client.get(path).status_code for path in paths] == [404, 404]
    answers = [client.post(f"{path}votes/", {"choice": "approve"}).status_code for path in paths]
    assert answers == [404, 404]
    assert client.get(f"/decisions/beside/{approval.record.reference}/").status_code == 404


def test_the_requester_reads_it_but_sees_why_they_may_not_decide(house, board, make_policy, ask, sign_in):
    make_policy([board.ben])
    approval = ask()
    client = sign_in(house.maria)

    assert client.get(f"/decisions/{approval.pk}/")["Location"] == f"/portal/approve/{approval.pk}/"
    page = client.get(f"/portal/approve/{approval.pk}/")
    assert "You may not decide this: you are the requester." in text_of(page)
    assert b'name="choice"' not in page.content
    assert not Entry.objects.filter(action="approval.vote_refused").exists()


def test_an_approver_of_the_requesters_side_decides_in_the_portal(house, board, make_policy, ask, sign_in):
    make_policy([house.max, board.ben])
    approval = ask()
    client = sign_in(house.max)

    assert client.get("/decisions/")["Location"] == "/portal/approvals/"
    assert f"/portal/approve/{approval.pk}/" in client.get("/portal/approvals/").content.decode()
    answer = client.post(f"/portal/approve/{approval.pk}/votes/", {"choice": "approve"})

    assert answer["Location"] == f"/portal/approve/{approval.pk}/"
    assert Entry.objects.get(action="approval.voted").channel == "portal"


def test_an_approver_who_may_not_see_the_record_reads_the_facts_and_no_link(house, board, make_policy, ask, sign_in):
    zoe = User.objects.create_user("zoe", "zoe@acme.example", "x", name="Zoe Adler", organization=house.acme)
    make_policy([zoe, board.ben])
    approval = ask()

    page = sign_in(zoe).get(f"/portal/approve/{approval.pk}/").content.decode()

    assert "VPN drops every 20 minutes" in page
    assert f"/{approval.record.reference}/" not in page


def test_the_page_says_what_ones_vote_would_end(board, make_policy, ask, sign_in):
    make_policy([board.ben, board.cleo])
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    page = text_of(sign_in(board.cleo).get(f"/decisions/{approval.pk}/"))

    assert "This is the vote that was missing: it is approved with it." in page
    assert "This ends it: rejected." in page


def test_a_lapsed_decision_is_kept_and_says_so(house, board, make_policy, ask, sign_in):
    make_policy([board.ben, board.cleo])
    approval = ask()
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    incident_operations.edit(incident=approval.record, by=house.tom, at=AT, values={"description": "9000"})

    client = sign_in(board.cleo)
    page = text_of(client.get(f"/decisions/{approval.pk}/"))
    answer = client.post(f"/decisions/{approval.pk}/votes/", {"choice": "approve"})

    assert "What was to be decided has changed, so these votes no longer count." in page
    assert answer.status_code == 409
    assert "votes no longer count" in text_of(answer)


def test_markup_in_what_people_wrote_stays_text(house, board, make_policy, ask, log_incident, sign_in):
    evil = "<script>alert(1)</script>"
    make_policy([board.ben, board.cleo], name=f"Policy {evil}")
    approval = ask(log_incident(title=evil, description=evil))
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve", reason=evil, conditions=[evil])
    client = sign_in(board.cleo)

    for path in (f"/decisions/{approval.pk}/", "/decisions/", f"/decisions/beside/{approval.record.reference}/"):
        assert "<script>alert" not in client.get(path).content.decode()
    assert "<script>alert" not in sign_in(house.ines).get("/approval-policies/").content.decode()


def test_a_vote_is_handed_over_and_taken_back(board, make_policy, ask, sign_in):
    make_policy([board.ben, board.cleo])
    approval = ask()
    seat = Seat.objects.get(holder=board.ben)
    client, base = sign_in(board.ben), f"/decisions/{approval.pk}/seats/{seat.pk}"

    wrong = client.post(f"{base}/handover/", {"to": "Nobody Atall"})
    assert wrong.status_code == 422
    assert "Nobody you can choose is called “Nobody Atall”" in text_of(wrong)
    assert client.post(f"{base}/handover/", {"to": "dana roy", "reason": "Train."}).status_code == 303
    seat.refresh_from_db()
    assert seat.acting == board.dana
    assert "Take the vote back" in text_of(client.get(f"/decisions/{approval.pk}/"))
    client.post(f"{base}/taking-back/")
    seat.refresh_from_db()
    assert seat.acting == board.ben


def test_the_link_of_a_mail_leads_through_sign_in_to_the_page_and_uses_nothing_up(board, make_policy, ask, client):
    make_policy([board.ben])
    approval = ask()
    while outbox.dispatch_due(at=now()):
        pass
    DecisionLink.objects.update(expires_at=moment("2199-01-01 00:00"))
    path = f"/decisions/link/{token_of(DecisionLink.objects.get())}/"

    stranger = client.get(path)
    client.force_login(board.ben)
    opened = [client.get(path) for _each in range(2)]

    assert stranger["Location"].startswith("/accounts/login/?next=/decisions/link/")
    assert [each["Location"] for each in opened] == [f"/decisions/{approval.pk}/"] * 2
    assert not Vote.objects.exists()


def test_a_dead_link_and_one_of_somebody_else_say_why(house, board, make_policy, ask, sign_in):
    make_policy([board.ben, board.cleo])
    approval = ask()
    while outbox.dispatch_due(at=now()):
        pass
    DecisionLink.objects.update(expires_at=moment("2199-01-01 00:00"))
    path = f"/decisions/link/{token_of(DecisionLink.objects.get(user=board.ben))}/"

    foreign = sign_in(house.otto).get(path)
    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")
    used = sign_in(board.ben).get(path)

    assert (foreign.status_code, used.status_code) == (403, 410)
    assert "sent to somebody else" in text_of(foreign)
    assert approval.record.reference not in text_of(foreign)
    assert "This link was used." in text_of(used)
    assert sign_in(board.ben).get("/decisions/link/1.forged/").status_code == 404


def test_a_vacant_seat_is_filled_by_who_may_change_policies(house, board, make_policy, ask, sign_in):
    make_policy([board.cleo, board.dana])
    approval = ask()
    User.objects.filter(pk=board.cleo.pk).update(is_active=False)
    from approvals.sweep import sweep

    sweep(at=AT)
    seat = Seat.objects.get(holder=board.cleo)
    path = f"/decisions/{approval.pk}/seats/{seat.pk}/filling/"

    assert sign_in(board.dana).post(path, {"to": "eli"}).status_code == 403
    client = sign_in(house.ines)
    assert "Cleo Ames has left and nobody stands in." in text_of(client.get(f"/decisions/{approval.pk}/"))
    assert client.post(path, {"to": "eli"}).status_code == 303
    seat.refresh_from_db()
    assert seat.acting == board.eli
