"""Behaviors bound by data attributes, each on a piece of page put into the gallery, before a server that we play."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stage(
    house: SimpleNamespace, live_server: Any, sign_in: Callable[[Any], None], page: Page
) -> Callable[[str], Page]:
    """`stage("<form …>")`: the gallery with that piece at the start of its content."""

    def put(html: str) -> Page:
        def with_piece(route: Route) -> None:
            answer = route.fetch()
            head = '<div class="page-head">'
            route.fulfill(response=answer, body=answer.text().replace(head, html + head, 1))

        sign_in(house.ada)
        page.route("**/gallery/", with_piece)
        page.goto(f"{live_server.url}/gallery/")
        page.evaluate("document.activeElement.blur()")
        return page

    return put


DRAFT = """<form id="piece" data-controller="draft" data-draft-url="/play/draft/">
<textarea name="text" data-draft-field aria-label="Piece"></textarea><span data-draft-status></span></form>"""


def test_a_draft_is_saved_when_the_field_is_left(stage: Callable[[str], Page]) -> None:
    page = stage(DRAFT)
    saved: list[dict[str, list[str]]] = []

    def answer(route: Route) -> None:
        saved.append(parse_qs(route.request.post_data or ""))
        route.fulfill(status=204)

    page.route("**/play/draft/", answer)
    page.get_by_label("Piece").fill("The gateway drops")

    page.get_by_label("Piece").blur()

    expect(page.locator("#piece [data-draft-status]")).to_contain_text("draft saved")
    assert saved == [{"text": ["The gateway drops"]}]


def test_a_draft_the_server_did_not_take_stays_in_the_browser(stage: Callable[[str], Page]) -> None:
    page = stage(DRAFT)
    page.route("**/play/draft/", lambda route: route.abort())
    page.get_by_label("Piece").fill("Half a sentence")
    page.get_by_label("Piece").blur()
    expect(page.locator("#piece [data-draft-status]")).to_contain_text("kept in this browser")

    again = stage(DRAFT)

    expect(again.get_by_label("Piece")).to_have_value("Half a sentence")


def test_sending_drops_the_draft_for_good(stage: Callable[[str], Page]) -> None:
    page = stage(DRAFT.replace("</form>", "<button>Send</button></form>"))
    posts: list[str] = []
    page.route("**/play/draft/", lambda route: (posts.append(route.request.url), route.fulfill(status=204)))
    page.evaluate("document.querySelector('#piece').addEventListener('submit', event => event.preventDefault())")
    page.get_by_label("Piece").fill("Done")

    page.keyboard.press("Tab")
    page.get_by_role("button", name="Send", exact=True).click()
    count = len(posts)
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")

    assert len(posts) == count
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('steward-draft'))") == []


POLLED = """<div id="piece" data-controller="poll" data-poll-url="/play/news/" data-poll-seconds="1">
<input aria-label="Piece">old</div>"""


def test_news_come_in_unless_the_part_is_in_use(stage: Callable[[str], Page]) -> None:
    page = stage(POLLED)
    page.route("**/play/news/", lambda route: route.fulfill(status=200, content_type="text/html", body="6 new tickets"))
    page.get_by_label("Piece").focus()
    with page.expect_response("**/play/news/"):
        pass
    expect(page.locator("#piece")).to_contain_text("old")

    page.get_by_label("Piece").blur()

    expect(page.locator("#piece")).to_have_text("6 new tickets")


def test_nothing_new_changes_nothing(stage: Callable[[str], Page]) -> None:
    page = stage(POLLED)
    page.route("**/play/news/", lambda route: route.fulfill(status=204))

    with page.expect_response("**/play/news/"):
        pass

    expect(page.locator("#piece")).to_contain_text("old")


def test_undo_by_key_asks_the_server_to_take_it_back(stage: Callable[[str], Page]) -> None:
    page = stage("")
    undone: list[str] = []
    page.route("**/play/undo/", lambda route: (undone.append(route.request.method), route.fulfill(status=204)))
    detail = {"text": "Assigned.", "undo_url": "/play/undo/"}
    page.evaluate("detail => document.dispatchEvent(new CustomEvent('steward:toast', {detail}))", detail)
    expect(page.locator("#toasts")).to_contain_text("Assigned.")

    with page.expect_request("**/play/undo/"):
        page.keyboard.press("Control+z")

    expect(page.locator("#toasts")).not_to_contain_text("Assigned.")
    assert undone == ["POST"]


def test_a_refused_write_says_the_server_s_own_sentence(stage: Callable[[str], Page]) -> None:
    page = stage('<button type="button" id="piece" hx-post="/play/act/">Try</button>')
    sentence = "The incident is closed. Open a new one."
    page.route("**/play/act/", lambda route: route.fulfill(status=403, json={"detail": sentence}))

    page.locator("#piece").click()

    expect(page.locator("#toasts")).to_contain_text(sentence)


def test_a_part_that_did_not_load_can_be_loaded_again(stage: Callable[[str], Page]) -> None:
    page = stage(
        '<div id="piece">old</div><button type="button" id="load" hx-get="/play/part/" hx-target="#piece">Load</button>'
    )
    answers = [500, 200]
    page.route(
        "**/play/part/", lambda route: route.fulfill(status=answers.pop(0), content_type="text/html", body="new")
    )
    page.locator("#load").click()
    expect(page.locator("#piece")).to_contain_text("This part could not be loaded.")

    page.get_by_role("button", name="Load it again").click()

    expect(page.locator("#piece")).to_have_text("new")


def test_a_caller_is_picked_by_keyboard(stage: Callable[[str], Page]) -> None:
    page = stage("")
    people = [{"id": 7, "label": "Ana Ruiz", "detail": "Finance"}, {"id": 9, "label": "Ana Silva", "detail": "Sales"}]
    page.route("**/people/suggestions/?q=*", lambda route: route.fulfill(json=people))
    caller = page.get_by_role("combobox", name="Caller")

    caller.press_sequentially("ana")
    expect(page.get_by_role("option", name="Ana Silva")).to_be_visible()
    caller.press("ArrowDown")
    caller.press("Enter")

    expect(caller).to_have_value("Ana Silva")
    expect(page.locator("input[name=caller]")).to_have_value("9")


def test_a_text_that_names_nobody_is_not_kept(stage: Callable[[str], Page]) -> None:
    page = stage("")
    page.route("**/people/suggestions/?q=*", lambda route: route.fulfill(json=[]))
    caller = page.get_by_role("combobox", name="Caller")

    caller.press_sequentially("nobody")
    caller.blur()

    expect(caller).to_have_value("")


def test_a_value_is_edited_in_place_and_escape_gives_the_focus_back(stage: Callable[[str], Page]) -> None:
    page = stage(
        '<div data-controller="inline-edit"><button class="inline-edit" type="button" id="piece"'
        ' data-edit-url="/play/edit/" data-edit-key="p">P3</button></div>'
    )
    form = '<form><label>Priority <select name="priority"><option>P2</option></select></label></form>'
    page.route("**/play/edit/", lambda route: route.fulfill(status=200, content_type="text/html", body=form))

    page.keyboard.press("p")
    expect(page.get_by_label("Priority")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_label("Priority")).to_be_hidden()
    expect(page.locator("#piece")).to_be_focused()


def test_a_running_clock_asks_again_when_its_mark_must_change(stage: Callable[[str], Page]) -> None:
    page = stage("")
    page.route(
        "**/play/clock/",
        lambda route: route.fulfill(status=200, content_type="text/html", body='<span id="piece">breached</span>'),
    )
    clock = (
        '<span id="piece" data-controller="countdown" data-running="true" data-format="seconds"'
        ' data-remaining-seconds="1" data-refresh-url="/play/clock/"><b data-time>1</b></span>'
    )

    page.evaluate("html => document.querySelector('#content').insertAdjacentHTML('afterbegin', html)", clock)

    expect(page.locator("#piece")).to_have_text("breached")


def test_a_form_is_sent_once(stage: Callable[[str], Page]) -> None:
    page = stage('<form id="piece" data-controller="submit"><button>Log it</button></form>')
    page.evaluate(
        "() => { window.sent = 0; document.querySelector('#piece').addEventListener('submit',"
        " event => { event.preventDefault(); window.sent += 1 }) }"
    )

    page.evaluate("() => { const form = document.querySelector('#piece'); form.requestSubmit(); form.requestSubmit() }")

    assert page.evaluate("window.sent") == 1
