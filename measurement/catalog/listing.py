"""The catalog: every KPI that a service provider is expected to know, and those that people here made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import declarations, known
from ..declarations import KPI, Direction
from ..values import write
from .facts import FACTS, SAME_AS, Fact
from .models import Handling
from .waiting import WAITING


class Standing(TextChoices):
    COUNTED = "counted", gettext_lazy("counted")
    OWN = "own", gettext_lazy("made here")
    WAITING = "waiting", gettext_lazy("waits for its practice")


_DIRECTIONS = {each.value: each.label for each in Direction} | {"band": gettext_lazy("best inside a band")}


@dataclass(frozen=True)
class Entry:
    """One line of the catalog. :ivar kpi: None while it waits. :ivar practice: that it waits for."""

    id: str
    standing: Standing
    area: Any
    name: Any
    question: Any
    formula: Any
    direction: Any
    period: Any
    kpi: KPI | None = None
    practice: Any = ""
    owner: Any = None
    version: int = 0

    @property
    def target(self) -> str:
        return "" if self.kpi is None or self.kpi.target is None else write(self.kpi.target, self.kpi.unit)

    @property
    def near(self) -> str:
        return "" if self.kpi is None or self.kpi.near is None else write(self.kpi.near, self.kpi.unit)

    @property
    def url(self) -> str:
        return reverse("measurement:kpi", args=[self.kpi.id]) if self.kpi is not None else ""

    @property
    def unit(self) -> Any:
        return self.kpi.unit.label if self.kpi is not None else ""

    def says(self, words: list[str]) -> bool:
        """Whether all words stand in what a reader sees of it."""
        told = " ".join(
            map(str, (self.id, self.name, self.question, self.formula, self.area, self.practice))
        ).casefold()
        return all(word in told for word in words)


def entries() -> list[Entry]:
    """Everything: counted ones in the order of the practices, own ones, then those that wait."""
    handled = {each.kpi: each for each in Handling.objects.select_related("owner")}
    found = [_counted(kpi, handled.get(kpi.id)) for kpi in known.kpis()]
    found += [_same(FACTS[name], other) for name, other in SAME_AS.items()]
    declared = {kpi.id for kpi in declarations.kpis()}
    found += [_waiting(FACTS[name]) for name in WAITING if name not in declared]
    return found


def shown(rows: list[Entry], asked: Mapping[str, str]) -> list[Entry]:
    """What was searched for. :param asked: `q`, `state`, `area`; anything else finds everything."""
    words = asked.get("q", "").replace("\x00", "").casefold().split()[:10]
    state, area = asked.get("state", ""), asked.get("area", "")
    return [
        row
        for row in rows
        if row.says(words)
        and (state not in Standing.values or row.standing == state)
        and (not area or str(row.area) == area)
    ]


def _counted(kpi: KPI, handling: Handling | None) -> Entry:
    fact = FACTS.get(kpi.id)
    is_own = kpi.formula is not None
    return Entry(
        id=kpi.id,
        standing=Standing.OWN if is_own else Standing.COUNTED,
        area=fact.area_text if fact else _("made here") if is_own else _area_of(kpi),
        name=kpi.name,
        question=kpi.question,
        formula=formula_of(kpi),
        direction=_DIRECTIONS[kpi.direction],
        period=fact.period.label if fact else _("stands at the end of a day") if kpi.is_stock else _("month"),
        kpi=kpi,
        owner=handling.owner if handling else None,
        version=handling.version if handling else 0,
    )


def _area_of(kpi: KPI) -> Any:
    """Of a measure that only Steward knows: that of the others whose short names begin alike."""
    alike = (fact for name, fact in FACTS.items() if name.partition("-")[0] == kpi.id.partition("-")[0])
    return next((fact.area_text for fact in alike), "")


def formula_of(kpi: KPI) -> str:
    """The formula in words; that of a measure people made as they wrote it."""
    if kpi.formula is not None or not kpi.is_ratio:
        return str(kpi.numerator_text)
    return f"{kpi.numerator_text} / {kpi.denominator_text}"


def _same(fact: Fact, other: str) -> Entry:
    kpi = known.kpi(other)
    return Entry(
        id=fact.id, standing=Standing.COUNTED, area=fact.area_text, name=kpi.name, question=kpi.question,
        formula=formula_of(kpi), direction=_DIRECTIONS[fact.direction], period=fact.period.label, kpi=kpi,
    )  # fmt: skip


def _waiting(fact: Fact) -> Entry:
    told = WAITING[fact.id]
    return Entry(
        id=fact.id, standing=Standing.WAITING, area=fact.area_text, name=told.name, question=told.question,
        formula=told.formula, direction=_DIRECTIONS[fact.direction], period=fact.period.label, practice=told.practice,
    )  # fmt: skip
