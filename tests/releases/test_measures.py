"""What releases are measured by: counted as acts happen, as when everything is counted anew."""

from datetime import timedelta

import pytest

from measurement import rebuild
from records import operations as record_operations
from records.enums import LinkKind
from records.models import Link
from releases import operations
from releases.enums import State
from releases.models import Release
from releases.queries.contents import contents_of
from tests.problems.test_measures import settle, totals
from tests.problems.test_recurrence import deliver

from .conftest import MONDAY_10, THURSDAY_22

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


def live_at(house, release, at):
    """A deploying release goes live at this moment."""
    wave = release.deployments.select_related("release").get()
    operations.start_deployment(deployment=wave, by=house.tom, at=at)
    operations.end_deployment(deployment=wave, by=house.tom, at=at, result="successful", verification="Seen.")
    operations.enter_early_life(release=Release.objects.get(pk=release.pk), by=house.tom, at=at)


def test_on_time_is_the_promised_day_however_the_window_moved(house, bring_to):
    on_the_day, a_day_late = bring_to("deploying"), bring_to("deploying")
    bring_to("testing")
    live_at(house, on_the_day, THURSDAY_22 + timedelta(minutes=59))
    live_at(house, a_day_late, THURSDAY_22 + timedelta(hours=2))

    settle()

    assert totals("release.flow") == {"promised": 3, "on_time": 1}


def test_what_was_cancelled_was_not_promised(house, bring_to):
    operations.cancel(release=bring_to("ready"), by=house.aisha, at=MONDAY_10, reason="Merged.")

    settle()

    assert totals("release.flow") == {"promised": 0, "on_time": 0}


def test_defects_that_escaped_stand_beside_those_that_tests_found(house, bring_to, log_incident):
    testing = bring_to("testing")
    criterion = testing.criteria.select_related("release").get()
    for note in ("Drops after 40 minutes.", "Drops after 50 minutes."):
        operations.judge(criterion=criterion, by=house.tom, at=MONDAY_10, is_met=False, note=note)
    operations.cancel(release=testing, by=house.aisha, at=MONDAY_10, reason="Never deployed: counts nowhere.")
    release = bring_to("early_life", criteria=("One",))
    release.criteria.update(failures=3)
    change = contents_of(release)[0].record.specific
    for target, after in ((release, DAY), (change, 2 * DAY), (release, 31 * DAY)):
        incident = log_incident(at=THURSDAY_22 + after)
        record_operations.link(record=incident, to=target, kind=LinkKind.CAUSED_BY, by=house.tom, at=incident.opened_at)
    deliver()
    settle()
    counted = totals("release.defects")

    record_operations.unlink(
        link=Link.objects.get(to_record=change.pk, kind=LinkKind.CAUSED_BY), by=house.tom, at=MONDAY_10
    )
    deliver()
    settle()

    assert counted == {"escaped": 2, "found": 5}
    assert totals("release.defects") == {"escaped": 1, "found": 4}
    assert Release.objects.get(pk=release.pk).state == State.EARLY_LIFE
