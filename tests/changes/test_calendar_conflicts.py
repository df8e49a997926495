"""What is said on the calendar of conflicts: the same as on the change itself, and nothing that one may not see."""

from approvals import operations as approvals
from approvals import queries as approval_queries
from changes import operations
from changes.queries.collisions import collisions
from changes.queries.conflicts import Reason, conflicts
from changes.queries.facts import AUTHORIZE
from changes.queries.schedule import schedule
from people.enums import Role
from people.models import RoleGrant
from records import operations as record_operations
from services.models import ConfigurationItem, Service, ServiceDependency
from tests.changes.conftest import MONDAY_10
from tests.conftest import moment

MONDAY, NEXT_MONDAY = moment("2026-03-02 00:00"), moment("2026-03-09 00:00")
THIS_WEEK = "/changes/calendar/?from=2026-03-02"


def found_by(user, start=MONDAY, end=NEXT_MONDAY, at=MONDAY_10):
    return collisions(schedule(user, start, end), user=user, at=at).collisions


def summary(found):
    other = getattr(found.other, "number", None) or getattr(found.other, "window_id", None)
    return found.one.number, found.reason, other


def test_conflicts_are_those_that_a_change_has_by_itself(house, vpn, booked, write_change, freeze):
    mail = Service.objects.create(name="Mail", slug="mail")
    ServiceDependency.objects.create(service=mail, needs=vpn)
    first = booked(window=("2026-03-04 20:00", "2026-03-04 22:00"))
    item = write_change(title="Same item", assignee=house.aisha, window=("2026-03-04 21:00", "2026-03-04 23:00"))
    service = write_change(
        title="Same service", items=[], assignee=house.aisha, window=("2026-03-04 21:00", "2026-03-04 23:00")
    )
    dependent = write_change(
        title="Depends", items=[], services=[mail], assignee=house.aisha,
        window=("2026-03-04 21:00", "2026-03-04 23:00"),
    )  # fmt: skip
    person = write_change(
        title="Same person", items=[], services=[Service.objects.create(name="Print", slug="print")],
        window=("2026-03-04 21:00", "2026-03-04 23:00"),
    )  # fmt: skip
    frozen = write_change(title="Frozen", window=("2026-03-05 20:00", "2026-03-05 22:00"))

    found = {summary(each) for each in found_by(house.ines)}

    assert found == {
        (item.pk, Reason.ITEM, first.pk),
        (service.pk, Reason.SERVICE, first.pk),
        (dependent.pk, Reason.DEPENDENCY, first.pk),
        (person.pk, Reason.IMPLEMENTER, first.pk),
        (frozen.pk, Reason.FREEZE, freeze.pk),
    }
    alone = {
        (change.pk, each.reason, each.other.pk)
        for change in (item, service, dependent, person, frozen)
        for each in conflicts(change, change.planned_from, change.planned_to, viewer=house.ines)
    }
    assert found == alone


def test_an_overlap_that_somebody_accepted_is_no_conflict_any_more(house, booked, write_change):
    booked()
    change = write_change(title="Second", assignee=house.aisha)
    (own,) = conflicts(change, change.planned_from, change.planned_to, viewer=house.aisha)
    assert len(found_by(house.ines)) == 1

    operations.accept_conflict(change=change, by=house.aisha, at=MONDAY_10, key=own.key, reason="Other side of it.")

    assert found_by(house.ines) == []


def test_two_scheduled_ones_are_one_conflict_of_the_later(house, booked, write_change):
    first = booked()
    second = write_change(title="Second", points=1, assignee=house.aisha)
    (own,) = conflicts(second, second.planned_from, second.planned_to, viewer=house.aisha)
    operations.accept_conflict(change=second, by=house.aisha, at=MONDAY_10, key=own.key, reason="Fine.")
    second = operations.submit(change=second, by=house.tom, at=MONDAY_10)
    second = operations.assess(change=second, by=house.ines, at=MONDAY_10)
    approval = approval_queries.open_one(second, AUTHORIZE)
    approvals.vote(approval=approval, by=house.ines, at=MONDAY_10, choice="approve")
    second.acknowledgments.all().delete()

    assert [summary(each) for each in found_by(house.ines)] == [(second.pk, Reason.ITEM, first.pk)]


def test_an_exemption_takes_the_freeze_out_of_the_way(house, write_change, freeze):
    change = write_change()
    assert [each.reason for each in found_by(house.ines)] == [Reason.FREEZE]

    operations.exempt(change=change, window=freeze, by=house.ines, at=MONDAY_10, reason="A leak.")

    assert found_by(house.ines) == []


def test_what_has_to_come_first_is_named(house, write_change):
    change = write_change()
    first = write_change(title="First", window=None)
    record_operations.link(record=change, to=first, kind="needs", by=house.aisha, at=MONDAY_10)

    (found,) = found_by(house.ines)

    assert (found.reason, found.other.reference, found.other.url) == (
        Reason.PREREQUISITE, first.reference, f"/changes/{first.reference}/",
    )  # fmt: skip


def test_conflicts_with_what_one_may_not_see_name_nothing_of_it(client, house, booked, write_change, at_monday):
    booked(title="Secret merger gateway")
    RoleGrant.objects.create(user=house.otto, role=Role.TEAM_LEAD, organization=house.umbrella)
    own = operations.create(
        by=house.otto, at=MONDAY_10, title="Ours", services=list(Service.objects.all()),
    )  # fmt: skip
    operations.plan_window(
        change=own, by=house.otto, at=MONDAY_10, planned_from=moment("2026-03-05 21:00"),
        planned_to=moment("2026-03-05 23:00"),
    )  # fmt: skip
    client.force_login(house.otto)

    page = client.get(f"{THIS_WEEK}&view=agenda").content.decode()

    assert "overlaps a change that you may not see, Thu 5 Mar 21:00–22:00, on the same service: VPN." in page
    assert "Secret merger" not in page


def test_conflicts_lie_ahead(house, booked, write_change):
    booked()
    write_change(title="Second", assignee=house.aisha)

    assert found_by(house.ines, at=moment("2026-03-05 22:00")) == []


def test_a_change_of_items_alone_is_busy_for_those_who_may_see_the_items(house, gateway, booked):
    hidden = ConfigurationItem.objects.create(name="spare")
    booked(services=[], items=[gateway])
    booked(title="Of nobody's service", services=[], items=[hidden], window=("2026-03-06 20:00", "2026-03-06 22:00"))

    seen = schedule(house.otto, MONDAY, NEXT_MONDAY).entries

    assert [(each.is_busy, each.starts_at) for each in seen] == [(True, moment("2026-03-05 20:00"))]
    assert len(schedule(house.tom, MONDAY, NEXT_MONDAY).entries) == 2
