"""Lists behind the numbers of the dashboard: pages of rows, and the same as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from common.numbers import number_in
from common.templatetags.steward import hours_minutes
from common.texts import one_line
from measurement.filters import NONE

from .. import declarations
from ..models import Agreement, Clock
from .delays import DELAYS, NO_DELAY
from .misses import Misses

ROWS = 50


@dataclass(frozen=True)
class Part:
    """Which of the misses: by delay, by hour of the week, by clock; or every finished clock."""

    delay: str = ""
    weekday: int = 0
    hour: int | None = None
    clock: str = ""
    is_excused: bool | None = None
    agreement: str = ""
    has_met: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Part":
        """From the address; what makes no sense there is left out."""
        delay, clock = query.get("why", ""), query.get("clock", "")
        weekday, hour = query.get("weekday", ""), query.get("hour", "")
        has_cell = weekday in {str(day) for day in range(1, 8)} and hour in {str(each) for each in range(24)}
        return cls(
            delay=delay if delay in {*DELAYS, NO_DELAY} else "",
            weekday=int(weekday) if has_cell else 0,
            hour=int(hour) if has_cell else None,
            clock=clock if clock in dict(declarations.clock_choices()) else "",
            is_excused={"1": True, "0": False}.get(query.get("excused", "")),
            agreement=one_line(query.get("agreement", ""))[:80],
            has_met=query.get("met") == "1",
        )

    def rows(self, misses: Misses) -> Any:
        """The clocks, not ordered."""
        return misses.rows(
            delay=self.delay, weekday=self.weekday, hour=self.hour, clock=self.clock, is_excused=self.is_excused,
            agreement=self.agreement, has_met=self.has_met,
        )  # fmt: skip

    def total(self, misses: Misses, rows: Any) -> int:
        """How many `rows` there are: the number of the dashboard where it shows one, else counted now."""
        is_narrow = self.clock or self.agreement or self.has_met or self.is_excused is not None
        if is_narrow or (self.delay and self.weekday):
            return int(rows.count())
        return misses.total(delay=self.delay, weekday=self.weekday, hour=self.hour)

    @property
    def parameters(self) -> dict[str, Any]:
        found: dict[str, Any] = {"why": self.delay, "clock": self.clock, "agreement": self.agreement}
        if self.is_excused is not None:
            found["excused"] = int(self.is_excused)
        if self.has_met:
            found["met"] = 1
        return found | ({"weekday": self.weekday, "hour": self.hour} if self.weekday else {})

    def chips(self, address: Any) -> list[dict[str, str]]:
        """What narrows the list, each with the address that takes it away."""
        found = []
        if self.delay:
            label = DELAYS[self.delay][0] if self.delay in DELAYS else _("None of the known delays")
            found.append({"label": str(label), "remove_url": address(why=None)})
        if self.weekday:
            told = _("%(weekday)s %(hour)s:00 to %(hour)s:59") % {
                "weekday": WEEKDAYS[self.weekday - 1],
                "hour": f"{self.hour:02}",
            }
            found.append({"label": told, "remove_url": address(weekday=None, hour=None)})
        if self.is_excused is not None:
            label = _("Excused") if self.is_excused else _("Not excused")
            found.append({"label": label, "remove_url": address(excused=None)})
        if self.has_met:
            found.append({"label": _("Met and missed"), "remove_url": address(met=None)})
        if self.agreement:
            name = Agreement.objects.filter(slug=self.agreement).values_list("name", flat=True).first()
            label = _("no agreement") if self.agreement == NONE else name or self.agreement
            found.append({"label": label, "remove_url": address(agreement=None)})
        if self.clock:
            told = _("Clock: %(clock)s") % {"clock": declarations.label_of(self.clock)}
            found.append({"label": told, "remove_url": address(clock=None)})
        return found


def with_records(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """Everything that a row names, with what was said about the miss as `said`, the latest to finish first."""
    said = breaches_of().exclude(state="withdrawn").select_related("cause")
    return (
        clocks.select_related("record__service", "record__team", "record__organization")
        .prefetch_related(Prefetch("breaches", queryset=said, to_attr="said"))
        .order_by("-stopped_at", "-pk")
    )


def page(clocks: QuerySet[Clock], *, before: str) -> tuple[list[Clock], str]:
    """
    One page, and the cursor of the next one.

    :param before: the cursor: key of the last row of the page before; what is none begins at the front.
    """
    stopped = Clock.objects.filter(pk=number_in(before) or 0, stopped_at__isnull=False)
    last = stopped.only("stopped_at").first() if before else None
    if last is not None and last.stopped_at is not None:
        behind = Q(stopped_at__lt=last.stopped_at) | Q(stopped_at=last.stopped_at, pk__lt=last.pk)
        clocks = clocks.filter(Q(stopped_at__lte=last.stopped_at) & behind)
    found = list(with_records(clocks)[: ROWS + 1])
    return found[:ROWS], str(found[ROWS - 1].pk) if len(found) > ROWS else ""


def breaches_of() -> QuerySet[Any]:
    """What people said about misses: rows of the ability above, which looks at clocks and must not be imported here."""
    model = Clock._meta.get_field("breaches").related_model
    return model._default_manager.all()  # type: ignore[union-attr] # a relation of ours


def over(clock: Clock) -> timedelta | None:
    """Working time beyond the target, where it is known."""
    if clock.used is None:
        return None
    return max(timedelta(0), clock.used - clock.used_before - clock.target)


HEAD = (
    "reference", "subject", "clock", "service", "team", "organization", "priority", "target_h_mm", "used_h_mm",
    "missed_at", "finished_at", "cause", "excuse", "outcome",
)  # fmt: skip


def as_line(clock: Clock) -> list[Any]:
    """One line of the file; moments in UTC, ISO 8601."""
    record = clock.record
    breach = next(iter(getattr(clock, "said", ())), None)
    return [
        record.reference,
        record.title,
        clock.kind,
        record.service or "",
        record.team or "",
        record.organization,
        f"P{record.priority}",
        hours_minutes(clock.target),
        hours_minutes(clock.used),
        clock.breached_at.isoformat() if clock.breached_at else "",
        clock.stopped_at.isoformat() if clock.stopped_at else "",
        breach.cause.key if breach and breach.cause else "",
        breach.state if breach else "",
        clock.state,
    ]
