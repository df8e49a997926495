"""Links that show the wall where nobody signs in: shown once, kept as a hash, the view of their maker, revocable."""

import re

import pytest
import time_machine
from django.test import Client

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from measurement import filters, rebuild
from measurement.dashboards import operations as dashboards
from people.models import User
from slm.walls import operations
from slm.walls.models import WallLink
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

pytestmark = pytest.mark.django_db
AT = moment("2026-03-10 12:00")


@pytest.fixture
def at_noon():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def screen(at_noon):
    """A browser in which nobody signed in."""

    def get(token, **headers):
        return Client().get(f"/wall/{token}/", headers=headers)

    return get


def test_a_screen_shows_numbers_and_references_and_nothing_else(house, standard, log_incident, screen):
    mine = log_incident(title="Secret <b>gateway</b>", at=moment("2026-03-10 11:59"))
    theirs = log_incident(requester=house.otto, title="Umbrella", at=moment("2026-03-10 11:59"))
    rebuild.rebuild_all()
    asked = filters.read({"range": "7d", "organization": "acme"}, house.ines, at=AT, operation="sla.view")
    link, token = operations.make_link(by=house.ines, at=AT, name="Desk", asked=asked)

    answer = screen(token)

    page = answer.content.decode()
    assert mine.reference in page
    assert theirs.reference not in page
    assert "gateway" not in page
    assert "Organization: Acme" in page
    assert not re.search(r'<a [^>]*href="(?!#)', page)
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert WallLink.objects.get().read_at == AT
    part = screen(token, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert mine.reference in part
    assert bytes(link.digest) == operations.digest_of(token)
    assert token not in str(Entry.objects.filter(subject_kind="wall_link").values_list("data", flat=True))


def test_a_link_is_dark_once_revoked_or_once_its_maker_left_or_sees_nothing(house, screen):
    asked = filters.read({}, house.ines, at=AT, operation="sla.view")
    link, token = operations.make_link(by=house.ines, at=AT, name="Desk", asked=asked)
    assert screen(token).status_code == 200
    assert screen("x" * 43).status_code == 404
    with pytest.raises(NotAllowed):
        operations.make_link(by=house.tom, at=AT, name="Desk", asked=asked)
    for change, undo in (({"is_active": False}, {"is_active": True}),):
        User.objects.filter(pk=house.ines.pk).update(**change)
        assert screen(token).status_code == 404
        User.objects.filter(pk=house.ines.pk).update(**undo)

    operations.revoke_link(link=link, by=house.ada, at=AT)

    assert screen(token).status_code == 404
    gone = screen(token, **{"HX-Request": "true"})
    assert (gone.status_code, "This link has ended" in gone.content.decode()) == (286, True)
    with pytest.raises(Refused, match="revoked before"):
        operations.revoke_link(link=link, by=house.ines, at=AT)


def test_links_are_made_and_revoked_by_page_and_the_address_is_shown_once(house, client, at_noon):
    client.force_login(house.ines)
    base = "/sla/wall/links/"
    assert "No screen shows the wall" in client.get(base).content.decode()
    assert client.post(base, {"name": "  "}).status_code == 422

    made = client.post(f"{base}?priority=p1&team=none", {"name": "<i>Desk</i>", "organization": house.acme.pk})

    address = re.search(r"http://testserver/wall/([-\w]{43})/", made.content.decode())
    link = WallLink.objects.get()
    assert bytes(link.digest) == operations.digest_of(address[1])
    assert (link.organization, link.query) == (house.acme, "team=none&priority=p1")
    page = client.get(base).content.decode()
    assert "&lt;i&gt;Desk&lt;/i&gt;" in page
    assert address[1] not in page
    for person in (house.tom, house.otto, house.max):
        client.force_login(person)
        assert client.get(base).status_code == 403
        assert client.post(f"{base}{link.pk}/revocation/").status_code == 403
    client.force_login(house.ada)
    assert client.post(f"{base}{link.pk}/revocation/").status_code == 302
    assert WallLink.objects.get().revoked_at == AT


def test_links_over_rest_tell_the_address_once_and_only_what_one_may_see(house, as_, screen):  # noqa: F811 - fixtures
    ines, url = as_(house.ines), "/api/v1/wall-links/"
    said = {"name": "<b>Desk</b>", "range": "7d", "filters": {"organization": "acme", "priority": "p1"}}

    made = ines.post(url, said)

    address = made.json().pop("address")
    assert screen(address.split("/")[-2]).status_code == 200
    board = dashboards.create(by=house.ada, at=AT, name="Of Ada alone")
    for unseen in (board.pk, "gone"):
        assert ines.post(url, {"name": "x", "dashboard": unseen}).status_code == 422
    (listed,) = ines.get(url).json()["items"]
    assert listed["dashboard"] is None
    desk = ines.post(url, {"name": "Levels", "dashboard": "service-levels"}).json()
    assert desk["dashboard"]["name"] == "Service levels"
    assert "No data for these days" in screen(desk["address"].split("/")[-2]).content.decode()
    ines.delete(f"{url}{desk['id']}/")
    assert (listed["name"], listed["organization"]["id"], listed["query"]) == (
        "<b>Desk</b>", house.acme.pk, "range=7d&priority=p1",
    )  # fmt: skip
    assert address.split("/")[-2] not in ines.get(url).content.decode()
    for wrong in ({"name": " "}, {"name": "x", "filters": {"organization": "nobody"}}, {"name": "x", "range": "9d"}):
        assert ines.post(url, wrong).status_code == 422, wrong
    assert as_(house.tom).get(url).status_code == 403
    assert ines.delete(f"{url}{listed['id']}/").status_code == 204
    assert screen(address.split("/")[-2]).status_code == 404
    assert ines.get(url).json()["items"] == []


def test_a_screen_shows_a_dashboard_by_the_rights_of_who_made_the_link_until_it_is_dark(
    house, log_incident, screen, client
):
    mine = log_incident(title="Secret gateway", at=moment("2026-03-10 11:00"))
    rebuild.rebuild_all()
    board = dashboards.create(by=house.ines, at=AT, name="<i>Ours</i>")
    for tile in ({"kind": "number", "kpi": "inc-volume"}, {"kind": "trend", "kpi": "inc-volume"},
                 {"kind": "split", "kpi": "inc-volume", "by_dimension": "team"},
                 {"kind": "records", "query": "is:open"}):  # fmt: skip
        dashboards.add_tile(dashboard=board, by=house.ines, at=AT, **tile)
    client.force_login(house.ines)
    address = f"/sla/wall/links/?dashboard={board.pk}"
    assert address.replace("&", "&amp;") in client.get(f"/dashboards/{board.pk}/wall/").content.decode()
    made = client.post(address, {"name": "Hall", "organization": house.acme.pk}).context["made"]
    token = made.rsplit("/", 2)[1]
    theirs = log_incident(requester=house.otto, title="Umbrella", at=moment("2026-03-10 11:30"))

    page = screen(token).content.decode()
    assert mine.reference in page
    for hidden in (theirs.reference, "Secret", "<i>Ours", "/kpi/", "/incidents/"):
        assert hidden not in page
    assert "<html" not in screen(token, **{"HX-Request": "true"}).content.decode()
    client.force_login(house.ada)
    assert client.get(address).status_code == 404
    dashboards.remove(dashboard=board, by=house.ines, at=AT)
    assert screen(token).status_code == 404
    dashboards.take_back(dashboard=board, by=house.ines, at=AT)
    assert screen(token).status_code == 200
    operations.revoke_link(link=WallLink.objects.get(), by=house.ines, at=AT)
    assert screen(token).status_code == 404
