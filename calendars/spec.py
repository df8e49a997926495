"""
What a calendar says: its zone, its weekly windows and the days that differ. Pure values, no Django.

Windows are half-open spans of local wall-clock minutes within one day: (480, 720) is 08:00 up to, not
including, 12:00; 1440 is 24:00. A span past midnight is written as two, one for each day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MINUTES_PER_DAY = 1440

Span = tuple[int, int]


@dataclass(frozen=True, order=True, slots=True)
class WeeklyWindow:
    """Open every week on this weekday (0 is Monday) from one local minute of the day up to another."""

    weekday: int
    start_minute: int
    end_minute: int

    @property
    def span(self) -> Span:
        """The window without its weekday."""
        return (self.start_minute, self.end_minute)


@dataclass(frozen=True, order=True, slots=True)
class DayException:
    """A date that does not follow its weekday: these windows replace it; no windows means closed all day."""

    date: date
    windows: tuple[Span, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class CalendarSpec:
    """
    Everything that decides when a calendar is open.

    :param zone: IANA name; the windows are read on this zone's wall clock.
    :param always_open: open around the clock; then there are no windows and no exceptions.
    """

    zone: str
    weekly: tuple[WeeklyWindow, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    always_open: bool = False

    _by_weekday: Mapping[int, tuple[Span, ...]] = field(init=False, repr=False, compare=False)
    _by_date: Mapping[date, DayException] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_weekday: dict[int, tuple[Span, ...]] = {}
        for window in sorted(self.weekly):
            by_weekday[window.weekday] = (*by_weekday.get(window.weekday, ()), window.span)
        object.__setattr__(self, "_by_weekday", by_weekday)
        object.__setattr__(self, "_by_date", {exception.date: exception for exception in self.exceptions})

    def exception_on(self, day: date) -> DayException | None:
        """Find the exception of a local date, if it has one."""
        return self._by_date.get(day)

    def spans_on_weekday(self, weekday: int) -> tuple[Span, ...]:
        """List the spans of a weekday in order (0 is Monday), whatever single dates say."""
        return self._by_weekday.get(weekday, ())

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """List the spans of a local date in order: those of its exception, else those of its weekday."""
        if self.always_open:
            return ((0, MINUTES_PER_DAY),)
        exception = self._by_date.get(day)
        if exception is not None:
            return tuple(sorted(exception.windows))
        return self._by_weekday.get(day.weekday(), ())

    def as_document(self) -> dict[str, Any]:
        """Write the whole specification as plain JSON values; `from_document` reads it back."""
        return {
            "zone": self.zone,
            "always_open": self.always_open,
            "weekly": [[each.weekday, each.start_minute, each.end_minute] for each in sorted(self.weekly)],
            "exceptions": [
                {
                    "date": each.date.isoformat(),
                    "windows": [list(span) for span in each.windows],
                    "name": each.name,
                }
                for each in sorted(self.exceptions)
            ],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "CalendarSpec":
        """Read what `as_document` wrote."""
        return cls(
            zone=document["zone"],
            always_open=document["always_open"],
            weekly=tuple(WeeklyWindow(*window) for window in document["weekly"]),
            exceptions=tuple(
                DayException(
                    date=date.fromisoformat(each["date"]),
                    windows=tuple((start, end) for start, end in each["windows"]),
                    name=each["name"],
                )
                for each in document["exceptions"]
            ),
        )
