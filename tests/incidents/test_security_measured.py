"""Security incidents resolved in time, by hand."""

import pytest

from incidents import operations
from measurement import declarations, rebuild
from measurement.drill import MEASURED, MISSED, Drill
from measurement.periods import Range
from measurement.scope import scope_of
from tests.changes.pipelines.test_measures import value
from tests.conftest import moment
from tests.measurement.conftest import day
from tests.slm.conftest import make_agreement, office, standard  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


def test_only_those_marked_count_and_a_mark_set_afterwards_is_followed(house, log_incident, standard):  # noqa: F811
    """Eight office hours from Monday 09:00: one in time, one a day late, one that is no security incident, one open."""
    assert value("sec-incident-close", house.tom).text == "n/a"
    quick, slow, other, _open = (log_incident(is_security_related=marked) for marked in (True, True, False, True))
    for incident, at in ((quick, "2026-03-02 12:00"), (slow, "2026-03-03 12:00"), (other, "2026-03-02 12:00")):
        taken = operations.take(incident=incident, by=house.tom, at=moment("2026-03-02 09:05"))
        operations.resolve(incident=taken, by=house.tom, at=moment(at), code="fixed", text="Done.")

    found = value("sec-incident-close", house.tom)
    assert (found.numerator, found.denominator, found.number) == (1, 2, 50)
    assert value("sec-incident-close", house.otto).denominator == 0

    other.refresh_from_db()
    operations.edit(incident=other, by=house.tom, at=moment("2026-03-04 09:00"), values={"is_security_related": True})
    found = value("sec-incident-close", house.tom)
    assert (found.numerator, found.denominator) == (2, 3)

    kpi, week = declarations.kpi("sec-incident-close"), Range(day("2026-03-02"), day("2026-03-09"))
    behind = {
        part: [row.record_id for rows in Drill(kpi, week, scope_of(house.tom)).rows(part).values() for row in rows]
        for part in (MISSED, MEASURED)
    }
    assert behind[MISSED] == [slow.pk] and sorted(behind[MEASURED]) == sorted([quick.pk, slow.pk, other.pk])
