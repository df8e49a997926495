"""Who is told, once, that what a service is said to be has changed."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from notifications.models import Channel, Notice, NoticeKind, Silence
from people.models import User
from services.models import Offering, Service
from services.specifications import operations
from services.specifications.enums import Cell
from services.specifications.models import Specification
from services.specifications.terms import Said, terms_of
from services.tasks import begin_specifications
from slm.specifications.notices import began
from tests.conftest import moment

pytestmark = pytest.mark.django_db
GET = Cell.FACILITY_FUNCTIONALITY
SUNDAY, MONDAY = moment("2026-03-01 09:00"), date(2026, 3, 2)
OURS = "Version %d of its specification holds from 2 Mar 2026."
THEIRS = "What you get was changed. It holds from 2 Mar 2026."


def decide(service: Service, by: User, *more: Said, valid_from: date = MONDAY) -> Specification:
    draft = operations.begin_draft(service=service, by=by, at=SUNDAY)
    draft = operations.save_draft(draft=draft, by=by, at=SUNDAY, terms=(*terms_of(draft), *more))
    return operations.put_in_force(draft=draft, by=by, at=SUNDAY, valid_from=valid_from, reason="Said anew")


def told() -> dict[str, list[str]]:
    """What is told of the latest beginning, delivered twice."""
    entries = Entry.objects.filter(action="specification.began").order_by("-pk")
    for entry in [*entries[:1], *entries[:1]]:
        began(entry)
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.order_by("user__username", "pk").select_related("user"):
        found.setdefault(notice.user.username, []).append(notice.text)
    Notice.objects.all().delete()
    return found


def test_on_its_day_everybody_concerned_is_told_once(client: Client, house: Any, vpn: Service) -> None:
    gold = Offering.objects.create(service=vpn, name="Gold")
    gold.organizations.add(house.umbrella)
    Offering.objects.create(service=vpn, name="Standard").organizations.add(house.acme)
    decide(vpn, house.ines, Said(GET, "Replaced before anybody saw it"))
    decide(vpn, house.ines, Said(GET, "One login"))

    assert operations.begin_due(at=moment("2026-03-01 23:59")) == 0
    assert told() == {}
    assert [operations.begin_due(at=moment("2026-03-02 00:00")) for _run in range(2)] == [1, 0]
    # Aisha owns the service; Max and Otto manage the customers to whom it is offered, Maria only uses it.
    assert told() == {"aisha": [OURS % 2], "max": [THEIRS], "otto": [THEIRS]}


def test_customers_hear_of_what_is_for_them_alone(client: Client, house: Any, vpn: Service) -> None:
    gold = Offering.objects.create(service=vpn, name="Gold")
    gold.organizations.add(house.umbrella)
    Offering.objects.create(service=vpn, name="Standard").organizations.add(house.acme)
    decide(vpn, house.ines, Said(GET, "One login"))
    operations.begin_due(at=moment("2026-03-02 08:00"))
    decide(vpn, house.ines, Said(GET, "A golden phone", offering=gold.pk))
    Silence.objects.create(user=house.aisha, kind=NoticeKind.CHANGED, channel=Channel.PRODUCT)

    begin_specifications()

    assert told() == {"otto": [THEIRS]}


def test_a_notice_leads_to_the_side_of_the_reader(client: Client, house: Any, vpn: Service) -> None:
    Offering.objects.create(service=vpn, name="Standard").organizations.add(house.acme)
    decide(vpn, house.ines, Said(GET, "One login"))
    operations.begin_due(at=moment("2026-03-02 08:00"))
    began(Entry.objects.get(action="specification.began"))

    for person, address in ((house.aisha, "/services/vpn/"), (house.max, "/portal/services/vpn/")):
        client.force_login(person)
        page = client.get("/inbox/").content.decode()
        assert "2 Mar 2026" in page
        assert client.post(f"/inbox/service/{vpn.pk}/reading/")["Location"] == address
