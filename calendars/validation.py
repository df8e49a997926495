"""What makes hours impossible, each with a sentence that names the day and the span."""

import datetime
from collections.abc import Iterable
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refusal

from . import zones
from .spec import MINUTES_PER_DAY, CalendarSpec, Span

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
EARLIEST_DATE = datetime.date(1990, 1, 1)
LATEST_DATE = datetime.date(2199, 12, 31)


def clock(minute: int) -> str:
    """Write a minute of the day as `08:05`; 1440 is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def span_text(span: Span) -> str:
    """Write a span as `08:00-12:00`."""
    return f"{clock(span[0])}-{clock(span[1])}"


def problems_of(spec: CalendarSpec) -> list[Refusal]:
    """List everything that keeps these hours from being saved; nothing means that they are sound."""
    found = []
    if not zones.is_known(spec.zone):
        found.append(
            Refusal(
                code="unknown_zone",
                message=_("“%(zone)s” is no time zone. Pick one such as Europe/Oslo.") % {"zone": spec.zone},
                field="zone",
            )
        )
    if spec.always_open:
        if spec.weekly or spec.exceptions:
            found.append(
                Refusal(
                    code="always_open_with_hours",
                    message=_(
                        "A calendar that is open around the clock has no windows and no exceptions. "
                        "Remove them, or give each weekday the span 00:00-24:00."
                    ),
                    field="is_always_open",
                )
            )
        return found
    if not spec.weekly:
        found.append(
            Refusal(
                code="never_open",
                message=_("This calendar would never open. Add a span to at least one weekday."),
                field="windows",
            )
        )
    found += _weekly_problems(spec)
    found += _exception_problems(spec)
    return found


def _weekly_problems(spec: CalendarSpec) -> list[Refusal]:
    found = []
    for weekday in sorted({window.weekday for window in spec.weekly}):
        if not 0 <= weekday <= 6:
            message = _("Weekday %(number)s does not exist. Monday is 0 and Sunday is 6.") % {"number": weekday}
            found.append(Refusal(code="unknown_weekday", message=message, field="windows"))
            continue
        spans = [window.span for window in spec.weekly if window.weekday == weekday]
        found += _span_problems(str(WEEKDAYS[weekday]), spans, f"windows.{weekday}")
    return found


def _exception_problems(spec: CalendarSpec) -> list[Refusal]:
    found = []
    seen: set[datetime.date] = set()
    for exception in spec.exceptions:
        day, where = exception.date.isoformat(), f"exceptions.{exception.date.isoformat()}"
        if exception.date in seen:
            message = _("%(day)s appears twice. Keep one exception for each date.") % {"day": day}
            found.append(Refusal(code="date_twice", message=message, field=where))
            continue
        seen.add(exception.date)
        if not EARLIEST_DATE <= exception.date <= LATEST_DATE:
            message = _("%(day)s is too far away. Exceptions lie between %(first)s and %(last)s.") % {
                "day": day,
                "first": EARLIEST_DATE.isoformat(),
                "last": LATEST_DATE.isoformat(),
            }
            found.append(Refusal(code="date_out_of_range", message=message, field=where))
        found += _span_problems(day, exception.windows, where)
    return found


def _span_problems(day: str, spans: Iterable[Span], field: str) -> list[Refusal]:
    """Check the spans of one day, each by itself and then the sound ones for overlaps."""
    found, sound = [], []
    for start, end in sorted(spans):
        words = {"day": day, "span": span_text((start, end))}
        if not (0 <= start <= MINUTES_PER_DAY and 0 <= end <= MINUTES_PER_DAY):
            message = _("%(day)s: %(span)s does not lie between 00:00 and 24:00. Give times of that day.") % words
            found.append(Refusal(code="outside_day", message=message, field=field))
        elif start == end:
            message = _("%(day)s: %(span)s is empty. Give an end after the start, or remove the span.") % words
            found.append(Refusal(code="empty_span", message=message, field=field))
        elif start > end:
            message = _(
                "%(day)s: %(span)s ends before it starts. For hours past midnight, end at 24:00 and start "
                "the next day at 00:00."
            )
            found.append(Refusal(code="reversed_span", message=message % words, field=field))
        else:
            sound.append((start, end))
    for first, second in pairwise(sound):
        if second[0] < first[1]:
            words = {"day": day, "first": span_text(first), "second": span_text(second)}
            message = _("%(day)s: %(first)s and %(second)s overlap. Join them or move one.") % words
            found.append(Refusal(code="overlap", message=message, field=field))
    return found
