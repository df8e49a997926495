"""One value of a KPI: its two amounts, what they give, and how it is written."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .declarations import KPI, Direction, Unit

INDICATIVE_UNDER = 30


class State(TextChoices):
    """How a number stands against what was wanted, the best one first."""

    HELD = "held", gettext_lazy("held")
    NEAR = "near", gettext_lazy("near")
    MISSED = "missed", gettext_lazy("missed")
    UNKNOWN = "unknown", gettext_lazy("no value or no target")


@dataclass(frozen=True)
class Value:
    """
    Numerator and denominator of a KPI; the denominator is None for plain counts.

    :param days: how many the period has, for what is counted per day.
    """

    kpi: KPI
    numerator: Any  # a whole number, except of measures that people made
    denominator: Any
    days: int = 0

    @property
    def number(self) -> float | None:
        """
        In the KPI's unit; None (n/a) when the denominator is zero: neither 0 nor 100.

        Per day, n/a is also that nothing was counted: a service that nobody touched has no pace.
        """
        if self.kpi.unit == Unit.PER_DAY:
            return self.numerator / self.days * self.kpi.factor if self.numerator and self.days else None
        if self.denominator is None:
            return self.numerator * self.kpi.factor
        return self.numerator / self.denominator * self.kpi.factor if self.denominator else None

    @property
    def text(self) -> str:
        return write(self.number, self.kpi.unit)

    @property
    def missed(self) -> Any:
        """How many of the denominator did not hit, for shares."""
        return (self.denominator or 0) - self.numerator

    @property
    def is_indicative(self) -> bool:
        """Whether too little was measured to lean on the number."""
        is_counted = self.kpi.formula is None or self.kpi.formula.is_plain_ratio
        return is_counted and self.denominator is not None and 0 < self.denominator < INDICATIVE_UNDER

    @property
    def is_on_target(self) -> bool | None:
        """Whether the target is held; None without a target or a number."""
        if self.kpi.target is None or self.number is None or self.kpi.direction == Direction.NEUTRAL:
            return None
        if self.kpi.direction == Direction.HIGHER:
            return self.number >= self.kpi.target
        return self.number <= self.kpi.target

    @property
    def state(self) -> State:
        """Where the number stands against target and threshold. Short of the target by up to `near` is near it."""
        is_held = self.is_on_target
        if is_held is None:
            return State.UNKNOWN
        if is_held:
            return State.HELD
        number, near = self.number or 0.0, self.kpi.near
        if near is None:
            return State.MISSED
        is_near = number >= near if self.kpi.direction == Direction.HIGHER else number <= near
        return State.NEAR if is_near else State.MISSED

    def change_from(self, other: "Value") -> float | None:
        """Difference to another value, in the unit; None when either is n/a, 0 when it would be read as 0."""
        if self.number is None or other.number is None:
            return None
        change = self.number - other.number
        return change if round(change, digits_of(self.kpi.unit)) else 0.0

    def is_better_than(self, other: "Value") -> bool | None:
        """Whether the change is for the better; None when there is none or no direction is."""
        change = self.change_from(other)
        if not change or self.kpi.direction == Direction.NEUTRAL:
            return None
        return (change > 0) == (self.kpi.direction == Direction.HIGHER)


def digits_of(unit: str) -> int:
    """How many digits after the point people read."""
    return {Unit.COUNT: 0, Unit.EACH: 2, Unit.PER_DAY: 2}.get(Unit(unit), 1)


def write(number: float | None, unit: str) -> str:
    """A number with its unit as people read it; `n/a` for None."""
    if number is None:
        return _("n/a")
    if unit == Unit.COUNT:
        return formats.number_format(round(number), use_l10n=True, force_grouping=True)
    digits = digits_of(unit)
    text = formats.number_format(round(number, digits), digits, use_l10n=True, force_grouping=True)
    templates: dict[str, Any] = {
        Unit.PERCENT: "{}%",
        Unit.MINUTES: _("{} min"),
        Unit.HOURS: _("{} h"),
        Unit.EACH: "{}",
        Unit.PER_DAY: _("{} a day"),
    }
    return templates[unit].format(text)


def write_change(change: float | None, unit: str) -> str:
    """A difference with its sign; percent differ by points."""
    if change is None:
        return ""
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    if unit == Unit.PERCENT:
        return _("%(sign)s%(number)s points") % {"sign": sign, "number": formats.number_format(abs(change), 1)}
    return f"{sign}{write(abs(change), unit)}"
