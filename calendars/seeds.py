"""The calendars that a new installation starts with."""

from datetime import UTC, datetime

from . import operations
from .models import Calendar
from .spec import WeeklyWindow

YEARS_OF_HOLIDAYS = 3
_WORKDAYS = range(5)
_OFFICES = (
    ("Oslo office", "Europe/Oslo", ((480, 960),), "NO", ""),
    ("Berlin office", "Europe/Berlin", ((540, 1080),), "DE", "BE"),
    ("New York office", "America/New_York", ((540, 1020),), "US", "NY"),
)


def ensure_default_calendars(*, at: datetime) -> dict[str, Calendar]:
    """
    Make the shipped calendars that are missing: around the clock, and offices in Oslo, Berlin, New York.

    Existing ones stay as people changed them. Holidays are copied from the year before `at` to the one after, and the
    calendars are dated to the beginning of those years: what is shipped is no change that a chart of today should name.

    The answer has the keys `24x7`, `oslo`, `berlin` and `new-york`.
    """
    since = datetime(at.year - 1, 1, 1, tzinfo=UTC)
    made = {calendar.name: calendar for calendar in Calendar.objects.all()}
    if "24x7" not in made:
        made["24x7"] = operations.create_calendar(
            name="24x7", zone="UTC", by=None, at=since, description="Around the clock.", is_always_open=True
        )
    for name, zone, spans, country, region in _OFFICES:
        if name in made:
            continue
        calendar = operations.create_calendar(
            name=name,
            zone=zone,
            by=None,
            at=since,
            description="Monday to Friday, closed on public holidays.",
            windows=[WeeklyWindow(day, *span) for day in _WORKDAYS for span in spans],
        )
        years = range(at.year - 1, at.year - 1 + YEARS_OF_HOLIDAYS)
        operations.import_holidays(
            calendar=calendar, country=country, subdivision=region, years=years, by=None, at=since
        )
        made[name] = Calendar.objects.get(pk=calendar.pk)
    return {
        "24x7": made["24x7"],
        "oslo": made["Oslo office"],
        "berlin": made["Berlin office"],
        "new-york": made["New York office"],
    }
