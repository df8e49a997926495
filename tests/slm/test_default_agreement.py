"""A new installation promises something from its first ticket on."""

from calendars.models import Calendar
from slm import operations
from slm.models import Agreement, Clock
from tests.conftest import moment

AT = moment("2026-03-02 08:00")


def test_the_default_applies_to_everybody_and_is_made_once(log_incident, clock_of):
    made = operations.ensure_default_agreement(at=AT)

    assert operations.ensure_default_agreement(at=AT) == made
    assert Agreement.objects.count() == 1
    incident = log_incident()
    # Forty hours of Oslo's office days, 07:00-15:00 UTC: two hours are gone on Monday.
    assert clock_of(incident).due_at == moment("2026-03-09 09:00")
    assert clock_of(incident, "response").due_at == moment("2026-03-03 09:00")


def test_critical_tickets_are_counted_around_the_clock(log_incident):
    operations.ensure_default_agreement(at=AT)

    log_incident(impact=1, urgency=1, at=moment("2026-03-07 23:50"))

    assert set(Clock.objects.values_list("calendar__name", "due_at")) == {
        ("24x7", moment("2026-03-08 00:05")),
        ("24x7", moment("2026-03-08 03:50")),
    }


def test_an_agreement_for_everybody_that_stands_is_left_alone(standard, office):
    assert operations.ensure_default_agreement(at=AT) == standard
    assert list(Calendar.objects.all()) == [office]
