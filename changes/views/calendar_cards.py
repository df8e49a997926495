"""Entries of the calendar as they are written: times in the viewer's zone, words, addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, get_current_timezone_name
from django.utils.translation import gettext as _

from common.templatetags.steward import icon
from records import calendar_entries
from records.calendar_entries import CalendarEntry
from records.enums import Phase

from ..enums import State
from ..queries.collisions import Collision, First
from ..queries.conflicts import Reason
from ..queries.schedule import BOOKED, FREEZE, KIND, MAINTENANCE, ChangeEntry, Schedule, WindowEntry

ICONS = {KIND: "git-branch", FREEZE: "snowflake", MAINTENANCE: "wrench"}


@dataclass
class Card:
    """
    One entry, ready to be placed. What it says is put into words only where it is shown: most of a month is counted.

    :ivar starts: its beginning by the viewer's clock, aware. :ivar ends: likewise.
    """

    entry: CalendarEntry
    starts: datetime
    ends: datetime
    maker: "Cards"
    is_conflict: bool = False

    @cached_property
    def times(self) -> str:
        """20:00–22:00."""
        return self.maker.times(self.starts, self.ends)

    @cached_property
    def said(self) -> str:
        """All of it in a line, for hovering and for screen readers."""
        return self.maker.said(self)

    @property
    def tone(self) -> str:
        """planned, booked, running, done or busy; freezes and maintenance windows have their kind."""
        return _tone(self.entry)

    @property
    def url(self) -> str:
        if isinstance(self.entry, WindowEntry):
            return self.maker.window_url(self.entry.window_id)
        return self.entry.url

    @property
    def title(self) -> str:
        return self.entry.title or _("busy")

    @cached_property
    def services(self) -> str:
        if isinstance(self.entry, WindowEntry) and self.entry.is_for_all:
            return _("all services")
        return ", ".join(self.maker.shown.names_of(self.entry))

    @property
    def team(self) -> str:
        return self.maker.shown.teams.get(self.entry.team_id or 0, "")

    @property
    def kind_label(self) -> str:
        return self.maker.kind(self.entry)[0]

    @property
    def kind_icon(self) -> str:
        return self.maker.kind(self.entry)[1]

    @property
    def id(self) -> str:
        return f"e{self.entry.record_id}" if self.entry.record_id else ""

    @property
    def is_window(self) -> bool:
        return isinstance(self.entry, WindowEntry)

    @cached_property
    def move_url(self) -> str:
        """Where it is moved by the calendar; empty while it can't be."""
        can_move = isinstance(self.entry, ChangeEntry) and self.entry.can_move
        return reverse("change_calendar:move", args=[self.entry.reference]) if can_move else ""

    def times_on(self, day: date) -> str:
        """20:00 on the day it begins; later days say until when it goes on."""
        if self.starts.date() == day:
            return f"{self.starts:%H:%M}"
        if self.ends.date() == day:
            return _("until %(time)s") % {"time": f"{self.ends:%H:%M}"}
        return _("all day")

    def written(self, times: str, *, until: str = "", is_first: bool = True) -> SafeString:
        """
        The entry as a link; what is busy is none.

        :param until: when it ends, where there is room to say so.
        :param is_first: it stands on the page for the first time, and carries its place there.
        """
        before, after = self._around_the_times
        place = f' id="{self.id}"' if is_first and self.id else ""
        ending = f'<span class="schedule-entry__until">–{escape(until)}</span>' if until else ""
        return SafeString(f"{before[0]}{place}{before[1]}{escape(times)}{ending}{after}")

    @cached_property
    def _around_the_times(self) -> tuple[tuple[str, str], str]:
        """
        What is the same wherever the entry stands: up to its place on the page, from there to the times, and the rest.

        Everything that people wrote is escaped here; format_html for each of a few hundred takes four times as long.
        """
        entry, url = self.entry, self.url
        mark = self.maker.warning if self.is_conflict else icon(self.kind_icon)
        said = f' data-kind="{escape(entry.kind)}" data-tone="{self.tone}"'
        if self.is_conflict:
            said += ' data-conflict="yes"'
        if self.move_url:
            minutes = (entry.ends_at - entry.starts_at) // timedelta(minutes=1)
            said += f' data-move="{escape(self.move_url)}" data-minutes="{minutes}"'
        address = f' href="{escape(url)}"' if url else ' tabindex="0" role="note"'
        number = f'<span class="schedule-entry__reference">{escape(entry.reference)}</span> ' if entry.reference else ""
        tag = "a" if url else "span"
        return (
            (
                f'<{tag} class="schedule-entry" data-entry{said}',
                f'{address} title="{escape(self.said)}">{mark}<span class="schedule-entry__times">',
            ),
            f'</span> <span class="schedule-entry__name">{number}{escape(self.title)}</span></{tag}>',
        )


class Cards:
    """Makes cards of what was read. Times are in the zone at hand; the zones of services are told beside them."""

    def __init__(self, shown: Schedule, colliding: Mapping[int, Any]) -> None:
        self.shown, self.colliding = shown, colliding
        self.zone: Any = get_current_timezone()
        self.zone_name = get_current_timezone_name()
        self.kinds = {each.name: each for each in calendar_entries.kinds()}
        self.days: dict[Any, str] = {}
        self.window_urls: dict[int, str] = {}
        self.faces: dict[tuple[str, bool, bool], tuple[str, str]] = {}
        self.warning = icon("triangle-alert", label=_("collides"))

    def of(self, entries: Iterable[CalendarEntry]) -> list[Card]:
        return [self.card(each) for each in entries]

    def card(self, entry: CalendarEntry) -> Card:
        return Card(
            entry=entry,
            starts=entry.starts_at.astimezone(self.zone),
            ends=entry.ends_at.astimezone(self.zone),
            maker=self,
            is_conflict=entry.record_id in self.colliding,
        )

    def kind(self, entry: CalendarEntry) -> tuple[str, str]:
        """What it is called, and its icon."""
        face = (entry.kind, entry.is_busy, isinstance(entry, ChangeEntry) and entry.is_emergency)
        if face not in self.faces:
            self.faces[face] = self._kind(*face)
        return self.faces[face]

    def _kind(self, name: str, is_busy: bool, is_emergency: bool) -> tuple[str, str]:
        if name == KIND:
            return (_("emergency") if is_emergency else _("change")), ("lock" if is_busy else ICONS[KIND])
        if name in ICONS:
            return (_("freeze") if name == FREEZE else _("maintenance window")), ICONS[name]
        kind = self.kinds[name]
        return str(kind.label), "lock" if is_busy else kind.icon

    def window_url(self, key: int) -> str:
        if key not in self.window_urls:
            self.window_urls[key] = reverse("change_calendar:window", args=[key])
        return self.window_urls[key]

    def day(self, moment: datetime) -> str:
        """Thu 5 Mar."""
        key = moment.date()
        if key not in self.days:
            self.days[key] = date_format(moment, "D j M")
        return self.days[key]

    def times(self, starts: datetime, ends: datetime) -> str:
        """20:00–22:00, with the day where it ends on another one."""
        if starts.date() == ends.date():
            return f"{starts:%H:%M}–{ends:%H:%M}"
        return f"{starts:%H:%M}–{self.day(ends)} {ends:%H:%M}"

    def period(self, starts_at: datetime, ends_at: datetime, zone: Any = None) -> str:
        """Thu 5 Mar 20:00–22:00."""
        starts, ends = starts_at.astimezone(zone or self.zone), ends_at.astimezone(zone or self.zone)
        return f"{self.day(starts)} {self.times(starts, ends)}"

    def said(self, card: Card) -> str:
        """Everything about an entry in a line, with its times by the clocks of its services."""
        entry = card.entry
        name = f"{entry.reference} {card.title}" if entry.reference else card.title
        parts = [name, card.kind_label, f"{self.period(card.starts, card.ends)} {self.zone_name}"]
        for key in sorted(entry.service_ids):
            face = self.shown.services.get(key)
            if face is not None and face.zone and face.zone != self.zone_name:
                there = self.period(entry.starts_at, entry.ends_at, ZoneInfo(face.zone))
                parts.append(_("%(service)s: %(times)s %(zone)s") % {
                    "service": face.name, "times": there, "zone": face.zone,
                })  # fmt: skip
        if isinstance(entry, WindowEntry) and entry.zone != self.zone_name:
            parts.append(f"{self.period(entry.starts_at, entry.ends_at, ZoneInfo(entry.zone))} {entry.zone}")
        parts += [entry.state, card.services, entry.person]
        return " · ".join(part for part in parts if part)

    def sentence(self, found: Collision) -> SafeString:
        """A conflict in words, with links."""
        one, other = _linked(found.one), found.other
        if isinstance(other, WindowEntry):
            freeze = format_html('<a href="{}">{}</a>', self.window_url(other.window_id), other.title)
            pattern = _("{one} falls into the freeze {freeze}, {period}.")
            return format_html(pattern, one=one, freeze=freeze, period=self.period(other.starts_at, other.ends_at))
        if isinstance(other, First):
            first = format_html('<a href="{}">{}</a>', other.url, other.reference) if other.url else other.reference
            return format_html(
                _("{first} has to be done before {one}, and is {state}."), first=first, one=one, state=other.state
            )
        period = self.period(max(found.one.starts_at, other.starts_at), min(found.one.ends_at, other.ends_at))
        if other.is_busy:
            pattern = _("{one} overlaps a change that you may not see, {period}, {how}.")
            return format_html(pattern, one=one, period=period, how=found.how)
        pattern, linked = _("{one} overlaps {other}, {period}, {how}."), _linked(other)
        return format_html(pattern, one=one, other=linked, period=period, how=found.how)

    def act(self, found: Collision) -> tuple[str, str]:
        """Where somebody does something about it, and what that is called."""
        if found.reason == Reason.FREEZE:
            return f"{found.one.url}window/", _("Ask for an exemption")
        if found.reason == Reason.PREREQUISITE:
            return f"{found.one.url}window/", _("Look at its schedule")
        return f"{found.one.url}window/", _("Keep it, say why")


def _linked(entry: CalendarEntry) -> SafeString:
    return format_html('<a href="{}">{}</a> <bdi>{}</bdi>', entry.url, entry.reference, entry.title)


def _tone(entry: CalendarEntry) -> str:
    if isinstance(entry, WindowEntry):
        return entry.kind
    if entry.is_busy:
        return "busy"
    if entry.phase == Phase.DONE or entry.state_name == State.REVIEWING:
        return "done"
    if entry.state_name == State.IMPLEMENTING:
        return "running"
    return "booked" if entry.state_name in BOOKED or not isinstance(entry, ChangeEntry) else "planned"
