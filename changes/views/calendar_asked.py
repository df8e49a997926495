"""What the address of the change calendar asks for: a view of a period, narrowed by service, team and state."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from common.numbers import number_in
from common.time import start_of_day

from ..enums import State

VIEWS = ("week", "month", "lanes", "agenda")
LANES = ("service", "team")
AGENDA_DAYS = 28
MOST_DAYS = 92
FIRST_YEAR, LAST_YEAR = 1990, 2150


@dataclass(frozen=True)
class Asked:
    """
    :ivar day: the period holds it, or begins with it in the list.
    :ivar days: length of the list. :ivar after: entries of the list up to this one are on earlier pages.
    :ivar is_unread: the date in the address could not be read; today stands in its place.
    """

    view: str
    day: date
    today: date
    lane: str = "service"
    service: int | None = None
    team: int | None = None
    state: str = ""
    only: str = ""
    days: int = AGENDA_DAYS
    after: str = ""
    is_unread: bool = False

    @classmethod
    def of(cls, query: QueryDict, *, today: date) -> "Asked":
        """Read the parameters; what makes no sense is left out."""

        def one_of(name: str, known: Any, default: str) -> str:
            value = query.get(name, "")
            return value if value in known else default

        def number(name: str) -> int | None:
            value = query.get(name, "")
            return number_in(value)

        typed = query.get("from", "")
        day = _day(typed)
        return cls(
            view=one_of("view", VIEWS, "week"),
            day=day or today,
            today=today,
            lane=one_of("lane", LANES, "service"),
            service=number("service"),
            team=number("team"),
            state=one_of("state", State.values, ""),
            only=one_of("only", ("conflicts",), ""),
            days=min(max(number("days") or AGENDA_DAYS, 1), MOST_DAYS),
            after=query.get("after", "")[:200],
            is_unread=bool(typed) and day is None,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.service or self.team or self.state or self.only)

    @property
    def first(self) -> date:
        """The first day shown."""
        if self.view == "agenda":
            return self.day
        day = self.day.replace(day=1) if self.view == "month" else self.day
        return day - timedelta(days=day.weekday())

    @property
    def end(self) -> date:
        """The first day that is no longer shown."""
        if self.view == "agenda":
            return self.first + timedelta(days=self.days)
        if self.view != "month":
            return self.first + timedelta(days=7)
        following = (self.day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return following + timedelta(days=-following.weekday() % 7)

    @property
    def shown_days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.end - self.first).days)]

    def bounds(self) -> tuple[datetime, datetime]:
        """The moments at which the period begins and ends, in the viewer's zone."""
        zone: Any = get_current_timezone()
        return start_of_day(self.first, zone), start_of_day(self.end, zone)

    def neighbor(self, way: int) -> date:
        """A day of the period before (-1) or after (1)."""
        if self.view == "month":
            first = self.day.replace(day=1)
            return (first - timedelta(days=1)).replace(day=1) if way < 0 else first + timedelta(days=32)
        return self.first + timedelta(days=way * (self.days if self.view == "agenda" else 7))

    def but(self, **said: Any) -> "Asked":
        return replace(self, **{"after": "", **said})

    @property
    def url(self) -> str:
        """The address that asks for this; only what differs from the usual is named."""
        return self.on(self.day)

    def on(self, day: date) -> str:
        """The address that asks for the same on another day."""
        before, after = self._around_the_day
        return f"{before}{'' if day == self.today else f'&from={day.isoformat()}'}{after}"

    @cached_property
    def _around_the_day(self) -> tuple[str, str]:
        said = {
            "lane": self.lane if self.view == "lanes" and self.lane != "service" else "",
            "service": self.service,
            "team": self.team,
            "state": self.state,
            "only": self.only,
            "days": self.days if self.view == "agenda" and self.days != AGENDA_DAYS else "",
            "after": self.after,
        }
        named = "".join(f"&{urlencode({name: value})}" for name, value in said.items() if value)
        return f"{reverse('change_calendar:calendar')}?view={self.view}", named


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR else None
