"""The page of one calendar, put together for every door that shows it again."""

from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from calendars import zones
from calendars.business_time import CalendarSpec, NeverOpens
from calendars.models import Calendar
from calendars.preview import preview as explain
from calendars.validation import problems_of
from people import access
from slm.simulator.forms import ScopeForm

from . import presenting
from .forms import (
    BaseExceptionFormSet,
    DescriptionForm,
    ExceptionFormSet,
    HolidaysForm,
    HoursForm,
    PreviewForm,
    edited_spec,
    initial_exceptions,
    initial_hours,
)

TEMPLATE = "calendars/calendar.html"
MOST_DAYS_SHOWN = 35
FIRST_AMOUNT = timedelta(hours=4)


def _rows(*args: Any, **options: Any) -> BaseExceptionFormSet:
    return cast(BaseExceptionFormSet, ExceptionFormSet(*args, **options))


class CalendarPage:
    """
    Everything on the page of one calendar. Doors put back the forms that failed, and then `answer`.

    :param at: moment of the request; the preview starts there unless the person says otherwise.
    """

    def __init__(self, request: HttpRequest, calendar: Calendar, at: datetime) -> None:
        self.request, self.calendar, self.at = request, calendar, at
        self.spec = calendar.as_spec()
        self.may_edit = access.can(request.user, "calendar.edit")
        may_try = self.may_edit and access.can(request.user, "simulation.run")
        self.scope = ScopeForm(request.POST or None) if may_try else None
        self.hours: HoursForm | None = None
        self.rows: BaseExceptionFormSet | None = None
        self.counting: PreviewForm | None = None
        self.holidays: HolidaysForm | None = None
        self.holiday_lines: list[dict[str, Any]] | None = None
        self.describing: DescriptionForm | None = None
        self.conflict: dict[str, Any] | None = None

    def take_hours(self) -> bool:
        """Read the forms of hours, exceptions and preview from the request; whether the hours can be read."""
        data = self.request.POST
        self.hours = HoursForm(data, initial=initial_hours(self.spec), zone=self.spec.zone)
        self.rows = rows = _rows(data, initial=initial_exceptions(self.calendar), prefix="own")
        self.counting = PreviewForm(data)
        if not self.may_edit:
            self._lock_forms()
        return self.hours.is_valid() & rows.is_valid()

    def take_version(self, number: int) -> None:
        """Send the hours typed over this version from now on: the person has been told of it."""
        assert self.hours is not None
        self.hours.data = {**self.hours.data.dict(), "seen_version": str(number)}  # type: ignore[attr-defined]

    def typed_spec(self) -> CalendarSpec:
        """Give the hours as typed; call it after `take_hours` answered yes."""
        assert self.hours is not None and self.rows is not None
        return edited_spec(self.calendar, self.hours, self.rows)

    def answer(self, *, part: str = "", status: int = 200) -> HttpResponse:
        """Render the page, or a named part of it for htmx."""
        template = f"{TEMPLATE}#{part}" if part and self.request.headers.get("HX-Request") else TEMPLATE
        return render(self.request, template, self._context(), status=status)

    def _context(self) -> dict[str, Any]:
        self._fill_forms()
        assert self.hours is not None and self.rows is not None
        spec = self._shown_spec()
        today = self.at.astimezone(ZoneInfo(self.spec.zone)).date()
        return {
            "calendar": self.calendar,
            "page": self,
            "errors": self._errors(),
            "summary": presenting.week_text(spec),
            "is_edited": spec != self.spec,
            "week": presenting.week_rows(spec, today),
            "changes": presenting.change_texts(spec, today),
            "preview": self._preview(spec),
            "versions": presenting.version_lines(self.calendar),
            "holidays_by_year": presenting.holidays_by_year(self.calendar),
            "holiday_summary": presenting.holiday_summary(self.calendar),
        }

    def _fill_forms(self) -> None:
        calendar = self.calendar
        if self.hours is None:
            initial = initial_hours(self.spec) | {"seen_version": calendar.version}
            self.hours = HoursForm(initial=initial, zone=self.spec.zone)
            self.rows = _rows(initial=initial_exceptions(calendar), prefix="own")
            if not self.may_edit:
                self._lock_forms()
        if self.counting is None:
            start = self.at.astimezone(ZoneInfo(self.spec.zone)).replace(second=0, microsecond=0, tzinfo=None)
            self.counting = PreviewForm({"start": start.isoformat(timespec="minutes"), "amount": "4 h"})
        if self.holidays is None:
            self.holidays = HolidaysForm(
                country=calendar.holiday_country,
                initial={
                    "country": calendar.holiday_country or "NO",
                    "subdivision": calendar.holiday_subdivision,
                    "from_year": calendar.holiday_from_year or self.at.year,
                    "to_year": max(calendar.holiday_to_year or 0, self.at.year + 1),
                },
            )
        if self.describing is None:
            self.describing = DescriptionForm(initial=model_to_dict(calendar))

    def _lock_forms(self) -> None:
        assert self.hours is not None and self.rows is not None
        for form in [self.hours, *self.rows.forms]:
            for field in form.fields.values():
                field.disabled = True

    def _shown_spec(self) -> CalendarSpec:
        """Give the hours as typed where they make sense, else those in force."""
        assert self.hours is not None and self.rows is not None
        if not self.hours.is_bound or not (self.hours.is_valid() and self.rows.is_valid()):
            return self.spec
        typed = self.typed_spec()
        return typed if zones.is_known(typed.zone) and not problems_of(typed) else self.spec

    def _preview(self, spec: CalendarSpec) -> dict[str, Any]:
        assert self.hours is not None and self.rows is not None and self.counting is not None
        problems = []
        if self.hours.is_bound:
            if self.hours.is_valid() and self.rows.is_valid():
                problems = [str(each) for each in problems_of(self.typed_spec())]
            else:
                problems = [text for _anchor, text in self._errors()]
        if not self.counting.is_valid():
            problems += [str(error) for errors in self.counting.errors.values() for error in errors]
        if problems:
            return {"problems": problems}
        wall, amount = self.counting.cleaned_data["start"], self.counting.cleaned_data["amount"]
        start = wall.replace(tzinfo=ZoneInfo(spec.zone))
        try:
            shown = explain(spec, start, amount, most_days=MOST_DAYS_SHOWN)
        except NeverOpens:
            return {"problems": [_("This amount of time does not fit into the 20 years after the start.")]}
        return presenting.preview_facts(shown)

    def _errors(self) -> list[tuple[str, str]]:
        """List what is wrong with the hours typed: the id of the field and the sentence."""
        found: list[tuple[str, str]] = []
        for form in [self.hours, *(self.rows.forms if self.rows else [])]:
            if form is None or not form.is_bound:
                continue
            for name, errors in form.errors.items():
                anchor = form[name].id_for_label if name in form.fields else "hours-form"
                found += [(anchor, str(error)) for error in errors]
        if self.rows is not None and self.rows.is_bound:
            found += [("own-exceptions", str(error)) for error in self.rows.non_form_errors()]
        return found
