"""The counts that formulas may name: amounts that declared measures use, in the words of these measures."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .. import declarations
from ..declarations import KPI, Count, Unit

_SECONDS = {Unit.HOURS: 1 / 3600, Unit.MINUTES: 1 / 60}


@dataclass(frozen=True)
class Known:
    """A count: how formulas name it, and what it counts."""

    count: Count
    text: Any
    kpi: KPI
    is_standing: bool
    is_seconds: bool

    @property
    def name(self) -> str:
        return ".".join(self.count)

    @property
    def is_shared(self) -> bool:
        """Whether the same words stand for several kinds of records, told apart by the first part of the name."""
        return len(self.kpi.families) > 1

    @property
    def detail(self) -> str:
        """How it counts, beside what."""
        found = []
        if self.is_shared:
            found.append(self.count[0].partition(".")[0])
        if self.is_seconds:
            found.append(_("in seconds"))
        found.append(_("at the end of the period") if self.is_standing else _("over the period"))
        return ", ".join(found)


def known() -> dict[str, Known]:
    """Every count that a declared measure uses, by the name that formulas know it by, in the order of the measures."""
    found: dict[str, Known] = {}
    for kpi in declarations.kpis():
        for amount, text in ((kpi.numerator, kpi.numerator_text), (kpi.denominator, kpi.denominator_text)):
            for family in kpi.families if amount is not None else ():
                count = (family, str(amount))
                is_seconds = amount == kpi.numerator and kpi.factor == _SECONDS.get(kpi.unit)
                is_standing = amount in declarations.family(family).standing
                found.setdefault(".".join(count), Known(count, text, kpi, is_standing, is_seconds))
    return found


def count_of(name: str) -> Count | None:
    """The count of a name; None when no declared measure uses it."""
    found = known().get(name)
    return found.count if found else None
