"""Every number with an address, on any page of service levels, opens a list of that length: found by reading pages."""

import re
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest
import time_machine

from measurement import rebuild
from slm.breaches import recording
from slm.breaches.figures import attained
from slm.breaches.models import Breach, Cause, Clause
from slm.reports import operations
from slm.reports.models import ServiceReport
from slm.reports.reading import Reading
from tests.conftest import moment
from tests.slm.reports.conftest import AFTER

# 12, 1,200, 6 misses, of 56 incidents; no 3 h 5 min, no 93.5%, no 28 Nov 2026.
NUMBER = re.compile(r"(?:of )?(\d{1,3}(?:,\d{3})*|\d+)(?: (?!(?:h|min|s|days?)\b)[a-z][^\d]*)?")
HOURS_LEFT = moment("2026-03-03 08:00")


class Read(HTMLParser):
    """What stands in <main>: addresses of numbers, and how many rows a list has, with the page behind it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.numbers, self.rows, self.older = [], 0, ""
        self.is_inside, self.address, self.said, self.hidden = False, "", [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.is_inside |= tag == "main"
        if not self.is_inside:
            return
        self.rows += "data-row" in said
        if tag == "kbd" or "visually-hidden" in (said.get("class") or ""):
            self.hidden += 1
        if tag == "a":
            self.address, self.said = said.get("href") or "", []
            if said.get("rel") == "next":
                self.older = self.address

    def handle_endtag(self, tag):
        self.is_inside &= tag != "main"
        if tag in ("kbd", "span") and self.hidden:
            self.hidden -= 1
        if tag == "a" and self.address:
            found = NUMBER.fullmatch(" ".join("".join(self.said).split()))
            if found:
                self.numbers.append((self.address, int(found[1].replace(",", ""))))
            self.address = ""

    def handle_data(self, data):
        if not self.hidden:
            self.said.append(data)


def length_of(client, address):
    """The rows of a list, page by page."""
    rows, url = 0, address
    while url:
        answer = client.get(url)
        assert answer.status_code == 200, url
        read = Read(answer.content.decode())
        rows, url = rows + read.rows, read.older and urljoin(url, read.older)
    return rows


@pytest.fixture
def world(house, vpn, compiled, log_incident, outage, promised):
    """February with a late ticket that was excused; outages that count and that don't; open work."""
    report = compiled()
    outage("2026-03-01 08:00", "2026-03-01 10:00")
    outage("2026-03-01 19:00", "2026-03-01 20:00", weight=Decimal("0.5"))
    outage("2026-03-01 21:00", "2026-03-01 22:00", weight=Decimal(0))
    outage("2026-03-02 01:00", "2026-03-02 02:00", is_planned=True)
    outage("2026-02-28 23:30", "2026-03-01 00:30")
    log_incident(title="<i>Late</i> & open", at=moment("2026-03-02 09:00"))
    log_incident(title="Due today", at=HOURS_LEFT)
    recording.make(recording.unanswered())
    decided = {"cause": Cause.objects.create(name="x"), "clause": Clause.objects.create(name="x")}
    rows = Breach.objects.filter(clock__kind="resolution", clock__state="missed")
    assert rows.update(state="excused", explained_at=AFTER, decided_at=AFTER, **decided) == 1
    with time_machine.travel(AFTER, tick=False):
        rebuild.rebuild_all()
    return [
        "/sla/?range=90d", "/sla/?organization=acme&range=90d", "/sla/agreements/?range=90d", "/sla/wall/",
        "/sla/forecast/", "/services/vpn/", "/agreements/", f"/agreements/{promised.slug}/", "/breaches/",
        "/breaches/?show=all", "/availability/", "/availability/services/vpn/",
        "/availability/services/vpn/?month=2026-02", "/kpi/slm-attainment/?range=90d",
        "/kpi/slm-attainment-excused/?range=90d", "/reports/", f"/reports/{report.pk}/",
        f"/reports/agreements/{promised.slug}/",
    ]  # fmt: skip


def walked(client, pages, *, may_be_closed=False):
    """(page, address, number) of every number, each opened and counted."""
    found = []
    for page in pages:
        answer = client.get(page)
        if may_be_closed and answer.status_code in (403, 404):
            continue
        assert answer.status_code == 200, page
        for address, number in Read(answer.content.decode()).numbers:
            opened = urldefrag(urljoin(page, address)).url
            if opened != page:  # a place further down
                found.append((page, opened, number))
    wrong, known = [], {}
    for page, address, number in found:
        if address not in known:
            known[address] = length_of(client, address)
        if known[address] != number:
            wrong.append((page, address, number, known[address]))
    assert wrong == []
    return found


def test_attainment_stands_raw_and_with_excuses_wherever_it_is_told(pages_of, house, world, promised):
    found = attained(promised, at=AFTER)
    assert (found.raw.text, found.net.text) == ("50.0%", "66.7%")
    told = [page for page in world if page.startswith(("/sla/?", "/sla/w", "/sla/a", "/services/", "/kpi/"))]
    with time_machine.travel(AFTER, tick=False):
        client = pages_of(house.ines)
        for page in (*told, f"/agreements/{promised.slug}/"):
            text = client.get(page).content.decode()
            assert found.raw.text in text, page
            assert found.net.text in text, page
        fresh = operations.compile_again(report=ServiceReport.objects.get(), by=house.ines, at=AFTER)
    reading = Reading(fresh)
    assert next(iter(reading.headlines))["detail"] == "2 of 4; 66.6% with excuses"  # cut, never rounded up
    assert [(each["attained"], each["judged"]) for each in reading.trend.rows][-2:] == [
        ("n/a", "n/a"),
        ("50.0%", "66.6%"),
    ]


def test_every_number_opens_its_rows_for_those_inside_and_nothing_for_others(pages_of, house, world):
    with time_machine.travel(AFTER, tick=False):
        seen = walked(pages_of(house.ines), world)
        by_lead = walked(pages_of(house.aisha), world, may_be_closed=True)
        foreign = walked(pages_of(house.otto), world, may_be_closed=True)

    numbers = {page.split("?")[0].split("/")[1] for page, _address, number in seen if number}
    assert numbers >= {"sla", "services", "availability", "reports"}
    assert ("/availability/services/vpn/", 2) in {(page, number) for page, _address, number in seen}
    assert len(seen) > 60
    assert any(number for _page, _address, number in by_lead)
    assert {number for _page, _address, number in foreign} <= {0}
