"""Who finds agreements in their inbox: those named to sign them, each on their side."""

from datetime import date

import pytest

from audit import outbox
from notifications import queries
from notifications.models import Notice
from slm import operations
from tests.conftest import moment

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02 09:00")
TUESDAY = moment("2026-03-03 09:00")


def deliver():
    while outbox.dispatch_due(at=moment("2030-01-01 00:00")):
        pass


def told():
    rows = Notice.objects.order_by("pk").values_list("user__username", "kind", "text")
    return list(rows)


def test_agreements_tell_who_signs_them_and_lead_to_the_side_of_the_reader(house, office, client):
    draft = operations.create_agreement(
        by=house.ines, at=MONDAY, name="Acme <b>gold</b>", calendar=office, targets={("resolution", 4): 240},
        organization=house.acme, exclusions="None.", review_date=date(2027, 3, 1),
        provider_signatory=house.ada, partner_signatory=house.max,
    )  # fmt: skip
    operations.offer(agreement=draft, by=house.ines, at=MONDAY, version=1)
    deliver()
    assert sorted(told()) == [
        ("ada", "decision", "Version 1 waits for your signature."),
        ("max", "decision", "Version 1 waits for your signature."),
    ]

    operations.sign(agreement=draft, side="provider", by=house.ada, at=TUESDAY, version=1)
    agreement = operations.sign(agreement=draft, side="partner", by=house.max, at=TUESDAY, version=1)
    operations.call_review(agreement=agreement, by=house.ines, at=TUESDAY)
    operations.give_notice(agreement=agreement, by=house.ines, at=TUESDAY, ends_date=date(2026, 9, 1), reason="x")
    operations.withdraw_notice(agreement=agreement, by=house.ines, at=TUESDAY)
    deliver()
    deliver()

    assert sorted(told()[2:]) == [
        ("ada", "changed", "It ends by notice on 1 Sep 2026."),
        ("ada", "changed", "Its review is due."),
        ("ada", "changed", "The notice was taken back; it goes on."),
        ("max", "changed", "It ends by notice on 1 Sep 2026."),
        ("max", "changed", "The notice was taken back; it goes on."),
    ]
    for person, place in ((house.ada, "/agreements/"), (house.max, "/portal/agreements/")):
        client.force_login(person)
        assert "Acme &lt;b&gt;gold&lt;/b&gt;" in client.get("/inbox/").content.decode()
        opened = client.post(f"/inbox/agreement/{agreement.pk}/reading/")
        assert opened.headers["Location"] == f"{place}{agreement.slug}/"
    house.max.role_grants.all().delete()
    house.max.organization = house.umbrella
    house.max.save()
    agreement.partner_signatory = house.ada
    agreement.save(update_fields=["partner_signatory"])
    assert queries.groups(type(house.max).objects.get(pk=house.max.pk), at=TUESDAY) == []
