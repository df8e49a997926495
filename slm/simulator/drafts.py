"""What is tried: other hours for a calendar, or other targets, hours and pauses for an agreement. Nothing is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from calendars.spec import CalendarSpec

from ..points import Point
from ..terms import Promise

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class NewHours:
    """A calendar as it would be open."""

    calendar_id: int
    spec: CalendarSpec


@dataclass(frozen=True)
class NewTerms:
    """
    An agreement as it would promise.

    :param promises: by clock and priority; what is missing would not be promised.
    :param pause_reasons: for which its clocks would pause.
    """

    agreement_id: int
    promises: Mapping[tuple[str, int], Promise]
    pause_reasons: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Draft:
    """Exactly one of both."""

    hours: NewHours | None = None
    terms: NewTerms | None = None

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.terms is None):
            raise ValueError("a draft is about a calendar or about an agreement")

    def as_document(self) -> dict[str, Any]:
        """Write it as plain JSON values; `from_document` reads them back."""
        if self.hours is not None:
            return {"calendar": self.hours.calendar_id, "spec": self.hours.spec.as_document()}
        assert self.terms is not None
        return {
            "agreement": self.terms.agreement_id,
            "targets": [
                [clock, priority, promise.target // MINUTE, promise.calendar_id]
                for (clock, priority), promise in sorted(self.terms.promises.items())
            ],
            "points": [
                [clock, priority, promise.point.code]
                for (clock, priority), promise in sorted(self.terms.promises.items())
                if promise.point
            ],
            "pause_reasons": sorted(self.terms.pause_reasons),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Draft":
        """Read what `as_document` wrote."""
        if "calendar" in document:
            return cls(hours=NewHours(document["calendar"], CalendarSpec.from_document(document["spec"])))
        points = {(clock, priority): Point.from_code(code) for clock, priority, code in document.get("points", ())}
        return cls(
            terms=NewTerms(
                agreement_id=document["agreement"],
                promises={
                    (clock, priority): Promise(timedelta(minutes=minutes), calendar_id, points.get((clock, priority)))
                    for clock, priority, minutes, calendar_id in document["targets"]
                },
                pause_reasons=frozenset(document["pause_reasons"]),
            )
        )
