"""Pages of availability and outages: what they show, to whom, and what a form keeps."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars.business_time import WeeklyWindow
from services.models import Service, ServiceDependency
from slm.availability.models import Outage, Redundancy
from tests.conftest import moment

from .conftest import NOW

MORNINGS = [WeeklyWindow(day, 0, 720) for day in range(7)]
ACTS = ("end", "confirmation", "dismissal", "withdrawal")


@pytest.fixture(autouse=True)
def _it_is_march(monkeypatch: Any) -> None:
    for place in ("views.outages", "views.services"):
        monkeypatch.setattr(f"slm.availability.{place}.now", lambda: NOW)


@pytest.fixture
def as_(client: Any) -> Any:
    def enter(person: Any) -> Any:
        client.force_login(person)
        return client

    return enter


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def typed(**said: Any) -> dict[str, Any]:
    return {"started_at": "2026-03-10T08:00", "ended_at": "2026-03-10T09:00", "weight": "100", "token": "t1"} | said


def test_nothing_yet(as_, house):
    tom = as_(house.tom)

    assert "No services yet" in text_of(tom.get("/availability/"))
    assert "No outages yet" in text_of(tom.get("/availability/outages/"))
    assert "No proposals" in text_of(tom.get("/availability/outages/?show=proposed"))
    assert "No outage matches" in text_of(tom.get("/availability/outages/?kind=planned"))


def test_the_overview_shows_services_against_their_target(as_, house, vpn, promise, outage):
    promise()
    Service.objects.create(name="Old", slug="old", stage="retired")
    outage("2026-03-10 08:00", "2026-03-10 09:00")
    outage("2026-03-20 11:00")

    told = text_of(as_(house.tom).get("/availability/"))

    assert "99.572%" in told  # 2 h of 468 h so far
    assert "99.90%" in told
    assert "down since" in told
    assert "/availability/outages/?service=vpn&amp;month=2026-03" in told
    assert "Old" not in told


def test_the_page_of_a_service_lays_the_sum_open(as_, house, vpn, promise, outage):
    promise(target="99")
    outage("2026-03-10 08:00", "2026-03-10 10:00", cause="Power")

    told = text_of(as_(house.tom).get("/availability/services/vpn/"))

    for sentence in (
        "Agreed up to now: 468 h, in the hours “Hours of Promised” of “Promised”.",
        "Planned downtime counts like any other.",
        "10 Mar 08:00 to 10 Mar 10:00: 2 h in the agreed service time.",
        "Availability: (468 h − 2 h) / 468 h = 99.572%.",
        "Error budget of the whole month: (100% − 99.00%) × 744 h = 7 h 26 min; left: 5 h 26 min.",
        "Failures that began: 1. Mean time to restore service 2 h, between failures 466 h, between service incidents",
        "One more hour down in service hours would make it 99.596% and use 13% of the month",
        "latest 30 days",
        "Power",
    ):
        assert sentence in told, sentence


def test_failures_open_the_outages_that_make_them_up(as_, house, vpn, promise, outage, hours_of, monkeypatch):
    """Across the night in which 29 March loses an hour; out of hours, planned, or taking nothing away, none is one."""
    promise(target="99", hours=hours_of("Oslo", zone="Europe/Oslo", windows=MORNINGS))
    later = moment("2026-04-02 12:00")
    for place in ("views.outages", "views.services"):
        monkeypatch.setattr(f"slm.availability.{place}.now", lambda: later)
    outage("2026-03-28 22:30", "2026-03-29 01:30", at=later)
    outage("2026-03-29 01:00", "2026-03-29 03:00", at=later, weight=Decimal("0.25"))
    outage("2026-03-29 03:00", "2026-03-29 04:00", at=later)  # touches the one before
    outage("2026-03-20 14:00", "2026-03-20 16:00", at=later)
    outage("2026-03-21 08:00", "2026-03-21 09:00", at=later, is_planned=True)
    outage("2026-03-22 08:00", "2026-03-22 09:00", at=later, weight=Decimal(0))

    tom = as_(house.tom)
    page = tom.get("/availability/services/vpn/?month=2026-03")
    opened = tom.get("/availability/outages/?service=vpn&month=2026-03&kind=counted")
    whole = tom.get("/availability/outages/?service=vpn&month=2026-03")

    assert page.context["standing"].so_far.failures == 1
    # From 23:00 UTC all is lost until 01:30, a quarter until 03:00, all until 04:00; and the planned hour.
    assert page.context["standing"].downtime == "4 h 52 min"
    assert [each.started_at.hour for each in opened.context["outages"]] == [3, 1, 22]
    told = text_of(opened)
    assert "1 failure began in March 2026" in told
    assert "3 outages make them up: those that overlap are one failure." in told
    assert len(whole.context["outages"]) == 6
    assert "kind=counted" in page.content.decode()


def test_a_month_that_is_over_and_one_that_never_was(as_, house, vpn, promise):
    promise(valid_from=date(2026, 2, 1))
    tom = as_(house.tom)

    assert "Agreed in February 2026: 672 h" in text_of(tom.get("/availability/services/vpn/?month=2026-02"))
    assert "No service time agreed" in text_of(tom.get("/availability/services/vpn/?month=2025-12"))
    assert "Outages in March 2026" in text_of(tom.get("/availability/services/vpn/?month=2099-99"))
    assert tom.get("/availability/services/none/").status_code == 404


def test_customers_see_their_services_and_dates_and_nothing_inside(as_, house, vpn, promise, outage):
    promise("Everybody", target="99")
    promise("Acme gold", target="99.95", organization=house.acme)
    known = outage("2026-03-10 08:00", "2026-03-10 09:00", cause="Somebody tripped over a cable", users_affected=77)
    maria = as_(house.maria)

    told = text_of(maria.get("/availability/services/vpn/"))

    assert "99.95%" in text_of(maria.get("/availability/"))
    assert "Acme gold" in told
    assert "tripped" not in told
    assert "77" not in told
    assert f"/availability/outages/{known.pk}/" not in told
    assert [maria.get(f"/availability/outages/{path}").status_code for path in ("", f"{known.pk}/", "new/")] == [
        403
    ] * 3


@pytest.mark.parametrize(("person", "status"), [("otto", 403), ("max", 403), ("ada", 200), ("ines", 200)])
def test_who_sees_outages(as_, house, outage, person, status):
    known = outage("2026-03-10 08:00", "2026-03-10 09:00")

    assert as_(getattr(house, person)).get(f"/availability/outages/{known.pk}/").status_code == status


def test_recording_by_hand_happens_once_however_often_it_is_sent(as_, house, vpn):
    tom = as_(house.tom)

    for _press in range(2):
        answer = tom.post("/availability/outages/new/", typed(service=vpn.pk, cause="Power"))
        assert answer.status_code == 303

    known = Outage.objects.get()
    assert answer["Location"] == f"/availability/outages/{known.pk}/"
    assert "Power" in text_of(tom.get(answer["Location"]))


def test_what_is_refused_loses_nothing_that_was_typed(as_, house, vpn):
    answer = as_(house.tom).post(
        "/availability/outages/new/", typed(service=vpn.pk, ended_at="2026-03-10T07:00", cause="<b>Power</b>")
    )

    told = text_of(answer)
    assert answer.status_code == 422
    assert "The outage ends before it began. Give a later end." in told
    assert "&lt;b&gt;Power&lt;/b&gt;" in told
    assert 'value="2026-03-10T08:00"' in told


def test_the_form_of_a_ticket_is_filled_in_from_it(as_, house, vpn, log_incident):
    incident = log_incident(at=moment("2026-03-10 08:05"), outage_from=moment("2026-03-10 07:40"), affected_count=12)
    tom = as_(house.tom)

    told = text_of(tom.get(f"/availability/outages/new/?ticket={incident.reference}"))
    tom.post("/availability/outages/new/", typed(service=vpn.pk, ended_at="", ticket=incident.reference))

    assert 'value="2026-03-10T07:40"' in told
    assert 'value="12"' in told
    assert (Outage.objects.get().record_id, Outage.objects.get().ends_with_record) == (incident.pk, True)
    assert "goes on" in text_of(tom.get(f"/availability/beside/{incident.reference}/"))


def test_the_panel_offers_to_record_and_names_what_is_known_already(as_, house, outage, log_incident):
    incident = log_incident(at=moment("2026-03-10 08:05"))
    tom = as_(house.tom)
    assert f"/availability/outages/new/?ticket={incident.reference}" in text_of(
        tom.get(f"/availability/beside/{incident.reference}/")
    )

    known = outage("2026-03-10 08:00", "2026-03-10 09:00")

    assert f"/availability/outages/{known.pk}/" in text_of(tom.get(f"/availability/beside/{incident.reference}/"))
    assert "/availability/beside/" in text_of(tom.get(f"/incidents/{incident.reference}/"))


def test_a_correction_shows_what_stood_before(as_, house, outage):
    known = outage("2026-03-10 08:00", "2026-03-10 09:00")
    aisha = as_(house.aisha)
    page = f"/availability/outages/{known.pk}/"
    assert aisha.get(f"{page}correction/").status_code == 200

    refused = aisha.post(f"{page}correction/", typed(weight="50", reason="", seen_version="1"))
    done = aisha.post(f"{page}correction/", typed(weight="50", reason="One gateway worked", seen_version="1"))
    late = aisha.post(f"{page}correction/", typed(weight="20", reason="x", seen_version="1"))

    assert (refused.status_code, done.status_code, late.status_code) == (422, 302, 412)
    told = text_of(aisha.get(page))
    assert "One gateway worked" in told
    assert "share lost: <bdi>100%</bdi> → <bdi>50%</bdi>" in told


def test_acts_on_an_outage(as_, house, outage):
    known = outage("2026-03-20 08:00")
    page = f"/availability/outages/{known.pk}/"
    aisha = as_(house.aisha)

    assert aisha.post(f"{page}end/", {"ended_at": "2026-03-20T07:00"}).status_code == 409
    assert aisha.post(f"{page}end/", {"ended_at": "2026-03-20T09:00"}).status_code == 303
    assert aisha.post(f"{page}confirmation/", {}).status_code == 409
    assert aisha.post(f"{page}withdrawal/", {"reason": ""}).status_code == 409
    assert aisha.post(f"{page}withdrawal/", {"reason": "A drill"}).status_code == 303
    assert "A drill" in text_of(aisha.get("/availability/outages/?show=gone"))
    assert "Withdrawn" in text_of(aisha.get(page))


def test_who_may_not_act_is_refused_and_nothing_happens(as_, house, outage):
    known = outage("2026-03-20 08:00")
    for person in (house.maria, house.otto, house.ada):
        for act in ACTS:
            answer = as_(person).post(f"/availability/outages/{known.pk}/{act}/", {"reason": "x"})
            assert answer.status_code == 403
    known.refresh_from_db()
    assert (known.is_open, known.is_counted) == (True, True)


def test_the_list_goes_on_by_key(as_, house, outage, monkeypatch):
    monkeypatch.setattr("slm.availability.views.outages.ROWS", 2)
    for hour in (8, 9, 10):
        outage(f"2026-03-10 0{hour}:00" if hour < 10 else "2026-03-10 10:00", f"2026-03-10 {hour:02d}:30")
    tom = as_(house.tom)

    first = tom.get("/availability/outages/")
    second = tom.get(f"/availability/outages/{first.context['older_url']}")

    assert [each.started_at.hour for each in first.context["outages"]] == [10, 9]
    assert [each.started_at.hour for each in second.context["outages"]] == [8]
    assert second.context["older_url"] == ""


def test_services_that_stand_in_for_each_other(as_, house, vpn, promise, outage):
    promise(target="99")
    gateways = [Service.objects.create(name=f"Gateway {n}", slug=f"gateway-{n}") for n in (1, 2)]
    for each in gateways:
        ServiceDependency.objects.create(service=vpn, needs=each)
    outage("2026-03-10 00:00", "2026-03-10 23:24", service=gateways[0])  # 5 % of the 468 h so far
    ines = as_(house.ines)
    assert "By its parts: 95.00%" in text_of(ines.get("/availability/services/vpn/"))

    refused = ines.post("/availability/services/vpn/redundancies/", {"name": "", "needed": "1"})
    ines.post(
        "/availability/services/vpn/redundancies/",
        {"name": "Gateways", "needed": "1", "members": [each.pk for each in gateways]},
    )

    assert refused.status_code == 422
    told = text_of(ines.get("/availability/services/vpn/"))
    assert "1 − (1 − 95.00%) × (1 − 100.00%)" in told
    assert "By its parts: 100.00%" in told
    ines.post(f"/availability/services/vpn/redundancies/{Redundancy.objects.get().pk}/removal/")
    assert "By its parts: 95.00%" in text_of(ines.get("/availability/services/vpn/"))
    assert as_(house.tom).post("/availability/services/vpn/redundancies/", {}).status_code == 403


def test_pages_take_as_many_statements_for_three_as_for_one(as_, house, vpn, promise, outage):
    promise()
    tom = as_(house.tom)
    tom.get("/availability/")
    counts: dict[str, list[int]] = {"/availability/": [], "/availability/outages/": []}
    for number in range(3):
        service = Service.objects.create(name=f"S{number}", slug=f"s{number}")
        outage("2026-03-10 08:00", "2026-03-10 09:00", service=service)
        outage("2026-03-19 08:00", service=service)
        for page, found in counts.items():
            with CaptureQueriesContext(connection) as said:
                assert tom.get(page).status_code == 200
            found.append(len(said))

    assert all(len(set(found)) == 1 for found in counts.values()), counts
    assert max(counts["/availability/"]) <= 10
