"""The releases of the sample: true at any hour, and gone in one act."""

import pytest

from audit.models import Entry
from itsm.sample.cast import assemble
from itsm.sample.changes import Planner
from itsm.sample.releases import Conductor
from releases.models import Release
from releases.queries.contents import contents_of
from tests.conftest import moment


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-10-25 00:30"])
def test_one_is_tested_with_two_changes_and_one_is_live(present):
    at = moment(present)
    cast = assemble(password="x", at=at)
    Planner(cast, at=at).tell()

    assert Conductor(cast, at=at).tell() == 2

    tested, live = Release.objects.order_by("pk")
    assert (tested.state, live.state) == ("testing", "early_life")
    assert [each.is_authorized for each in contents_of(tested)] == [True, False]
    assert not Entry.objects.filter(at__gt=at, subject_kind="record").exists()
