"""Pages of releases: every tab, the acts on them, and what others see of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.enums import State as ChangeState
from records.enums import LinkKind
from records.models import Link
from releases import operations
from releases.enums import Result, State, Verdict
from releases.models import AcceptanceCriterion, ChecklistItem, Deployment, ReadinessItem, Release
from tests.conftest import moment

from .conftest import MONDAY_10, THURSDAY_20, THURSDAY_22

TABS = ("", "contents/", "plan/", "readiness/", "deployments/", "early-life/", "scope/")
DAY = timedelta(days=1)


@pytest.fixture
def at_monday(time_machine):
    time_machine.move_to(MONDAY_10, tick=False)


@pytest.fixture
def at_thursday(time_machine):
    time_machine.move_to(THURSDAY_20, tick=False)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_those_who_work_on_it_and_for_nobody_else(client, house, plan_release, tab):
    release = plan_release(
        title="<script>x</script> 4.2", back_out_plan="<b onclick=x>bold</b>", criteria=("<i>x</i>",)
    )
    address = f"{release.get_absolute_url()}{tab}"

    answers = {}
    for name in ("ines", "ada", "otto", "maria"):
        client.force_login(getattr(house, name))
        answers[name] = client.get(address)

    page = answers["ines"].content.decode()
    refused = (answers["otto"].status_code, answers["maria"].status_code)
    assert answers["ines"].status_code == 200
    assert not any(each in page for each in ("<script>x</script>", "<b onclick", "<i>x</i>"))
    assert refused == (404, 403 if tab == "scope/" else 404)
    assert answers["ada"].status_code == (403 if tab == "scope/" else 200)


@pytest.mark.parametrize("state", ["building", "testing", "ready", "deploying", "early_life"])
def test_every_tab_opens_in_every_state(client, house, bring_to, state, log_incident):
    release = bring_to(state, type="major" if state == "ready" else "minor")
    log_incident(at=THURSDAY_22)
    client.force_login(house.aisha)

    answers = [client.get(f"{release.get_absolute_url()}{tab}").status_code for tab in TABS]

    assert answers == [200] * len(TABS)


def test_a_release_is_planned_from_a_change_in_the_browser(client, house, at_monday, in_state, vpn):
    change = in_state()
    client.force_login(house.aisha)
    form = client.get(f"/releases/new/?from={change.reference}")
    said = {"type": "minor", "title": "Gateway 4.2", "services": [vpn.pk], "from": change.reference,
            "token": form.context["token"], "assignee": house.tom.pk}  # fmt: skip

    made, again = client.post("/releases/new/", said), client.post("/releases/new/", said)

    release = Release.objects.get()
    assert (made.status_code, made.url) == (303, f"{release.get_absolute_url()}contents/")
    assert again.url == made.url
    assert Link.objects.get(kind=LinkKind.RELEASED_IN).from_record_id == change.pk
    assert release.checklist.count() == ChecklistItem.objects.filter(is_active=True).exclude(types=["major"]).count()


def test_what_was_typed_stays_when_a_new_release_is_refused(client, house):
    client.force_login(house.aisha)

    page = client.post("/releases/new/", {"type": "minor", "title": "", "version_name": "4.2"})

    assert page.status_code == 422
    assert "Say in a line what is released." in page.content.decode()
    assert 'value="4.2"' in page.content.decode()


def test_the_whole_way_in_the_browser_without_script(client, house, at_thursday, bring_to, sign_all):
    release = sign_all(bring_to("testing"))
    base = release.get_absolute_url()
    criterion = release.criteria.get()
    client.force_login(house.aisha)
    steps = [client.post(f"{base}criteria/{criterion.pk}/", {"act": "met"}), client.post(f"{base}clearance/")]
    client.force_login(house.tom)
    steps.append(client.post(f"{base}deployment/"))
    wave = release.deployments.get()
    steps.append(client.post(f"{base}waves/{wave.pk}/", {"act": "start"}))
    steps.append(
        client.post(
            f"{base}waves/{wave.pk}/", {"act": "end", "result": "successful", "verification": "Twenty sessions."}
        )
    )
    steps.append(client.post(f"{base}going-live/"))

    assert [each.status_code for each in steps] == [303] * 6
    release.refresh_from_db()
    assert (release.state, release.deployed_at) == (State.EARLY_LIFE, THURSDAY_20)


def test_what_is_in_the_way_of_the_deployment_stands_on_its_page(client, house, at_thursday, bring_to, in_state):
    waiting = in_state(ChangeState.ASSESSING, title="Waits")
    release = bring_to("ready", changes=[waiting])
    client.force_login(house.tom)

    page = client.get(release.get_absolute_url()).content.decode()
    refused = client.post(f"{release.get_absolute_url()}deployment/")

    assert f"Not authorized: {waiting.reference} is assessing." in page
    assert refused.status_code == 422
    assert f"{waiting.reference} is assessing" in refused.content.decode()


def test_signing_is_offered_to_the_role_alone_and_refused_to_others(client, house, at_monday, plan_release):
    release = plan_release()
    line = ReadinessItem.objects.get(release=release, role="change_manager")
    address = f"{release.get_absolute_url()}signatures/{line.pk}/"
    client.force_login(house.tom)
    page, refused = client.get(f"{release.get_absolute_url()}readiness/"), client.post(address, {"act": "sign"})
    client.force_login(house.ines)
    done = client.post(address, {"act": "sign", "note": "See the export."})
    empty = client.post(address, {"act": "unsign", "note": " "})

    mine = {row["line"].role for row in page.context["lines"] if row["is_mine"]}
    assert mine == {"technician"}
    assert (refused.status_code, done.status_code, empty.status_code) == (403, 303, 409)
    assert "Say why the signature is taken back." in empty.content.decode()
    line.refresh_from_db()
    assert line.signed_by == house.ines


def test_a_refused_act_says_why_on_its_tab_and_keeps_what_was_typed(client, house, at_monday, bring_to, in_state):
    release = bring_to("testing")
    base, criterion = release.get_absolute_url(), release.criteria.get()
    late = in_state(title="Late")
    client.force_login(house.aisha)

    window = client.post(f"{base}window/", {"planned_from": "2026-03-07T20:00", "planned_to": "2026-03-07T22:00"})
    waive = client.post(f"{base}criteria/{criterion.pk}/", {"act": "waive", "note": "Good enough for now"})
    content = client.post(f"{base}content/", {"change": late.reference})
    nothing = client.post(f"{base}content/", {"change": "CHG-999999"})

    assert [each.status_code for each in (window, waive, content, nothing)] == [409, 409, 409, 422]
    assert "A date was promised. Say why it moves." in window.content.decode()
    assert "2026-03-07T22:00" in window.content.decode()
    assert "Good enough for now" in waive.content.decode()
    assert "takes nothing more" in content.content.decode()
    assert AcceptanceCriterion.objects.get().verdict == Verdict.OPEN


def test_contents_that_one_may_not_see_are_counted_only(client, house, plan_release, in_state):
    hidden = in_state(title="Secret of Umbrella", requester=house.otto)
    release = plan_release(changes=[in_state(), hidden])
    from people.enums import Role
    from people.models import RoleGrant, User

    ben = User.objects.create_user("ben", "ben@northwind.example", "x", name="Ben", organization=house.provider)
    RoleGrant.objects.create(user=ben, role=Role.TECHNICIAN, organization=house.provider)
    client.force_login(ben)

    page = client.get(f"{release.get_absolute_url()}contents/")

    assert "Secret of Umbrella" not in page.content.decode()
    assert page.context["hidden_count"] == 1


def test_an_incident_nearby_is_linked_in_one_act(client, house, bring_to, log_incident, time_machine):
    release = bring_to("early_life")
    incident = log_incident(at=THURSDAY_22 + DAY)
    time_machine.move_to(THURSDAY_22 + 2 * DAY, tick=False)
    client.force_login(house.tom)
    address = f"{release.get_absolute_url()}early-life/"
    before = client.get(address).context["nearby"]

    client.post(f"{release.get_absolute_url()}caused/", {"incident": incident.pk})

    after = client.get(address).context
    assert [each.pk for each in before] == [incident.pk]
    assert ([each.pk for each in after["caused"]], after["nearby"]) == ([incident.pk], [])


def test_a_lost_wave_is_repeated_and_a_planned_one_taken_out(client, house, at_thursday, bring_to):
    release = bring_to("deploying")
    base, wave = f"{release.get_absolute_url()}waves/", release.deployments.get()
    client.force_login(house.tom)
    client.post(f"{base}{wave.pk}/", {"act": "start"})
    empty = client.post(f"{base}{wave.pk}/", {"act": "end", "result": "failed", "verification": ""})
    client.post(f"{base}{wave.pk}/", {"act": "end", "result": "failed", "verification": "No session."})
    client.post(f"{base}{wave.pk}/", {"act": "repeat"})
    client.post(base, {"name": "Second site", "environment": "production"})
    client.post(f"{base}{Deployment.objects.get(name='Second site').pk}/", {"act": "remove"})

    assert empty.status_code == 409
    assert list(release.deployments.values_list("result", "repeats")) == [
        (Result.FAILED, None), (Result.PLANNED, wave.pk),
    ]  # fmt: skip


def test_the_checklist_is_set_by_change_managers_alone(client, house):
    ChecklistItem.objects.all().delete()
    said = {"text": "The legal department agrees", "role": "service_manager", "types": ["major"], "is_required": "on"}
    client.force_login(house.aisha)
    refused = (
        client.get("/releases/checklist/").status_code,
        client.post("/releases/checklist/new/", said).status_code,
    )
    client.force_login(house.ines)
    made = client.post("/releases/checklist/new/", said)
    line = ChecklistItem.objects.get()
    stale = client.post(f"/releases/checklist/{line.pk}/", said | {"text": "x", "version": "9"})
    empty = client.post(f"/releases/checklist/{line.pk}/", said | {"text": ""})
    client.post(f"/releases/checklist/{line.pk}/", said | {"version": "1"})

    assert refused == (200, 403)
    assert (made.status_code, stale.status_code, empty.status_code) == (303, 412, 422)
    line.refresh_from_db()
    assert (line.role, line.types, line.is_active, line.version) == ("service_manager", ["major"], False, 2)


def test_the_landing_page_says_how_far_each_release_is(client, house, plan_release, in_state, bring_to):
    client.force_login(house.aisha)
    nothing = client.get("/releases/")
    plan_release(changes=[in_state(), in_state(ChangeState.DRAFT)])
    bring_to("early_life")

    page = client.get("/releases/")

    assert "No open releases" in nothing.content.decode()
    assert [(row.authorized, row.changes, row.signed) for row in page.context["ahead"]] == [(1, 2, 0)]
    assert [row.signed == row.lines for row in page.context["live"]] == [True]
    client.force_login(house.otto)
    assert client.get("/releases/").context["is_empty"] is True


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/releases/", 6), ("contents/", 18), ("readiness/", 18)])
def test_pages_take_as_many_queries_for_three_as_for_one(client, house, plan_release, in_state, count, path, queries):
    changes = [in_state(title=f"Change {number}") for number in range(count)]
    release = plan_release(changes=changes, criteria=tuple(f"Criterion {number}" for number in range(count)))
    if path == "/releases/":
        for number in range(count - 1):
            plan_release(title=f"Release {number}", changes=[in_state(title=f"More {number}")])
    client.force_login(house.aisha)
    address = path if path.startswith("/") else f"{release.get_absolute_url()}{path}"
    client.get(address)

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200

    assert len(captured) == queries, "\n".join(each["sql"][:160] for each in captured.captured_queries)


def test_a_closed_release_can_only_be_read(client, house, bring_to, time_machine):
    release = bring_to("ready")
    operations.cancel(release=release, by=house.aisha, at=MONDAY_10, reason="Merged.")
    time_machine.move_to(moment("2026-03-03 10:00"), tick=False)
    client.force_login(house.aisha)
    base = release.get_absolute_url()

    pages = [client.get(f"{base}{tab}") for tab in TABS[:-1]]
    refused = client.post(f"{base}criteria/", {"text": "More"})

    assert [each.status_code for each in pages] == [200] * len(pages)
    assert refused.status_code == 409
