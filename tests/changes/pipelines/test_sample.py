"""The deployments of the sample: true at any hour, and gone in one act."""

import pytest

from audit.models import Entry
from changes.models import Change, ChangeModel
from changes.pipelines.models import Commit, Deployment, Environment
from itsm.sample.cast import assemble
from itsm.sample.changes import Planner
from itsm.sample.deployments import Pipeline
from itsm.sample.removal import remove
from records.models import Link
from tests.conftest import moment


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-03-04 11:00", "2026-03-29 00:30", "2026-10-25 00:30", "2026-03-31 23:59"])
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


@pytest.mark.django_db
def test_they_are_gone_in_one_act_and_environments_stay():
    at = moment("2026-03-04 11:00")
    Pipeline(assemble(password="x", at=at), at=at).tell()

    remove()

    for model in (Deployment, Commit, Change, ChangeModel):
        assert not model.objects.exists(), model
    assert Environment.objects.count() == 3
