"""The deployments of the sample: true at any hour, and gone in one act."""

import pytest

from audit.models import Entry
from changes.models import Change, ChangeModel
from changes.pipelines.models import Deployment
from itsm.sample.cast import assemble
from itsm.sample.changes import Planner
from itsm.sample.deployments import Pipeline
from records.models import Link
from tests.conftest import moment


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-10-25 00:30"])
def test_five_weeks_are_told_with_a_rollback_a_repair_and_a_refusal(present):
    at = moment(present)
    cast = assemble(password="x", at=at)
    Planner(cast, at=at).tell()

    assert Pipeline(cast, at=at).tell() == 26

    production = Deployment.objects.filter(is_production=True)
    states = sorted(production.values_list("state", flat=True))
    assert (states.count("succeeded"), states.count("rolled_back"), states.count("refused")) == (12, 1, 1)
    broke = production.get(version="7.4.4")
    assert (broke.repaired_by.version, broke.is_unplanned_repair) == ("7.4.5", False)
    assert not production.filter(failed_at__isnull=False, recovered_at=None).exists()
    assert Link.objects.filter(
        kind="fixed_by", from_record__kind="incident", to_record=broke.repaired_by.change
    ).exists()
    assert ChangeModel.objects.get(name="Deploy the customer portal").state == "approved"
    assert set(Change.objects.filter(model__name="Deploy the customer portal").values_list("state", flat=True)) == {
        "closed"
    }
    assert not Entry.objects.filter(at__gt=at, subject_kind__in=["record", "deployment"]).exists()
