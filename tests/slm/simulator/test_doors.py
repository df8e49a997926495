"""The pages and the API of simulations."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from slm.models import Agreement
from slm.simulator import operations, runs
from slm.simulator.models import Simulation
from tests.conftest import moment
from tests.slm.simulator.test_runs import ask
from tests.slm.test_pages import form_of

NOW = moment("2026-03-20 12:00")


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr("slm.simulator.tasks.work.apply_async", lambda **_said: None)


@pytest.fixture
def done(log_incident, standard, house):
    for hour in (5, 6, 7):
        log_incident(at=moment(f"2026-03-20 0{hour}:00"), title=f"<b>Printer</b> {hour}")
    asked = ask(standard, house.ines)
    runs.work(asked.pk)
    return asked


def test_terms_as_typed_are_tried_and_not_saved(client, house, standard, log_incident):
    log_incident()
    client.force_login(house.ada)
    typed = form_of(standard, resolution_4="4 h", try_days="", try_open="on")

    answer = client.post(f"/agreements/{standard.slug}/simulation/", typed)

    made = Simulation.objects.get()
    assert answer["Location"] == f"/simulations/{made.pk}/"
    assert ["resolution", 4, 240, standard.calendar_id] in made.draft["targets"]
    assert made.clocks_from is None
    assert Agreement.objects.get(pk=standard.pk).version == standard.version


def test_what_can_not_be_tried_is_said_in_the_form_with_everything_typed(client, house, standard):
    client.force_login(house.ada)
    typed = form_of(standard, resolution_4="4 h", try_days="30")

    answer = client.post(f"/agreements/{standard.slug}/simulation/", typed)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "No clock that you may see ran by this in that time." in text
    assert 'value="4 h"' in text


def test_hours_as_typed_are_tried_and_not_saved(client, house, standard, office, log_incident):
    log_incident()
    client.force_login(house.ada)
    page = client.get(f"/admin/calendars/{office.slug}/")
    typed = {name: "08:00-12:00" for name in ("day_0", "day_1", "day_2", "day_3", "day_4")}
    typed |= {
        "zone": "UTC", "seen_version": "1", "own-TOTAL_FORMS": "0", "own-INITIAL_FORMS": "0", "try_open": "on",
    }  # fmt: skip

    answer = client.post(f"/admin/calendars/{office.slug}/simulation/", typed)

    assert "Try on tickets" in page.content.decode()
    made = Simulation.objects.get()
    assert answer["Location"] == f"/simulations/{made.pk}/"
    assert made.draft["spec"]["weekly"][0] == [0, 480, 720]
    office.refresh_from_db()
    assert office.version == 1


def test_the_result_shows_what_would_change_and_links_to_it(client, house, done):
    client.force_login(house.ines)

    text = client.get(f"/simulations/{done.pk}/").content.decode()

    assert "Open clocks" in text
    assert "&lt;b&gt;Printer&lt;/b&gt; 5" in text
    assert "hx-trigger" not in text.split('id="result"')[1].split(">")[0]
    narrowed = client.get(f"/simulations/{done.pk}/?group=finished&effect=newly_met").content.decode()
    assert "No clock would change" in narrowed or "Show all of them" in narrowed


def test_a_simulation_at_work_shows_how_far_it_is_and_asks_again(client, house, standard, log_incident):
    log_incident()
    asked = ask(standard, house.ines)
    client.force_login(house.ines)

    part = client.get(f"/simulations/{asked.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div class="stack try-result" id="result" hx-get=')
    assert "0 of 2 clocks looked at." in part
    client.post(f"/simulations/{asked.pk}/stop/")
    assert "Stopped after 0 of 2 clocks" in client.get(f"/simulations/{asked.pk}/").content.decode()


def test_as_many_statements_for_three_changed_clocks_as_for_one(client, house, done):
    client.force_login(house.ines)
    client.get(f"/simulations/{done.pk}/")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/simulations/{done.pk}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/simulations/{done.pk}/?effect=earlier")

    assert len(many) == 5
    assert len(few) <= 5


def test_the_file_holds_every_changed_clock_and_no_formula(client, house, done):
    client.force_login(house.ines)

    lines = b"".join(client.get(f"/simulations/{done.pk}/?format=csv").streaming_content).decode().splitlines()

    assert len(lines) == 1 + 6
    assert lines[0].lstrip("\ufeff").startswith("reference,subject,clock")


@pytest.mark.parametrize("who", ["ada", "otto", "maria", "tom"])
def test_nobody_else_sees_it_or_stops_it_or_removes_it(client, house, done, who):
    client.force_login(getattr(house, who))
    expected = 404 if who == "ada" else 403

    assert client.get(f"/simulations/{done.pk}/").status_code == expected
    assert client.post(f"/simulations/{done.pk}/stop/").status_code == expected
    assert client.post(f"/simulations/{done.pk}/removal/").status_code == expected
    assert Simulation.objects.filter(pk=done.pk).exists()


def test_a_simulation_can_be_removed(client, house, done):
    client.force_login(house.ines)

    client.post(f"/simulations/{done.pk}/removal/")

    assert not Simulation.objects.exists()
    assert "Nothing tried yet" in client.get("/simulations/").content.decode()


def test_the_limit_of_what_is_looked_at_is_said(client, house, standard, log_incident, monkeypatch):
    monkeypatch.setattr(operations, "MOST", 1)
    log_incident()
    client.force_login(house.ada)

    answer = client.post(f"/agreements/{standard.slug}/simulation/", form_of(standard, try_open="on"))

    assert "These are more than 1 clocks. Choose fewer days." in answer.content.decode()
