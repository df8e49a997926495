"""Freezes and maintenance windows: list, new, one with its exemptions and what it hits, retire and offer again."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name, now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from common.forms import tell
from common.numbers import version_in
from common.refusals import NotAllowed, Refused, Stale
from people.access import access_of, can, require
from people.doors import requires
from records.views.base import pressed, see_other

from .. import operations
from ..enums import WindowKind
from ..models import CalendarWindow, Change
from ..queries.freezing import Effect, effect_of, times_of, windows_visible_to
from ..queries.windows import Span
from ..window_form import CalendarWindowForm

EDITOR = "changes/calendar/window.html"
SHOWN_EXEMPTIONS = 200


@requires("record.queue")
@require_safe
def window_list(request: HttpRequest) -> HttpResponse:
    """Every freeze and maintenance window, those on the calendar first, with the next time of each."""
    at = now()
    rows = windows_visible_to(request.user).annotate(exemption_count=Count("exemptions", distinct=True))
    lines = [
        {"window": window, "next": _next_time(window, at), "services": [each.name for each in window.services.all()]}
        for window in rows.prefetch_related("services").order_by("-is_active", "starts_at", "pk")
    ]
    context = {
        "lines": lines,
        "may_plan": access_of(request.user).allows("change.plan_calendar"),
        "zone": get_current_timezone_name(),
    }
    return render(request, "changes/calendar/windows.html", context)


def _next_time(window: CalendarWindow, at: datetime) -> Span | None:
    """The time that is going on or comes next; none once it is over."""
    return next(times_of(window, at), None)


class Editor(View):
    """The form, what it would do, and saving it. Asks once more when a freeze hits changes that lie ahead."""

    def window(self) -> CalendarWindow | None:
        return None

    def show(self, request: HttpRequest, form: CalendarWindowForm, *, status: int = 200, **said: Any) -> HttpResponse:
        window = said.get("window")
        context = {
            "form": form,
            "may_plan": can(request.user, "change.plan_calendar", window),
            "zone": get_current_timezone_name(),
            "version": window.version if window else None,
            "is_maintenance": form["kind"].value() == WindowKind.MAINTENANCE,
            **said,
        }
        part = "#preview" if request.headers.get("HX-Request") and request.POST.get("act") == "preview" else ""
        return render(request, f"{EDITOR}{part}", context, status=status)

    def save(self, request: HttpRequest, window: CalendarWindow | None) -> HttpResponse:
        at = now()
        form = CalendarWindowForm(request.POST, viewer=request.user, zone=window.zone if window else "")
        about = _about(request, window)
        if not form.is_valid():
            is_preview = request.POST.get("act") == "preview"
            return self.show(request, form, status=200 if is_preview else 422, **about)
        if form.cleaned_data["ends_at"] <= form.cleaned_data["starts_at"]:
            form.add_error("ends_at", _("It ends before it begins. Pick a later end."))
            return self.show(request, form, status=422, **about)
        effect = self._effect(request, form, window, at)
        if request.POST.get("act") == "preview":
            return self.show(request, form, effect=effect, **about)
        if effect.total and request.POST.get("confirmed", "") != str(effect.total):
            return self.show(request, form, effect=effect, asks=True, status=409, **about)
        version = request.POST.get("version", "")
        try:
            saved = operations.save_window(
                window=window, by=request.user, at=at, **form.values,
                is_active=window.is_active if window else True,
                version=version_in(version),
            )  # fmt: skip
        except NotAllowed:
            raise
        except Stale as stale:
            fresh = _visible(request, window.pk if window else 0)
            theirs = _differences(fresh, form)
            return self.show(
                request, form, effect=effect, stale=stale, theirs=theirs, status=409, **_about(request, fresh)
            )
        except Refused as refused:
            tell(form, refused.refusals)
            return self.show(request, form, effect=effect, status=422, **about)
        messages.success(
            request, _("“%(name)s” is on the calendar.") % {"name": saved.name} if saved.is_active else _("Saved.")
        )
        return see_other(request, reverse("change_calendar:window", args=[saved.pk]))

    def _effect(
        self, request: HttpRequest, form: CalendarWindowForm, window: CalendarWindow | None, at: datetime
    ) -> Effect:
        services = [each.pk for each in form.cleaned_data["services"]]
        return effect_of(form.as_window(window), services, user=request.user, at=at)


@method_decorator(requires("change.plan_calendar"), name="dispatch")
class NewWindow(Editor):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = CalendarWindowForm(viewer=request.user, initial={"zone": request.user.time_zone})  # type: ignore[union-attr] # signed in
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.save(request, None)


@method_decorator(requires("record.queue"), name="dispatch")
class OneWindow(Editor):
    """Change managers edit it, others read it."""

    def get(self, request: HttpRequest, key: int) -> HttpResponse:
        window = _visible(request, key)
        form = CalendarWindowForm(viewer=request.user, zone=window.zone, initial=CalendarWindowForm.said_by(window))
        services = [service.pk for service in window.services.all()]
        effect = effect_of(window, services, user=request.user, at=now())
        return self.show(request, form, effect=effect, **_about(request, window))

    def post(self, request: HttpRequest, key: int) -> HttpResponse:
        window = _visible(request, key)
        require(request.user, "change.plan_calendar", window)
        return self.save(request, window)


def _visible(request: HttpRequest, key: int) -> CalendarWindow:
    """:raises Http404: there is none that this person may see."""
    found = windows_visible_to(request.user).prefetch_related("services").filter(pk=min(key, 2**63 - 1)).first()
    if found is None:
        raise Http404
    return found


def _about(request: HttpRequest, window: CalendarWindow | None) -> dict[str, Any]:
    """What the page of a saved window shows beside its form."""
    if window is None:
        return {}
    rows = window.exemptions.select_related("change", "by").order_by("-at", "-pk")[:SHOWN_EXEMPTIONS]
    exemptions = list(rows)
    keys = [each.change_id for each in exemptions]
    seen = set(Change.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    return {
        "window": window,
        "exemptions": [{"exemption": each, "is_seen": each.change_id in seen} for each in exemptions],
        "service_names": [service.name for service in window.services.all()],
    }


def _differences(fresh: CalendarWindow, form: CalendarWindowForm) -> list[dict[str, Any]]:
    """What somebody else saved, beside what is typed, field by field."""
    theirs = CalendarWindowForm.said_by(fresh)
    whose = form.cleaned_data["organization"]
    mine = {
        **form.cleaned_data,
        "services": [each.pk for each in form.cleaned_data["services"]],
        "organization": whose.pk if whose else "",
    }
    for name in ("starts_at", "ends_at"):
        mine[name] = mine[name].replace(tzinfo=None)
    names = {each.pk: each.name for each in form.fields["services"].queryset}  # type: ignore[attr-defined] # a choice of rows

    def shown(name: str, value: Any) -> str:
        field: Any = form.fields[name]
        if name == "services":
            return ", ".join(names.get(key, str(key)) for key in value) or _("all services")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return date_format(value, "D j M Y, H:i")
        if isinstance(value, date):
            return date_format(value, "D j M Y")
        return str(dict(getattr(field, "choices", ())).get(value, value) or "–")

    return [
        {"label": field.label, "mine": shown(name, mine[name]), "theirs": shown(name, theirs[name])}
        for name, field in form.fields.items()
        if _plain(mine[name]) != _plain(theirs[name])
    ]


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


@requires("change.plan_calendar")
@require_POST
def retirement(request: HttpRequest, key: int) -> HttpResponse:
    """Take it off the calendar."""
    return _act(request, key, operations.retire_window, _("Retired. It blocks nothing any more."))


@requires("change.plan_calendar")
@require_POST
def reinstatement(request: HttpRequest, key: int) -> HttpResponse:
    """Put it on the calendar again."""
    return _act(request, key, operations.reinstate_window, _("It is on the calendar again."))


def _act(request: HttpRequest, key: int, act: Callable[..., Any], done: str) -> HttpResponse:
    window = _visible(request, key)
    version = request.POST.get("version", "")
    seen = version_in(version)
    return pressed(
        request, lambda: act(window=window, by=request.user, at=now(), version=seen),
        url=reverse("change_calendar:window", args=[window.pk]), said=done,
    )  # fmt: skip
