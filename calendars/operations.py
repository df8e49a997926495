"""The acts on calendars. Each change of hours makes a version; what clocks were counted with stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.slugs import free_slug

from . import changes, holidays, registry
from .business_time import CalendarSpec, DayException
from .business_time import WeeklyWindow as WeeklyWindowSpec
from .checks import locked, refuse_holidays, refuse_impossible, refuse_name
from .models import Calendar, CalendarException, CalendarVersion, ExceptionKind, WeeklyWindow
from .queries import public_holidays_on

# Addresses that the pages need for themselves.
RESERVED_SLUGS = {"new"}


@dataclass(frozen=True)
class HolidayImport:
    """What reading the holidays changed: dates that came and went, and those kept for an own exception."""

    added: tuple[date, ...]
    removed: tuple[date, ...]
    kept_own: tuple[date, ...]


@transaction.atomic
def create_calendar(
    *,
    name: str,
    zone: str,
    by: Any,
    at: datetime,
    description: str = "",
    is_always_open: bool = False,
    windows: Iterable[WeeklyWindowSpec] = (),
    exceptions: Iterable[DayException] = (),
) -> Calendar:
    """
    Make a calendar with its first version.

    :param by: who makes it; None for the defaults that Steward brings along.
    :raises Refused: the name is missing or taken, or the hours are impossible; each reason names its field.
    """
    name = name.strip()
    refuse_name(name)
    spec = CalendarSpec(zone=zone, weekly=tuple(windows), exceptions=tuple(exceptions), always_open=is_always_open)
    refuse_impossible(spec)
    calendar = Calendar.objects.create(
        name=name,
        slug=free_slug(Calendar.objects, name, otherwise="calendar", reserved=RESERVED_SLUGS),
        description=description.strip(),
        zone=zone,
        is_always_open=is_always_open,
    )
    _write_rows(calendar, spec, kinds={})
    _write_version(calendar, spec, by=by, at=at)
    _announce("calendar.created", calendar, by=by, at=at)
    return calendar


@transaction.atomic
def save_hours(
    *,
    calendar: Calendar,
    windows: Iterable[WeeklyWindowSpec],
    exceptions: Iterable[DayException],
    by: Any,
    at: datetime,
    zone: str | None = None,
    is_always_open: bool | None = None,
    seen_version: int | None = None,
) -> Calendar:
    """
    Replace the hours of a calendar and make a version of them.

    Running clocks are counted anew after the commit by whoever listens; finished clocks stay. A holiday whose
    name or hours were edited becomes an own exception, so that the next refresh leaves it alone; a closed date
    with the name of a public holiday of the calendar's place is that holiday.

    :param zone: None keeps the zone; likewise `is_always_open`.
    :param seen_version: the version that the person edited; None where nobody looked.
    :raises Stale: somebody else saved another version in the meantime.
    :raises Refused: the hours are impossible, or the same as before.
    """
    calendar = locked(calendar, seen_version)
    before = calendar.as_spec()
    spec = CalendarSpec(
        zone=before.zone if zone is None else zone,
        weekly=tuple(sorted(windows)),
        exceptions=tuple(sorted(exceptions)),
        always_open=before.always_open if is_always_open is None else is_always_open,
    )
    refuse_impossible(spec)
    if spec == before:
        raise Refused.because("unchanged", _("These hours are in force already. Change something, then save."))
    public = {each.as_spec() for each in calendar.exceptions.all() if each.kind == ExceptionKind.HOLIDAY}
    named = public_holidays_on(calendar, [each.date for each in spec.exceptions])
    public |= {DayException(day, (), name) for day, name in named.items()}
    kinds = {each.date: ExceptionKind.HOLIDAY if each in public else ExceptionKind.OWN for each in spec.exceptions}
    _replace_hours(calendar, before, spec, kinds=kinds, by=by, at=at)
    return calendar


@transaction.atomic
def import_holidays(
    *,
    calendar: Calendar,
    country: str,
    years: range,
    by: Any,
    at: datetime,
    subdivision: str = "",
    seen_version: int | None = None,
) -> HolidayImport:
    """
    Copy the public holidays of some years into the calendar, in place of the holidays it had in those years.

    With another country or region than before, all holidays of the old one go. Own exceptions stay, also on
    the date of a holiday. Nothing new makes no version.

    :param years: for example `range(2025, 2028)`; at most ten.
    :raises Stale: somebody else saved another version in the meantime.
    :raises Refused: unknown country or region, too many years, or the calendar is open around the clock.
    """
    calendar = locked(calendar, seen_version)
    refuse_holidays(calendar, country, subdivision, years)
    before = calendar.as_spec()
    rows = list(calendar.exceptions.all())
    own = [each for each in rows if each.kind == ExceptionKind.OWN]
    old = [each for each in rows if each.kind == ExceptionKind.HOLIDAY]
    is_same_place = (calendar.holiday_country, calendar.holiday_subdivision) == (country, subdivision)
    kept = [each for each in old if is_same_place and each.date.year not in years]

    own_dates = {each.date for each in own}
    names = holidays.names_by_date(country, subdivision, years)
    fresh = [DayException(day, (), name) for day, name in names.items() if day not in own_dates]
    kinds = dict.fromkeys((each.date for each in own), ExceptionKind.OWN)
    kinds |= dict.fromkeys([*(each.date for each in kept), *names.keys() - own_dates], ExceptionKind.HOLIDAY)
    exceptions = sorted([*(each.as_spec() for each in [*own, *kept]), *fresh])

    first, last = years[0], years[-1]
    if is_same_place and calendar.holiday_from_year is not None and calendar.holiday_to_year is not None:
        first, last = min(first, calendar.holiday_from_year), max(last, calendar.holiday_to_year)
    calendar.holiday_country, calendar.holiday_subdivision = country, subdivision
    calendar.holiday_from_year, calendar.holiday_to_year = first, last
    calendar.save(update_fields=["holiday_country", "holiday_subdivision", "holiday_from_year", "holiday_to_year"])
    spec = CalendarSpec(before.zone, before.weekly, tuple(exceptions), before.always_open)
    if spec != before:
        _replace_hours(calendar, before, spec, kinds=kinds, by=by, at=at)
    dates_before = {each.date for each in old}
    dates_now = {each.date for each in kept} | {each.date for each in fresh}
    return HolidayImport(
        added=tuple(sorted(dates_now - dates_before)),
        removed=tuple(sorted(dates_before - dates_now)),
        kept_own=tuple(sorted(own_dates & names.keys())),
    )


def extend_holidays_if_needed(*, calendar: Calendar, by: Any, at: datetime) -> HolidayImport | None:
    """
    Copy the holidays of the next year before it comes, from the country the calendar has them of already.

    :param at: this year and the next must be there; nothing to do gives None.
    :raises Refused: the library no longer knows the country or region.
    """
    if not calendar.holiday_country or (calendar.holiday_to_year or 0) > at.year:
        return None
    return import_holidays(
        calendar=calendar,
        country=calendar.holiday_country,
        subdivision=calendar.holiday_subdivision,
        years=range(max(at.year, (calendar.holiday_to_year or 0) + 1), at.year + 2),
        by=by,
        at=at,
    )


@transaction.atomic
def describe(
    *,
    calendar: Calendar,
    name: str,
    by: Any,
    at: datetime,
    description: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Calendar:
    """
    Change what a calendar is called and from when to when it can be chosen. Its hours and address stay.

    :raises Refused: the name is missing or taken, the validity ends before it begins, or nothing differs.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    wanted: dict[str, Any] = {
        "name": name.strip(),
        "description": description.strip(),
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    differing = {
        field: [getattr(calendar, field), value] for field, value in wanted.items() if getattr(calendar, field) != value
    }
    if not differing:
        raise Refused.because("unchanged", _("Name, description and validity are the same as before."))
    refuse_name(name.strip(), besides=calendar)
    if valid_from and valid_to and valid_from >= valid_to:
        raise Refused.because(
            "reversed_validity", _("The validity ends before it begins. Give a later end."), "valid_to"
        )
    for field, value in wanted.items():
        setattr(calendar, field, value)
    calendar.save(update_fields=list(wanted))
    _announce("calendar.described", calendar, by=by, at=at, **differing)
    return calendar


@transaction.atomic
def retire(*, calendar: Calendar, by: Any, at: datetime) -> Calendar:
    """
    Take a calendar off the lists to choose from. What uses it goes on counting with it.

    :raises Refused: it is retired already.
    """
    return _set_active(calendar, False, by=by, at=at)


@transaction.atomic
def reinstate(*, calendar: Calendar, by: Any, at: datetime) -> Calendar:
    """
    Offer a retired calendar again.

    :raises Refused: it is not retired.
    """
    return _set_active(calendar, True, by=by, at=at)


def _set_active(calendar: Calendar, is_active: bool, *, by: Any, at: datetime) -> Calendar:
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.is_active == is_active:
        message = _("This calendar is in use already.") if is_active else _("This calendar is retired already.")
        raise Refused.because("unchanged", message)
    calendar.is_active = is_active
    calendar.save(update_fields=["is_active"])
    action = "calendar.reinstated" if is_active else "calendar.retired"
    _announce(action, calendar, by=by, at=at, is_active=[not is_active, is_active])
    return calendar


def _replace_hours(
    calendar: Calendar,
    before: CalendarSpec,
    spec: CalendarSpec,
    *,
    kinds: Mapping[date, ExceptionKind],
    by: Any,
    at: datetime,
) -> None:
    """Write rows, version and news. The calendar row is locked by the caller."""
    calendar.zone, calendar.is_always_open = spec.zone, spec.always_open
    calendar.version += 1
    calendar.save(update_fields=["zone", "is_always_open", "version"])
    calendar.windows.all().delete()
    calendar.exceptions.all().delete()
    _write_rows(calendar, spec, kinds=kinds)
    _write_version(calendar, spec, by=by, at=at)
    old, new = before.as_document(), spec.as_document()
    differing = {key: [value, new[key]] for key, value in old.items() if value != new[key]}
    _announce(changes.HOURS_CHANGED, calendar, by=by, at=at, **differing)


def _write_rows(calendar: Calendar, spec: CalendarSpec, *, kinds: Mapping[date, ExceptionKind]) -> None:
    WeeklyWindow.objects.bulk_create(
        WeeklyWindow(
            calendar=calendar,
            weekday=each.weekday,
            start_minute=each.start_minute,
            end_minute=each.end_minute,
        )
        for each in sorted(spec.weekly)
    )
    CalendarException.objects.bulk_create(
        CalendarException(
            calendar=calendar,
            date=each.date,
            name=each.name[:200],
            kind=kinds.get(each.date, ExceptionKind.OWN),
            windows=[list(span) for span in sorted(each.windows)],
        )
        for each in sorted(spec.exceptions)
    )


def _write_version(calendar: Calendar, spec: CalendarSpec, *, by: Any, at: datetime) -> None:
    CalendarVersion.objects.create(
        calendar=calendar, number=calendar.version, document=spec.as_document(), created_at=at, created_by=by
    )
    registry.forget(calendar.pk)
    transaction.on_commit(lambda: registry.forget(calendar.pk))


def _announce(action: str, calendar: Calendar, *, by: Any, at: datetime, **differing: list[Any]) -> None:
    changes.announce(
        changes.CalendarChange(
            action=action,
            calendar_id=calendar.pk,
            calendar_name=calendar.name,
            version=calendar.version,
            by=by,
            at=at,
            changes=differing,
        )
    )
