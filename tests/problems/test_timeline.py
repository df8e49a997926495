"""Everything that happened around a problem, read page by page over REST."""

from typing import Any

import pytest

from common.api.paging import _write
from people.enums import Role
from people.models import RoleGrant, User
from problems import operations
from records import operations as record_operations
from records.enums import LinkKind
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")
TEN = moment("2026-03-02 10:00")
SECRET = "Umbrella was told a wrong price"


@pytest.fixture
def rita(house: Any) -> User:
    """An agent of the provider for Acme alone."""
    person = User.objects.create_user(
        "rita", "rita@northwind.example", "long enough, surely", name="Rita Sand", organization=house.provider
    )
    RoleGrant.objects.create(user=person, role=Role.TECHNICIAN, organization=house.acme)
    return person


@pytest.fixture
def world(house: Any, rita: User, log_incident: Any, write_change: Any) -> Any:  # noqa: F811
    """A problem of Acme with two incidents, one of Umbrella, a change and two events; five of them at nine o'clock."""
    shown = [log_incident(title="<b>Drops</b>"), log_incident(title="Drops again")]
    hidden = log_incident(title=SECRET, requester=house.otto)
    problem = operations.create(by=rita, at=TEN, title="Drops", service=shown[0].service)
    for each in (*shown, hidden):
        record_operations.link(record=each, to=problem, kind=LinkKind.CAUSED_BY, by=house.tom, at=TEN)
    write_change(window=None, title="Patch gateway 2")
    for at, text in ((NINE, "Firmware 5.2"), (moment("2026-02-28 23:59"), "A storm")):
        operations.add_event(problem=problem, by=rita, at=TEN, happened_at=at, text=text)
    return problem


def texts(answer: Any) -> list[str]:
    return [each["text"] for each in answer.json()["items"]]


def test_the_timeline_holds_what_the_caller_may_see_in_its_order(house, as_, rita, world):  # noqa: F811
    address = f"problems/{world.reference}/timeline/"

    theirs, ours = as_(rita).get(address), as_(house.tom).get(address)

    assert texts(theirs)[0] == "A storm"
    assert sorted(texts(theirs)) == ["<b>Drops</b>", "A storm", "Drops again", "Firmware 5.2"]
    assert SECRET not in theirs.content.decode()
    assert sorted(set(texts(ours)) - set(texts(theirs))) == ["Patch gateway 2", SECRET]
    assert [each["event"] is None for each in theirs.json()["items"]] == [
        each["record"] is not None for each in theirs.json()["items"]
    ]
    assert as_(house.otto).get(address).status_code == 404
    assert as_(house.maria).get(address).status_code in (403, 404)


def test_pages_of_any_size_hold_the_same_rows(house, as_, world):  # noqa: F811
    tom, address = as_(house.tom), f"problems/{world.reference}/timeline/"
    whole = texts(tom.get(address))

    for limit in (1, 2, 5, 6):
        read, following = [], f"/api/v1/{address}?limit={limit}"
        while following:
            answer = tom.get(following)
            read += texts(answer)
            following = answer.json()["next"]
            assert len(texts(answer)) == limit or following is None
        assert read == whole, limit

    assert len(whole) == 6


def test_a_cursor_of_another_list_or_of_nobody_is_refused(house, as_, world):  # noqa: F811
    tom, address = as_(house.tom), f"problems/{world.reference}/timeline/"
    strange = ["x", _write("number", None, 5), _write("timeline", None, 5), _write("timeline", "yesterday", 5),
               _write("timeline", NINE, -1), _write("timeline", NINE, 2**63)]  # fmt: skip

    assert {tom.get(f"{address}?cursor={each}").status_code for each in strange} == {422}
    far = _write("timeline", NINE, 2**63 - 1)
    assert texts(tom.get(f"{address}?cursor={far}")) == []


def test_a_page_of_the_timeline_costs_the_same_however_long_it_is(
    house,
    as_,  # noqa: F811
    log_problem,
    log_incident,
    django_assert_num_queries,
):
    tom, problem = as_(house.tom), log_problem(incidents=[log_incident()])
    address = f"problems/{problem.reference}/timeline/"
    tom.get(address)

    for more in (0, 2):
        new = [log_incident() for _each in range(more)]
        record_operations.link_many(records=new, to=problem, kind=LinkKind.CAUSED_BY, by=house.tom, at=TEN)
        with django_assert_num_queries(8):
            assert len(texts(tom.get(address))) == 1 + more
