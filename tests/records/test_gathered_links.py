"""What a practice says about links to its records: only some kinds take what is released in them."""

from dataclasses import replace

import pytest

from common.refusals import Refusal, Refused
from records import operations, practices
from records.enums import LinkKind
from records.models import Link
from tests.conftest import moment

NOW = moment("2026-03-02 10:00")


@pytest.fixture
def as_gatherer(monkeypatch):
    """Let incidents be made of incidents, for this test, and say what a link is refused with."""

    def declare(**said):
        fake = replace(practices.of("incident"), gathers=frozenset({"incident"}), **said)
        monkeypatch.setitem(practices._PRACTICES, "incident", fake)

    return declare


def test_nothing_is_released_in_a_record_that_gathers_nothing(house, log_incident):
    with pytest.raises(Refused, match="does not release incidents"):
        operations.link(record=log_incident(), to=log_incident(), kind=LinkKind.RELEASED_IN, by=house.tom, at=NOW)

    assert not Link.objects.exists()


def test_what_gathers_this_kind_takes_it(house, log_incident, as_gatherer):
    as_gatherer()

    operations.link(record=log_incident(), to=log_incident(), kind=LinkKind.RELEASED_IN, by=house.tom, at=NOW)

    assert Link.objects.get().kind == LinkKind.RELEASED_IN


def test_the_practice_is_asked_before_a_link_is_made_and_before_it_goes(house, log_incident, as_gatherer):
    first, second = log_incident(), log_incident()
    as_gatherer()
    made = operations.link(record=first, to=second, kind=LinkKind.RELEASED_IN, by=house.tom, at=NOW)
    as_gatherer(refuse_link=lambda record, other, kind, is_new: Refusal("frozen", f"{record.reference} is frozen."))

    with pytest.raises(Refused, match="is frozen"):
        operations.link(record=first, to=second, kind=LinkKind.RELATED_TO, by=house.tom, at=NOW)
    with pytest.raises(Refused, match="is frozen"):
        operations.unlink(link=made, by=house.tom, at=NOW)

    assert list(Link.objects.values_list("kind", flat=True)) == [LinkKind.RELEASED_IN]
