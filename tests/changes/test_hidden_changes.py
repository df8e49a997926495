"""A change that one may not see blocks, and is not named: in suggestions, refusals, pages, REST and history."""

from datetime import timedelta

import pytest

from audit.models import Entry
from changes import operations
from changes.models import Change
from changes.queries.conflicts import conflicts
from people.enums import Role
from people.models import RoleGrant
from records import operations as record_operations
from records.enums import LinkKind
from tests.api.conftest import as_, token_of  # noqa: F401 - the fixtures
from tests.changes.test_pages import authorized
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
THURSDAY_20 = moment("2026-03-05 20:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def hidden(house, write_change, vpn):
    """A change of Umbrella on the gateway, and Otto's colleague at Acme who may not see it."""
    RoleGrant.objects.create(user=house.max, role=Role.TECHNICIAN, organization=house.acme)
    RoleGrant.objects.create(user=house.max, role=Role.CHANGE_MANAGER, organization=house.acme)
    secret = write_change(title="Secret merger")
    Change.objects.filter(pk=secret.pk).update(organization=house.umbrella)
    secret = authorized(Change.objects.get(pk=secret.pk), house)
    mine = write_change(title="Ours", assignee=house.aisha)
    Change.objects.filter(pk=mine.pk).update(organization=house.acme, requester=house.maria)
    return Change.objects.get(pk=mine.pk), secret


def test_a_conflict_with_a_change_that_one_may_not_see_names_only_where_they_meet(house, hidden):
    mine, secret = hidden

    seen = conflicts(mine, THURSDAY_20, THURSDAY_20 + HOUR, viewer=house.ines)[0]
    unseen = conflicts(mine, THURSDAY_20, THURSDAY_20 + HOUR, viewer=house.max)[0]

    assert (seen.other, seen.sentence.split(",")[0]) == (secret, f"It overlaps {secret.reference}")
    assert unseen.other is None
    assert unseen.sentence == "It overlaps another change, on the same item: vpn-gw-2."
    assert str(secret.pk) not in unseen.key


def test_pages_refusals_rest_and_history_do_not_name_it(client, house, hidden, as_, time_machine):  # noqa: F811
    time_machine.move_to(MONDAY_10, tick=False)
    mine, secret = hidden
    names = (secret.reference, "Secret merger", f":{secret.pk}:")
    client.force_login(house.max)
    base, api = mine.get_absolute_url(), as_(house.max)
    listed = api.get(f"/api/v1/changes/{mine.reference}/conflicts/").json()["items"][0]

    answers = [
        client.get(f"{base}window/").content.decode(),
        client.get(f"{base}slots/").content.decode(),
        client.post(
            f"{base}slots/", {"from": THURSDAY_20.isoformat(), "to": (THURSDAY_20 + HOUR).isoformat()}
        ).content.decode(),
        api.get(f"/api/v1/changes/{mine.reference}/slots/").content.decode(),
        str(listed),
    ]
    accepted = client.post(f"{base}acceptances/", {"key": listed["key"], "reason": "Other side."})
    answers += [client.get(base).content.decode(), client.get(f"{base}window/").content.decode()]
    answers.append(api.get(f"/api/v1/changes/{mine.reference}/events/").content.decode())

    assert "another change" in answers[0]
    assert listed["change"] is None
    assert accepted.status_code == 303
    assert [name for name in names for answer in answers if name in answer] == []
    # Whoever sees it accepted sees that very conflict accepted.
    assert [each.is_open for each in conflicts(mine, THURSDAY_20, THURSDAY_20 + HOUR, viewer=house.ines)] == [False]


def test_the_history_names_no_other_change_even_when_the_one_who_accepts_sees_it(house, hidden):
    mine, secret = hidden
    found = conflicts(mine, mine.planned_from, mine.planned_to, viewer=house.ines)[0]

    operations.accept_conflict(change=mine, by=house.ines, at=MONDAY_10, key=found.key, reason="Agreed.")

    said = Entry.objects.filter(subject_kind="record", subject_id=mine.pk).order_by("-pk").first()
    assert "another change" in str(said.data)
    assert secret.reference not in str(said.data)


def test_what_has_to_come_first_is_not_named_either(house, hidden):
    mine, secret = hidden
    record_operations.link(record=mine, to=secret, kind=LinkKind.NEEDS, by=house.ines, at=MONDAY_10)

    unseen = [each.sentence for each in conflicts(mine, MONDAY_10, MONDAY_10 + HOUR, viewer=house.max)]

    assert unseen == ["Another change has to be done first, and is scheduled."]
