"""The SLA dashboard: every number opens exactly its records, and nobody reads what is not theirs."""

import re

import pytest
import time_machine

from incidents import operations
from measurement import rebuild
from measurement.filters import read
from slm.dashboard.misses import DELAYS, NO_DELAY, Misses
from slm.models import Clock
from tests.conftest import moment

NOW = "2026-03-10 12:00"
STATEMENTS = 12


@pytest.fixture
def past(house, standard, log_incident):
    """Monday 2 March: one incident resolved in time, one an hour too late after three hand-overs; a third is open."""
    in_time = log_incident(title="Kept")
    in_time = operations.take(incident=in_time, by=house.tom, at=moment("2026-03-02 09:01"))
    operations.resolve(incident=in_time, by=house.tom, at=moment("2026-03-02 09:30"), code="fixed", text="Done.")
    late = log_incident(title="Missed")
    for team in (house.first_line, house.networks, house.first_line, house.networks):
        late = operations.assign(incident=late, by=house.tom, at=moment("2026-03-02 09:05"), team=team)
    operations.resolve(incident=late, by=house.tom, at=moment("2026-03-06 09:30"), code="fixed", text="Done.")
    log_incident(title="Still open", at=moment("2026-03-10 11:59"))
    rebuild.rebuild_all()
    return late


@pytest.fixture
def get(client, house):
    def ask(path, user=None, **query):
        if user or "_auth_user_id" not in client.session:
            client.force_login(user or house.tom)
        with time_machine.travel(moment(NOW), tick=False):
            return client.get(path, query)

    return ask


def test_attainment_counts_finished_clocks_only(past, get):
    shown = get("/sla/").context["page"]

    finished = Clock.objects.filter(state__in=["met", "missed"])
    assert shown.attained.denominator == finished.count() == 4
    assert shown.attained.numerator == finished.filter(state="met").count()


def test_every_part_of_the_misses_opens_as_many_clocks_as_it_says(past, house, get):
    with time_machine.travel(moment(NOW), tick=False):
        asked = read({}, house.tom, at=moment(NOW), operation="sla.view")
    misses = Misses(asked.span, asked.scope)
    summary = misses.summary()

    assert summary.total == misses.rows().count() > 0
    for name in (*DELAYS, NO_DELAY):
        assert summary.delays[name] == misses.rows(delay=name).count()
    for (weekday, hour), count in summary.hours.items():
        assert count == misses.rows(weekday=weekday, hour=hour).count()
    assert summary.delays["handed"] > 0


def test_the_links_of_the_dashboard_open_lists_of_the_same_length(past, get):
    shown = get("/sla/").context["page"]
    links = [(each["url"], each["number"]) for each in shown.now + shown.delays]
    links += [(item["url"], item["number"]) for bar in shown.bars for item in bar["items"]]
    links += [(cell["url"], cell["value"]) for row in shown.heatmap["rows"] for cell in row["cells"] if cell["url"]]

    assert links
    for url, number in links:
        path, _mark, query = url.partition("?")
        answer = get(path, **dict(pair.split("=") for pair in query.split("&") if pair))
        assert answer.context["rows"].paginator.count == number, url


def test_the_number_of_finished_clocks_opens_that_many(past, get):
    shown = get("/sla/").context["page"]
    answer = get("/kpi/slm-attainment/records/", part="measured")

    assert answer.context["total"] == shown.attained.denominator


def test_otto_sees_none_of_it(past, house, get):
    answer = get("/sla/", user=house.otto)
    listed = get("/sla/breaches/", user=house.otto)

    assert answer.context["page"].attained.denominator == 0
    assert [each["number"] for each in answer.context["page"].now] == [0, 0, 0]
    assert answer.context["page"].misses.total == listed.context["rows"].paginator.count == 0
    assert "Missed" not in re.sub(r"Missed target", "", listed.content.decode())
    assert "Acme" not in answer.content.decode()


def test_naming_another_organization_gives_otto_nothing(past, house, get):
    answer = get("/sla/breaches/", user=house.otto, organization="acme")

    assert answer.context["rows"].paginator.count == 0


def test_requesters_have_no_dashboard(past, house, get):
    assert get("/sla/", user=house.maria).status_code == 403
    assert get("/sla/breaches/", user=house.maria).status_code == 403
    assert get("/kpi/", user=house.maria).status_code == 403


def test_an_unknown_service_in_the_address_finds_nothing_and_can_be_taken_away(past, get):
    answer = get("/sla/", service="no-such")

    assert answer.context["page"].attained.denominator == 0
    assert answer.context["asked"].chips == [{"label": "Service: no-such", "remove_url": "?"}]


@pytest.mark.parametrize(
    "query",
    [
        {"range": "1000y"},
        {"from": "2026-02-30", "to": "x"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"why": "'; DROP"},
        {"weekday": "8", "hour": "99"},
        {"page": "-7"},
        {"priority": "\x00"},
        {"clock": "none"},
    ],
)
def test_nonsense_in_the_address_is_left_out(past, get, query):
    assert get("/sla/", **query).status_code == 200
    assert get("/sla/breaches/", **query).status_code == 200


def test_the_file_of_misses_runs_nothing_in_a_spreadsheet(past, house, log_incident, get):
    evil = log_incident(title="=HYPERLINK(1)", at=moment("2026-03-03 09:00"))
    evil = operations.take(incident=evil, by=house.tom, at=moment("2026-03-09 09:00"))
    operations.resolve(incident=evil, by=house.tom, at=moment("2026-03-09 15:00"), code="fixed", text="Done.")
    rebuild.settle_marks()

    answer = get("/sla/breaches/", format="csv")

    text = b"".join(answer.streaming_content).decode()
    assert ",'=HYPERLINK(1)," in text
    assert answer["Content-Disposition"] == 'attachment; filename="missed-targets.csv"'


def test_the_dashboard_takes_the_same_number_of_statements_for_one_and_for_three(
    past, house, log_incident, get, django_assert_num_queries
):
    get("/sla/")
    with django_assert_num_queries(STATEMENTS):
        get("/sla/")
    for title in ("A", "B"):
        other = operations.take(incident=log_incident(title=title), by=house.tom, at=moment("2026-03-02 09:01"))
        operations.resolve(incident=other, by=house.tom, at=moment("2026-03-06 09:30"), code="fixed", text="Done.")
    rebuild.settle_marks()
    with django_assert_num_queries(STATEMENTS):
        get("/sla/")
