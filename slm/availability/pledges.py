"""Which availability was promised for a service when: the agreements that applied, one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min, Q

from common.time import start_of_day

from ..models import Agreement
from ..selection import rank
from .spans import micros

FOREVER = 1 << 62


@dataclass(frozen=True)
class Pledge:
    """
    What one agreement says about the availability of a service from `at_from` to `at_to` (microseconds).

    :param target: share of the agreed time, None where no availability is promised.
    :param hours_id: calendar of the service hours.
    :param windows_id: calendar that is open while maintenance is agreed.
    """

    agreement_id: int
    name: str
    slug: str
    target: Fraction | None
    hours_id: int
    maintenance: str
    windows_id: int | None
    at_from: int
    at_to: int


def pledges(
    service_ids: Iterable[int], *, organization_id: int | None, at_from: datetime, at_to: datetime
) -> dict[int, list[Pledge]]:
    """
    For each service what was promised between two moments, in order; one statement.

    Among the agreements valid at a moment those that promise availability come first, then the most specific, then the
    older one. An agreement without a first day is in force since it was made. Agreements with one requester say nothing
    about a service as a whole.

    :param organization_id: whose agreements; None for what is promised to everybody.
    """
    wanted = sorted(set(service_ids))
    rows = (
        Agreement.objects.binding()
        .with_customers()
        .filter(requester=None)
        .filter(Q(service=None) | Q(service__in=wanted), Q(organization=None) | Q(organization=organization_id))
        .annotate(made_at=Min("versions__created_at"))
        .select_related("calendar")
        .order_by("pk")
    )
    known = [(each, _valid(each)) for each in rows]
    low, high = micros(at_from), micros(at_to)
    found = {}
    for service_id in wanted:
        fitting = [pair for pair in known if pair[0].service_id in (None, service_id)]
        found[service_id] = _one_after_the_other(fitting, low, high)
    return found


def _valid(agreement: Any) -> tuple[int, int]:
    zone = ZoneInfo(agreement.calendar.zone)
    begin = -FOREVER if agreement.made_at is None else micros(agreement.made_at.replace(microsecond=0))
    if agreement.valid_from is not None:
        begin = _start(agreement.valid_from, zone)
    return begin, FOREVER if agreement.end is None else _start(agreement.end, zone)


def _start(day: date, zone: ZoneInfo) -> int:
    return micros(start_of_day(day, zone))


def _one_after_the_other(fitting: Sequence[tuple[Agreement, tuple[int, int]]], low: int, high: int) -> list[Pledge]:
    edges = sorted({low, high, *(edge for _each, valid in fitting for edge in valid if low < edge < high)})
    found: list[Pledge] = []
    for begin, end in pairwise(edges):
        valid = [each for each, (first, after) in fitting if first <= begin and end <= after]
        if not valid:
            continue
        best = max(valid, key=lambda each: (each.availability_target is not None, rank(each), -each.pk))
        if found and found[-1].agreement_id == best.pk and found[-1].at_to == begin:
            found.append(replace(found.pop(), at_to=end))
        else:
            found.append(_pledge(best, begin, end))
    return found


def _pledge(agreement: Agreement, at_from: int, at_to: int) -> Pledge:
    target = agreement.availability_target
    return Pledge(
        agreement_id=agreement.pk,
        name=agreement.name,
        slug=agreement.slug,
        target=None if target is None else Fraction(target) / 100,
        hours_id=agreement.service_hours_id or agreement.calendar_id,
        maintenance=agreement.maintenance,
        windows_id=agreement.maintenance_windows_id,
        at_from=at_from,
        at_to=at_to,
    )
