"""The outages and promises of some services over a span, read once, and everything that can be worked out from them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any

from django.db.models import Q

from calendars import registry
from services.models import Offering

from ..enums import MaintenancePolicy
from .arithmetic import Down, Figures, failures_begun, figures
from .models import Outage
from .pledges import Pledge, pledges
from .spans import Span, cut, merged, micros, minus, moment_of

_began = attrgetter("at_from")


class Book:
    """
    What counts for the availability of services, as one side sees it. Two statements, however many services.

    :param at_from: begin of the span. :param at_to: its end; may lie ahead, for what is still to come of a month.
    :param at: the present moment: an outage without an end lasts until then, and nothing is lost after it.
    :param organization_id: the customer whose agreements rule and whose offerings count; None for everybody's.
    """

    def __init__(
        self,
        service_ids: Iterable[int],
        *,
        at_from: datetime,
        at_to: datetime,
        at: datetime,
        organization_id: int | None = None,
    ) -> None:
        self.service_ids = sorted(set(service_ids))
        self.low, self.high, self.now = micros(at_from), micros(at_to), micros(at)
        self.organization_id = organization_id
        self._agreed: dict[int, list[Span]] = {}
        self._opened: dict[int, list[Span]] = {}
        self._latest_ends: dict[int, list[int]] = {}

    @cached_property
    def _downs(self) -> dict[int, list[Down]]:
        rows = touching(
            self.service_ids,
            at_from=moment_of(self.low),
            at_to=moment_of(self.high),
            organization_id=self.organization_id,
        )
        found: dict[int, list[Down]] = {}
        # A year of outages has a handful of shares; turning each row's into a fraction takes longer than reading it.
        shares: dict[Any, Fraction] = {}
        for service_id, started_at, ended_at, weight, is_planned, users in rows.values_list(
            "service_id", "started_at", "ended_at", "weight", "is_planned", "users_affected"
        ):
            start = micros(started_at)
            end = max(self.now, start) if ended_at is None else micros(ended_at)
            share = shares.get(weight)
            if share is None:
                share = shares[weight] = Fraction(weight)
            found.setdefault(service_id, []).append(Down(start, end, share, is_planned, users))
        for downs in found.values():
            downs.sort(key=_began)
        return found

    def _touching(self, service_id: int, at_from: int, at_to: int) -> list[Down]:
        """The outages of a service that may touch a span: two searches instead of a look at each of a year."""
        downs = self.downs(service_id)
        latest_ends = self._latest_ends.get(service_id)
        if latest_ends is None:
            latest_ends = self._latest_ends[service_id] = list(accumulate((each.at_to for each in downs), max))
        return downs[bisect_right(latest_ends, at_from) : bisect_left(downs, at_to, key=_began)]

    @cached_property
    def _first(self) -> int:
        """Where the earliest outage began that touches the span: agreed time is worked out from there on."""
        return min((each.at_from for downs in self._downs.values() for each in downs), default=self.low)

    @cached_property
    def _pledges(self) -> dict[int, list[Pledge]]:
        return pledges(
            self.service_ids,
            organization_id=self.organization_id,
            at_from=moment_of(min(self._first, self.low)),
            at_to=moment_of(self.high),
        )

    def downs(self, service_id: int) -> list[Down]:
        """The outages of a service that touch the span, in the order in which they began."""
        return self._downs.get(service_id, [])

    def pledge(self, service_id: int, at_to: int | None = None) -> Pledge | None:
        """The promise that ruled last before a moment (microseconds), by default the end; None where there was none."""
        limit = self.high if at_to is None else at_to
        return next((each for each in reversed(self._pledges[service_id]) if each.at_from < limit), None)

    def pledges(self, service_id: int, at_from: int, at_to: int) -> list[Pledge]:
        """What was promised in a span (microseconds), in order, each no longer than the span."""
        return [
            replace(each, at_from=max(each.at_from, at_from), at_to=min(each.at_to, at_to))
            for each in self._pledges[service_id]
            if each.at_from < at_to and each.at_to > at_from
        ]

    def agreed(self, service_id: int) -> list[Span]:
        """The agreed service time, from the begin of the earliest outage that touches the span."""
        known = self._agreed.get(service_id)
        if known is None:
            known = self._agreed[service_id] = merged(
                span for each in self._pledges[service_id] for span in self._agreed_by(each, service_id)
            )
        return known

    def _agreed_by(self, pledge: Pledge, service_id: int) -> list[Span]:
        spans = cut(self._open(pledge.hours_id), pledge.at_from, pledge.at_to)
        if pledge.maintenance == MaintenancePolicy.WINDOWS and pledge.windows_id is not None:
            return minus(spans, self._open(pledge.windows_id))
        if pledge.maintenance == MaintenancePolicy.PLANNED:
            return minus(spans, ((each.at_from, each.at_to) for each in self.downs(service_id) if each.is_planned))
        return spans

    def _open(self, calendar_id: int) -> list[Span]:
        known = self._opened.get(calendar_id)
        if known is None:
            hours = registry.business_time(calendar_id)
            begin, end = moment_of(min(self._first, self.low)), moment_of(self.high)
            known = self._opened[calendar_id] = [(micros(a), micros(b)) for a, b in hours.open_intervals(begin, end)]
        return known

    def figures(self, service_id: int, at_from: int, at_to: int) -> Figures:
        """What a span (microseconds) amounts to so far: nothing after the present moment is in it."""
        end = min(at_to, max(self.now, at_from))
        return figures(self.agreed(service_id), self._touching(service_id, at_from, end), at_from, end)

    def failures(self, service_id: int, at_from: int, at_to: int) -> list[Span]:
        """The failures that `figures` counts, each from its begin to its end."""
        end = min(at_to, max(self.now, at_from))
        return failures_begun(self.agreed(service_id), self._touching(service_id, at_from, end), at_from, end)

    def whole(self, service_id: int, at_from: int, at_to: int) -> Figures:
        """The same for a span to its very end: agreed time still to come is in it, and downtime that is planned."""
        return figures(self.agreed(service_id), self._touching(service_id, at_from, at_to), at_from, at_to)

    def by_period(self, service_id: int, edges: Sequence[int]) -> list[Figures]:
        """The figures between each two of following edges, so far."""
        return [self.figures(service_id, start, end) for start, end in pairwise(edges)]


def touching(
    service_ids: Iterable[int], *, at_from: datetime, at_to: datetime, organization_id: int | None = None
) -> Any:
    """
    The counted outages of some services that touch a span, in no order.

    :param organization_id: a customer: outages of offerings that are not theirs are left out.
    """
    rows = (
        Outage.objects.counted()
        .filter(Q(ended_at=None) | Q(ended_at__gt=at_from), service__in=sorted(set(service_ids)), started_at__lt=at_to)
        .order_by()
    )
    if organization_id is not None:
        rows = rows.filter(
            Q(offering=None) | Q(offering__in=_offered_to_everybody()) | Q(offering__organizations=organization_id)
        )
    return rows


def _offered_to_everybody() -> Any:
    return Offering.objects.filter(organizations=None).values("pk")
