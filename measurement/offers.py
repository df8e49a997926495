"""
What practices let people begin from the page of a measure.

A practice registers its offer, so that the page of measures knows no practice.
"""

from dataclasses import dataclass
from typing import Any

from people.access import Access


@dataclass(frozen=True)
class Offer:
    """
    :param address: of the form; it gets `?kpi=<id>` and the filter by service.
    :param operation: of the permission matrix; who lacks it does not see the offer.
    """

    label: Any
    address: str
    operation: str


_OFFERS: dict[str, Offer] = {}


def register(offer: Offer) -> None:
    """Make an offer known; called from its app's `ready`."""
    _OFFERS[offer.address] = offer


def for_person(access: Access) -> list[Offer]:
    """What this person may begin."""
    return [each for each in _OFFERS.values() if access.allows(each.operation)]
