"""The figures of the first page. Each is the length of the list that its link opens, counted by the same query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count

from calendars import registry
from people.access import access_of
from records.models import Record
from records.query import Clock, Scene, compile_query, parse

COUNTED_AT_MOST = 1_000
CLOCKS_SHOWN = 8
LOADS_SHOWN = 30
OVERDUE = "is:open is:mine due:<0m"
SOON = "is:open is:mine due:0m..2h"
MINE_BY_CLOCK = "is:open is:mine due:<2h"


@dataclass(frozen=True)
class Figure:
    """A number with the list behind it. `tone` colors it when it is not zero."""

    label: Any
    number: int
    url: str
    tone: str = ""

    @property
    def shown(self) -> str:
        return f"{COUNTED_AT_MOST:,}+" if self.number > COUNTED_AT_MOST else f"{self.number:,}"


@dataclass(frozen=True)
class Due:
    """One of my records with its next clock. `remaining` is working time, negative once missed."""

    record: Any
    mark: str
    remaining: timedelta


@dataclass(frozen=True)
class Load:
    """Open tickets of one person in one team; nobody's when `person` is empty."""

    team: str
    person: str
    number: int
    url: str


def queue(query: str) -> str:
    return f"/queue/?{urlencode({'q': query})}"


def matching(user: Any, query: str, *, at: datetime) -> Any:
    """The records of a query, as the queue finds them."""
    scene = Scene(viewer=user, clock=Clock(at=at, zone=user.zone))
    return Record.objects.visible_to(user).filter(compile_query(parse(query), scene).where)


def figure(user: Any, label: Any, query: str, *, at: datetime, tone: str = "") -> Figure:
    number = matching(user, query, at=at).order_by()[: COUNTED_AT_MOST + 1].count()
    return Figure(label, number, queue(query), tone if number else "")


def figures(user: Any, asked: Iterable[tuple[Any, str, str]], *, at: datetime) -> list[Figure]:
    return [figure(user, label, query, at=at, tone=tone) for label, query, tone in asked]


def my_clocks(user: Any, *, at: datetime) -> list[Due]:
    """My open records whose next clock expires within two hours, or has expired, the most urgent first."""
    found = matching(user, MINE_BY_CLOCK, at=at).order_by("due_at", "id")[:CLOCKS_SHOWN]
    shown = []
    for record in found:
        hours = registry.business_time(record.due_calendar_id) if record.due_calendar_id else None
        if hours is None or record.due_at is None:
            continue
        is_over = record.due_at <= at
        remaining = -hours.between(record.due_at, at) if is_over else hours.between(at, record.due_at)
        mark = "breached" if is_over else "on-track"
        if not is_over and record.at_risk_at and record.at_risk_at <= at:
            mark = "at-risk"
        elif not is_over and record.due_soon_at and record.due_soon_at <= at:
            mark = "due-soon"
        shown.append(Due(record, mark, remaining))
    return shown


def team_load(user: Any) -> list[Load]:
    """Open tickets of my teams by person. One statement."""
    rows = (
        Record.objects.visible_to(user)
        .open()
        .filter(team__in=access_of(user).team_ids)
        .order_by()
        .values("team__slug", "team__name", "assignee__username", "assignee__name")
        .annotate(tickets=Count("pk"))
        .order_by("team__name", "-tickets", "assignee__name")[:LOADS_SHOWN]
    )
    return [
        Load(
            team=row["team__name"],
            person=row["assignee__name"] or "",
            number=row["tickets"],
            url=queue(f"is:open team:{row['team__slug']} who:{row['assignee__username'] or 'none'}"),
        )
        for row in rows
    ]
