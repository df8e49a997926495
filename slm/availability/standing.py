"""How services stand against what was promised: a month, the year behind it, and the budget that is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from common.months import Month
from services.models import Service

from .arithmetic import Figures
from .book import Book
from .models import Outage
from .months import edges, month_of
from .pledges import Pledge
from .spans import HOUR, micros
from .writing import duration, share, times

WINDOWS = (
    timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30),
)  # fmt: skip
DAY = timedelta(days=1)
FAST_BURN = 2


@dataclass(frozen=True)
class Standing:
    """
    A service in one month.

    :param so_far: up to the present moment.
    :param whole: to the end of the month, if nothing unplanned happens any more.
    """

    service: Service
    month: Month
    pledge: Pledge | None
    so_far: Figures
    whole: Figures

    @property
    def target(self) -> Fraction | None:
        return self.pledge.target if self.pledge else None

    @property
    def availability(self) -> str:
        return share(self.so_far.availability)

    @property
    def target_text(self) -> str:
        return "" if self.target is None else share(self.target)

    @property
    def is_agreed(self) -> bool:
        """Whether there was any agreed service time in the month."""
        return bool(self.whole.agreed)

    @property
    def is_held(self) -> bool | None:
        """Whether the month is within its target so far; None without a target or agreed time."""
        if self.target is None or self.so_far.availability is None:
            return None
        return self.so_far.availability >= self.target

    @property
    def tone(self) -> str:
        return "" if self.is_held is None else "ok" if self.is_held else "bad"

    @property
    def downtime(self) -> str:
        return duration(self.so_far.lost)

    @property
    def agreed_text(self) -> str:
        return duration(self.so_far.agreed)

    @property
    def mtrs_text(self) -> str:
        return duration(self.so_far.mtrs)

    @property
    def mtbf_text(self) -> str:
        """Mean time between failures; without a failure: longer than what was measured."""
        return duration(self.so_far.mtbf) if self.so_far.failures else f"> {self.agreed_text}"

    @property
    def mtbsi_text(self) -> str:
        return duration(self.so_far.mtbsi)

    @property
    def budget(self) -> Fraction | None:
        """The downtime that the target leaves in the whole month; None without one."""
        return None if self.target is None or not self.whole.agreed else self.whole.budget(self.target)

    @property
    def budget_text(self) -> str:
        return duration(self.budget)

    @property
    def left(self) -> Fraction | None:
        """What is left of the budget after everything known; negative once it is overdrawn."""
        return None if self.budget is None else self.budget - self.whole.lost

    @property
    def left_text(self) -> str:
        return duration(self.left)

    @property
    def used(self) -> Fraction | None:
        """The share of the budget that is used; 1 where any downtime is too much and there was some."""
        if self.budget is None:
            return None
        return self.whole.lost / self.budget if self.budget else Fraction(bool(self.whole.lost))

    @property
    def used_percent(self) -> int:
        """For a meter: 0 to 100."""
        return min(int((self.used or 0) * 100), 100)

    @property
    def budget_tone(self) -> str:
        used = self.used
        if used is None:
            return ""
        return "bad" if used > 1 or (used == 1 and not self.budget) else "risk" if used > Fraction(3, 4) else "ok"

    @property
    def more_hour(self) -> Fraction | None:
        """What the month would come to with one more hour of agreed time lost."""
        if not self.whole.agreed:
            return None
        return max(self.whole.agreed - self.whole.lost - HOUR, Fraction(0)) / self.whole.agreed


@dataclass(frozen=True)
class Window:
    """The latest hours or days: how fast the budget goes."""

    label: str
    figures: Figures
    rate: Fraction | None

    @property
    def availability(self) -> str:
        return share(self.figures.availability)

    @property
    def downtime(self) -> str:
        return duration(self.figures.lost) if self.figures.agreed else "–"

    @property
    def rate_text(self) -> str:
        return times(self.rate)

    @property
    def is_fast(self) -> bool:
        return self.rate is not None and self.rate >= FAST_BURN


@dataclass(frozen=True)
class Bar:
    """One month as a bar: its height is the share of the budget that was used."""

    x: int
    y: int
    height: int
    tone: str


class Board:
    """Services in the present month, or another one, with the year up to it. Two statements, however many services."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        at: datetime,
        month: Month | None = None,
        organization_id: int | None = None,
    ) -> None:
        self.services, self.at = list(services), at
        self.month = month or month_of(at)
        self.months = self.month.year_to()
        self.book = Book(
            [each.pk for each in services],
            at_from=self.months[0].began_at,
            at_to=max(self.month.ended_at, at) if self.is_present else self.month.ended_at,
            at=at,
            organization_id=organization_id,
        )

    @property
    def is_present(self) -> bool:
        """Whether the month is the one that goes on."""
        return self.month == month_of(self.at)

    def standing(self, service: Service, month: Month | None = None) -> Standing:
        wanted = month or self.month
        low, high = edges(wanted)
        book = self.book
        so_far = book.figures(service.pk, low, high)
        return Standing(
            service=service,
            month=wanted,
            pledge=book.pledge(service.pk, min(high, max(book.now, low + 1))),
            so_far=so_far,
            whole=so_far if high <= book.now else book.whole(service.pk, low, high),
        )

    def year(self, service: Service) -> list[Standing]:
        """The twelve months, the latest last."""
        return [self.standing(service, each) for each in self.months]

    def windows(self, service: Service) -> list[Window]:
        """The latest hours and days."""
        return [self.window(service, each) for each in WINDOWS]

    def window(self, service: Service, span: timedelta) -> Window:
        """How fast the budget went of late. Agreed time only: a night outside the hours burns nothing."""
        end = micros(self.at)
        figures = self.book.figures(service.pk, micros(self.at - span), end)
        pledge = self.book.pledge(service.pk, end)
        rate = figures.burn_rate(pledge.target) if pledge and pledge.target is not None else None
        return Window(_label(span), figures, rate)


def bars_of(year: Sequence[Standing]) -> list[Bar]:
    """Twelve bars, eight wide, 24 high; a month without agreed time has none, one without downtime the smallest."""
    found = []
    for number, each in enumerate(year):
        if not each.so_far.agreed:
            continue
        used = each.used if each.used is not None else Fraction(each.so_far.lost, each.so_far.agreed)
        height = max(2, min(24, int(used * 24)))
        found.append(Bar(number * 10, 24 - height, height, each.tone))
    return found


def bars_label(year: Sequence[Standing]) -> str:
    """What the bars show, in words."""
    agreed = [each for each in year if each.so_far.agreed]
    held = [each for each in agreed if each.is_held is not None]
    if not agreed:
        return _("No service time was agreed in these twelve months.")
    if not held:
        return _("Availability of %(count)s months; no target was agreed.") % {"count": len(agreed)}
    return _("Target held in %(held)s of %(count)s months.") % {
        "held": sum(bool(each.is_held) for each in held),
        "count": len(held),
    }


def open_outages(services: Sequence[Service], *, at: datetime) -> dict[int, Outage]:
    """By service the outage that goes on now, the earliest of several; one statement."""
    rows = Outage.objects.counted().filter(service__in=services, ended_at=None, started_at__lte=at)
    return {each.service_id: each for each in rows.order_by("-started_at")}


def _label(span: timedelta) -> str:
    if span < DAY:
        hours = span // timedelta(hours=1)
        return str(_("latest hour") if hours == 1 else _("latest %(count)s hours") % {"count": hours})
    days = span // DAY
    return str(_("latest day") if days == 1 else _("latest %(count)s days") % {"count": days})


def rows_of(board: Board) -> list[dict[str, Any]]:
    """What a list of services shows of each."""
    going_on = open_outages(board.services, at=board.at)
    found = []
    for service in board.services:
        year = board.year(service)
        found.append(
            {
                "service": service,
                "now": year[-1],
                "bars": bars_of(year),
                "bars_label": bars_label(year),
                "open": going_on.get(service.pk),
                "burn": board.window(service, DAY),
            }
        )
    return found
