"""The life of a clock as a bar: where it ran, paused and stood, over open and closed hours. Geometry only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars import registry

from .explain import Explanation
from .models import Clock

WIDTH = 1_000
OPEN_SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class Rect:
    """A stretch of the bar; `kind` becomes its class."""

    kind: str
    x: float
    width: float
    title: str = ""


@dataclass(frozen=True)
class Bar:
    """
    The bar, from the start of the clock to the latest of now, due moment and stop.

    :param now_x: None once the clock has ended. :param due_x: None while it is paused.
    """

    width: int
    open: list[Rect]
    spans: list[Rect]
    due_x: float | None
    now_x: float | None
    at_from: datetime
    at_to: datetime


def bar_of(clock: Clock, explained: Explanation) -> Bar:
    """Lay out the intervals of an explained clock."""
    begin = clock.started_at
    is_live = clock.is_live
    last = clock.stopped_at or explained.at
    end = max([last, begin + timedelta(minutes=1), *([clock.due_at] if clock.due_at else [])])

    def x(moment: datetime) -> float:
        return round((min(max(moment, begin), end) - begin) / (end - begin) * WIDTH, 1)

    hours = registry.business_time(clock.calendar_id, clock.calendar_version)
    openings = hours.open_intervals(begin, end)
    if len(openings) > OPEN_SHOWN_AT_MOST:
        openings = []
    return Bar(
        width=WIDTH,
        open=[Rect("open", x(start), round(x(stop) - x(start), 1)) for start, stop in openings],
        spans=[
            Rect(each.kind, x(each.at_from), round(x(each.at_to or last) - x(each.at_from), 1), each.reason)
            for each in explained.intervals
        ],
        due_x=x(clock.due_at) if clock.due_at else None,
        now_x=x(explained.at) if is_live else None,
        at_from=begin,
        at_to=end,
    )
