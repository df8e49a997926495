"""
A real Chromium before a live server.

The browser is the distribution's: `STEWARD_CHROMIUM`, else the first of the usual paths. Where there is none the tests
are skipped, unless `STEWARD_REQUIRE_BROWSER=1` says that they must run.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.test import Client

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright keeps an event loop in this thread, and Django refuses queries near one; the live
# server has a thread of its own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def chromium() -> str:
    """Path of the browser, or nothing."""
    named = os.environ.get("STEWARD_CHROMIUM", "")
    return named or next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.browser)
        if not chromium() and os.environ.get("STEWARD_REQUIRE_BROWSER") != "1":
            item.add_marker(pytest.mark.skip(reason="no Chromium: install one or name it in STEWARD_CHROMIUM"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    assert chromium(), "STEWARD_REQUIRE_BROWSER=1, but no Chromium is installed and STEWARD_CHROMIUM names none."
    assert AXE.exists(), "The front end is not installed: run `npm ci && npm run build` in frontend/."
    return browser_type_launch_args | {"executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}


class Traffic:
    """Requests that the live server is answering."""

    def __init__(self) -> None:
        self.lock, self.open = threading.Lock(), 0

    def begin(self, **_said: Any) -> None:
        with self.lock:
            self.open += 1

    def end(self, **_said: Any) -> None:
        with self.lock:
            self.open -= 1

    def settle(self, seconds: float = 10) -> None:
        """Wait until none is left, or so long."""
        until = time.monotonic() + seconds
        while self.open > 0 and time.monotonic() < until:
            time.sleep(0.02)


@pytest.fixture(autouse=True)
def _settled(live_server: Any, context: Any) -> Iterator[None]:
    """Leave the pages and let the server finish what they asked for, before the tables are emptied."""
    traffic = Traffic()
    request_started.connect(traffic.begin)
    request_finished.connect(traffic.end)
    yield
    for each in context.pages:
        each.close()
    traffic.settle()
    request_started.disconnect(traffic.begin)
    request_finished.disconnect(traffic.end)


@pytest.fixture
def quiet_page(page: Any) -> Any:
    """A page that fails the test when the browser complains: script errors, a refused policy, a missing file."""
    complaints: list[str] = []

    def listen(said: Any) -> None:
        # A test that cuts the connection hears about it from the browser; that is no complaint of ours.
        if said.type in {"error", "warning"} and "ERR_INTERNET_DISCONNECTED" not in said.text:
            complaints.append(said.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    # What the page still asks for would meet the emptying of the tables after the test.
    page.wait_for_load_state("networkidle")
    assert complaints == []


@pytest.fixture
def sign_in(live_server: Any, context: Any) -> Callable[[Any], None]:
    """`sign_in(house.tom)`: the browser's next pages are Tom's."""

    def enter(user: Any) -> None:
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return enter


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """
    What the accessibility checker finds on the page shown: "rule: selector" for each place.

    :param within: selector of the part to look at; the whole page by default.
    :param rules: the only rules to check; all by default, of colors in a dark theme: the rest is as in the light one.
    """

    def check(page: Any, within: str = "", rules: Sequence[str] = ()) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        if page.evaluate("document.documentElement.dataset.theme === 'dark'"):
            rules = rules or ["color-contrast"]
        only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
        # Addresses of what is right are left out: to find them takes a third of the time.
        how = {"runOnly": only, "resultTypes": ["violations"]}
        found = page.evaluate("([within, how]) => axe.run(within || document, how)", [within, how])
        return [f"{each['id']}: {node['target'][0]}" for each in found["violations"] for node in each["nodes"]]

    return check


@pytest.fixture
def violations_in_both(violations: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """What the checker finds on the page shown in the light theme, and of colors in the dark one."""

    def check(page: Any) -> list[str]:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        light = violations(page)
        page.emulate_media(color_scheme="dark")
        dark = violations(page, rules=["color-contrast"])
        page.emulate_media(color_scheme="light")
        return [*light, *(f"dark, {each}" for each in dark)]

    return check
