"""The pages: what waits, one decision, the vote without script, links of mails, deputies, policies, boards."""

import re
from datetime import date

import pytest
from django.utils.timezone import now

from approvals import operations, purposes
from approvals.links import token_of
from approvals.models import ApprovalPolicy, Board, DecisionLink, Deputy, Seat, Vote
from approvals.operations.boards import Member
from audit import outbox
from audit.models import Entry
from incidents import operations as incident_operations
from people.models import User
from tests.approvals.conftest import PURPOSE
from tests.conftest import moment

AT = moment("2026-03-02 11:00")
NEW = f"/approval-policies/new/?purpose={PURPOSE}"


@pytest.fixture
def sign_in(client):
    def enter(user):
        client.force_login(user)
        return client

    return enter


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


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


def test_a_deputy_is_named_and_ended_on_the_page(board, sign_in):
    client = sign_in(board.ben)
    said = {"deputy": "cleo", "valid_from": "2126-03-03", "valid_to": "2126-03-06", "reason": "Holiday"}

    assert client.post("/decisions/deputies/", said).status_code == 303
    again = client.post("/decisions/deputies/", said)
    page = text_of(client.get("/decisions/deputies/"))

    row = Deputy.objects.get()
    assert (row.person, row.deputy, row.valid_from) == (board.ben, board.cleo, date(2126, 3, 3))
    assert again.status_code == 422
    assert "has a deputy in that time already" in text_of(again)
    assert "Cleo Ames" in page
    assert client.post(f"/decisions/deputies/{row.pk}/ending/").status_code == 303
    assert not Deputy.objects.exists()


def test_nobody_ends_or_sees_deputies_of_others(house, board, sign_in):
    operations.name_deputy(
        person=board.ben, deputy=board.cleo, by=board.ben, at=AT, valid_from=date(2126, 3, 3), valid_to=date(2126, 3, 6)
    )
    row = Deputy.objects.get()

    client = sign_in(house.otto)
    assert "Cleo Ames" not in text_of(client.get("/decisions/deputies/"))
    assert client.post(f"/decisions/deputies/{row.pk}/ending/").status_code == 404
    lead = text_of(sign_in(house.aisha).get("/decisions/deputies/"))
    assert "Cleo Ames" in lead
    assert "Who is away" in lead


def editor_of(**said):
    """What the form of a policy with one condition and one step sends."""
    return {
        "name": "Dear fixes", "position": "10", "conditions_count": "2", "steps_count": "1",
        "c0-fact": "cost", "c0-comparison": "at_least", "c0-values": "500",
        "c1-fact": "", "c1-comparison": "is", "c1-values": "",
        "s0-name": "Board", "s0-order": "1", "s0-quorum": "count", "s0-needed": "2", "s0-on_expiry": "remind",
        "s0-deadline_minutes": "2 d", "s0-remind_minutes": "4 h", "s0_approvers_count": "2",
        "s0a0-who": "team:NETWORKS", "s0a1-who": "person", "s0a1-person": "ines", "s0a1-is_mandatory": "on",
    } | said  # fmt: skip


def test_a_policy_is_made_and_changed_on_its_page(house, sign_in):
    client = sign_in(house.ines)
    said = editor_of(**{"s0a0-who": f"team:{house.networks.pk}"})

    made = client.post(NEW, said)
    policy = ApprovalPolicy.objects.get(purpose=PURPOSE)
    page = client.get(made["Location"]).content.decode()
    changed = client.post(made["Location"], said | {"seen_version": "1", "s0-needed": "1"})
    stale = client.post(made["Location"], said | {"seen_version": "1", "s0-needed": "3"})
    same = client.post(made["Location"], said | {"seen_version": "2", "s0-needed": "1"})

    step = policy.steps.get()
    assert (made.status_code, changed.status_code, stale.status_code, same.status_code) == (302, 302, 412, 422)
    assert (step.needed, step.deadline_minutes, step.remind_minutes) == (1, 2880, 240)
    assert [(each.kind, each.person, each.is_mandatory) for each in step.approvers.all()] == [
        ("team", None, False),
        ("person", house.ines, True),
    ]
    assert 'value="48:00"' in page
    policy.refresh_from_db()
    assert policy.version == 2
    assert [each.number for each in policy.versions.all()] == [2, 1]


def test_a_policy_that_does_not_fit_comes_back_with_every_reason(house, sign_in):
    said = editor_of(**{
        "s0a0-who": "", "s0a1-who": "", "s0-deadline_minutes": "soon", "c0-values": "much", "s0-on_expiry": "escalate",
    })  # fmt: skip

    answer = sign_in(house.ines).post(NEW, said)
    again = sign_in(house.ines).post(NEW, said | {"s0-deadline_minutes": ""})

    assert answer.status_code == again.status_code == 422
    assert "“soon” is no amount of time" in text_of(answer)
    told = text_of(again)
    assert "nobody is asked" in told
    assert "compare with one number" in told
    assert "name who decides after the deadline" in told
    assert not ApprovalPolicy.objects.filter(purpose=PURPOSE).exists()


def test_more_rows_keep_what_was_typed_and_save_nothing(house, sign_in):
    answer = sign_in(house.ines).post(NEW, editor_of(more="1"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="s1-name"' in page
    assert 'name="s0a2-who"' in page
    assert 'value="Dear fixes"' in page
    assert not ApprovalPolicy.objects.filter(purpose=PURPOSE).exists()


def test_policies_say_which_one_would_decide_and_why(house, board, make_policy, log_incident, sign_in):
    from approvals.terms import ConditionTerms

    make_policy([board.ben], name="Everything")
    make_policy([board.cleo], name="Dear", conditions=[ConditionTerms("cost", ("500",), "at_least")])
    dear, cheap = log_incident(description="900"), log_incident(description="100")
    client = sign_in(house.ines)

    first = text_of(client.get(f"/approval-policies/?reference={dear.reference}"))
    second = text_of(client.get(f"/approval-policies/?reference={cheap.reference}"))
    unknown = text_of(client.get("/approval-policies/?reference=INC-999999"))

    assert f"{dear.reference}, to allow the fix: Dear" in first
    assert "Dear : applies: its condition holds" in first
    assert f"{cheap.reference}, to allow the fix: Everything" in second
    assert "Dear : does not apply: cost is at least 500" in second
    assert "There is no such record that you can see." in unknown


def test_agents_read_policies_and_change_none(house, board, make_policy, sign_in):
    policy = make_policy([board.ben])
    client = sign_in(house.tom)

    assert client.get("/approval-policies/").status_code == 200
    page = client.get(f"/approval-policies/{policy.slug}/").content.decode()
    assert "Save as a new version" not in page
    assert client.post(f"/approval-policies/{policy.slug}/", editor_of()).status_code == 403
    assert client.post(f"/approval-policies/{policy.slug}/retirement/").status_code == 403
    assert client.get("/approval-policies/new/").status_code == 403
    assert sign_in(house.maria).get("/approval-policies/").status_code == 403
    policy.refresh_from_db()
    assert (policy.is_active, policy.version) == (True, 1)


def test_a_policy_is_retired_and_used_again(house, board, make_policy, sign_in):
    policy = make_policy([board.ben])
    client = sign_in(house.ines)

    client.post(f"/approval-policies/{policy.slug}/retirement/")
    policy.refresh_from_db()
    assert not policy.is_active
    client.post(f"/approval-policies/{policy.slug}/reinstatement/")
    policy.refresh_from_db()
    assert policy.is_active


def test_a_board_is_made_and_changed(house, board, sign_in):
    client = sign_in(house.ines)
    said = {
        "name": "Test board", "rows_count": "3", "m0-person": "ines", "m0-is_chair": "on", "m1-person": "Ben Hill",
        "m1-is_mandatory": "on", "m2-person": "",
    }  # fmt: skip

    assert client.post("/approval-policies/boards/new/", said).status_code == 302
    made = Board.objects.get(name="Test board")
    members = [(each.user, each.is_chair, each.is_mandatory) for each in made.members.all()]
    assert members == [(house.ines, True, False), (board.ben, False, True)]
    two_chairs = client.post(
        f"/approval-policies/boards/{made.slug}/", said | {"m1-is_chair": "on", "is_active": "on", "seen_version": "1"}
    )
    assert two_chairs.status_code == 422
    assert "A board has one chair." in text_of(two_chairs)
    client.post(f"/approval-policies/boards/{made.slug}/", said | {"m1-person": "", "seen_version": "1"})
    made.refresh_from_db()
    assert (made.is_active, made.version, made.members.count()) == (False, 2, 1)


def test_the_chair_and_mandatory_members_of_a_board_must_approve(house, board, make_policy, ask):
    from approvals.terms import StepSpec, asks

    cab = operations.create_board(
        by=None,
        at=AT,
        name="CAB",
        members=[Member(board.ben, is_chair=True), Member(board.cleo), Member(board.dana), Member(board.eli)],
    )
    make_policy(steps=[StepSpec("CAB", (asks("board", board=cab.pk),), quorum="percent", needed=50, least_votes=3)])
    approval = ask()
    for person, choice in ((board.cleo, "approve"), (board.dana, "reject"), (board.eli, "reject")):
        operations.vote(approval=approval, by=person, at=AT, choice=choice, reason="So.")
    approval.refresh_from_db()
    assert approval.is_open

    operations.vote(approval=approval, by=board.ben, at=AT, choice="approve")

    approval.refresh_from_db()
    assert approval.state == "approved"  # two against two: the chair's approval decides


def test_without_any_purpose_the_pages_say_what_is_missing(house, sign_in, monkeypatch):
    monkeypatch.setattr(purposes, "all_purposes", list)
    client = sign_in(house.ines)

    for path in ("/approval-policies/", "/approval-policies/new/"):
        assert "Nothing asks for approvals yet." in text_of(client.get(path))


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
