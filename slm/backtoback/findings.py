"""What does not hold between a promise to a customer and the agreements underneath; as plain values, without words."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from calendars import registry
from calendars.business_time import NeverOpens
from services.models import Service

from ..availability.chain import chain_of
from ..enums import ClockKind
from ..models import Agreement, Target
from ..points import Point
from . import walk
from .house import House

MOST_FINDINGS = 60
Finding = dict[str, Any]


def findings_of(text: Agreement, house: House) -> list[Finding]:
    """
    Compare one text with everything underneath, the weightiest first; no more than 60.

    Each finding has a `code`, the version of the text, the place to mend (`mend`, an agreement's short name, or a
    service), and the figures that its sentence names.
    """
    seen: set[tuple[Any, ...]] = set()
    found: list[Finding] = []
    for service in house.services_of(text):
        for each in of_service(text, service, house):
            # One agreement with a team often stands beneath many services: its shortfall is told once.
            key = (each["code"], each.get("clock"), each.get("priority"), each.get("mend") or each.get("team"))
            if key not in seen:
                seen.add(key)
                found.append({"version": text.version, **each})
        if len(found) >= MOST_FINDINGS:
            break
    order = {code: place for place, code in enumerate(CODES)}
    return sorted(found, key=lambda each: (order[each["code"]], each.get("priority", 0)))[:MOST_FINDINGS]


CODES = (
    "sum_too_slow", "too_slow", "never_open", "missing", "hours", "availability", "chain", "ends", "nothing_beneath",
)  # fmt: skip


def of_service(text: Agreement, service: Service, house: House) -> Iterator[Finding]:
    """What does not hold for one service, in the order of the targets, however often."""
    team, contracts = house.team_agreement(text, service), house.contracts(text, service)
    if team is None and service.support_team_id is not None and house.has_beneath:
        yield {"code": "nothing_beneath", "service": service.name, "team": str(service.support_team)}
    for promised in text.targets.all():
        yield from _of_target(text, promised, team, contracts, house.at)
    for each in (team, *contracts):
        if each is not None and each.end is not None and (text.end is None or each.end < text.end):
            yield {"code": "ends", **_place(each), "day": each.end.isoformat()}
    if text.availability_target is not None:
        yield from _of_availability(text, service, contracts, house)


def _of_target(
    text: Agreement, promised: Target, team: Agreement | None, contracts: Iterable[Agreement], at: datetime
) -> Iterator[Finding]:
    about = _about(promised)
    own = target_of(team, promised)
    if team is not None and own is None and promised.clock == ClockKind.RESOLUTION:
        yield {"code": "missing", **about, **_place(team)}
    if team is not None and own is not None:
        yield from _slow(text, promised, [(team, own)], at)
    for contract in contracts:
        theirs = target_of(contract, promised)
        if theirs is None:
            if promised.clock == ClockKind.RESOLUTION:
                yield {"code": "missing", **about, **_place(contract)}
            continue
        alone = list(_slow(text, promised, [(contract, theirs)], at))
        yield from alone
        if not alone and team is not None and own is not None and promised.clock == ClockKind.RESOLUTION:
            yield from _slow(text, promised, [(team, own), (contract, theirs)], at)


def _slow(
    text: Agreement, promised: Target, beneath: list[tuple[Agreement, Target]], at: datetime
) -> Iterator[Finding]:
    """Walk the worst case; hours may make a shorter target the slower one."""
    last, about = beneath[-1][0], _about(promised)
    legs = tuple(_leg(agreement, target) for agreement, target in beneath)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        case = walk.worst(_leg(text, promised), legs, since=day)
    except NeverOpens:
        yield {"code": "never_open", **about, **_place(last)}
        return
    if case is None:
        return
    yield {
        "code": "too_slow" if len(beneath) == 1 else "sum_too_slow",
        **about,
        **_place(last),
        "with": beneath[0][0].name if len(beneath) > 1 else "",
        "promised_minutes": promised.target_minutes,
        "beneath_minutes": [target.target_minutes for _agreement, target in beneath],
        "points": [target.point for target in (promised, *(target for _agreement, target in beneath))],
        "start": case.start.isoformat(),
        "due": case.promised.isoformat(),
        "end": case.beneath.isoformat(),
        "over_minutes": -(-case.over // timedelta(minutes=1)),
        "zone": text.calendar.zone,
    }


def _of_availability(
    text: Agreement, service: Service, contracts: Iterable[Agreement], house: House
) -> Iterator[Finding]:
    assert text.availability_target is not None, "the caller asks only where one is promised"
    promised = f"{text.availability_target.normalize():f}"
    for contract in contracts:
        if contract.availability_target is not None and contract.availability_target < text.availability_target:
            theirs = f"{contract.availability_target.normalize():f}"
            yield {"code": "availability", **_place(contract), "promised": promised, "beneath": theirs}
        wanted, covering = (each.service_hours_id or each.calendar_id for each in (text, contract))
        if wanted != covering:
            moment = walk.first_uncovered(
                registry.business_time(wanted), registry.business_time(covering), since=house.at
            )
            if moment is not None:
                yield {"code": "hours", **_place(contract), "start": moment.isoformat(), "zone": text.calendar.zone}
    needed = house.needs.get(service.pk, [])
    pledged = {each.pk: _share(house.pledged(each)) for each in needed}
    chain = chain_of(needed, house.groups.get(service.pk, []), pledged)
    if chain.availability is not None and chain.availability < Fraction(text.availability_target) / 100:
        yield {
            "code": "chain",
            "service": service.name,
            "service_slug": service.slug,
            "promised": promised,
            "beneath": chain.text,
            "formula": chain.formula,
            "parts": [each.name for each in chain.links],
        }


def _share(agreement: Agreement | None) -> Fraction | None:
    if agreement is None or agreement.availability_target is None:
        return None
    return Fraction(agreement.availability_target) / 100


def target_of(agreement: Agreement | None, promised: Target) -> Target | None:
    """The same target in another agreement; None where it has none."""
    if agreement is None:
        return None
    wanted = (promised.clock, promised.priority)
    return next((each for each in agreement.targets.all() if (each.clock, each.priority) == wanted), None)


def _leg(agreement: Agreement, target: Target) -> walk.Leg:
    hours = registry.business_time(target.calendar_id or agreement.calendar_id)
    return walk.Leg(hours, timedelta(minutes=target.target_minutes), Point.from_code(target.point))


def _about(promised: Target) -> dict[str, Any]:
    return {"clock": promised.clock, "priority": int(promised.priority)}


def _place(agreement: Agreement) -> dict[str, Any]:
    return {"mend": agreement.slug, "name": agreement.name, "partner": agreement.partner}
