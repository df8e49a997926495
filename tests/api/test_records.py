"""Records of all kinds, narrowed by the query language of the queue."""

from urllib.parse import quote

import pytest

from records.models import Record
from search import index
from tests.conftest import moment


@pytest.fixture
def three(house, log_incident):
    made = [
        log_incident(title="First", tags=["vpn"], at=moment("2026-03-02 09:00")),
        log_incident(title="Second", at=moment("2026-03-02 10:00"), requester=house.max),
        log_incident(title="Third", at=moment("2026-03-02 11:00"), impact=1, urgency=1),
    ]
    index.rebuild()
    return made


def titles(response):
    assert response.status_code == 200, response.content
    return [each["title"] for each in response.json()["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Third", "Second", "First"]),
        ("tag:vpn", ["First"]),
        ("prio:p1 is:open", ["Third"]),
        ("-tag:vpn sort:number", ["Second", "Third"]),
        ("requester:max", ["Second"]),
        ("second", ["Second"]),
        ("kind:incident is:open sort:opened", ["First", "Second", "Third"]),
        ("is:open sort:due", ["First", "Second", "Third"]),
    ],
)
def test_the_query_of_the_queue_narrows_and_sorts(house, three, as_, query, expected):
    assert titles(as_(house.tom).get(f"records/?q={quote(query)}")) == expected


def test_pages_follow_by_key_and_shift_nothing(house, three, as_, log_incident):
    first = as_(house.tom).get("records/?q=is%3Aopen&limit=2")
    log_incident(title="Fourth", at=moment("2026-03-02 12:00"))

    rest = as_(house.tom).get(first.json()["next"])

    assert titles(first) + titles(rest) == ["Third", "Second", "First"]


def test_a_query_that_can_t_be_read_says_where_and_what_may_have_been_meant(house, three, as_):
    answer = as_(house.tom).get("records/?q=taem%3Anetworks")

    assert answer.status_code == 422
    body = answer.json()
    assert (body["start"], body["end"], body["suggestion"]) == (0, 13, "team:networks")
    assert "There is no field" in body["detail"]


@pytest.mark.parametrize("query", ["sort:prio", "sort:due", "is:done sort:due", "sort:-due is:open"])
def test_an_order_without_an_index_is_refused_with_the_way_out(house, three, as_, query):
    answer = as_(house.tom).get(f"records/?q={quote(query)}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"] == "Add is:open, or choose another order."


def test_otto_lists_nothing_of_others_and_names_nothing(house, three, as_):
    assert titles(as_(house.otto).get("records/")) == []
    assert as_(house.otto).get("records/?q=requester%3Amaria").status_code == 422


def test_requesters_have_no_queue(house, three, as_):
    assert as_(house.maria).get("records/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_with_one_and_three_rows(house, three, as_, django_assert_num_queries, count):
    Record.objects.filter(pk__in=[each.pk for each in three[count:]]).delete()
    caller = as_(house.tom)
    caller.get("records/?q=is%3Aopen")

    with django_assert_num_queries(3):  # token, rights, rows
        assert len(titles(caller.get("records/?q=is%3Aopen"))) == count
