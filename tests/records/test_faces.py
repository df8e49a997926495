"""What pages name is read with one statement, and each value lands in its own field."""

import pytest

from records import faces
from records.models import Record

pytestmark = pytest.mark.django_db


def test_every_value_lands_in_its_field(house, log_incident, django_assert_num_queries):
    house.maria.phone, house.maria.job_title, house.maria.is_vip = "+47 22", "Buyer", True
    house.maria.save()
    record = Record.objects.get(pk=log_incident().pk)

    with django_assert_num_queries(1):
        faces.fill([record])
        shown = {name: getattr(record.requester, name) for name in faces.SHOWN[type(house.maria)]}

    assert shown == {name: getattr(house.maria, name) for name in faces.SHOWN[type(house.maria)]}
    assert (record.organization.name, record.service.name, record.team) == ("Acme", "VPN", None)
