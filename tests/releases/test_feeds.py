"""Releases in the calendar feeds: going live, early life, for whom, and what becomes of them."""

from datetime import timedelta

import pytest

from people.enums import Role
from people.models import RoleGrant
from records.calendar_entries import Certainty, FeedSubject, fed
from releases import operations
from releases.models import Release
from tests.changes.test_feeds import events, issue, read  # noqa: F401 - a fixture
from tests.conftest import moment
from tests.releases.conftest import MONDAY_10, THURSDAY_20, THURSDAY_22

START, END = moment("2026-01-01 00:00"), moment("2027-01-01 00:00")


def keys(user, **about):
    return [each.key.partition("-")[2].partition("-")[2] for each in fed(FeedSubject(user, **about), START, END)]


def test_going_live_and_early_life_stand_in_the_feed_of_who_manages_it(
    house, bring_to, read, time_machine  # noqa: F811 - the fixture
):  # fmt: skip
    time_machine.move_to(THURSDAY_22, tick=False)
    release = bring_to("early_life", early_life_days=10)

    found = events(read(issue(house.tom, house.tom)))

    live, early = found[f"release-{release.pk}-go-live"], found[f"release-{release.pk}-early-life"]
    assert live["summary"] == f"{release.reference} goes live: Gateway 4.2"
    assert (live.decoded("dtstart"), live.decoded("dtend")) == (THURSDAY_20, THURSDAY_22)
    assert (early.decoded("dtstart"), early.decoded("dtend")) == (THURSDAY_22, THURSDAY_22 + timedelta(days=10))
    assert (str(live["status"]), live.get("transp"), early["transp"]) == ("CONFIRMED", None, "TRANSPARENT")
    assert str(early["url"]).endswith(release.get_absolute_url())
    assert early["description"] == "State: early life"


def test_each_feed_has_its_own_releases(house, vpn, plan_release):
    plan_release(services=[vpn], team=house.networks)

    assert keys(house.tom, person_id=house.tom.pk) == ["go-live"]
    assert keys(house.tom, person_id=house.ines.pk) == ["go-live"]
    assert keys(house.tom, person_id=house.aisha.pk) == []
    assert keys(house.tom, team_id=house.networks.pk) == ["go-live"]
    assert keys(house.tom, team_id=house.first_line.pk) == []
    assert keys(house.tom, service_id=vpn.pk) == ["go-live"]
    assert keys(house.otto, service_id=vpn.pk) == []


def test_what_is_planned_is_tentative_and_what_is_cancelled_says_so(house, bring_to):
    subject = FeedSubject(house.tom, person_id=house.tom.pk)
    release = bring_to("planning")
    before = fed(subject, START, END)[0]

    operations.cancel(release=release, by=house.aisha, at=MONDAY_10, reason="No need.")
    after = fed(subject, START, END)[0]

    assert (before.certainty, after.certainty) == (Certainty.TENTATIVE, Certainty.CANCELLED)
    assert after.key == before.key
    assert after.version > before.version


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (THURSDAY_22, END, ["early-life"]),
        (START, THURSDAY_20, []),
        (THURSDAY_22 + timedelta(days=14), END, []),
        (THURSDAY_22 + timedelta(days=13), END, ["early-life"]),
    ],
)
def test_a_period_holds_what_touches_it(house, bring_to, start, end, found):
    bring_to("early_life")

    entries = fed(FeedSubject(house.tom, person_id=house.tom.pk), start, end)

    assert [each.key.partition("-")[2].partition("-")[2] for each in entries] == found


def test_early_life_ends_when_the_release_is_closed(house, bring_to):
    release = bring_to("early_life")
    closed_at = THURSDAY_22 + timedelta(days=11)
    Release.objects.filter(pk=release.pk).update(state="closed", phase="done", closed_at=closed_at)

    entries = fed(FeedSubject(house.tom, person_id=house.tom.pk), START, END)

    assert [each.ends_at for each in entries] == [THURSDAY_22, closed_at]


def test_otto_sees_none_of_them_even_where_he_works(house, bring_to, django_assert_num_queries):
    bring_to("early_life")
    RoleGrant.objects.filter(user=house.otto, role=Role.TECHNICIAN).update(organization=house.umbrella)

    assert keys(house.otto, person_id=house.tom.pk) == []
    with django_assert_num_queries(1):
        assert len(keys(house.tom, person_id=house.tom.pk)) == 2
