"""How much comes back: incidents that were known before, by month and by why we could have known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Exists, OuterRef, Value, When
from django.db.models.functions import TruncMonth
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from records.enums import LinkKind
from records.models import Link

from ..enums import State
from ..models import KnownError
from .models import ClusterMember
from .pareto import Days, incidents_of

MONTHS = 12
CLOSED, KNOWN, ALIKE = "closed", "known", "alike"
# The first that fits: an incident counts once.
WHYS = {
    CLOSED: gettext_lazy("Closed problem"),
    KNOWN: gettext_lazy("Known error"),
    ALIKE: gettext_lazy("Similar before"),
}


def with_why(incidents: Any) -> Any:
    """
    Incidents with `came_back`: why each could have been known, empty for those that could not.

    `closed`: caused by a problem that had been closed before. `known`: caused by one whose known error had been
    published before. `alike`: of a group of similar incidents, or of a problem, with an earlier one.
    """
    causes = Link.objects.filter(from_record=OuterRef("pk"), kind=LinkKind.CAUSED_BY, to_record__kind="problem")
    closed = causes.filter(to_record__state=State.CLOSED, to_record__closed_at__lt=OuterRef("opened_at"))
    published = KnownError.objects.filter(published_at__lt=OuterRef(OuterRef("opened_at"))).values("problem")
    others = Link.objects.filter(
        to_record=OuterRef("to_record"),
        kind=LinkKind.CAUSED_BY,
        from_record__opened_at__lt=OuterRef("from_record__opened_at"),
    )
    grouped = ClusterMember.objects.filter(record=OuterRef("pk"), cluster__first_at__lt=OuterRef("opened_at"))
    return incidents.annotate(
        came_back=Case(
            When(Exists(closed), then=Value(CLOSED)),
            When(Exists(causes.filter(to_record__in=published)), then=Value(KNOWN)),
            When(Exists(grouped) | Exists(causes.filter(Exists(others))), then=Value(ALIKE)),
            default=Value(""),
            output_field=CharField(),
        )
    )


@dataclass(frozen=True)
class Month:
    """One month; `parts` holds the count for each why."""

    first: date
    last: date
    opened: int
    parts: dict[str, int]

    @property
    def came_back(self) -> int:
        return sum(self.parts.values())

    @property
    def share(self) -> float | None:
        """Percent of those opened; None in a month without any."""
        return self.came_back * 100 / self.opened if self.opened else None

    def url(self, why: str = "") -> str:
        return f"/problems/recurrence/incidents/?{urlencode({'from': self.first, 'to': self.last, 'why': why})}"

    @property
    def all_url(self) -> str:
        return self.url()

    @property
    def opened_url(self) -> str:
        words = f"kind:incident opened:{self.first}..{self.last}"
        return f"/queue/?{urlencode({'q': words})}"

    @property
    def cells(self) -> list[tuple[int, str]]:
        return [(self.parts[why], self.url(why)) for why in WHYS]


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month that the day is in."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@dataclass
class Recurrence:
    """The latest twelve months up to that of `until`, in the viewer's zone and as far as they may see."""

    viewer: Any
    until: date

    @cached_property
    def months(self) -> list[Month]:
        days = self._days()
        rows = with_why(incidents_of(days, self.viewer)).annotate(month=TruncMonth("opened_at", tzinfo=days.zone))
        counted: dict[date, dict[str, int]] = {}
        for month, why, count in rows.order_by().values_list("month", "came_back").annotate(count=Count("pk")):
            counted.setdefault(month.date(), {})[why] = count
        found, first = [], days.first
        while first <= days.last:
            parts = counted.get(first, {})
            last = month_of(first)[1]
            found.append(
                Month(
                    first=first,
                    last=last,
                    opened=sum(parts.values()),
                    parts={why: parts.get(why, 0) for why in WHYS},
                )
            )
            first = last + timedelta(days=1)
        return found

    def _days(self) -> Days:
        first, last = month_of(self.until)
        for _month in range(MONTHS - 1):
            first = (first - timedelta(days=1)).replace(day=1)
        return Days(first, last, self.viewer.zone)

    @property
    def is_empty(self) -> bool:
        return not any(month.opened for month in self.months)


def rows_behind(days: Days, viewer: Any, why: str) -> Any:
    """The incidents that came back in these days; for one reason, or for any where none is named."""
    rows = with_why(incidents_of(days, viewer))
    return rows.filter(came_back=why) if why in WHYS else rows.exclude(came_back="")


def until(at: datetime, viewer: Any) -> date:
    return at.astimezone(viewer.zone).date()
