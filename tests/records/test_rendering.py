"""Whatever was typed is shown as text: the corpus of payloads against every sink of the pages."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records import operations
from records.rendering import mentioned, render, slips
from tests.conftest import moment

TEN = moment("2026-03-02 10:00")
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "' onmouseover=alert(1) x='",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://evil.example/track.png)",
    "<javascript:alert(1)>",
    "<a href=x hx-get=/x hx-trigger=load>x</a>",
    "<div data-controller=poll data-poll-url=//evil.example>x</div>",
    "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "</textarea><script>alert(1)</script>",
    "-->]]><script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "[x](https://a.example \"onclick=alert(1)\")",
]  # fmt: skip
OURS = ("hx-", "data-controller", "data-poll")


class Harm(HTMLParser):
    """Collects what would run, load or act if a browser read it."""

    def __init__(self, *, is_page: bool) -> None:
        super().__init__()
        self.is_page = is_page
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if (
            tag == "script"
            and not named.get("src", "").startswith("/static/")
            and named.get("type") != "application/json"
        ):
            self.found.append((tag, named))
        if tag in {"style", "img", "math", "iframe", "object", "base"}:
            self.found.append((tag, named))
        for name, value in named.items():
            address = "".join(value.split()).lower()
            if name.startswith("on") or name == "style":
                self.found.append((tag, name, value))
            if name in {"href", "src", "action", "xlink:href"} and address.startswith(("javascript:", "data:", "//")):
                self.found.append((tag, name, value))
            if not self.is_page and name.startswith(OURS):
                self.found.append((tag, name, value))
            if "evil.example" in value and name.startswith(OURS):
                self.found.append((tag, name, value))


def harm(html: str, *, is_page: bool = False) -> list[Any]:
    reader = Harm(is_page=is_page)
    reader.feed(html)
    return reader.found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_harmful_is_rendered(payload):
    assert harm(render(payload)) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_sink_of_the_pages_lets_it_through(client, house, log_incident, payload):
    house.maria.name = payload[:60]
    house.maria.save()
    incident = log_incident(title=payload, description=payload, tags=[payload[:30].replace(",", "")])
    about: dict[str, Any] = {"record": incident, "by": house.tom, "at": TEN}
    operations.reply(text=payload, **about)
    operations.add_note(text=payload, **about)
    operations.add_task(title=payload, **about)
    operations.attach(upload=SimpleUploadedFile(payload.replace("/", "_"), b"x"), is_public=True, **about)
    client.force_login(house.tom)
    pages = [incident.get_absolute_url(), f"/portal/requests/{incident.reference}/", "/new/preview/?caller="
             + str(house.maria.pk)]  # fmt: skip

    for page in pages:
        html = client.get(page).content.decode()
        assert harm(html, is_page=True) == [], page


def test_references_and_mentions_are_marked_outside_of_code_and_links():
    html = render("See INC-1042, @tom, `INC-1043` and [INC-1044](https://a.example).")

    assert '<a href="/r/INC-1042/" class="reference" rel="noopener noreferrer nofollow">INC-1042</a>' in html
    assert '<span class="mention">@tom</span>' in html
    assert "/r/INC-1043/" not in html
    assert "/r/INC-1044/" not in html


def test_mentions_are_not_mail_addresses():
    assert mentioned("@Tom and tom@acme.example, (@aisha.k).") == {"tom", "aisha.k"}


def test_slips_are_named_once():
    assert slips("@tom @tom {{x}} INC-1 UTF-8", prefixes={"INC"}) == ["@tom", "INC-1", "{{x}}"]


def test_a_very_long_text_is_still_rendered():
    assert "word" in render("word " * 20_000)


@pytest.mark.parametrize("text", ["[" * 5_000, "*" * 5_000, ">" * 2_000, "`" * 5_000, "(" * 5_000 + "@a"])
def test_nesting_does_not_exhaust_anything(text):
    assert isinstance(render(text), str)
