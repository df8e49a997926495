"""What comes up again where an agreement or time lets nothing be reopened: a new ticket that follows."""

import pytest
from django.urls import reverse

from common.refusals import NotAllowed, Refused
from incidents import operations
from incidents.models import Incident
from records.models import Link
from records.transitions import TransitionRefused
from slm.models import Agreement, Clock, Target
from tests.conftest import moment

NINE, TEN, ELEVEN = (moment(f"2026-03-02 {hour}:00") for hour in ("09", "10", "11"))


@pytest.fixture
def solved(house, log_incident, vpn):
    """Maria's ticket, resolved on Monday at ten under an agreement that lets nothing be reopened."""
    from slm.operations import ensure_default_agreement

    agreement = ensure_default_agreement(at=moment("2026-01-01 00:00"))
    Agreement.objects.filter(pk=agreement.pk).update(reopen_policy="new_call")
    Target.objects.update(target_minutes=480)
    ticket = operations.start(
        incident=log_incident(at=NINE, title="<b>VPN</b> drops", service=vpn), by=house.tom, at=NINE
    )
    return operations.resolve(incident=ticket, by=house.tom, at=TEN, code="fixed", text="Restarted.")


def test_it_stays_resolved_and_a_new_one_follows_with_clocks_of_its_own(solved, house):
    with pytest.raises(TransitionRefused, match="Log it again"):
        operations.reopen(incident=solved, by=house.maria, at=ELEVEN, reason="It drops again.")
    fresh = operations.log_again(incident=solved, by=house.maria, at=ELEVEN, reason="It drops again.")

    assert Incident.objects.get(pk=solved.pk).state == "resolved"
    assert (fresh.state, fresh.title, fresh.description, fresh.requester, fresh.service, fresh.priority) == (
        "new", "<b>VPN</b> drops", "It drops again.", house.maria, solved.service, solved.priority,
    )  # fmt: skip
    assert list(Link.objects.values_list("from_record", "to_record", "kind")) == [(fresh.pk, solved.pk, "raised_from")]
    clocks = Clock.objects.filter(kind="resolution").order_by("id").values_list("record", "state", "started_at")
    assert list(clocks) == [(solved.pk, "met", NINE), (fresh.pk, "running", ELEVEN)]


def test_refused_are_a_second_one_no_words_others_people_and_what_may_be_reopened(solved, house, log_incident):
    def again(by, reason="Again.", of=solved):
        return operations.log_again(incident=of, by=by, at=ELEVEN, reason=reason)

    with pytest.raises(NotAllowed):
        again(house.otto)
    with pytest.raises(Refused, match="what does not work"):
        again(house.maria, "  ")
    with pytest.raises(Refused, match="can be reopened"):
        again(house.tom, of=log_incident(at=NINE))
    first = again(house.tom)
    with pytest.raises(Refused, match=first.reference):
        again(house.maria)
    assert Incident.objects.filter(title=solved.title).count() == 2


def test_once_the_window_has_passed_it_is_logged_again_whatever_the_agreement(solved, house):
    Agreement.objects.update(reopen_policy="resume")
    late = moment("2026-03-09 10:00")

    fresh = operations.log_again(incident=solved, by=house.maria, at=late, reason="Again.")

    assert fresh.opened_at == late


def test_the_portal_the_page_and_the_api_offer_it_in_place_of_reopening(solved, house, client, time_machine):
    time_machine.move_to(ELEVEN, tick=False)
    client.force_login(house.maria)
    page = client.get(f"/portal/requests/{solved.reference}/").content.decode()
    assert "Report it again" in page
    assert "It is not solved" not in page
    address = reverse("portal:recurrence", args=[solved.reference])
    assert client.post(address, {"reason": ""}, follow=True).content.decode().count("Say what does not work.") == 1
    answer = client.post(address, {"reason": "Again."}, follow=True)
    fresh = Incident.objects.latest("pk")
    assert answer.redirect_chain[-1][0] == f"/portal/requests/{fresh.reference}/"
    client.force_login(house.otto)
    assert client.post(address, {"reason": "Mine."}).status_code == 404

    client.force_login(house.tom)
    assert "Log it again" in client.get(solved.get_absolute_url()).content.decode()
    own = reverse("incidents:recurrence", args=[solved.reference])
    assert client.get(own).status_code == 200
    assert client.post(own, {"seen_version": solved.version, "reason": "Stale."}).status_code == 412
    seen = Incident.objects.get(pk=solved.pk).version
    refused = client.post(own, {"seen_version": seen, "reason": "Third."})
    assert (refused.status_code, fresh.reference in refused.content.decode()) == (409, True)
    assert "Third." in refused.content.decode()

    operations.cancel(incident=fresh, by=house.tom, at=ELEVEN, reason="Not needed.")
    made = client.post(
        f"/api/v1/incidents/{solved.reference}/recurrence/", {"reason": "By API."}, content_type="application/json"
    )
    assert (made.status_code, made.json()["source"]) == (201, "api")
    assert made["Location"].endswith(f"/{made.json()['reference']}/")
