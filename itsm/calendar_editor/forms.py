"""What people type into the calendar pages, and how refusals find back to the field they are about."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars import holidays, zones
from calendars.business_time import CalendarSpec, DayException, WeeklyWindow
from calendars.models import Calendar, ExceptionKind
from calendars.queries import public_holidays_on
from calendars.spec import Span
from calendars.texts import UnreadableHours, parse_spans, spans_text
from calendars.validation import WEEKDAYS
from common.refusals import Refusal
from common.time import parse_duration

DAY_FIELDS = tuple(f"day_{number}" for number in range(7))
MOST_EXCEPTIONS = 400
LONGEST_DURATION_TEXT = 30
LONGEST_PREVIEW = timedelta(hours=10_000)
PREVIEW_YEARS = (1990, 2150)


class SpansField(forms.Field):
    """Hours of one day, typed as spans. An empty day is closed; the hours as a whole are checked by the act."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.widget.attrs |= {"autocomplete": "off", "inputmode": "text", "class": "hours-input"}

    def to_python(self, value: Any) -> tuple[Span, ...]:
        text = value if isinstance(value, str) else spans_text(value or ())
        try:
            return parse_spans(text)
        except UnreadableHours as error:
            raise forms.ValidationError(str(error), code="unreadable_hours") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or "") != (data or ""))


class WallClockField(forms.Field):
    """A date and time of day without a zone: the page says which zone's wall clock it is."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, datetime) or not value:
            return value or None
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            raise forms.ValidationError(_("Give a date and a time, such as 2026-05-22 16:30."), code="no_moment")
        if not PREVIEW_YEARS[0] <= moment.year <= PREVIEW_YEARS[1]:
            message = _("Give a year between %(first)s and %(last)s.")
            raise forms.ValidationError(
                message, code="too_far", params=dict(zip(("first", "last"), PREVIEW_YEARS, strict=True))
            )
        return moment


class DurationField(forms.Field):
    """An amount of business time, such as `4 h` or `1:30`."""

    def to_python(self, value: Any) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            amount = parse_duration(str(value or "")[:LONGEST_DURATION_TEXT])
        except ValueError as error:
            raise forms.ValidationError(
                _("Give an amount of time such as 4 h, 1:30 or 90 min."), code="no_duration"
            ) from error
        if amount > LONGEST_PREVIEW:
            raise forms.ValidationError(_("Give an amount of at most 10,000 hours."), code="too_long")
        return amount


class HoursForm(forms.Form):
    """Zone and weekly windows."""

    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    is_always_open = forms.BooleanField(
        label=gettext_lazy("Open around the clock"),
        required=False,
        help_text=gettext_lazy("Then there are no windows, holidays or exceptions."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, zone: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        known = zones.names() if not zone or zone in zones.names() else (zone, *zones.names())
        self.fields["zone"].choices = [(name, name) for name in known]  # type: ignore[attr-defined]
        for field, weekday in zip(DAY_FIELDS, WEEKDAYS, strict=True):
            self.fields[field] = SpansField(label=weekday)

    @property
    def days(self) -> list[Any]:
        """The seven fields of the week."""
        return [self[field] for field in DAY_FIELDS]

    def windows(self) -> tuple[WeeklyWindow, ...]:
        """Give the windows typed; call it on a sound form."""
        return tuple(
            WeeklyWindow(number, *span)
            for number, field in enumerate(DAY_FIELDS)
            for span in self.cleaned_data.get(field) or ()
        )


class ExceptionForm(forms.Form):
    """One date with other hours."""

    date = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hours = SpansField(label=gettext_lazy("Hours"))
    name = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def as_spec(self) -> DayException:
        """Give the exception typed; call it on a sound form."""
        data = self.cleaned_data
        return DayException(date=data["date"], windows=data["hours"], name=data["name"])


class BaseExceptionFormSet(forms.BaseFormSet):
    """The own exceptions of a calendar, with empty rows for new ones."""

    def add_fields(self, form: ExceptionForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def kept(self) -> list[ExceptionForm]:
        """Rows that were filled in and not marked for removal."""
        return [
            form
            for form in self.forms
            if form.has_changed() | bool(form.initial) and not form.cleaned_data.get("DELETE") and form.cleaned_data
        ]


ExceptionFormSet = forms.formset_factory(
    ExceptionForm,
    formset=BaseExceptionFormSet,
    extra=2,
    can_delete=True,
    max_num=MOST_EXCEPTIONS,
    absolute_max=MOST_EXCEPTIONS,
    validate_max=True,
)


class PreviewForm(forms.Form):
    """A start and an amount of business time."""

    start = WallClockField(label=gettext_lazy("Start"))
    amount = DurationField(label=gettext_lazy("Add working time"))


class NewCalendarForm(HoursForm):
    """A calendar to be made."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=500, required=False)
    field_order = ["name", "description", "zone", "is_always_open"]


class DescriptionForm(forms.Form):
    """What a calendar is called, and from when to when it can be chosen."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=500, required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Valid to"),
        required=False,
        help_text=gettext_lazy("The first day on which it can no longer be chosen."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class HolidaysForm(forms.Form):
    """Whose public holidays to copy, and of which years."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    subdivision = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    from_year = forms.IntegerField(
        label=gettext_lazy("From"), min_value=holidays.FIRST_YEAR, max_value=holidays.LAST_YEAR
    )
    to_year = forms.IntegerField(label=gettext_lazy("To"), min_value=holidays.FIRST_YEAR, max_value=holidays.LAST_YEAR)
    holidays_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, country: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        known, names = holidays.countries(), holidays.country_names()
        self.fields["country"].choices = list(names.items())  # type: ignore[attr-defined]
        regions = [(code, code) for code in known.get(country, ())]
        self.fields["subdivision"].choices = [("", _("whole country")), *regions]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_year"), data.get("to_year")
        if first is not None and last is not None and first > last:
            self.add_error("to_year", _("The last year lies before the first. Give a later one."))
        return data

    def years(self) -> range:
        """Give the years asked for; call it on a sound form."""
        return range(self.cleaned_data["from_year"], self.cleaned_data["to_year"] + 1)


def initial_hours(spec: CalendarSpec) -> dict[str, Any]:
    """Fill the form of the week from a specification."""
    days = {field: spans_text(spec.spans_on_weekday(number)) for number, field in enumerate(DAY_FIELDS)}
    return {"zone": spec.zone, "is_always_open": spec.always_open, **days}


def initial_exceptions(calendar: Calendar) -> list[dict[str, Any]]:
    """Fill the rows of own exceptions; needs `with_hours`."""
    return [
        {"date": each.date, "hours": spans_text(each.spans), "name": each.name}
        for each in calendar.exceptions.all()
        if each.kind == ExceptionKind.OWN
    ]


def edited_spec(calendar: Calendar, hours: HoursForm, rows: BaseExceptionFormSet) -> CalendarSpec:
    """
    Put the specification together that two sound forms describe.

    Public holidays stay, except on dates that have an own exception now, and come back where an own exception was
    removed from one. Around the clock drops everything.
    """
    always_open = hours.cleaned_data["is_always_open"]
    own = [row.as_spec() for row in rows.kept()]
    own_dates = {each.date for each in own}
    public = [
        each.as_spec()
        for each in calendar.exceptions.all()
        if each.kind == ExceptionKind.HOLIDAY and each.date not in own_dates
    ]
    removed = {
        each.date for each in calendar.exceptions.all() if each.kind == ExceptionKind.OWN and each.date not in own_dates
    }
    public += [DayException(day, (), name) for day, name in public_holidays_on(calendar, removed).items()]
    return CalendarSpec(
        zone=hours.cleaned_data["zone"],
        weekly=() if always_open else tuple(sorted(hours.windows())),
        exceptions=() if always_open else tuple(sorted([*own, *public])),
        always_open=always_open,
    )


def tell(refusals: Iterable[Refusal], hours: HoursForm, rows: BaseExceptionFormSet | None = None) -> None:
    """Put each refusal beside the field that it is about, or above the form."""
    for refusal in refusals:
        area, _dot, key = (refusal.field or "").partition(".")
        if area == "windows" and key:
            hours.add_error(DAY_FIELDS[int(key)], str(refusal))
        elif area == "exceptions" and rows is not None:
            at = [row for row in rows.kept() if row.cleaned_data["date"].isoformat() == key]
            (at[-1] if at else hours).add_error("hours" if at else None, str(refusal))
        else:
            hours.add_error(area if area in hours.fields else None, str(refusal))
