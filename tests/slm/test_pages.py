"""The doors: explanation, agreements, the tester; who may see and change what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from slm.models import Agreement, AgreementVersion
from tests.conftest import moment


@pytest.fixture
def clock(log_incident, standard, clock_of):
    return clock_of(log_incident())


def form_of(agreement, **said):
    values = {
        "name": agreement.name,
        "calendar": agreement.calendar_id,
        "pause_reasons": ["requester", "schedule"],
        "reopen_policy": "resume",
        "retarget_policy": "from_start",
        "attainment_target": "95",
        "seen_version": agreement.version,
        "response_4": "8 h",
        "resolution_4": "8 h",
    }
    return values | said


def test_a_clock_explains_itself_on_its_own_page(client, house, clock):
    client.force_login(house.tom)

    page = client.get(reverse("slm:explanation", args=[clock.pk]))

    assert page.status_code == 200
    text = page.content.decode()
    assert "Why this time? Resolution of" in text
    assert "Promised: 8:00 working, counted from Mon 2 Mar 2026, 09:00." in text
    assert '<svg class="clock-bar__drawing"' in text
    assert "style=" not in text.split("<main")[1].split("</main>")[0]


def test_the_ticket_page_gets_a_fragment(client, house, clock):
    client.force_login(house.tom)

    fragment = client.get(reverse("slm:explanation", args=[clock.pk]), headers={"HX-Request": "true"})

    assert fragment.content.decode().lstrip().startswith('<section class="explanation"')


def test_a_foreign_clock_and_an_unknown_one_look_the_same(client, house, clock):
    client.force_login(house.otto)

    foreign = client.get(reverse("slm:explanation", args=[clock.pk]))
    unknown = client.get(reverse("slm:explanation", args=[clock.pk + 999]))

    assert (foreign.status_code, unknown.status_code) == (404, 404)


def test_the_requester_may_not_open_clocks(client, house, clock):
    client.force_login(house.maria)

    assert client.get(reverse("slm:explanation", args=[clock.pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_agreements_costs_the_same_for_one_and_three(client, house, make_agreement, count):
    for number in range(count):
        make_agreement(f"Agreement {number}")
    client.force_login(house.tom)
    client.get(reverse("slm:agreements"))

    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("slm:agreements"))

    assert page.status_code == 200
    assert len([each for each in asked if "slm_agreement" in each["sql"] or "slm_target" in each["sql"]]) == 2


def test_the_tester_says_which_agreement_would_match_and_why(client, house, log_incident, make_agreement, vpn):
    make_agreement()
    make_agreement("Gold VPN", service=vpn)
    incident = log_incident()
    client.force_login(house.tom)

    text = client.get(reverse("slm:agreements"), {"reference": incident.reference}).content.decode()

    match = text.split('id="match"')[1]
    assert "Gold VPN" in match
    assert "It names this service, and no other match is more specific." in match
    assert "matches too, but less specifically" in match


def test_the_tester_shows_nothing_of_others(client, house, log_incident, standard):
    incident = log_incident()
    client.force_login(house.otto)

    answer = client.get(reverse("slm:agreements"), {"reference": incident.reference})

    assert "VPN drops" not in answer.content.decode()
    assert 'id="match"' not in answer.content.decode()


def test_ines_makes_an_agreement(client, house, office, vpn):
    client.force_login(house.ines)

    answer = client.post(
        reverse("slm:new_agreement"),
        {
            "name": "Gold VPN",
            "service": vpn.pk,
            "calendar": office.pk,
            "pause_reasons": ["requester"],
            "reopen_policy": "resume",
            "retarget_policy": "from_change",
            "attainment_target": "98.5",
            "response_1": "15 min",
            "resolution_1": "4 h",
        },
    )

    assert answer.status_code == 302
    made = Agreement.objects.get(name="Gold VPN")
    assert (made.service, made.pause_reasons, made.retarget_policy) == (vpn, ["requester"], "from_change")
    assert list(made.targets.values_list("clock", "priority", "target_minutes")) == [
        ("resolution", 1, 240),
        ("response", 1, 15),
    ]
    assert AgreementVersion.objects.get(agreement=made).number == 1
    assert Entry.objects.get(action="agreement.created").actor == house.ines


def test_a_change_is_drafted_beside_the_version_in_force(client, house, standard):
    client.force_login(house.ines)
    url = reverse("slm:text", args=[standard.slug])

    answer = client.post(url, form_of(standard, resolution_4="4:30"))

    assert answer.status_code == 302
    standard.refresh_from_db()
    assert (standard.version, standard.proposed_version) == (1, 2)
    assert standard.targets.get(clock="resolution", priority=4).target_minutes == 480
    assert list(AgreementVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    page = client.get(reverse("slm:agreement", args=[standard.slug])).content.decode()
    assert "version 2 drafted" in page
    compared = client.get(reverse("slm:version", args=[standard.slug, 2])).content.decode()
    assert "<del>8 h, Office</del>" in compared
    assert "<ins>4 h 30 min, Office</ins>" in compared


def test_a_stale_form_keeps_what_was_typed(client, house, standard):
    client.force_login(house.ines)
    url = reverse("slm:text", args=[standard.slug])
    client.post(url, form_of(standard, resolution_4="4:30"))

    answer = client.post(url, form_of(standard, resolution_4="2:00", seen_version=1))

    assert answer.status_code == 412
    assert 'value="2:00"' in answer.content.decode()
    standard.refresh_from_db()
    assert standard.proposed_version == 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"resolution_4": "soon"}, "“soon” is no target."),
        ({"resolution_4": "0"}, "between one minute and a year"),
        ({"name": ""}, "required"),
        ({"valid_from": "2026-05-01", "valid_to": "2026-05-01"}, "The validity ends before it begins."),
        ({"team": "1"}, "Select a valid choice"),
        ({"notice_days": "9999"}, "three years at the most"),
        ({"volume_most": "-5"}, "greater than or equal to 1"),
        ({"valid_from": "0001-01-01"}, "outside of 1970 to 2199"),
        ({"valid_to": "9999-12-31"}, "outside of 1970 to 2199"),
        ({"effective_date": "9999-12-31"}, "outside of 1970 to 2199"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(client, house, standard, said, message):
    client.force_login(house.ines)

    answer = client.post(reverse("slm:text", args=[standard.slug]), form_of(standard, **said))

    assert answer.status_code == 422
    assert message in answer.content.decode()
    standard.refresh_from_db()
    assert standard.latest_version == 1


def test_tom_reads_but_does_not_change(client, house, standard):
    client.force_login(house.tom)
    page = client.get(reverse("slm:agreement", args=[standard.slug]))

    assert page.status_code == 200
    assert "Draft a new version" not in page.content.decode()
    text = reverse("slm:text", args=[standard.slug])
    assert client.get(text).status_code == 403
    assert client.post(text, form_of(standard, resolution_4="4:30")).status_code == 403
    assert client.get(reverse("slm:new_agreement")).status_code == 403
    standard.refresh_from_db()
    assert standard.latest_version == 1


def test_retiring_stops_new_clocks_only(client, house, log_incident, standard, clock_of):
    running = log_incident()
    client.force_login(house.ines)

    client.post(reverse("slm:retirement", args=[standard.slug]))

    assert clock_of(running).state == "running"
    assert not log_incident(at=moment("2026-03-03 09:00")).clocks.exists()
    client.post(reverse("slm:reinstatement", args=[standard.slug]))
    standard.refresh_from_db()
    assert standard.state == "draft"


def test_an_agreement_is_drafted_offered_and_signed_through_the_pages(client, house, standard):
    client.force_login(house.ines)
    at = f"/agreements/{standard.slug}/"
    day = {"review_date": "2126-03-01"}
    client.post(f"{at}text/", form_of(standard, resolution_4="4:30", exclusions="<b>None</b>"))
    client.post(f"{at}handling/", {"provider_signatory": house.ada.pk, "partner_signatory": house.max.pk, **day})
    offered = client.post(f"{at}offer/", {"version": 2})
    foreign = client.post(f"{at}signatures/", {"version": 2, "side": "partner"})
    client.force_login(house.ada)
    assert "Sign version 2 for the provider" in client.get(at).content.decode()
    client.post(f"{at}signatures/", {"version": 2, "side": "provider"})
    client.force_login(house.max)
    portal = f"/portal{at}"
    waiting = client.get("/portal/agreements/").content.decode()
    read = client.get(portal).content.decode()

    signed = client.post(f"{portal}signatures/", {"version": 2})

    assert (offered.status_code, foreign.status_code, signed.status_code) == (302, 403, 302)
    assert "Waits for your signature" in waiting
    assert "&lt;b&gt;None&lt;/b&gt;" in read
    standard.refresh_from_db()
    assert (standard.state, standard.version, standard.proposed_version) == ("active", 2, None)
    again = client.post(f"{portal}signatures/", {"version": 2})
    assert again.status_code == 409


def test_the_portal_shows_agreements_of_ones_own_organization_only(client, house, make_agreement):
    make_agreement("For Acme", organization=house.acme)
    make_agreement("For Umbrella", organization=house.umbrella)
    make_agreement("Draft for Umbrella", organization=house.umbrella, state="draft")
    make_agreement("With Networks", type="team", team=house.networks, organization=house.umbrella)
    client.force_login(house.otto)

    listed = client.get("/portal/agreements/").content.decode()

    assert [name in listed for name in ("For Acme", "For Umbrella", "Draft for", "With Networks")] == [
        False, True, False, False,
    ]  # fmt: skip
    assert client.get("/portal/agreements/for-acme/").status_code == 404
    assert client.get("/portal/agreements/with-networks/").status_code == 404
    assert client.get("/agreements/for-umbrella/").status_code == 403
    client.force_login(house.maria)
    assert "For Acme" not in client.get("/portal/agreements/").content.decode()


def test_a_ticket_that_nobody_logged_is_explained_with_those_that_lost(client, house, make_agreement, vpn):
    make_agreement("Standard")
    make_agreement("Acme VPN", organization=house.acme, service=vpn)
    make_agreement("Acme", organization=house.acme)
    make_agreement("Umbrella", organization=house.umbrella)
    client.force_login(house.tom)
    said = {"kind": "incident", "requester": house.maria.pk, "service": vpn.pk, "priority": 2}

    page = client.get("/agreements/", said | {"opened_at": "2026-03-02T09:00"}).content.decode()

    match = page.split('id="match"')[1]
    assert "Acme VPN</bdi></a></strong>" in match
    assert [line.split("</li>")[0] for line in match.split("<li><bdi>")[1:5]] == [
        "Acme VPN</bdi>: chosen",
        "Acme</bdi>: matches too, but less specifically",
        "Standard</bdi>: matches too, but less specifically",
        "Umbrella</bdi>: is for another organization",
    ]


def test_an_agreement_promises_availability(client, house, office):
    client.force_login(house.ines)
    said = {"name": "Gold", "calendar": office.pk, "attainment_target": "95", "reopen_policy": "resume",
            "retarget_policy": "from_start", "response_1": "15 min"}  # fmt: skip

    refused = client.post("/agreements/new/", said | {"availability_target": "99.95", "maintenance": "windows"})
    made = client.post("/agreements/new/", said | {"availability_target": "99.95", "service_hours": office.pk})

    assert refused.status_code == 422
    assert "The agreed windows are missing" in refused.content.decode()
    assert made.status_code == 302
    gold = Agreement.objects.get(name="Gold")
    assert (str(gold.availability_target), gold.service_hours, gold.maintenance) == ("99.950", office, "counts")
    assert gold.state == "draft"
    assert gold.versions.get().document["availability"]["target"] == "99.950"


def test_a_requester_is_typed_not_chosen_among_everybody(client, house, standard):
    client.force_login(house.ines)
    address = reverse("slm:text", args=[standard.slug])

    page = client.get(address).content.decode()
    refused = client.post(address, form_of(standard, requester_text="nobody <b>"))
    saved = client.post(address, form_of(standard, requester_text=house.maria.email))

    assert "Otto Weiss</option>" not in page
    assert refused.status_code == 422
    assert 'value="nobody &lt;b&gt;"' in refused.content.decode()
    assert saved.status_code == 302
    assert standard.versions.latest("number").document["requester"] == house.maria.pk


@pytest.mark.parametrize(
    "address",
    ["/reports/?customer=%00", "/breaches/?agreement=%00", "/sla/breaches/?agreement=%00", "/agreements/?state=%00"],
)
def test_a_null_character_in_an_address_finds_nothing(client, house, standard, address):
    client.force_login(house.ines)

    assert client.get(address).status_code == 200
