"""Doors of the calendar pages: list, new, one calendar with its preview, and the acts on it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars import holidays as public_holidays
from calendars import operations
from calendars.checks import MOST_YEARS_OF_HOLIDAYS
from calendars.models import Calendar
from calendars.texts import week_text
from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.doors import requires
from records.views.base import pressed
from slm.simulator import operations as simulator
from slm.simulator.tasks import ring

from . import presenting
from .forms import DAY_FIELDS, DescriptionForm, HolidaysForm, NewCalendarForm, tell
from .page import CalendarPage

OFFICE_HOURS = "08:00-16:00"


def _calendar(slug: str) -> Calendar:
    return get_object_or_404(Calendar.objects.with_hours(), slug=slug)


@requires("calendar.view")
@require_GET
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Every calendar, with its hours in words and whether it is open now."""
    lines = presenting.list_lines(Calendar.objects.order_by("-is_active", "name"), now())
    context = {"lines": lines, "may_edit": access.can(request.user, "calendar.edit")}
    return render(request, "calendars/list.html", context)


@requires("calendar.edit")
@require_http_methods(["GET", "POST"])
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Make a calendar; holidays and exceptions follow on its page."""
    if request.method == "GET":
        initial = dict.fromkeys(DAY_FIELDS[:5], OFFICE_HOURS) | {"zone": request.user.time_zone}  # type: ignore[union-attr]
        return render(request, "calendars/new.html", {"form": NewCalendarForm(initial=initial)})
    form = NewCalendarForm(request.POST)
    if form.is_valid():
        always_open = form.cleaned_data["is_always_open"]
        try:
            calendar = operations.create_calendar(
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                zone=form.cleaned_data["zone"],
                is_always_open=always_open,
                windows=() if always_open else form.windows(),
                by=request.user,
                at=now(),
            )
        except Refused as refused:
            tell(refused.refusals, form)
        else:
            messages.success(request, _("Calendar “%(name)s” made.") % {"name": calendar.name})
            return redirect("calendars:calendar", calendar.slug)
    return render(request, "calendars/new.html", {"form": form}, status=422)


@requires("calendar.view")
@require_GET
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The editor; without the right to change calendars its fields are locked and the preview still works."""
    return CalendarPage(request, _calendar(slug), now()).answer()


@requires("calendar.edit")
@require_POST
def hours(request: HttpRequest, slug: str) -> HttpResponse:
    """Save zone, weekly hours and own exceptions as a new version."""
    page = CalendarPage(request, _calendar(slug), now())
    if not page.take_hours() or page.hours is None:
        return page.answer(status=422)
    spec = page.typed_spec()
    try:
        saved = operations.save_hours(
            calendar=page.calendar,
            zone=spec.zone,
            is_always_open=spec.always_open,
            windows=spec.weekly,
            exceptions=spec.exceptions,
            by=request.user,
            at=page.at,
            seen_version=page.hours.cleaned_data["seen_version"],
        )
    except Stale as stale:
        page.conflict = {"sentence": str(stale), "theirs": week_text(page.spec)}
        page.take_version(page.calendar.version)
        return page.answer(status=stale.status)
    except Refused as refused:
        tell(refused.refusals, page.hours, page.rows)
        return page.answer(status=422)
    messages.success(request, _("Version %(number)s is in force.") % {"number": saved.version})
    return redirect("calendars:calendar", slug)


@requires("calendar.view")
@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Count with the hours as typed, saved or not. Writes nothing; a POST because the form is long."""
    page = CalendarPage(request, _calendar(slug), now())
    page.take_hours()
    return page.answer(part="preview")


@requires("calendar.edit")
@require_POST
def simulation(request: HttpRequest, slug: str) -> HttpResponse:
    """Try the hours as typed on past and open tickets; nothing of it is saved."""
    page = CalendarPage(request, _calendar(slug), now())
    access.require(request.user, "simulation.run")
    assert page.scope is not None
    if not page.take_hours() or page.hours is None:
        return page.answer(status=422)
    try:
        asked = simulator.try_hours(
            calendar=page.calendar, spec=page.typed_spec(), by=request.user, at=page.at, **page.scope.scope()
        )
    except Refused as refused:
        tell(refused.refusals, page.hours, page.rows)
        return page.answer(status=422)
    ring(asked.pk)
    return redirect("simulator:simulation", asked.pk)


@requires("calendar.edit")
@require_http_methods(["GET", "POST"])
def holidays(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public holidays of a place (GET), or copy them into the calendar (POST)."""
    page = CalendarPage(request, _calendar(slug), now())
    data = request.POST if request.method == "POST" else request.GET
    form = page.holidays = HolidaysForm(data, country=data.get("country", ""))
    if not form.is_valid():
        return page.answer(part="holidays", status=422 if request.method == "POST" else 200)
    country, region = form.cleaned_data["country"], form.cleaned_data["subdivision"]
    if request.method == "GET":
        if len(form.years()) > MOST_YEARS_OF_HOLIDAYS:
            form.add_error("to_year", _("Holidays are copied for at most 10 years at once. Choose fewer years."))
        elif public_holidays.is_known(country, region):
            page.holiday_lines = presenting.holiday_preview(page.calendar, country, region, form.years())
        return page.answer(part="holidays")
    try:
        result = operations.import_holidays(
            calendar=page.calendar,
            country=country,
            subdivision=region,
            years=form.years(),
            by=request.user,
            at=page.at,
            seen_version=form.cleaned_data["holidays_version"],
        )
    except Refused as refused:
        for refusal in refused.refusals:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return page.answer(part="holidays", status=refused.status)
    added, removed = len(result.added), len(result.removed)
    if added or removed:
        texts = [
            ngettext("%(count)d holiday added", "%(count)d holidays added", added) % {"count": added},
            ngettext("%(count)d removed", "%(count)d removed", removed) % {"count": removed},
        ]
        messages.success(request, ", ".join(texts) + ".")
    else:
        messages.info(request, _("These holidays are there already."))
    return redirect("calendars:calendar", slug)


@requires("calendar.edit")
@require_POST
def description(request: HttpRequest, slug: str) -> HttpResponse:
    """Change name, description and validity."""
    page = CalendarPage(request, _calendar(slug), now())
    form = page.describing = DescriptionForm(request.POST)
    if not form.is_valid():
        return page.answer(status=422)
    try:
        operations.describe(calendar=page.calendar, by=request.user, at=page.at, **form.cleaned_data)
    except Refused as refused:
        for refusal in refused.refusals:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return page.answer(status=422)
    messages.success(request, _("Name and validity saved."))
    return redirect("calendars:calendar", slug)


@requires("calendar.edit")
@require_POST
def retirement(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the calendar off the lists to choose from."""
    return _act(request, slug, operations.retire, _("Calendar retired. What uses it goes on counting."))


@requires("calendar.edit")
@require_POST
def reinstatement(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer the calendar again."""
    return _act(request, slug, operations.reinstate, _("Calendar offered again."))


def _act(request: HttpRequest, slug: str, act: Callable[..., Calendar], done: str) -> HttpResponse:
    found = _calendar(slug)
    return pressed(
        request, lambda: act(calendar=found, by=request.user, at=now()),
        url=reverse("calendars:calendar", args=[slug]), said=done,
    )  # fmt: skip
