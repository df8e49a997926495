"""Calendars in the REST API: their hours, and what an amount of business time comes to."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Integer, Moment, Strict
from common.api.filters import NameQuery
from common.api.paging import listing_of
from common.api.views import ApiView, ListDoor, one_of
from common.problems import UNFIT, Problem

from .business_time import NeverOpens
from .models import Calendar
from .preview import preview

MOST_MINUTES = 525_600


class CalendarShape(Answer):
    """When a team or a service works."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    zone = serializers.CharField(help_text="IANA name of the time zone.")
    is_always_open = serializers.BooleanField()
    is_active = serializers.BooleanField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True, help_text="The first day that is out.")
    version = serializers.IntegerField(help_text="Counts the changes of the hours.")


class WindowShape(Answer):
    """Open on a weekday from one local minute of the day to another; 1440 is 24:00."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")
    start_minute = serializers.IntegerField(min_value=0, max_value=1439)
    end_minute = serializers.IntegerField(min_value=1, max_value=1440)


class ExceptionShape(Answer):
    """A date with other hours than its weekday; none means closed."""

    date = serializers.DateField()
    name = serializers.CharField(allow_blank=True)
    windows = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )


class OneCalendarShape(CalendarShape):
    """A calendar with its hours."""

    windows = WindowShape(many=True)
    exceptions = ExceptionShape(many=True)


class PreviewBody(Strict):
    """From when, and how much."""

    start = Moment(help_text="With its offset from UTC.")
    minutes = Integer(min_value=1, max_value=MOST_MINUTES, help_text="Business time, in minutes.")


class DayShape(Answer):
    """What one local date added."""

    date = serializers.DateField()
    name = serializers.CharField(allow_blank=True, help_text="Of the holiday or exception.")
    open_minutes = serializers.FloatField()
    used_minutes = serializers.FloatField()
    used_so_far_minutes = serializers.FloatField()


class PreviewShape(Answer):
    """The moment at which the amount is used up, and the days in between (400 at most)."""

    start = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    due = serializers.DateTimeField()
    zone = serializers.CharField()
    days = DayShape(many=True)


def calendar(row: Any) -> dict[str, Any]:
    """The dictionary of a `CalendarShape`."""
    return {name: row.pk if name == "id" else getattr(row, name) for name in _NAMES}


_NAMES = tuple(CalendarShape().fields)


class Calendars(ListDoor):
    """Calendars."""

    operations = {"GET": "calendar.view"}

    @describe("List calendars", gives=listing_of(CalendarShape), parameters=[NameQuery])
    def get(self, request: Any) -> Any:
        query = NameQuery.of(request)
        return self.listed(request, Calendar.objects.all(), query, calendar)


class OneCalendar(ApiView):
    """One calendar."""

    operations = {"GET": "calendar.view"}

    @describe("Get a calendar with its hours", gives=OneCalendarShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = one_of(Calendar.objects.with_hours(), number)
        spec = found.as_spec()
        hours = {
            "windows": [
                {"weekday": each.weekday, "start_minute": each.start_minute, "end_minute": each.end_minute}
                for each in spec.weekly
            ],
            "exceptions": [
                {"date": each.date, "name": each.name, "windows": [list(span) for span in each.windows]}
                for each in spec.exceptions
            ],
        }
        return self.answer(calendar(found) | hours, version=found.version)


class CalendarPreview(ApiView):
    """Business time, worked out. It stores nothing."""

    operations = {"POST": "calendar.view"}

    @describe(
        "Work out when an amount of business time is used up",
        takes=PreviewBody,
        gives=PreviewShape,
        problems=[404],
        examples=[("Four hours from Friday afternoon", {"start": "2026-03-06T14:00:00Z", "minutes": 240})],
    )
    def post(self, request: Any, number: int) -> Any:
        found = one_of(Calendar.objects.with_hours(), number)
        values = PreviewBody.read(request.data, by=request.user)
        try:
            shown = preview(found.as_spec(), values["start"], timedelta(minutes=values["minutes"]))
        except NeverOpens:
            raise Problem(
                UNFIT,
                _("The calendar does not open long enough within 20 years. Give it hours first, or take less time."),
                errors=[{"code": "never_opens", "message": _("Not enough open hours."), "field": "minutes"}],
            ) from None
        return self.answer(
            {
                "start": shown.start,
                "minutes": values["minutes"],
                "due": shown.due,
                "zone": shown.zone,
                "days": [
                    {
                        "date": step.date,
                        "name": step.name,
                        "open_minutes": _minutes(step.open_time),
                        "used_minutes": _minutes(step.used),
                        "used_so_far_minutes": _minutes(step.used_so_far),
                    }
                    for step in shown.steps
                ],
            }
        )


def _minutes(amount: timedelta) -> float:
    return round(amount / timedelta(minutes=1), 3)
