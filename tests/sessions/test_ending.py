"""A sign-in ends at its moment, can be made longer before, and takes nothing along when it ends."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from itsm.sessions import ending, middleware, views
from tests.conftest import moment

ADDRESS = "/me/session/"
# The night on which Oslo's clocks go back: a sign-in of 12 hours lasts 12 hours, whatever the wall says.
EVENING = moment("2026-10-24 20:00")


@pytest.fixture
def at(monkeypatch):
    """Set what the doors read from the clock."""

    def set_clock(when):
        for door in (ending, middleware, views):
            monkeypatch.setattr(door, "now", lambda: when)

    set_clock(EVENING)
    return set_clock


@pytest.fixture
def tom(house: SimpleNamespace, client: Client, at) -> Client:
    client.force_login(house.tom)
    return client


def test_a_sign_in_lasts_as_long_as_the_settings_say(house, tom):
    answer = tom.get(ADDRESS)

    assert answer.json() == {
        "person": house.tom.pk,
        "seconds": settings.SESSION_COOKIE_AGE,
        "token": answer.json()["token"],
    }
    assert "no-store" in answer["Cache-Control"]


def test_a_page_names_the_seconds_that_are_left(tom, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: EVENING + timedelta(hours=11, minutes=58))

    assert 'data-session-seconds="120"' in tom.get("/me/").content.decode()


def test_a_second_before_its_end_the_sign_in_holds_and_at_its_end_it_is_over(tom, at):
    at(EVENING + timedelta(seconds=settings.SESSION_COOKIE_AGE - 1))
    assert tom.get("/me/").status_code == 200

    at(EVENING + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    assert tom.get("/me/")["Location"] == "/accounts/login/?next=/me/"
    assert tom.get(ADDRESS).json() == {"person": None, "seconds": 0}
    assert "_auth_user_id" not in tom.session


def test_staying_begins_the_time_anew(tom, at):
    nearly_over = EVENING + timedelta(seconds=settings.SESSION_COOKIE_AGE - 30)
    at(nearly_over)

    stayed = tom.post(ADDRESS)

    assert (stayed.status_code, stayed.json()["seconds"]) == (200, settings.SESSION_COOKIE_AGE)
    at(nearly_over + timedelta(seconds=settings.SESSION_COOKIE_AGE - 1))
    assert tom.get("/me/").status_code == 200


def test_reading_pages_does_not_make_a_sign_in_longer(tom, at):
    at(EVENING + timedelta(hours=6))
    tom.get("/me/")

    assert tom.get(ADDRESS).json()["seconds"] == settings.SESSION_COOKIE_AGE - 6 * 3600


def test_who_is_signed_out_cannot_stay(client, db):
    answer = client.post(ADDRESS)

    assert (answer.status_code, answer.json()) == (401, {"person": None, "seconds": 0})


def test_staying_needs_the_token_against_forged_requests(house, at):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(house.tom)

    assert careful.post(ADDRESS).status_code == 403


def test_a_sign_in_from_before_its_end_was_written_down_goes_on_and_warns_of_nothing(house, tom):
    session = tom.session
    del session["ends_at"]
    session.save()

    assert tom.get(ADDRESS).json()["seconds"] is None
    assert 'data-session-seconds=""' in tom.get("/me/").content.decode()


def test_a_form_sent_after_the_end_comes_back_with_its_text_and_the_way_to_its_page(house, tom, at):
    at(EVENING + timedelta(days=1))
    before = house.tom.time_zone

    answer = tom.post(
        "/me/",
        {"time_zone": "The gateway drops packets since nine."},
        headers={"Referer": "http://testserver/me/?tab=keys"},
    )

    page = answer.content.decode()
    house.tom.refresh_from_db()
    assert (answer.status_code, house.tom.time_zone) == (401, before)
    assert "The gateway drops packets since nine." in page
    assert 'href="/accounts/login/?next=http%3A%2F%2Ftestserver%2Fme%2F%3Ftab%3Dkeys"' in page


def test_the_way_back_leads_to_our_own_pages_only(client, db):
    answer = client.post("/me/", headers={"Referer": "https://elsewhere.example/"})

    assert 'href="/accounts/login/?next=%2F"' in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_hears_that_nobody_is_signed_in_instead_of_following_to_another_page(client, db, method):
    answer = getattr(client, method)("/me/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["Content-Type"]) == (401, "text/plain; charset=utf-8")
    assert answer["WWW-Authenticate"] == 'Session realm="Steward"'
    assert answer.content.decode().startswith("You are signed out, so nothing was changed.")


def test_signing_in_from_an_open_page_leads_to_a_page_that_sends_one_back(tom, client):
    assert "You are signed in again" in tom.get("/me/session/back/").content.decode()
