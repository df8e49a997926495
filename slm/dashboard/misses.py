"""Finished clocks that missed their target: how many, where, when and with which delays. Same rows as the measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay, TruncDate

from common.named_sql import NamedSQL
from measurement import declarations, periods, queries
from measurement.filters import NONE
from measurement.models import Grain
from measurement.periods import Range
from measurement.scope import FILTERS, Scope

from ..declarations import repeating
from ..enums import FINISHED_STATES, ClockState
from ..measures import MISSED, MISSED_HOURS
from ..models import Clock
from .counts import NOTHING, Counts
from .delays import DELAYS, NO_DELAY, condition

KPI = "slm-attainment"
PLACES = ("service", "team", "priority", "organization")
SLACK = timedelta(hours=2)
FINISHED = ".finished"


@dataclass(frozen=True)
class Summary:
    """
    Counts of missed clocks; `hours` by (ISO weekday, hour of the reporting zone).

    :ivar places: of all finished clocks: dimension -> key -> counts.
    """

    total: int
    places: Mapping[str, Mapping[int, Counts]]
    delays: Mapping[str, int]
    hours: Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Misses:
    """
    The missed clocks that finished in a range of days, in a scope.

    By hour of the week it is those whose target passed in these days: a clock may finish days after its miss.
    """

    span: Range
    scope: Scope

    def rows(
        self, *, delay: str = "", weekday: int = 0, hour: int | None = None, clock: str = "",
        is_excused: bool | None = None, agreement: str = "", has_met: bool = False,
    ) -> Any:  # fmt: skip
        """
        The clocks, as many as the summary counts for the same part; not ordered.

        :param delay: a key of `DELAYS`, or `unexplained`. :param weekday: ISO, 1 is Monday; with `hour`.
        :param is_excused: only excused misses, or only those that stand.
        :param agreement: short name of one, or `none` for clocks under no agreement.
        :param has_met: also those that met their target.
        """
        if self.scope.is_empty:
            return Clock.objects.none()
        states = FINISHED_STATES if has_met else [ClockState.MISSED]
        rows = self._places(Clock.objects.filter(state__in=states).exclude(kind__in=repeating()))
        if agreement:
            rows = rows.filter(Q(agreement=None) if agreement == NONE else Q(agreement__slug=agreement))
        if weekday and hour is not None:
            passed_at = Coalesce("breached_at", "stopped_at")
            rows = rows.filter(self._near("breached_at") | Q(breached_at=None) & self._near("stopped_at")).annotate(
                day=TruncDate(passed_at, tzinfo=periods.zone()),
                weekday=ExtractIsoWeekDay(passed_at, tzinfo=periods.zone()),
                hour=ExtractHour(passed_at, tzinfo=periods.zone()),
            )
            rows = rows.filter(weekday=weekday, hour=hour)
            rows = self._on_its_days(rows)
        else:
            rows = self._finished(rows)
        if delay:
            rows = rows.filter(pk__in=self._delayed(delay))
        if is_excused is not None:
            rows = rows.filter(_is_excused() if is_excused else ~_is_excused())
        if clock:
            rows = rows.filter(kind=clock)
        return rows.visible_to(self.scope.viewer)

    def by_agreement(self) -> list[dict[str, Any]]:
        """
        Finished clocks by agreement, with their `Counts`; one statement over all of these days, so ask for some weeks
        at most.
        """
        if self.scope.is_empty:
            return []
        finished = Clock.objects.filter(state__in=FINISHED_STATES).exclude(kind__in=repeating())
        names = ("agreement__slug", "agreement__name", "agreement__attainment_target")
        is_counted = Q(Q(state=ClockState.MET) | ~_is_excused())
        rows = self._finished(self._places(finished)).order_by().values(*names).annotate(
            met=Count("pk", filter=Q(state=ClockState.MET)), finished=Count("pk"), left=Count("pk", filter=is_counted)
        )  # fmt: skip
        return [
            row | {"counts": Counts(row["met"], row["finished"], row["left"])}
            for row in rows.order_by("agreement__name")
        ]

    def latest_day(self) -> date | None:
        """The day on which a clock finished last in this scope, on whatever days."""
        if self.scope.is_empty:
            return None
        finished = self._places(Clock.objects.filter(state__in=FINISHED_STATES).exclude(kind__in=repeating()))
        latest = finished.order_by("-stopped_at").values_list("stopped_at", flat=True).first()
        return latest.astimezone(periods.zone()).date() if latest else None

    def _finished(self, rows: Any) -> Any:
        begin, end = periods.start_of(self.span.day_from), periods.start_of(self.span.day_to)
        if _is_plain(begin) and _is_plain(end):
            # Without the day of each row the planner knows how many there are, and reads a page of them and no more.
            return rows.filter(stopped_at__gte=begin, stopped_at__lt=end)
        near = rows.filter(self._near("stopped_at"))
        return self._on_its_days(near.annotate(day=TruncDate("stopped_at", tzinfo=periods.zone())))

    def _on_its_days(self, rows: Any) -> Any:
        """The range of moments is for the index; the day itself decides, where an hour around midnight is twice."""
        return rows.filter(day__gte=self.span.day_from, day__lt=self.span.day_to)

    def _near(self, moment: str) -> Q:
        begin, end = periods.start_of(self.span.day_from), periods.start_of(self.span.day_to)
        return Q(**{f"{moment}__gte": begin - SLACK, f"{moment}__lt": end + SLACK})

    def _places(self, rows: Any) -> Any:
        """Those of the kinds that are measured, where the scope looks."""
        kinds = [name.removesuffix(FINISHED) for name in declarations.kpi(KPI).families]
        rows = rows.filter(record__kind__in=kinds, record__is_sample=self.scope.is_sample)
        if self.scope.organizations is not None:
            rows = rows.filter(record__organization__in=self.scope.organizations)
        for name, key in self.scope.filters.items():
            rows = rows.filter(**{f"record__{FILTERS[name]}": key or None})
        return rows

    def _delayed(self, delay: str) -> NamedSQL:
        begin, end = periods.start_of(self.span.day_from), periods.start_of(self.span.day_to)
        return NamedSQL(
            "SELECT c.id FROM slm_clock c JOIN records_record r ON r.id = c.record_id"  # noqa: S608 - our own words
            " WHERE c.state = 'missed' AND c.stopped_at >= %(begin)s AND c.stopped_at < %(end)s"
            f" AND ({condition(delay)})",
            {"begin": begin - SLACK, "end": end + SLACK},
        )

    def total(self, *, delay: str = "", weekday: int = 0, hour: int | None = None) -> int:
        """How many there are of a part that the summary knows, from what is counted already."""
        if self.scope.is_empty:
            return 0
        if delay:
            return self._delays()[delay]
        if weekday and hour is not None:
            return self._hours().get((weekday, hour), 0)
        return _missed(self._by_place())

    def summary(self) -> Summary:
        """Count them by every part, with four statements that read what is counted already."""
        if self.scope.is_empty:
            return Summary(0, {}, {}, {})
        places = self._by_place()
        return Summary(
            total=_missed(places),
            places=places,
            delays=self._delays(),
            hours=self._hours(),
        )

    def _by_place(self) -> dict[str, dict[int, Counts]]:
        """Finished clocks by service, team, priority and customer."""
        kpi = declarations.kpi(KPI)
        found: dict[str, dict[int, Counts]] = {}
        for dimension, sums in queries.breakdown(kpi.families, self.span, self.scope, PLACES).items():
            by_key = found.setdefault(dimension, {})
            for name, cells in sums.items():
                positions = [declarations.family(name).position(amount) for amount in Counts._fields]
                for key, amounts in cells.items():
                    counted = Counts(*(amounts[position] for position in positions))
                    by_key[key] = by_key.get(key, NOTHING) + counted
            found[dimension] = {key: counts for key, counts in by_key.items() if counts.finished}
        return found

    def _delays(self) -> dict[str, int]:
        names = [*DELAYS, NO_DELAY]
        found = dict.fromkeys(names, 0)
        for cells in queries.totals(_families(MISSED), self.span, self.scope, grain=Grain.MONTH).values():
            for amounts in cells.values():
                for name, amount in zip(names, amounts, strict=True):
                    found[name] += amount
        return found

    def _hours(self) -> dict[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = {}
        for cells in queries.totals(_families(MISSED_HOURS), self.span, self.scope, grain=Grain.DAY).values():
            for (day, _key), amounts in cells.items():
                for hour, amount in enumerate(amounts):
                    if amount:
                        found[day.isoweekday(), hour] = found.get((day.isoweekday(), hour), 0) + amount
        return found


def _is_plain(midnight: datetime) -> bool:
    """Whether the wall clock goes on as usual around it: then the days on both sides meet at this moment."""
    return (midnight - SLACK).utcoffset() == (midnight + SLACK).utcoffset()


def _is_excused() -> Exists:
    breaches: Any = Clock._meta.get_field("breaches").related_model  # of the ability above
    return Exists(breaches._default_manager.filter(clock=OuterRef("pk"), state="excused"))


def _missed(places: Mapping[str, Mapping[int, Counts]]) -> int:
    """Every clock has a priority."""
    return sum(counts.missed for counts in places["priority"].values())


def _families(suffix: str) -> list[str]:
    return [each.name for each in declarations.families() if each.name.endswith(suffix)]
