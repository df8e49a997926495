"""Why this percentage? A month laid open: the agreed time, what each outage cost, the sums, and the next hour."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.months import Month

from ..enums import MaintenancePolicy
from .arithmetic import Down
from .book import Book
from .months import edges
from .spans import HOUR, cut, length, merged, moment_of
from .standing import Standing
from .writing import duration, part, share

WIDTH = 1_000
OPEN_SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class Cost:
    """What one outage took out of the agreed time of a month, by itself."""

    down: Down
    at_from: datetime
    at_to: datetime
    inside: int

    @property
    def cost(self) -> Fraction:
        return self.inside * self.down.weight


def costs_of(book: Book, service_id: int, month: Month) -> list[Cost]:
    """The outages of a month, the earliest first, so far."""
    low, high = edges(month)
    high = min(high, max(book.now, low))
    agreed = book.agreed(service_id)
    found = []
    for each in sorted(book.downs(service_id), key=lambda down: down.at_from):
        start, end = max(each.at_from, low), min(each.at_to, high)
        if start < end:
            found.append(Cost(each, moment_of(start), moment_of(end), length(cut(agreed, start, end))))
    return found


def sentences(standing: Standing, costs: list[Cost], *, is_present: bool) -> list[str]:
    """The sum of a month, in words, one line a step; no statement but for the names of the calendars."""
    pledge, month, so_far = standing.pledge, standing.month, standing.so_far
    if pledge is None or not standing.is_agreed:
        return [_("No service time was agreed for %(month)s, so there is nothing to measure.") % {"month": month.label}]
    names = dict(Calendar.objects.filter(pk__in=[pledge.hours_id, pledge.windows_id or 0]).values_list("pk", "name"))
    told = [
        _("Agreed up to now: %(time)s, in the hours “%(hours)s” of “%(agreement)s”.")
        % {"time": duration(so_far.agreed), "hours": names.get(pledge.hours_id, ""), "agreement": pledge.name}
        if is_present
        else _("Agreed in %(month)s: %(time)s, in the hours “%(hours)s” of “%(agreement)s”.")
        % {
            "month": month.label,
            "time": duration(so_far.agreed),
            "hours": names.get(pledge.hours_id, ""),
            "agreement": pledge.name,
        }
    ]
    told += _maintenance(pledge.maintenance, names.get(pledge.windows_id or 0, ""))
    told += _downtime(standing, costs)
    told.append(
        _("Availability: (%(agreed)s − %(lost)s) / %(agreed)s = %(share)s.")
        % {"agreed": duration(so_far.agreed), "lost": duration(so_far.lost), "share": standing.availability}
    )
    told += _budget(standing)
    if so_far.failures:
        told.append(
            _("Failures that began: %(count)s. Mean time to restore service %(mtrs)s, between failures %(mtbf)s,"
              " between service incidents %(mtbsi)s.")
            % {
                "count": so_far.failures,
                "mtrs": duration(so_far.mtrs),
                "mtbf": duration(so_far.mtbf),
                "mtbsi": duration(so_far.mtbsi),
            }
        )  # fmt: skip
    else:
        told.append(
            _("No failure began, so the mean time between failures is longer than the %(agreed)s measured.")
            % {"agreed": duration(so_far.agreed)}
        )
    return told


def next_hour(standing: Standing) -> str:
    """What would one more hour cost? Empty where nothing was agreed."""
    more = standing.more_hour
    if more is None:
        return ""
    said = {
        "month": standing.month.label,
        "share": share(standing.whole.availability),
        "more": share(more),
    }
    told = _(
        "If nothing more happens, %(month)s ends at %(share)s. One more hour down in service hours would make it"
        " %(more)s"
    )
    if not standing.budget:
        return f"{told % said}."
    said |= {"part": part(Fraction(HOUR) / standing.budget), "target": standing.target_text}
    if standing.target is not None and more >= standing.target:
        rest = _(" and use %(part)s of the month's budget; the target of %(target)s would still be held.")
    else:
        rest = _(" and use %(part)s of the month's budget; the target of %(target)s would be missed.")
    return told % said + rest % said


def _maintenance(policy: str, windows: str) -> list[str]:
    if policy == MaintenancePolicy.WINDOWS:
        return [_("The maintenance windows “%(windows)s” are no service time.") % {"windows": windows}]
    if policy == MaintenancePolicy.PLANNED:
        return [_("Planned downtime is no service time.")]
    return [_("Planned downtime counts like any other.")]


def _downtime(standing: Standing, costs: list[Cost]) -> list[str]:
    found = [_cost(each) for each in costs if each.inside or each.down.weight]
    single = sum((each.cost for each in costs), Fraction(0))
    if single != standing.so_far.lost:
        found.append(
            _("Where outages overlap, the heaviest counts once: −%(time)s.")
            % {"time": duration(single - standing.so_far.lost)}
        )
    if not found:
        return [_("No downtime.")]
    return [*found, _("Downtime in all: %(time)s.") % {"time": duration(standing.so_far.lost)}]


def _cost(cost: Cost) -> str:
    said: dict[str, Any] = {
        "from": _wall(cost.at_from),
        "to": _wall(cost.at_to),
        "time": duration(cost.inside),
        "weight": f"{int(cost.down.weight * 100)}%",
        "cost": duration(cost.cost),
    }
    if not cost.inside:
        return _("%(from)s to %(to)s: outside the agreed service time, counts nothing.") % said
    if cost.down.weight == 1:
        return _("%(from)s to %(to)s: %(time)s in the agreed service time.") % said
    return _("%(from)s to %(to)s: %(time)s in the agreed service time × %(weight)s lost = %(cost)s.") % said


def _budget(standing: Standing) -> list[str]:
    if standing.budget is None:
        return [_("No availability target was agreed, so there is no budget.")]
    return [
        _("Error budget of the whole month: (100%% − %(target)s) × %(agreed)s = %(budget)s; left: %(left)s.")
        % {
            "target": standing.target_text,
            "agreed": duration(standing.whole.agreed),
            "budget": standing.budget_text,
            "left": standing.left_text,
        }
    ]


def _wall(at: datetime) -> str:
    return date_format(localtime(at), "j M H:i")


@dataclass(frozen=True)
class Rect:
    """A stretch of the drawing; `kind` becomes its class."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """A month left to right: open service time, outages in it, the present moment."""

    width: int
    open: list[Rect]
    spans: list[Rect]
    now_x: float | None


def drawing_of(book: Book, service_id: int, month: Month) -> Drawing:
    """Lay a month out, planned downtime ahead included. Geometry only; the list of outages says the same in words."""
    low, high = edges(month)

    def x(moment: int) -> float:
        return round((min(max(moment, low), high) - low) / (high - low) * WIDTH, 1)

    def rect(kind: str, start: int, end: int) -> Rect:
        return Rect(kind, x(start), max(round(x(end) - x(start), 1), 1.5 if kind != "open" else 0))

    agreed = merged(cut(book.agreed(service_id), low, high))
    downs = [each for each in book.downs(service_id) if each.at_from < high and each.at_to > low]
    downs.sort(key=lambda each: (each.weight, each.at_from))
    return Drawing(
        width=WIDTH,
        open=[rect("open", a, b) for a, b in agreed] if len(agreed) <= OPEN_SHOWN_AT_MOST else [],
        spans=[
            rect("planned" if each.is_planned else "part" if each.weight < 1 else "down", each.at_from, each.at_to)
            for each in downs
        ],
        now_x=x(book.now) if low <= book.now < high else None,
    )
