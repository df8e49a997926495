"""Pages of what services are said to be, agreements held against it, and the same over REST."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from services.models import Offering, Service
from services.specifications import operations
from services.specifications.enums import Call, Cell
from services.specifications.models import Specification
from services.specifications.terms import Said
from slm.specifications.tracing import agreements_of, checked
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

pytestmark = pytest.mark.django_db
GET, WELL = Cell.FACILITY_FUNCTIONALITY, Cell.FACILITY_FUNCTIONING
DO, SOON = Cell.SUPPORT_FUNCTIONALITY, Cell.SUPPORT_FUNCTIONING
MONDAY = moment("2026-03-02 09:00")
PAGE = "/services/vpn/specification/"
HTML = "We reset <b>lost</b> passwords"
SAID = (
    Said(GET, "One login for everything"),
    Said(WELL, "Available around the clock", bound="availability", value=Decimal("99.9")),
    Said(DO, HTML),
    Said(SOON, "P4 is answered within a day", bound="clock:response:4", value=Decimal(480)),
    Said(SOON, "Everything is solved within an hour", bound="clock:resolution", value=Decimal(60)),
)


def decide(service: Service, by: Any, said: tuple[Said, ...] = SAID) -> Specification:
    draft = operations.begin_draft(service=service, by=by, at=MONDAY)
    draft = operations.save_draft(draft=draft, by=by, at=MONDAY, terms=said)
    return operations.put_in_force(
        draft=draft, by=by, at=MONDAY, valid_from=operations.local_day(MONDAY), reason="First one"
    )  # fmt: skip


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def row(cell: Cell, number: int = 0, **said: str) -> dict[str, str]:
    return {f"{cell}-{number}-{name}": value for name, value in said.items()}


def test_a_draft_is_written_checked_and_put_in_force(client: Client, house: Any, vpn: Service) -> None:
    client.force_login(house.aisha)
    assert "Nothing is in force yet" in text_of(client, PAGE)
    for _click in range(2):
        assert client.post(f"{PAGE}drafts/")["Location"] == f"{PAGE}draft/"
    counts = {f"{cell}_count": "1" for cell in Cell} | {"revision": "1"}
    more = client.post(f"{PAGE}draft/", counts | row(GET, text="x <i>") | {"more": GET}).content.decode()
    assert f'name="{GET}-3-text"' in more and 'value="x &lt;i&gt;"' in more and f'name="{DO}-1-text"' not in more
    wrong = counts | row(SOON, text="Soon", bound="clock:response:1", value="soon")
    refused = client.post(f"{PAGE}draft/", wrong)
    assert refused.status_code == 422 and "such as 30 min or 4 h" in refused.content.decode()
    refused = client.post(f"{PAGE}draft/", counts | row(WELL, text="Up", bound="clock:response:1", value="4 h"))
    assert refused.status_code == 422 and 'value="Up"' in refused.content.decode()
    right = counts | row(GET, text="One login") | row(DO, text=HTML, call=Call.REQUEST)
    right |= row(SOON, text="Soon", bound="clock:response:1", value="1 h 30 min")
    assert client.post(f"{PAGE}draft/", right)["Location"] == f"{PAGE}versions/1/"
    stale = client.post(f"{PAGE}draft/", right | row(GET, text="Two logins"))
    assert stale.status_code == 412 and 'value="Two logins"' in stale.content.decode()
    assert 'value="1 h 30 min"' in text_of(client, f"{PAGE}draft/")
    page = text_of(client, f"{PAGE}versions/1/")
    assert "We reset &lt;b&gt;lost&lt;/b&gt; passwords" in page and "at most 1 h 30 min" in page
    today = operations.local_day(timezone.now()).isoformat()
    force = {"valid_from": today, "reason": "", "revision": "2"}
    refused = client.post(f"{PAGE}versions/1/force/", force)
    assert refused.status_code == 422 and "Put it in force" in refused.content.decode()
    refused = client.post(f"{PAGE}versions/1/force/", force | {"reason": "New", "revision": "1"})
    assert refused.status_code == 412 and 'value="New"' in refused.content.decode()
    assert client.post(f"{PAGE}versions/1/force/", force | {"reason": "New"})["Location"] == PAGE
    assert "Version 1, in force since" in text_of(client, PAGE)
    assert client.post(f"{PAGE}versions/1/force/", force | {"reason": "New"})["Location"] == f"{PAGE}versions/1/"
    assert client.get(f"{PAGE}draft/")["Location"] == PAGE


def test_who_may_not_write_reads_and_others_do_not(client: Client, house: Any, vpn: Service) -> None:
    decide(vpn, house.ines)
    draft = operations.begin_draft(service=vpn, by=house.ines, at=MONDAY)
    client.force_login(house.tom)
    assert "Begin a draft" not in text_of(client, PAGE)
    assert "Put in force" not in text_of(client, f"{PAGE}versions/2/")
    assert client.post(f"{PAGE}versions/2/dropping/").status_code == 403
    assert (
        client.post(
            f"{PAGE}versions/2/force/", {"valid_from": "2199-01-01", "reason": "x", "revision": "1"}
        ).status_code
        == 403
    )
    client.force_login(house.maria)
    for address in ("/services/", PAGE, f"{PAGE}versions/1/", "/calls/", "/calls/typed/"):
        assert client.get(address).status_code == 403
    assert Specification.objects.drafts().get() == draft
    client.force_login(house.ines)
    assert client.post(f"{PAGE}versions/2/dropping/")["Location"] == PAGE
    assert not Specification.objects.drafts().exists()
    assert client.get(f"{PAGE}versions/2/").status_code == 404


def test_targets_are_held_against_the_cells(client: Client, house: Any, vpn: Service, make_agreement: Any) -> None:
    targets = {("response", 4): 480, ("resolution", 4): 480, ("resolution", 1): 60, ("response", 1): 15}
    agreement = make_agreement(targets=targets)
    gold = Offering.objects.create(service=vpn, name="Gold")
    gold.organizations.add(house.umbrella)
    acme = make_agreement(name="Acme", organization=house.acme)
    said = (*SAID, Said(SOON, "Gold is faster", bound="clock:response", value=Decimal(1), offering=gold.pk))
    decide(vpn, house.ines, said)

    shown = Specification.objects.prefetch_related("statements").get()
    check = checked(shown, [agreement])

    assert [(each.statement.text, [trace.fit.value for trace in each.traces]) for each in check.traced] == [
        ("Available around the clock", ["missing"]),
        ("P4 is answered within a day", ["held"]),
        ("Everything is solved within an hour", ["weaker"]),
        ("Gold is faster", ["weaker"]),
    ]
    assert [each.fit for each in checked(shown, [acme]).traced[3].traces] == []
    assert [each.label for each in checked(shown, [acme]).loose] == ["Response, P1, P2, P3, P5"]
    without_gold = Specification.objects.prefetch_related("statements").get()
    without_gold._prefetched_objects_cache["statements"] = list(shown.statements.all())[:3]  # type: ignore[attr-defined]
    assert [each.label for each in checked(without_gold, [agreement]).loose] == [
        "Resolution, P1, P4",
        "Response, P1, P4",
    ]
    assert checked(None, [agreement]).traced == []
    client.force_login(house.tom)
    page = text_of(client, PAGE)
    assert "“Available around the clock” (Availability: at least 99.9%): no target keeps it." in page
    assert "the agreement promises less, at most 8 h" in page
    assert "Gold is faster" in text_of(client, f"/agreements/{agreement.slug}/cells/")
    assert agreements_of(vpn) == [acme, agreement]
    client.force_login(house.otto)
    assert client.get(f"/agreements/{agreement.slug}/cells/").status_code in (403, 404)


def test_customers_read_what_is_in_force_for_them(client: Client, house: Any, vpn: Service) -> None:
    gold = Offering.objects.create(service=vpn, name="Gold")
    gold.organizations.add(house.umbrella)
    Offering.objects.create(service=vpn, name="Standard")
    decide(vpn, house.ines, (*SAID, Said(GET, "A golden phone", also="secret word", offering=gold.pk)))
    draft = operations.begin_draft(service=vpn, by=house.ines, at=MONDAY)
    operations.save_draft(draft=draft, by=house.ines, at=MONDAY, terms=(Said(GET, "Not decided yet"),))
    vault = Service.objects.create(name="Vault", slug="vault")
    Offering.objects.create(service=vault, name="U").organizations.add(house.umbrella)

    client.force_login(house.maria)
    page = text_of(client, "/portal/services/vpn/")
    assert "We reset &lt;b&gt;lost" in page and "Availability: at least 99.9%" in page
    assert not any(each in page for each in ("golden", "secret", "Not decided"))
    catalog = text_of(client, "/portal/services/?q=lost+passwords")
    assert "One login for everything" in catalog and "We do that for you" in catalog and "Vault" not in catalog
    assert "say nothing certain" in text_of(client, "/portal/services/?q=coffee")
    assert client.get("/portal/services/vault/").status_code == 404
    assert "That should work" in text_of(client, "/portal/calls/?title=login+is+broken")
    assert text_of(client, f"/portal/calls/?title=golden+phone&service={vpn.pk}").strip() == ""
    assert 'hx-get="/portal/calls/"' in text_of(client, "/portal/new/")
    client.force_login(house.otto)
    assert "A golden phone" in text_of(client, "/portal/services/vpn/")
    assert client.get("/portal/services/vault/").status_code == 200


def test_the_cell_is_quoted_beside_tickets(client: Client, house: Any, vpn: Service, log_incident: Any) -> None:
    decide(vpn, house.ines)
    incident = log_incident(title="Lost <b>passwords</b>")
    client.force_login(house.tom)

    beside = text_of(client, f"/calls/beside/{incident.reference}/")
    assert "Service request" in beside and "We reset &lt;b&gt;lost" in beside
    assert f"/calls/beside/{incident.reference}/" in text_of(client, incident.get_absolute_url())
    assert "/calls/typed/?title=lost" in text_of(client, "/new/?text=lost+passwords").replace("&amp;", "&")
    assert "Incident" in text_of(client, "/calls/?q=no+login") and "any" in text_of(client, "/calls/")
    assert "so no cell decides" in text_of(client, "/calls/typed/?title=coffee")
    assert text_of(client, "/calls/typed/?title=&service=99999999999999999999").strip() == ""
    client.force_login(house.otto)
    assert client.get(f"/calls/beside/{incident.reference}/").status_code == 403


@pytest.mark.parametrize("address", ["/services/", "/portal/services/"])
def test_lists_take_the_same_statements_for_one_and_for_three(
    client: Client, house: Any, vpn: Service, address: str
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as said:
            text_of(client, address)
        return len(said)

    client.force_login(house.ines)
    decide(vpn, house.ines)
    text_of(client, address)
    with_one = count()
    for name in ("a", "b"):
        decide(Service.objects.create(name=name, slug=name, owner=house.aisha), house.ines)

    assert count() == with_one


def test_over_rest_a_draft_is_written_read_and_put_in_force(
    as_: Any,  # noqa: F811
    house: Any,
    vpn: Service,
) -> None:
    ines, base = as_(house.ines), f"services/{vpn.pk}/specification/"
    up = {"cell": WELL, "text": "Up", "bound": "availability", "value": "99.5"}
    begun = ines.post(f"{base}draft/")
    assert begun.status_code == 201 and begun["ETag"] == '"1"'
    assert ines.post(f"{base}draft/").status_code == 409
    said = {"statements": [{"cell": DO, "text": HTML}, up]}
    assert ines.call("PUT", f"{base}draft/", said, if_match='"1"').json()["statements"][0]["text"] == "Up"
    assert ines.call("PUT", f"{base}draft/", said, if_match='"1"').status_code == 412
    wrong = {"statements": [up | {"value": "-1"}, up | {"offering": 4711}]}
    assert ines.call("PUT", f"{base}draft/", wrong).status_code == 422
    today = operations.local_day(timezone.now()).isoformat()
    assert ines.post(f"{base}draft/force/", {"valid_from": today, "reason": "x"}, if_match='"1"').status_code == 412
    assert as_(house.tom).post(f"{base}draft/force/", {"valid_from": today, "reason": "x"}).status_code == 403
    assert ines.post(f"{base}draft/force/", {"valid_from": today, "reason": "x"}).json()["valid_from"] == today
    assert ines.get(f"{base}draft/").status_code == 404
    assert [each["number"] for each in ines.get(f"{base}versions/").json()["results"]] == [1]
    maria = as_(house.maria)
    read = maria.get(f"services/{vpn.pk}/").json()["specification"]
    assert [each["text"] for each in read["statements"]] == ["Up", HTML]
    assert maria.get(f"{base}versions/").status_code == 403
    answer = maria.get("call-classification/?text=lost+password").json()
    assert (answer["call"], answer["statement"]["text"], answer["statement"]["words"]) == (
        "request", HTML, ["lost", "password"],
    )  # fmt: skip
    assert maria.get("call-classification/?text=coffee").json()["call"] is None
    assert ines.get(f"{base}check/").json() == {"traces": [], "findings": []}
