"""Dashboards: each reader's own numbers, arranged and shared by whoever made them, and nothing lost on the way."""

import pytest
import time_machine

from common.refusals import NotAllowed, Refused, Stale
from measurement import rebuild
from measurement.dashboards import operations
from measurement.dashboards.models import Dashboard, Tile
from measurement.dashboards.shipped import SHIPPED, ensure_shipped
from measurement.known import kpis
from people.enums import Role
from records.query import parse
from tests.conftest import moment
from tests.parallel import at_once

AT = moment("2026-03-10 12:00")
NASTY = "<script>alert(1)</script>"
STATEMENTS = 22


@pytest.fixture
def get(client, house):
    def ask(path, user=None, **query):
        client.force_login(user or house.tom)
        with time_machine.travel(AT, tick=False):
            return client.get(path, query)

    return ask


@pytest.fixture
def send(client, house):
    def ask(path, user=None, script=False, **said):
        client.force_login(user or house.tom)
        headers = {"HX-Request": "true"} if script else {}
        with time_machine.travel(AT, tick=False):
            return client.post(path, said, headers=headers)

    return ask


@pytest.fixture
def world(house, log_incident):
    for day in (2, 3, 4):
        log_incident(at=moment(f"2026-03-0{day} 09:00"), title=NASTY)
    rebuild.rebuild_all()


@pytest.fixture
def board(house, world):
    """Tom's, with a number, a split and a list."""
    made = operations.create(by=house.tom, at=AT, name=NASTY)
    said = {"dashboard": made, "by": house.tom, "at": AT}
    operations.add_tile(kind="number", kpi="inc-volume", **said)
    operations.add_tile(kind="split", kpi="inc-volume", by_dimension="organization", **said)
    operations.add_tile(kind="records", query="is:open", title=NASTY, **said)
    made.refresh_from_db()
    return made


def order(board):
    return list(board.tiles.filter(removed_at=None).values_list("kind", flat=True))


def test_every_reader_sees_the_numbers_of_their_own_rights(board, house, get):
    operations.change(
        dashboard=board, by=house.tom, at=AT, version=None, name="Ours", range="30d",
        with_whom={"people": [house.otto]},
    )  # fmt: skip

    for user, number, names, listed in ((house.tom, "3", ["Acme"], 3), (house.otto, "0", [], 0)):
        shown = get(f"/dashboards/{board.pk}/", user).context["shown"]
        assert shown[0].value.text == number
        assert [each["label"] for each in shown[1].bars] == names
        assert len(shown[2].records) == listed


def test_the_filters_of_the_page_narrow_lists_and_no_tile_widens_them(board, house, vpn, get):
    operations.add_tile(
        dashboard=board, by=house.tom, at=AT, kind="number", kpi="inc-volume", filters={"organization": "acme"}
    )
    for query, numbers, listed in (
        ({"organization": "acme"}, ["3", "3"], 3), ({"organization": "umbrella"}, ["0", "0"], 0),
        ({"team": "networks"}, ["0", "0"], 0), ({"team": "none"}, ["3", "3"], 3),
        ({"service": "vpn", "priority": "p5"}, ["0", "0"], 0), ({"organization": "gone org:acme"}, ["0", "0"], 0),
    ):  # fmt: skip
        shown = get(f"/dashboards/{board.pk}/", **query).context["shown"]
        assert [shown[0].value.text, shown[3].value.text] == numbers, query
        assert (len(shown[2].records), shown[2].total) == (listed, str(listed)), query


def test_each_number_opens_as_many_records(board, get):
    shown = get(f"/dashboards/{board.pk}/").context["shown"]

    assert get(shown[1].bars[0]["url"]).context["total"] == int(shown[1].bars[0]["number"]) == 3
    assert shown[2].total == "3"


def test_what_is_typed_is_text_on_every_page(board, get):
    for path in ("", "?edit=1", "wall/", "settings/", "tiles/new/"):
        assert NASTY not in get(f"/dashboards/{board.pk}/{path}").content.decode()
    assert NASTY not in get("/dashboards/").content.decode()


@pytest.mark.parametrize("share", ["people", "teams", "roles", "organizations"])
def test_sharing_reaches_whom_it_names_and_nobody_else(board, house, get, share):
    whom = {
        "people": [house.aisha], "teams": [house.networks], "roles": [Role.TEAM_LEAD], "organizations": [house.provider]
    }  # fmt: skip
    Dashboard.objects.filter(pk=board.pk).update(owner=house.ada)
    board.refresh_from_db()
    path = f"/dashboards/{board.pk}/"
    assert get(path, house.aisha).status_code == 404

    operations.change(
        dashboard=board, by=house.ada, at=AT, version=None, name="Ours", range="7d", with_whom={share: whom[share]}
    )

    assert get(path, house.aisha).status_code == 200
    assert get(path, house.otto).status_code == 404
    assert get(path, house.maria).status_code == 403


def test_who_may_not_share_widely_reaches_own_teams_and_people_only(board, house):
    said = {"dashboard": board, "by": house.tom, "at": AT, "version": None, "name": "Ours", "range": "7d"}

    for whom in ({"roles": ["technician"]}, {"organizations": [house.provider]}):
        with pytest.raises(NotAllowed):
            operations.change(with_whom=whom, **said)
    with pytest.raises(Refused):
        operations.change(with_whom={"teams": [house.networks]}, **said)
    operations.change(with_whom={"teams": [house.first_line]}, **said)


def test_otto_finds_nobody_outside_to_share_with(house, send):
    made = operations.create(by=house.otto, at=AT, name="Mine")

    answer = send(f"/dashboards/{made.pk}/settings/", house.otto, name="Typed", range="7d", people="tom, otto")

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody whom you may see is called tom" in text
    assert 'value="Typed"' in text


def test_tiles_are_moved_removed_and_taken_back_where_they_were(board, house, send):
    first, split, listed = board.tiles.all()

    assert send(f"/dashboards/{board.pk}/tiles/{listed.pk}/place/", script=True, to="0", version=board.version).json()
    assert order(board) == ["records", "number", "split"]
    send(f"/dashboards/{board.pk}/tiles/{first.pk}/removal/")
    assert order(board) == ["records", "split"]
    assert send(f"/dashboards/{board.pk}/tiles/{first.pk}/return/", script=True)["HX-Refresh"] == "true"
    assert order(board) == ["records", "number", "split"]
    send(f"/dashboards/{board.pk}/tiles/{split.pk}/place/", width="99", to="99999999999999999999")
    assert Tile.objects.get(pk=split.pk).width == 3


def test_removing_a_dashboard_offers_to_take_it_back(board, client, house, get, send):
    send(f"/dashboards/{board.pk}/removal/")
    assert f'data-undo-url="/dashboards/{board.pk}/return/"' in get("/dashboards/").content.decode()
    assert get(f"/dashboards/{board.pk}/").status_code == 404

    send(f"/dashboards/{board.pk}/return/", script=True)
    assert get(f"/dashboards/{board.pk}/").status_code == 200
    assert operations.clear_up(at=AT) == 0


def test_a_stale_change_is_refused_with_all_that_was_typed(board, house, send):
    old = board.version
    operations.add_tile(dashboard=board, by=house.tom, at=AT, kind="trend", kpi="inc-volume")

    moved = send(f"/dashboards/{board.pk}/tiles/{board.tiles.first().pk}/place/", script=True, to="1", version=old)
    answer = send(
        f"/dashboards/{board.pk}/tiles/new/", kind="records", query="is:overdue", width="2", title="Typed", version=old
    )

    assert (moved.status_code, "changed since" in moved.json()["text"]) == (409, True)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert ("changed since you opened it" in text, 'value="Typed"' in text, 'value="is:overdue"' in text) == (True,) * 3
    assert order(board) == ["number", "split", "records", "trend"]


def test_what_does_not_fit_is_said_at_its_field(board, house, send):
    path = f"/dashboards/{board.pk}/tiles/new/"

    for said, words in (
        ({"kind": "number", "kpi": ""}, "Choose a measure."),
        ({"kind": "split", "kpi": "inc-volume"}, "Choose what to split it by."),
        ({"kind": "records", "query": "prio:nonsense("}, ""),
    ):
        answer = send(path, width="1", **said)
        assert (answer.status_code in (302, 422), words in answer.content.decode() or not words) == (True, True)
    with pytest.raises(Refused):
        operations.create(by=house.tom, at=AT, name=" \x00 ")


def test_nobody_changes_what_is_not_theirs(board, house, send):
    operations.change(
        dashboard=board, by=house.tom, at=AT, version=None, name="Ours", range="7d", with_whom={"people": [house.aisha]}
    )

    for path in ("settings/", "removal/", "tiles/new/", f"tiles/{board.tiles.first().pk}/removal/"):
        assert send(f"/dashboards/{board.pk}/{path}", house.aisha).status_code == 403
        assert send(f"/dashboards/{board.pk}/{path}", house.otto).status_code == 404
    assert order(board) == ["number", "split", "records"]


def test_those_that_come_with_steward_show_known_measures_and_can_be_copied(house, world, get, send):
    ensure_shipped()
    known = {kpi.id for kpi in kpis()}
    for tile in Tile.objects.filter(dashboard__slug__in=SHIPPED):
        assert tile.kpi in known or (tile.query and parse(tile.query))
    shown = [each.slug for each in get("/dashboards/").context["shipped"]]
    assert shown == ["desk"]

    shipped = Dashboard.objects.get(slug="desk")
    answer = send("/dashboards/new/", name="My desk", copy_of=shipped.pk)

    copy = Dashboard.objects.get(owner=house.tom)
    assert answer.url == f"/dashboards/{copy.pk}/?edit=1"
    assert order(copy) == order(shipped)
    with pytest.raises(NotAllowed):
        operations.remove(dashboard=shipped, by=house.ada, at=AT)


def test_shipped_ones_show_durations_as_medians_and_copies_keep_what_they_show(house, db):
    ensure_shipped()
    lead = Dashboard.objects.get(slug="lead")
    assert [each.kpi for each in lead.tiles.filter(figure="median")] == ["inc-mttr-resolve"]
    lead.tiles.update(figure="mean")  # as they came before
    copy = operations.create(by=house.aisha, at=AT, name="Mine", copy_of=lead)

    ensure_shipped()

    assert [each.kpi for each in lead.tiles.filter(figure="median")] == ["inc-mttr-resolve"]
    assert not copy.tiles.exclude(figure="mean").exists()


def test_a_measure_that_is_gone_says_so_and_the_rest_stands(board, get):
    Tile.objects.filter(dashboard=board, kind="number").update(kpi="no-such")

    shown = get(f"/dashboards/{board.pk}/").context["shown"]

    assert shown[0].problem == "This measure is no longer counted. Remove the tile."
    assert shown[1].bars


def test_nothing_counted_is_not_zero_and_an_empty_one_offers_its_first_tile(house, get):
    made = operations.create(by=house.tom, at=AT, name="Empty")
    assert "Add a tile" in get(f"/dashboards/{made.pk}/").content.decode()
    operations.add_tile(dashboard=made, by=house.tom, at=AT, kind="number", kpi="inc-volume")

    assert "not the same as zero" in get(f"/dashboards/{made.pk}/").content.decode()


def test_more_tiles_of_the_same_question_cost_no_further_statement(house, world, get, django_assert_num_queries):
    made = operations.create(by=house.tom, at=AT, name="Many")
    said = {"dashboard": made, "by": house.tom, "at": AT}
    operations.add_tile(kind="number", kpi="inc-backlog", **said)
    get(f"/dashboards/{made.pk}/")
    with django_assert_num_queries(STATEMENTS):
        get(f"/dashboards/{made.pk}/")
    for kind, kpi in (("trend", "inc-volume"), ("control", "inc-volume"), ("number", "inc-reopen")):
        operations.add_tile(kind=kind, kpi=kpi, **said)
    with django_assert_num_queries(STATEMENTS):
        get(f"/dashboards/{made.pk}/")


@pytest.mark.django_db(transaction=True)
def test_two_who_move_tiles_at_once_leave_one_order(house, vpn):
    made = operations.create(by=house.tom, at=AT, name="Ours")
    tiles = [
        operations.add_tile(dashboard=made, by=house.tom, at=AT, kind="number", kpi="inc-volume") for _each in range(4)
    ]
    made.refresh_from_db()

    def move(tile):
        return lambda: operations.place_tile(tile=tile, by=house.tom, at=AT, to=0, version=made.version)

    found = at_once(move(tiles[2]), move(tiles[3]))

    assert sum(isinstance(each, Stale) for each in found) == 1
    assert list(made.tiles.values_list("position", flat=True)) == [0, 1, 2, 3]


def test_no_more_than_24_tiles(house, world):
    made = operations.create(by=house.tom, at=AT, name="Many")
    Tile.objects.bulk_create(
        Tile(dashboard=made, position=number, kind="number", kpi="inc-volume") for number in range(24)
    )
    with pytest.raises(Refused):
        operations.add_tile(dashboard=made, by=house.tom, at=AT, kind="number", kpi="inc-volume")
