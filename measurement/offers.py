"""
What others let people begin from the page of a measure, or from the wall of a dashboard.

Whoever offers something registers it, so that the pages of measures know no practice.
"""

from dataclasses import dataclass
from typing import Any

from people.access import Access


@dataclass(frozen=True)
class Offer:
    """
    :param address: of the form; it gets `?kpi=<id>` and the filter by service, or `?dashboard=<id>` and the filters.
    :param operation: of the permission matrix; who lacks it does not see the offer.
    """

    label: Any
    address: str
    operation: str
    is_of_dashboards: bool = False


_OFFERS: dict[str, Offer] = {}


def register(offer: Offer) -> None:
    """Make an offer known; called from its app's `ready`."""
    _OFFERS[offer.address] = offer


def for_person(access: Access, *, is_of_dashboards: bool = False) -> list[Offer]:
    """What this person may begin there."""
    here = [each for each in _OFFERS.values() if each.is_of_dashboards == is_of_dashboards]
    return [each for each in here if access.allows(each.operation)]
