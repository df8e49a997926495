"""Where entries stand: in the cells of a month, on the hours of a week, in lanes, in a list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.time import start_of_day

from .calendar_asked import Asked
from .calendar_cards import Card

SLOT_MINUTES = 30
SLOTS = 24 * 60 // SLOT_MINUTES
LEAST_SLOTS = 2
SIDE_BY_SIDE = 4
MOST_IN_CELL = 4
COLLAPSES_OVER = 300
PAGE = 100


@dataclass
class Placed:
    """
    A card on the hours of a day.

    :ivar at: half hour of the day in which it begins, from 0. :ivar length: in half hours.
    :ivar nth: place among those side by side, from 0. :ivar of: how many stand side by side.
    """

    card: Card
    at: int
    length: int
    nth: int = 0
    of: int = 1

    @property
    def foot(self) -> int:
        return self.at + self.length


@dataclass
class Day:
    """
    :ivar begins: the moment in which it begins, and `ends` the one in which the next does.
    :ivar bands: freezes and maintenance windows behind the hours. :ivar more: entries that found no room.
    """

    date: date
    begins: datetime
    ends: datetime
    is_today: bool
    is_outside: bool
    holidays: list[str]
    url: str
    windows: list[Card] = field(default_factory=list)
    bands: list[Placed] = field(default_factory=list)
    long: list[Card] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    more: int = 0

    @property
    def short(self) -> str:
        return date_format(self.date, "D j M")

    @property
    def name(self) -> str:
        return date_format(self.date, "l j F Y")


@dataclass
class Lane:
    """:ivar cells: cards by day. :ivar count: entries of the lane, each once."""

    name: str
    url: str
    cells: list["Cell"]
    count: int


@dataclass
class Cell:
    """A day of a lane."""

    day: date
    url: str
    cards: list[Card]


def days_of(asked: Asked, holidays: dict[date, list[str]], zone: Any) -> list[Day]:
    """The days of the period, empty."""
    bounds = [start_of_day(day, zone) for day in (*asked.shown_days, asked.end)]
    alone = asked.but(view="agenda", days=1)
    return [
        Day(
            date=day,
            begins=begins,
            ends=ends,
            is_today=day == asked.today,
            is_outside=asked.view == "month" and day.month != asked.day.month,
            holidays=holidays.get(day, []),
            url=alone.on(day),
        )
        for day, begins, ends in zip(asked.shown_days, bounds, bounds[1:], strict=False)
    ]


def _touched(card: Card, days: list[Day]) -> Iterator[Day]:
    """The days that a card touches."""
    first = max((card.starts.date() - days[0].date).days, 0)
    last = (card.ends.date() - days[0].date).days
    for day in days[first : last + 1]:
        if card.entry.starts_at < day.ends and card.entry.ends_at > day.begins:
            yield day


def fill_week(days: list[Day], cards: Iterable[Card], windows: Iterable[Card]) -> None:
    """Put cards on the hours of their days; those of a day or more above them."""
    for card in windows:
        for day in _touched(card, days):
            day.windows.append(card)
            day.bands.append(_on_hours(card, day))
    for card in cards:
        is_long = card.entry.ends_at - card.entry.starts_at >= timedelta(hours=24)
        for day in _touched(card, days):
            if is_long:
                day.long.append(card)
            else:
                day.placed.append(_on_hours(card, day))
    for day in days:
        _stand_side_by_side(day)


def _on_hours(card: Card, day: Day) -> Placed:
    """By the wall clock; an hour that happens twice has one place."""
    first = 0 if card.entry.starts_at <= day.begins else _slot(card.starts)
    last = SLOTS if card.entry.ends_at >= day.ends else _slot(card.ends, up=True)
    first = min(first, SLOTS - 1)
    return Placed(card, at=first, length=max(last - first, 1))


def _slot(moment: datetime, *, up: bool = False) -> int:
    minutes = moment.hour * 60 + moment.minute
    return -(-minutes // SLOT_MINUTES) if up else minutes // SLOT_MINUTES


def _stand_side_by_side(day: Day) -> None:
    """Give each card of a day its place beside those at the same time; what finds none is counted."""
    waiting = sorted(day.placed, key=lambda each: (each.at, -each.length))
    day.placed = []
    group: list[Placed] = []
    ends: list[int] = []
    for each in waiting:
        # Short ones take two half hours, so that they can be read; at midnight upwards.
        each.length = max(each.length, LEAST_SLOTS)
        each.at = min(each.at, SLOTS - each.length)
        if group and each.at >= max(ends):
            _close(group, len(ends))
            group, ends = [], []
        free = next((place for place, end in enumerate(ends) if end <= each.at), None)
        if free is None and len(ends) >= SIDE_BY_SIDE:
            day.more += 1
            continue
        if free is None:
            free = len(ends)
            ends.append(0)
        each.nth, ends[free] = free, each.foot
        group.append(each)
        day.placed.append(each)
    _close(group, len(ends))


def _close(group: list[Placed], places: int) -> None:
    for each in group:
        each.of = places


def fill_month(days: list[Day], cards: Iterable[Card], windows: Iterable[Card]) -> None:
    """Put windows and cards into their days, the first few of each."""
    for kind, those in (("windows", windows), ("cards", cards)):
        for card in those:
            for day in _touched(card, days):
                shown: list[Card] = getattr(day, kind)
                if len(shown) < MOST_IN_CELL:
                    shown.append(card)
                else:
                    day.more += 1


def weeks_of(days: list[Day]) -> list[list[Day]]:
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def lanes_of(asked: Asked, days: list[Day], cards: list[Card], *, names: dict[int, str]) -> list[Lane]:
    """
    One lane for each service or team that has something to show, by name; what concerns everybody first.

    :param cards: windows first. :param names: of the services or teams that the viewer may name.
    """
    found: dict[int, dict[date, list[Card]]] = defaultdict(lambda: defaultdict(list))
    counts: dict[int, int] = defaultdict(int)
    for card in cards:
        touched = [day.date for day in _touched(card, days)]
        for key in _lanes_with(card, asked.lane, names):
            counts[key] += 1
            for each in touched:
                found[key][each].append(card)
    order = sorted(found, key=lambda key: (key != EVERYTHING, key == NOTHING, names.get(key, "")))
    labels = {EVERYTHING: _("All services"), NOTHING: _("No team") if asked.lane == "team" else _("No service")}
    lanes = []
    for key in order:
        alone = asked.but(view="agenda", days=1, **_narrowed(asked, key))
        cells = [Cell(day.date, alone.on(day.date), found[key][day.date]) for day in days]
        url = asked.but(view="agenda", day=asked.first, days=7, **_narrowed(asked, key)).url
        lanes.append(Lane(name=labels.get(key) or names[key], url=url, cells=cells, count=counts[key]))
    return lanes


EVERYTHING, NOTHING = 0, -1


def _narrowed(asked: Asked, key: int) -> dict[str, Any]:
    return {asked.lane: key} if key > 0 else {}


def _lanes_with(card: Card, lane: str, names: dict[int, str]) -> set[int]:
    entry = card.entry
    if card.is_window and not entry.service_ids:
        return {EVERYTHING}
    if lane == "team" and not card.is_window:
        return {entry.team_id} if entry.team_id in names else {NOTHING}  # type: ignore[arg-type] # None is in no names
    if lane == "team":
        return {EVERYTHING}
    return {key for key in entry.service_ids if key in names} or {NOTHING}


@dataclass
class Agenda:
    """:ivar days: days with their cards. :ivar following: address parameter of the next page; empty on the last one."""

    days: list[Day]
    following: str
    count: int


def agenda_of(days: list[Day], cards: Iterable[Card], *, after: str = "", most: int = PAGE) -> Agenda:
    """
    A page of the list: each card once, on the day it begins, or on the first day shown.

    :param after: where the page before ended.
    """
    ordered = sorted(cards, key=_place)
    rest = [card for card in ordered if _mark(card) > after] if after else ordered
    page = rest[:most]
    by_day = {day.date: replace(day, cards=[]) for day in days}
    first = days[0].date
    for card in page:
        by_day[max(card.starts.date(), first)].cards.append(card)
    is_last = len(rest) <= most
    kept = [
        day
        for day in by_day.values()
        if day.cards or (day.holidays and (is_last or day.date <= page[-1].starts.date()) and not after)
    ]
    return Agenda(kept, "" if is_last else _mark(page[-1]), len(ordered))


def _place(card: Card) -> tuple[datetime, str, int, str]:
    entry = card.entry
    key = getattr(entry, "number", 0) or getattr(entry, "window_id", 0) or entry.record_id or 0
    return entry.starts_at, entry.kind, key, entry.reference


def _mark(card: Card) -> str:
    """Text that sorts as the list does: moment in UTC, kind, number."""
    starts_at, kind, key, reference = _place(card)
    return f"{starts_at.astimezone(UTC):%Y%m%dT%H%M%S%f} {kind} {key:020d} {reference}"
