"""The sample's items: as many as are told, with a circle, and gone with the rest."""

import pytest

from audit.models import Entry
from itsm.sample.cast import assemble
from itsm.sample.estate import ITEMS, furnish
from itsm.sample.removal import remove
from services.impact import Direction, walk
from services.models import ConfigurationItem, Relation, ServiceDependency
from tests.conftest import moment


@pytest.fixture
def estate(db):
    at = moment("2026-03-04 11:00")
    cast = assemble(password="x", at=at)
    furnish(cast, at=at)
    return {each.name: each for each in ConfigurationItem.objects.all()}


def test_the_gateway_carries_more_than_the_network(estate):
    hit = walk([estate["vpn-gw-2"].pk], Direction.HIT, depth=5)

    assert set(estate) == set(ITEMS)
    assert 55 <= len(estate) <= 65
    assert len(hit.services) == 6
    assert not ConfigurationItem.objects.filter(type=None).exists()


def test_names_addresses_and_sign_in_need_each_other_in_a_circle(estate):
    hit = walk([estate["dns-1"].pk], Direction.HIT, depth=3)

    assert {estate[name].pk for name in ("directory-1", "dhcp-1")} <= set(hit)
    assert walk([estate["dhcp-1"].pk], Direction.HIT, depth=3).depths[estate["directory-1"].pk] == 2


def test_the_items_go_with_the_sample(estate):
    remove()

    assert not ConfigurationItem.objects.exists()
    assert not Relation.objects.exists()
    assert not ServiceDependency.objects.exists()
    assert not Entry.objects.filter(subject_kind="item").exists()
