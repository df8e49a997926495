"""What stands beneath the promises of the sample, and a version that waits for the customer's signature."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from calendars.models import Calendar
from services.models import Service
from slm import operations
from slm.backtoback import checking
from slm.enums import AgreementType, ClockKind, Side, VolumePeriod
from slm.models import Agreement

if TYPE_CHECKING:  # the cast calls this module
    from .cast import Cast

# Resolution by priority. What the carrier takes for P1 comes on top of the team's three hours: the one warning.
NETWORKS = {1: 180, 2: 420, 3: 1_200, 4: 2_000, 5: 4_000}
TAKEN_UP = {1: 10, 2: 20, 3: 120, 4: 240, 5: 480}
CARRIER = {1: 90, 2: 60, 3: 240, 4: 400, 5: 800}
SOONER = 1_200
# Office hours for the highest priority; twice to four times as many for the lower ones.
CHANGES = {"decision": 16, str(ClockKind.APPROVAL): 8, str(ClockKind.TASK): 4}
PROBLEMS = {"known_error": 40, "solution": 160, str(ClockKind.TASK): 20}
EXCLUSIONS = "Planned maintenance that was announced five working days before. Faults on devices of the customer."


def underneath(cast: "Cast", around: Calendar, *, at: datetime, valid_from: date) -> None:
    """The agreement with the network team, and the contract with the carrier of its lines."""
    said: dict[str, Any] = {
        "by": None, "at": at, "calendar": around, "service": cast.services["Network and VPN"], "is_sample": True,
        "valid_from": valid_from, "exclusions": "None.", "review_date": at.date() + timedelta(days=120),
        "provider_signatory": cast.staff["ada"],
    }  # fmt: skip
    operations.create_agreement(
        name="Networks for Network and VPN",
        type=AgreementType.TEAM,
        team=cast.teams["Networks"],
        partner_signatory=cast.staff["aisha"],
        targets={
            (str(clock), priority): minutes
            for clock, each in ((ClockKind.RESOLUTION, NETWORKS), (ClockKind.RESPONSE, TAKEN_UP))
            for priority, minutes in each.items()
        },
        **said,
    )
    network: Service = said["service"]
    network.supplier = cast.carrier
    network.save(update_fields=["supplier"])
    operations.create_agreement(
        name="Nordic Carrier, leased lines",
        type=AgreementType.SUPPLIER,
        supplier=cast.carrier,
        availability_target=Decimal("99.95"),
        targets={(str(ClockKind.RESOLUTION), priority): minutes for priority, minutes in CARRIER.items()},
        **said,
    )


def inside(cast: "Cast", office: Calendar, *, at: datetime, valid_from: date) -> None:
    """What those who provide promise each other about changes and problems: decisions, approvals and tasks in time."""
    said: dict[str, Any] = {
        "by": None, "at": at, "calendar": office, "is_sample": True, "valid_from": valid_from, "exclusions": "None.",
        "review_date": at.date() + timedelta(days=120), "provider_signatory": cast.staff["ada"],
    }  # fmt: skip
    for name, kind, hours in (("Changes in time", "change", CHANGES), ("Problems in time", "problem", PROBLEMS)):
        targets = {
            (clock, priority): each * 60
            for clock, least in hours.items()
            for priority, each in enumerate((least, least, least * 2, least * 3, least * 4), 1)
        }
        operations.create_agreement(name=name, kind=kind, targets=targets, **said)


def renegotiated(cast: "Cast", *, at: datetime) -> None:
    """The clinic gets its medium tickets solved sooner: drafted, signed by the provider, not yet by Felix Braun."""
    gold = Agreement.objects.get(name="Aurora Clinic gold")
    felix = next(each for each in cast.requesters if each.username == "felix")
    targets = {(each.clock, each.priority): each for each in gold.targets.select_related("calendar")}
    minutes = {key: each.target_minutes for key, each in targets.items()}
    operations.handle(
        agreement=gold, by=cast.staff["ines"], at=at,
        values={
            "provider_signatory": cast.staff["ada"], "partner_signatory": felix,
            "review_date": at.date() + timedelta(days=90),
        },
    )  # fmt: skip
    drafted = operations.revise(
        agreement=gold,
        by=cast.staff["ines"],
        at=at,
        values={
            "exclusions": EXCLUSIONS,
            "limits": {"volume": {"most": 60, "per": str(VolumePeriod.MONTH)}, "quality": {"inc-reopen": "5"}},
        },
        targets=minutes | {(str(ClockKind.RESOLUTION), 3): SOONER},
        target_calendars={key: each.calendar for key, each in targets.items()},
    )
    version = drafted.latest_version
    operations.offer(agreement=gold, by=cast.staff["ines"], at=at, version=version)
    operations.sign(agreement=gold, side=Side.PROVIDER, by=cast.staff["ada"], at=at, version=version)
    checking.check(at=at)  # what no worker hears of while the story is told
