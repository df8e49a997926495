"""When the services of a change are used, and when those who implement it work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from calendars import registry
from calendars.business_time import BusinessTime
from people.models import Team
from services.models import Service
from slm.models import Agreement

from ..models import Change
from ..ranking import Span


@dataclass(frozen=True)
class Hours:
    """
    :param spans: in order, none touching another; None when unknown, or always.
    :param who: whose hours they are, for sentences. :param note: why they are unknown; empty when they are known.
    """

    spans: Sequence[Span] | None
    zone: ZoneInfo
    who: str = ""
    note: str = ""


def business_hours(services: set[int], start: datetime, end: datetime, *, at: datetime) -> Hours:
    """
    Hours in which at least one of the services is used: the calendars of their agreements, else of the agreements that
    hold for every service, else of the teams that support them.
    """
    zone = ZoneInfo(str(get_default_timezone()))
    day = at.astimezone(zone).date()
    agreed = (
        Agreement.objects.binding()
        .with_customers()
        .filter(kind="incident", requester=None)
        .exclude(valid_to__lte=day)
        .exclude(ends_date__lte=day)
        .exclude(valid_from__gt=day)
        .values_list("service_id", "calendar_id")
    )
    rows = list(agreed)
    calendars = {calendar for service, calendar in rows if service in services}
    if not calendars:
        calendars = {calendar for service, calendar in rows if service is None}
    if not calendars:
        supported = Service.objects.filter(pk__in=services, support_team__calendar__isnull=False)
        calendars = set(supported.values_list("support_team__calendar_id", flat=True))
    if not calendars:
        return Hours(None, zone, note=_("No working hours are known for its services; no day was held to be busy."))
    times = [registry.business_time(key) for key in sorted(calendars)]
    zone = ZoneInfo(times[0].spec.zone)
    if any(each.spec.always_open for each in times):
        return Hours(None, zone, note=_("Its services are used around the clock; no hour was held to be quieter."))
    return Hours(_open_in(times, start, end), zone)


def shift_of(change: Change, start: datetime, end: datetime) -> Hours:
    """Hours of the implementer's teams, else of the change's team, without the days on which they are away."""
    zone = ZoneInfo(str(get_default_timezone()))
    person: Any = change.assignee
    if person is not None:
        teams = Team.objects.filter(memberships__user=person, is_active=True, calendar__isnull=False)
        calendars = set(teams.values_list("calendar_id", flat=True))
        who = person.name
    else:
        calendars, who = set(), ""
    team = change.team
    if not calendars and team is not None and team.calendar_id is not None:
        calendars, who = {team.calendar_id}, who or team.name
    if not who:
        return Hours(None, zone, note=_("Nobody is named to implement it; nobody's shift was looked at."))
    back = None
    if person is not None and person.absent_until is not None:
        # The day named is the last one away, on the person's own clock.
        back = datetime.combine(person.absent_until + timedelta(days=1), time(), person.zone)
    if not calendars:
        if back is None or back <= start:
            return Hours(None, zone, who, note=_("No hours of work are known for %(name)s.") % {"name": who})
        return Hours([Span(back, end)] if back < end else [], zone, who)
    times = [registry.business_time(key) for key in sorted(calendars)]
    if any(each.spec.always_open for each in times) and (back is None or back <= start):
        return Hours(None, zone, who, note=_("%(name)s works around the clock, by the calendar.") % {"name": who})
    return Hours(_open_in(times, max(start, back) if back else start, end), ZoneInfo(times[0].spec.zone), who)


def _open_in(times: Iterable[BusinessTime], start: datetime, end: datetime) -> list[Span]:
    """Where at least one of them is open."""
    found = sorted(Span(*each) for time_ in times for each in time_.open_intervals(start, end))
    joined: list[Span] = []
    for span in found:
        if joined and span.starts_at <= joined[-1].ends_at:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].ends_at, span.ends_at))
        else:
            joined.append(span)
    return joined
