"""Pages and API of differences: who sees and does what, by the literal words of the answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.differences import operations
from changes.differences.models import Difference, Verification
from changes.models import Change
from itsm.sample.cast import assemble
from itsm.sample.changes import Planner
from itsm.sample.estate import furnish
from itsm.sample.removal import remove
from itsm.sample.verifications import go_round
from people.models import RoleGrant
from services.models import ConfigurationItem, Offering
from tests.conftest import moment

from .conftest import FRIDAY_9

LIST = "/changes/differences/"
EXPLAIN = f"{LIST}explanations/"
SEES = {"tom", "aisha", "ines", "anna", "ada", "otto"}
EXPLAINS = {"aisha", "ines"}
BAD = "<script>alert(1)</script>"


@pytest.fixture
def people(house, auditor):
    return {name: getattr(house, name, None) for name in ("tom", "aisha", "ines", "ada", "otto", "maria")} | {
        "anna": auditor
    }


@pytest.mark.parametrize("person", ["tom", "aisha", "ines", "anna", "ada", "otto", "maria"])
def test_who_opens_and_does_what_by_page_and_by_api(client, as_, people, differs, host, house, person):
    Offering.objects.create(service=host.service, name="VPN").organizations.set([house.acme])
    user, key = people[person], differs.pk
    client.force_login(user)
    sees, explains = person in SEES, person in EXPLAINS
    own = sees and person != "otto"

    page = client.get(LIST)
    assert page.status_code == (200 if sees else 403)
    assert ("esx-3" in page.content.decode()) == own
    api = as_(user)
    assert api.get("differences/").status_code == (200 if sees else 403)
    assert api.get(f"differences/{key}/").status_code == (200 if own else 404 if sees else 403)
    verified = api.post(f"items/{host.pk}/verifications/", {}).status_code
    assert verified == (201 if person in {"aisha", "ines", "ada"} else 403)
    done = 200 if explains else 403
    assert api.post("differences/explanations/", {"differences": [key], "reason": "So"}).status_code == done
    assert client.post(f"{LIST}{key}/reopening/", {f"{key}-reason": "No"}).status_code == (303 if explains else 403)
    assert client.post(EXPLAIN, {"difference": [key], "open_change": "1"}).status_code == (303 if explains else 403)
    differs.refresh_from_db()
    assert (differs.is_open, differs.follow_up_id is not None) == (True, explains)


def test_many_are_explained_together_and_what_was_typed_stays(client, house, differs):
    client.force_login(house.ines)

    nothing = client.post(EXPLAIN, {"reason": "The record was wrong."})
    assert nothing.status_code == 422
    assert "None is selected. Tick those that it is about." in nothing.content.decode()
    assert "The record was wrong." in nothing.content.decode()
    unknown = client.post(f"{EXPLAIN}?q=esx", {"difference": [differs.pk, "x"], "change": "INC-99", "reason": BAD})
    page = unknown.content.decode()
    assert unknown.status_code == 422
    assert "There is no such record." in page
    assert BAD not in page
    assert "checked" in page

    done = client.post(f"{EXPLAIN}?q=esx", {"difference": [differs.pk, 99], "reason": BAD})
    assert (done.status_code, done.headers["Location"]) == (303, f"{LIST}?q=esx")
    assert BAD not in client.get(f"{LIST}?state=explained").content.decode()
    assert "Nothing is unexplained" in client.get(LIST).content.decode()
    assert "No difference matches" in client.get(f"{LIST}?q=nope&service=nope").content.decode()
    assert "Nothing here" in client.get(f"{LIST}?state=followed").content.decode()


def test_a_change_is_written_from_what_was_chosen(client, house, differs):
    client.force_login(house.ines)

    answer = client.post(EXPLAIN, {"difference": [differs.pk], "open_change": "1"})
    again = client.post(EXPLAIN, {"difference": [differs.pk], "open_change": "1"})

    change = Change.objects.get()
    assert answer.headers["Location"] == f"{change.get_absolute_url()}plan/"
    assert "None of them still waits for a change." in again.content.decode()
    assert change.reference in client.get(f"{LIST}?state=followed").content.decode()


def test_a_change_that_the_reader_may_not_see_is_not_named(client, house, differs, begun, as_):
    change = begun(items=[differs.item])
    operations.explain(differences=[differs], by=house.ines, at=FRIDAY_9, change=change)
    RoleGrant.objects.filter(user=house.tom).update(organization=house.acme)
    client.force_login(house.tom)

    page = client.get(f"{LIST}?state=all").content.decode()

    assert "esx-3" in page
    assert change.reference not in page
    assert all(each["change"] is None for each in as_(house.tom).get("differences/").json()["items"])


def test_the_page_of_an_item_tells_when_it_was_verified_and_takes_a_look_once(client, house, host):
    client.force_login(house.ines)
    before = client.get(host.get_absolute_url()).content.decode()
    assert "Nobody has compared it" in before
    token = before.partition('name="token" value="')[2].partition('"')[0]

    for _press in range(2):
        done = client.post(f"/ci/{host.pk}/verification/", {"token": token, "difference": BAD})
        assert done.status_code == 303

    page = client.get(host.get_absolute_url()).content.decode()
    assert Verification.objects.count() == 1
    assert "1 difference" in page
    assert "Differences that nobody explained" in page
    assert BAD not in page
    too_long = client.post(f"/ci/{host.pk}/verification/", {"token": "t", "difference": "x" * 5001})
    assert too_long.status_code == 422


def test_the_api_pages_narrows_and_refuses_like_the_page(house, host, as_):
    for number in range(3):
        operations.verify(item=host, by=house.ines, at=FRIDAY_9, difference=f"Thing {number}")
    api = as_(house.ines)

    first = api.get("differences/?state=open&limit=2").json()
    assert [each["after"] for each in first["items"]] == ["Thing 2", "Thing 1"]
    assert [each["after"] for each in api.call("GET", first["next"]).json()["items"]] == ["Thing 0"]
    assert api.get(f"differences/?item={host.pk + 1}").json()["items"] == []
    keys = [each["id"] for each in first["items"]]
    assert api.post("differences/explanations/", {"differences": keys}).status_code == 422
    made = api.post("differences/changes/", {"differences": keys})
    assert (made.status_code, api.call("GET", made.headers["Location"]).status_code) == (201, 200)
    assert api.post("differences/explanations/", {"differences": keys, "reason": "x"}).json() == {"explained": 2}
    assert api.post("differences/explanations/", {"differences": keys, "reason": "x"}).status_code == 409
    assert api.post(f"differences/{keys[0]}/reopening/", {"reason": "No"}).json()["is_open"] is True


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(client, house, vpn, scan, host, count):
    others = [
        ConfigurationItem.objects.create(
            name=f"n-{number}", type=host.type, service=vpn, external_key=f"k-{number}", attributes={"memory_gb": 1}
        )
        for number in range(count)
    ]
    scan("key;memory GB\n" + "".join(f"{each.external_key};2\n" for each in others))
    assert Difference.objects.count() == count
    client.force_login(house.ines)
    client.get(LIST)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(LIST).status_code == 200

    assert len(queries) == 5


def test_the_sample_goes_round_and_its_looks_go_with_it(db):
    at = moment("2026-03-29 00:30")
    cast = assemble(password="x", at=at)
    furnish(cast, at=at)
    Planner(cast, at=at).tell()

    assert go_round(cast, at=at) == 10

    told = {row.item.name: (row.change and row.change.title, row.reason[:9]) for row in Difference.objects.all()}
    assert told == {
        "esx-3": (None, "Delivered"), "san-2": (None, ""), "mail-cluster": ("Move mailboxes to the new storage", ""),
    }  # fmt: skip
    remove()
    assert not Verification.objects.exists()
