"""Articles in a real browser: every page in both themes and widths, the editor and the review by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from knowledge import operations
from knowledge.enums import Place
from knowledge.models import Article, Vote
from tests.browser.hands import Hands
from tests.browser.test_problems import faults
from tests.knowledge.conftest import LATER, draft, publish  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "1. Open the client\n2. Choose **Reset profile**\n\n```\nvpn --reset --profile=northwind-standard-2026\n```"


@pytest.fixture
def shelf(house: Any, draft: Any, publish: Any) -> dict[str, Article]:  # noqa: F811 - the fixtures
    """Published twice and read, in review, and a draft."""
    public = publish(fix=TEXT)
    operations.vote(article=public, by=house.maria, at=LATER, is_helpful=False, reason="I have no client.")
    operations.write(article=public, by=house.tom, at=LATER, values={"fix": TEXT + "\n\nSign in again."})
    waiting = operations.submit(
        article=draft(title="Clear a paper jam", symptom="Each page jams."), by=house.tom, at=LATER,
        confirm_no_duplicate=True,
    )  # fmt: skip
    operations.note_search(text="parking space", place=Place.PORTAL, hits=0, at=LATER, who="somebody")
    return {"public": Article.objects.get(pk=public.pk), "waiting": waiting, "draft": draft(title="Scans get lost")}


def test_every_page_of_the_desk_fits_and_axe_finds_nothing(
    house: Any,
    shelf: dict[str, Article],
    log_incident: Any,
    live_server: Any,
    sign_in: Any,
    quiet_page: Page,
    violations: Any,
) -> None:
    sign_in(house.aisha)
    public, waiting, drafted = (each.get_absolute_url() for each in shelf.values())
    paths = [
        "/kb/", "/kb/?show=retired", "/kb/?q=profile", "/kb/?q=porfile", "/kb/?q=zebra", "/kb/new/", "/kb/gaps/",
        public, f"{public}draft/", f"{public}versions/", f"{public}audience/", waiting, f"{waiting}publication/",
        f"{waiting}return/", drafted, f"{drafted}draft/", log_incident().get_absolute_url(),
    ]  # fmt: skip

    found = {path: faults(quiet_page, live_server.url + path, violations) for path in paths}

    assert {path: each for path, each in found.items() if each} == {}


def test_every_page_of_the_portal_fits_and_axe_finds_nothing(
    house: Any,
    shelf: dict[str, Article],
    live_server: Any,
    sign_in: Any,
    quiet_page: Page,
    violations: Any,
) -> None:
    slug = shelf["public"].slug
    paths = [
        "/portal/kb/",
        "/portal/kb/?q=profile",
        "/portal/kb/?q=porfile",
        "/portal/kb/?q=zebra",
        f"/portal/kb/{slug}/",
    ]

    found = {f"visitor {path}": faults(quiet_page, live_server.url + path, violations) for path in paths}
    sign_in(house.maria)
    found |= {path: faults(quiet_page, live_server.url + path, violations) for path in paths}

    assert {path: each for path, each in found.items() if each} == {}


def test_an_article_lives_its_whole_life_by_keyboard_alone(
    house: Any, vpn: Any, live_server: Any, sign_in: Any, page: Page
) -> None:
    # Not the page that fails on every complaint: leaving while a preview is on its way makes the browser say so.
    hands, own = Hands(page), "**/kb/KB-*/"
    state = page.locator(".record-header__facts")
    sign_in(house.tom)
    page.goto(f"{live_server.url}/kb/")
    hands.follow("New article")
    hands.fill("Title", "Reset your VPN profile")
    hands.fill("Symptom", "It drops every 20 minutes.")
    hands.fill("Fix", "Choose reset.")
    hands.send()
    page.wait_for_url(own)
    hands.reach(page.get_by_role("link", name="Choose who may read it"))
    hands.keys.press("Enter")
    page.wait_for_url("**/audience/")
    hands.reach(page.get_by_role("radio", checked=True))
    hands.keys.press("ArrowUp")
    hands.follow("Choose these readers", "button")
    page.wait_for_url(own)
    hands.follow("Submit for review")
    hands.follow("Submit for review", "button")
    expect(state).to_contain_text("In review")

    sign_in(house.aisha)
    page.reload()
    hands.follow("Publish")
    hands.fill("Review on", "01012126")
    hands.send()
    expect(state).to_contain_text("Published")

    sign_in(house.maria)
    page.goto(f"{live_server.url}/portal/kb/")
    hands.reach(page.get_by_role("searchbox").last)
    hands.keys.type("VPN drops")
    hands.keys.press("Enter")
    page.wait_for_url("**?q=*")
    hands.follow("Reset your VPN profile")
    page.wait_for_url("**/portal/kb/reset-your-vpn-profile/**")
    hands.follow("Yes, it helped", "button")
    expect(page.get_by_text("It helped you.")).to_be_visible()

    sign_in(house.aisha)
    page.goto(f"{live_server.url}{Article.objects.get().get_absolute_url()}")
    hands.follow("Retire")
    hands.fill("Why", "The client went away.")
    hands.send()
    expect(state).to_contain_text("Retired")

    made = Article.objects.get()
    assert (made.state, made.owner, made.audience, made.helpful_count) == ("retired", house.tom, "public", 1)


def test_what_is_refused_stands_at_its_field_with_everything_typed(
    house: Any, live_server: Any, sign_in: Any, page: Page, violations: Any
) -> None:
    sign_in(house.tom)
    page.goto(f"{live_server.url}/kb/new/")

    page.get_by_label("Fix").fill("Choose reset.")
    page.get_by_label("Fix").press("Control+Enter")
    page.wait_for_load_state("networkidle")

    expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Fix")).to_have_value("Choose reset.")
    assert violations(page) == []
    assert not Article.objects.exists()


def test_a_typing_error_is_put_right_by_one_key(
    house: Any, shelf: dict[str, Article], live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    sign_in(house.maria)
    quiet_page.goto(f"{live_server.url}/portal/kb/?q=porfile")

    quiet_page.get_by_role("link", name="profile", exact=True).press("Enter")
    quiet_page.wait_for_url("**?q=profile")

    expect(quiet_page.get_by_text("Did you mean this?")).to_have_count(0)
    expect(quiet_page.locator("mark").first).to_have_text("profile")


def test_a_reader_says_that_it_helped_without_script(
    house: Any, shelf: dict[str, Article], live_server: Any, browser: Any, sign_in: Any, context: Any
) -> None:
    sign_in(house.max)
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{live_server.url}/portal/kb/{shelf['public'].slug}/")

    page.get_by_role("button", name="Yes").first.click()

    assert Vote.objects.filter(user=house.max, is_helpful=True).count() == 1
    plain.close()


def test_an_article_prints_its_text_alone(
    house: Any, shelf: dict[str, Article], live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    sign_in(house.maria)
    quiet_page.goto(f"{live_server.url}/portal/kb/{shelf['public'].slug}/")
    quiet_page.emulate_media(media="print")

    expect(quiet_page.get_by_role("heading", level=1)).to_be_visible()
    expect(quiet_page.get_by_text("Reset profile").first).to_be_visible()
    for hidden in (".nav", "input[type=search]", "button:not(.visually-hidden)"):
        assert [each for each in quiet_page.locator(hidden).all() if each.is_visible()] == []


def test_two_versions_stand_beside_each_other_word_by_word(
    house: Any, shelf: dict[str, Article], live_server: Any, sign_in: Any, quiet_page: Page
) -> None:
    sign_in(house.aisha)
    quiet_page.goto(f"{live_server.url}{shelf['public'].get_absolute_url()}versions/")

    assert "Sign in again." in " ".join(quiet_page.locator("ins").all_inner_texts())
