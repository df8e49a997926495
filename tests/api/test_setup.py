"""What incidents are about: people, teams, services, calendars, agreements, clocks, measures."""

import pytest

from calendars.models import Calendar
from calendars.seeds import ensure_default_calendars
from measurement.rebuild import rebuild_all
from people.models import Organization
from services.models import ConfigurationItem, Offering, Service
from slm.models import Agreement
from slm.operations import ensure_default_agreement
from tests.conftest import moment


def names(response):
    assert response.status_code == 200, response.content
    return [each["name"] for each in response.json()["items"]]


@pytest.fixture
def standard(house):
    return ensure_default_agreement(at=moment("2026-03-01 00:00"))


def test_everybody_reads_who_they_are(house, as_):
    body = as_(house.aisha, "people:read", "records:read").get("me/").json()

    assert body["name"] == "Aisha Khan"
    assert body["roles"] == ["requester", "team_lead", "technician"]
    assert body["teams"] == [{"id": house.networks.pk, "name": "Networks"}]
    assert body["scopes"] == ["people:read", "records:read"]


def test_people_are_found_within_what_one_may_see(house, as_):
    assert names(as_(house.tom).get("people/?q=maria")) == ["Maria Rossi"]
    assert names(as_(house.otto).get("people/")) == ["Otto Weiss"]
    assert as_(house.maria).get("people/").status_code == 403
    assert as_(house.otto).get(f"people/{house.maria.pk}/").status_code == 404


def test_teams_and_organizations_stay_within_what_one_may_see(house, as_):
    assert names(as_(house.tom).get("teams/")) == ["Networks", "Service desk"]
    assert names(as_(house.otto).get("teams/")) == []
    assert names(as_(house.otto).get("organizations/")) == ["Umbrella"]
    assert names(as_(house.tom).get("organizations/?limit=2")) == ["Acme", "Northwind IT"]
    members = as_(house.tom).get(f"teams/{house.networks.pk}/").json()["members"]
    assert members == [{"id": house.aisha.pk, "name": "Aisha Khan"}]


def test_a_customer_sees_the_services_offered_to_them(house, vpn, as_):
    secret = Service.objects.create(name="Trading floor", slug="trading")
    Offering.objects.create(service=secret, name="Gold").organizations.add(house.umbrella)
    ConfigurationItem.objects.create(name="floor-switch", service=secret)
    Service.objects.create(name="Old mail", slug="old-mail", stage="retired")

    assert names(as_(house.tom).get("services/")) == ["Old mail", "Trading floor", "VPN"]
    assert names(as_(house.maria).get("services/")) == ["VPN"]
    assert names(as_(house.otto).get("services/")) == ["Trading floor", "VPN"]
    assert names(as_(house.maria).get("items/")) == []
    assert as_(house.maria).get(f"services/{secret.pk}/").status_code == 404
    assert as_(house.maria).post("incidents/", {"title": "x", "service": "trading"}).status_code == 422


def test_a_calendar_counts_four_hours_over_a_weekend(house, as_):
    oslo = ensure_default_calendars(at=moment("2026-03-01 00:00"))["oslo"]
    tom = as_(house.tom)

    body = tom.post(f"calendars/{oslo.pk}/preview/", {"start": "2026-03-06T14:00:00Z", "minutes": 240}).json()
    hours = tom.get(f"calendars/{oslo.pk}/").json()

    assert body["due"] == "2026-03-09T10:00:00Z"
    assert [(day["date"], day["used_minutes"]) for day in body["days"]] == [
        ("2026-03-06", 60.0),
        ("2026-03-07", 0.0),
        ("2026-03-08", 0.0),
        ("2026-03-09", 180.0),
    ]
    assert hours["zone"] == "Europe/Oslo"
    assert hours["windows"][0] == {"weekday": 0, "start_minute": 480, "end_minute": 960}


def test_a_calendar_that_never_opens_is_told_so(house, as_):
    shut = Calendar.objects.create(name="Shut", slug="shut", zone="UTC")

    refused = as_(house.tom).post(f"calendars/{shut.pk}/preview/", {"start": "2026-03-06T14:00:00Z", "minutes": 1})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "minutes"


def test_an_agreement_is_made_changed_and_retired_by_its_manager(house, vpn, standard, as_):
    ines = as_(house.ines)
    targets = [{"clock": "resolution", "priority": 1, "minutes": 120}]

    made = ines.post("agreements/", {"name": "VPN gold", "service": "vpn", "calendar": "24x7", "targets": targets})
    at = made["Location"]
    changed = ines.patch(at, {"pause_reasons": ["requester"]}, if_match=made["ETag"])
    set_anew = ines.call("PUT", f"{at}targets/", {"targets": [{**targets[0], "minutes": 60}]}, if_match=changed["ETag"])
    stale = ines.call("PUT", f"{at}targets/", {"targets": targets}, if_match=made["ETag"])

    assert [r.status_code for r in (made, changed, set_anew, stale)] == [201, 200, 200, 412]
    assert set_anew.json()["targets"] == [
        {"clock": "resolution", "priority": 1, "minutes": 60, "point": None, "calendar": None}
    ]
    by_five = {"clock": "resolution", "priority": 1, "point": "next day 17:00 if by 14:00"}
    pointed = ines.call("PUT", f"{at}targets/", {"targets": [by_five]}, if_match=set_anew["ETag"])
    assert pointed.json()["targets"][0]["point"] == by_five["point"]
    for wrong in ({**by_five, "minutes": 60}, {**by_five, "point": "at five"}):
        assert ines.call("PUT", f"{at}targets/", {"targets": [wrong]}, if_match=pointed["ETag"]).status_code == 422
    warned = ines.call("PATCH", at, {"thresholds": [{"percent": 60, "people": ["tom"]}]}, if_match=pointed["ETag"])
    assert warned.json()["thresholds"][0]["people"] == [house.tom.pk]
    assert set_anew.json()["version"] == 3
    assert stale.json()["current"]["version"] == 3
    retired = ines.post(f"{at}retirement/")
    assert (made.json()["state"], retired.json()["state"]) == ("draft", "retired")
    assert as_(house.tom).post(f"{at}reinstatement/").status_code == 403


def test_an_agreement_with_the_same_target_twice_is_refused(house, standard, as_):
    twice = [{"clock": "resolution", "priority": 1, "minutes": minutes} for minutes in (60, 120)]

    refused = as_(house.ines).post("agreements/", {"name": "Odd", "calendar": "24x7", "targets": twice})

    assert refused.status_code == 422
    assert not Agreement.objects.filter(name="Odd").exists()


def test_clocks_show_their_ledger(house, standard, log_incident, as_):
    incident = log_incident(impact=1, urgency=1)

    clocks = as_(house.tom).get(f"incidents/{incident.pk}/clocks/").json()["items"]

    assert [(c["kind"], c["target_minutes"], c["segments"][0]["kind"]) for c in clocks] == [
        ("resolution", 240.0, "running"),
        ("response", 15.0, "running"),
    ]
    assert clocks[0]["due_at"] == "2026-03-02T13:00:00Z"
    assert clocks[0]["used_minutes"] == clocks[0]["segments"][0]["working_minutes"]
    why = as_(house.tom).get(clocks[0]["explanation"]).json()
    assert (why["agreement"], why["due_local"]) == ("Standard support", "Mon 2 Mar 2026, 13:00")
    assert why["arithmetic"]
    assert as_(house.maria).get(f"incidents/{incident.pk}/clocks/").status_code == 403
    assert as_(house.otto).get(f"incidents/{incident.pk}/clocks/").status_code == 404


def test_readings_are_those_of_the_organizations_one_covers(house, log_incident, as_):
    log_incident()
    log_incident(requester=house.max)
    rebuild_all()
    days = "day_from=2026-03-01&day_to=2026-03-04"

    for_tom = as_(house.tom).get(f"kpis/inc-volume/readings/?{days}").json()["series"][0]
    by_organization = as_(house.tom).get(f"kpis/inc-volume/readings/?{days}&by=organization").json()["series"]
    for_otto = as_(house.otto).get(f"kpis/inc-volume/readings/?{days}&by=organization").json()["series"]

    assert for_tom["total"]["value"] == 2
    assert [each["value"] for each in for_tom["readings"]] == [None, 2.0, 0.0]
    assert [each["key"]["name"] for each in by_organization] == ["Acme"]
    assert for_otto == []
    assert as_(house.maria).get("kpis/").status_code == 403


def test_a_kpi_that_nobody_declared_is_not_found(house, as_):
    assert as_(house.tom).get("kpis/nothing/readings/").status_code == 404
    assert "inc-volume" in [each["id"] for each in as_(house.tom).get("kpis/").json()["items"]]


@pytest.mark.parametrize(
    "query", ["day_from=2026-03-04&day_to=2026-03-04", "day_from=1990-01-01", "by=colour", "grain=x"]
)
def test_a_range_of_readings_that_makes_no_sense_is_refused(house, as_, query):
    assert as_(house.tom).get(f"kpis/inc-volume/readings/?{query}").status_code == 422


def test_lists_by_name_come_in_pages(house, as_):
    Organization.objects.create(name="Beta", slug="beta")
    tom = as_(house.tom)

    first = tom.get("organizations/?limit=2")
    second = tom.get(first.json()["next"])

    assert names(first) + names(second) == ["Acme", "Beta", "Northwind IT", "Umbrella"]


@pytest.mark.parametrize("row", [True, None, 7, "x", []])
def test_a_row_of_a_list_that_is_no_object_is_refused_in_words(house, as_, row):
    refused = as_(house.ines).post("agreements/", {"name": "Other", "calendar": "24x7", "targets": [row]})

    assert refused.status_code == 422
    assert not Agreement.objects.exists()


def test_agreements_are_filtered_by_what_they_are_and_where_they_stand(house, as_):
    agreement = ensure_default_agreement()
    ada = as_(house.ada)

    def found(query):
        return [each["id"] for each in ada.get(f"agreements/?{query}").json()["items"]]

    assert found("type=customer&state=active,in_review") == [agreement.pk]
    assert found("type=team,supplier") == found("state=draft") == []
    assert ada.get("agreements/?is_active=true").status_code == 422


def test_an_agreement_is_signed_and_explained_over_rest(house, vpn, standard, as_):
    ines, ada = as_(house.ines), as_(house.ada)
    made = ines.post(
        "agreements/",
        {
            "name": "VPN gold", "service": "vpn", "organization": "acme", "calendar": "24x7", "exclusions": "None.",
            "targets": [{"clock": "resolution", "priority": 1, "minutes": 120}], "review_date": "2126-03-01",
            "provider_signatory": "ada", "volume": {"most": 20, "per": "month"}, "quality": {"inc-reopen": "5"},
            "availability_target": "99.95",
        },
    )  # fmt: skip
    at = made["Location"]
    paper = {"side": "partner", "version": 1, "signed_name": "Max Stone", "reference": "Folder 7"}

    early = ada.post(f"{at}signatures/", {"side": "provider", "version": 1})
    offered = ines.post(f"{at}offer/")
    by_author = ines.post(f"{at}signatures/", paper)
    first = ada.post(f"{at}signatures/", {"side": "provider", "version": 1})
    agreed = ada.post(f"{at}signatures/", paper)

    assert [r.status_code for r in (made, early, offered, by_author, first, agreed)] == [201, 409, 200, 403, 200, 200]
    assert (first.json()["state"], agreed.json()["state"]) == ("negotiating", "active")
    assert [each["side"] for each in ines.get(f"{at}signatures/").json()["items"]] == ["provider", "partner"]
    assert ines.get(at).json()["volume"] == {"most": 20, "per": "month"}
    assert ines.get(at).json()["availability_target"] == "99.950"
    unknown = ines.patch(at, {"quality": {"satisfaction": "4"}}, if_match="*")
    assert "Nobody measures this here" in unknown.content.decode()
    said = {"kind": "incident", "service": "vpn", "requester": "maria", "priority": 1}
    chosen = ines.post("agreement-choices/", said).json()
    assert (chosen["agreement"]["name"], chosen["candidates"][0]["outcome"]) == ("VPN gold", "chosen")
    assert as_(house.maria).post("agreement-choices/", said).status_code == 403
