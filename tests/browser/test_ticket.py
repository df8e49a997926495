"""The ticket in a real browser: the keyboard path of a call, a reply with its undo, drafts, editing in place."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from incidents import operations
from incidents.models import Incident
from notifications.models import Notice
from records import operations as record_operations
from records.models import Comment, Draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Any], None]
Violations = Callable[..., list[str]]


@pytest.fixture
def incident(house: SimpleNamespace, log_incident: Any) -> Incident:
    moment = now()
    made = log_incident(at=moment - timedelta(hours=3), description="It drops **every 20 minutes**.")
    operations.take(incident=made, by=house.tom, at=moment - timedelta(hours=2))
    record_operations.add_note(record=made, by=house.aisha, at=moment - timedelta(hours=1), text="Gateway 2, @tom.")
    record_operations.reply(record=made, by=house.maria, at=moment - timedelta(minutes=5), text="On the train too.")
    return Incident.objects.get(pk=made.pk)


@pytest.fixture
def toms(house: SimpleNamespace, live_server: Any, sign_in: SignIn, quiet_page: Page, incident: Incident) -> Page:
    """The ticket as Tom sees it."""
    sign_in(house.tom)
    quiet_page.goto(live_server.url + incident.get_absolute_url())
    return quiet_page


def test_a_call_is_logged_with_six_interactions(
    house: SimpleNamespace, vpn: Any, live_server: Any, sign_in: SignIn, page: Page
) -> None:
    # Not the page that fails on every complaint: leaving while a preview is on its way makes the browser say so.
    sign_in(house.tom)
    page.goto(f"{live_server.url}/inbox/")

    page.keyboard.press("c")
    page.wait_for_url("**/new/")
    expect(page.get_by_role("combobox", name="Caller")).to_be_focused()
    page.keyboard.type("maria")
    expect(page.get_by_role("option", name="Maria Rossi")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_label("In a line").focus()
    page.keyboard.type("VPN drops again")
    expect(page.locator("#id_service")).to_have_value(str(vpn.pk))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/INC-*/")

    made = Incident.objects.get()
    assert (made.requester, made.title, made.service) == (house.maria, "VPN drops again", vpn)
    assert not Draft.objects.exists()


def test_what_cannot_be_sent_stays_on_the_page_and_goes_out_when_the_server_is_back(
    house: SimpleNamespace, incident: Incident, live_server: Any, sign_in: SignIn, page: Page
) -> None:
    sign_in(house.tom)
    page.goto(f"{live_server.url}/new/")
    page.get_by_role("combobox", name="Caller").fill("maria")
    page.get_by_role("option", name="Maria Rossi").click()
    page.get_by_label("In a line").fill("Nobody may lose this line")
    page.route("**/*", lambda route: route.abort("connectionrefused"))

    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Your text is still here.")
    expect(page.get_by_label("In a line")).to_have_value("Nobody may lose this line")
    page.unroute("**/*")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/INC-*/")
    assert Incident.objects.filter(title="Nobody may lose this line").count() == 1

    page.goto(live_server.url + incident.get_absolute_url())
    page.route("**/*", lambda route: route.abort("connectionrefused"))
    page.keyboard.press("n")
    page.keyboard.type("Nor this note")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Your text is still here.")
    page.unroute("**/*")
    page.reload()
    page.keyboard.press("n")
    expect(page.locator("textarea:focus")).to_have_value("Nor this note")


def test_enter_in_a_line_sends_nothing(
    house: SimpleNamespace, live_server: Any, sign_in: SignIn, quiet_page: Page
) -> None:
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/new/")

    quiet_page.get_by_label("In a line").fill("VPN")
    quiet_page.get_by_label("In a line").press("Enter")
    quiet_page.wait_for_timeout(300)

    assert quiet_page.url.endswith("/new/")
    assert not Incident.objects.exists()


def test_a_reply_by_keyboard_can_be_taken_back(toms: Page) -> None:
    toms.keyboard.press("r")
    expect(toms.get_by_label("Your reply to Maria Rossi")).to_be_focused()
    toms.keyboard.type("We move you to gateway 1.")
    toms.keyboard.press("Control+Enter")
    expect(toms.get_by_text("Undo send")).to_be_visible()
    assert Draft.objects.get().composer == "held"

    toms.locator("h1").click()
    toms.keyboard.press("Control+z")

    expect(toms.get_by_label("Your reply to Maria Rossi")).to_have_value("We move you to gateway 1.")
    assert Comment.objects.count() == 2
    assert Draft.objects.get().composer == "reply"


def test_when_the_countdown_ends_the_reply_is_out(toms: Page) -> None:
    toms.keyboard.press("r")
    toms.keyboard.type("We move you to gateway 1.")
    toms.keyboard.press("Control+Enter")

    expect(toms.locator("#timeline").get_by_text("We move you to gateway 1.")).to_be_visible(timeout=20_000)

    expect(toms.locator("#held")).to_have_count(0)
    assert Comment.objects.filter(is_public=True).count() == 2


def test_only_one_composer_is_open_and_they_look_different(toms: Page) -> None:
    toms.keyboard.press("r")
    reply = toms.locator(".composer--reply").evaluate("e => getComputedStyle(e).borderTopStyle")
    toms.keyboard.press("Escape")
    toms.keyboard.press("n")

    note = toms.locator(".composer--note").evaluate("e => getComputedStyle(e).borderTopStyle")
    assert (reply, note) == ("solid", "dashed")
    assert toms.locator(".composer[open]").count() == 1
    expect(toms.get_by_role("button", name="Save note, team only")).to_be_visible()


def test_a_draft_is_on_the_server_two_seconds_after_a_pause(toms: Page) -> None:
    toms.keyboard.press("n")
    toms.keyboard.type("Half a thought")

    expect(toms.locator(".composer--note [data-draft-status]")).to_contain_text("draft saved", timeout=6_000)

    assert Draft.objects.get().content["text"] == "Half a thought"
    toms.reload()
    expect(toms.get_by_label("Your work note")).to_have_value("Half a thought")


def test_the_subject_is_edited_in_place_and_undone(toms: Page, incident: Incident) -> None:
    toms.locator("#edit-title").click()
    toms.locator(".inline-editor").get_by_label("Subject").fill("VPN is gone")
    toms.keyboard.press("Enter")
    expect(toms.locator("h1")).to_have_text("VPN is gone")
    expect(toms.locator("#edit-title")).to_be_focused()

    with toms.expect_navigation():
        toms.locator("#toasts").get_by_role("button", name="Undo").click()

    expect(toms.locator("h1")).to_have_text(incident.title)


def test_two_people_on_one_field_both_keep_their_text(
    page: Page, house: SimpleNamespace, live_server: Any, sign_in: SignIn, incident: Incident
) -> None:
    sign_in(house.tom)
    toms = page
    toms.goto(live_server.url + incident.get_absolute_url())
    toms.locator("#edit-title").click()
    editor = toms.locator(".inline-editor")
    editor.get_by_label("Subject").fill("VPN is gone")
    operations.edit(incident=incident, by=house.aisha, at=now(), values={"title": "Gateway 2 is down"})

    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_text("Gateway 2 is down")).to_be_visible()
    editor.get_by_role("button", name="Keep mine").click()

    expect(toms.locator("h1")).to_have_text("VPN is gone")


def test_a_move_is_asked_for_beside_the_ticket(toms: Page, incident: Incident) -> None:
    toms.keyboard.press("s")
    form = toms.locator("#act")
    form.get_by_label("Resolution code").select_option("fixed")
    form.get_by_label("What was done").fill("New firmware.")
    form.get_by_label("What was done").press("Control+Enter")

    expect(toms.locator("#record-head")).to_contain_text("Resolved")
    assert Incident.objects.get(pk=incident.pk).resolution_code == "fixed"


def test_news_of_others_arrive_and_leave_what_is_written_alone(
    toms: Page, house: SimpleNamespace, incident: Incident
) -> None:
    toms.keyboard.press("r")
    toms.keyboard.type("I am writ")
    record_operations.reply(record=incident, by=house.maria, at=now(), text="It works again!")

    toms.locator("[data-poll-swap=parts]").dispatch_event("steward:stale")

    expect(toms.locator("#timeline").get_by_text("It works again!")).to_be_visible()
    expect(toms.get_by_label("Your reply to Maria Rossi")).to_be_focused()
    expect(toms.get_by_label("Your reply to Maria Rossi")).to_have_value("I am writ")


@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_has_nothing_for_the_accessibility_checker(
    house: SimpleNamespace,
    incident: Incident,
    live_server: Any,
    sign_in: SignIn,
    quiet_page: Page,
    violations_in_both: Violations,
    width: int,
) -> None:
    Notice.objects.create(
        user=house.tom, record=incident, kind="replied", cause="c", why="because", text="On the train", at=now()
    )
    quiet_page.set_viewport_size({"width": width, "height": 900})
    address, found = incident.get_absolute_url(), {}
    places = {
        house.tom: [address, f"{address}resolution/", f"{address}fields/title/", f"{address}priority/", "/inbox/", "/",
                    "/me/", f"/new/?caller={house.maria.pk}&text=vpn"],
        house.maria: ["/portal/", f"/portal/requests/{incident.reference}/", "/portal/new/"],
    }  # fmt: skip
    for person, paths in places.items():
        sign_in(person)
        for path in paths:
            quiet_page.goto(live_server.url + path)
            if path == address:
                quiet_page.keyboard.press("n")
            is_wide = quiet_page.evaluate("document.documentElement.scrollWidth") > width
            found[path] = [*violations_in_both(quiet_page), *(["too wide"] if is_wide else [])]

    assert {path: what for path, what in found.items() if what} == {}
