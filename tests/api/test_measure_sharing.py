"""Tables, mails and dashboards of measures over REST: saved, shared with whom one may, changed by the version seen."""

import pytest

from measurement.dashboards.models import Dashboard
from measurement.pivots.models import Pivot
from measurement.schedules.models import Schedule

API = "/api/v1/"
TABLE = {"name": "By team", "kpi": "inc-volume", "rows": "team", "columns": "month", "query": "range=90d"}
MAIL = {
    "name": "Weekly", "kpi": "inc-volume", "receivers": ["tom", "aisha"], "every": "month", "month_day": 31,
    "time": "02:30", "zone": "Europe/Oslo", "has_csv": True,
}  # fmt: skip


def test_a_table_is_saved_and_shared_and_read_by_those_named_only(house, as_):
    tom = as_(house.tom)
    made = tom.call("POST", f"{API}kpi-tables/", TABLE).json()
    path = f"{API}kpi-tables/{made['id']}/"
    assert as_(house.aisha).call("GET", path).status_code == 404
    for whom, status in (
        ({"people": ["aisha"]}, 200), ({"people": ["max"]}, 200), ({"teams": ["networks"]}, 422),
        ({"roles": ["technician"]}, 422), ({"organizations": ["umbrella"]}, 422), ({"everybody": True}, 422),
    ):  # fmt: skip
        answer = tom.call("PATCH", path, {"with_whom": whom})
        assert answer.status_code in (status, 403 if status == 422 else status), (whom, answer.json())

    tom.call("PATCH", path, {"name": "Ours", "with_whom": {"people": ["aisha"]}})
    read = as_(house.aisha).call("GET", path).json()
    assert (read["name"], read["is_own"], read["shared_with"]) == ("Ours", False, None)
    assert [each["name"] for each in tom.call("GET", path).json()["shared_with"]["people"]] == ["Aisha Khan"]
    assert as_(house.otto).call("GET", path).status_code == 404
    assert as_(house.aisha).call("DELETE", path).status_code == 403
    assert tom.call("PATCH", path, {"name": "Late"}, If_Match='"1"').status_code == 412
    assert tom.call("DELETE", path).status_code == 204
    assert Pivot.objects.visible_to(house.tom).count() == 0


@pytest.mark.parametrize("wrong", [{"rows": "month"}, {"columns": "team"}, {"kpi": "gone"}, {"name": " "}])
def test_a_table_that_does_not_fit_is_refused(house, as_, wrong):
    assert as_(house.tom).call("POST", f"{API}kpi-tables/", TABLE | wrong).status_code in (409, 422)
    assert not Pivot.objects.exists()


def test_a_mail_is_planned_changed_and_stopped_over_rest(house, as_):
    tom = as_(house.tom)
    made = tom.call("POST", f"{API}dashboard-schedules/", MAIL)
    assert made.status_code == 201, made.json()
    path = f"{API}dashboard-schedules/{made.json()['id']}/"
    found = Schedule.objects.get()
    assert (found.minute, found.has_csv, sorted(found.receivers.values_list("username", flat=True))) == (
        150, True, ["aisha", "tom"]
    )  # fmt: skip

    changed = tom.call("PUT", path, MAIL | {"time": "07:00", "receivers": ["tom"]}, If_Match='"1"')
    assert (changed.status_code, changed.json()["time"]) == (200, "07:00")
    assert tom.call("PUT", path, MAIL, If_Match='"1"').status_code == 412
    assert as_(house.aisha).call("PUT", path, MAIL).status_code == 404
    shown = Dashboard.objects.get(slug="desk").pk
    for wrong in ({"receivers": ["maria"]}, {"receivers": []}, {"dashboard": shown}, {"zone": "Mars/Base"},
                  {"time": "25:00"}, {"every": "hour"}, {"kpi": ""}):  # fmt: skip
        assert tom.call("PUT", path, MAIL | wrong).status_code in (409, 422), wrong
    assert tom.call("POST", f"{path}pause/").json()["is_paused"]
    assert tom.call("DELETE", path).status_code == 204


def test_a_dashboard_is_shared_and_its_tiles_are_narrowed_over_rest(house, as_):
    tom = as_(house.tom)
    made = tom.call("POST", f"{API}dashboards/", {"name": "Ours"}).json()
    tile = {"kind": "number", "kpi": "inc-volume", "filters": {"team": "networks"}}
    shown = tom.call("POST", f"{API}dashboards/{made['id']}/tiles/", tile).json()
    assert shown["tiles"][0]["filters"] == {"team": "networks"}
    assert tom.call("POST", f"{API}dashboards/{made['id']}/tiles/", tile | {"filters": {"x": "y"}}).status_code == 422

    tom.call("PATCH", f"{API}dashboards/{made['id']}/", {"with_whom": {"teams": ["service-desk"]}})
    assert Dashboard.objects.get(pk=made["id"]).teams.get() == house.first_line
    tom.call("PATCH", f"{API}dashboards/{made['id']}/", {"name": "Still ours"})
    assert Dashboard.objects.get(pk=made["id"]).teams.get() == house.first_line


def test_a_saved_table_is_mailed_and_who_receives_it_leaves_and_comes_back_over_rest(house, as_):
    tom, aisha = as_(house.tom), as_(house.aisha)
    table = tom.call("POST", f"{API}kpi-tables/", TABLE).json()["id"]
    tom.call("PATCH", f"{API}kpi-tables/{table}/", {"with_whom": {"people": ["aisha"]}})
    mail = {name: said for name, said in MAIL.items() if name != "kpi"} | {"page": "table", "query": f"table={table}"}
    made = tom.call("POST", f"{API}dashboard-schedules/", mail)
    assert made.status_code == 201, made.json()
    path = f"{API}dashboard-schedules/{made.json()['id']}/"

    read = tom.call("GET", path).json()
    again = {name: said for name, said in read.items() if name in mail}
    again["receivers"] = [each["id"] for each in read["receivers"]]
    assert again | {"receivers": mail["receivers"]} == mail
    assert tom.call("PUT", path, again).status_code == 200
    for wrong in ({"kpi": "inc-volume"}, {"query": "table=999999"}, {"page": "gone"}, {"receivers": ["tom", "max"]}):
        assert tom.call("PUT", path, again | wrong).status_code in (409, 422), wrong
    assert as_(house.max).call("POST", f"{path}leaving/").status_code == 404

    assert aisha.call("POST", f"{path}leaving/").json()["has_left"] is True
    assert tom.call("PUT", path, again).status_code in (409, 422)
    assert aisha.call("DELETE", f"{path}leaving/").json() == aisha.call("GET", f"{path}leaving/").json()
    assert Schedule.objects.get().receivers.count() == 2
    assert as_(house.ines).call("POST", f"{path}owner/").status_code == 409
    house.tom.is_active = False
    house.tom.save()
    assert as_(house.ines).call("POST", f"{path}owner/").json()["owner"]["id"] == house.ines.pk


def test_what_was_removed_is_taken_back_and_a_tile_shows_something_else_over_rest(house, as_):
    tom = as_(house.tom)
    board = f"{API}dashboards/{tom.call('POST', f'{API}dashboards/', {'name': 'Ours'}).json()['id']}/"
    tile = tom.call("POST", f"{board}tiles/", {"kind": "number", "kpi": "inc-volume"}).json()["tiles"][0]["id"]
    table = f"{API}kpi-tables/{tom.call('POST', f'{API}kpi-tables/', TABLE).json()['id']}/"
    tile = f"{API}dashboard-tiles/{tile}/"
    shown = tom.call("PUT", tile, {"kind": "trend", "kpi": "inc-volume", "width": 2}).json()["tiles"]
    assert [(each["kind"], each["width"]) for each in shown] == [("trend", 2)]

    for path in (tile, table, board):
        assert tom.call("DELETE", path).status_code == 204
        assert as_(house.aisha).call("POST", f"{path}return/").status_code == 404
        assert tom.call("POST", f"{path}return/").status_code == 200
    assert len(tom.call("GET", board).json()["tiles"]) == 1
    assert tom.call("GET", table).status_code == 200
