"""Looking into a measure: coming and going, age, comparison, what happened, and an address that keeps it all."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine

from changes.enums import WindowKind
from changes.models import CalendarWindow
from incidents import operations
from measurement import rebuild
from measurement.explorer.comparing import earlier
from measurement.explorer.flows import Flow, steps
from measurement.periods import Range
from measurement.scope import scope_of
from tests.conftest import moment

NOW = "2026-03-10 12:00"
MARCH = {"from": "2026-03-02", "to": "2026-03-10", "grain": "day"}


@pytest.fixture
def get(client, house):
    def ask(path, user=None, **query):
        client.force_login(user or house.tom)
        with time_machine.travel(moment(NOW), tick=False):
            return client.get(path, query)

    return ask


@pytest.fixture
def world(house, log_incident):
    """Six opened, two resolved of which one was opened again, one cancelled."""
    opened = [log_incident(at=moment(f"2026-03-0{day} 09:00")) for day in (2, 2, 3, 4, 5, 9)]
    for each, day in ((opened[0], 4), (opened[1], 5)):
        operations.take(incident=each, by=house.tom, at=moment(f"2026-03-0{day} 10:00"))
        operations.resolve(incident=each, by=house.tom, at=moment(f"2026-03-0{day} 11:00"), code="fixed", text="Done.")
    operations.reopen(incident=opened[1], by=house.tom, at=moment("2026-03-06 09:00"), reason="Again.")
    operations.cancel(incident=opened[2], by=house.aisha, at=moment("2026-03-06 10:00"), reason="Twice.")
    rebuild.rebuild_all()
    return opened


def test_what_came_less_what_left_is_what_stands_and_each_number_opens_as_many_records(world, house, get, subtests):
    page = get("/kpi/inc-backlog/", chart="flow", **MARCH).context["page"]

    told = [(each.arrived, each.left, each.standing) for each in page.steps]
    assert told == [(2, 0, 2), (1, 0, 3), (1, 1, 3), (1, 0, 4), (0, 1, 3), (0, 0, 3), (0, 0, 3), (1, 0, 4), (0, 0, 4)]
    for series in page.chart["series"]:
        for number, url in zip(series["values"], series["links"], strict=True):
            with subtests.test(url):
                assert get(url).context["total"] == number


def test_the_ages_of_what_stands_open_add_up_to_the_backlog_and_open_their_records(world, get):
    page = get("/kpi/inc-backlog/", chart="age", **MARCH).context["page"]

    assert [each["number"] for each in page.ages] == [0, 1, 2, 1, 0, 0, 0]
    assert sum(each["number"] for each in page.ages) == page.value.numerator == 4
    assert [get(each["url"]).context["total"] for each in page.ages] == [each["number"] for each in page.ages]


def test_otto_finds_nothing_coming_going_or_aging(world, house, get):
    page = get("/kpi/inc-backlog/", user=house.otto, chart="flow", **MARCH).context["page"]

    assert {(each.arrived or 0, each.left or 0, each.standing or 0) for each in page.steps} == {(0, 0, 0)}
    assert (
        sum(each["number"] for each in get("/kpi/inc-backlog/", user=house.otto, chart="age").context["page"].ages) == 0
    )
    assert get("/kpi/inc-backlog/records/", user=house.otto, part="left", **MARCH).context["total"] == 0


def test_the_address_keeps_every_choice_in_every_link(world, get):
    asked = {"chart": "control", "compare": "before", "grain": "day", "marks": "freeze", "team": "none", "range": "90d"}
    text = get("/kpi/inc-volume/", **asked).content.decode()

    links = [unescape(each) for each in re.findall(r'class="tabs__tab" href="\?([^"]*)"', text)]
    assert len(links) == 4
    days = text.partition('aria-label="Days of your choice"')[2].partition("</form>")[0]
    assert sorted(re.findall(r'type="hidden" name="(\w+)"', days)) == ["chart", "compare", "grain", "marks", "team"]
    for link in links:
        assert {"compare=before", "grain=day", "marks=freeze", "team=none", "range=90d"} <= set(link.split("&"))


def test_the_time_before_stands_beside_it_in_chart_and_table(world, get):
    page = get(
        "/kpi/inc-volume/", compare="before", **{"from": "2026-03-09", "to": "2026-03-10", "grain": "day"}
    ).context["page"]

    assert page.compared_span == Range(date(2026, 3, 2), date(2026, 3, 4))
    assert [series["values"] for series in page.chart["series"]] == [[1, 0], [2, 1]]
    assert [row[1:] for row in page.table] == [["1", "2"], ["0", "1"]]


@pytest.mark.parametrize(
    ("span", "against", "grain", "wanted"),
    [
        (("2026-03-02", "2026-03-12"), "before", "week", ("2026-02-16", "2026-02-26")),
        (("2026-03-31", "2026-05-01"), "before", "month", ("2026-01-31", "2026-03-01")),
        (("2024-02-29", "2024-03-01"), "year", "month", ("2023-02-28", "2023-03-01")),
        (("2026-03-02", "2026-03-03"), "year", "day", ("2025-03-03", "2025-03-04")),
    ],
)
def test_the_days_to_compare_with_begin_like_those_asked_for(span, against, grain, wanted):
    dates = [date.fromisoformat(each) for each in span]

    assert earlier(Range(*dates), against, grain) == Range(*map(date.fromisoformat, wanted))


def test_a_freeze_is_marked_where_it_began_for_those_who_may_see_it(world, house, get):
    freeze = {"kind": WindowKind.FREEZE, "zone": "UTC", "starts_at": moment("2026-03-04 08:00")}
    CalendarWindow.objects.create(name="<b>Close</b>", ends_at=moment("2026-03-05 08:00"), **freeze)
    CalendarWindow.objects.create(
        name="Umbrella's own", ends_at=moment("2026-03-05 08:00"), organization=house.umbrella, **freeze
    )

    seen = get("/kpi/inc-volume/", **MARCH)

    assert [each["index"] for each in seen.context["page"].marks][:1] == [2]
    assert "&lt;b&gt;Close&lt;/b&gt;" in seen.content.decode()
    assert get("/kpi/inc-volume/", marks="freeze", **MARCH).context["page"].marks == []


@pytest.mark.parametrize(
    "path", ["inc-volume", "inc-backlog", "inc-resolution-sla", "avl-availability", "inc-reassign"]
)
@pytest.mark.parametrize("chart", ["control", "flow", "age", "<script>"])
def test_every_chart_stands_with_little_and_with_nonsense(world, get, path, chart):
    query = {"chart": chart, "compare": "year", "grain": "month", "marks": "x" * 500, "range": "12m"}

    assert get(f"/kpi/{path}/", **query).status_code == 200
    assert get(f"/kpi/{path}/", **(query | {"from": "1970-01-01", "to": "1970-01-02", "range": ""})).status_code == 200


def test_weeks_and_months_of_coming_and_going_add_up_to_the_same(world, house):
    flow = Flow("incident", arrived="inc-volume", stock="inc-backlog")
    span, scope = Range(date(2026, 2, 25), date(2026, 3, 11)), scope_of(house.tom)

    for grain in ("day", "week", "month"):
        found = [each for each in steps(flow, span, scope, grain=grain) if each.arrived is not None]
        assert (sum(each.arrived for each in found), sum(each.left for each in found), found[-1].standing) == (6, 2, 4)
