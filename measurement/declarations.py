"""
How practices declare what they measure: families of amounts counted together, and KPIs that put two amounts together.

Dashboards, reports, improvements and the API read the same readings; nothing is counted by a second formula. The
expressions are SQL of our own code, never of a person, over the aliases that the family's `source` names; `r` is always
the record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    COUNT = "count", _("records")
    PERCENT = "percent", _("%")
    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    EACH = "each", _("per record")
    PER_DAY = "per_day", _("per day")


class Direction(TextChoices):
    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")
    NEUTRAL = "neutral", _("for information")


IN_ZONE = " AT TIME ZONE %(zone)s"


def day_of(moment: str) -> str:
    """SQL: the day of the reporting zone in which a moment lies."""
    return f"({moment}{IN_ZONE})::date"


@dataclass(frozen=True)
class Event:
    """
    Something that counts on the day it happened.

    :param moment: SQL of the moment; rows without one don't count. An index on it keeps recomputation cheap.
    :param amounts: amount -> SQL of a whole number, for each row that `where` lets through.
    :param days_later: counts so many days after the moment (a record becomes 30 days old).
    :param source: FROM of this event, where it is not the family's.
    """

    moment: str
    amounts: Mapping[str, str]
    where: str = "true"
    days_later: int = 0
    source: str = ""


@dataclass(frozen=True)
class Family:
    """
    Amounts that one statement counts together.

    :param definition: raise it with every change of meaning; readings are then counted anew.
    :param rows: model of what is counted, for lists behind a number. :param row: SQL of its key.
    :param standing: for stocks: amount -> SQL of what stands at the end of the day %(day)s; the lists behind.
    :param singles: amount -> the amount that counts its rows, 1 for each: the single values are kept as well, for
        medians. They are never below zero.
    """

    name: str
    definition: int
    source: str
    amounts: tuple[str, ...]
    events: tuple[Event, ...]
    rows: str = "records.Record"
    row: str = "r.id"
    standing: Mapping[str, str] = field(default_factory=dict)
    singles: Mapping[str, str] = field(default_factory=dict)

    def position(self, amount: str) -> int:
        return self.amounts.index(amount)

    @property
    def standing_positions(self) -> tuple[int, ...]:
        """Where the amounts are that come and go; all others are sums over a period."""
        return tuple(self.position(each) for each in self.standing)

    @property
    def single_positions(self) -> tuple[tuple[int, int], ...]:
        """Where the amounts are whose single values are kept, and those that count their rows."""
        return tuple((self.position(amount), self.position(count)) for amount, count in self.singles.items())


Count = tuple[str, str]
"""What a family counts: its name, and that of the amount."""


class Formula(Protocol):
    """How a KPI that people made puts counts together (`measurement.own.expressions`)."""

    @property
    def counts(self) -> tuple[Count, ...]: ...

    @property
    def is_plain_ratio(self) -> bool: ...

    def parts(self, of: Callable[[Count], int]) -> tuple[int | float, int | float | None]: ...


@dataclass(frozen=True)
class KPI:
    """
    A measure: the question it answers, and which two amounts answer it.

    :param families: the amounts are added up over these; usually one.
    :param denominator: None for plain counts.
    :param factor: numerator / denominator is multiplied by it: 100 for percent, 1/3600 from seconds to hours.
    :param is_stock: what stands at the end of a period, kept as coming and going; other ones are sums over the period.
    :param single: what one of these values is called, where the name speaks of their mean.
    :param near: from the target up to here the state is “near”; None without such a band.
    :param formula: of a KPI that people made, in the place of the two amounts.
    :param is_signed: a share that may fall below zero, such as what is left of a budget.
    :param beside: the KPI that is read beside it and shown with it: raw and excused.
    """

    id: str
    name: Any
    question: Any
    unit: Unit
    direction: Direction
    families: tuple[str, ...]
    numerator: str
    numerator_text: Any
    event_text: Any
    source_text: Any
    denominator: str | None = None
    denominator_text: Any = ""
    factor: float = 1.0
    target: float | None = None
    definition: int = 1
    is_stock: bool = False
    single: Any = ""
    caveat: Any = ""
    near: float | None = None
    formula: Formula | None = None
    is_signed: bool = False
    beside: str = ""

    @property
    def counts(self) -> tuple[Count, ...]:
        """Everything it is put together from: numerators first, in the order of the families."""
        if self.formula is not None:
            return self.formula.counts
        amounts = [each for each in (self.numerator, self.denominator) if each is not None]
        return tuple((name, amount) for amount in amounts for name in self.families)

    @property
    def has_standing(self) -> bool:
        """Whether anything in it stands at the end of a period; then what came before the period counts."""
        return any(amount in family(name).standing for name, amount in self.counts)

    @property
    def has_singles(self) -> bool:
        """Whether the single values behind it are kept, so that it has a median."""
        if self.formula is not None or self.is_stock or self.denominator is None:
            return False
        return all(family(name).singles.get(self.numerator) == self.denominator for name in self.families)

    @property
    def is_ratio(self) -> bool:
        return self.denominator is not None

    @property
    def is_duration(self) -> bool:
        return self.unit in (Unit.MINUTES, Unit.HOURS)

    @property
    def counted(self) -> str:
        """The amount whose rows stand behind the number: those that hit for a share of records, else all measured."""
        return self.numerator if self.denominator is None or self.unit == Unit.PERCENT else self.denominator


_FAMILIES: dict[str, Family] = {}
_KPIS: dict[str, KPI] = {}


def register(*declared: Family | KPI) -> None:
    """
    Make families and KPIs known; called from the `ready` of the app that declares them, families first.

    :raises ValueError: a name is taken by another declaration, or a KPI names an amount that its family does not count.
    """
    for each in declared:
        if isinstance(each, Family):
            if _FAMILIES.get(each.name, each) != each:
                raise ValueError(f"family {each.name} is declared twice")
            unknown = {*each.singles, *each.singles.values()} - {*each.amounts}
            if unknown:
                raise ValueError(f"family {each.name} has no {sorted(unknown)}")
            _FAMILIES[each.name] = each
            continue
        if _KPIS.get(each.id, each) != each:
            raise ValueError(f"KPI {each.id} is declared twice")
        for name in each.families:
            missing = {each.numerator, each.denominator} - {None, *_FAMILIES[name].amounts}
            if missing:
                raise ValueError(f"{each.id}: family {name} has no {sorted(map(str, missing))}")
        _KPIS[each.id] = each


def add_family(kpi_id: str, name: str) -> None:
    """Let a KPI that spans practices count one family more."""
    known = _KPIS[kpi_id]
    if name not in known.families:
        _KPIS[kpi_id] = replace(known, families=(*known.families, name))


def families() -> list[Family]:
    return list(_FAMILIES.values())


def family(name: str) -> Family:
    """:raises KeyError: nobody declared it."""
    return _FAMILIES[name]


def kpis() -> list[KPI]:
    """All KPIs, in the order in which the practices declare them."""
    return list(_KPIS.values())


def kpi(name: str) -> KPI:
    """:raises KeyError: nobody declared it."""
    return _KPIS[name]
