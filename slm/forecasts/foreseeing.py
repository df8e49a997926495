"""What is due in this shift, and with what chance it will be missed; written down for everybody to read."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from calendars import registry
from calendars.business_time import BusinessTime, NeverOpens

from ..enums import ClockState
from ..models import Clock
from . import estimating, learning
from .models import Forecast, Lesson

LOOKS_AHEAD = timedelta(hours=24)
SHIFT = timedelta(hours=8)  # where the hours never close
CLOCKS_AT_MOST = 20_000
LEARNED_EVERY = timedelta(hours=6)
LOCK = 5_400_212


def shift_end(hours: BusinessTime, at: datetime) -> datetime:
    """
    When the shift ends in which a moment lies, or the next one where it is closed: at the closing, one day ahead
    at most. Hours that never close have shifts of eight hours from now on.
    """
    if hours.spec.always_open:
        return at + SHIFT
    try:
        opening = hours.next_opening(at)
    except NeverOpens:
        return at
    closing = hours.next_boundary(opening)
    return min(closing or at + SHIFT, at + LOOKS_AHEAD)


def keep_up(*, at: datetime) -> None:
    """Learn where that was long ago, then look at what is due."""
    for is_sample in (False, True):
        lesson = Lesson.objects.filter(is_sample=is_sample).first()
        if lesson is None or lesson.learned_at <= at - LEARNED_EVERY:
            learning.learn(is_sample=is_sample, at=at)
    foresee(at=at)


@transaction.atomic
def foresee(*, at: datetime) -> int:
    """
    Write the forecasts of this shift anew. The shift is that of the team's hours, else of the clock's.

    A paused clock cannot pass its target while it waits, and has none. Two statements read, two write, however many.

    :returns: how many clocks are due in their shift.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    known = {is_sample: learning.curves(is_sample=is_sample) for is_sample in (False, True)}
    # The next level comes before the due moment, so the index of the sweep holds all that can be due.
    due = (
        Clock.objects.filter(
            state=ClockState.RUNNING, next_level_at__lte=at + LOOKS_AHEAD, due_at__gt=at, due_at__lte=at + LOOKS_AHEAD,
            breached_at=None,
        )
        .select_related("record__team")
        .order_by("due_at", "id")[:CLOCKS_AT_MOST]
    )  # fmt: skip
    zone = ZoneInfo(settings.TIME_ZONE)
    found = []
    for clock in due:
        record = clock.record
        hours = registry.business_time(clock.calendar_id, clock.calendar_version)
        team_calendar = record.team.calendar_id if record.team else None
        ends_at = shift_end(registry.current(team_calendar).time if team_calendar else hours, at)
        if clock.due_at is None or clock.due_at > ends_at:
            continue
        used = clock.used + hours.between(clock.switched_at, at) - clock.used_before
        step = estimating.step_of(used / clock.target if clock.target else 1.0)
        block = estimating.block_of(clock.due_at.astimezone(zone).hour)
        features = (record.kind, clock.kind, clock.priority, record.team_id, record.service_id, block)
        said = known[record.is_sample].chance(features, step)
        found.append(
            Forecast(
                clock_id=clock.pk,
                record_id=record.pk,
                chance=said.chance,
                rank=-1.0 if said.chance is None else said.chance,
                twentieths=step,
                group=said.group,
                alike=said.alike,
                alike_missed=said.missed,
                due_at=clock.due_at,
                shift_ends_at=ends_at,
                looked_at=at,
            )
        )
    Forecast.objects.all().delete()
    Forecast.objects.bulk_create(found, batch_size=2_000)
    return len(found)
