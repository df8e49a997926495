"""
Moving a scheduled change by the calendar: half hours and days, with what the new window collides with, and undo.

It moves by the clock on the viewer's wall, as the calendar is drawn: a day later is the same hour, also when the clocks
change in between. It stays as long as it was.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import get_current_timezone, get_current_timezone_name, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST

from common.numbers import number_in
from common.refusals import NotAllowed, Refused, Stale
from people.access import access_of
from people.doors import requires
from records.transitions import unmet_guards
from records.views.base import is_worked_on_by, record_or_404, see_other
from records.views.replies import toast_response
from records.workflow import MoveContext, moves_of

from .. import operations
from ..enums import State
from ..models import Change
from ..queries.conflicts import conflicts

MOST_MINUTES = 92 * 24 * 60
MINUTE = timedelta(minutes=1)
STEPS = (
    (-24 * 60, gettext_lazy("1 day earlier")),
    (-30, gettext_lazy("30 minutes earlier")),
    (30, gettext_lazy("30 minutes later")),
    (24 * 60, gettext_lazy("1 day later")),
)


class MoveForm(forms.Form):
    """By how many minutes, and why."""

    shift = forms.IntegerField(min_value=-MOST_MINUTES, max_value=MOST_MINUTES, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it is moved"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why it is moved.")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


@method_decorator(requires("change.schedule"), name="dispatch")
class Moving(View):
    """
    GET shows where it would go and what is in the way there, POST moves it.

    `shift` is in minutes by the viewer's clock, with a sign.
    """

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        change = _change(request, number)
        shift = _shift(request.GET.get("shift", ""))
        form = MoveForm(initial={"shift": shift, "version": change.version})
        return self._ask(request, change, shift, form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change = _change(request, number)
        form = MoveForm(request.POST)
        shift = _shift(request.POST.get("shift", ""))
        if not form.is_valid():
            return self._ask(request, change, shift, form, status=422)
        if not shift:
            form.add_error(None, _("It would stay where it is. Choose how far it moves."))
            return self._ask(request, change, shift, form, status=422)
        try:
            start, end = _window(change, shift)
            moved = _move(
                change, request.user, start, end,
                version=form.cleaned_data["version"], reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except NotAllowed:
            raise
        except Stale as stale:
            fresh = _change(request, number)
            form = MoveForm({**request.POST.dict(), "version": fresh.version})
            form.is_valid()
            form.add_error(None, str(stale))
            return self._ask(request, fresh, shift, form, status=409)
        except Refused as refused:
            for each in refused.refusals:
                form.add_error("reason" if each.field == "reason" else None, str(each.message))
            return self._ask(request, change, shift, form, status=409)
        self._tell(request, moved, start - _planned(change)[0])
        return see_other(request, f"{_back(request.POST.get('back', ''))}#e{moved.pk}")

    def _tell(self, request: HttpRequest, moved: Change, by: timedelta) -> None:
        if moved.state != State.SCHEDULED:
            text = _("%(reference)s was moved. The votes have lapsed, and it is decided anew.")
            messages.success(request, text % {"reference": moved.reference})
            return
        undo = reverse("change_calendar:undo", args=[moved.reference])
        back = request.POST.get("back", "")
        # The way back is counted in time gone by, which is the same whatever the clocks do.
        query = urlencode({"shift": -by // MINUTE, "version": moved.version, "back": back})
        messages.success(
            request, _("%(reference)s was moved.") % {"reference": moved.reference}, extra_tags=f"{undo}?{query}"
        )

    def _ask(
        self, request: HttpRequest, change: Change, shift: int, form: MoveForm, *, status: int = 200
    ) -> HttpResponse:
        back = _back(request.POST.get("back", "") or request.GET.get("back", ""))
        start, end = _window(change, shift)
        address = reverse("change_calendar:move", args=[change.reference])
        found = conflicts(change, start, end, viewer=request.user) if shift else []
        context = {
            "change": change,
            "form": form,
            "shift": shift,
            "starts_at": start,
            "ends_at": end,
            "back": back,
            "zone": get_current_timezone_name(),
            "open_conflicts": [each for each in found if each.is_open],
            "accepted_count": sum(not each.is_open for each in found),
            "unmet": _unmet(change, request.user, start, end) if shift else [],
            "keeps_votes": change.is_standard or change.is_near_agreed(start, end),
            "steps": [
                {"label": label, "url": f"{address}?{urlencode({'shift': shift + minutes, 'back': back})}"}
                for minutes, label in STEPS
                if abs(shift + minutes) <= MOST_MINUTES
            ],
        }
        part = "#form" if request.headers.get("HX-Request") else ""
        return render(request, f"changes/calendar/move.html{part}", context, status=status)


@requires("change.schedule")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Move it back, as long as nothing else has happened to it."""
    change = _change(request, number)
    shift, version = _shift(request.GET.get("shift", "")), _whole(request.GET.get("version", ""))
    back = _back(request.GET.get("back", ""))
    try:
        if not shift:
            raise Http404
        start, end = (moment + shift * MINUTE for moment in _planned(change))
        moved = _move(change, request.user, start, end, version=version, reason=_("Moved back."))
    except NotAllowed:
        raise
    except Refused as refused:
        return toast_response(request, back, text=str(refused), tone="bad")
    messages.success(request, _("%(reference)s is back in its window.") % {"reference": moved.reference})
    if request.headers.get("HX-Request"):
        # The page is the calendar already: an address that differs in its anchor alone would not load it.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return see_other(request, f"{back}#e{moved.pk}")


def _change(request: HttpRequest, number: int) -> Change:
    """:raises Http404: the person does not work on it, or it has no window."""
    found: Change = record_or_404(request.user, number, Change)
    if not is_worked_on_by(request.user, found) or not found.has_window:
        raise Http404
    return found


def _planned(change: Change) -> tuple[datetime, datetime]:
    if change.planned_from is None or change.planned_to is None:
        raise Http404
    return change.planned_from, change.planned_to


def _window(change: Change, shift: int) -> tuple[datetime, datetime]:
    """The window, moved by minutes of the viewer's clock; a time that the clocks skip is an hour later."""
    start, end = _planned(change)
    zone: Any = get_current_timezone()
    begins = start.astimezone(zone)
    moved = (begins + shift * MINUTE).replace(fold=begins.fold).astimezone(UTC)
    return moved, moved + (end - start)


def _move(change: Change, user: Any, start: datetime, end: datetime, *, version: int, reason: str) -> Change:
    return operations.reschedule(
        change=change, by=user, at=now(), planned_from=start, planned_to=end, reason=reason, version=version
    )


def _unmet(change: Change, user: Any, start: datetime, end: datetime) -> list[str]:
    """What else is in the way, besides conflicts, which are listed."""
    move, at = moves_of(Change)["reschedule"], now()
    if not access_of(user).allows_on(move.operation, change):
        return [_("You may not move this change. Its team lead or a change manager can.")]
    if change.state not in move.sources:
        return [_("It is %(state)s. Only a scheduled change is moved here.") % {"state": change.state_label}]
    facts = change.practice.facts(change, at)
    inputs = {"planned_from": start, "planned_to": end}
    context = MoveContext(record=change, by=user, at=at, reason="-", inputs=inputs, facts=facts)
    return [str(each.message) for each in unmet_guards(change, move, context) if each.code != "conflict"]


def _whole(text: str) -> int:
    """A number with a sign; 0 for what is none."""
    found = number_in(text.removeprefix("-"), digits=9) or 0
    return -found if text.startswith("-") else found


def _shift(text: str) -> int:
    """Minutes, as far as a change is moved here at once."""
    return max(-MOST_MINUTES, min(MOST_MINUTES, _whole(text)))


def _back(address: str) -> str:
    """The calendar as it was looked at; never another place."""
    base = reverse("change_calendar:calendar")
    return address if address.startswith(f"{base}?") and "#" not in address and len(address) < 500 else base
