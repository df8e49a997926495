"""What the calendar pages draw and list: bars of days, arithmetic, clock changes, versions. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from calendars import holidays, registry
from calendars.business_time import CalendarSpec
from calendars.models import Calendar, ExceptionKind
from calendars.preview import ClockChange, DayStep, OpenSpan, Preview, clock_changes, days_of
from calendars.texts import week_text
from common.time import hours_and_minutes

MINUTE = timedelta(minutes=1)
VERSIONS_SHOWN = 20
TICK_HOURS = (6, 12, 18)


@dataclass(frozen=True)
class Rect:
    """A piece of a bar, in elapsed minutes from the beginning of the day."""

    x: int
    width: int


@dataclass(frozen=True)
class Row:
    """One day: its bar, its hours in words and, in a preview, what it added."""

    day: str
    hours: str
    note: str
    width: int
    open_rects: list[Rect]
    used_rects: list[Rect]
    ticks: list[int]
    sums: str
    used: str
    total: str


def _clock(moment: datetime, day: date) -> str:
    if moment.date() > day and (moment.hour, moment.minute) == (0, 0):
        return "24:00"
    return f"{moment:%H:%M}"


def _span(low: datetime, high: datetime, day: date) -> str:
    return f"{_clock(low, day)}-{_clock(high, day)}"


def _rect(step: DayStep, low: datetime, high: datetime) -> Rect:
    start, end = ((moment - step.begins_at) // MINUTE for moment in _in_utc(low, high))
    return Rect(x=start, width=max(end - start, 1))


def _in_utc(*moments: datetime) -> list[datetime]:
    """Leave the zone before subtracting: moments of one zone subtract as wall clocks."""
    return [moment.astimezone(ZoneInfo("UTC")) for moment in moments]


def _note(step: DayStep) -> str:
    notes = []
    if step.is_exception:
        notes.append(step.name or (_("exception") if step.spans else _("closed")))
    if step.has_clock_change:
        notes.append(_("clocks change, %(hours)s hours") % {"hours": hours_and_minutes(step.length)})
    return ", ".join(notes)


def _used_spans(step: DayStep) -> list[OpenSpan]:
    return [span for span in step.spans if span.used_from is not None and span.used_to is not None]


def day_row(step: DayStep) -> Row:
    """Draw one day."""
    used = _used_spans(step)
    return Row(
        day=formats.date_format(step.date, pgettext("day of a preview", "D j M Y")),
        hours=", ".join(_span(span.start, span.end, step.date) for span in step.spans) or _("closed"),
        note=_note(step),
        width=step.length // MINUTE,
        open_rects=[_rect(step, span.start, span.end) for span in step.spans],
        used_rects=[_rect(step, span.used_from, span.used_to) for span in used],  # type: ignore[arg-type]
        ticks=[hour * 60 for hour in TICK_HOURS],
        sums=" + ".join(
            f"{_span(span.used_from, span.used_to, step.date)} = {hours_and_minutes(span.used)}"  # type: ignore[arg-type]
            for span in used
        ),
        used=hours_and_minutes(step.used),
        total=hours_and_minutes(step.used_so_far),
    )


def week_rows(spec: CalendarSpec, day: date) -> list[Row]:
    """Draw the week in which a date lies, holidays and clock changes of that week included."""
    monday = day - timedelta(days=day.weekday())
    return [day_row(step) for step in days_of(spec, monday, 7)]


def preview_facts(shown: Preview) -> dict[str, Any]:
    """Give the due moment on the calendar's wall clock, and the days on the way to it."""
    due = shown.due.astimezone(ZoneInfo(shown.zone))
    return {
        "due": formats.date_format(due, pgettext("due moment of a preview", "l j F Y, H:i")),
        "zone": shown.zone,
        "amount": hours_and_minutes(shown.amount),
        "rows": [day_row(step) for step in shown.steps],
        "is_cut": shown.is_cut,
    }


def change_text(change: ClockChange) -> str:
    """Say in one sentence what the clocks do and how long the calendar is open on that day."""
    words = {
        "day": formats.date_format(change.date, pgettext("day of a clock change", "D j M Y")),
        "before": f"{change.wall_before:%H:%M}",
        "after": f"{change.wall_after:%H:%M}",
        "length": hours_and_minutes(change.length),
        "open": hours_and_minutes(change.open_time),
    }
    if change.open_time:
        return _("%(day)s: %(before)s becomes %(after)s. The day has %(length)s hours, open for %(open)s.") % words
    return _("%(day)s: %(before)s becomes %(after)s. The day has %(length)s hours and is closed.") % words


def change_texts(spec: CalendarSpec, today: date) -> list[str]:
    """List the clock changes of this year and the next that are still to come."""
    changes = clock_changes(spec, today.year, today.year + 1)
    return [change_text(change) for change in changes if change.date >= today]


def version_lines(calendar: Calendar) -> list[dict[str, Any]]:
    """List the latest versions, newest first, each with what it changed; two queries."""
    rows = list(calendar.versions.select_related("created_by")[: VERSIONS_SHOWN + 1])
    lines: list[dict[str, Any]] = []
    for row, earlier in zip(rows, [*rows[1:], None], strict=True):
        if len(lines) == VERSIONS_SHOWN:
            break
        lines.append(
            {
                "number": row.number,
                "at": row.created_at,
                "who": row.created_by or _("Steward"),
                "hours": week_text(row.as_spec()),
                "changed": difference(earlier.document, row.document) if earlier else _("first version"),
                "is_current": row.number == calendar.version,
            }
        )
    return lines


def difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Sum up what differs between two documents of hours."""
    parts = []
    if before["zone"] != after["zone"]:
        parts.append(_("zone %(before)s → %(after)s") % {"before": before["zone"], "after": after["zone"]})
    if before["always_open"] != after["always_open"]:
        parts.append(_("now around the clock") if after["always_open"] else _("no longer around the clock"))
    if before["weekly"] != after["weekly"]:
        parts.append(_("weekly hours"))
    old, new = ({each["date"]: each for each in document["exceptions"]} for document in (before, after))
    counts = (
        (len(new.keys() - old.keys()), lambda n: ngettext("%(n)d date added", "%(n)d dates added", n)),
        (len(old.keys() - new.keys()), lambda n: ngettext("%(n)d date removed", "%(n)d dates removed", n)),
        (
            sum(old[day] != new[day] for day in old.keys() & new.keys()),
            lambda n: ngettext("%(n)d date changed", "%(n)d dates changed", n),
        ),
    )
    parts += [sentence(count) % {"n": count} for count, sentence in counts if count]
    return ", ".join(parts)


def holidays_by_year(calendar: Calendar) -> list[tuple[int, list[Any]]]:
    """List the holidays copied into the calendar, by year; needs `with_hours`."""
    years: dict[int, list[Any]] = {}
    for each in calendar.exceptions.all():
        if each.kind == ExceptionKind.HOLIDAY:
            years.setdefault(each.date.year, []).append(each)
    return sorted(years.items())


def holiday_summary(calendar: Calendar) -> str:
    """Say whose holidays a calendar keeps and for which years; nothing if it keeps none."""
    if not calendar.holiday_country:
        return ""
    country = holidays.country_names().get(calendar.holiday_country, calendar.holiday_country)
    place = f"{country}, {calendar.holiday_subdivision}" if calendar.holiday_subdivision else country
    years = f"{calendar.holiday_from_year}–{calendar.holiday_to_year}"
    return f"{place}, {years}"


def holiday_preview(calendar: Calendar, country: str, region: str, years: range) -> list[dict[str, Any]]:
    """
    List the holidays that would be copied and those that would go, each with what becomes of it.

    With another place than before all holidays of the old one go. Needs `with_hours`.
    """
    known = {each.date: each for each in calendar.exceptions.all()}
    names = holidays.names_by_date(country, region, years)
    is_same_place = (calendar.holiday_country, calendar.holiday_subdivision) == (country, region)
    lines = []
    for day, name in names.items():
        there = known.get(day)
        if there is None:
            effect = _("new")
        elif there.kind == ExceptionKind.OWN:
            effect = _("stays your own exception")
        else:
            effect = _("there already") if there.name == name else _("renamed")
        lines.append({"day": day, "name": name, "effect": effect, "is_change": there is None})
    for day, there in known.items():
        goes = there.kind == ExceptionKind.HOLIDAY and (day.year in years or not is_same_place)
        if goes and day not in names:
            lines.append({"day": day, "name": there.name, "effect": _("goes away"), "is_change": True})
    return sorted(lines, key=lambda line: line["day"])


def list_lines(calendars: Iterable[Calendar], at: datetime) -> list[dict[str, Any]]:
    """Prepare the rows of the list: hours in words and whether each is open now. No query once compiled."""
    lines = []
    for calendar in calendars:
        time = registry.business_time(calendar.pk, calendar.version)
        zone = ZoneInfo(time.spec.zone)
        boundary = time.next_boundary(at)
        lines.append(
            {
                "calendar": calendar,
                "hours": week_text(time.spec),
                "holidays": holiday_summary(calendar),
                "is_open": time.is_open(at),
                "until": formats.date_format(boundary.astimezone(zone), pgettext("next change", "D j M H:i"))
                if boundary
                else "",
            }
        )
    return lines
