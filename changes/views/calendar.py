"""The change calendar: month, week, lanes and list of what is planned, with what collides said in words."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, get_current_timezone_name, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from people.access import access_of
from people.doors import requires
from records.calendar_entries import CalendarEntry

from ..enums import State
from ..models import CalendarWindow
from ..queries.collisions import Collision, collisions
from ..queries.schedule import ChangeEntry, Schedule, WindowEntry, schedule
from . import calendar_places as places
from .calendar_asked import Asked
from .calendar_cards import Card, Cards

SHOWN_CONFLICTS = 8
VIEW_NAMES = {
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "lanes": gettext_lazy("Lanes"),
    "agenda": gettext_lazy("List"),
}


@requires("record.queue")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """What is planned in a period, as this person may know it."""
    at = now()
    asked = Asked.of(request.GET, today=localtime(at).date())
    start, end = asked.bounds()
    states = (asked.state,) if asked.state else ()
    shown = schedule(request.user, start, end, states=states, can_move_at=at)
    found = collisions(shown, user=request.user, at=at)
    colliding = found.by_record()
    cards = Cards(shown, colliding)
    entries = [each for each in shown.entries if _is_wanted(each, asked, colliding)]
    windows = (
        [] if asked.state or asked.only else [each for each in shown.windows if _is_wanted(each, asked, colliding)]
    )
    kept: set[int | None] = {each.record_id for each in entries if each.record_id}
    said = [each for each in found.collisions if _concerns(each, kept)]
    context = {
        "asked": asked,
        "is_cut": found.is_cut,
        "conflict_count": len(said),
        "conflicts": [
            {"sentence": cards.sentence(each), "act": cards.act(each), "movable": _movable(each)}
            for each in said[:SHOWN_CONFLICTS]
        ],
        "zone": get_current_timezone_name(),
        "heading": _heading(asked),
        "may_plan": access_of(request.user).allows("change.plan_calendar"),
        "now": at,
        **_navigation(asked),
        **_filters(asked, shown),
        **_placed(asked, shown, cards.of(entries), cards.of(windows)),
    }
    if not entries and not windows:
        context["has_windows"] = asked.is_narrowed or CalendarWindow.objects.filter(is_active=True).exists()
    return render(request, "changes/calendar/calendar.html", context)


def _is_wanted(entry: CalendarEntry, asked: Asked, colliding: Any) -> bool:
    is_for_all = isinstance(entry, WindowEntry) and entry.is_for_all
    if asked.service and asked.service not in entry.service_ids and not is_for_all:
        return False
    if asked.team and asked.team != entry.team_id and not isinstance(entry, WindowEntry):
        return False
    return not asked.only or entry.record_id in colliding


def _movable(found: Collision) -> list[ChangeEntry]:
    """Those of the two that the viewer may move out of the way."""
    return [each for each in (found.one, found.other) if isinstance(each, ChangeEntry) and each.can_move]


def _concerns(found: Collision, kept: set[int | None]) -> bool:
    """Whether the conflict is about something that is shown."""
    other = found.other.record_id if isinstance(found.other, ChangeEntry) else None
    return found.one.record_id in kept or (other is not None and other in kept)


def _placed(asked: Asked, shown: Schedule, cards: list[Card], windows: list[Card]) -> dict[str, Any]:
    zone: Any = get_current_timezone()
    days = places.days_of(asked, shown.holidays, zone)
    agenda = places.agenda_of(days, [*windows, *cards], after=asked.after)
    found: dict[str, Any] = {
        "days": days,
        "agenda": agenda,
        "is_twin": asked.view != "agenda",
        "entry_count": len(cards) + len(windows),
    }
    if agenda.following:
        # On the other views the list is a twin for narrow screens and paper; its next page is the list itself.
        following = asked.but(view="agenda", day=asked.first, days=len(days), after=agenda.following)
        found["following_url"] = following.url
    if asked.view == "week":
        places.fill_week(days, cards, windows)
        found["has_long"] = any(day.long or day.windows or day.holidays or day.more for day in days)
        found["hours"] = [f"{hour:02d}:00" for hour in range(0, 24, 3)]
    elif asked.view == "month":
        places.fill_month(days, cards, windows)
        found["weeks"] = places.weeks_of(days)
    elif asked.view == "lanes":
        names = shown.teams if asked.lane == "team" else {key: face.name for key, face in shown.services.items()}
        found["lanes"] = places.lanes_of(asked, days, [*windows, *cards], names=names)
        found["is_collapsed"] = len(cards) > places.COLLAPSES_OVER
    return found


def _heading(asked: Asked) -> str:
    """The period in words."""
    if asked.view == "month":
        return date_format(asked.day, "F Y")
    last = asked.shown_days[-1]
    if last == asked.first:
        return date_format(asked.first, "l j F Y")
    days = _("%(first)s – %(last)s") % {
        "first": date_format(asked.first, "j M" if asked.first.year == last.year else "j M Y"),
        "last": date_format(last, "j M Y"),
    }
    if asked.view == "agenda":
        return days
    return _("Week %(number)s, %(days)s") % {"number": asked.first.isocalendar().week, "days": days}


def _navigation(asked: Asked) -> dict[str, Any]:
    return {
        "views": [
            {"label": label, "url": asked.but(view=view).url, "is_current": view == asked.view}
            for view, label in VIEW_NAMES.items()
        ],
        "earlier_url": asked.but(day=asked.neighbor(-1)).url,
        "today_url": asked.but(day=asked.today).url,
        "later_url": asked.but(day=asked.neighbor(1)).url,
        "list_url": asked.but(view="agenda", day=asked.first, days=len(asked.shown_days)).url,
        "all_conflicts_url": asked.but(
            view="agenda", day=asked.first, days=len(asked.shown_days), only="conflicts"
        ).url,
    }


def _filters(asked: Asked, shown: Schedule) -> dict[str, Any]:
    services: Iterable[tuple[int, str]] = [(key, face.name) for key, face in shown.services.items()]
    chips = []
    if asked.service:
        name = shown.services[asked.service].name if asked.service in shown.services else str(asked.service)
        chips.append({"label": _("Service: %(name)s") % {"name": name}, "remove_url": asked.but(service=None).url})
    if asked.team:
        name = shown.teams.get(asked.team, str(asked.team))
        chips.append({"label": _("Team: %(name)s") % {"name": name}, "remove_url": asked.but(team=None).url})
    if asked.state:
        label = State(asked.state).label
        chips.append({"label": _("State: %(name)s") % {"name": label}, "remove_url": asked.but(state="").url})
    if asked.only:
        chips.append({"label": _("Only what collides"), "remove_url": asked.but(only="").url})
    return {
        "services": services,
        "teams": list(shown.teams.items()),
        "states": State.choices,
        "chips": chips,
    }
