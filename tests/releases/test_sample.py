"""The releases of the sample: true at any hour, and gone in one act."""

import pytest

from audit.models import Entry
from itsm.sample.cast import assemble
from itsm.sample.changes import Planner
from itsm.sample.releases import Conductor
from itsm.sample.removal import remove
from releases.models import AcceptanceCriterion, Deployment, ReadinessItem, Release
from releases.queries.contents import contents_of
from tests.conftest import moment


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-03-04 11:00", "2026-03-08 02:17", "2026-10-25 00:30", "2026-03-31 23:59"])
def test_one_is_tested_with_two_changes_and_one_is_live(present):
    at = moment(present)
    cast = assemble(password="x", at=at)
    Planner(cast, at=at).tell()

    assert Conductor(cast, at=at).tell() == 2

    tested, live = Release.objects.order_by("pk")
    assert (tested.state, live.state) == ("testing", "early_life")
    assert [each.is_authorized for each in contents_of(tested)] == [True, False]
    assert not Entry.objects.filter(at__gt=at, subject_kind="record").exists()


@pytest.mark.django_db
def test_it_is_gone_in_one_act():
    at = moment("2026-03-04 11:00")
    cast = assemble(password="x", at=at)
    Planner(cast, at=at).tell()
    Conductor(cast, at=at).tell()

    remove()

    for model in (Release, Deployment, AcceptanceCriterion, ReadinessItem):
        assert not model.objects.exists(), model
