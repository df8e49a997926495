"""The sample's procedure: written before its incidents, worked by, and gone with them."""

import pytest

from audit.models import Entry
from itsm.sample.cast import assemble
from itsm.sample.procedures import Clerk
from itsm.sample.removal import remove
from itsm.sample.story import Story
from procedures.models import Duty, Procedure, Tick
from procedures.queries.acting import compare
from tests.conftest import moment


@pytest.mark.django_db
def test_the_sample_works_by_its_procedure_and_takes_it_along() -> None:
    at = moment("2026-10-25 00:30")
    before = Procedure.objects.count()
    cast = assemble(password="x", at=at)
    clerk = Clerk(cast, at=at)
    procedure = clerk.write()
    clerk.name_who_answers()
    doubles = [row for row in compare(since=at, until=at) if any(each.kind == "double" for each in row.findings)]
    Story(cast, at=at).tell(60)

    assert clerk.work() == Tick.objects.count() > 0
    assert [each.state for each in procedure.versions.order_by("number")] == ["in_force", "draft"]
    assert not Entry.objects.filter(at__gt=at).exists()
    assert [(row.duty.process, row.duty.step) for row in doubles] == [("recover", "register"), ("operate", "report")]
    remove()

    assert not Duty.objects.exclude(person=None).exists()
    assert Procedure.objects.count() == before
    assert not Entry.objects.filter(subject_kind="procedure").exists()
