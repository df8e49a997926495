"""
Service credits, worked out exactly: shares are fractions, money is decimal, rounded half up to its unit.

Each promise that fell short gives the credit of the deepest step it fell below; credits add up to the cap. Where the
agreement was in force for a part of the month, its rule says whether the fee counts by days. That part is rounded like
an invoice, and the credit is taken of it, so that everybody can do the sum again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Self

from . import currencies
from .enums import PartMonth, Promise


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
class Rule:
    """What an agreement gives back, as it stood when it was counted by. :param monthly_fee: of a whole month."""

    agreement_id: int
    agreement: str
    monthly_fee: Decimal
    currency: str
    cap_percent: Decimal
    part_month: str
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, terms: Any) -> Self:
        """From the rows; `steps` should be prefetched."""
        steps = tuple(Step(each.promise, each.below_percent, each.credit_percent) for each in terms.steps.all())
        return cls(
            terms.agreement_id, terms.agreement.name, terms.monthly_fee, terms.currency, terms.cap_percent,
            terms.part_month, steps,
        )  # fmt: skip

    @classmethod
    def from_document(cls, said: Mapping[str, Any]) -> Self:
        """As a report kept it, with `as_document`."""
        steps = tuple(Step(each[0], Decimal(each[1]), Decimal(each[2])) for each in said["steps"])
        return cls(
            said["agreement_id"], said["agreement"], Decimal(said["monthly_fee"]), said["currency"],
            Decimal(said["cap_percent"]), said["part_month"], steps,
        )  # fmt: skip

    def fee(self, days: int, of_days: int) -> Decimal:
        """What counts of the fee for a month in which the agreement was in force on so many days; none for 0."""
        if days and self.part_month == PartMonth.WHOLE:
            return self.monthly_fee
        part = Fraction(self.monthly_fee) * days / of_days
        return _rounded(Decimal(part.numerator) / Decimal(part.denominator), self.currency)


@dataclass(frozen=True)
class Credit:
    """The sum for one agreement. :ivar kept: what no step took, the figure as it came out."""

    shortfalls: tuple[Shortfall, ...]
    kept: tuple[Kept, ...]
    percent: Decimal
    capped_percent: Decimal
    amount: Decimal

    @property
    def is_capped(self) -> bool:
        return self.capped_percent < self.percent


def credit(
    kept: Iterable[Kept], steps: Sequence[Step], *, fee: Decimal, cap_percent: Decimal, currency: str = "EUR"
) -> Credit:
    """Work out the credit of one agreement and month. :param fee: what counts of it for this month."""
    found, held = [], []
    for each in kept:
        about = [step for step in steps if step.promise == each.promise]
        below = [step for step in about if each.value is not None and each.value * 100 < Fraction(step.below_percent)]
        if below:
            found.append(Shortfall(each, max(below, key=lambda step: (step.credit_percent, -step.below_percent))))
        elif about:
            held.append(each)
    percent = sum((each.step.credit_percent for each in found), Decimal(0))
    capped = min(percent, cap_percent)
    return Credit(tuple(found), tuple(held), percent, capped, _rounded(fee * capped / 100, currency))


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(currencies.unit(currency), ROUND_HALF_UP)


def as_document(rule: Rule, kept: Iterable[Kept], *, days: int, of_days: int) -> dict[str, Any]:
    """For the report: every number of the sum as text, so that it stays what it is, and the rule that it went by."""
    fee = rule.fee(days, of_days)
    found = credit(kept, rule.steps, fee=fee, cap_percent=rule.cap_percent, currency=rule.currency)
    return {
        "agreement_id": rule.agreement_id,
        "agreement": rule.agreement,
        "currency": rule.currency,
        "monthly_fee": currencies.plain(rule.monthly_fee, rule.currency),
        "part_month": str(rule.part_month),
        "days": days,
        "of_days": of_days,
        "fee": currencies.plain(fee, rule.currency),
        "cap_percent": f"{rule.cap_percent:f}",
        "steps": [[str(each.promise), f"{each.below_percent:f}", f"{each.credit_percent:f}"] for each in rule.steps],
        "lines": [
            _line(each.kept)
            | {"below_percent": f"{each.step.below_percent:f}", "credit_percent": f"{each.step.credit_percent:f}"}
            for each in found.shortfalls
        ],
        "kept": [
            _line(each)
            | {"below_percent": f"{max(step.below_percent for step in rule.steps if step.promise == each.promise):f}"}
            for each in found.kept
        ],
        "percent": f"{found.percent:f}",
        "capped_percent": f"{found.capped_percent:f}",
        "is_capped": found.is_capped,
        "amount": currencies.plain(found.amount, rule.currency),
    }


def _line(kept: Kept) -> dict[str, Any]:
    value = None if kept.value is None else [kept.value.numerator, kept.value.denominator]
    return {"promise": str(kept.promise), "of": kept.of, "value": value}


CLOCK_PROMISES = {Promise.RESPONSE: "response", Promise.RESOLUTION: "resolution"}


def kept_by_clocks(agreement: dict[str, Any] | None) -> list[Kept]:
    """
    The promises about targets, from the figures of an agreement; an excused miss is held against nobody.

    :param agreement: as `attainment` tells it; None where none of its clocks finished: nothing has a figure then.
    """
    counted = [agreement] if agreement is not None else []
    parts = agreement["parts"] if agreement is not None else []
    found = [Kept(Promise.ATTAINMENT, "", _share(counted))]
    for promise, clock in CLOCK_PROMISES.items():
        found.append(Kept(promise, "", _share([each for each in parts if each["clock"] == clock])))
    return found


def _share(counts: Iterable[dict[str, Any]]) -> Fraction | None:
    rows = list(counts)
    met = sum(each["met"]["count"] for each in rows)
    against = sum(each["missed"]["count"] - each["excused"]["count"] for each in rows)
    return Fraction(met, met + against) if met + against else None
