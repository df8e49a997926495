"""Whom services reach: the organizations they are offered to, with their people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from people.models import Organization
from people.queries import organizations_visible_to

from ..models import Offering, Service, Stage


@dataclass(frozen=True)
class Reach:
    """
    :param organizations: those that the viewer may see, with how many people each, the largest first.
    :param people: of all of them.
    :param unnamed: further organizations that are reached.
    """

    organizations: list[tuple[Organization, int]] = field(default_factory=list)
    people: int = 0
    unnamed: int = 0


def reach_of(services: Iterable[int], viewer: Any) -> Reach:
    """
    The organizations that one of these live services is offered to.

    A service that nothing is said about, or with an offering to nobody in particular, is everybody's.
    """
    live = Service.objects.filter(pk__in=list(services), stage=Stage.LIVE)
    if not live.exists():
        return Reach()
    offerings = Offering.objects.filter(is_active=True, service__in=live)
    is_everybodys = live.filter(offerings=None).exists() or offerings.filter(organizations=None).exists()
    reached = Organization.objects.filter(is_active=True)
    if not is_everybodys:
        reached = reached.filter(pk__in=offerings.values("organizations"))
    seen = organizations_visible_to(viewer).filter(pk__in=reached.values("pk"))
    counted = seen.annotate(head_count=Count("people", filter=Q(people__is_active=True))).order_by(
        "-head_count", "name"
    )
    named: list[tuple[Organization, int]] = [(each, each.head_count) for each in counted]
    return Reach(
        organizations=named,
        people=sum(count for _organization, count in named),
        unnamed=reached.count() - len(named),
    )
