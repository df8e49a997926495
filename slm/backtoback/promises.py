"""Which promises to customers depend on others, and whether these promised enough to carry them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ..enums import ClockKind
from ..models import Agreement
from . import findings, house

SHORT = frozenset({"sum_too_slow", "too_slow", "never_open", "missing"})
SHORT_OF_AVAILABILITY = frozenset({"availability", "hours", "chain"})
Promise = tuple[str, int]
"""A clock and a priority; no clock and 0 for the availability."""


def carried(*, at: datetime) -> Iterator[tuple[Agreement, dict[Promise, bool]]]:
    """Each agreement with customers in force, and its promises that depend on others: whether they are carried."""
    known = house.House.read(at=at)
    real = replace(
        known,
        beneath=[each for each in known.beneath if not each.is_sample],
        customers=[each for each in known.customers if not each.is_sample],
        services={key: each for key, each in known.services.items() if not each.is_sample},
        needs={key: [each for each in needed if not each.is_sample] for key, needed in known.needs.items()},
    )
    for text in known.customers:
        if text.is_in_force:
            yield text, promises_of(text, known if text.is_sample else real)


def promises_of(text: Agreement, known: house.House) -> dict[Promise, bool]:
    """
    The promises of one text that depend on others, over all services that it is about.

    A resolution depends on the team that supports the service and on its suppliers; any other target on whoever
    promised the same underneath; availability on suppliers and on the services that are needed.
    """
    found: dict[Promise, bool] = {}
    for service in known.services_of(text):
        beneath = [each for each in (known.team_agreement(text, service), *known.contracts(text, service)) if each]
        lacks = list(findings.of_service(text, service, known))
        short = {(each["clock"], each["priority"]) for each in lacks if each["code"] in SHORT}
        codes = {each["code"] for each in lacks}
        is_bare = "nothing_beneath" in codes
        for promised in text.targets.all():
            is_resolution = promised.clock == ClockKind.RESOLUTION
            is_shared = any(findings.target_of(each, promised) for each in beneath)
            if is_shared or (is_resolution and (beneath or is_bare)):
                key = (promised.clock, int(promised.priority))
                is_carried = key not in short and not (is_resolution and is_bare)
                found[key] = found.get(key, True) and is_carried
        if text.availability_target is None:
            continue
        needed, contracts = known.needs.get(service.pk, []), known.contracts(text, service)
        if needed or contracts:
            pledges = [*contracts, *(known.pledged(each) for each in needed)]
            is_known = any(each is not None and each.availability_target is not None for each in pledges)
            found["", 0] = found.get(("", 0), True) and is_known and not codes & SHORT_OF_AVAILABILITY
    return found
