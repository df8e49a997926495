"""Pages of changes: every tab, the acts on them, and what others see of it."""

import pytest

from approvals import operations as approvals
from approvals import queries as approval_queries
from changes import operations
from changes.enums import Outcome, State
from changes.models import Change, ChangeModel, ChangeStep, RiskFactor
from changes.queries.facts import AUTHORIZE
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")
TABS = ("", "plan/", "risk/", "approvals/", "window/", "run/", "review/")


@pytest.fixture
def at_monday(time_machine):
    time_machine.move_to(MONDAY_10, tick=False)


def authorized(change, house):
    change = operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    change = operations.assess(change=change, by=house.ines, at=MONDAY_10)
    approval = approval_queries.open_one(change, AUTHORIZE)
    approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve")
    return Change.objects.get(pk=change.pk)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_those_who_work_on_it_and_for_nobody_else(client, house, write_change, tab):
    change = write_change(title="<script>x</script> Patch", rationale="<b onclick=x>bold</b>")
    address = f"{change.get_absolute_url()}{tab}"

    client.force_login(house.ines)
    page = client.get(address)
    client.force_login(house.otto)
    other = client.get(address)
    client.force_login(house.maria)
    requester = client.get(address)

    assert page.status_code == 200
    assert "<script>x</script>" not in page.content.decode()
    assert "<b onclick" not in page.content.decode()
    assert (other.status_code, requester.status_code) == (404, 404)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_under_way(client, house, write_change, tab):
    change = authorized(write_change(points=1), house)
    operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)
    client.force_login(house.tom)

    assert client.get(f"{change.get_absolute_url()}{tab}").status_code == 200


def test_the_whole_way_in_the_browser_without_script(client, house, vpn, gateway, write_change):
    write_change(title="Another", items=[])
    client.force_login(house.aisha)
    form = client.get("/changes/new/")
    made = client.post(
        "/changes/new/",
        {"type": "normal", "title": "Patch 4.2", "rationale": "Bugs", "services": [vpn.pk], "items": "vpn-gw-2",
         "assignee": house.tom.pk, "token": form.context["token"]},
    )  # fmt: skip
    change = Change.objects.get(title="Patch 4.2")
    base = change.get_absolute_url()
    answers = {f"risk-{key}": "1" for key in RiskFactor.objects.values_list("key", flat=True)}
    risk = client.post(f"{base}answers/", answers)
    step = client.post(f"{base}steps/", {"title": "Fail over", "tab": "plan"})
    submitted = client.post(f"{base}submission/")

    assert (made.status_code, made.url) == (303, f"{base}plan/")
    assert (risk.status_code, step.status_code, submitted.status_code) == (303, 303, 303)
    change.refresh_from_db()
    assert (change.state, change.risk_score, list(change.items.all())) == (State.ASSESSING, 25, [gateway])
    assert ChangeStep.objects.get(change=change).title == "Fail over"


def test_a_refused_act_says_why_on_its_tab_and_keeps_what_was_typed(client, house, write_change):
    change = write_change()
    client.force_login(house.aisha)

    page = client.post(
        f"{change.get_absolute_url()}planning/", {"planned_from": "2026-03-05T22:00", "planned_to": "2026-03-05T20:00"}
    )

    assert page.status_code == 409
    assert "The window ends before it begins." in page.content.decode()
    assert "2026-03-05T22:00" in page.content.decode()


def test_a_conflict_is_listed_and_accepted_one_by_one(client, house, write_change):
    authorized(write_change(points=1), house)
    change = write_change(title="Second", assignee=house.aisha)
    client.force_login(house.ines)
    address = f"{change.get_absolute_url()}window/"
    found = client.get(address).context["conflicts"]

    client.post(f"{change.get_absolute_url()}acceptances/", {"key": found[0].key, "reason": "Other side of it."})

    assert [(str(each.reason), each.is_open) for each in found] == [("item", True)]
    assert [each.is_open for each in client.get(address).context["conflicts"]] == [False]


def test_backing_out_skips_what_is_open_and_says_why(client, house, write_change):
    change = write_change(points=1)
    operations.add_step(change=change, by=house.aisha, at=MONDAY_10, title="Fail over")
    change = authorized(change, house)
    operations.begin(change=change, by=house.tom, at=THURSDAY_20, notice_was_sent=True)
    client.force_login(house.tom)

    nothing = client.post(f"{change.get_absolute_url()}back-out/", {"reason": " "})
    done = client.post(f"{change.get_absolute_url()}back-out/", {"reason": "Sessions drop."})

    assert (nothing.status_code, done.status_code) == (409, 303)
    change.refresh_from_db()
    assert (change.state, change.outcome) == (State.REVIEWING, Outcome.BACKED_OUT)
    assert change.steps.get().note == "Sessions drop."


def test_a_model_is_proposed_approved_by_another_and_used(client, house, vpn):
    said = {"name": "Restart", "owner": house.aisha.pk, "services": [vpn.pk], "implementation_plan": "Restart it.",
            "back_out_plan": "Start it again.", "steps": "Drain\nRestart", "longest_minutes": 60,
            "least_success_percent": 90, "judged_uses": 10}  # fmt: skip
    client.force_login(house.ines)
    assert client.post("/changes/models/new/", said).status_code == 303
    assert client.post("/changes/models/restart/judgment/", {"act": "approve"}).status_code == 409
    assert client.post(
        "/changes/models/restart/judgment/", {"act": "approve", "expires_date": "2126-01-01"}
    ).status_code == 303  # fmt: skip

    client.force_login(house.tom)
    form = client.get("/changes/new/?model=restart")
    client.post("/changes/new/", {"model": "restart", "title": "Restart gw", "token": form.context["token"]})

    change = Change.objects.get(title="Restart gw")
    assert (change.type, change.model) == ("standard", ChangeModel.objects.get())
    assert list(change.steps.values_list("title", flat=True)) == ["Drain", "Restart"]
    assert client.get("/changes/models/restart/").status_code == 200
    assert client.post("/changes/models/restart/judgment/", {"act": "retire", "reason": "x"}).status_code == 403


def test_a_change_is_raised_from_an_incident(client, house, log_incident):
    incident = log_incident()
    client.force_login(house.tom)

    form = client.get(f"/changes/new/?from={incident.reference}")
    client.post(
        "/changes/new/",
        {"type": "normal", "title": "Fix it", "from": incident.reference, "token": form.context["token"]},
    )

    assert form.context["form"]["title"].value() == incident.title
    assert Change.objects.get().links_out.get().to_record_id == incident.pk


@pytest.mark.parametrize("count", [1, 3])
def test_the_landing_costs_the_same_for_one_and_three(
    client, house, write_change, count, django_assert_num_queries, time_machine
):
    time_machine.move_to(MONDAY_10, tick=False)
    for number in range(count):
        start = f"2026-03-0{3 + number} 20:00"
        authorized(write_change(window=(start, f"2026-03-0{3 + number} 22:00")), house)
        write_change(window=None)
    client.force_login(house.ines)
    client.get("/changes/")

    with django_assert_num_queries(6):
        page = client.get("/changes/")

    assert len(page.context["slots"]) == len(page.context["drafts"]) == count


def test_another_organization_finds_an_empty_landing(client, house, write_change):
    write_change()
    client.force_login(house.otto)

    page = client.get("/changes/")

    assert page.status_code in (200, 403)
    assert "Patch gateway" not in page.content.decode()
