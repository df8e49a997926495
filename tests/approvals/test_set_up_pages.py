"""The pages on which people say who decides: deputies, policies, boards."""

from datetime import date

from approvals import operations, purposes
from approvals.models import ApprovalPolicy, Board, Deputy
from approvals.operations.boards import Member
from tests.approvals.conftest import PURPOSE, text_of
from tests.conftest import moment

AT = moment("2026-03-02 11:00")
NEW = f"/approval-policies/new/?purpose={PURPOSE}"


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
