"""
Service credits, worked out exactly: shares are fractions, money is decimal, rounded once, half up, to the cent.

Each promise that fell short gives the credit of the deepest step it fell below; credits add up to the cap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from .enums import Promise

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Step:
    """Below so much, so many percent of the fee."""

    promise: str
    below_percent: Decimal
    credit_percent: Decimal


@dataclass(frozen=True)
class Kept:
    """What a promise came to. :param of: the service it is about, or nothing. :param value: share; None: no figure."""

    promise: str
    of: str
    value: Fraction | None


@dataclass(frozen=True)
class Shortfall:
    """A promise that fell below a step."""

    kept: Kept
    step: Step


@dataclass(frozen=True)
class Credit:
    """The sum for one agreement."""

    shortfalls: tuple[Shortfall, ...]
    percent: Decimal
    capped_percent: Decimal
    amount: Decimal

    @property
    def is_capped(self) -> bool:
        return self.capped_percent < self.percent


def credit(kept: Iterable[Kept], steps: Sequence[Step], *, fee: Decimal, cap_percent: Decimal) -> Credit:
    """Work out the credit of one agreement and month."""
    found = []
    for each in kept:
        below = [
            step
            for step in steps
            if step.promise == each.promise
            and each.value is not None
            and each.value * 100 < Fraction(step.below_percent)
        ]
        if below:
            found.append(Shortfall(each, max(below, key=lambda step: (step.credit_percent, -step.below_percent))))
    percent = sum((each.step.credit_percent for each in found), Decimal(0))
    capped = min(percent, cap_percent)
    return Credit(tuple(found), percent, capped, (fee * capped / 100).quantize(CENT, ROUND_HALF_UP))


def as_document(terms: Any, found: Credit) -> dict[str, Any]:
    """For the report: every number of the sum as text, so that it stays what it is."""
    return {
        "agreement_id": terms.agreement_id,
        "agreement": terms.agreement.name,
        "currency": terms.currency,
        "fee": f"{terms.monthly_fee:.2f}",
        "cap_percent": f"{terms.cap_percent:f}",
        "lines": [
            {
                "promise": str(each.kept.promise),
                "of": each.kept.of,
                "value": None if each.kept.value is None else [each.kept.value.numerator, each.kept.value.denominator],
                "below_percent": f"{each.step.below_percent:f}",
                "credit_percent": f"{each.step.credit_percent:f}",
            }
            for each in found.shortfalls
        ],
        "percent": f"{found.percent:f}",
        "capped_percent": f"{found.capped_percent:f}",
        "is_capped": found.is_capped,
        "amount": f"{found.amount:.2f}",
    }


CLOCK_PROMISES = {Promise.RESPONSE: "response", Promise.RESOLUTION: "resolution"}


def kept_by_clocks(agreement: dict[str, Any] | None) -> list[Kept]:
    """
    The promises about targets, from the figures of an agreement; an excused miss is held against nobody.

    :param agreement: as `attainment` tells it; None where none of its clocks finished.
    """
    if agreement is None:
        return []
    found = [Kept(Promise.ATTAINMENT, "", _share([agreement]))]
    for promise, clock in CLOCK_PROMISES.items():
        found.append(Kept(promise, "", _share([each for each in agreement["parts"] if each["clock"] == clock])))
    return found


def _share(counts: Iterable[dict[str, Any]]) -> Fraction | None:
    rows = list(counts)
    met = sum(each["met"]["count"] for each in rows)
    against = sum(each["missed"]["count"] - each["excused"]["count"] for each in rows)
    return Fraction(met, met + against) if met + against else None
