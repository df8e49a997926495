"""The sample's problems: each at another stage, and gone in one act."""

import pytest

from itsm.sample.cast import assemble
from itsm.sample.problems import Casebook
from itsm.sample.story import Story
from problems.finding import together
from problems.finding.models import DecidedBurst
from problems.models import Cause, KnownError, KnownErrorUse, Problem
from records.models import Record
from tests.conftest import moment


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-10-25 00:30"])
def test_three_problems_stand_at_different_stages(present):
    at = moment(present)
    cast = assemble(password="x", at=at)
    Story(cast, at=at).tell(80)

    assert Casebook(cast, at=at).tell() == 3

    assert set(Problem.objects.values_list("state", flat=True)) == {"known_error", "verifying", "accepted"}
    assert KnownError.objects.get().has_workaround
    assert KnownErrorUse.objects.filter(worked=True).exists()
    assert Cause.objects.filter(is_root=True).count() == 1
    assert Cause.objects.exclude(disproved_at=None).count() == 1
    assert not Record.objects.filter(updated_at__gt=at).exists()
    burst = DecidedBurst.objects.get()
    assert (burst.is_dismissed, burst.is_sample, burst.count) == (True, True, 8)
    assert [each.count for each in together.look(cast.staff["tom"], at=at).shown] == [9]
