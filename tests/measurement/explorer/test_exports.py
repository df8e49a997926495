"""Files of measures: made in the background, whole or not at all, and only for who asked and still may see it."""

import csv
import io
import zipfile

import pytest
import time_machine

from common.refusals import Refused
from measurement import declarations, rebuild
from measurement.explorer import files, operations
from measurement.explorer.enums import State
from measurement.explorer.models import Export
from people.access import forget
from people.models import RoleGrant
from tests.conftest import moment

AT = moment("2026-03-10 12:00")
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def ask(house, log_incident):
    log_incident(title=FORMULA)
    log_incident(title="Plain\x0b text", at=moment("2026-03-03 09:00"))
    rebuild.rebuild_all()

    def of(what="records", format="csv", by=house.tom, query="range=90d"):
        return operations.ask(kpi=declarations.kpi("inc-volume"), what=what, format=format, query=query, by=by, at=AT)

    return of


def test_a_file_of_records_holds_those_of_the_number_and_no_formula(ask, house, client):
    export = ask()

    assert files.make(export.pk)

    client.force_login(house.tom)
    answer = client.get(f"/kpi/exports/{export.pk}/file/")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == [f"'{FORMULA}", "Plain text"]
    assert answer["Cache-Control"] == "private, no-store"
    export.refresh_from_db()
    assert (export.state, export.done, export.total) == (State.DONE, 2, 2)
    assert not files.make(export.pk)  # a second bell


def test_an_excel_file_holds_texts_and_numbers_but_no_formula(ask):
    for what in ("records", "table", "pivot"):
        export = ask(what, "xlsx")
        assert files.make(export.pk)
        with zipfile.ZipFile(export.path) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert ("=HYPERLINK(1)" in sheet) == (what == "records")


def test_the_page_asks_and_shows_how_far_it_is(ask, house, client):
    client.force_login(house.tom)
    asked = client.post("/kpi/exports/", {"kpi": "inc-volume", "what": "table", "format": "xlsx", "query": "range=7d"})
    made = Export.objects.get()

    waiting = client.get(asked.url).content.decode()
    assert "Waiting for a worker" in waiting
    assert client.get(f"{asked.url}?part=state&seen=waiting-0").status_code == 204
    files.make(made.pk)
    ready = client.get(f"{asked.url}?part=state&seen=waiting-0").content.decode()
    assert (f"{asked.url}file/" in ready, "<html" in ready) == (True, False)
    assert client.post(asked.url + "stop/").status_code == 302
    assert client.get("/kpi/exports/").status_code == 200
    assert client.post("/kpi/exports/", {"kpi": "no-such"}).status_code == 404


def test_only_who_asked_gets_it_and_only_while_they_see_all_that_is_in_it(ask, house, client):
    export = ask()
    files.make(export.pk)

    for user in (house.aisha, house.otto):
        client.force_login(user)
        assert client.get(f"/kpi/exports/{export.pk}/").status_code == 404
        assert client.get(f"/kpi/exports/{export.pk}/file/").status_code == 404
    RoleGrant.objects.filter(user=house.tom).update(organization=house.umbrella)
    forget(house.tom)
    client.force_login(house.tom)
    assert client.get(f"/kpi/exports/{export.pk}/file/").status_code == 403
    assert "may no longer see" in client.get(f"/kpi/exports/{export.pk}/").content.decode()


def test_a_stopped_file_leaves_nothing_behind(ask, house, monkeypatch):
    export = ask()
    monkeypatch.setattr(files, "BATCH", 1)
    on = files._go_on

    def stopped_meanwhile(made, count):
        operations.stop(export=made, by=house.tom, at=AT)
        on(made, count)

    monkeypatch.setattr(files, "_go_on", stopped_meanwhile)
    assert not files.make(export.pk)

    export.refresh_from_db()
    assert export.state == State.STOPPED
    assert list(export.path.parent.iterdir()) == []
    with pytest.raises(Refused):
        operations.stop(export=export, by=house.tom, at=AT)


def test_more_rows_than_excel_holds_is_said_and_a_failure_is_tried_again_and_then_told(ask, monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS_XLSX", 1)
    long = ask(format="xlsx")
    assert not files.make(long.pk)
    long.refresh_from_db()
    assert (long.state, "Choose fewer days" in long.error) == (State.FAILED, True)

    broken = ask()
    monkeypatch.setattr(files, "_content", lambda _export: 1 / 0)
    for _try in range(files.TRIES_AT_MOST):
        with pytest.raises(ZeroDivisionError):
            files.make(broken.pk)
    broken.refresh_from_db()
    assert (broken.state, broken.error) == (State.FAILED, "ZeroDivisionError")


def test_expired_files_go_and_a_fourth_at_once_is_refused(ask):
    exports = [ask() for _each in range(3)]
    with pytest.raises(Refused):
        ask()
    files.make(exports[0].pk)

    assert files.forget(at=AT + operations.KEPT) == 3
    assert not Export.objects.exists()
    assert not exports[0].path.exists()
