"""A sign-in that ends while a page is open: warned of, made longer, and picked up again with the text still there."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.cached_db import SessionStore
from playwright.sync_api import Page, expect

from records.models import Comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Any], None]
Violations = Callable[..., list[str]]


@pytest.fixture
def ends_in(context: Any, live_server: Any) -> Callable[[float], None]:
    """Let the sign-in of this browser end in so many seconds."""

    def move(seconds: float) -> None:
        cookie = next(each for each in context.cookies() if each["name"] == django_settings.SESSION_COOKIE_NAME)
        session = SessionStore(cookie["value"])
        session["ends_at"] = time.time() + seconds
        session.save()

    return move


@pytest.fixture
def ticket(house: SimpleNamespace, log_incident: Any, live_server: Any, sign_in: SignIn) -> str:
    """Address of an incident of Maria's; Tom is signed in."""
    incident = log_incident(requester=house.maria, title="VPN drops")
    sign_in(house.tom)
    return f"{live_server.url}{incident.get_absolute_url()}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_two_minutes_before_the_end_one_press_stays(
    ticket: str,
    page: Page,
    ends_in: Callable[[float], None],
    violations: Violations,
    house: SimpleNamespace,
    theme: str,
) -> None:
    house.tom.theme = theme
    house.tom.save(update_fields=["theme"])
    ends_in(110)
    page.goto(ticket)

    warning = page.get_by_role("dialog", name="You will be signed out soon")
    expect(warning).to_contain_text("1:4")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert violations(page, "#session-dialog") == []
    page.keyboard.press("Enter")

    expect(page.locator("#toasts")).to_contain_text("You stay signed in.")
    expect(warning).to_be_hidden()
    seconds = page.request.get(f"{page.url.split('/incidents')[0]}/me/session/").json()["seconds"]
    assert seconds > django_settings.SESSION_COOKIE_AGE - 60


def test_staying_in_one_tab_calls_off_the_warning_of_the_other(
    ticket: str, page: Page, context: Any, ends_in: Callable[[float], None]
) -> None:
    ends_in(122)
    page.goto(ticket)
    ends_in(900)

    page.wait_for_timeout(3_000)

    expect(page.locator("#session-dialog")).to_be_hidden()


def test_what_was_typed_goes_through_after_signing_in_again_in_another_tab(
    ticket: str, page: Page, context: Any, ends_in: Callable[[float], None], live_server: Any
) -> None:
    ends_in(4)
    page.goto(ticket)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("The gateway drops packets since nine.")
    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible(timeout=10_000)

    # Who goes back to the page and sends anyway loses nothing.
    page.get_by_role("button", name="Back to the page").click()
    page.get_by_role("button", name="Save note, team only").click()
    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible()
    assert Comment.objects.count() == 0

    with context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    other = opened.value
    other.get_by_label("User name or e-mail").fill("tom")
    other.get_by_label("Password", exact=True).fill("correct horse battery staple")
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="You are signed in again")).to_be_visible()

    expect(page.locator("#toasts")).to_contain_text("Signed in again. Nothing was lost; go on.")
    page.get_by_role("button", name="Save note, team only").click()
    expect(page.locator("#toasts")).to_contain_text("Note saved.")
    assert [comment.text for comment in Comment.objects.all()] == ["The gateway drops packets since nine."]


def test_somebody_else_who_signs_in_does_not_send_the_text_of_the_first(
    ticket: str, page: Page, house: SimpleNamespace, sign_in: SignIn, ends_in: Callable[[float], None]
) -> None:
    ends_in(100)
    page.goto(ticket)
    expect(page.get_by_role("dialog", name="You will be signed out soon")).to_be_visible()
    sign_in(house.aisha)

    page.get_by_role("button", name="Stay signed in").click()

    expect(page.get_by_role("dialog", name="Somebody else is signed in now")).to_be_visible()
