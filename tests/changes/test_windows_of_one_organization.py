"""Freezes of one organization: who may write them, who sees them, and which changes they hold up."""

import pytest

from audit.models import Entry
from changes import operations
from changes.models import CalendarWindow
from changes.queries.conflicts import conflicts
from changes.queries.freezing import effect_of
from common.refusals import NotAllowed, Refused
from people.enums import Role
from people.models import RoleGrant
from tests.changes.conftest import MONDAY_10
from tests.changes.test_windows import LIST, NEW, TYPED, page_of
from tests.conftest import moment


@pytest.fixture
def scoped(house):
    """Otto manages the changes of Umbrella, and of nobody else."""
    RoleGrant.objects.create(user=house.otto, role=Role.CHANGE_MANAGER, organization=house.umbrella)
    return house.otto


def of_umbrella(house, **said):
    values = {
        "by": house.ines, "at": MONDAY_10, "kind": "freeze", "name": "Umbrella only", "zone": "UTC",
        "starts_at": moment("2026-03-05 00:00"), "ends_at": moment("2026-03-06 00:00"),
        "organization": house.umbrella,
    }  # fmt: skip
    return operations.save_window(**values | said)


def test_who_manages_one_organization_can_freeze_its_changes_alone(client, house, scoped, at_monday):
    client.force_login(scoped)
    assert 'value=""' not in str(client.get(NEW).context["form"]["organization"])

    everybody = client.post(NEW, TYPED)
    other = client.post(NEW, TYPED | {"organization": house.acme.pk})
    own = client.post(NEW, TYPED | {"organization": house.umbrella.pk})

    assert [page.status_code for page in (everybody, other, own)] == [422, 422, 303]
    assert everybody.context["form"].errors["organization"] == ["Choose an organization."]
    assert CalendarWindow.objects.get().organization == house.umbrella
    assert Entry.objects.get(action="change_window.created").organization_id == house.umbrella.pk


def test_the_operation_refuses_what_is_not_theirs(house, scoped, freeze):
    with pytest.raises(Refused, match="some organizations only"):
        of_umbrella(house, by=scoped, organization=None)
    with pytest.raises(Refused, match="do not manage the changes of Acme"):
        of_umbrella(house, by=scoped, organization=house.acme)
    with pytest.raises(NotAllowed):
        of_umbrella(house, by=scoped, window=freeze)
    for act in (operations.retire_window, operations.reinstate_window):
        with pytest.raises(NotAllowed):
            act(window=freeze, by=scoped, at=MONDAY_10)

    freeze.refresh_from_db()
    assert (freeze.name, freeze.organization_id, freeze.is_active, freeze.version) == ("Quarter end", None, True, 1)


def test_a_freeze_of_another_organization_is_neither_seen_nor_in_the_way(client, house, write_change, at_monday):
    hidden = of_umbrella(house, organization=house.acme)
    RoleGrant.objects.create(user=house.otto, role=Role.CHANGE_MANAGER, organization=house.umbrella)
    client.force_login(house.otto)
    change = write_change()

    assert client.get(page_of(hidden)).status_code == 404
    assert "Umbrella only" not in client.get(LIST).content.decode()
    assert "Umbrella only" not in client.get("/changes/calendar/?from=2026-03-05").content.decode()
    assert change.organization == house.provider
    assert [each.reason for each in conflicts(change, change.planned_from, change.planned_to)] == []
    assert effect_of(hidden, [], user=house.ines, at=MONDAY_10).total == 0
    of_umbrella(house, organization=house.provider, name="Ours")
    assert [str(each.other) for each in conflicts(change, change.planned_from, change.planned_to)] == ["Ours"]


def test_the_calendar_finds_the_same_freezes_as_the_change(client, house, write_change, at_monday):
    write_change()
    of_umbrella(house)
    client.force_login(house.ines)
    address = "/changes/calendar/?from=2026-03-05"

    before = client.get(address).context["conflict_count"]
    of_umbrella(house, organization=house.provider)

    assert (before, client.get(address).context["conflict_count"]) == (0, 1)


def test_only_who_manages_every_organization_lets_a_change_into_a_freeze_of_everybody(house, freeze, write_change):
    change = write_change()
    RoleGrant.objects.create(user=house.otto, role=Role.CHANGE_MANAGER, organization=house.provider)

    with pytest.raises(NotAllowed):
        operations.exempt(change=change, window=freeze, by=house.otto, at=MONDAY_10, reason="We must.")
    theirs = of_umbrella(house, organization=house.provider)
    made = operations.exempt(change=change, window=theirs, by=house.otto, at=MONDAY_10, reason="We must.")

    assert list(change.exemptions.all()) == [made]


def test_a_window_of_everybody_says_who_may_alter_it(client, house, scoped, freeze, at_monday):
    client.force_login(scoped)

    page = client.get(page_of(freeze))
    saved = client.post(page_of(freeze), TYPED | {"organization": house.umbrella.pk, "version": 1})

    assert "A change manager of every organization can alter it." in page.content.decode()
    assert saved.status_code == 403
    assert CalendarWindow.objects.get().name == "Quarter end"
