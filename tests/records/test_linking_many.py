"""Many records linked to one in a single act."""

from typing import Any

import pytest

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from records import operations
from records.enums import LinkKind
from records.models import Link, Record
from tests.conftest import moment

NOW = moment("2026-03-03 09:00")


def test_each_gets_its_link_its_version_and_its_entry(house: Any, log_incident: Any) -> None:
    cause, *others = [log_incident() for _ in range(4)]

    made = operations.link_many(records=others, to=cause, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)

    assert made == 3
    assert list(Link.objects.values_list("from_record_id", "to_record_id")) == [(each.pk, cause.pk) for each in others]
    assert set(Record.objects.values_list("version", flat=True)) == {2}
    said = Entry.objects.filter(action="incident.linked").order_by("id").values_list("subject_id", "data__is_source")
    assert list(said) == [(each.pk, True) for each in others] + [(cause.pk, False)] * 3


def test_what_is_linked_already_stays_as_it_is(house: Any, log_incident: Any) -> None:
    cause, known, new = [log_incident() for _ in range(3)]
    operations.link(record=known, to=cause, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)

    made = operations.link_many(records=[known, new], to=cause, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)

    assert made == 1
    assert Entry.objects.filter(action="incident.linked", subject_id=known.pk).count() == 1
    assert operations.link_many(records=[known, new], to=cause, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW) == 0


def test_one_in_a_circle_leaves_all_unlinked(house: Any, log_incident: Any) -> None:
    cause, middle, other = [log_incident() for _ in range(3)]
    operations.link(record=cause, to=middle, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)

    with pytest.raises(Refused, match="A circle is not possible"):
        operations.link_many(records=[other, middle], to=cause, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)
    with pytest.raises(Refused, match="can't be linked to itself"):
        operations.link_many(records=[other, cause], to=cause, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)

    assert Link.objects.count() == 1


def test_one_that_the_person_may_not_link_leaves_all_unlinked(house: Any, log_incident: Any) -> None:
    cause, foreign = log_incident(), log_incident()
    own = log_incident(requester=house.otto)

    with pytest.raises(NotAllowed):
        operations.link_many(records=[own, foreign], to=cause, kind=LinkKind.CAUSED_BY, by=house.otto, at=NOW)

    assert not Link.objects.exists()


def test_a_kind_that_allows_one_target_only_is_a_defect_of_the_caller(house: Any, log_incident: Any) -> None:
    with pytest.raises(ValueError, match="one by one"):
        operations.link_many(records=[], to=log_incident(), kind=LinkKind.CHILD_OF, by=house.tom, at=NOW)
