"""Pages of improvements: the register, every tab, the acts on them, the portal, and what others see of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from improvement import operations
from improvement.enums import State
from improvement.models import Answer, Goal, Improvement, Option, Scale, Vote
from records.models import Link
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.slm.breaches.conftest import missed  # noqa: F401 - fixture
from tests.slm.conftest import make_agreement, office, standard  # noqa: F401 - fixtures

from .conftest import JUNE, MONDAY_9, TUESDAY_9

TABS = ("", "steps/", "measures/", "work/")
VIEWS = ("board", "suggestions", "matrix", "goals", "ended", "<b>")
NASTY = "<script>x</script><b onclick=x>"


@pytest.fixture
def at_june(time_machine):
    time_machine.move_to(JUNE, tick=False)


@pytest.fixture
def nasty(house, bring_to):
    improvement = bring_to("active", title=NASTY, description=NASTY)
    said = {"improvement": improvement, "by": house.aisha, "at": TUESDAY_9}
    operations.answer(**said, step=1, texts={"vision": NASTY})
    operations.add_option(**said, text=NASTY, value=1, effort=1, risk=1)
    operations.observe(**said, text=NASTY)
    return operations.go_to(**said, step=2, reason=NASTY)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_those_who_work_on_it_and_for_nobody_else(client, house, nasty, tab):
    answers = {}
    for name in ("ines", "ada", "otto", "maria"):
        client.force_login(getattr(house, name))
        answers[name] = client.get(f"{nasty.get_absolute_url()}{tab}")

    page = answers["ines"].content.decode()
    assert {name: each.status_code for name, each in answers.items()} == {
        "ines": 200, "ada": 200, "otto": 404, "maria": 404,
    }  # fmt: skip
    assert "<script>x" not in page
    assert "<b onclick" not in page


@pytest.mark.parametrize("state", ["suggested", "accepted", "judged", "realized"])
def test_every_tab_opens_in_every_state(client, house, bring_to, state):
    improvement = bring_to(state)
    client.force_login(house.aisha)

    answers = [client.get(f"{improvement.get_absolute_url()}{tab}").status_code for tab in TABS]

    assert answers == [200] * len(TABS)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_the_register_opens_and_otto_finds_nothing_there(client, house, nasty, bring_to, view):
    bring_to("realized", title="Kept secret")
    bring_to("suggested", title="Kept secret too")
    pages = {}
    for name in ("ines", "otto"):
        client.force_login(getattr(house, name))
        pages[name] = client.get("/improvements/", {"view": view}).content.decode()

    assert "<script>x" not in pages["ines"]
    assert not any(each in pages["otto"] for each in ("IMP-", "Kept secret", "without disturbance</bdi>")) or (
        view == "goals" and "IMP-" not in pages["otto"]
    )


def test_an_empty_register_says_so(client, house):
    client.force_login(house.ines)

    pages = [client.get("/improvements/", {"view": view}).content.decode() for view in VIEWS]

    assert all('class="empty"' in page for page in pages)


def test_requesters_do_not_find_the_register(client, house):
    client.force_login(house.maria)

    assert client.get("/improvements/").status_code == 403
    assert client.get("/improvements/new/").status_code == 403


def test_one_act_from_an_incident_makes_exactly_one(client, house, at_june, log_incident):
    incident = log_incident(title="<i>VPN</i> drops")
    client.force_login(house.tom)
    page = client.get(f"{incident.get_absolute_url()}").content.decode()
    form = client.get(f"/improvements/new/?from={incident.reference}")
    said = {"title": form.context["form"]["title"].value(), "origin": "incident", "size": "regular",
            "from": incident.reference, "token": form.context["token"]}  # fmt: skip

    made, again = client.post("/improvements/new/", said), client.post("/improvements/new/", said)

    assert f"/improvements/new/?from={incident.reference}" in page
    assert "<i>VPN" not in form.content.decode()
    improvement = Improvement.objects.get()
    assert (made.status_code, made.url, again.url) == (303, improvement.get_absolute_url(), made.url)
    assert Link.objects.get().to_record_id == incident.pk


def test_what_a_missed_target_or_a_change_teaches_is_one_act_away_and_traced(
    client,
    house,
    missed,  # noqa: F811 - the fixture
    write_change,  # noqa: F811 - the fixture
):
    breach, change = missed(), write_change(window=None)
    client.force_login(house.ines)
    for record, page, origin in (
        (breach.record, breach.get_absolute_url(), "breach"),
        (change, change.get_absolute_url(), "change_review"),
    ):
        address = re.search(r'href="(/improvements/new/[^"]*)"', client.get(page).content.decode())
        form = client.get(address[1].replace("&amp;", "&"))
        asked = form.context["form"]
        said = {name: asked[name].value() or "" for name in asked.fields}

        made = client.post("/improvements/new/", said | {"from": record.reference, "token": form.context["token"]})

        improvement = Improvement.objects.latest("pk")
        assert (made.status_code, improvement.origin) == (303, origin)
        assert Link.objects.get(from_record=improvement.pk, kind="raised_from").to_record_id == record.pk
        assert improvement.reference in client.get(page).content.decode()
        assert record.reference in client.get(improvement.get_absolute_url()).content.decode()


def test_what_was_typed_stays_when_a_new_one_is_refused(client, house):
    client.force_login(house.tom)

    page = client.post("/improvements/new/", {"title": "", "description": "Kept", "origin": "person", "size": "small"})

    assert page.status_code == 422
    assert "Say in a line what could be better." in page.content.decode()
    assert "Kept" in page.content.decode()


def test_figures_of_a_measure_start_one(client, house, at_june):
    client.force_login(house.ines)
    form = client.get("/improvements/new/?kpi=inc-mttrs")
    said = {"title": "Faster", "origin": "signal", "size": "regular", "kpi": "inc-mttrs", "token": "a" * 32}

    client.post("/improvements/new/", said)

    assert form.context["kpi"].id == "inc-mttrs"
    assert Improvement.objects.get().kpi == "inc-mttrs"


def test_the_whole_way_in_the_browser_without_script(client, house, at_june, bring_to):
    improvement = bring_to("suggested")
    base = improvement.get_absolute_url()
    client.force_login(house.ines)
    steps = [
        client.post(f"{base}acceptance/", {"reply": "Good idea."}),
        client.post(f"{base}score/", {"value": "4", "effort": "2", "risk": "1"}),
        client.post(f"{base}start/"),
        client.post(f"{base}steps/1/", {"s1-vision": "Sessions that last"}),
        client.post(f"{base}observations/", {"text": "They complain"}),
    ]
    measure = improvement.measures.get()
    one = f"{base}measures/{measure.pk}/"
    steps.append(client.post(one, {"act": "expect", "text": "Nobody does", "target_date": "2026-09-01"}))
    steps.append(client.post(f"{base}ways/", {"text": "Firmware", "value": "4", "effort": "2", "risk": "2"}))
    steps.append(client.post(f"{base}ways/{Option.objects.get().pk}/", {"act": "choose"}))
    steps.append(client.post(f"{base}effect/", {"acted_on": "2026-05-01", "settling_days": "0"}))
    steps.append(client.post(one, {"act": "judge", "word": "reached", "note": "Not one"}))
    steps.append(client.post(f"{base}steps/6/", {"s6-statement": "It helped"}))
    steps.append(client.post(f"{base}realization/"))

    assert [each.status_code for each in steps] == [303] * 12
    improvement.refresh_from_db()
    assert (improvement.state, improvement.closed_at) == (State.REALIZED, JUNE)


def test_a_card_moves_on_the_board_and_asks_for_a_reason_when_something_is_open(client, house, at_june, bring_to):
    improvement = bring_to("active")
    client.force_login(house.ines)
    address = f"{improvement.get_absolute_url()}pointer/"

    asked = client.post(address, {"step": "2", "back": "board"})
    operations.answer(improvement=improvement, by=house.ines, at=JUNE, step=1, texts={"vision": "x"})
    moved = client.post(address, {"step": "2", "back": "board"})

    assert (asked.status_code, "say why it is passed" in asked.content.decode()) == (409, True)
    assert (moved.status_code, moved.url) == (303, f"/improvements/?view=board#{improvement.reference}")


def test_a_stale_answer_is_refused_and_what_was_typed_stays(client, house, at_june, bring_to):
    improvement = bring_to("active")
    client.force_login(house.ines)
    said = {"s1-vision": "Typed by Ines", "version": str(improvement.version)}
    operations.answer(improvement=improvement, by=house.aisha, at=JUNE, step=1, texts={"vision": "By Aisha"})

    page = client.post(f"{improvement.get_absolute_url()}steps/1/", said)

    assert page.status_code == 409
    assert "Typed by Ines" in page.content.decode()
    assert Answer.objects.get().texts == {"vision": "By Aisha"}


def test_votes_in_the_register_count_once_however_often_one_clicks(client, house, at_june, suggest):
    improvement = suggest()
    client.force_login(house.tom)

    answers = [
        client.post(f"{improvement.get_absolute_url()}vote/", {"vote": "yes", "back": "suggestions"}) for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [303, 303]
    assert Vote.objects.count() == 1


def test_maria_suggests_reads_the_reply_and_takes_another_one_back(client, house, at_june, suggest):
    client.force_login(house.maria)
    form = client.get("/portal/improvements/new/")
    said = {"title": "A page for <b>passwords</b>", "description": NASTY, "token": form.context["token"]}
    made = client.post("/portal/improvements/new/", said)
    client.post("/portal/improvements/new/", said)
    first = Improvement.objects.get()
    operations.accept(improvement=first, by=house.ines, at=JUNE, reply="Good **idea**. <i>x</i>")
    second = operations.suggest(by=house.maria, at=JUNE, title="Another")
    back = client.post(f"/portal/improvements/{second.reference}/withdrawal/", {"reason": "Never mind"})

    page = client.get("/portal/improvements/").content.decode()

    assert (made.status_code, back.status_code) == (303, 303)
    assert first.organization == house.acme
    second.refresh_from_db()
    assert second.state == State.WITHDRAWN
    assert "<strong>idea</strong>" in page
    assert not any(each in page for each in ("<script>x", "<b>passwords", "<i>x</i>"))


def test_colleagues_see_and_vote_for_what_is_shown_only(client, house, at_june, suggest):
    hidden = operations.suggest(by=house.maria, at=MONDAY_9, title="Hidden one")
    shown = operations.suggest(by=house.maria, at=MONDAY_9, title="Shown one")
    operations.share(improvement=shown, by=house.ines, at=MONDAY_9)
    client.force_login(house.max)
    page = client.get("/portal/improvements/").content.decode()

    answers = [client.post(f"/portal/improvements/{each.reference}/vote/") for each in (hidden, shown)]
    foreign = client.post(f"/portal/improvements/{shown.reference}/withdrawal/", {"reason": "Mine"})

    assert ("Shown one" in page, "Hidden one" in page) == (True, False)
    assert [each.status_code for each in answers] == [404, 303]
    client.force_login(house.otto)
    assert "Shown one" not in client.get("/portal/improvements/").content.decode()
    assert client.post(f"/portal/improvements/{shown.reference}/vote/").status_code == 404
    assert foreign.status_code == 303
    assert Vote.objects.get().user == house.max


def test_goals_and_scales_are_edited_by_managers(client, house, suggest):
    suggest()
    client.force_login(house.ines)
    made = client.post("/improvements/goals/new/", {"title": "People work without disturbance"})
    goal = Goal.objects.get()
    changed = client.post(
        f"/improvements/goals/{goal.pk}/", {"title": "Undisturbed", "version": goal.version, "is_active": "on"}
    )
    stale = client.post(f"/improvements/goals/{goal.pk}/", {"title": "Late", "version": goal.version})
    scale = Scale.objects.get(aspect="value")
    words = {f"level_{level}": f"Level {level}" for level in range(1, 6)}
    saved = client.post(f"/improvements/scales/{scale.pk}/", {"weight": "60", "version": scale.version, **words})
    empty = client.post(f"/improvements/scales/{scale.pk}/", {"weight": "-1", **words, "level_3": ""})

    assert [each.status_code for each in (made, changed, stale, saved, empty)] == [303, 303, 422, 303, 422]
    client.force_login(house.tom)
    assert client.get("/improvements/goals/new/").status_code == 403
    assert client.get("/improvements/scales/").status_code == 200


def test_lists_take_the_same_queries_for_one_and_for_three(client, house, bring_to):
    client.force_login(house.ines)
    bring_to("active")
    bring_to("suggested")
    client.get("/improvements/")
    counts = []
    for more in (0, 2):
        for _each in range(more):
            bring_to("active")
            bring_to("suggested")
        for view in ("board", "suggestions", "matrix", "goals"):
            with CaptureQueriesContext(connection) as asked:
                client.get("/improvements/", {"view": view})
            counts.append(len(asked))

    assert counts[:4] == counts[4:]
