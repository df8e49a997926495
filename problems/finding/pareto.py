"""The few causes that make most of the incidents, counted over what the viewer may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from common.time import start_of_day
from records import practices

from ..queries.lost import minutes_lost
from .dimensions import DIMENSIONS, Dimension

COUNT, MINUTES = "count", "minutes"
WEIGHTS = {COUNT: gettext_lazy("Incidents"), MINUTES: gettext_lazy("User minutes lost")}
RANGES = {"30d": 30, "90d": 90, "12m": 365}
USUAL_RANGE, LONGEST_DAYS = "90d", 3 * 366
SHOWN = 20
# The rule says that a fifth of the causes makes four fifths of the trouble.
MOST = 80


@dataclass(frozen=True)
class Days:
    """Days of the viewer's zone, the last one included, and the named range that they are."""

    first: date
    last: date
    zone: Any
    name: str = ""

    @property
    def at_from(self) -> datetime:
        return start_of_day(self.first, self.zone)

    @property
    def at_to(self) -> datetime:
        return start_of_day(self.last + timedelta(days=1), self.zone)


@dataclass(frozen=True)
class Asked:
    """What a Pareto is about, all in the address."""

    viewer: Any
    at: datetime
    dimension: Dimension
    weight: str
    days: Days

    def query(self, **changes: Any) -> str:
        wanted: dict[str, Any] = {"by": self.dimension.name, "weight": self.weight}
        if self.days.name:
            wanted["range"] = self.days.name
        else:
            wanted |= {"from": self.days.first, "to": self.days.last}
        return urlencode({name: value for name, value in (wanted | changes).items() if value not in (None, "")})


@dataclass(frozen=True)
class Bar:
    """One value of the dimension. `share` and `so_far` are percent of the whole, of the weight asked for."""

    key: Any
    label: str
    incidents: int
    minutes: int
    amount: int
    share: float
    so_far: float
    url: str


def read(query: Any, viewer: Any, *, at: datetime) -> Asked:
    """Understand the address; what it does not say, or says wrongly, is usual."""
    by, weight = query.get("by", ""), query.get("weight", "")
    return Asked(
        viewer=viewer,
        at=at,
        dimension=DIMENSIONS.get(by) or DIMENSIONS["service"],
        weight=weight if weight in WEIGHTS else COUNT,
        days=read_days(query, viewer, at=at),
    )


def read_days(query: Any, viewer: Any, *, at: datetime) -> Days:
    """`range` (30d, 90d, 12m), or `from` and `to`, both days included, three years at most."""
    zone = viewer.zone
    today = at.astimezone(zone).date()
    name = query.get("range", "")
    if name not in RANGES:
        first, last = _day(query.get("from", "")), _day(query.get("to", ""))
        if first and last and first <= last and (last - first).days < LONGEST_DAYS:
            return Days(first, last, zone)
        name = USUAL_RANGE
    return Days(today - timedelta(days=RANGES[name] - 1), today, zone, name)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2400 else None


def incidents_seen(viewer: Any) -> Any:
    """Every incident that the viewer may see: as many as their queue shows."""
    return practices.of("incident").model.objects.visible_to(viewer)


def incidents_of(days: Days, viewer: Any) -> Any:
    return incidents_seen(viewer).filter(opened_at__gte=days.at_from, opened_at__lt=days.at_to)


def latest_report(viewer: Any) -> date | None:
    """The day of the latest incident, for a person who asked for days without any."""
    opened = incidents_seen(viewer).order_by("-opened_at").values_list("opened_at", flat=True).first()
    return None if opened is None else opened.astimezone(viewer.zone).date()


@dataclass
class Pareto:
    """Incidents of some days by one dimension, those that weigh most first."""

    asked: Asked

    @cached_property
    def _counted(self) -> list[tuple[Any, int, int]]:
        column = self.asked.dimension.column()
        rows = incidents_of(self.asked.days, self.asked.viewer).annotate(value=column)
        rows = rows.annotate(lost=minutes_lost(self.asked.at)).order_by().values_list("value")
        found = [(key, count, lost) for key, count, lost in rows.annotate(count=Count("pk"), minutes=Sum("lost"))]
        weight = 1 if self.asked.weight == COUNT else 2
        return sorted(found, key=lambda row: (-row[weight], -row[1], str(row[0])))

    @property
    def incidents(self) -> int:
        return sum(count for _key, count, _lost in self._counted)

    @property
    def minutes(self) -> int:
        return sum(lost for _key, _count, lost in self._counted)

    @property
    def whole(self) -> int:
        return self.incidents if self.asked.weight == COUNT else self.minutes

    @property
    def is_empty(self) -> bool:
        return not self._counted

    @cached_property
    def bars(self) -> list[Bar]:
        """All of them; a page shows the first twenty and the rest as one."""
        return list(self._bars())

    def _bars(self) -> Iterator[Bar]:
        dimension = self.asked.dimension
        names = dimension.shown(key for key, _count, _lost in self._counted)
        so_far = 0
        for key, count, lost in self._counted:
            amount = count if self.asked.weight == COUNT else lost
            so_far += amount
            yield Bar(
                key=key,
                label=names[key].label,
                incidents=count,
                minutes=lost,
                amount=amount,
                share=_percent(amount, self.whole),
                so_far=_percent(so_far, self.whole),
                url=self._url(key, names[key].query),
            )

    @property
    def shown(self) -> list[Bar]:
        return self.bars[:SHOWN]

    @property
    def rest(self) -> dict[str, Any] | None:
        """What the bars leave out, as one line."""
        left = self.bars[SHOWN:]
        if not left:
            return None
        amount = sum(bar.amount for bar in left)
        return {
            "values": len(left),
            "incidents": sum(bar.incidents for bar in left),
            "minutes": sum(bar.minutes for bar in left),
            "share": _percent(amount, self.whole),
        }

    @property
    def few(self) -> int:
        """How many values, the heaviest first, make 80% of the whole."""
        return next((at for at, bar in enumerate(self.bars, start=1) if bar.so_far >= MOST), len(self.bars))

    def _url(self, key: Any, term: str | None) -> str:
        """The queue where the query language can say it; a list of our own where it can't. Both show as many."""
        days = self.asked.days
        if term is not None:
            words = f"kind:incident {term} opened:{days.first}..{days.last}"
            return f"/queue/?{urlencode({'q': words})}"
        return f"/problems/pareto/incidents/?{self.asked.query(key=self.asked.dimension.slug(key))}"


def rows_behind(asked: Asked, slug: str) -> Any:
    """The incidents of one bar. :raises ValueError: the address names no value."""
    rows = incidents_of(asked.days, asked.viewer).annotate(value=asked.dimension.column())
    key = asked.dimension.key(slug)
    return rows.filter(value__isnull=True) if key is None else rows.filter(value=key)


def _percent(part: int, whole: int) -> float:
    return part * 100 / whole if whole else 0.0
