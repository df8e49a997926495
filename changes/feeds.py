"""Planned work as an iCalendar text (RFC 5545): title, reference, window, state and address, and nothing else."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from records.calendar_entries import FeedEntry

from .enums import State, WindowKind
from .models import Change, FeedToken
from .queries.feeds import Feed
from .queries.windows import Span

REREAD_AFTER = timedelta(hours=1)
STATUS = {
    State.DRAFT: "TENTATIVE",
    State.ASSESSING: "TENTATIVE",
    State.AUTHORIZING: "TENTATIVE",
    State.REJECTED: "CANCELLED",
    State.CANCELLED: "CANCELLED",
}


def text_of(token: FeedToken, feed: Feed) -> bytes:
    """
    Write the feed. The same entries give the same bytes, so that a reader can be told that nothing changed.

    Moments are in UTC, which no change of clocks moves. The number of a version counts as SEQUENCE: it grows whenever
    the window moves.
    """
    # Late: it costs a quarter of a second and 8 MB, and most processes never write a feed.
    from icalendar import Calendar, Event

    calendar: Any = Calendar()
    calendar.add("prodid", "-//Steward//Changes//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _plain(_("Changes: %(subject)s") % {"subject": token.subject}))
    calendar.add("refresh-interval", REREAD_AFTER, parameters={"VALUE": "DURATION"})
    entries = [_of_change(each) for each in feed.changes]
    entries += [_of_span(each, made_at=token.created_at) for each in feed.spans]
    entries += [_of_other(each) for each in feed.others]
    for entry in entries:
        event: Any = Event()
        for name, value in entry.items():
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _of_change(change: Change) -> dict[str, Any]:
    return {
        "uid": f"change-{change.pk}@{_host()}",
        "sequence": change.version,
        "dtstamp": _whole(change.updated_at),
        "last-modified": _whole(change.updated_at),
        "dtstart": _whole(change.planned_from),
        "dtend": _whole(change.planned_to),
        "summary": _plain(f"{change.reference} {change.title}"),
        "description": _plain(_("State: %(state)s") % {"state": change.state_label}),
        "status": STATUS.get(State(change.state), "CONFIRMED"),
        "url": f"{settings.BASE_URL}{change.get_absolute_url()}",
    }


def _of_span(span: Span, *, made_at: datetime) -> dict[str, Any]:
    """One time of a window is known by its local day, so that it stays the same entry when its hours change."""
    window = span.window
    day = span.starts_at.astimezone(ZoneInfo(window.zone)).date()
    return {
        "uid": f"window-{window.pk}-{day:%Y%m%d}@{_host()}",
        "sequence": window.version,
        "dtstamp": _whole(made_at),
        "dtstart": _whole(span.starts_at),
        "dtend": _whole(span.ends_at),
        "summary": _plain(f"{capfirst(str(WindowKind(window.kind).label))}: {window.name}"),
        "status": "CONFIRMED" if window.is_active else "CANCELLED",
        "transp": "TRANSPARENT",
    }


def _of_other(entry: FeedEntry) -> dict[str, Any]:
    said = {
        "uid": f"{entry.key}@{_host()}",
        "sequence": entry.version,
        "dtstamp": _whole(entry.changed_at),
        "last-modified": _whole(entry.changed_at),
        "dtstart": _whole(entry.starts_at),
        "dtend": _whole(entry.ends_at),
        "summary": _plain(entry.summary),
        "description": _plain(_("State: %(state)s") % {"state": entry.state}),
        "status": str(entry.certainty),
        "url": f"{settings.BASE_URL}{entry.url}",
    }
    return said | ({"transp": "TRANSPARENT"} if entry.is_background else {})


def _host() -> str:
    """The right side of the identifiers: they stay the same as long as people reach Steward under the same name."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def _whole(at: Any) -> datetime:
    whole: datetime = at.replace(microsecond=0)
    return whole


def _plain(text: str) -> str:
    """One line without control characters, which the format does not allow."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
