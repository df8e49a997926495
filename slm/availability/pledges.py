"""Which availability was promised for a service when: the agreements that applied, one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from django.db.models import Q

from ..in_force import stretches, with_stretches
from ..models import Agreement
from ..selection import rank
from .spans import Span, micros

Held = tuple[Agreement, Span]


@dataclass(frozen=True)
class Pledge:
    """
    What a version of an agreement says about the availability of a service, `at_from` to `at_to` (microseconds).

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

    Among the agreements in force at a moment those that promise availability come first, then the most specific, then
    the older one. What ended counts until then, and an earlier version as long as it held. Agreements with one
    requester say nothing about a service as a whole.

    :param organization_id: whose agreements; None for what is promised to everybody.
    """
    wanted = sorted(set(service_ids))
    rows = with_stretches(
        Agreement.objects.with_customers()
        .filter(requester=None)
        .filter(Q(service=None) | Q(service__in=wanted), Q(organization=None) | Q(organization=organization_id))
    )
    known = [(held.text, (_second(held.at_from), _second(held.at_to))) for each in rows for held in stretches(each)]
    low, high = micros(at_from), micros(at_to)
    found = {}
    for service_id in wanted:
        fitting = [pair for pair in known if pair[0].service_id in (None, service_id)]
        found[service_id] = _one_after_the_other(fitting, low, high)
    return found


def _second(at: datetime) -> int:
    """Agreed time is whole seconds, whenever somebody signed."""
    return micros(at.replace(microsecond=0))


def _one_after_the_other(fitting: Sequence[Held], low: int, high: int) -> list[Pledge]:
    edges = sorted({low, high, *(edge for _each, held in fitting for edge in held if low < edge < high)})
    found: list[tuple[Agreement, Pledge]] = []
    for begin, end in pairwise(edges):
        valid = [each for each, (first, after) in fitting if first <= begin and end <= after]
        if not valid:
            continue
        best = max(valid, key=lambda each: (each.availability_target is not None, rank(each), -each.pk))
        if found and found[-1][0] is best and found[-1][1].at_to == begin:
            found.append((best, replace(found.pop()[1], at_to=end)))
        else:
            found.append((best, _pledge(best, begin, end)))
    return [pledge for _text, pledge in found]


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
