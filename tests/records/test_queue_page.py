"""The agent queue as a page: what it shows to whom, in which order, with how many statements."""

import re
from types import SimpleNamespace

import pytest
import time_machine
from django.core.cache import cache

from calendars import registry
from incidents import operations
from records.models import Presence, Record
from search import index
from tests.conftest import moment

NOW = "2026-03-02 11:00"


@pytest.fixture(autouse=True)
def _monday_eleven():
    cache.clear()
    registry.clear()
    with time_machine.travel(moment(NOW), tick=False):
        yield


@pytest.fixture
def browse(client, house):
    """Open an address as somebody; the first visit warms what a process keeps."""

    def open_page(path, viewer=None, **parameters):
        client.force_login(viewer or house.tom)
        return client.get(path, parameters)

    return open_page


def titles(response):
    return re.findall(r'data-row-link dir="auto">([^<]*)<', response.content.decode())


@pytest.fixture
def three(house, log_incident):
    first = log_incident(title="First")
    second = log_incident(title="Second")
    third = log_incident(title="Third")
    for record, due in ((first, "2026-03-02 15:00"), (second, "2026-03-02 10:00"), (third, None)):
        Record.objects.filter(pk=record.pk).update(
            due_at=due and moment(due), due_state="running" if due else "", due_calendar_id=None
        )
    index.rebuild()
    return SimpleNamespace(first=first, second=second, third=third)


def test_the_next_due_comes_first_and_tickets_without_a_clock_last(browse, three):
    response = browse("/queue/open/")

    assert response.status_code == 200
    assert titles(response) == ["Second", "First", "Third"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-due", ["First", "Second", "Third"]),
        ("number", ["First", "Second", "Third"]),
        ("-number", ["Third", "Second", "First"]),
        ("nonsense", ["Second", "First", "Third"]),
    ],
)
def test_the_address_sorts(browse, three, sort, expected):
    assert titles(browse("/queue/open/", sort=sort)) == expected


def test_clocks_are_told_in_hours_and_minutes(browse, three):
    html = browse("/queue/open/").content.decode()

    assert re.findall(r'data-clock="([a-z-]+)"', html) == ["breached", "on-track", "none"]
    assert ">-1:00<" in html
    assert ">4:00<" in html


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_page_costs_the_same_whatever_it_shows(browse, client, log_incident, django_assert_num_queries, count):
    for number in range(count):
        log_incident(title=f"Ticket {number}")
    browse("/queue/open/")

    with django_assert_num_queries(6):
        response = client.get("/queue/open/")

    assert len(titles(response)) == min(count, 50)


def test_a_full_page_keeps_to_its_budget(browse, log_incident):
    for number in range(50):
        log_incident(title=f"Ticket {number} with a subject of ordinary length for a queue")

    html = browse("/queue/open/").content.decode()

    assert len(html) <= 120_000
    assert len(re.findall(r"<[a-z]", html)) <= 2_500


def test_pages_of_equal_due_moments_show_each_ticket_once(browse, log_incident, house):
    for number in range(120):
        log_incident(title=f"T{number:03}")
    Record.objects.update(due_at=moment("2026-03-02 12:00"), due_state="running", due_calendar_id=None)
    Record.objects.filter(title__gte="T060").update(due_at=None, due_state="")

    seen, path = [], "/queue/open/"
    while path:
        html = browse(path).content.decode()
        seen += re.findall(r'data-row-link dir="auto">([^<]*)<', html)
        older = re.search(r'rel="next" href="([^"]+)"', html)
        path = older[1].replace("&amp;", "&") if older else ""
    back = re.search(r'rel="prev" href="([^"]+)"', html)[1].replace("&amp;", "&")

    assert seen == [f"T{number:03}" for number in range(120)]
    assert titles(browse(back)) == [f"T{number:03}" for number in range(50, 100)]


def test_a_ticket_that_arrives_meanwhile_moves_no_page(browse, log_incident):
    for number in range(51):
        log_incident(title=f"T{number:03}")
    Record.objects.update(due_at=moment("2026-03-02 12:00"), due_state="running", due_calendar_id=None)
    html = browse("/queue/open/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    early = log_incident(title="Early")
    Record.objects.filter(pk=early.pk).update(due_at=moment("2026-03-02 11:30"), due_state="running")

    assert titles(browse(older)) == ["T050"]


def test_tickets_are_grouped_under_headings(browse, three, house):
    operations.assign(incident=three.third, by=house.tom, at=moment(NOW), team=house.networks, assignee=house.aisha)

    html = browse("/queue/open/", group="team").content.decode()

    assert re.findall(r'scope="rowgroup"><bdi>([^<]*)<', html) == ["Networks", "None"]


def test_columns_are_those_of_the_address(browse, three):
    html = browse("/queue/open/", cols="opened,tag,unknown").content.decode()

    heads = [re.sub("<[^>]+>", "", head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)]
    assert heads == ["Ticket", "Subject", "Tags", "Opened"]


def test_an_unknown_term_is_marked_and_the_last_good_list_stays(browse, three):
    html = browse("/queue/open/", q="is:open taem:@mine", good="is:open first").content.decode()

    assert '<mark class="query__wrong">taem:@mine</mark>' in html
    assert "There is no field “taem”" in html
    assert "is%3Aopen+team%3A%40mine" in html
    assert re.findall(r'data-row-link dir="auto">([^<]*)<', html) == ["First"]


@pytest.mark.parametrize(("query", "kind"), [("is:open nothing-like-it", "no-match"), (None, "done")])
def test_an_empty_list_says_why(browse, three, house, query, kind):
    if query is None:
        html = browse("/queue/mine/").content.decode()
    else:
        html = browse("/queue/open/", q=query).content.decode()

    assert f'data-empty="{kind}"' in html


def test_an_empty_house_offers_the_first_step(browse, house):
    assert 'data-empty="first-use"' in browse("/queue/open/").content.decode()


def test_otto_sees_no_row_no_count_and_no_name_of_others(browse, three, house):
    html = browse("/queue/open/", viewer=house.otto).content.decode()

    assert titles(browse("/queue/open/", viewer=house.otto)) == []
    assert 'data-empty="first-use"' in html
    assert "Maria" not in html


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": ""},
        {"q": "-is:done"},
        {"q": "is:open", "group": "who"},
        {"q": "is:open", "sort": "-updated"},
        {"q": "is:open", "after": "WyIyMDI2LTAzLTAyVDEyOjAwOjAwKzAwOjAwIiwgMV0"},
        {"q": "is:open", "before": "broken"},
        {"q": "prio:1..5 -org:umbrella"},
    ],
)
def test_no_parameter_moves_a_count_by_hidden_tickets(browse, three, house, parameters):
    html = browse("/queue/", viewer=house.otto, **parameters).content.decode()

    assert titles(browse("/queue/", viewer=house.otto, **parameters)) == []
    assert ">0 tickets<" in html


def test_a_requester_is_kept_out(browse, three, house):
    assert browse("/queue/", viewer=house.maria).status_code == 403


def test_who_has_a_ticket_open_is_shown_but_not_oneself(browse, three, house):
    Presence.objects.create(record_id=three.first.pk, user=house.aisha, is_replying=True, seen_at=moment(NOW))
    Presence.objects.create(record_id=three.second.pk, user=house.tom, seen_at=moment(NOW))
    Presence.objects.create(record_id=three.third.pk, user=house.aisha, seen_at=moment("2026-03-02 10:59"))

    html = browse("/queue/open/").content.decode()

    assert html.count("queue__presence") == 1 + html.count("queue__presence-")
    assert "Aisha Khan is writing" in html


def test_suggestions_answer_what_fits_at_the_caret(browse, three):
    found = browse("/queue/suggestions/", q="is:open team:net", at="16").json()["suggestions"]

    assert [each["text"] for each in found] == ["networks"]


def test_a_list_without_a_view_refreshes_with_its_own_query(browse, three):
    refresh = re.search(r'id="queue-list"[^>]*hx-get="([^"]*)"', browse("/queue/", q="is:open").content.decode())

    assert refresh is not None
    assert refresh[1] == "/queue/?q=is%3Aopen&amp;part=rows"


@pytest.fixture
def many(monkeypatch, three):
    """Three tickets, one of them resolved, where two are many."""
    monkeypatch.setattr("records.queue.state.MOST_COUNTED", 2)
    Record.objects.filter(pk=three.second.pk).update(phase="done", resolved_at=moment("2026-03-02 10:00"))
    return three


@pytest.mark.parametrize("said", [{"sort": "due"}, {"sort": "prio"}, {"sort": "updated", "group": "team"}])
def test_a_long_list_with_closed_tickets_says_how_it_is_not_sorted(browse, many, said):
    html = browse("/queue/", q="kind:incident", **said).content.decode()

    assert "the latest change comes first" in html
    assert "q=kind%3Aincident+is%3Aopen" in html
    assert titles(browse("/queue/", q="kind:incident", **said)) == ["Third", "Second", "First"]


def test_open_tickets_are_sorted_by_their_clocks_however_many(browse, many):
    html = browse("/queue/", q="is:open", sort="due").content.decode()

    assert "the latest change comes first" not in html


def test_a_long_list_by_resolution_holds_what_was_resolved(browse, many):
    assert titles(browse("/queue/", q="kind:incident", sort="-resolved")) == ["Second"]
