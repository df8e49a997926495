"""Acts on many tickets: what changes, what is left out and why, what Undo brings back, what stays forbidden."""

from types import SimpleNamespace

import pytest

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from incidents import operations
from incidents.models import Incident
from records import operations as record_operations
from records.bulk import runs
from records.models import BulkItem, BulkRun
from records.operations import views as view_operations
from search import index
from tests.conftest import moment

NOW = moment("2026-03-02 12:00")


@pytest.fixture
def many(house, log_incident):
    """A new ticket, one in progress with Aisha, a closed one."""
    new = log_incident(title="New one")
    working = log_incident(title="Working one")
    operations.assign(
        incident=working, by=house.tom, at=moment("2026-03-02 09:10"), team=house.networks, assignee=house.aisha
    )
    operations.start(incident=working, by=house.aisha, at=moment("2026-03-02 09:20"))
    closed = log_incident(title="Closed one")
    operations.cancel(incident=closed, by=house.tom, at=moment("2026-03-02 09:30"), reason="Logged twice.")
    index.rebuild()
    return SimpleNamespace(new=new, working=working, closed=closed)


def run_act(many, act, inputs, by):
    records = [Incident.objects.get(pk=each.pk) for each in vars(many).values()]
    run = runs.plan(records=records, act=act, inputs=inputs, by=by, at=NOW)
    return runs.finish(run=run, at=NOW)


def undo(run, by):
    return runs.finish(run=runs.plan_undo(run=run, by=by, at=NOW), at=NOW)


def outcomes(run):
    return dict(run.items.values_list("record__title", "outcome"))


def test_assigning_changes_what_can_be_and_says_why_the_rest_was_skipped(house, many):
    inputs = {"team": house.networks.pk, "assignee": house.aisha.pk}

    run = run_act(many, "assign", inputs, house.tom)

    assert outcomes(run) == {"New one": "changed", "Working one": "changed", "Closed one": "skipped"}
    assert run.items.get(record=many.closed.pk).reason == "Cancelled"
    assert Incident.objects.get(pk=many.new.pk).assignee == house.aisha
    assert Entry.objects.filter(action="incident.assigned", subject_id=many.new.pk).count() == 1


def test_the_preview_says_the_same_and_changes_nothing(house, many):
    records = [Incident.objects.get(pk=each.pk) for each in vars(many).values()]
    before = Entry.objects.count()

    seen = runs.preview(
        records=records, act="priority", inputs={"priority": 2, "reason": "Storm"}, by=house.tom, at=NOW
    )

    assert seen.changed == 2
    assert {why: [each.title for each in left] for why, left in seen.skipped.items()} == {"Cancelled": ["Closed one"]}
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("act", "inputs", "field"),
    [
        ("priority", {"priority": 2, "reason": "Storm"}, "priority"),
        ("tag", {"tags": ["Storm Monday"]}, "tags"),
    ],
)
def test_undo_brings_back_what_was_there(house, many, act, inputs, field):
    before = {each.pk: getattr(each, field) for each in vars(many).values()}
    run = run_act(many, act, inputs, house.tom)
    assert run.items.filter(outcome="changed").count() == 2

    undone = undo(run, house.tom)

    assert set(outcomes(undone).values()) == {"changed"}
    assert {each.pk: getattr(each, field) for each in Incident.objects.all()} == before


def test_undo_of_an_assignment_gives_the_work_back(house, many):
    run = run_act(many, "assign", {"team": house.first_line.pk, "assignee": house.tom.pk}, house.tom)

    undone = undo(run, house.tom)

    working = Incident.objects.get(pk=many.working.pk)
    assert (working.team, working.assignee, working.state) == (house.networks, house.aisha, "in_progress")
    skipped = undone.items.get(record=many.new.pk)
    assert skipped.reason == "nobody had it before; a ticket can't become new again"


def test_taking_begins_the_work_in_a_team_of_ones_own(client, house, many):
    client.force_login(house.tom)
    numbers = [each.pk for each in vars(many).values()]

    done = client.post("/queue/acts/take/", {"record": numbers}, headers={"HX-Request": "true"})

    assert "2 tickets changed, 1 skipped: Cancelled." in done.headers["HX-Trigger"]
    taken = Incident.objects.filter(assignee=house.tom, team=house.first_line, state="in_progress")
    assert set(taken.values_list("title", flat=True)) == {"New one", "Working one"}
    undo(BulkRun.objects.get(), house.tom)
    working = Incident.objects.get(pk=many.working.pk)
    assert (working.team, working.assignee, working.state) == (house.networks, house.aisha, "in_progress")


def test_what_one_works_on_already_is_not_taken_again(house, many):
    run = run_act(many, "take", {"take": True, "assignee": house.aisha.pk}, house.aisha)

    assert run.items.get(record=many.working.pk).reason == "like this already"
    assert not Entry.objects.filter(subject_id=many.working.pk, at=NOW).exists()


def test_undo_leaves_alone_what_somebody_changed_since(house, many):
    run = run_act(many, "tag", {"tags": ["storm"]}, house.tom)
    record_operations.add_note(record=many.new, by=house.aisha, at=NOW, text="Called them.")

    undone = undo(run, house.tom)

    assert undone.items.get(record=many.new.pk).reason == "was changed since"
    assert Incident.objects.get(pk=many.new.pk).tags == ["storm"]
    assert Incident.objects.get(pk=many.working.pk).tags == []


def test_a_run_is_taken_back_once_and_by_its_author(house, many):
    run = run_act(many, "tag", {"tags": ["storm"]}, house.tom)
    with pytest.raises(Refused):
        runs.plan_undo(run=run, by=house.aisha, at=NOW)
    undo(run, house.tom)

    with pytest.raises(Refused) as again:
        runs.plan_undo(run=run, by=house.tom, at=NOW)

    assert again.value.refusals[0].code == "undone"


def test_moves_of_many_pass_their_guards(house, many):
    run = run_act(many, "state", {"move": "resolve", "code": "fixed", "text": "Storm is over."}, house.tom)

    assert outcomes(run) == {"New one": "skipped", "Working one": "changed", "Closed one": "skipped"}
    assert undo(run, house.tom).items.get().outcome == "changed"
    assert Incident.objects.get(pk=many.working.pk).state == "in_progress"


def test_rights_are_those_at_the_time_of_the_work(house, many):
    records = [Incident.objects.get(pk=many.new.pk)]
    run = runs.plan(records=records, act="tag", inputs={"tags": ["storm"]}, by=house.tom, at=NOW)
    house.tom.role_grants.all().delete()
    run = BulkRun.objects.get(pk=run.pk)

    runs.finish(run=run, at=NOW)

    assert run.items.get().outcome == "skipped"
    assert Incident.objects.get(pk=many.new.pk).tags == []


def test_a_repeated_task_does_nothing_twice(house, many):
    run = run_act(many, "tag", {"tags": ["storm"]}, house.tom)
    count = Entry.objects.count()

    runs.finish(run=BulkRun.objects.get(pk=run.pk), at=NOW)

    assert Entry.objects.count() == count


def test_what_was_stopped_stays_undone(house, many):
    records = [Incident.objects.get(pk=each.pk) for each in (many.new, many.working)]
    run = runs.plan(records=records, act="tag", inputs={"tags": ["storm"]}, by=house.tom, at=NOW)
    runs.work(run=run, at=NOW, rows=1)

    runs.cancel(run=run, by=house.tom, at=NOW)
    runs.finish(run=run, at=NOW)

    assert list(BulkItem.objects.order_by("id").values_list("outcome", flat=True)) == ["changed", "skipped"]


def test_the_page_asks_previews_acts_and_undoes(client, house, many):
    client.force_login(house.tom)
    numbers = [each.pk for each in vars(many).values()]
    asked = client.get("/queue/acts/priority/", {"record": numbers})
    said = {"record": numbers, "priority": "2", "reason": "Storm"}
    previewed = client.post("/queue/acts/priority/", said | {"preview": "1"}).content.decode()
    done = client.post("/queue/acts/priority/", said, headers={"HX-Request": "true"})

    assert asked.status_code == 200
    assert "2 tickets will change." in previewed
    assert "1 will be skipped:" in previewed
    assert done.status_code == 204
    assert "2 tickets changed, 1 skipped: Cancelled." in done.headers["HX-Trigger"]
    run = BulkRun.objects.get()
    undone = client.post(f"/queue/runs/{run.pk}/undo/", headers={"HX-Request": "true"})
    assert "Taken back: 2 tickets changed." in undone.headers["HX-Trigger"]


def test_all_that_match_are_those_of_the_query(client, house, many):
    client.force_login(house.tom)

    client.post(
        "/queue/acts/tag/",
        {"all": "1", "q": "is:open working", "tags": "storm"},
        headers={"HX-Request": "true"},
    )

    assert list(BulkItem.objects.values_list("record__title", "outcome")) == [("Working one", "changed")]


def test_otto_reaches_none_of_them(client, house, many):
    client.force_login(house.otto)

    response = client.post(
        "/queue/acts/tag/", {"record": [many.new.pk], "tags": "storm"}, headers={"HX-Request": "true"}
    )

    assert response.status_code == 422
    assert not BulkRun.objects.exists()
    assert client.get(f"/queue/tickets/{many.new.pk}/tag/").status_code == 404
    assert client.get(f"/queue/tickets/{many.new.pk}/").status_code == 404


def test_a_run_is_seen_by_its_author_only(client, house, many):
    run = run_act(many, "tag", {"tags": ["storm"]}, house.tom)
    client.force_login(house.aisha)

    assert client.get(f"/queue/runs/{run.pk}/").status_code == 404


def test_a_cell_is_edited_in_its_place(client, house, many):
    client.force_login(house.tom)
    asked = client.get(f"/queue/tickets/{many.new.pk}/assign/", headers={"HX-Request": "true"}).content.decode()
    row = client.post(
        f"/queue/tickets/{many.new.pk}/assign/",
        {"whom": f"{house.networks.pk}:{house.aisha.pk}", "version": many.new.version},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/queue/open/?cols=who"},
    )

    assert f'value="{house.networks.pk}:{house.aisha.pk}"' in asked
    assert row.status_code == 200
    assert row.content.decode().startswith(f'<tr id="row-{many.new.pk}"')
    assert "Aisha Khan" in row.content.decode()


def test_a_cell_that_somebody_else_changed_keeps_the_editor_open(client, house, many):
    client.force_login(house.tom)
    record_operations.tag(record=many.new, by=house.aisha, at=NOW, tags=["storm"])

    answer = client.post(
        f"/queue/tickets/{many.new.pk}/priority/",
        {"priority": "2", "reason": "Storm", "version": many.new.version},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == ".inline-editor"
    assert "was changed by somebody else" in answer.content.decode()
    assert Incident.objects.get(pk=many.new.pk).priority == many.new.priority


def test_views_are_saved_changed_and_removed_by_those_they_belong_to(house):
    view = view_operations.save_view(
        by=house.tom, name="Storm", query="tag:storm", columns=["prio", "bogus"], sort="due", grouping=""
    )

    assert (view.slug, view.columns, view.owner) == ("storm", ["prio"], house.tom)
    with pytest.raises(NotAllowed):
        view_operations.remove_view(view=view, by=house.aisha)
    with pytest.raises(NotAllowed):
        view_operations.save_view(by=house.tom, name="Ours", query="", columns=[], sort="", grouping="", is_shared=True)
    with pytest.raises(Refused):
        view_operations.save_view(by=house.tom, name="Storm", query="", columns=[], sort="", grouping="")


def test_the_shipped_views_can_be_read_and_made_twice(house):
    view_operations.ensure_default_views()

    assert [slug for slug, *_rest in view_operations.SHIPPED] == [
        "mine", "my-team", "unassigned", "at-risk", "waiting-on-me", "vip", "breached-this-week", "open",
    ]  # fmt: skip
